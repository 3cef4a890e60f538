/* A process that answers: serves the site it has while it loads the next, and obeys the supervisor. */
#ifndef SENDA_SUPERVISE_WORKER_H
#define SENDA_SUPERVISE_WORKER_H

#include "base/metrics.h"
#include "config/config.h"
#include "supervise/sockets.h"

struct worker_setup {
    unsigned number;               /* from 0; the slot in the metrics page, too */
    int channel;                   /* to the supervisor; the worker's own */
    const struct sockets *sockets; /* to accept on; borrowed */
    const struct config *config;   /* borrowed */
    struct metrics_slot *slots;    /* of all processes; borrowed */
    size_t slot_count;             /* how many */
};

/* Runs until drained or until the supervisor is gone; returns the process's exit code. */
int worker_run(const struct worker_setup *setup);

#endif

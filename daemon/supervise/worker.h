/* A process that answers: serves the site it has while it loads the next, and obeys the supervisor. */
#ifndef SENDA_SUPERVISE_WORKER_H
#define SENDA_SUPERVISE_WORKER_H

#include "supervise/role.h"

/* Runs until drained or until the supervisor is gone; returns the process's exit code. */
int worker_run(const struct role_setup *setup);

#endif

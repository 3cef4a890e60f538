/* The closed loop: many connections, each keeping a fixed number of requests under way. */
#ifndef SENDA_BENCH_LOAD_H
#define SENDA_BENCH_LOAD_H

#include <stdint.h>
#include <sys/types.h>

#include "latency.h"
#include "mix.h"
#include "protocol.h"

enum {
    LOAD_PIDS_MAX = 16,
};

struct load_options {
    const struct protocol *protocol;
    const struct mix *mix;     /* not owned */
    const char *address;       /* as address_connect takes it */
    const char *script;        /* the name a script was loaded under; NULL where the system needs none */
    unsigned connections;      /* at least one */
    unsigned depth;            /* requests under way on each connection, at least one */
    double warm_up;            /* seconds before counting starts */
    double seconds;            /* seconds of counting */
    uint64_t requests;         /* counting stops at so many replies; 0: at the end of `seconds` */
    pid_t pids[LOAD_PIDS_MAX]; /* processes of the server, to account their processor time */
    unsigned pid_count;        /* 0: the server's time is not accounted */
};

struct load_result {
    uint64_t replies;       /* counted */
    double seconds;         /* over which they were counted */
    double driver_busy;     /* share of one processor that this program used, 0..1 */
    double server_seconds;  /* processor time of the server's processes; 0 where not accounted */
    struct latency latency; /* from handing a request to the kernel to having read its reply */
};

/* Runs the load; ends the program with a message where a reply is no success. */
void load_run(const struct load_options *options, struct load_result *result);

/* Reads past what the server says before it is asked. */
void load_pass_greeting(int fd, const struct protocol *protocol);

#endif

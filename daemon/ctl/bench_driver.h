/*
 * Drives load over several connections from one thread with epoll: messages that are encoded already, many to
 * a write, and replies of which only the ends are looked for.
 */
#ifndef SENDA_CTL_BENCH_DRIVER_H
#define SENDA_CTL_BENCH_DRIVER_H

#include "base/error.h"
#include "base/random.h"
#include "ctl/bench_mix.h"
#include "ctl/histogram.h"

#include <stddef.h>
#include <stdint.h>

struct bench_connection;

struct bench_driver {
    struct bench_connection *connections; /* owned; `count` of them */
    size_t count;                         /* connections */
    size_t depth;                         /* most requests on their way on each */
    size_t message_limit;                 /* bytes of the longest message that will be sent */
    int poll;                             /* the epoll instance */
    size_t next_message;                  /* of the mix: which is sent next */
    size_t next_connection;               /* open loop: where to look for room first */
    struct random_state random;           /* draws customers */
    uint64_t next_event;                  /* number of the next event: never the same twice */
    uint64_t patience;                    /* nanoseconds without a reply that are borne */
    char first_error[512];                /* the first error that the daemon answered; "" for none */
};

struct bench_run {
    const struct bench_messages *messages; /* what to send */
    uint32_t customers;                    /* how many there are to be drawn from; at least 1 */
    uint64_t duration;                     /* nanoseconds; 0: until `requests` are sent */
    uint64_t requests;                     /* most requests to send; 0: until `duration` is over */
    double rate; /* requests a second (open loop); 0: as fast as answered (closed loop) */
    /* Called about ten times a second; NULL: nobody wants to know. */
    void (*progress)(void *context, uint64_t completed, uint64_t elapsed_ns);
    void *context; /* handed to progress */
};

struct bench_result {
    struct histogram latencies; /* nanoseconds; open loop: from when the request was due; without errors */
    struct histogram refusals;  /* the same of requests that were answered with an error */
    uint64_t completed;         /* replies */
    uint64_t errors;            /* of these, with an error */
    uint64_t fallbacks;         /* of these, with a fallback */
    uint64_t unsent;            /* open loop: due, but not sent when the time was over */
    uint64_t elapsed;           /* nanoseconds from the first request to the last reply */
    uint64_t busy;              /* nanoseconds of processor that this process took meanwhile */
    uint64_t bytes_in;          /* read */
    uint64_t bytes_out;         /* written */
};

/*
 * Connects `count` times, authenticating with `token` unless it is NULL. `timeout` in milliseconds: for
 * connecting, and how long the daemon may be silent while requests are on their way. ERROR_UNAUTHORIZED: the
 * token is refused; ERROR_UNAVAILABLE: no daemon.
 */
MUST_CHECK bool bench_driver_create(struct bench_driver *driver, const char *address, const char *token,
                                    size_t count, size_t depth, size_t message_limit, unsigned timeout,
                                    struct error *error);
void bench_driver_destroy(struct bench_driver *driver);

/* Sends until the run's end and waits for every reply. ERROR_UNAVAILABLE: the daemon went away, fell silent,
 * or sent what is no reply; the result then tells what there was until then. */
MUST_CHECK bool bench_driver_run(struct bench_driver *driver, const struct bench_run *run,
                                 struct bench_result *result, struct error *error);

#endif

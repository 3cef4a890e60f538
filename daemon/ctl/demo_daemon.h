/* The demo's own daemon: a real sendad in a folder of its own, gone when the demo is. */
#ifndef SENDA_CTL_DEMO_DAEMON_H
#define SENDA_CTL_DEMO_DAEMON_H

#include "base/error.h"

#include <stdint.h>
#include <sys/types.h>

struct demo_daemon {
    char folder[256];   /* for sockets, log and state; "": none was made */
    char state[300];    /* folder of what it remembers */
    char address[300];  /* unix:PATH, where the demo asks */
    char control[300];  /* unix:PATH, where operators ask */
    char tcp[64];       /* tcp:HOST:PORT, for everybody on this machine */
    pid_t pid;          /* 0: it does not run */
    uint64_t readiness; /* nanoseconds from its start until it was ready */
};

/*
 * Starts `program` (looked for on PATH if it has no slash) with that site and waits until it is ready. On TCP
 * it listens on loopback, at the usual port or, where that is taken, at a free one. demo_pause_create has to
 * be called before. What fails leaves nothing behind. ERROR_UNAVAILABLE: it did not start, and what it said
 * last; ERROR_NONE in `error`: a signal to stop came first.
 */
MUST_CHECK bool demo_daemon_start(struct demo_daemon *daemon, const char *program, const char *site,
                                  struct error *error);

/* False once it has ended. */
bool demo_daemon_runs(struct demo_daemon *daemon);

/* Stops it, waits for its end, and removes its folder. */
void demo_daemon_stop(struct demo_daemon *daemon);

#endif

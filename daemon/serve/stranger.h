/* Clients that have yet to be let in: there is only so much time for TLS and for a token, and wrong tokens
 * make the next one wait. */
#ifndef SENDA_SERVE_STRANGER_H
#define SENDA_SERVE_STRANGER_H

#include "serve/connection.h"

/* Begins the time of a connection that is not let in yet; does nothing for others. False: out of memory. */
MUST_CHECK bool stranger_watch(struct connection *connection);

/*
 * After messages were taken: winds the clock anew, or stops it once the client is let in and no token of it
 * waits. False: out of memory.
 */
MUST_CHECK bool stranger_look(struct connection *connection);

/* A token waits to be looked at, and with it all that was sent behind it. */
bool stranger_waits(const struct connection *connection);

/* No TLS came about: into the log with it, where that was not told a moment ago. */
void stranger_note_problem(const struct connection *connection);

/* What has to be done when the clock has rung. */
enum stranger_step {
    STRANGER_NOTHING, /* it rings again */
    STRANGER_GO_ON,   /* the token that waited is to be looked at now */
    STRANGER_DROP,    /* its time is over */
};
enum stranger_step stranger_ring(struct connection *connection);

#endif

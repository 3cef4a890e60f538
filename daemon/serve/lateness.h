/*
 * Clients that let a worker wait too long: for the rest of a message, for answers to be read, for a farewell.
 * One clock for all of them, which runs only while somebody is waited for.
 */
#ifndef SENDA_SERVE_LATENESS_H
#define SENDA_SERVE_LATENESS_H

#include <event2/event.h>
#include <stdbool.h>

#include "serve/patience.h"

struct server;

struct lateness {
    struct server *server;   /* borrowed */
    struct patience frames;  /* of struct connection by `begun`: messages that are not whole */
    struct patience readers; /* by `unread`: output that is not read */
    struct patience guests;  /* by `guest`: those that there is no room for */
    struct event *tick;      /* owned; runs while anybody is in a list */
};

/* False: out of memory. */
bool lateness_create(struct lateness *lateness, struct server *server);
void lateness_destroy(struct lateness *lateness);

/* Waits from now on, in one of the lists. */
void lateness_begin(struct lateness *lateness, struct patience *patience, struct patience_node *node);

#endif

/*
 * Accepting: who comes in, how many may, and what is done with those that there is no room for.
 *
 * All workers listen on the same sockets, and each has its share of the connections that may be open. Who has
 * none left leaves the next ones to the others; where nobody has any left, those who come are told so.
 */
#ifndef SENDA_SERVE_LISTENER_H
#define SENDA_SERVE_LISTENER_H

#include <event2/event.h>

#include "base/error.h"
#include "serve/list.h"
#include "serve/server.h"

struct server_listener {
    struct list_node node;
    struct server *server; /* borrowed */
    struct event *event;   /* owned */
    struct event *rest;    /* owned; ends a pause of accepting */
    bool tls;              /* its clients have to speak TLS */
    enum scope given;      /* what its clients may do without a token */
    uint64_t bit;          /* its own in METRICS_listeners_full; 0: none is left for it */
    size_t open, most;     /* connections that came in by it, and how many this process may have */
    bool refusing;         /* nobody has room; told of */
    bool lacking;          /* descriptors or memory are out; told of */
};

/* From now on its clients are accepted; the socket stays the caller's. */
MUST_CHECK bool listener_new(struct server *server, int fd, enum server_door door, struct error *error);
void listener_free_all(struct server *server);

/* Accepts everybody who waits, whether there is room or not: for the end. */
void listener_accept_the_waiting(struct server_listener *listener);

/* One that came in by it is gone. */
void listener_closed(struct server_listener *listener);

#endif

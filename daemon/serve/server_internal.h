/* What server and connection share. */
#ifndef SENDA_SERVE_SERVER_INTERNAL_H
#define SENDA_SERVE_SERVER_INTERNAL_H

#include "base/tally.h"
#include "serve/connection.h"
#include "serve/lateness.h"
#include "serve/listener.h"
#include "serve/overload.h"
#include "serve/server.h"
#include "serve/turns.h"

enum { SERVER_READ_SIZE = 64 * 1024, SERVER_KEEP_OUTPUT = 1024 * 1024 };

/* A reload that a client waits for. */
struct server_ticket {
    struct list_node node;
    struct connection *connection; /* NULL once the client is gone */
    uint64_t ticket;
    uint32_t message_id;
};

struct server {
    struct event_base *base; /* borrowed */
    struct server_options options;
    struct flow flow;
    struct list_node listeners, connections, tickets;
    struct turns turns;        /* whose is next */
    struct lateness lateness;  /* who lets us wait */
    struct overload overload;  /* what is told of refusals */
    size_t listener_count;     /* listeners that there ever were */
    size_t open, open_most;    /* connections that came in, and how many descriptors allow */
    size_t guests;             /* connections that there is no room for */
    int spare;                 /* a descriptor to give up when all are out; -1: it was */
    struct event *outcomes;    /* owned; the ledger answered; NULL: nothing is remembered */
    struct event *expiry;      /* owned; once a second; likewise */
    struct event *more;        /* owned; a step of an answer is due; likewise */
    struct list_node answered; /* connections whose output grew while outcomes were taken */
    struct event *drain_check; /* owned; fires when the last connection is gone */
    server_drained_cb drained; /* NULL: not draining */
    void *drained_context;
    struct tls *tls;                    /* borrowed; NULL: no listener speaks TLS */
    uint64_t address_seed;              /* of the keys of clients' addresses */
    struct tally strangers_dropped;     /* whose time was over */
    struct tally strangers_without_tls; /* whom we could not agree with */
    bool secret_came;                   /* a token was in what was just read */
    struct buffer replies;              /* of the messages just read, before they are written */
    uint8_t input[SERVER_READ_SIZE];    /* what was just read */
};

/* Bookkeeping when a connection is opened and before it is freed. */
void server_opened(struct server *server, struct connection *connection);
void server_closed(struct server *server, struct connection *connection);

/* Sees to it that who waits for an answer that is made in steps gets the next one. */
void server_go_on(struct server *server);

/* Remembers who waits for the ticket that the flow just gave out. */
MUST_CHECK bool server_await_reload(struct server *server, struct connection *connection,
                                    uint32_t message_id);

#endif

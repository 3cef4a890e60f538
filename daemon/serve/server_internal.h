/* What server and connection share. */
#ifndef SENDA_SERVE_SERVER_INTERNAL_H
#define SENDA_SERVE_SERVER_INTERNAL_H

#include "serve/connection.h"
#include "serve/server.h"

enum { SERVER_READ_SIZE = 64 * 1024, SERVER_KEEP_OUTPUT = 1024 * 1024 };

/* A reload that a client waits for. */
struct server_ticket {
    struct list_node node;
    struct connection *connection; /* NULL once the client is gone */
    uint64_t ticket;
    uint32_t message_id;
};

/* What the log is told of now and then. */
struct stranger_count {
    uint64_t unlogged;  /* not in the log yet */
    uint64_t logged_ms; /* coarse monotonic; when it was last told; 0: never */
};

struct server_listener {
    struct list_node node;
    struct server *server;
    struct event *event; /* owned */
    struct event *rest;  /* owned; ends a pause of accepting */
    bool tls;            /* its clients have to speak TLS */
    enum scope given;    /* what its clients may do without a token */
};

struct server {
    struct event_base *base; /* borrowed */
    struct server_options options;
    struct flow flow;
    struct list_node listeners, connections, tickets;
    struct event *outcomes;    /* owned; the ledger answered; NULL: nothing is remembered */
    struct event *expiry;      /* owned; once a second; likewise */
    struct list_node answered; /* connections whose output grew while outcomes were taken */
    struct event *drain_check; /* owned; fires when the last connection is gone */
    server_drained_cb drained; /* NULL: not draining */
    void *drained_context;
    uint64_t address_seed;                       /* of the keys of clients' addresses */
    struct tls *tls;                             /* borrowed; NULL: no listener speaks TLS */
    struct stranger_count strangers_dropped;     /* whose time was over */
    struct stranger_count strangers_without_tls; /* whom we could not agree with */
    bool secret_came;                            /* a token was in what was just read */
    uint64_t turn_ends_ms;           /* coarse monotonic; when the connection at hand has had enough time */
    struct buffer replies;           /* of the messages just read, before they are written */
    uint8_t input[SERVER_READ_SIZE]; /* what was just read */
};

/* Bookkeeping when a connection is opened and before it is freed. */
void server_opened(struct server *server, struct connection *connection);
void server_closed(struct server *server, struct connection *connection);

/* Remembers who waits for the ticket that the flow just gave out. */
MUST_CHECK bool server_await_reload(struct server *server, struct connection *connection,
                                    uint32_t message_id);

#endif

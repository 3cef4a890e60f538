/* A worker's listeners and connections. */
#ifndef SENDA_SERVE_SERVER_H
#define SENDA_SERVE_SERVER_H

#include <event2/event.h>

#include "flow/flow.h"
#include "serve/tls.h"

struct server;

struct server_options {
    struct frame_limits limits; /* of messages */
    struct flow_options flow;   /* token, metrics, reload */
    size_t output_high;         /* bytes of waiting output beyond which a client is not read from */
    size_t connections;         /* at each listener, of all workers together */
    bool leaves_waiting;        /* draining, who was not accepted yet is left to whoever listens next */
    uint32_t let_in_ms;         /* how long a client may take to show a token where one is needed */
    uint32_t linger_ms;         /* how long a closing connection waits for the client's end */
    uint32_t frame_ms;          /* in which a message has to be whole, from its first byte on */
    uint32_t reader_ms;         /* in which a client has to read more of the output that waits */
    uint32_t queue_ms;          /* how long requests may stand before some are refused; 0: for ever */
    uint32_t queue_most_ms;     /* how long a request may have stood that is answered */
};

/* Borrows the event base. NULL on failure. */
struct server *server_new(struct event_base *base, const struct server_options *options, struct error *error);

/* Closes everything at once; does not free the engine. */
void server_free(struct server *server);

/* What a listening socket is for. */
enum server_door {
    SERVER_PLAIN,   /* for websites */
    SERVER_TLS,     /* for websites, through TLS */
    SERVER_CONTROL, /* for operators: its clients may reload */
};

/* Accepts from a listening socket, which stays the caller's. */
MUST_CHECK bool server_listen(struct server *server, int fd, enum server_door door, struct error *error);

/*
 * Other tokens count from now on, and whoever comes is shown another certificate; both borrowed, `tls` as
 * long as it is set. Whether tokens are needed cannot change once there is a listener.
 */
void server_set_access(struct server *server, const struct tokens *tokens, struct tls *tls);

/* Answers from `engine` from now on; returns the one before (NULL at first), which the caller frees. */
struct engine *server_set_engine(struct server *server, struct engine *engine);

/* Stops accepting, answers every request received so far, closes; then calls `drained` once. */
typedef void (*server_drained_cb)(void *context);
void server_drain(struct server *server, server_drained_cb drained, void *context);

/* The outcome of a reload that options.flow.reload was asked for. */
void server_reload_done(struct server *server, uint64_t ticket, bool reloaded, const char *text);

#endif

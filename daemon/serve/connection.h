/*
 * One client's connection: bytes in, whole messages to the flow, bytes out.
 *
 * An idle connection holds no buffers. Reading goes into memory that the server shares among all connections;
 * only what is left of an unfinished message is kept. A reply is written at once where the socket takes it,
 * and kept where it does not; a client that does not read its replies is not read from either, nor are more
 * of its messages answered. These, and what is left when a turn has taken long enough, are kept until the
 * socket can be written to.
 */
#ifndef SENDA_SERVE_CONNECTION_H
#define SENDA_SERVE_CONNECTION_H

#include <event2/event.h>

#include "flow/flow.h"
#include "serve/list.h"
#include "serve/transport.h"

struct server;

enum connection_state {
    CONNECTION_OPEN,    /* reading and answering */
    CONNECTION_CLOSING, /* no more reading of requests; closes when the output is written */
    CONNECTION_LINGER, /* our side is shut; waits for the client's end, so that no reply is lost to a reset */
};

struct connection {
    struct list_node node; /* in the server's list of all connections */
    struct server *server; /* borrowed */
    struct event *reading; /* owned */
    struct event *writing; /* owned; NULL until output had to wait once */
    struct transport transport;
    enum connection_state state;
    struct flow_peer peer;
    struct frame_scanner scanner;
    struct buffer input;       /* an unfinished message, or those that wait for their turn; else empty */
    struct buffer output;      /* replies that the socket did not take yet */
    uint32_t pending;          /* replies that will come later */
    struct event *alarm;       /* owned; of a stranger; NULL once the client is let in */
    uint64_t let_in_until_ms;  /* coarse monotonic; a stranger is dropped then */
    struct list_node answered; /* in the server's list of those that got some; linked to itself otherwise */
    bool refusal_told;         /* the message being skipped was answered */
    uint64_t linger_until;     /* monotonic milliseconds; for CONNECTION_LINGER, and for a first message */
    bool heard;                /* something has come from the client */
    bool behind;               /* `input` begins with messages that wait for their turn */
    bool draining;             /* closes when everything that has come was answered */
    uint32_t reads_left;       /* while draining, how often the socket is looked at still */
};

/*
 * Takes the descriptor over, also when it fails; NULL on failure. `given` is what the client may do without a
 * token, `address` where it comes from. `tls` NULL: it speaks plainly.
 */
struct connection *connection_new(struct server *server, int fd, struct tls *tls, enum scope given,
                                  uint64_t address);
void connection_free(struct connection *connection);

/* No more is read; closes as soon as the replies are out. */
void connection_begin_closing(struct connection *connection);

/* Sends a reply that was pending; may free the connection. */
void connection_reply(struct connection *connection, const struct buffer *reply);

/* Adds a reply that was pending to the output; connection_answered is due for all of the server's list then.
 */
void connection_add_reply(struct connection *connection, const struct buffer *reply);

/* Writes what was added, and goes on with what waited; may free the connection. */
void connection_answered(struct connection *connection);

/* What `alarm` calls. */
void connection_alarm_cb(evutil_socket_t fd, short what, void *argument);

/* Begins the time that connections have in this turn of the loop; for whoever calls connection_drain. */
void connection_begin_turn(struct server *server);

/* Answers what the client has sent so far, then closes; may free the connection. */
void connection_drain(struct connection *connection);

#endif

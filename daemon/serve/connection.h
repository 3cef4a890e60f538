/*
 * One client's connection: bytes in, whole messages to the flow, bytes out.
 *
 * An idle connection holds no buffers and no timer. Reading goes into memory that the server shares among all
 * connections; only what is left of an unfinished message is kept, and messages that wait for the next turn.
 * A reply is written at once where the socket takes it, and kept where it does not; a client that does not
 * read its replies is not read from either, nor are more of its messages answered.
 */
#ifndef SENDA_SERVE_CONNECTION_H
#define SENDA_SERVE_CONNECTION_H

#include <event2/event.h>

#include "flow/flow.h"
#include "serve/list.h"
#include "serve/patience.h"
#include "serve/standing.h"
#include "serve/transport.h"
#include "serve/turns.h"

struct server;
struct server_listener;

enum connection_state {
    CONNECTION_OPEN,    /* reading and answering */
    CONNECTION_CLOSING, /* no more reading of requests; closes when the output is written */
    CONNECTION_LINGER, /* our side is shut; waits for the client's end, so that no reply is lost to a reset */
};

struct connection {
    struct list_node node;            /* in the server's list of all connections */
    struct server *server;            /* borrowed */
    struct server_listener *listener; /* that it came in by; borrowed; NULL: by none, or that one is closed */
    struct event *reading;            /* owned */
    struct event *writing;            /* owned; NULL until output had to wait once */
    struct transport transport;       /* bytes in and out */
    enum connection_state state;
    struct flow_peer peer;
    struct frame_scanner scanner;
    struct buffer input;      /* an unfinished message, or those that wait for their turn; else empty */
    struct buffer output;     /* replies that the socket did not take yet */
    uint32_t pending;         /* replies that will come later */
    uint32_t owed;            /* how large they may become: see intake.c */
    uint32_t commands;        /* that the ledger has to write down for them */
    size_t bytes;             /* that these take */
    size_t kept;              /* bytes that replies which will come later take already */
    struct list_node turn;    /* in the list of turns; linked to itself otherwise */
    struct standing standing; /* how long what it has to say has stood */
    struct admission_account account; /* what it may ask under overload */
    struct list_node answered;        /* in the server's list of those that got some; likewise */
    struct patience_node begun;       /* while a message is not whole */
    struct patience_node unread;      /* while output waits */
    struct patience_node guest;       /* of those that there is no room for */
    struct event *alarm;              /* owned; of a stranger, or where a token waits; else NULL */
    uint64_t let_in_until_ms;         /* coarse monotonic; a stranger is dropped then */
    bool turn_greets;                 /* `turn` is in the list of those that greet */
    bool unwelcome;                   /* there is no room: its first request is refused, then it is closed */
    bool heard;                       /* something has come from the client */
    bool refusal_told;                /* the message being skipped was answered */
    bool behind;                      /* `input` begins with messages that wait for their turn */
    bool draining;                    /* closes when everything that has come was answered */
    uint32_t reads_left;              /* while draining, how often the socket is looked at still */
    uint64_t linger_until; /* monotonic milliseconds; for CONNECTION_LINGER, and for a first message */
};

/*
 * Takes the descriptor over, also when it fails; NULL on failure. `given` is what the client may do without a
 * token, `address` where it comes from. `tls` NULL: it speaks plainly.
 */
struct connection *connection_new(struct server *server, int fd, struct tls *tls, enum scope given,
                                  uint64_t address);

/* What `alarm` calls. */
void connection_alarm_cb(evutil_socket_t fd, short what, void *argument);

void connection_free(struct connection *connection);

/* For its turn: reads or goes on with what was kept, and answers. False: it is freed. */
bool connection_take_turn(struct connection *connection);

/* No more is read; closes as soon as the replies are out. */
void connection_begin_closing(struct connection *connection);

/* Sends a reply that was pending; may free the connection. */
void connection_reply(struct connection *connection, const struct buffer *reply);

/* Adds a reply that was pending to the output; connection_answered is due for all of the server's list then.
 */
void connection_add_reply(struct connection *connection, const struct waiting *waiting,
                          const struct buffer *reply);

/* Writes what was added, and goes on with what waited; may free the connection. */
void connection_answered(struct connection *connection);

/* The message at hand did not become whole in time; may free the connection. */
void connection_frame_late(struct connection *connection);

/* Ends it at once, whatever the client has not read; it is freed. */
void connection_abort(struct connection *connection);

/* Answers what the client has sent so far, then closes; may free the connection. */
void connection_drain(struct connection *connection);

#endif

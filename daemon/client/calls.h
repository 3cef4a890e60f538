/* The requests that have not ended: found by number, and kept in the order in which they were made. */
#ifndef SENDA_CLIENT_CALLS_H
#define SENDA_CLIENT_CALLS_H

#include "senda/client.h"

#include <sys/queue.h>

struct event;

struct client_call {
    TAILQ_ENTRY(client_call) order; /* neighbours in `waiting` or `sent` */
    struct client_call *next;       /* in its bucket; NULL ends it */
    senda_client *client;           /* whose it is */
    senda_reply_cb reply_cb;        /* told how it ends; NULL: a notification, or nobody wants to know */
    void *context;                  /* handed to reply_cb */
    struct event *timer;            /* owned; NULL: no timeout */
    uint64_t serial;                /* counts up over the client's life */
    uint32_t id;                    /* its number on the wire; a notification has none */
    bool notification;              /* never answered, not in the table */
    bool sent;                      /* in `sent`, else in `waiting` */
    size_t frame_length;            /* bytes of frame */
    unsigned char frame[];          /* the encoded message, while it waits for a connection */
};

TAILQ_HEAD(client_call_list, client_call);

struct client_calls {
    struct client_call_list waiting; /* not handed to a connection yet */
    struct client_call_list sent;    /* on this connection, to be answered */
    struct client_call **buckets;    /* owned; by number; NULL before the first */
    size_t bucket_count;             /* a power of two, or 0 */
    size_t count;                    /* calls in the table */
    size_t waiting_bytes;            /* of frames in `waiting` */
    uint64_t last_serial;            /* given to the newest call */
    uint32_t last_id;                /* given to the newest request */
};

void client_calls_create(struct client_calls *calls);

/* Every call must have been removed. */
void client_calls_destroy(struct client_calls *calls);

/* A number that no call in the table has. */
uint32_t client_calls_next_id(struct client_calls *calls);

/* Puts a call at the end of `sent` or `waiting`, and into the table unless it is a notification. False: no
 * memory. */
bool client_calls_add(struct client_calls *calls, struct client_call *call, bool sent);

/* From `waiting` to the end of `sent`. */
void client_calls_move(struct client_calls *calls, struct client_call *call);

/* Takes it out of the list and the table; frees nothing. */
void client_calls_remove(struct client_calls *calls, struct client_call *call);

/* NULL where no request has that number. */
struct client_call *client_calls_find(const struct client_calls *calls, uint32_t id);

#endif

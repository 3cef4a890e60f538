/* What a client is made of; for the library's own files and its tests. */
#ifndef SENDA_CLIENT_INTERNAL_H
#define SENDA_CLIENT_INTERNAL_H

#include "client/calls.h"
#include "client/connection.h"

enum client_state {
    CLIENT_STATE_IDLE,           /* nothing wants a connection */
    CLIENT_STATE_PAUSING,        /* waits to connect, if only for the loop's next turn */
    CLIENT_STATE_CONNECTING,     /* connect() is under way */
    CLIENT_STATE_AUTHENTICATING, /* `auth` is sent and not answered */
    CLIENT_STATE_READY,          /* requests go out at once */
};

struct senda_client {
    struct event_base *base;               /* the loop that drives it */
    bool owns_base;                        /* made here: blocking use */
    bool looping;                          /* within a blocking function */
    bool keep;                             /* connected without being asked */
    bool dying;                            /* freed as soon as nothing holds it */
    unsigned held;                         /* event functions at work on it */
    enum client_state state;               /* of the connection */
    struct client_connection connection;   /* the socket */
    struct client_calls calls;             /* what has not ended */
    struct client_address address;         /* where the daemon is */
    char *token;                           /* owned; NULL: none */
    struct event *retry;                   /* owned; ends a pause */
    size_t pending;                        /* calls that somebody waits for */
    size_t waiting_limit;                  /* bytes that may wait to be sent */
    unsigned timeout;                      /* milliseconds for each request; 0: none */
    unsigned attempts;                     /* failures after which waiting requests end; 0: never */
    unsigned first_pause;                  /* milliseconds */
    unsigned longest_pause;                /* milliseconds */
    unsigned failures;                     /* attempts failed in a row */
    bool answered;                         /* something came over this connection, `auth` apart */
    uint64_t not_before;                   /* monotonic milliseconds: no attempt earlier */
    bool notifications_lost;               /* some could not be sent since senda_client_wait() began */
    senda_notification_cb notification_cb; /* NULL: nobody listens */
    void *notification_context;            /* handed to it */
    senda_state_cb state_cb;               /* NULL: nobody listens */
    void *state_context;                   /* handed to it */
    char problem[256];                     /* the last; "" */
};

/* Between these the client outlives senda_client_free(). */
void client_hold(senda_client *client);
void client_release(senda_client *client);

#endif

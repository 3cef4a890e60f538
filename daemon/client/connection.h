/* One socket on a libevent loop that carries whole MessagePack values in and bytes out; knows no requests. */
#ifndef SENDA_CLIENT_CONNECTION_H
#define SENDA_CLIENT_CONNECTION_H

#include "client/address.h"
#include "client/scan.h"
#include "senda/client.h"

struct client_tls;
struct evbuffer;
struct event;
struct event_base;

/* What the owner is told. The connection may be closed from within any of them. */
struct client_connection_owner {
    void (*opened)(void *context); /* there is a connection, with TLS where due */
    void (*message)(void *context, const unsigned char *bytes, size_t length); /* borrowed; one whole value */
    void (*closed)(void *context, enum senda_status status, const char *problem); /* not by the owner */
    void (*hold)(void *context);    /* the connection is at work: it must not be destroyed… */
    void (*release)(void *context); /* …until now */
};

struct client_connection {
    const struct client_connection_owner *owner; /* borrowed */
    void *context;                               /* handed to the owner's functions */
    struct event_base *base;                     /* borrowed */
    struct event *readable;                      /* owned; NULL where there is no socket */
    struct event *writable;                      /* owned; NULL where there is no socket */
    int descriptor;                              /* the socket; -1: none */
    bool connecting;                             /* connect() is under way */
    bool flush_due;                              /* `writable` is active or waits for the socket */
    unsigned connect_timeout;                    /* milliseconds */
    struct addrinfo *addresses;                  /* owned; what to try while connecting; else NULL */
    const struct client_address *address;        /* being connected to; borrowed while there is a socket */
    char *ca;                                    /* owned; file with the roots to trust; NULL: the system's */
    struct client_tls *tls;                      /* owned; NULL: bytes go as they are */
    struct evbuffer *wire;                       /* owned; bytes of TLS to be written */
    struct addrinfo *next_address;               /* within addresses; NULL: the last was tried */
    struct evbuffer *output;                     /* owned; bytes to be written */
    unsigned char *input;                        /* owned; bytes of messages that are not whole yet */
    size_t input_length;                         /* bytes in input */
    size_t input_capacity;                       /* bytes that input has room for */
    size_t message_limit;                        /* longest message taken, in bytes */
    struct client_scan scan;                     /* of the message at input's beginning */
    unsigned generation;                         /* counts sockets, to notice that the owner closed one */
    char problem[256];                           /* what last went wrong with this socket; "" at first */
};

/* False: no memory. Members `connect_timeout`, `message_limit` and `ca` are the owner's to set. */
bool client_connection_create(struct client_connection *connection, struct event_base *base,
                              const struct client_connection_owner *owner, void *context);
void client_connection_destroy(struct client_connection *connection);

/* Begins to connect; `opened` or `closed` follows, `closed` possibly from within. */
void client_connection_open(struct client_connection *connection, const struct client_address *address);

/* Closes the socket and forgets what was to be written; the owner is not told. */
void client_connection_close(struct client_connection *connection);

/* Queues bytes; all of one turn of the loop go out together. False: no memory. */
bool client_connection_write(struct client_connection *connection, const void *bytes, size_t length);

/* Writes now what can be written, for who is about to wait. */
void client_connection_flush(struct client_connection *connection);

/* Bytes that wait to be written. */
size_t client_connection_unwritten(const struct client_connection *connection);

#endif

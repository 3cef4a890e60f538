/*
 * Bytes between a connection and its socket: everything that a connection receives and sends goes through
 * here, so that it need not know what is done to the bytes on their way.
 *
 * A transport may have to write before it can read, or to read before it can write, and it may hold bytes
 * that the socket will not announce any more; connections ask for all three.
 */
#ifndef SENDA_SERVE_TRANSPORT_H
#define SENDA_SERVE_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "serve/tls.h"

struct transport {
    int fd;                  /* the socket; owned */
    struct ssl_st *tls;      /* the session; owned; NULL: bytes go as they are */
    bool holds_input;        /* see transport_holds_input */
    bool receive_needs_room; /* see there */
    bool send_needs_input;   /* see there */
    const char *problem;     /* why no TLS came about; static; NULL: nothing is wrong so far */
};

/* What transport_receive and transport_send return beside counts of bytes. */
enum {
    TRANSPORT_LATER = -1,  /* not now: what transport_*_needs_* says has to come first */
    TRANSPORT_BROKEN = -2, /* the connection is over */
};

/* Takes the descriptor over. */
void transport_create(struct transport *transport, int fd);

/* From now on everything goes through TLS, as its server; false: out of memory. */
MUST_CHECK bool transport_secure(struct transport *transport, struct tls *tls);

/* The two sides have not agreed on TLS yet; receiving goes on with it. */
bool transport_is_greeting(const struct transport *transport);

/* Closes the descriptor. */
void transport_destroy(struct transport *transport);

/* Bytes received, at most `size`; 0: the client will send no more; or one of the above. */
ssize_t transport_receive(struct transport *transport, void *bytes, size_t size);

/* Bytes that were taken, at least 1; or one of the above. */
ssize_t transport_send(struct transport *transport, const void *bytes, size_t length);

/* True where bytes can be received although the socket may have none. */
bool transport_holds_input(const struct transport *transport);

/* After TRANSPORT_LATER: receiving goes on when the socket can be written to. */
bool transport_receive_needs_room(const struct transport *transport);

/* After TRANSPORT_LATER: sending goes on when the socket can be read from. */
bool transport_send_needs_input(const struct transport *transport);

/* Tells the client that nothing more will be sent; what was sent before has to be out. */
void transport_end(struct transport *transport);

#endif

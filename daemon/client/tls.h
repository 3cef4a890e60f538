/* TLS as a client speaks it, between memory and memory: knows no sockets. */
#ifndef SENDA_CLIENT_TLS_H
#define SENDA_CLIENT_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct client_tls;

/*
 * A session with a host, whose certificate has to be for that name or address and lead to a root in the file
 * `ca`, or to one of the system's where `ca` is NULL. NULL on failure, and then `problem` (`size` bytes) says
 * why.
 */
struct client_tls *client_tls_new(const char *host, const char *ca, char *problem, size_t size);
void client_tls_free(struct client_tls *tls); /* NULL is fine */

/* Goes on with greeting the host. False: they cannot agree, and `problem` says why. */
bool client_tls_greet(struct client_tls *tls, char *problem, size_t size);
bool client_tls_is_greeting(const struct client_tls *tls);

/* Bytes that came from the host. False: no memory. */
bool client_tls_take(struct client_tls *tls, const void *bytes, size_t length);

enum {
    CLIENT_TLS_NOTHING = -1, /* more has to come first */
    CLIENT_TLS_BROKEN = -2,  /* the session is over */
};

/* What the host said: bytes, at most `size`; 0: it says no more; or one of the above. */
ssize_t client_tls_read(struct client_tls *tls, void *bytes, size_t size);

/* Says something to the host. False: no memory, or the session is over. */
bool client_tls_write(struct client_tls *tls, const void *bytes, size_t length);

/* Bytes for the host that have to be sent, and their count; client_tls_sent is due once they are. */
const void *client_tls_pending(struct client_tls *tls, size_t *length);
void client_tls_sent(struct client_tls *tls);

#endif

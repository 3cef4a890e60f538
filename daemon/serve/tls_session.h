/* One connection's TLS, for transport alone. */
#ifndef SENDA_SERVE_TLS_SESSION_H
#define SENDA_SERVE_TLS_SESSION_H

#include "serve/transport.h"

/* A session for the socket, which stays the caller's; NULL: out of memory. */
struct ssl_st *tls_session_new(struct tls *tls, int fd);

/* NULL is fine. */
void tls_session_free(struct ssl_st *session);

bool tls_session_is_greeting(const struct ssl_st *session);

/* As transport_receive and transport_send; they set what the transport holds and needs. */
ssize_t tls_session_receive(struct transport *transport, void *bytes, size_t size);
ssize_t tls_session_send(struct transport *transport, const void *bytes, size_t length);

/* Says that nothing more comes. */
void tls_session_end(struct ssl_st *session);

#endif

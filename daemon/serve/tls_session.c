/*
 * OpenSSL straight on the socket. What it reads ahead is remembered, since the socket won't announce it
 * again; what it waits for may be the other direction than the one that was asked for.
 */
#include "serve/tls_session.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "serve/tls_internal.h"

enum { HANDSHAKE_RECORD = 0x16 }; /* the first byte of every client that speaks TLS */

struct ssl_st *tls_session_new(struct tls *tls, int fd)
{
    SSL *session = SSL_new(tls->context);
    if (session == NULL || SSL_set_fd(session, fd) != 1) {
        SSL_free(session);
        ERR_clear_error();
        return NULL;
    }
    SSL_set_accept_state(session);
    return session;
}

void tls_session_free(struct ssl_st *session)
{
    SSL_free(session);
}

bool tls_session_is_greeting(const struct ssl_st *session)
{
    return !SSL_is_init_finished(session);
}

/* What comes of an operation that did not succeed. */
static ssize_t outcome_of(SSL *session, int result, bool *needs_other, int other)
{
    int error = SSL_get_error(session, result);
    if (error == SSL_ERROR_ZERO_RETURN)
        return 0;
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        return TRANSPORT_BROKEN;
    *needs_other = error == other;
    return TRANSPORT_LATER;
}

/* OpenSSL would wait for more of it, and then speak of a wrong version number. */
static bool speaks_plainly(const struct transport *transport)
{
    unsigned char first;
    return SSL_get_state(transport->tls) == TLS_ST_BEFORE &&
           recv(transport->fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && first != HANDSHAKE_RECORD;
}

static const char *last_problem(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason != NULL ? reason : "the connection broke";
}

/* Record after record, as long as there is room for a whole one. */
static ssize_t receive_more(struct transport *transport, char *bytes, size_t size, size_t length)
{
    int result = 1;
    while (result > 0 && size - length >= SSL3_RT_MAX_PLAIN_LENGTH && SSL_has_pending(transport->tls)) {
        ERR_clear_error();
        result = SSL_read(transport->tls, bytes + length, (int)(size - length));
        length += result > 0 ? (size_t)result : 0;
    }
    transport->holds_input = result > 0 ? SSL_has_pending(transport->tls)
                                        : SSL_get_error(transport->tls, result) != SSL_ERROR_WANT_READ;
    ERR_clear_error();
    return (ssize_t)length;
}

static ssize_t receive_nothing(struct transport *transport, int result, bool greeting)
{
    ssize_t outcome =
        outcome_of(transport->tls, result, &transport->receive_needs_room, SSL_ERROR_WANT_WRITE);
    if (greeting && outcome == TRANSPORT_BROKEN)
        transport->problem = last_problem();
    ERR_clear_error();
    return outcome;
}

ssize_t tls_session_receive(struct transport *transport, void *bytes, size_t size)
{
    bool greeting = tls_session_is_greeting(transport->tls);
    transport->holds_input = transport->receive_needs_room = false;
    if (greeting && speaks_plainly(transport)) {
        transport->problem = "they do not speak it";
        return TRANSPORT_BROKEN;
    }
    ERR_clear_error();
    int result = SSL_read(transport->tls, bytes, size < INT_MAX ? (int)size : INT_MAX);
    return result > 0 ? receive_more(transport, bytes, size, (size_t)result)
                      : receive_nothing(transport, result, greeting);
}

ssize_t tls_session_send(struct transport *transport, const void *bytes, size_t length)
{
    transport->send_needs_input = false;
    ERR_clear_error();
    int result = SSL_write(transport->tls, bytes, length < INT_MAX ? (int)length : INT_MAX);
    if (result > 0)
        return result;
    ssize_t outcome = outcome_of(transport->tls, result, &transport->send_needs_input, SSL_ERROR_WANT_READ);
    ERR_clear_error();
    return outcome == 0 ? TRANSPORT_BROKEN : outcome;
}

/* Where it does not go out at once it is left out: all that was said is complete without it. */
void tls_session_end(struct ssl_st *session)
{
    if (SSL_is_init_finished(session))
        SSL_shutdown(session);
    ERR_clear_error();
}

/* The socket as it is, or TLS on top of it. */
#include "serve/transport.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/tls_session.h"

void transport_create(struct transport *transport, int fd)
{
    *transport = (struct transport){.fd = fd};
}

bool transport_secure(struct transport *transport, struct tls *tls)
{
    transport->tls = tls_session_new(tls, transport->fd);
    return transport->tls != NULL;
}

void transport_destroy(struct transport *transport)
{
    tls_session_free(transport->tls);
    close(transport->fd);
}

bool transport_is_greeting(const struct transport *transport)
{
    return transport->tls != NULL && tls_session_is_greeting(transport->tls);
}

static ssize_t failure(void)
{
    bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return later ? TRANSPORT_LATER : TRANSPORT_BROKEN;
}

ssize_t transport_receive(struct transport *transport, void *bytes, size_t size)
{
    if (transport->tls != NULL)
        return tls_session_receive(transport, bytes, size);
    ssize_t length = recv(transport->fd, bytes, size, 0);
    return length < 0 ? failure() : length;
}

/* A client that is gone must not raise SIGPIPE. */
ssize_t transport_send(struct transport *transport, const void *bytes, size_t length)
{
    if (transport->tls != NULL)
        return tls_session_send(transport, bytes, length);
    ssize_t sent = send(transport->fd, bytes, length, MSG_NOSIGNAL);
    return sent < 0 ? failure() : sent;
}

bool transport_holds_input(const struct transport *transport)
{
    return transport->holds_input;
}

bool transport_receive_needs_room(const struct transport *transport)
{
    return transport->receive_needs_room;
}

bool transport_send_needs_input(const struct transport *transport)
{
    return transport->send_needs_input;
}

void transport_end(struct transport *transport)
{
    if (transport->tls != NULL)
        tls_session_end(transport->tls);
    shutdown(transport->fd, SHUT_WR);
}

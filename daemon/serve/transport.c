/* The socket as it is: bytes go unchanged. */
#include "serve/transport.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

void transport_create(struct transport *transport, int fd)
{
    *transport = (struct transport){.fd = fd};
}

void transport_destroy(struct transport *transport)
{
    close(transport->fd);
}

static ssize_t failure(void)
{
    bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return later ? TRANSPORT_LATER : TRANSPORT_BROKEN;
}

ssize_t transport_receive(struct transport *transport, void *bytes, size_t size)
{
    ssize_t length = recv(transport->fd, bytes, size, 0);
    return length < 0 ? failure() : length;
}

/* A client that is gone must not raise SIGPIPE. */
ssize_t transport_send(struct transport *transport, const void *bytes, size_t length)
{
    ssize_t sent = send(transport->fd, bytes, length, MSG_NOSIGNAL);
    return sent < 0 ? failure() : sent;
}

bool transport_holds_input(const struct transport *transport)
{
    (void)transport;
    return false;
}

bool transport_receive_needs_room(const struct transport *transport)
{
    (void)transport;
    return false;
}

bool transport_send_needs_input(const struct transport *transport)
{
    (void)transport;
    return false;
}

void transport_end(struct transport *transport)
{
    shutdown(transport->fd, SHUT_WR);
}

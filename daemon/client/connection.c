/* The socket's side of a client; see connection.h. */
#include "client/connection.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    INPUT_CAPACITY = 64 * 1024, /* bytes to begin with; doubles for longer messages */
    PIECES = 32,                /* buffers written at once */
};

static void attempt_next(struct client_connection *connection);

bool client_connection_create(struct client_connection *connection, struct event_base *base,
                              const struct client_connection_owner *owner, void *context)
{
    *connection = (struct client_connection){.owner = owner, .context = context, .base = base};
    connection->descriptor = -1;
    connection->input_capacity = INPUT_CAPACITY;
    connection->input = malloc(INPUT_CAPACITY);
    connection->output = evbuffer_new();
    if (connection->input != NULL && connection->output != NULL)
        return true;
    client_connection_destroy(connection);
    return false;
}

void client_connection_destroy(struct client_connection *connection)
{
    if (connection->output != NULL) {
        client_connection_close(connection);
        evbuffer_free(connection->output);
    }
    free(connection->input);
    connection->output = NULL;
    connection->input = NULL;
}

static void close_socket(struct client_connection *connection)
{
    if (connection->readable != NULL)
        event_free(connection->readable);
    if (connection->writable != NULL)
        event_free(connection->writable);
    if (connection->descriptor >= 0)
        close(connection->descriptor);
    connection->readable = connection->writable = NULL;
    connection->descriptor = -1;
    connection->connecting = connection->flush_due = false;
    connection->generation++;
}

static void forget_addresses(struct client_connection *connection)
{
    client_address_free_list(connection->addresses);
    connection->addresses = connection->next_address = NULL;
}

void client_connection_close(struct client_connection *connection)
{
    close_socket(connection);
    forget_addresses(connection);
    evbuffer_drain(connection->output, evbuffer_get_length(connection->output));
    connection->input_length = 0;
}

static void fail(struct client_connection *connection, enum senda_status status, const char *problem)
{
    char kept[sizeof connection->problem];
    snprintf(kept, sizeof kept, "%s", problem);
    client_connection_close(connection);
    memcpy(connection->problem, kept, sizeof kept);
    connection->owner->closed(connection->context, status, connection->problem);
}

static void fail_errno(struct client_connection *connection, const char *what)
{
    char problem[sizeof connection->problem];
    snprintf(problem, sizeof problem, "%s: %s", what, strerror(errno));
    fail(connection, SENDA_DISCONNECTED, problem);
}

/* ---- Connecting ---- */

static void on_readable(evutil_socket_t descriptor, short what, void *context);
static void on_writable(evutil_socket_t descriptor, short what, void *context);

static bool watch(struct client_connection *connection, const struct addrinfo *address)
{
    int on = 1;
    connection->readable =
        event_new(connection->base, connection->descriptor, EV_READ | EV_PERSIST, on_readable, connection);
    connection->writable =
        event_new(connection->base, connection->descriptor, EV_WRITE, on_writable, connection);
    if (address->ai_family != AF_UNIX)
        (void)setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connection->readable != NULL && connection->writable != NULL;
}

/* Begins to connect to one address; success and failure alike are learnt in on_writable. */
static bool attempt(struct client_connection *connection, const struct addrinfo *address)
{
    struct timeval limit = {connection->connect_timeout / 1000, (connection->connect_timeout % 1000) * 1000L};
    connection->descriptor =
        socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol);
    if (connection->descriptor < 0 || !watch(connection, address))
        return false;
    if (connect(connection->descriptor, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS)
        return false;
    connection->connecting = true;
    return event_add(connection->writable, connection->connect_timeout > 0 ? &limit : NULL) == 0;
}

static void attempt_next(struct client_connection *connection)
{
    while (connection->next_address != NULL) {
        const struct addrinfo *address = connection->next_address;
        connection->next_address = address->ai_next;
        if (attempt(connection, address))
            return;
        snprintf(connection->problem, sizeof connection->problem, "%s", strerror(errno));
        close_socket(connection);
    }
    fail(connection, SENDA_UNREACHABLE, connection->problem);
}

void client_connection_open(struct client_connection *connection, const struct client_address *address)
{
    client_connection_close(connection);
    connection->problem[0] = '\0';
    client_scan_start(&connection->scan);
    connection->addresses = client_address_resolve(address, connection->problem, sizeof connection->problem);
    connection->next_address = connection->addresses;
    attempt_next(connection);
}

static void finish_connecting(struct client_connection *connection, bool timed_out)
{
    int failure = ETIMEDOUT;
    socklen_t length = sizeof failure;
    if (!timed_out && getsockopt(connection->descriptor, SOL_SOCKET, SO_ERROR, &failure, &length) != 0)
        failure = errno;
    if (failure == 0 && event_add(connection->readable, NULL) != 0)
        failure = ENOMEM;
    if (failure != 0) {
        snprintf(connection->problem, sizeof connection->problem, "%s", strerror(failure));
        close_socket(connection);
        attempt_next(connection);
        return;
    }
    connection->connecting = false;
    forget_addresses(connection);
    connection->owner->opened(connection->context);
}

/* ---- Reading ---- */

/* Hands out every whole message in the input; false where the socket is gone afterwards. */
static bool take_messages(struct client_connection *connection)
{
    size_t start = 0;
    unsigned generation = connection->generation;
    enum client_scan_result result;
    while ((result = client_scan_continue(&connection->scan, connection->input + start,
                                          connection->input_length - start, connection->message_limit)) ==
           CLIENT_SCAN_WHOLE) {
        size_t length = connection->scan.offset;
        client_scan_start(&connection->scan);
        connection->owner->message(connection->context, connection->input + start, length);
        if (connection->generation != generation)
            return false;
        start += length;
    }
    if (result == CLIENT_SCAN_BROKEN) {
        fail(connection, SENDA_PROTOCOL,
             "the daemon sent what is not MessagePack, or a reply that is too large");
        return false;
    }
    connection->input_length -= start;
    memmove(connection->input, connection->input + start, connection->input_length);
    return true;
}

/* The scanner refuses messages beyond the limit, so this stays within twice that. */
static bool make_room(struct client_connection *connection)
{
    if (connection->input_length < connection->input_capacity)
        return true;
    unsigned char *larger = realloc(connection->input, 2 * connection->input_capacity);
    if (larger == NULL)
        return false;
    connection->input = larger;
    connection->input_capacity *= 2;
    return true;
}

static void read_some(struct client_connection *connection)
{
    if (!make_room(connection)) {
        fail(connection, SENDA_NO_MEMORY, "memory is out");
        return;
    }
    ssize_t count = recv(connection->descriptor, connection->input + connection->input_length,
                         connection->input_capacity - connection->input_length, 0);
    if (count > 0) {
        connection->input_length += (size_t)count;
        (void)take_messages(connection);
    } else if (count == 0) {
        fail(connection, SENDA_DISCONNECTED, "the daemon closed the connection");
    } else if (errno != EAGAIN && errno != EINTR) {
        fail_errno(connection, "reading");
    }
}

static void on_readable(evutil_socket_t descriptor, short what, void *context)
{
    struct client_connection *connection = context;
    (void)descriptor;
    (void)what;
    connection->owner->hold(connection->context);
    read_some(connection);
    connection->owner->release(connection->context);
}

/* ---- Writing ---- */

/* sendmsg and not writev, which would raise SIGPIPE where the daemon has gone. */
static ssize_t send_pieces(struct client_connection *connection)
{
    struct evbuffer_iovec pieces[PIECES];
    struct iovec vector[PIECES];
    int count = evbuffer_peek(connection->output, -1, NULL, pieces, PIECES);
    count = count > PIECES ? PIECES : count;
    for (int i = 0; i < count; i++)
        vector[i] = (struct iovec){pieces[i].iov_base, pieces[i].iov_len};
    struct msghdr message = {.msg_iov = vector, .msg_iovlen = (size_t)count};
    return sendmsg(connection->descriptor, &message, MSG_NOSIGNAL);
}

void client_connection_flush(struct client_connection *connection)
{
    if (connection->descriptor < 0 || connection->connecting)
        return;
    while (evbuffer_get_length(connection->output) > 0) {
        ssize_t count = send_pieces(connection);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN) {
            connection->flush_due = event_add(connection->writable, NULL) == 0;
            return;
        }
        /* What the daemon said before it closed is still to be read; reading then finds the end. */
        if (count < 0)
            evbuffer_drain(connection->output, evbuffer_get_length(connection->output));
        else
            evbuffer_drain(connection->output, (size_t)count);
    }
}

static void on_writable(evutil_socket_t descriptor, short what, void *context)
{
    struct client_connection *connection = context;
    (void)descriptor;
    connection->owner->hold(connection->context);
    connection->flush_due = false;
    if (connection->connecting)
        finish_connecting(connection, (what & EV_TIMEOUT) != 0);
    else
        client_connection_flush(connection);
    connection->owner->release(connection->context);
}

bool client_connection_write(struct client_connection *connection, const void *bytes, size_t length)
{
    if (evbuffer_add(connection->output, bytes, length) != 0)
        return false;
    if (!connection->flush_due && !connection->connecting) {
        connection->flush_due = true;
        event_active(connection->writable, EV_WRITE, 0);
    }
    return true;
}

size_t client_connection_unwritten(const struct client_connection *connection)
{
    return evbuffer_get_length(connection->output);
}

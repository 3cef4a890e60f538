/* The socket's side of a client; see connection.h. */
#include "client/connection.h"

#include "client/tls.h"

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
    WIRE_HIGH = 256 * 1024,     /* bytes of TLS that wait to be written; more is not made ahead */
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
    connection->wire = evbuffer_new();
    if (connection->input != NULL && connection->output != NULL && connection->wire != NULL)
        return true;
    client_connection_destroy(connection);
    return false;
}

void client_connection_destroy(struct client_connection *connection)
{
    if (connection->output != NULL && connection->wire != NULL)
        client_connection_close(connection);
    if (connection->output != NULL)
        evbuffer_free(connection->output);
    if (connection->wire != NULL)
        evbuffer_free(connection->wire);
    free(connection->input);
    free(connection->ca);
    connection->output = connection->wire = NULL;
    connection->input = NULL;
    connection->ca = NULL;
}

static void close_socket(struct client_connection *connection)
{
    if (connection->readable != NULL)
        event_free(connection->readable);
    if (connection->writable != NULL)
        event_free(connection->writable);
    if (connection->descriptor >= 0)
        close(connection->descriptor);
    client_tls_free(connection->tls);
    evbuffer_drain(connection->wire, evbuffer_get_length(connection->wire));
    connection->tls = NULL;
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
    connection->address = address;
    client_scan_start(&connection->scan);
    connection->addresses = client_address_resolve(address, connection->problem, sizeof connection->problem);
    connection->next_address = connection->addresses;
    attempt_next(connection);
}

/* Nothing of the owner's is written before the two sides agree. */
static void greet(struct client_connection *connection)
{
    char problem[sizeof connection->problem];
    if (!client_tls_greet(connection->tls, problem, sizeof problem)) {
        client_connection_flush(connection); /* the host is told why */
        fail(connection, SENDA_UNREACHABLE, problem);
        return;
    }
    if (client_tls_is_greeting(connection->tls)) {
        client_connection_flush(connection);
        return;
    }
    event_add(connection->readable, NULL);
    event_remove_timer(connection->readable);
    connection->owner->opened(connection->context);
}

static void begin_greeting(struct client_connection *connection)
{
    char problem[sizeof connection->problem];
    struct timeval limit = {connection->connect_timeout / 1000, (connection->connect_timeout % 1000) * 1000L};
    connection->tls = client_tls_new(connection->address->host, connection->ca, problem, sizeof problem);
    if (connection->tls == NULL) {
        fail(connection, SENDA_UNREACHABLE, problem);
        return;
    }
    if (connection->connect_timeout > 0)
        event_add(connection->readable, &limit);
    greet(connection);
}

static void become_connected(struct client_connection *connection)
{
    connection->connecting = false;
    forget_addresses(connection);
    if (connection->address->tls)
        begin_greeting(connection);
    else
        connection->owner->opened(connection->context);
}

static void finish_connecting(struct client_connection *connection, bool timed_out)
{
    int failure = ETIMEDOUT;
    socklen_t length = sizeof failure;
    if (!timed_out && getsockopt(connection->descriptor, SOL_SOCKET, SO_ERROR, &failure, &length) != 0)
        failure = errno;
    if (failure == 0 && event_add(connection->readable, NULL) != 0)
        failure = ENOMEM;
    if (failure == 0) {
        become_connected(connection);
        return;
    }
    snprintf(connection->problem, sizeof connection->problem, "%s", strerror(failure));
    close_socket(connection);
    attempt_next(connection);
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

/* Bytes of the daemon's in the input, or 0: there are none for now, or the connection has failed. */
static size_t receive_plain(struct client_connection *connection)
{
    ssize_t count = recv(connection->descriptor, connection->input + connection->input_length,
                         connection->input_capacity - connection->input_length, 0);
    if (count == 0)
        fail(connection, SENDA_DISCONNECTED, "the daemon closed the connection");
    else if (count < 0 && errno != EAGAIN && errno != EINTR)
        fail_errno(connection, "reading");
    return count > 0 ? (size_t)count : 0;
}

/* The same, from what TLS has at hand. */
static size_t receive_tls(struct client_connection *connection)
{
    ssize_t count = client_tls_read(connection->tls, connection->input + connection->input_length,
                                    connection->input_capacity - connection->input_length);
    if (count == 0)
        fail(connection, SENDA_DISCONNECTED, "the daemon closed the connection");
    else if (count == CLIENT_TLS_BROKEN)
        fail(connection, SENDA_DISCONNECTED, "reading: what came was tampered with, or is no TLS");
    return count > 0 ? (size_t)count : 0;
}

/* False: nothing more for now, or the connection is over. */
static bool read_some(struct client_connection *connection)
{
    if (!make_room(connection)) {
        fail(connection, SENDA_NO_MEMORY, "memory is out");
        return false;
    }
    size_t count = connection->tls != NULL ? receive_tls(connection) : receive_plain(connection);
    connection->input_length += count;
    return count > 0 && take_messages(connection);
}

/* What the socket has goes to TLS first; false: nothing has come, or the connection has failed. */
static bool fetch_wire(struct client_connection *connection)
{
    char bytes[16 * 1024];
    ssize_t count = recv(connection->descriptor, bytes, sizeof bytes, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (count > 0 && client_tls_take(connection->tls, bytes, (size_t)count))
        return true;
    if (count == 0)
        fail(connection, SENDA_DISCONNECTED, "the daemon closed the connection");
    else if (count < 0)
        fail_errno(connection, "reading");
    else
        fail(connection, SENDA_NO_MEMORY, "memory is out");
    return false;
}

static void read_tls(struct client_connection *connection)
{
    unsigned generation = connection->generation;
    if (!fetch_wire(connection))
        return;
    if (client_tls_is_greeting(connection->tls))
        greet(connection);
    while (connection->generation == generation && !client_tls_is_greeting(connection->tls) &&
           read_some(connection))
        continue;
}

static void read_socket(struct client_connection *connection, bool timed_out)
{
    if (timed_out)
        fail(connection, SENDA_UNREACHABLE, "no agreement on TLS in time");
    else if (connection->tls != NULL)
        read_tls(connection);
    else
        (void)read_some(connection);
}

static void on_readable(evutil_socket_t descriptor, short what, void *context)
{
    struct client_connection *connection = context;
    (void)descriptor;
    connection->owner->hold(connection->context);
    read_socket(connection, (what & EV_TIMEOUT) != 0);
    connection->owner->release(connection->context);
}

/* ---- Writing ---- */

/* sendmsg and not writev, which would raise SIGPIPE where the daemon has gone. */
static ssize_t send_pieces(struct client_connection *connection, struct evbuffer *output)
{
    struct evbuffer_iovec pieces[PIECES];
    struct iovec vector[PIECES];
    int count = evbuffer_peek(output, -1, NULL, pieces, PIECES);
    count = count > PIECES ? PIECES : count;
    for (int i = 0; i < count; i++)
        vector[i] = (struct iovec){pieces[i].iov_base, pieces[i].iov_len};
    struct msghdr message = {.msg_iov = vector, .msg_iovlen = (size_t)count};
    return sendmsg(connection->descriptor, &message, MSG_NOSIGNAL);
}

/* TLS's own words, and ours made into them, as far as they are not too much ahead of the socket. */
static bool fill_wire(struct client_connection *connection)
{
    struct evbuffer *output = connection->output;
    struct evbuffer_iovec piece;
    size_t length;
    while (!client_tls_is_greeting(connection->tls) && evbuffer_get_length(connection->wire) < WIRE_HIGH &&
           evbuffer_peek(output, -1, NULL, &piece, 1) > 0 && piece.iov_len > 0) {
        if (!client_tls_write(connection->tls, piece.iov_base, piece.iov_len))
            return false;
        evbuffer_drain(output, piece.iov_len);
        const void *bytes = client_tls_pending(connection->tls, &length);
        if (evbuffer_add(connection->wire, bytes, length) != 0)
            return false;
        client_tls_sent(connection->tls);
    }
    const void *bytes = client_tls_pending(connection->tls, &length);
    bool added = length == 0 || evbuffer_add(connection->wire, bytes, length) == 0;
    client_tls_sent(connection->tls);
    return added;
}

/* What is to be sent next. What the daemon said before it closed is still to be read; reading finds the end.
 */
static struct evbuffer *next_output(struct client_connection *connection)
{
    if (connection->tls == NULL)
        return connection->output;
    if (!fill_wire(connection)) {
        evbuffer_drain(connection->output, evbuffer_get_length(connection->output));
        evbuffer_drain(connection->wire, evbuffer_get_length(connection->wire));
    }
    return connection->wire;
}

void client_connection_flush(struct client_connection *connection)
{
    struct evbuffer *output;
    if (connection->descriptor < 0 || connection->connecting)
        return;
    while (output = next_output(connection), evbuffer_get_length(output) > 0) {
        ssize_t count = send_pieces(connection, output);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN) {
            connection->flush_due = event_add(connection->writable, NULL) == 0;
            return;
        }
        if (count < 0 && output != connection->output)
            evbuffer_drain(connection->output, evbuffer_get_length(connection->output));
        evbuffer_drain(output, count < 0 ? evbuffer_get_length(output) : (size_t)count);
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
    return evbuffer_get_length(connection->output) + evbuffer_get_length(connection->wire);
}

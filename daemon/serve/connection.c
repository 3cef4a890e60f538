/* Reading, answering, writing and closing a connection. */
#include "serve/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/server_internal.h"

enum { DRAIN_READS = 256 }; /* more than any socket buffer holds; a client that never pauses is cut there */

static void readable_cb(evutil_socket_t fd, short what, void *argument);
static void writable_cb(evutil_socket_t fd, short what, void *argument);

struct connection *connection_new(struct server *server, int fd, bool control, bool trusted)
{
    struct connection *connection = calloc(1, sizeof *connection);
    int one = 1;
    if (connection == NULL) {
        close(fd);
        return NULL;
    }
    connection->server = server;
    connection->fd = fd;
    connection->peer.control = control;
    connection->peer.authorized = trusted;
    frame_scanner_create(&connection->scanner, server->options.limits);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* fails on Unix sockets, rightly */
    server_opened(server, connection);
    connection->reading = event_new(server->base, fd, EV_READ | EV_PERSIST, readable_cb, connection);
    if (connection->reading != NULL && event_add(connection->reading, NULL) == 0)
        return connection;
    connection_free(connection);
    return NULL;
}

void connection_free(struct connection *connection)
{
    server_closed(connection->server, connection);
    if (connection->reading != NULL)
        event_free(connection->reading);
    if (connection->writing != NULL)
        event_free(connection->writing);
    close(connection->fd);
    buffer_destroy(&connection->input);
    buffer_destroy(&connection->output);
    free(connection);
}

/* Our side is shut; from here on only the client's end, or time, closes. */
static void linger(struct connection *connection)
{
    uint32_t ms = connection->server->options.linger_ms;
    struct timeval patience = {ms / 1000, ms % 1000 * 1000};
    connection->state = CONNECTION_LINGER;
    shutdown(connection->fd, SHUT_WR);
    event_add(connection->reading, &patience);
}

/* Closes when nothing is left to be said. Returns false where the connection is gone or lingers. */
static bool settle(struct connection *connection)
{
    if (connection->state != CONNECTION_CLOSING || connection->output.length > 0 || connection->pending > 0)
        return connection->state != CONNECTION_LINGER;
    linger(connection);
    return false;
}

static bool must_wait(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* Bytes that the socket took; -1 where the connection is broken. */
static ssize_t send_some(int fd, const char *bytes, size_t length)
{
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    return sent < 0 && must_wait(errno) ? 0 : sent;
}

static bool await_writable(struct connection *connection)
{
    if (connection->writing == NULL)
        connection->writing = event_new(connection->server->base, connection->fd, EV_WRITE | EV_PERSIST,
                                        writable_cb, connection);
    return connection->writing != NULL && event_add(connection->writing, NULL) == 0;
}

/* A client that lets its replies pile up is not read from until it took them. */
static void balance(struct connection *connection)
{
    bool full = connection->output.length > connection->server->options.output_high;
    if (connection->state != CONNECTION_OPEN)
        return;
    if (full)
        event_del(connection->reading);
    else if (!event_pending(connection->reading, EV_READ, NULL))
        event_add(connection->reading, NULL);
}

/* Writes replies, at once where the socket takes them. False: broken, the caller frees the connection. */
static bool write_replies(struct connection *connection, const struct buffer *replies)
{
    size_t sent = 0;
    if (replies->failed || connection->output.failed)
        return false;
    if (connection->output.length == 0 && replies->length > 0) {
        ssize_t taken = send_some(connection->fd, replies->bytes, replies->length);
        if (taken < 0)
            return false;
        sent = (size_t)taken;
    }
    if (sent == replies->length)
        return true;
    buffer_append(&connection->output, replies->bytes + sent, replies->length - sent);
    balance(connection);
    return !connection->output.failed && await_writable(connection);
}

static void writable_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    ssize_t sent = send_some(fd, connection->output.bytes, connection->output.length);
    (void)what;
    if (sent < 0) {
        connection_free(connection);
        return;
    }
    buffer_consume(&connection->output, (size_t)sent);
    if (connection->output.length > 0)
        return;
    buffer_destroy(&connection->output);
    event_del(connection->writing);
    balance(connection);
    settle(connection);
}

/* Closes as soon as the replies are out. */
static void begin_closing(struct connection *connection)
{
    connection->state = CONNECTION_CLOSING;
    event_del(connection->reading);
}

static void refuse_message(struct connection *connection)
{
    struct server *server = connection->server;
    if (connection->refusal_told || !connection->scanner.has_message_id)
        return;
    flow_refuse(&server->flow, &connection->peer, &connection->scanner, &server->replies);
    connection->refusal_told = true;
}

static void next_message(struct connection *connection)
{
    frame_scanner_reset(&connection->scanner);
    connection->refusal_told = false;
}

static void answer_message(struct connection *connection, const uint8_t *message)
{
    struct server *server = connection->server;
    uint32_t id = connection->scanner.message_id;
    enum flow_outcome outcome = flow_handle(&server->flow, &connection->peer, &connection->scanner, message,
                                            connection->scanner.position, &server->replies);
    if (outcome == FLOW_PENDING && !server_await_reload(server, connection, id))
        outcome = FLOW_CLOSE;
    if (outcome == FLOW_CLOSE)
        begin_closing(connection);
}

/* What a message without a readable id, or past mending, leads to. */
static void break_off(struct connection *connection)
{
    struct server *server = connection->server;
    refuse_message(connection);
    if (!connection->scanner.has_message_id)
        metrics_add(&server->options.flow.slots[server->options.flow.own_slot], METRICS_broken_messages, 1);
    begin_closing(connection);
}

/* Looks at what is at hand of one message; the bytes used up, 0: wait for more. */
static size_t take_message(struct connection *connection, const uint8_t *bytes, size_t length)
{
    struct frame_scanner *scanner = &connection->scanner;
    enum frame_status status = frame_scan(scanner, bytes, length);
    size_t used = scanner->position;
    switch (status) {
    case FRAME_PARTIAL:
        if (!frame_is_refused(scanner))
            return 0;
        frame_forget(scanner);
        return used;
    case FRAME_COMPLETE:
        answer_message(connection, bytes);
        next_message(connection);
        return used;
    case FRAME_REFUSED:
        if (!scanner->has_message_id) {
            break_off(connection);
            return 0;
        }
        refuse_message(connection);
        if (frame_is_over(scanner))
            next_message(connection);
        else
            frame_forget(scanner);
        return used;
    case FRAME_SKIPPED:
        next_message(connection);
        return used;
    case FRAME_BROKEN:
        break_off(connection);
        return 0;
    }
    return 0;
}

/* Answers every whole message; the bytes used up. */
static size_t take_messages(struct connection *connection, const uint8_t *bytes, size_t length)
{
    size_t used = 0, taken;
    while (used < length && connection->state == CONNECTION_OPEN) {
        taken = take_message(connection, bytes + used, length - used);
        if (taken == 0)
            break;
        used += taken;
    }
    return used;
}

/* Answers what just came in; what is left of an unfinished message is kept. */
static void take_input(struct connection *connection, const uint8_t *bytes, size_t length)
{
    struct buffer *input = &connection->input;
    if (input->length == 0) {
        size_t used = take_messages(connection, bytes, length);
        buffer_append(input, bytes + used, length - used);
        return;
    }
    buffer_append(input, bytes, length);
    buffer_consume(input, take_messages(connection, (const uint8_t *)input->bytes, input->length));
    if (input->length == 0)
        buffer_destroy(input);
}

/* Reads once and answers. False: the connection is over, the caller frees it. `end` says that the client
 * ended. */
static bool read_and_answer(struct connection *connection, bool *end, bool *more)
{
    struct server *server = connection->server;
    ssize_t length = recv(connection->fd, server->input, sizeof server->input, 0);
    *end = length == 0;
    *more = length > 0;
    if (length < 0)
        return must_wait(errno);
    if (length == 0)
        return true;
    buffer_clear(&server->replies, SERVER_KEEP_OUTPUT);
    take_input(connection, server->input, (size_t)length);
    bool written = !connection->input.failed && write_replies(connection, &server->replies);
    if (server->flow.engine != NULL)
        engine_collect(server->flow.engine); /* once the replies are on their way */
    return written;
}

/* The client's end, or nothing more of interest, while lingering. */
static bool linger_on(struct connection *connection, short what)
{
    char nowhere[4096];
    if (what & EV_TIMEOUT)
        return false;
    ssize_t length = recv(connection->fd, nowhere, sizeof nowhere, 0);
    return length > 0 || (length < 0 && must_wait(errno));
}

static void readable_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    bool end, more;
    (void)fd;
    if (connection->state == CONNECTION_LINGER) {
        if (!linger_on(connection, what))
            connection_free(connection);
        return;
    }
    if (!read_and_answer(connection, &end, &more)) {
        connection_free(connection);
        return;
    }
    if (end && connection->output.length == 0 && connection->pending == 0) {
        connection_free(connection);
        return;
    }
    if (end)
        begin_closing(connection);
    settle(connection);
}

void connection_reply(struct connection *connection, const struct buffer *reply)
{
    connection->pending--;
    if (!write_replies(connection, reply)) {
        connection_free(connection);
        return;
    }
    settle(connection);
}

void connection_drain(struct connection *connection)
{
    bool end = false, more = true;
    for (int i = 0; connection->state == CONNECTION_OPEN && more && i < DRAIN_READS; i++)
        if (!read_and_answer(connection, &end, &more)) {
            connection_free(connection);
            return;
        }
    if (connection->state == CONNECTION_OPEN)
        begin_closing(connection);
    settle(connection);
}

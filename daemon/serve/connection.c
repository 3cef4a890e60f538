/* Reading, answering, writing and closing a connection. */
#include "serve/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve/server_internal.h"

enum {
    DRAIN_READS = 256,   /* more than any socket buffer holds; a client that never pauses is cut there */
    TURN_MS = 10,        /* of answering one connection while others wait */
    PENDING_MOST = 4096, /* requests that wait for the ledger; with so many, no more are taken */
};

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
    list_create(&connection->answered);
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

/* However much the client still sends, there is only so much time for its end. */
static void await_end(struct connection *connection)
{
    uint64_t now = clock_monotonic_ms();
    uint64_t ms = connection->linger_until > now ? connection->linger_until - now : 0;
    struct timeval patience = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};
    if (event_add(connection->reading, &patience) < 0)
        event_active(connection->reading, EV_TIMEOUT, 0); /* no memory to wait: it is over */
}

/* Our side is shut; from here on only the client's end, or time, closes. */
static void linger(struct connection *connection)
{
    connection->state = CONNECTION_LINGER;
    connection->linger_until = clock_monotonic_ms() + connection->server->options.linger_ms;
    shutdown(connection->fd, SHUT_WR);
    await_end(connection);
}

/* Closes when nothing is left to be said. */
static void settle(struct connection *connection)
{
    if (connection->state == CONNECTION_CLOSING && connection->output.length == 0 && connection->pending == 0)
        linger(connection);
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

/* So many requests wait for the ledger that the next ones have to wait for them. */
static bool is_held(const struct connection *connection)
{
    return connection->pending >= PENDING_MOST;
}

static bool is_full(const struct connection *connection)
{
    const struct server *server = connection->server;
    return connection->output.length + server->replies.length > server->options.output_high;
}

/* Enough was answered for now: for the client, which has to read it, or for the others, who wait. */
static bool is_enough(const struct connection *connection)
{
    return is_full(connection) || is_held(connection) || clock_coarse_ms() > connection->server->turn_ends_ms;
}

void connection_begin_turn(struct server *server)
{
    uint64_t now = clock_coarse_ms();
    server->turn_ends_ms = now + TURN_MS;
    metrics_set(&server->options.flow.slots[server->options.flow.own_slot], METRICS_loop_turned, now);
}

/*
 * A client that lets its replies pile up is not read from until it took them, nor is one that waits for too
 * many, nor one whose messages wait for their turn: that comes when the socket can be written to. False: out
 * of memory.
 */
static bool balance(struct connection *connection)
{
    bool full = connection->output.length > connection->server->options.output_high;
    bool can_go_on = connection->behind && !is_held(connection);
    if ((connection->output.length > 0 || can_go_on) && !await_writable(connection))
        return false;
    if (connection->state != CONNECTION_OPEN || connection->draining)
        return true;
    if (full || connection->behind || is_held(connection))
        event_del(connection->reading);
    else if (!event_pending(connection->reading, EV_READ, NULL))
        return event_add(connection->reading, NULL) == 0;
    return true;
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
    buffer_append(&connection->output, replies->bytes + sent, replies->length - sent);
    return !connection->output.failed && balance(connection);
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
    if (outcome == FLOW_WAITING) {
        server->flow.asked->owner = connection;
        connection->pending++;
    }
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

/* Answers whole messages until it is enough for now; the bytes used up. */
static size_t take_messages(struct connection *connection, const uint8_t *bytes, size_t length)
{
    size_t used = 0, taken;
    connection->behind = false;
    while (used < length && connection->state == CONNECTION_OPEN) {
        taken = take_message(connection, bytes + used, length - used);
        if (taken == 0)
            break;
        used += taken;
        if (used < length && connection->state == CONNECTION_OPEN && is_enough(connection)) {
            connection->behind = true;
            break;
        }
    }
    return used;
}

/* Answers what was kept; what is left of that is kept on. */
static void take_kept(struct connection *connection)
{
    struct buffer *input = &connection->input;
    buffer_consume(input, take_messages(connection, (const uint8_t *)input->bytes, input->length));
    if (input->length == 0)
        buffer_destroy(input);
}

/* Answers what just came in; what is left is kept. */
static void take_input(struct connection *connection, const uint8_t *bytes, size_t length)
{
    size_t used = connection->input.length == 0 ? take_messages(connection, bytes, length) : 0;
    bool kept = connection->input.length > 0;
    buffer_append(&connection->input, bytes + used, length - used);
    if (kept)
        take_kept(connection);
}

/* Answers what was just read, or, with no bytes, what was kept. False: the connection is over. */
static bool answer(struct connection *connection, const uint8_t *bytes, size_t length)
{
    struct server *server = connection->server;
    if (length > 0)
        take_input(connection, bytes, length);
    else
        take_kept(connection);
    flow_flush(&server->flow);
    bool written = !connection->input.failed && write_replies(connection, &server->replies);
    buffer_clear(&server->replies, SERVER_KEEP_OUTPUT);
    if (server->flow.engine != NULL)
        engine_collect(server->flow.engine); /* once the replies are on their way */
    return written;
}

/* What one look at the socket brought. */
enum read_outcome {
    READ_SOME,    /* answered as far as it goes; there may be more */
    READ_NOTHING, /* nothing has come */
    READ_END,     /* the client will send no more */
    READ_BROKEN,  /* the connection is over, the caller frees it */
};

static enum read_outcome read_and_answer(struct connection *connection)
{
    struct server *server = connection->server;
    ssize_t length = recv(connection->fd, server->input, sizeof server->input, 0);
    if (length < 0)
        return must_wait(errno) ? READ_NOTHING : READ_BROKEN;
    if (length == 0)
        return READ_END;
    return answer(connection, server->input, (size_t)length) ? READ_SOME : READ_BROKEN;
}

/* Reads what has come, as far as it goes now; the rest when the socket can be written to. */
static bool drain_on(struct connection *connection)
{
    enum read_outcome outcome = READ_SOME;
    while (outcome == READ_SOME && connection->state == CONNECTION_OPEN && !connection->behind) {
        if (is_held(connection))
            return true;
        if (is_enough(connection))
            return await_writable(connection);
        outcome = connection->reads_left-- > 0 ? read_and_answer(connection) : READ_NOTHING;
    }
    if (outcome != READ_SOME && outcome != READ_BROKEN)
        begin_closing(connection);
    return outcome != READ_BROKEN;
}

/*
 * What waits goes out as far as the socket takes it; then the answers to what was kept follow, also while
 * some wait: who sends all before reading anything has room for output_high bytes. False: it is broken.
 */
static bool write_on(struct connection *connection)
{
    struct buffer *output = &connection->output;
    ssize_t sent = output->length > 0 ? send_some(connection->fd, output->bytes, output->length) : 0;
    if (sent < 0)
        return false;
    buffer_consume(output, (size_t)sent);
    if (output->length > 0)
        return !connection->behind || is_held(connection) || is_full(connection) ||
               answer(connection, NULL, 0);
    buffer_destroy(output);
    if (connection->writing != NULL)
        event_del(connection->writing);
    if (connection->behind && !is_held(connection) && !answer(connection, NULL, 0))
        return false;
    return connection->draining ? drain_on(connection) : balance(connection);
}

static void writable_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    (void)fd;
    (void)what;
    connection_begin_turn(connection->server);
    if (write_on(connection))
        settle(connection);
    else
        connection_free(connection);
}

/* The client's end, or nothing more of interest, while lingering. */
static bool linger_on(struct connection *connection, short what)
{
    char nowhere[4096];
    if (what & EV_TIMEOUT)
        return false;
    ssize_t length = recv(connection->fd, nowhere, sizeof nowhere, 0);
    if (length == 0 || (length < 0 && !must_wait(errno)))
        return false;
    await_end(connection);
    return true;
}

/* False: the connection is over. */
static bool read_on(struct connection *connection)
{
    enum read_outcome outcome = read_and_answer(connection);
    bool owes = connection->output.length > 0 || connection->pending > 0;
    if (outcome == READ_BROKEN || (outcome == READ_END && !owes))
        return false;
    if (outcome == READ_END)
        begin_closing(connection);
    settle(connection);
    return true;
}

static void readable_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    (void)fd;
    connection_begin_turn(connection->server);
    bool goes_on = connection->state == CONNECTION_LINGER ? linger_on(connection, what) : read_on(connection);
    if (!goes_on)
        connection_free(connection);
}

void connection_reply(struct connection *connection, const struct buffer *reply)
{
    connection->pending--;
    if (write_replies(connection, reply))
        settle(connection);
    else
        connection_free(connection);
}

void connection_add_reply(struct connection *connection, const struct buffer *reply)
{
    connection->pending--;
    buffer_append(&connection->output, reply->bytes, reply->length);
    connection->output.failed |= reply->failed;
    list_remove(&connection->answered);
    list_append(&connection->server->answered, &connection->answered);
}

void connection_answered(struct connection *connection)
{
    list_remove(&connection->answered);
    bool goes_on = !connection->output.failed && write_on(connection) &&
                   (connection->output.length == 0 || await_writable(connection));
    if (goes_on)
        settle(connection);
    else
        connection_free(connection);
}

void connection_drain(struct connection *connection)
{
    if (connection->state != CONNECTION_OPEN)
        return;
    connection->draining = true;
    connection->reads_left = DRAIN_READS;
    event_del(connection->reading);
    bool waits = connection->output.length > 0 || connection->behind; /* goes on when the socket takes more */
    if (waits || drain_on(connection))
        settle(connection);
    else
        connection_free(connection);
}

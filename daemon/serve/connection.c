/* Reading, answering, writing and closing a connection. */
#include "serve/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve/intake.h"
#include "serve/output.h"
#include "serve/server_internal.h"
#include "serve/stranger.h"

enum {
    DRAIN_READS = 256, /* more than any socket buffer holds; a client that never pauses is cut there */
    TURN_MS = 10,      /* of answering one connection while others wait */
};

static void readable_cb(evutil_socket_t fd, short what, void *argument);
static bool read_on(struct connection *connection);
static void writable_cb(evutil_socket_t fd, short what, void *argument);

struct connection *connection_new(struct server *server, int fd, struct tls *tls, enum scope given,
                                  uint64_t address)
{
    struct connection *connection = calloc(1, sizeof *connection);
    int one = 1;
    if (connection == NULL) {
        close(fd);
        return NULL;
    }
    connection->server = server;
    transport_create(&connection->transport, fd);
    connection->peer.given = connection->peer.scope = given;
    connection->peer.address = address;
    list_create(&connection->answered);
    frame_scanner_create(&connection->scanner, server->options.limits);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* fails on Unix sockets, rightly */
    server_opened(server, connection);
    connection->reading = event_new(server->base, fd, EV_READ | EV_PERSIST, readable_cb, connection);
    if (connection->reading != NULL && event_add(connection->reading, NULL) == 0 &&
        (tls == NULL || transport_secure(&connection->transport, tls)) && stranger_watch(connection))
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
    if (connection->alarm != NULL)
        event_free(connection->alarm);
    transport_destroy(&connection->transport);
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
    event_add(connection->reading, &patience);
}

/* Our side is shut; from here on only the client's end, or time, closes. */
static void linger(struct connection *connection)
{
    connection->state = CONNECTION_LINGER;
    connection->linger_until = clock_monotonic_ms() + connection->server->options.linger_ms;
    transport_end(&connection->transport);
    await_end(connection);
}

/* Closes when nothing is left to be said. */
static void settle(struct connection *connection)
{
    if (connection->state == CONNECTION_CLOSING && connection->output.length == 0 && connection->pending == 0)
        linger(connection);
}

static bool await_writable(struct connection *connection)
{
    if (connection->writing == NULL)
        connection->writing = event_new(connection->server->base, connection->transport.fd,
                                        EV_WRITE | EV_PERSIST, writable_cb, connection);
    return connection->writing != NULL && event_add(connection->writing, NULL) == 0;
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
    bool can_go_on = connection->behind && !intake_is_held(connection);
    bool needs_room =
        transport_receive_needs_room(&connection->transport) || transport_holds_input(&connection->transport);
    if ((connection->output.length > 0 || can_go_on || needs_room) && !await_writable(connection))
        return false;
    if (connection->state != CONNECTION_OPEN || connection->draining)
        return true;
    if (output_is_high(connection) || connection->behind || intake_is_held(connection))
        event_del(connection->reading);
    else if (!event_pending(connection->reading, EV_READ, NULL))
        event_add(connection->reading, NULL);
    return true;
}

/* False: broken, the caller frees the connection. */
static bool write_replies(struct connection *connection, const struct buffer *replies)
{
    return output_write(connection, replies) && balance(connection);
}

void connection_begin_closing(struct connection *connection)
{
    connection->state = CONNECTION_CLOSING;
    event_del(connection->reading);
}

/* Answers what was just read, or, with no bytes, what was kept. False: the connection is over. */
static bool answer(struct connection *connection, const uint8_t *bytes, size_t length)
{
    struct server *server = connection->server;
    bool written = intake_take(connection, bytes, length) && stranger_look(connection) &&
                   write_replies(connection, &server->replies);
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
    ssize_t length = transport_receive(&connection->transport, server->input, sizeof server->input);
    if (length == TRANSPORT_BROKEN && connection->transport.problem != NULL)
        stranger_note_problem(connection);
    if (length == TRANSPORT_BROKEN)
        return READ_BROKEN;
    if (length == TRANSPORT_LATER)
        return READ_NOTHING;
    if (length == 0)
        return READ_END;
    connection->heard = true;
    bool answered = answer(connection, server->input, (size_t)length);
    if (server->secret_came)
        explicit_bzero(server->input, (size_t)length);
    server->secret_came = false;
    return answered ? READ_SOME : READ_BROKEN;
}

/*
 * Who has just connected is about to ask, and would have to ask again elsewhere; it has as much time for that
 * as others have for their end.
 */
static void await_first_message(struct connection *connection)
{
    connection->linger_until = clock_monotonic_ms() + connection->server->options.linger_ms;
    await_end(connection);
}

/* Reads what has come, as far as it goes now; the rest when the socket can be written to. */
static bool drain_on(struct connection *connection)
{
    enum read_outcome outcome = READ_SOME;
    while (outcome == READ_SOME && connection->state == CONNECTION_OPEN && !connection->behind) {
        if (intake_is_held(connection))
            return true;
        if (intake_is_enough(connection))
            return await_writable(connection);
        outcome = connection->reads_left-- > 0 ? read_and_answer(connection) : READ_NOTHING;
    }
    if (outcome == READ_NOTHING && !connection->heard)
        await_first_message(connection);
    else if (outcome != READ_SOME && outcome != READ_BROKEN)
        connection_begin_closing(connection);
    return outcome != READ_BROKEN;
}

/*
 * What waits goes out as far as the socket takes it; then the answers to what was kept follow, also while
 * some wait: who sends all before reading anything has room for output_high bytes. False: it is broken.
 */
static bool write_on(struct connection *connection)
{
    if (!output_flush(connection))
        return false;
    if (connection->output.length > 0)
        return !connection->behind || intake_is_enough(connection) || answer(connection, NULL, 0);
    if (connection->writing != NULL)
        event_del(connection->writing);
    if (connection->behind && !intake_is_held(connection) && !answer(connection, NULL, 0))
        return false;
    return connection->draining ? drain_on(connection) : balance(connection);
}

static void writable_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    (void)fd;
    (void)what;
    connection_begin_turn(connection->server);
    bool reads_on =
        connection->state == CONNECTION_OPEN && (transport_receive_needs_room(&connection->transport) ||
                                                 transport_holds_input(&connection->transport));
    bool goes_on = write_on(connection);
    if (goes_on && reads_on && connection->state == CONNECTION_OPEN && !connection->behind &&
        !intake_is_held(connection))
        goes_on = read_on(connection);
    if (goes_on)
        settle(connection);
    else
        connection_free(connection);
}

void connection_alarm_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    (void)fd;
    (void)what;
    if (connection->state != CONNECTION_OPEN)
        return;
    connection_begin_turn(connection->server);
    enum stranger_step step = stranger_ring(connection);
    if (step == STRANGER_NOTHING)
        return;
    if (step == STRANGER_GO_ON && write_on(connection))
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
    ssize_t length;
    do
        length = transport_receive(&connection->transport, nowhere, sizeof nowhere);
    while (length > 0 && transport_holds_input(&connection->transport));
    if (length == 0 || length == TRANSPORT_BROKEN)
        return false;
    await_end(connection);
    return true;
}

/* False: the connection is over. */
static bool read_on(struct connection *connection)
{
    enum read_outcome outcome = read_and_answer(connection);
    bool owes = connection->output.length > 0 || connection->pending > 0;
    if (outcome == READ_END && !owes)
        transport_end(&connection->transport);
    if (outcome == READ_BROKEN || (outcome == READ_END && !owes))
        return false;
    if (outcome == READ_END)
        connection_begin_closing(connection);
    settle(connection);
    return true;
}

/* The first message that was waited for, or the end of waiting. False: the connection is over. */
static bool drain_first(struct connection *connection, short what)
{
    event_del(connection->reading);
    connection->heard = true;
    if (what & EV_TIMEOUT)
        connection_begin_closing(connection);
    else if (!drain_on(connection))
        return false;
    settle(connection);
    return true;
}

/* False: the connection is over. */
static bool go_on(struct connection *connection, short what)
{
    if (connection->state == CONNECTION_LINGER)
        return linger_on(connection, what);
    return connection->draining ? drain_first(connection, what) : read_on(connection);
}

static void readable_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    (void)fd;
    connection_begin_turn(connection->server);
    if (transport_send_needs_input(&connection->transport) && !output_flush(connection)) {
        connection_free(connection);
        return;
    }
    if (!go_on(connection, what))
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

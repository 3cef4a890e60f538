/* A connection's life: its events, its turns, its end. */
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

enum { DRAIN_READS = 256 }; /* more than any socket buffer holds; a client that never pauses is cut there */

static void readable_cb(evutil_socket_t fd, short what, void *argument);
static void writable_cb(evutil_socket_t fd, short what, void *argument);

static void create_lists(struct connection *connection)
{
    list_create(&connection->turn);
    list_create(&connection->answered);
    patience_node_create(&connection->begun);
    patience_node_create(&connection->unread);
    patience_node_create(&connection->guest);
}

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
    create_lists(connection);
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

/* With a reset, so that the kernel does not go on offering what nobody reads. */
void connection_abort(struct connection *connection)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(connection->transport.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    connection_free(connection);
}

/* ---- The end ---- */

/* However much the client still sends, there is only so much time for its end. */
static void await_end(struct connection *connection)
{
    uint64_t now = clock_monotonic_ms();
    uint64_t ms = connection->linger_until > now ? connection->linger_until - now : 0;
    struct timeval patience = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};
    if (event_add(connection->reading, &patience) < 0)
        event_active(connection->reading, EV_TIMEOUT, 0); /* no memory to wait: it is over */
}

/* Its first message was waited for in vain: with no reply under way there is none to be lost. */
static bool has_had_its_time(const struct connection *connection)
{
    return connection->draining && !connection->heard;
}

/* Our side is shut; from here on only the client's end, or time, closes. */
static void linger(struct connection *connection)
{
    connection->state = CONNECTION_LINGER;
    if (!has_had_its_time(connection))
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

void connection_begin_closing(struct connection *connection)
{
    connection->state = CONNECTION_CLOSING;
    event_del(connection->reading);
    turns_remove(&connection->server->turns, connection);
    patience_end(&connection->begun);
}

/* The client's end, or nothing more of interest, while lingering. False: that was it. */
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

/* ---- What it waits for ---- */

static bool await_writable(struct connection *connection)
{
    if (connection->writing == NULL)
        connection->writing = event_new(connection->server->base, connection->transport.fd,
                                        EV_WRITE | EV_PERSIST, writable_cb, connection);
    return connection->writing != NULL && event_add(connection->writing, NULL) == 0;
}

static bool watch_room(struct connection *connection)
{
    if (connection->output.length > 0 || transport_receive_needs_room(&connection->transport))
        return await_writable(connection);
    if (connection->writing != NULL)
        event_del(connection->writing);
    return true;
}

/* A client that lets its replies pile up, or that waits for too many, is not read from meanwhile. */
static bool is_blocked(const struct connection *connection)
{
    return output_is_high(connection) || intake_is_held(connection);
}

/* Closes with what has come so far; but who has just connected is about to ask. */
static bool is_ending(const struct connection *connection)
{
    return connection->draining && connection->heard;
}

static bool has_more(const struct connection *connection)
{
    return connection->behind || is_ending(connection) || transport_holds_input(&connection->transport);
}

/* After anything that changed what it can do next. False: out of memory. */
static bool balance(struct connection *connection)
{
    struct turns *turns = &connection->server->turns;
    bool blocked = is_blocked(connection);
    if (!watch_room(connection))
        return false;
    if (connection->state != CONNECTION_OPEN)
        return true;
    if (blocked || is_ending(connection))
        event_del(connection->reading);
    else if (!event_pending(connection->reading, EV_READ, NULL) && event_add(connection->reading, NULL) != 0)
        return false;
    standing_block(&connection->standing, turns->served_ns, blocked);
    if (blocked)
        turns_remove(turns, connection);
    else if (has_more(connection))
        turns_add(turns, connection);
    return true;
}

/* Where it goes on; false: it is freed. */
static bool go_on(struct connection *connection, bool lives)
{
    if (lives && balance(connection)) {
        settle(connection);
        return true;
    }
    connection_free(connection);
    return false;
}

/* ---- Turns ---- */

/* Answers what was just read, or, with no bytes, what was kept. False: the connection is over. */
static bool answer(struct connection *connection, const uint8_t *bytes, size_t length)
{
    struct server *server = connection->server;
    bool written = intake_take(connection, bytes, length) && stranger_look(connection) &&
                   output_write(connection, &server->replies);
    buffer_clear(&server->replies, SERVER_KEEP_OUTPUT);
    if (server->flow.engine != NULL)
        engine_collect(server->flow.engine); /* once the replies are on their way */
    return written;
}

/* The client will send no more; what it is owed still comes. */
static bool end_input(struct connection *connection)
{
    bool owes = connection->output.length > 0 || connection->pending > 0;
    connection_begin_closing(connection);
    if (!owes && !connection->draining)
        transport_end(&connection->transport);
    return owes || connection->draining;
}

/* While draining, what has come so far is all that there is. */
static bool read_nothing(struct connection *connection)
{
    if (is_ending(connection))
        connection_begin_closing(connection);
    return true;
}

/* False: the connection is over. */
static bool read_and_answer(struct connection *connection)
{
    struct server *server = connection->server;
    if (is_ending(connection) && connection->reads_left-- == 0)
        return read_nothing(connection);
    ssize_t length = transport_receive(&connection->transport, server->input, sizeof server->input);
    if (length == TRANSPORT_LATER)
        return read_nothing(connection);
    if (length == TRANSPORT_BROKEN && connection->transport.problem != NULL)
        stranger_note_problem(connection);
    if (length == TRANSPORT_BROKEN)
        return false;
    if (length == 0)
        return end_input(connection);
    connection->heard = true;
    bool filled = (size_t)length == sizeof server->input || transport_holds_input(&connection->transport);
    standing_read(&connection->standing, server->turns.served_ns, filled);
    if (!filled)
        connection->reads_left = 0; /* while draining that was all that had come */
    bool answered = answer(connection, server->input, (size_t)length);
    if (server->secret_came)
        explicit_bzero(server->input, (size_t)length);
    server->secret_came = false;
    return answered;
}

bool connection_take_turn(struct connection *connection)
{
    return go_on(connection, connection->behind ? answer(connection, NULL, 0) : read_and_answer(connection));
}

/* ---- Events ---- */

static void readable_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    struct turns *turns = &connection->server->turns;
    (void)fd;
    turns_look(turns);
    if (connection->state == CONNECTION_LINGER) {
        if (!linger_on(connection, what))
            connection_free(connection);
        return;
    }
    if (transport_send_needs_input(&connection->transport) && !output_flush(connection)) {
        connection_free(connection);
        return;
    }
    if (connection->draining && (what & EV_TIMEOUT)) {
        connection_begin_closing(connection); /* nothing has come */
        go_on(connection, true);
        return;
    }
    if (!connection->behind && list_is_empty(&connection->turn))
        standing_announce(&connection->standing, turns->since_ns);
    turns_add(turns, connection);
}

static void writable_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    struct turns *turns = &connection->server->turns;
    (void)fd;
    (void)what;
    turns_look(turns);
    if (transport_receive_needs_room(&connection->transport) && connection->state == CONNECTION_OPEN)
        turns_add(turns, connection);
    go_on(connection, output_flush(connection));
}

void connection_alarm_cb(evutil_socket_t fd, short what, void *argument)
{
    struct connection *connection = argument;
    (void)fd;
    (void)what;
    if (connection->state != CONNECTION_OPEN)
        return;
    turns_look(&connection->server->turns);
    enum stranger_step step = stranger_ring(connection);
    if (step != STRANGER_NOTHING)
        go_on(connection, step == STRANGER_GO_ON);
}

/* ---- Replies that come later ---- */

void connection_reply(struct connection *connection, const struct buffer *reply)
{
    connection->pending--;
    go_on(connection, output_write(connection, reply));
}

void connection_add_reply(struct connection *connection, const struct waiting *waiting,
                          const struct buffer *reply)
{
    intake_answered(connection, waiting);
    output_add(connection, reply);
    list_remove(&connection->answered);
    list_append(&connection->server->answered, &connection->answered);
}

void connection_answered(struct connection *connection)
{
    list_remove(&connection->answered);
    go_on(connection, output_flush(connection));
}

/* ---- Ends that are not the client's wish ---- */

/* Time that we did not read in is not the client's. */
void connection_frame_late(struct connection *connection)
{
    struct server *server = connection->server;
    if (is_blocked(connection) || connection->behind) {
        lateness_begin(&server->lateness, &server->lateness.frames, &connection->begun);
        return;
    }
    intake_refuse_late(connection);
    bool written = output_write(connection, &server->replies);
    buffer_clear(&server->replies, SERVER_KEEP_OUTPUT);
    go_on(connection, written);
}

/*
 * Who has just connected would have to ask again elsewhere; it has as much time for its first message as
 * others have for their end, and no more for its end if none comes.
 */
static void await_first_message(struct connection *connection)
{
    connection->linger_until = clock_monotonic_ms() + connection->server->options.linger_ms;
    await_end(connection);
    stranger_hurry(connection);
}

void connection_drain(struct connection *connection)
{
    if (connection->state != CONNECTION_OPEN)
        return;
    connection->draining = true;
    connection->reads_left = DRAIN_READS;
    if (!connection->heard)
        await_first_message(connection);
    go_on(connection, true);
}

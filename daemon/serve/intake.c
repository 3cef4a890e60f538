/* What came in, cut into messages; each is answered as soon as it is whole. */
#include "serve/intake.h"

#include <string.h>

#include "serve/server_internal.h"
#include "serve/stranger.h"

enum {
    PENDING_MOST = LINK_OPEN_MOST / 2, /* requests whose answers come later, whatever they are */
    OWED_MOST = 64,    /* answers that may be large; they come whether the client reads or not */
    OWED_FOR_JOB = 16, /* as much as so many others: those that are made in steps */
};

/* What an answer that is still to come counts. Those to events say little more than that they were written.
 */
static uint32_t owed_for(enum method_id method)
{
    if (method == METHOD_TRACK)
        return 0;
    return jobs_answer(method) ? OWED_FOR_JOB : 1;
}

/* So much of it waits for the ledger that what comes next has to wait for that. */
static bool is_crowded(const struct connection *connection)
{
    return connection->commands > 0 &&
           flow_is_crowded(&connection->server->flow, connection->commands, connection->bytes);
}

/* What is kept for its answers counts as those do that it has not read. */
static bool is_kept_much_for(const struct connection *connection)
{
    return connection->kept > 0 &&
           connection->kept + connection->output.length > connection->server->options.output_high;
}

bool intake_is_held(const struct connection *connection)
{
    return connection->pending >= PENDING_MOST || connection->owed >= OWED_MOST || is_crowded(connection) ||
           is_kept_much_for(connection) || stranger_waits(connection);
}

static void expect_answer(struct connection *connection, struct waiting *asked)
{
    asked->owner = connection;
    connection->pending++;
    connection->owed += owed_for(asked->method);
    connection->commands += asked->commands;
    connection->bytes += asked->bytes;
    connection->kept += asked->kept;
}

void intake_answered(struct connection *connection, const struct waiting *asked)
{
    connection->pending--;
    connection->owed -= owed_for(asked->method);
    connection->commands -= asked->commands;
    connection->bytes -= asked->bytes;
    connection->kept -= asked->kept;
}

static bool is_full(const struct connection *connection)
{
    const struct server *server = connection->server;
    return connection->output.length + server->replies.length > server->options.output_high;
}

/* Enough was answered for now: for the client, which has to read it, or for the others, who wait. */
static bool is_enough(const struct connection *connection)
{
    return turns_is_over(&connection->server->turns) || is_full(connection) || intake_is_held(connection);
}

static struct metrics_slot *own_slot(struct server *server)
{
    return &server->options.flow.slots[server->options.flow.own_slot];
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
    patience_end(&connection->begun);
}

static void turn_away(struct connection *connection, const char *why)
{
    struct server *server = connection->server;
    struct error error;
    error_set(&error, ERROR_OVERLOADED, "%s", why);
    flow_turn_away(&server->flow, &connection->peer, &connection->scanner, &error, &server->replies);
}

/* Who came when there was no room is told so, once. */
static bool is_guest_refused(struct connection *connection)
{
    if (!connection->unwelcome)
        return false;
    turn_away(connection, "too many connections; try again later");
    if (connection->scanner.type == 0)
        connection_begin_closing(connection);
    return true;
}

/* Refusing costs no more than finding the message's end. */
static bool is_overload_refused(struct connection *connection, const uint8_t *message)
{
    struct server *server = connection->server;
    if (connection->scanner.type == 1 || turns_admit(&server->turns, connection))
        return false;
    if (flow_is_for_any_time(&connection->scanner, message)) {
        turns_make_exception(&server->turns);
        return false;
    }
    turn_away(connection, "more is asked than can be answered; try again later");
    metrics_add(own_slot(server), METRICS_requests_refused_overload, 1);
    return true;
}

/* What a token came in is overwritten, lest it outlives its use in this memory. */
static void forget_secret(struct connection *connection, const uint8_t *message)
{
    explicit_bzero((void *)(uintptr_t)message, connection->scanner.position);
}

/* False: not yet; it is to be taken again later. */
static bool answer_message(struct connection *connection, const uint8_t *message)
{
    struct server *server = connection->server;
    uint32_t id = connection->scanner.message_id;
    if (is_guest_refused(connection) || is_overload_refused(connection, message))
        return true;
    enum flow_outcome outcome = flow_handle(&server->flow, &connection->peer, &connection->scanner, message,
                                            connection->scanner.position, &server->replies);
    server->secret_came = server->secret_came || server->flow.was_secret;
    if (outcome == FLOW_LATER)
        return false;
    if (server->flow.was_secret)
        forget_secret(connection, message);
    if (outcome == FLOW_PENDING && !server_await_reload(server, connection, id))
        outcome = FLOW_CLOSE;
    if (outcome == FLOW_WAITING) {
        struct waiting *asked = server->flow.asked;
        server_go_on(server);
        expect_answer(connection, asked);
    }
    if (outcome == FLOW_CLOSE)
        connection_begin_closing(connection);
    return true;
}

/* What a message without a readable id, or past mending, leads to. */
static void break_off(struct connection *connection)
{
    struct server *server = connection->server;
    refuse_message(connection);
    if (!connection->scanner.has_message_id)
        metrics_add(own_slot(server), METRICS_broken_messages, 1);
    connection_begin_closing(connection);
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
        connection->behind = !answer_message(connection, bytes);
        next_message(connection);
        return connection->behind ? 0 : used;
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
    size_t used = 0, expected = 0, taken;
    connection->behind = false;
    while (used < length && connection->state == CONNECTION_OPEN) {
        if (used > 0 && used >= expected) /* who sends one at a time has nothing to gain */
            expected = used + flow_expect(&connection->server->flow, bytes + used, length - used);
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
    if (connection->server->secret_came &&
        input->capacity > 0) /* what was moved to the front still stands behind */
        explicit_bzero(input->bytes + input->length, input->capacity - input->length);
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

/* A message of which only a part has come has to become whole in time; that counts from its first byte. */
static void watch_message(struct connection *connection)
{
    struct lateness *lateness = &connection->server->lateness;
    bool begun = connection->input.length > 0 || frame_is_refused(&connection->scanner);
    if (begun && !connection->behind && connection->state == CONNECTION_OPEN &&
        !patience_is_waiting(&connection->begun))
        lateness_begin(lateness, &lateness->frames, &connection->begun);
}

bool intake_take(struct connection *connection, const uint8_t *bytes, size_t length)
{
    if (length > 0)
        take_input(connection, bytes, length);
    else
        take_kept(connection);
    watch_message(connection);
    flow_flush(&connection->server->flow);
    return !connection->input.failed;
}

void intake_refuse_late(struct connection *connection)
{
    struct server *server = connection->server;
    struct error error;
    error_set(&error, ERROR_INVALID, "message: not whole %llu s after its first byte",
              (unsigned long long)(server->options.frame_ms / 1000));
    if (connection->scanner.has_message_id && !connection->refusal_told)
        flow_turn_away(&server->flow, &connection->peer, &connection->scanner, &error, &server->replies);
    metrics_add(own_slot(server), METRICS_frames_late, 1);
    connection_begin_closing(connection);
}

/* One timer for each stranger; who is let in has none. */
#include "serve/stranger.h"

#include "base/clock.h"
#include "base/log.h"
#include "serve/server_internal.h"

static bool is_let_in(const struct connection *connection)
{
    return connection->peer.scope != SCOPE_NONE && !transport_is_greeting(&connection->transport);
}

bool stranger_waits(const struct connection *connection)
{
    return connection->peer.token_due_ms != 0 && connection->peer.token_due_ms > clock_coarse_ms();
}

static void wind(struct connection *connection)
{
    uint64_t now_ms = clock_coarse_ms();
    uint64_t at_ms = stranger_waits(connection) ? connection->peer.token_due_ms : connection->let_in_until_ms;
    uint64_t ms = at_ms > now_ms ? at_ms - now_ms : 0;
    struct timeval wait = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};
    event_add(connection->alarm, &wait);
}

/* Where nothing is to be waited for there is no clock. */
bool stranger_look(struct connection *connection)
{
    bool due = !is_let_in(connection) || stranger_waits(connection);
    if (!due && connection->alarm != NULL) {
        event_free(connection->alarm);
        connection->alarm = NULL;
    }
    if (!due)
        return true;
    if (connection->alarm == NULL)
        connection->alarm = evtimer_new(connection->server->base, connection_alarm_cb, connection);
    if (connection->alarm != NULL)
        wind(connection);
    return connection->alarm != NULL;
}

bool stranger_watch(struct connection *connection)
{
    connection->let_in_until_ms = clock_coarse_ms() + connection->server->options.let_in_ms;
    return stranger_look(connection);
}

void stranger_hurry(struct connection *connection)
{
    uint64_t until_ms = clock_coarse_ms() + connection->server->options.linger_ms;
    if (connection->alarm == NULL || !transport_is_greeting(&connection->transport))
        return;
    if (until_ms < connection->let_in_until_ms)
        connection->let_in_until_ms = until_ms;
    wind(connection);
}

static void note_drop(struct server *server)
{
    uint64_t dropped = tally_add(&server->strangers_dropped, clock_coarse_ms());
    if (dropped > 0)
        log_info("clients were dropped that were not let in in time", LOG_NUMBER("count", dropped));
}

void stranger_note_problem(const struct connection *connection)
{
    uint64_t failed = tally_add(&connection->server->strangers_without_tls, clock_coarse_ms());
    if (failed > 0)
        log_warning("clients can't agree with us on TLS", LOG_NUMBER("count", failed),
                    LOG_TEXT("last", connection->transport.problem));
}

enum stranger_step stranger_ring(struct connection *connection)
{
    bool late = connection->let_in_until_ms <= clock_coarse_ms();
    if (!stranger_look(connection))
        return STRANGER_DROP;
    if (stranger_waits(connection))
        return STRANGER_NOTHING;
    if (connection->peer.token_due_ms != 0)
        return STRANGER_GO_ON;
    if (is_let_in(connection) || !late)
        return STRANGER_NOTHING;
    note_drop(connection->server);
    return STRANGER_DROP;
}

/* One turn after the other, in small slices of time. */
#include "serve/turns.h"

#include <stddef.h>

#include "base/clock.h"
#include "serve/connection.h"
#include "serve/overload.h"
#include "serve/server_internal.h"

enum {
    TURN_MESSAGES = 64,    /* answered in one turn at most */
    TURN_US = 1000,        /* and so long, where one takes long */
    SLICE_US = 1000,       /* of turns, between two looks at what has come */
    PAUSE_US = 200,        /* so long without work, and the loop has waited for somebody */
    CLOCK_WORTH_NS = 4000, /* where a message takes so long, looking at the clock behind each costs nothing */
};

static uint64_t us(uint64_t microseconds)
{
    return microseconds * 1000;
}

static struct connection *of_node(struct list_node *node)
{
    return (struct connection *)((char *)node - offsetof(struct connection, turn));
}

/*
 * If the loop had to wait for what there is, it has come just now. Else it may have come at any time since
 * the loop last looked, and all turns since then may have been in its way.
 */
static void look(struct turns *turns)
{
    const struct flow_options *flow = &turns->server->options.flow;
    uint64_t now = clock_monotonic_ns();
    bool waited = now - turns->left_ns > us(PAUSE_US);
    if (waited)
        admission_rest(&turns->admission, now - turns->left_ns);
    turns->since_ns = waited ? turns->served_ns : turns->served_then_ns;
    turns->served_then_ns = turns->served_ns;
    turns->looked_ns = now;
    turns->looked = true;
    metrics_set(&flow->slots[flow->own_slot], METRICS_loop_turned, now / 1000000);
}

/* What goes on with the list is called behind everything that the loop has found. */
void turns_look(struct turns *turns)
{
    if (turns->looked)
        return;
    look(turns);
    event_active(turns->next, 0, 0);
}

/* The time of a whole turn, reading and writing included, is its connection's. */
static uint64_t give_turn(struct turns *turns, struct connection *connection, uint64_t now)
{
    struct standing *standing = &connection->standing;
    turns->ends_ns = now + us(TURN_US);
    turns->messages = 0;
    turns->refused = false;
    admission_begin_turn(&turns->admission, &connection->account, now,
                         standing_at(standing, turns->served_ns), &turns->grant);
    bool lives = connection_take_turn(connection);
    uint64_t after = clock_monotonic_ns();
    if (lives) {
        standing_spend(standing, turns->served_ns, after - now);
        admission_end_turn(&turns->admission, &turns->grant, after - now);
    }
    turns->served_ns += after - now;
    return after;
}

static void begin_pass(struct turns *turns)
{
    turns->pass_left = turns->count;
    admission_begin_pass(&turns->admission, turns->count);
}

/* Everybody who waits gets a turn, unless that takes too long; then the loop looks again before it goes on.
 */
static void work(struct turns *turns)
{
    uint64_t now = clock_monotonic_ns(), ends = now + us(SLICE_US);
    for (size_t left = turns->count; left > 0 && turns->count > 0 && now < ends; left--) {
        struct connection *connection = of_node(turns->waiting.after);
        if (turns->pass_left == 0)
            begin_pass(turns);
        turns_remove(turns, connection);
        now = give_turn(turns, connection, now);
    }
    overload_note(&turns->server->overload, now);
    turns->left_ns = now;
}

static void next_cb(evutil_socket_t fd, short what, void *argument)
{
    static const struct timeval at_once = {0, 0};
    struct turns *turns = argument;
    (void)fd;
    (void)what;
    if (!turns->looked)
        look(turns);
    work(turns);
    turns->looked = false;
    if (turns->count > 0)
        event_add(turns->next, &at_once); /* as a timer, so that the loop looks first */
}

bool turns_create(struct turns *turns, struct server *server)
{
    const struct server_options *options = &server->options;
    turns->server = server;
    list_create(&turns->waiting);
    turns->left_ns = turns->looked_ns = clock_monotonic_ns();
    admission_create(&turns->admission, us(options->queue_ms * 1000U), us(options->queue_most_ms * 1000U),
                     turns->left_ns);
    turns->next = evtimer_new(server->base, next_cb, turns);
    return turns->next != NULL;
}

void turns_destroy(struct turns *turns)
{
    if (turns->next != NULL)
        event_free(turns->next);
}

void turns_add(struct turns *turns, struct connection *connection)
{
    static const struct timeval at_once = {0, 0};
    if (!list_is_empty(&connection->turn))
        return;
    list_append(connection->peer.given == SCOPE_CONTROL ? turns->waiting.after : &turns->waiting,
                &connection->turn);
    turns->count++;
    if (!turns->looked)
        event_add(turns->next, &at_once);
}

void turns_remove(struct turns *turns, struct connection *connection)
{
    if (list_is_empty(&connection->turn))
        return;
    list_remove(&connection->turn);
    turns->count--;
    if (turns->pass_left > 0)
        turns->pass_left--;
}

/* Whoever's share is used up gets the rest refused within the turn. */
static bool refuses(const struct turns *turns)
{
    const struct admission_turn *grant = &turns->grant;
    return turns->refused || (grant->bounded && grant->account->credit_ns <= 0);
}

/* Looking at the clock costs more than the shortest messages allow. */
bool turns_is_over(const struct turns *turns)
{
    bool tells = turns->admission.cost_ns >= CLOCK_WORTH_NS;
    return turns->messages >= TURN_MESSAGES ||
           (tells && !refuses(turns) && clock_monotonic_ns() >= turns->ends_ns);
}

/* What is under way is finished, and operators are never shut out. Shares are their own limit. */
bool turns_admit(struct turns *turns, const struct connection *connection)
{
    bool always = connection->peer.given == SCOPE_CONTROL || connection->draining;
    turns->refused = !always && !admission_admits(&turns->admission, &turns->grant,
                                                  patience_is_waiting(&connection->begun));
    turns->messages += always || (!turns->grant.bounded && !turns->refused);
    return !turns->refused;
}

void turns_make_exception(struct turns *turns)
{
    turns->messages++;
}

/* Writing into the lane's rings, reading its outcomes. */
#include "ledger/link.h"

#include <string.h>

#include "base/clock.h"

static struct shared_lane *lane_of(const struct link *link)
{
    return &link->shared->lanes[link->worker];
}

/*
 * Positions in the ring of commands serve as tickets: they only grow, also across workers. What lies among
 * the outcomes by now is for a worker that died.
 */
void link_create(struct link *link, struct shared *shared, size_t worker)
{
    *link = (struct link){.shared = shared, .worker = worker};
    struct shared_lane *lane = lane_of(link);
    link->first = ring_end(lane->commands);
    ring_release(lane->outcomes, ring_end(lane->outcomes));
}

bool link_is_served(const struct link *link)
{
    return atomic_load_explicit(&link->shared->state->ledger_serves, memory_order_acquire);
}

uint64_t link_abandoned(const struct link *link)
{
    return atomic_load_explicit(&link->shared->abandoned[link->worker], memory_order_acquire);
}

bool link_send(struct link *link, const struct command *command, uint64_t *ticket, struct error *error)
{
    struct ring *ring = lane_of(link)->commands;
    size_t size = sizeof *ticket + command_size(command);
    if (!link_is_served(link))
        return error_set(error, ERROR_UNAVAILABLE, "nothing can be written down now; try again");
    if (size > LINK_BYTES_MOST)
        return error_set(error, ERROR_TOO_LARGE, "more than %d bytes to be written down at once",
                         LINK_BYTES_MOST);
    char *room = link->open < LINK_OPEN_MOST ? ring_reserve(ring, size) : NULL;
    if (room == NULL)
        return error_set(error, ERROR_OVERLOADED, "too much waits to be written down; try again");
    *ticket = ring_end(ring);
    memcpy(room, ticket, sizeof *ticket);
    command_encode(command, room + sizeof *ticket);
    ring_commit(ring, size);
    link->open++;
    link->commands = true;
    return true;
}

bool link_is_crowded(const struct link *link, uint32_t commands, size_t bytes)
{
    const struct ring *ring = lane_of(link)->commands;
    uint32_t batch = atomic_load_explicit(&link->shared->state->batch_most, memory_order_relaxed);
    uint64_t used = ring_end(ring) - ring_done(ring);
    bool alone = commands >= link->open;
    return commands + link->open >= LINK_OPEN_MOST || bytes + used >= ring->capacity ||
           commands >= (alone && batch > LINK_SHARE / 2 ? 2 * batch : LINK_SHARE);
}

bool link_record(struct link *link, const struct record *record)
{
    struct ring *ring = lane_of(link)->decisions;
    size_t size = record_size(record);
    void *room = ring_reserve(ring, size);
    if (room == NULL)
        return false;
    record_encode(record, room);
    ring_commit(ring, size);
    link->decisions = true;
    return true;
}

bool link_record_again(struct link *link, struct text record, const struct record_key *key)
{
    struct ring *ring = lane_of(link)->decisions;
    void *room = ring_reserve(ring, record.length);
    if (room == NULL)
        return false;
    memcpy(room, record.bytes, record.length);
    record_stamp(room, key);
    ring_commit(ring, record.length);
    link->decisions = true;
    return true;
}

void link_flush(struct link *link)
{
    if (link->commands || link->decisions)
        shared_wake_ledger(link->shared, link->commands);
    link->commands = link->decisions = false;
}

int link_wake_fd(const struct link *link)
{
    return lane_of(link)->wake;
}

void link_give_up(struct link *link)
{
    link->open--;
}

static void take_one(struct link *link, struct text bytes, link_outcome_cb take, void *context)
{
    struct outcome outcome;
    bool whole = outcome_decode(&outcome, bytes, NULL);
    if (whole && outcome.ticket >= link->first && take(context, &outcome))
        link->open--;
}

/* A damaged ring is given back as a whole, or nothing would ever come again. */
bool link_take(struct link *link, uint64_t until_ns, link_outcome_cb take, void *context)
{
    struct ring *ring = lane_of(link)->outcomes;
    uint64_t position = ring_done(ring);
    struct text bytes;
    bool late = false;
    shared_drain_wakes(link_wake_fd(link));
    while (!late && ring_read(ring, &position, ring_end(ring), &bytes)) {
        take_one(link, bytes, take, context);
        ring_release(ring, position);
        late = clock_monotonic_ns() >= until_ns;
    }
    ring_release(ring, position);
    bool more = late && position < ring_end(ring);
    if (more)
        shared_wake_worker(link->shared, link->worker);
    return !more;
}

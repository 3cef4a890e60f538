/*
 * Counters that every process writes in its own slot of one shared page, and anyone may sum.
 * One writer per slot; readers see each counter whole (aligned 64-bit words) but not all of one moment.
 */
#ifndef SENDA_BASE_METRICS_H
#define SENDA_BASE_METRICS_H

#include <stddef.h>
#include <stdint.h>

/* Summed over all processes. Name in `stats`, what it counts. */
#define METRICS_COUNTERS(X)                                                                                  \
    X(requests, "requests read, of any method")                                                              \
    X(recommends, "recommend requests answered")                                                             \
    X(dry_runs, "of these, dry runs")                                                                        \
    X(recommends_remembered, "recommend requests that had come before, answered from memory")                \
    X(items, "items recommended")                                                                            \
    X(empty_answers, "recommendations without an item")                                                      \
    X(errors, "requests answered with an error")                                                             \
    X(broken_messages, "connections closed for bytes that are not the protocol")                             \
    X(frames_late, "connections closed for messages that did not become whole in time")                      \
    X(slow_readers_dropped, "connections closed because answers were not read")                              \
    X(requests_refused_overload, "requests refused because more was asked than can be answered")             \
    X(notifications_dropped, "of these, notifications, which nobody is told of")                             \
    X(workers_overloaded, "workers that refuse requests now")                                                \
    X(fallback_no_offer_fits, "fallbacks because no offer fitted")                                           \
    X(fallback_strategy_error, "fallbacks because a strategy failed")                                        \
    X(fallback_deadline, "fallbacks because a strategy took too long")                                       \
    X(fallback_store_unavailable, "fallbacks because the customer's record could not be read")               \
    X(fallback_restricted, "fallbacks because the customer's data may not be used")                          \
    X(strategies_set_aside, "strategies set aside because they failed")                                      \
    X(wrong_tokens, "tokens shown that are none of ours")                                                    \
    X(connections_accepted, "connections accepted")                                                          \
    X(connections_open, "connections open now")                                                              \
    X(connections_refused, "connections closed because there are too many")                                  \
    X(reloads, "sites swapped in")                                                                           \
    X(reloads_refused, "sites refused")                                                                      \
    X(script_memory, "bytes held by scripts now")                                                            \
    X(events, "events and other changes that clients asked for")                                             \
    X(events_refused, "of these, refused because nothing could be written down")                             \
    X(decisions_unrecorded, "decisions that found no room on their way to the ledger")                       \
    X(batches, "batches written down")                                                                       \
    X(batches_refused, "batches that the store refused")                                                     \
    X(commands_written, "events and other changes written down")                                             \
    X(decisions_written, "decisions written down")

/* The most of any process. */
#define METRICS_PEAKS(X)                                                                                     \
    X(script_longest_ms, "milliseconds in the scripts of the longest decision so far")                       \
    X(script_largest, "bytes that the scripts of one decision took at most so far")

/* Of one process alone, for the supervisor's watch. */
#define METRICS_WATCHES(X)                                                                                   \
    X(script_entered, "when the script that runs now was entered, in monotonic milliseconds; 0 outside")     \
    X(loop_turned, "when the loop last turned, in monotonic milliseconds")                                   \
    X(listeners_full, "a bit for each listener from which this process takes nobody more now")

enum metrics_counter {
#define X(name, help) METRICS_##name,
    METRICS_COUNTERS(X) METRICS_PEAKS(X) METRICS_WATCHES(X)
#undef X
        METRICS_COUNT,
    METRICS_SUMMED = METRICS_script_longest_ms, /* counters in front of this one are summed */
    METRICS_TOLD = METRICS_script_entered,      /* those in front of this one are in `stats` */
};

struct metrics_slot {
    _Alignas(64) volatile uint64_t values[METRICS_COUNT]; /* written by the slot's process alone */
};

static inline void metrics_add(struct metrics_slot *slot, enum metrics_counter counter, uint64_t amount)
{
    slot->values[counter] += amount;
}

static inline void metrics_set(struct metrics_slot *slot, enum metrics_counter counter, uint64_t value)
{
    slot->values[counter] = value;
}

static inline void metrics_raise(struct metrics_slot *slot, enum metrics_counter counter, uint64_t value)
{
    if (value > slot->values[counter])
        slot->values[counter] = value;
}

/* The counter's name, as `stats` shows it. */
const char *metrics_name(enum metrics_counter counter);

/* `count` slots in memory shared with the children forked from now on; NULL and errno on failure. */
struct metrics_slot *metrics_map(size_t count);
void metrics_unmap(struct metrics_slot *slots, size_t count);

#endif

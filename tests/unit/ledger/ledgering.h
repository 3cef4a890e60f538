/*
 * A ledger over a store in memory, with shared memory and the workers' links in one process, and a monotonic
 * clock that moves when the test says so.
 */
#ifndef SENDA_TESTS_LEDGER_LEDGERING_H
#define SENDA_TESTS_LEDGER_LEDGERING_H

#include "../cmocka_all.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "batch_builder.h"
#include "ledger/ledger.h"
#include "ledger/link.h"

enum { LEDGERING_WORKERS = 2, LEDGERING_TAKEN = 70000, LEDGERING_NEVER = 1000000 };

static uint64_t ledgering_clock_ms = 1000000; /* what the monotonic clock says */
static void (*ledgering_at_wall)(void *) =
    NULL; /* called when somebody asks for the time of day; NULL: nothing */
static void *ledgering_at_wall_context = NULL;

/* In place of the system's. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE) {
        now->tv_sec = (time_t)(ledgering_clock_ms / 1000);
        now->tv_nsec = (long)(ledgering_clock_ms % 1000) * 1000000;
        return 0;
    }
    if (ledgering_at_wall != NULL)
        ledgering_at_wall(ledgering_at_wall_context);
    return (int)syscall(SYS_clock_gettime, clock, now);
}

struct ledgering {
    struct batching *batching; /* the store and the site; owned */
    struct shared *shared;     /* owned */
    struct ledger *ledger;     /* owned; NULL: it died */
    struct log_writer *log;    /* borrowed; NULL: none */
    struct ledger_options options;
    struct metrics_slot *slot;
    struct link links[LEDGERING_WORKERS];
    struct outcome *taken; /* outcomes that workers got; texts live until the end of the test */
    size_t taken_count;
};

/* A ledger over the same memory and store that has no rules yet. */
static inline void ledgering_open(struct ledgering *l)
{
    struct error error;
    l->ledger = ledger_new(l->shared, &l->batching->moody.store, l->log, &l->options, &error);
    if (l->ledger == NULL)
        fail_msg("%s", error.message);
}

static inline void ledgering_start(struct ledgering *l)
{
    ledgering_open(l);
    ledger_set_site(l->ledger, l->batching->site);
}

static inline void ledgering_stop(struct ledgering *l)
{
    ledger_free(l->ledger);
    l->ledger = NULL;
}

/* Test fixture: *state is a struct ledgering whose ledger serves and waits for nothing by itself. */
static inline int ledgering_setup(void **state)
{
    struct ledgering *l = calloc(1, sizeof *l);
    struct error error;
    if (l == NULL || batching_setup((void **)&l->batching) != 0)
        return -1;
    l->batching->now_ms = clock_wall_us() / 1000;
    l->shared = shared_new(LEDGERING_WORKERS, &error);
    l->slot = metrics_map(1);
    l->taken = calloc(LEDGERING_TAKEN, sizeof *l->taken);
    l->options = (struct ledger_options){.batch = {.reserve_ms = BATCHING_RESERVE,
                                                   .keep_ms = INT64_C(400) * BATCHING_DAY,
                                                   .id_ms = INT64_C(7) * BATCHING_DAY},
                                         .batch_events = 8192,
                                         .batch_ms = LEDGERING_NEVER,
                                         .metrics = l->slot};
    for (size_t i = 0; i < LEDGERING_WORKERS; i++)
        link_create(&l->links[i], l->shared, i);
    ledgering_at_wall = NULL;
    ledgering_start(l);
    *state = l;
    return 0;
}

static inline int ledgering_teardown(void **state)
{
    struct ledgering *l = *state;
    if (l->ledger != NULL)
        ledger_free(l->ledger);
    shared_free(l->shared);
    metrics_unmap(l->slot, 1);
    batching_teardown((void **)&l->batching);
    free(l->taken);
    free(l);
    return 0;
}

/* ---- What workers do ---- */

static inline uint64_t ledgering_send(struct ledgering *l, size_t worker, const struct command *command)
{
    uint64_t ticket = 0;
    struct error error;
    if (!link_send(&l->links[worker], command, &ticket, &error))
        fail_msg("%s", error.message);
    return ticket;
}

/* An event without an id. */
static inline uint64_t ledgering_track(struct ledgering *l, size_t worker, const char *name,
                                       const char *customer, const char *offer)
{
    struct command command = batching_event(l->batching, name, customer, offer);
    return ledgering_send(l, worker, &command);
}

/* A decision of one offer, which claims `claims`. */
static inline void ledgering_decide(struct ledgering *l, size_t worker, const char *customer,
                                    const char *offer, uint64_t seed, const uint32_t *claims, uint32_t count)
{
    struct text name = text_from(offer);
    struct record_item item = {
        .offer = name, .kind = TEXT("guide"), .stocked = !text_equal(name, TEXT("map")), .reserves = true};
    struct record record = {.clock_us = l->batching->now_ms * 1000,
                            .seed = seed,
                            .customer = text_from(customer),
                            .journey = TEXT("walk"),
                            .stage = TEXT("start"),
                            .items = &item,
                            .item_count = 1,
                            .claims = claims,
                            .claim_count = count};
    assert_true(link_record(&l->links[worker], &record));
}

static inline struct text ledgering_keep(struct ledgering *l, struct text text)
{
    return text.bytes == NULL
               ? text
               : (struct text){arena_copy(&l->batching->arena, text.bytes, text.length), text.length};
}

static inline const struct outcome *ledgering_find(const struct ledgering *l, uint64_t ticket)
{
    for (size_t i = 0; i < l->taken_count; i++)
        if (l->taken[i].ticket == ticket)
            return &l->taken[i];
    return NULL;
}

static inline bool ledgering_take_cb(void *context, const struct outcome *outcome)
{
    struct ledgering *l = context;
    assert_true(l->taken_count < LEDGERING_TAKEN);
    struct outcome copy = *outcome;
    copy.journey = ledgering_keep(l, outcome->journey);
    copy.stage = ledgering_keep(l, outcome->stage);
    copy.payload = ledgering_keep(l, outcome->payload);
    l->taken[l->taken_count++] = copy;
    return true;
}

/* The outcomes that a worker gets now, and no others; how many. */
static inline size_t ledgering_take(struct ledgering *l, size_t worker)
{
    l->taken_count = 0;
    link_take(&l->links[worker], UINT64_MAX, ledgering_take_cb, l);
    return l->taken_count;
}

/* Whether an eventfd would wake somebody. */
static inline bool rings(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}

/* Time passes. */
static inline void ledgering_pass(uint64_t ms)
{
    ledgering_clock_ms += ms;
}

#define assert_outcome(l, ticket, expected)                                                                  \
    do {                                                                                                     \
        const struct outcome *outcome_ = ledgering_find((l), (ticket));                                      \
        assert_non_null(outcome_);                                                                           \
        if (outcome_->code != (expected))                                                                    \
            fail_msg("%.*s", (int)outcome_->payload.length, outcome_->payload.bytes);                        \
    } while (0)

#endif

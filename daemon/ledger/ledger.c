/* When a batch begins, how it ends, and when the ledger may sleep. */
#include "ledger/ledger.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "decisionlog/log_writer.h"
#include "ledger/ledger_internal.h"
#include "ledger/ledger_pace.h"

enum {
    ARENA_BLOCK = 256 * 1024,
    DECISIONS_MOST = 4096, /* decisions that wait no longer */
    DECISIONS_MS = 20,     /* nor do they wait longer for others; batches of them alone are so far apart */
    RETRY_MS = 1000,       /* after the store refused, decisions alone wait so long */
    SWEEP_MS = 1000,       /* between sweeps while there is nothing else to do */
    SWEEP_BEHIND_MS = 20,  /* likewise while the last sweep has left something that is over */
    TEND_MS = 60 * 1000,   /* between two rounds of clearing up behind readers that died */
    HEAL_MS = 15 * 1000,   /* the default of options.heal_ms */
};

/* Entries that a sweep looks at, see batch_add_sweep. */
struct sweeping {
    uint32_t due;   /* that are over */
    uint32_t round; /* others, in turn */
};

static const struct sweeping along = {512, 16};   /* with every other batch */
static const struct sweeping idle = {512, 512};   /* while there is nothing else to do */
static const struct sweeping behind = {2048, 16}; /* likewise while the last sweep has left something over */

/*
 * Of what was given back, the last ledger answered all but what it held: receipts of erasing. It may have
 * died between answering and waking whom it had answered.
 */
static void succeed(struct shared *shared)
{
    for (size_t i = 0; i < shared->workers; i++) {
        atomic_store_explicit(&shared->abandoned[i], ring_done(shared->lanes[i].commands),
                              memory_order_release);
        shared_wake_worker(shared, i);
    }
}

/* Workers see to it that not much more waits. */
static void set_pace(struct ledger *ledger, uint32_t most)
{
    ledger->most = most;
    atomic_store_explicit(&ledger->shared->state->batch_most, most, memory_order_relaxed);
}

/* Where the batch is of sweeping alone, the rings are as they were. */
static bool settled_cb(void *context)
{
    struct ledger *ledger = context;
    return (ledger->commands == 0 && ledger->decisions == 0) || ledger_put_positions(ledger);
}

struct ledger *ledger_new(struct shared *shared, struct store *store, struct log_writer *log,
                          const struct ledger_options *options, struct error *error)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    *ledger = (struct ledger){.shared = shared, .store = store, .log = log, .options = *options};
    set_pace(ledger, PACE_LEAST);
    arena_create(&ledger->arena, ARENA_BLOCK);
    ledger->lanes = calloc(shared->workers, sizeof *ledger->lanes);
    ledger->healed = calloc(CLAIMS_PLACES, sizeof *ledger->healed);
    ledger->options.heal_ms = options->heal_ms > 0 ? options->heal_ms : HEAL_MS;
    ledger->options.batch.notes_erased = ledger_may_log_know(ledger);
    ledger->options.batch.settled = settled_cb;
    ledger->options.batch.context = ledger;
    ledger->batch = batch_new(store, &ledger->options.batch);
    if (ledger->lanes == NULL || ledger->healed == NULL || ledger->batch == NULL)
        error_set(error, ERROR_INTERNAL, "out of memory");
    else if (ledger_load_positions(ledger, error) && ledger_find_logged(ledger, error) &&
             ledger_resume_erasures(ledger, error)) {
        ledger_release(ledger); /* what was written down, and not given back */
        succeed(shared);
        return ledger;
    }
    ledger_free(ledger);
    return NULL;
}

void ledger_free(struct ledger *ledger)
{
    ledger_forget_erasures(ledger);
    if (ledger->batch != NULL)
        batch_free(ledger->batch);
    arena_destroy(&ledger->arena);
    free(ledger->lanes);
    free(ledger->refusals);
    free(ledger->healed);
    free(ledger);
}

void ledger_set_site(struct ledger *ledger, const struct snapshot *site)
{
    batch_set_site(ledger->batch, site);
    ledger->has_site = true;
    atomic_store_explicit(&ledger->shared->state->ledger_serves, true, memory_order_release);
}

/* Said when it begins and when it ends, not with every batch. */
static void report(struct ledger *ledger, const struct error *error)
{
    if (error != NULL && !ledger->failing)
        log_error("nothing can be written down", LOG_TEXT("error", error->message));
    if (error == NULL && ledger->failing)
        log_notice("written down again");
    ledger->failing = error != NULL;
}

static void count(struct ledger *ledger, bool written)
{
    struct metrics_slot *slot = ledger->options.metrics;
    metrics_add(slot, written ? METRICS_batches : METRICS_batches_refused, 1);
    if (!written)
        return;
    metrics_add(slot, METRICS_commands_written, ledger->commands);
    metrics_add(slot, METRICS_decisions_written, ledger->decisions);
}

static void done_cb(void *context, const struct error *error)
{
    struct ledger *ledger = context;
    ledger->running = false;
    ledger->behind = error == NULL && batch_sweep_is_behind(ledger->batch);
    report(ledger, error);
    count(ledger, error == NULL);
    set_pace(ledger, ledger_pace(ledger->most, ledger->commands, clock_monotonic_ms() - ledger->began_ms,
                                 batch_bytes(ledger->batch)));
    if (error == NULL)
        ledger_note_forgotten(ledger);
    ledger_push_outcomes(ledger);
    ledger_settle_erased(ledger, error == NULL);
    if (error == NULL) {
        ledger_release(ledger);
    } else {
        ledger->retry_ms = clock_monotonic_ms() + RETRY_MS;
        ledger_take_back(ledger);
    }
    ledger_wake_workers(ledger);
}

/*
 * What is there goes through the store, with a look at what has to be cleared up; but not before there is a
 * site, whose rules say what has to be kept.
 */
static void run(struct ledger *ledger, const struct sweeping *sweep)
{
    bool empty = ledger->commands == 0 && ledger->decisions == 0;
    if (ledger->log != NULL)
        log_writer_flush(ledger->log, clock_monotonic_ms());
    ledger_put_erased(ledger);
    if (ledger->has_site)
        batch_add_sweep(ledger->batch, sweep->due, sweep->round);
    ledger->running = true;
    ledger->began_ms = clock_monotonic_ms();
    if (!empty)
        ledger->ran_ms = ledger->began_ms;
    batch_run(ledger->batch, clock_wall_us() / 1000, done_cb, ledger);
}

/* The first decision after a quiet time is written down as quickly as an event, those that follow together.
 */
static uint64_t decisions_due_ms(const struct ledger *ledger, uint64_t now_ms)
{
    uint64_t soon_ms = ledger->decided_ms + ledger->options.batch_ms;
    uint64_t apart_ms = ledger->ran_ms + DECISIONS_MS;
    uint64_t late_ms = ledger->decided_ms + DECISIONS_MS;
    if (ledger->decisions >= DECISIONS_MOST)
        return now_ms;
    soon_ms = soon_ms > apart_ms ? soon_ms : apart_ms;
    return soon_ms < late_ms ? soon_ms : late_ms;
}

/* In how many milliseconds the batch is due; 0: now; UINT32_MAX: there is none. */
static uint32_t due_in(const struct ledger *ledger, uint64_t now_ms)
{
    uint64_t due_ms = UINT64_MAX;
    if (ledger->commands >= ledger->options.batch_events ||
        (ledger->erased != NULL && now_ms >= ledger->retry_ms))
        return 0;
    if (ledger->decisions > 0)
        due_ms = decisions_due_ms(ledger, now_ms);
    if (ledger->decisions > 0 && due_ms < ledger->retry_ms)
        due_ms = ledger->retry_ms;
    if (ledger->commands > 0 && ledger->since_ms + ledger->options.batch_ms < due_ms)
        due_ms = ledger->since_ms + ledger->options.batch_ms;
    if (due_ms == UINT64_MAX)
        return UINT32_MAX;
    return due_ms > now_ms ? (uint32_t)(due_ms - now_ms) : 0;
}

static bool is_time(uint64_t *last_ms, uint64_t now_ms, uint64_t period_ms)
{
    if (now_ms - *last_ms < period_ms)
        return false;
    *last_ms = now_ms;
    return true;
}

/* What has to be done now and then also while batch follows batch. */
static void tend(struct ledger *ledger)
{
    store_tend(ledger->store);
    if (ledger->log != NULL)
        log_writer_tend(ledger->log, clock_wall_us());
    if (ledger->owes && ledger->erasures == NULL && !ledger_resume_erasures(ledger, NULL))
        log_error("out of memory for an erasure");
}

/* Where the last sweep left something that is over, the next one follows soon, and looks at little else. */
static void sweep_idle(struct ledger *ledger, uint64_t now_ms)
{
    if (is_time(&ledger->swept_ms, now_ms, ledger->behind ? SWEEP_BEHIND_MS : SWEEP_MS))
        run(ledger, ledger->behind ? &behind : &idle);
}

/* Claims are healed only by whoever knows that nothing waits to be settled. */
static void keep_house(struct ledger *ledger, uint64_t now_ms)
{
    if (ledger->commands > 0 || ledger->decisions > 0)
        return;
    if (!ledger->failing && is_time(&ledger->healed_ms, now_ms, ledger->options.heal_ms))
        claims_heal(ledger->shared->claims, ledger->healed);
    sweep_idle(ledger, now_ms);
}

/* The word has to stand before the rings are looked at once more: whoever pushes looks the other way round.
 */
static bool fall_asleep(struct ledger *ledger, enum shared_sleep how)
{
    atomic_store(&ledger->shared->state->ledger_sleep, how);
    atomic_thread_fence(memory_order_seq_cst);
    for (size_t i = 0; i < ledger->shared->workers; i++) {
        const struct shared_lane *lane = &ledger->shared->lanes[i];
        if (ring_end(lane->commands) != ledger->lanes[i].commands ||
            (how == SHARED_SLEEPING && ring_end(lane->decisions) != ledger->lanes[i].decisions)) {
            atomic_store(&ledger->shared->state->ledger_sleep, SHARED_AWAKE);
            return false;
        }
    }
    return true;
}

static bool collect(struct ledger *ledger, uint64_t now_ms)
{
    ledger_settle_forgotten(ledger);
    return ledger_collect(ledger, now_ms);
}

/* Collects and writes as long as something is due; then in how many milliseconds the next look is. */
static uint32_t take_turn(struct ledger *ledger)
{
    uint64_t now_ms = clock_monotonic_ms();
    if (is_time(&ledger->tended_ms, now_ms, TEND_MS))
        tend(ledger);
    bool whole = collect(ledger, now_ms);
    uint32_t wait_ms = whole ? due_in(ledger, now_ms) : 0;
    ledger_wake_workers(ledger); /* those whose commands need no batch */
    if (wait_ms == 0)
        run(ledger, &along);
    else
        keep_house(ledger, now_ms);
    if (ledger->erasures == NULL)
        return wait_ms;
    ledger_erase_on(ledger);
    return 0;
}

uint32_t ledger_look(struct ledger *ledger)
{
    uint32_t wait_ms, most_ms;
    atomic_store(&ledger->shared->state->ledger_sleep, SHARED_AWAKE);
    if (ledger->running || !ledger->has_site)
        return SWEEP_MS;
    wait_ms = take_turn(ledger);
    if (wait_ms == 0 || ledger->running)
        return 0;
    if (!fall_asleep(ledger, wait_ms == UINT32_MAX ? SHARED_SLEEPING : SHARED_DOZING))
        return 0;
    most_ms = ledger->behind ? SWEEP_BEHIND_MS : SWEEP_MS;
    return wait_ms < most_ms ? wait_ms : most_ms;
}

void ledger_finish(struct ledger *ledger)
{
    bool more = !ledger->running && ledger->has_site;
    while (more) {
        uint64_t now_ms = clock_monotonic_ms();
        bool whole = collect(ledger, now_ms);
        more = due_in(ledger, now_ms) != UINT32_MAX;
        if (more)
            run(ledger, &along);
        more = more && whole && !ledger->running && !ledger->failing;
    }
    ledger_wake_workers(ledger);
    while (ledger->erasures != NULL && !ledger->running)
        ledger_erase_on(ledger);
    if (ledger->erased != NULL && !ledger->running && !ledger->failing)
        run(ledger, &along);
}

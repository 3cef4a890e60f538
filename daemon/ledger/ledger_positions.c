/*
 * How far the rings are written down, and what of that was refused, kept in the store with every batch: a
 * ledger that ended between a commit and giving the rings back neither loses nor repeats anything, and the
 * next one tells what became of it.
 */
#include "ledger/keys.h"
#include "ledger/ledger_internal.h"

#include <stdlib.h>
#include <string.h>

static const struct text name = TEXT("rings");

/* The value: the incarnation of the shared memory, two positions for each worker, and refusals. */
enum { WORDS_BEFORE = 1, WORDS_EACH = 2 };

struct loading {
    struct ledger *ledger;
    const struct error *error; /* NULL: it went well */
    struct error copy;
};

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static size_t size_of_positions(const struct ledger *ledger)
{
    return (WORDS_BEFORE + WORDS_EACH * ledger->shared->workers) * sizeof(uint64_t);
}

/* What a dead ledger wrote is written still, though not all of it may have been collected again. */
static void put_positions(const struct ledger *ledger, uint64_t *words)
{
    words[0] = ledger->shared->state->incarnation;
    for (size_t i = 0; i < ledger->shared->workers; i++) {
        const struct ledger_lane *lane = &ledger->lanes[i];
        words[WORDS_BEFORE + WORDS_EACH * i] = larger(lane->commands, lane->written);
        words[WORDS_BEFORE + WORDS_EACH * i + 1] = lane->decisions;
    }
}

/* Those of dead ledgers whose commands are given back, so that they were answered. */
static void drop_old_refusals(struct ledger *ledger)
{
    size_t count = 0;
    for (size_t i = 0; i < ledger->refusal_count; i++) {
        const struct ledger_refusal *refusal = &ledger->refusals[i];
        if (refusal->ticket >= ring_done(ledger->shared->lanes[refusal->worker].commands))
            ledger->refusals[count++] = *refusal;
    }
    ledger->refusal_count = count;
}

static size_t count_refused(const struct batch_outcome *outcomes, size_t count)
{
    size_t refused = 0;
    for (size_t i = 0; i < count; i++)
        refused += !outcomes[i].outcome.accepted;
    return refused;
}

static void put_refused(const struct batch_outcome *outcomes, size_t count, struct ledger_refusal *refusals)
{
    for (size_t i = 0; i < count; i++) {
        const struct outcome *outcome = &outcomes[i].outcome;
        if (!outcome->accepted)
            *refusals++ =
                (struct ledger_refusal){outcome->ticket, outcomes[i].worker, (uint32_t)outcome->code};
    }
}

static void put_refusals(const struct ledger *ledger, const struct batch_outcome *outcomes, size_t count,
                         struct ledger_refusal *refusals)
{
    if (ledger->refusal_count > 0)
        memcpy(refusals, ledger->refusals, ledger->refusal_count * sizeof *refusals);
    put_refused(outcomes, count, refusals + ledger->refusal_count);
}

bool ledger_put_positions(struct ledger *ledger)
{
    size_t count, head = size_of_positions(ledger);
    const struct batch_outcome *outcomes = batch_outcomes(ledger->batch, &count);
    drop_old_refusals(ledger);
    size_t refusals = ledger->refusal_count + count_refused(outcomes, count);
    size_t length = head + refusals * sizeof(struct ledger_refusal);
    char *bytes = arena_allocate(&ledger->arena, length);
    if (bytes == NULL)
        return false;
    put_positions(ledger, (uint64_t *)(void *)bytes);
    put_refusals(ledger, outcomes, count, (struct ledger_refusal *)(void *)(bytes + head));
    return batch_put_meta(ledger->batch, name, (struct text){bytes, length});
}

/* ---- The next ledger ---- */

static uint64_t word_at(struct text value, size_t index)
{
    uint64_t word;
    memcpy(&word, value.bytes + index * sizeof word, sizeof word);
    return word;
}

static int compare(const void *left, const void *right)
{
    const struct ledger_refusal *a = left, *b = right;
    if (a->worker != b->worker)
        return a->worker < b->worker ? -1 : 1;
    return a->ticket == b->ticket ? 0 : a->ticket < b->ticket ? -1 : 1;
}

const struct ledger_refusal *ledger_find_refusal(const struct ledger *ledger, size_t worker, uint64_t ticket)
{
    const struct ledger_refusal wanted = {.ticket = ticket, .worker = (uint32_t)worker};
    if (ledger->refusal_count == 0)
        return NULL;
    return bsearch(&wanted, ledger->refusals, ledger->refusal_count, sizeof wanted, compare);
}

static bool use_refusals(struct ledger *ledger, struct text bytes)
{
    size_t count = bytes.length / sizeof *ledger->refusals;
    if (count == 0)
        return true;
    ledger->refusals = malloc(bytes.length);
    if (ledger->refusals == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct ledger_refusal *refusal = &ledger->refusals[ledger->refusal_count];
        memcpy(refusal, bytes.bytes + i * sizeof *refusal, sizeof *refusal);
        ledger->refusal_count += refusal->worker < ledger->shared->workers;
    }
    qsort(ledger->refusals, ledger->refusal_count, sizeof *ledger->refusals, compare);
    return true;
}

static void use_positions(struct ledger *ledger, struct text value)
{
    for (size_t i = 0; i < ledger->shared->workers; i++) {
        struct ledger_lane *lane = &ledger->lanes[i];
        lane->written = word_at(value, WORDS_BEFORE + WORDS_EACH * i);
        lane->decisions = larger(lane->decisions, word_at(value, WORDS_BEFORE + WORDS_EACH * i + 1));
        lane->logged = lane->recorded = lane->decisions;
    }
}

/* False: out of memory. What another memory's ledger left means nothing. */
static bool use(struct ledger *ledger, struct text value)
{
    size_t head = size_of_positions(ledger);
    if (value.length < head || (value.length - head) % sizeof(struct ledger_refusal) != 0 ||
        word_at(value, 0) != ledger->shared->state->incarnation)
        return true;
    use_positions(ledger, value);
    return use_refusals(ledger, (struct text){value.bytes + head, value.length - head});
}

static void loaded_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct loading *loading = context;
    (void)count;
    if (error != NULL) {
        loading->copy = *error;
        loading->error = &loading->copy;
        return;
    }
    loading->error = NULL;
    if (values[0].bytes != NULL && !use(loading->ledger, values[0])) {
        error_set(&loading->copy, ERROR_INTERNAL, "out of memory");
        loading->error = &loading->copy;
    }
}

/* The first thing a ledger does, before it serves: it needs a store that answers at once. */
bool ledger_load_positions(struct ledger *ledger, struct error *error)
{
    struct loading loading = {.ledger = ledger};
    struct key key;
    loading.error = &loading.copy;
    error_set(&loading.copy, ERROR_UNAVAILABLE, "the store does not answer");
    for (size_t i = 0; i < ledger->shared->workers; i++) {
        struct ledger_lane *lane = &ledger->lanes[i];
        lane->commands = ring_done(ledger->shared->lanes[i].commands);
        lane->decisions = lane->recorded = lane->logged = ring_done(ledger->shared->lanes[i].decisions);
    }
    key_meta(&key, name);
    struct text text = key_text(&key);
    store_read(ledger->store, &text, 1, loaded_cb, &loading);
    if (loading.error != NULL && error != NULL)
        *error = *loading.error;
    return loading.error == NULL;
}

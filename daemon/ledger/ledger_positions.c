/*
 * How far the rings are written down, kept in the store with every batch: a ledger that ended between a
 * commit and giving the rings back neither loses nor repeats anything.
 */
#include "ledger/keys.h"
#include "ledger/ledger_internal.h"

#include <string.h>

static const struct text name = TEXT("rings");

/* The value: the incarnation of the shared memory, then two positions for each worker. */
enum { WORDS_BEFORE = 1, WORDS_EACH = 2 };

struct loading {
    struct ledger *ledger;
    const struct error *error; /* NULL: it went well */
    struct error copy;
};

bool ledger_put_positions(struct ledger *ledger)
{
    size_t workers = ledger->shared->workers;
    uint64_t *words = arena_allocate(&ledger->arena, (WORDS_BEFORE + WORDS_EACH * workers) * sizeof *words);
    if (words == NULL)
        return false;
    words[0] = ledger->shared->state->incarnation;
    for (size_t i = 0; i < workers; i++) {
        words[WORDS_BEFORE + WORDS_EACH * i] = ledger->lanes[i].commands;
        words[WORDS_BEFORE + WORDS_EACH * i + 1] = ledger->lanes[i].decisions;
    }
    struct text value = {(const char *)words, (WORDS_BEFORE + WORDS_EACH * workers) * sizeof *words};
    return batch_put_meta(ledger->batch, name, value);
}

static uint64_t word_at(struct text value, size_t index)
{
    uint64_t word;
    memcpy(&word, value.bytes + index * sizeof word, sizeof word);
    return word;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void use(struct ledger *ledger, struct text value)
{
    size_t workers = ledger->shared->workers;
    if (value.length != (WORDS_BEFORE + WORDS_EACH * workers) * sizeof(uint64_t) ||
        word_at(value, 0) != ledger->shared->state->incarnation)
        return;
    for (size_t i = 0; i < workers; i++) {
        struct ledger_lane *lane = &ledger->lanes[i];
        lane->written = word_at(value, WORDS_BEFORE + WORDS_EACH * i);
        lane->decisions = larger(lane->decisions, word_at(value, WORDS_BEFORE + WORDS_EACH * i + 1));
        lane->logged = lane->recorded = lane->decisions;
    }
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
    if (values[0].bytes != NULL)
        use(loading->ledger, values[0]);
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

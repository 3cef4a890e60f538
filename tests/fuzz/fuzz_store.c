/*
 * The ledger over a store with anything in it: records, aliases, ids of events, timers, stock, promises.
 * Every command gets its outcome, an event is counted once, who is erased is gone, and clearing up ends. The
 * first byte of an input says what to ask for first; then come keys and values.
 */
#include "flow/engine_builder.h"
#include "fuzz.h"
#include "ledger/batch.h"
#include "ledger/keys.h"
#include "ledger/profile.h"
#include "store_input.h"

enum { ENTRIES_MOST = 32, SWEPT = 64, SWEEPS_MOST = 64 };

static const int64_t now_ms = 1790000000000;

static void ran_cb(void *context, const struct error *error)
{
    (void)context;
    REQUIRE(error == NULL);
}

/* Its outcome; texts live until the next call. */
static struct outcome run(struct batch *batch, const struct command *command)
{
    size_t count;
    batch_clear(batch);
    REQUIRE(batch_add_command(batch, 0, 1, command));
    batch_run(batch, now_ms, ran_cb, NULL);
    const struct batch_outcome *outcomes = batch_outcomes(batch, &count);
    REQUIRE(count == 1);
    return outcomes[0].outcome;
}

static struct command command_of(enum command_type type)
{
    return (struct command){
        .type = type, .at_ms = now_ms, .received_ms = now_ms, .customer = TEXT("ana"), .name = TEXT("")};
}

static void track_twice(struct batch *batch)
{
    struct command command = command_of(COMMAND_TRACK);
    command.name = TEXT("click");
    command.id = TEXT("event");
    command.offer = TEXT("guide");
    struct outcome once = run(batch, &command), twice = run(batch, &command);
    REQUIRE(once.code == twice.code);
    if (once.code == ERROR_NONE && once.accepted)
        REQUIRE(twice.duplicate);
}

static void identify(struct batch *batch)
{
    struct command command = command_of(COMMAND_IDENTIFY);
    command.id = TEXT("anon");
    struct outcome once = run(batch, &command), twice = run(batch, &command);
    REQUIRE(once.code == twice.code);
}

static void set(struct batch *batch)
{
    struct command command = command_of(COMMAND_SET);
    command.properties = TEXT("\x81\xa1k\x01");
    command.consents = TEXT("\x81\xa1m\xc3");
    run(batch, &command);
}

static void restrict_customer(struct batch *batch)
{
    struct command command = command_of(COMMAND_RESTRICT);
    command.restricted = true;
    run(batch, &command);
}

static void flush(struct batch *batch)
{
    struct command command = command_of(COMMAND_FLUSH);
    REQUIRE(run(batch, &command).code == ERROR_NONE);
}

static void read_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    REQUIRE(error == NULL && count == 1);
    *(bool *)context = values[0].bytes != NULL;
}

/* Nothing is left of whom the ledger says it erased. */
static void erase(struct batch *batch, struct store *store)
{
    struct command command = command_of(COMMAND_ERASE);
    struct key key;
    bool there = false;
    struct outcome outcome = run(batch, &command);
    key_customer(&key, command.customer);
    struct text text = key_text(&key);
    store_read(store, &text, 1, read_cb, &there);
    REQUIRE(outcome.code != ERROR_NONE || !there);
}

static void sweep(struct batch *batch)
{
    unsigned sweeps = 0;
    do {
        batch_clear(batch);
        batch_add_sweep(batch, SWEPT, SWEPT);
        batch_run(batch, now_ms, ran_cb, NULL);
    } while (batch_sweep_is_behind(batch) && ++sweeps < SWEEPS_MOST);
    REQUIRE(sweeps < SWEEPS_MOST);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct batch_options options = {
        .reserve_ms = 300000, .keep_ms = INT64_C(30) * 86400000, .id_ms = 86400000, .notes_erased = true};
    static void (*const asks[])(struct batch *) = {track_twice,       identify, set,
                                                   restrict_customer, flush,    sweep};
    enum { ASKS = sizeof asks / sizeof *asks };
    struct input input = {bytes, length};
    unsigned first = (unsigned)input_number(&input, 1);
    struct store *store = store_input_open(&input, TEXT(""), ENTRIES_MOST);
    struct batch *batch = batch_new(store, &options);
    REQUIRE(batch != NULL);
    batch_set_site(batch, store_input_site());
    for (unsigned i = 0; i < ASKS; i++)
        asks[(first + i) % ASKS](batch);
    erase(batch, store);
    sweep(batch);
    batch_free(batch);
    store_close(store);
    return 0;
}

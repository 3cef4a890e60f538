/* A batch on a store with moods; see batch_builder.h. */
#include "batch_builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../cmocka_all.h"
#include "../decide/site_builder.h"

/* ---- The store ---- */

static struct moody_store *moody_of(struct store *store)
{
    return (struct moody_store *)store;
}

static const struct error refusal = {ERROR_UNAVAILABLE, "the store is in a bad mood"};

static void answer(struct moody_store *moody, void (*ask)(struct moody_store *))
{
    if (moody->answers_later) {
        assert_null(moody->later);
        moody->later = ask;
    } else {
        ask(moody);
    }
}

static void read_now(struct moody_store *moody)
{
    if (moody->refuses_reads)
        moody->read(moody->context, NULL, 0, &refusal);
    else
        store_read(moody->inner, moody->keys, moody->count, moody->read, moody->context);
}

static void moody_read(struct store *store, const struct text *keys, size_t count, store_read_cb done,
                       void *context)
{
    struct moody_store *moody = moody_of(store);
    moody->keys = keys;
    moody->count = count;
    moody->read = done;
    moody->context = context;
    moody->reads++;
    moody->keys_read += (unsigned)count;
    answer(moody, read_now);
}

static void scan_now(struct moody_store *moody)
{
    if (moody->refuses_reads)
        moody->done(moody->context, &refusal);
    else
        store_scan(moody->inner, moody->from, moody->prefix, moody->count, moody->entry, moody->done,
                   moody->context);
}

static void moody_scan(struct store *store, struct text from, struct text prefix, size_t most,
                       store_entry_cb entry, store_done_cb done, void *context)
{
    struct moody_store *moody = moody_of(store);
    moody->from = from;
    moody->prefix = prefix;
    moody->count = most;
    moody->entry = entry;
    moody->done = done;
    moody->context = context;
    moody->scans++;
    answer(moody, scan_now);
}

static void write_now(struct moody_store *moody)
{
    if (moody->refuses_writes)
        moody->done(moody->context, &refusal);
    else
        store_write(moody->inner, moody->writes, moody->count, moody->done, moody->context);
}

static void moody_write(struct store *store, const struct store_write *writes, size_t count,
                        store_done_cb done, void *context)
{
    struct moody_store *moody = moody_of(store);
    moody->writes = writes;
    moody->count = count;
    moody->done = done;
    moody->context = context;
    moody->writes_done++;
    moody->values_written += (unsigned)count;
    answer(moody, write_now);
}

static void moody_tend(struct store *store)
{
    moody_of(store)->tends++;
    store_tend(moody_of(store)->inner);
}

static const struct store_kind moody_kind = {
    .read = moody_read, .scan = moody_scan, .write = moody_write, .tend = moody_tend};

/* ---- The site ---- */

static struct stage *add_stage(struct snapshot *site, const char *name, double silent_days)
{
    struct stage *stage = site_add_stage(site, name);
    stage->leave_after = silent_days * BATCHING_DAY / 1000;
    return stage;
}

static void add_rule(struct snapshot *site, struct stage *stage, const char *event)
{
    struct enter_rule *rule = arena_allocate_zeroed(&site->arena, 1, sizeof *rule);
    assert_non_null(rule);
    *rule = (struct enter_rule){.event = text_from(event),
                                .times = 1,
                                .within = INFINITY,
                                .hash = (uint64_t)(stage - site->stages) + 1};
    stage->enter = rule;
    stage->enter_count = 1;
}

static void add_journeys(struct snapshot *site)
{
    site_add_journey(site, "walk");
    add_stage(site, "start", 30);
    struct stage *look = add_stage(site, "look", 20);
    add_rule(site, look, "view");
    look->re_enters = true;
    look->cool_down = 5.0 * BATCHING_DAY / 1000;
    add_rule(site, add_stage(site, "buy", 10), "purchase");
    site_add_journey(site, "club");
    add_rule(site, add_stage(site, "join", 50), "sign_up");
    add_rule(site, add_stage(site, "member", 0), "pay");
}

static struct snapshot *new_site(void)
{
    struct snapshot *site = site_new();
    site_add_locale(site, "en");
    site_add_kind(site, "guide", 0.0);
    add_journeys(site);
    site_add_placement(site, "hero", 1);
    site_add_offer(site, "map", 1.0);
    struct offer *ticket = site_add_offer(site, "ticket", 1.0);
    ticket->stocked = true;
    ticket->stock = 5;
    struct offer *seat = site_add_offer(site, "seat", 1.0);
    seat->stocked = true;
    seat->stock = 3;
    site->time_zone = TEXT("UTC");
    site_finish(site);
    return site;
}

/* ---- Running ---- */

int batching_setup(void **state)
{
    struct batching *batching = calloc(1, sizeof *batching);
    struct error error;
    if (batching == NULL)
        return -1;
    const struct batch_options options = {.reserve_ms = BATCHING_RESERVE,
                                          .keep_ms = INT64_C(400) * BATCHING_DAY,
                                          .id_ms = INT64_C(7) * BATCHING_DAY};
    batching->moody.store.kind = &moody_kind;
    batching->moody.inner = store_memory_open(&error);
    batching->site = new_site();
    batching->batch = batch_new(&batching->moody.store, &options);
    if (batching->moody.inner == NULL || batching->batch == NULL)
        return -1;
    batch_set_site(batching->batch, batching->site);
    batching->now_ms = BATCHING_NOW;
    buffer_create(&batching->payload);
    arena_create(&batching->arena, 4096);
    *state = batching;
    return 0;
}

int batching_teardown(void **state)
{
    struct batching *batching = *state;
    batch_free(batching->batch);
    store_close(batching->moody.inner);
    snapshot_free(batching->site);
    buffer_destroy(&batching->payload);
    arena_destroy(&batching->arena);
    free(batching);
    return 0;
}

static void done_cb(void *context, const struct error *error)
{
    struct batching *batching = context;
    batching->runs++;
    batching->error = (struct error){.code = ERROR_NONE};
    if (error != NULL)
        batching->error = *error;
}

bool batching_run(struct batching *batching)
{
    struct moody_store *moody = &batching->moody;
    unsigned runs = batching->runs;
    batch_run(batching->batch, batching->now_ms, done_cb, batching);
    while (moody->later != NULL) {
        void (*later)(struct moody_store *) = moody->later;
        moody->later = NULL;
        assert_int_equal(batching->runs, runs);
        later(moody);
    }
    assert_int_equal(batching->runs, runs + 1);
    return batching->error.code == ERROR_NONE;
}

struct outcome batching_do(struct batching *batching, const struct command *command)
{
    size_t count;
    assert_true(batch_add_command(batching->batch, 3, 77, command));
    batching_run(batching);
    const struct batch_outcome *outcomes = batch_outcomes(batching->batch, &count);
    assert_int_equal(count, 1);
    assert_int_equal(outcomes[0].worker, 3);
    assert_int_equal(outcomes[0].outcome.ticket, 77);
    struct outcome outcome = outcomes[0].outcome;
    buffer_clear(&batching->payload, SIZE_MAX);
    buffer_append(&batching->payload, outcome.payload.bytes, outcome.payload.length);
    outcome.payload = (struct text){batching->payload.bytes, batching->payload.length};
    batch_clear(batching->batch);
    return outcome;
}

struct command batching_command(const struct batching *batching, enum command_type type, const char *customer)
{
    return (struct command){.type = type,
                            .at_ms = batching->now_ms,
                            .received_ms = batching->now_ms,
                            .customer = text_from(customer)};
}

struct command batching_event(const struct batching *batching, const char *name, const char *customer,
                              const char *offer)
{
    struct command command = batching_command(batching, COMMAND_TRACK, customer);
    command.name = text_from(name);
    command.offer = text_from(offer);
    return command;
}

struct command batching_identify(const struct batching *batching, const char *anonymous, const char *customer)
{
    struct command command = batching_command(batching, COMMAND_IDENTIFY, customer);
    command.id = text_from(anonymous);
    return command;
}

struct outcome batching_track(struct batching *batching, const char *name, const char *customer,
                              const char *offer)
{
    struct command command = batching_event(batching, name, customer, offer);
    return batching_do(batching, &command);
}

const char *batching_decision(int64_t clock_us, uint64_t seed)
{
    static char text[DECISION_ID_LENGTH + 1];
    struct decision_id id = decision_id_of(clock_us, seed, TEXT("v1"));
    decision_id_write(&id, text);
    return text;
}

const char *batching_decide(struct batching *batching, const char *customer, const char *offer, uint64_t seed)
{
    struct text name = text_from(offer);
    struct record_item item = {
        .offer = name, .kind = TEXT("guide"), .stocked = !text_equal(name, TEXT("map")), .reserves = true};
    struct record record = {.clock_us = batching->now_ms * 1000,
                            .seed = seed,
                            .customer = text_from(customer),
                            .journey = TEXT("walk"),
                            .stage = TEXT("start"),
                            .items = &item,
                            .item_count = 1};
    assert_true(batch_add_record(batching->batch, &record));
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    return batching_decision(record.clock_us, seed);
}

void batching_sweep(struct batching *batching)
{
    batch_add_sweep(batching->batch, 1000, 1000);
    assert_true(batching_run(batching));
    assert_false(batch_sweep_is_behind(batching->batch));
    batch_clear(batching->batch);
}

/* ---- Looking ---- */

struct copy {
    struct arena *arena;
    struct text value;
};

static void copy_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct copy *copy = context;
    assert_null(error);
    assert_int_equal(count, 1);
    if (values[0].bytes == NULL)
        return;
    copy->value = (struct text){arena_copy(copy->arena, values[0].bytes, values[0].length), values[0].length};
    assert_non_null(copy->value.bytes);
}

static struct text get(struct batching *batching, const struct key *key)
{
    struct copy copy = {&batching->arena, {NULL, 0}};
    struct text name = key_text(key);
    store_read(batching->moody.inner, &name, 1, copy_cb, &copy);
    return copy.value;
}

const struct customer *batching_customer(struct batching *batching, const char *id)
{
    struct key key;
    key_customer(&key, text_from(id));
    struct text record = get(batching, &key);
    if (record.bytes == NULL || customer_record_alias(record).bytes != NULL)
        return NULL;
    struct customer *customer = arena_allocate(&batching->arena, sizeof *customer);
    assert_non_null(customer);
    assert_true(customer_decode(customer, &batching->arena, record, NULL));
    return customer;
}

struct text batching_alias(struct batching *batching, const char *id)
{
    struct key key;
    key_customer(&key, text_from(id));
    return customer_record_alias(get(batching, &key));
}

struct stock_count batching_stock(struct batching *batching, const char *offer)
{
    struct key key;
    key_stock(&key, text_from(offer));
    return stock_count_decode(get(batching, &key));
}

struct tally {
    const char *stage, *offer; /* whose; no stage: customers who stand nowhere; no offer: the stage's own */
    int64_t moves[FUNNEL_MOVES], touches[TOUCH_KINDS];
};

static bool tally_cb(void *context, struct text key, struct text value)
{
    struct tally *tally = context;
    struct funnel_row row;
    assert_true(funnel_row_decode(&row, key, value, NULL));
    if (!text_equal(row.names.stage, text_from(tally->stage)) ||
        !text_equal(row.names.offer, text_from(tally->offer)))
        return true;
    for (int i = 0; i < FUNNEL_MOVES; i++)
        tally->moves[i] += row.moves[i];
    for (int i = 0; i < TOUCH_KINDS; i++)
        tally->touches[i] += row.touches[i];
    return true;
}

static void scanned_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static void tally_rows(struct batching *batching, struct tally *tally)
{
    store_scan(batching->moody.inner, (struct text){NULL, 0}, TEXT("f"), SIZE_MAX, tally_cb, scanned_cb,
               tally);
}

const char *batching_moves(struct batching *batching, const char *stage)
{
    static char text[80];
    struct tally tally = {.stage = stage};
    tally_rows(batching, &tally);
    snprintf(text, sizeof text, "%d/%d/%d", (int)tally.moves[FUNNEL_ENTERED],
             (int)tally.moves[FUNNEL_ADVANCED], (int)tally.moves[FUNNEL_DROPPED]);
    return text;
}

const char *batching_touches(struct batching *batching, const char *stage, const char *offer)
{
    static char text[80];
    struct tally tally = {.stage = stage, .offer = offer};
    tally_rows(batching, &tally);
    const int64_t *touches = tally.touches;
    snprintf(text, sizeof text, "%d/%d/%d/%d/%d", (int)touches[TOUCH_DECISION],
             (int)touches[TOUCH_IMPRESSION], (int)touches[TOUCH_CLICK], (int)touches[TOUCH_DISMISSAL],
             (int)touches[TOUCH_CONVERSION]);
    return text;
}

static bool count_cb(void *context, struct text key, struct text value)
{
    (void)key;
    (void)value;
    ++*(size_t *)context;
    return true;
}

size_t batching_count_keys(struct batching *batching, char kind)
{
    size_t count = 0;
    struct text prefix = {&kind, kind == 0 ? 0 : 1};
    store_scan(batching->moody.inner, (struct text){NULL, 0}, prefix, SIZE_MAX, count_cb, scanned_cb, &count);
    return count;
}

struct search {
    struct text bytes;
    bool found;
};

static bool search_cb(void *context, struct text key, struct text value)
{
    struct search *search = context;
    search->found |= memmem(key.bytes, key.length, search->bytes.bytes, search->bytes.length) != NULL;
    search->found |= value.length > 0 &&
                     memmem(value.bytes, value.length, search->bytes.bytes, search->bytes.length) != NULL;
    return !search->found;
}

bool batching_contains(struct batching *batching, struct text bytes)
{
    struct search search = {bytes, false};
    store_scan(batching->moody.inner, (struct text){NULL, 0}, (struct text){NULL, 0}, SIZE_MAX, search_cb,
               scanned_cb, &search);
    return search.found;
}

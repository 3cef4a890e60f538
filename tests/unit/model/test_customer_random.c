/*
 * Customers against a plain list of everything that ever happened: thousands of steps by chance, where
 * counts, windows, joins, compaction and records have to agree with the list.
 *
 * There are fewer names than the bounds, and the list is asked for the newest CUSTOMER_MOMENTS_MOST of an
 * event: what is forgotten beyond the bounds has tests of its own.
 */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/random.h"
#include "customer_builder.h"

enum {
    HISTORIES = 12,
    STEPS = 2500,
    NAMES = 12,           /* of offers, events and rules each */
    KINDS = 3,            /* of offers */
    SPAN_MS = 100000,     /* of a history; short, so that many things share a moment */
    KEEP_MS = 40000,      /* what compaction has to keep */
    RESERVED_MS = 3000,   /* how long reservations are open */
    CHECK_EVERY = 50,     /* steps */
    TIMES_OF_RULE = 4,    /* matches that a rule wants */
    HAPPENED_MOST = STEPS /* entries of a list */
};

enum what { EVENT, TOUCH, RESERVED, MATCH };

/* One entry of the list. */
struct happened {
    enum what what;
    unsigned name;         /* number of the event, offer or rule */
    enum touch_kind touch; /* of TOUCH */
    uint64_t decision;     /* of RESERVED */
    int64_t at_ms;
};

struct oracle {
    struct happened *list;
    unsigned count;
    int64_t now_ms; /* the clock */
};

static unsigned pick(struct random_state *random, unsigned below)
{
    return (unsigned)(random_next(random) >> 33) % below;
}

static struct text offer_name(struct arena *arena, unsigned number)
{
    return builder_name(arena, "offer", number);
}

static struct text kind_name(struct arena *arena, unsigned offer)
{
    return builder_name(arena, "kind", offer % KINDS);
}

/* Mostly now, often late, sometimes ahead of the clock. */
static int64_t pick_time(struct random_state *random, int64_t now_ms)
{
    unsigned how = pick(random, 10);
    if (how < 6)
        return now_ms;
    return how < 9 ? now_ms - pick(random, SPAN_MS) : now_ms + pick(random, 100);
}

static void apply(struct customer *customer, struct arena *arena, const struct happened *step)
{
    struct text offer = offer_name(arena, step->name), kind = kind_name(arena, step->name);
    switch (step->what) {
    case EVENT:
        assert_true(customer_add_event(customer, builder_name(arena, "event", step->name), step->at_ms, 2));
        break;
    case TOUCH:
        assert_true(customer_add_touch(customer, offer, kind, step->touch, step->at_ms));
        break;
    case RESERVED:
        assert_true(customer_add_reservation(customer, step->decision, offer, kind, step->at_ms));
        break;
    case MATCH:
        assert_true(customer_add_progress(customer, step->name, step->at_ms, TIMES_OF_RULE));
        break;
    }
}

static void step(struct oracle *oracle, struct customer *customer, struct arena *arena,
                 struct random_state *random)
{
    static const enum what whats[] = {EVENT, EVENT, TOUCH, TOUCH, TOUCH, TOUCH, RESERVED, MATCH};
    struct happened new = {.what = whats[pick(random, 8)], .name = pick(random, NAMES)};
    oracle->now_ms += pick(random, 2 * SPAN_MS / STEPS);
    new.touch = (enum touch_kind)pick(random, TOUCH_KINDS);
    new.decision = random_next(random);
    new.at_ms = pick_time(random, oracle->now_ms);
    oracle->list[oracle->count++] = new;
    apply(customer, arena, &new);
}

static unsigned count_list(const struct oracle *oracle, struct happened like, unsigned modulo,
                           int64_t within_ms)
{
    unsigned count = 0;
    for (unsigned i = 0; i < oracle->count; i++) {
        const struct happened *entry = &oracle->list[i];
        count += entry->what == like.what && entry->name % modulo == like.name % modulo &&
                 entry->touch == (like.what == TOUCH ? like.touch : entry->touch) &&
                 (within_ms == 0 || entry->at_ms > oracle->now_ms - within_ms);
    }
    return count;
}

static void check_events(const struct oracle *oracle, const struct customer *customer, struct arena *arena,
                         int64_t within_ms)
{
    for (unsigned name = 0; name < NAMES; name++) {
        unsigned count = count_list(oracle, (struct happened){.what = EVENT, .name = name}, NAMES, within_ms);
        if (within_ms != 0 && count > CUSTOMER_MOMENTS_MOST)
            count = CUSTOMER_MOMENTS_MOST;
        assert_int_equal(
            customer_count_events(customer, builder_name(arena, "event", name), within_ms, oracle->now_ms),
            count);
    }
}

static void check_touches(const struct oracle *oracle, const struct customer *customer, struct arena *arena,
                          int64_t within_ms)
{
    struct happened like = {.what = TOUCH};
    for (unsigned touch = 0; touch < TOUCH_KINDS; touch++) {
        like.touch = (enum touch_kind)touch;
        for (like.name = 0; like.name < NAMES; like.name++)
            assert_int_equal(customer_count_touches(customer, like.touch, offer_name(arena, like.name),
                                                    within_ms, oracle->now_ms),
                             count_list(oracle, like, NAMES, within_ms));
        for (like.name = 0; like.name < KINDS; like.name++)
            assert_int_equal(customer_count_touches(customer, like.touch, kind_name(arena, like.name),
                                                    within_ms, oracle->now_ms),
                             count_list(oracle, like, KINDS, within_ms));
    }
}

static void check_windows(const struct oracle *oracle, const struct customer *customer, struct arena *arena,
                          int64_t longest_ms, struct random_state *random)
{
    const int64_t windows[] = {0, 1, longest_ms, 1 + pick(random, (unsigned)longest_ms)};
    for (unsigned i = 0; i < sizeof windows / sizeof *windows; i++) {
        check_events(oracle, customer, arena, windows[i]);
        check_touches(oracle, customer, arena, windows[i]);
    }
}

static int64_t latest(const struct oracle *oracle, enum what what)
{
    int64_t latest_ms = 0;
    for (unsigned i = 0; i < oracle->count; i++)
        if (oracle->list[i].what == what && oracle->list[i].at_ms > latest_ms)
            latest_ms = oracle->list[i].at_ms;
    return latest_ms;
}

static void check_totals(const struct oracle *oracle, const struct customer *customer)
{
    double value = 0;
    uint64_t events = 0;
    for (uint32_t i = 0; i < customer->event_count; i++) {
        value += customer->events[i].value;
        events += customer->events[i].count;
    }
    assert_int_equal(events, count_list(oracle, (struct happened){.what = EVENT}, 1, 0));
    assert_true(value == 2.0 * (double)events);
    assert_int_equal(customer->last_ms, latest(oracle, EVENT));
}

/* Reservations that are still open, one by one. */
static void check_reservations(const struct oracle *oracle, const struct customer *customer)
{
    unsigned open = 0;
    for (unsigned i = 0; i < oracle->count; i++) {
        const struct happened *entry = &oracle->list[i];
        if (entry->what != RESERVED || entry->at_ms <= oracle->now_ms - RESERVED_MS)
            continue;
        unsigned found = 0;
        for (uint32_t j = 0; j < customer->reservation_count; j++)
            found += customer->reservations[j].decision == entry->decision;
        assert_int_equal(found, 1);
        open++;
    }
    unsigned kept = 0;
    for (uint32_t i = 0; i < customer->reservation_count; i++)
        kept += customer->reservations[i].at_ms > oracle->now_ms - RESERVED_MS;
    assert_int_equal(kept, open);
}

static int compare_times(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The newest matches of each rule, in order. */
static void check_progress(const struct oracle *oracle, const struct customer *customer)
{
    static int64_t times[HAPPENED_MOST];
    for (uint32_t i = 0; i < customer->progress_count; i++) {
        const struct customer_progress *progress = &customer->progress[i];
        unsigned count = 0;
        for (unsigned j = 0; j < oracle->count; j++)
            if (oracle->list[j].what == MATCH && oracle->list[j].name == progress->rule)
                times[count++] = oracle->list[j].at_ms;
        qsort(times, count, sizeof *times, compare_times);
        unsigned kept = count < TIMES_OF_RULE ? count : TIMES_OF_RULE;
        assert_int_equal(progress->count, kept);
        assert_memory_equal(progress->times_ms, times + count - kept, kept * sizeof *times);
    }
}

static void check(const struct oracle *oracle, const struct customer *customer, struct arena *arena,
                  int64_t longest_ms, struct random_state *random)
{
    builder_assert_sound(customer);
    check_windows(oracle, customer, arena, longest_ms, random);
    check_totals(oracle, customer);
    check_reservations(oracle, customer);
}

/* Through a record and back; the same bytes when written again. The record lives in the arena. */
static void reread(struct customer *customer, struct arena *arena)
{
    struct error error;
    struct text record = builder_record(customer);
    struct text kept = {arena_copy(arena, record.bytes, record.length), record.length};
    free((void *)record.bytes);
    assert_true(customer_decode(customer, arena, kept, &error));
    struct text again = builder_record(customer);
    assert_int_equal(again.length, kept.length);
    assert_memory_equal(again.bytes, kept.bytes, kept.length);
    free((void *)again.bytes);
}

static void oracle_create(struct oracle *oracle, struct arena *arena)
{
    *oracle = (struct oracle){.now_ms = BUILDER_NOW};
    oracle->list = arena_allocate(arena, 2 * HAPPENED_MOST * sizeof *oracle->list);
    assert_non_null(oracle->list);
}

/* Records come in between, as they do between batches. */
static void test_customer_random_history_agrees_with_a_list(void **state)
{
    struct builder_fixture *fixture = *state;
    struct oracle oracle;
    for (unsigned seed = 0; seed < HISTORIES; seed++) {
        struct random_state random = {seed};
        oracle_create(&oracle, &fixture->arena);
        customer_create(&fixture->customer, &fixture->arena, TEXT("maria"), BUILDER_NOW);
        for (unsigned i = 0; i < STEPS; i++) {
            step(&oracle, &fixture->customer, &fixture->arena, &random);
            if (pick(&random, 20) == 0)
                reread(&fixture->customer, &fixture->arena);
            if (i % (STEPS / 10) == 0 || i < CHECK_EVERY)
                check(&oracle, &fixture->customer, &fixture->arena, SPAN_MS, &random);
        }
        check(&oracle, &fixture->customer, &fixture->arena, SPAN_MS, &random);
        check_progress(&oracle, &fixture->customer);
    }
}

/* Whenever it is compacted, no answer within what is kept changes, then or later. */
static void test_customer_random_compaction_changes_no_answer(void **state)
{
    struct builder_fixture *fixture = *state;
    struct oracle oracle;
    uint32_t forgotten = 0;
    for (unsigned seed = 100; seed < 100 + HISTORIES; seed++) {
        struct random_state random = {seed};
        oracle_create(&oracle, &fixture->arena);
        customer_create(&fixture->customer, &fixture->arena, TEXT("maria"), BUILDER_NOW);
        for (unsigned i = 0; i < STEPS; i++) {
            step(&oracle, &fixture->customer, &fixture->arena, &random);
            uint32_t touches = fixture->customer.touch_count;
            if (pick(&random, 10) == 0)
                customer_compact(&fixture->customer, oracle.now_ms, KEEP_MS, RESERVED_MS);
            forgotten += touches - fixture->customer.touch_count;
            if (i % (STEPS / 10) == 0)
                check(&oracle, &fixture->customer, &fixture->arena, KEEP_MS, &random);
        }
        check(&oracle, &fixture->customer, &fixture->arena, KEEP_MS, &random);
        check_progress(&oracle, &fixture->customer);
        reread(&fixture->customer, &fixture->arena);
    }
    assert_true(forgotten > HISTORIES * 100);
}

/* Two lived apart, were joined, and live on: as if all had happened to one. */
static void test_customer_random_join_is_one_history(void **state)
{
    struct builder_fixture *fixture = *state;
    struct oracle one;
    for (unsigned seed = 200; seed < 200 + HISTORIES; seed++) {
        struct random_state random = {seed};
        oracle_create(&one, &fixture->arena);
        customer_create(&fixture->customer, &fixture->arena, TEXT("maria"), BUILDER_NOW);
        customer_create(&fixture->other, &fixture->arena, TEXT("anonymous"), BUILDER_NOW);
        unsigned joined = 1 + pick(&random, STEPS / 2);
        for (unsigned i = 0; i < joined; i++)
            step(&one, pick(&random, 3) == 0 ? &fixture->other : &fixture->customer, &fixture->arena,
                 &random);
        assert_true(customer_join(&fixture->customer, &fixture->other, &fixture->error));
        assert_true(customer_join(&fixture->customer, &fixture->other, &fixture->error));
        check(&one, &fixture->customer, &fixture->arena, SPAN_MS, &random);
        for (unsigned i = joined; i < STEPS; i++)
            step(&one, &fixture->customer, &fixture->arena, &random);
        check(&one, &fixture->customer, &fixture->arena, SPAN_MS, &random);
        reread(&fixture->customer, &fixture->arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_random_history_agrees_with_a_list),
        BUILDER_TEST(test_customer_random_compaction_changes_no_answer),
        BUILDER_TEST(test_customer_random_join_is_one_history),
    };
    return cmocka_run_group_tests_name("model/customer_random", tests, NULL, NULL);
}

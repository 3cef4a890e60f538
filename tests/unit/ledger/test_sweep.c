/* sweep: what time has made void goes, a bounded piece at a time. */
#include <stdio.h>

#include "../cmocka_all.h"
#include "batch_builder.h"
#include "ledger/known_piece.h"
#include "ledger/sweep_pace.h"

/* One sweep of so many; true where it is behind. */
static bool sweep(struct batching *batching, uint32_t most)
{
    batch_add_sweep(batching->batch, most, most);
    assert_true(batching_run(batching));
    bool behind = batch_sweep_is_behind(batching->batch);
    batch_clear(batching->batch);
    return behind;
}

static void track_id(struct batching *batching, const char *customer, int id)
{
    char text[16];
    struct command command = batching_event(batching, "view", customer, NULL);
    command.id = (struct text){text, (size_t)snprintf(text, sizeof text, "e%d", id)};
    assert_true(batching_do(batching, &command).accepted);
}

static size_t count_ids(struct batching *batching)
{
    return batching_count_keys(batching, KEY_CUSTOMER);
}

static void test_sweep_forgets_old_idempotency_keys(void **state)
{
    struct batching *batching = *state;
    track_id(batching, NULL, 1);
    batching->now_ms += INT64_C(7) * BATCHING_DAY;
    track_id(batching, NULL, 2);
    batching_sweep(batching);
    assert_int_equal(count_ids(batching), 2);
    batching->now_ms++;
    batching_sweep(batching);
    assert_int_equal(count_ids(batching), 1);
}

/* Those of a customer who had many are elsewhere; a walk of its own gets there. */
static void test_sweep_forgets_closed_ids(void **state)
{
    struct batching *batching = *state;
    for (int i = 0; i < 200; i++)
        track_id(batching, "ada", i);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), 3);
    batching->now_ms += INT64_C(8) * BATCHING_DAY;
    for (size_t left = 3; left > 0; left--) {
        assert_int_equal(batching_count_keys(batching, KEY_IDS), left);
        sweep(batching, 1);
    }
    assert_int_equal(batching_count_keys(batching, KEY_IDS), 0);
}

static void test_sweep_walks_through_all_customers_in_pieces(void **state)
{
    struct batching *batching = *state;
    char id[16];
    for (int i = 0; i < 50; i++) {
        snprintf(id, sizeof id, "customer-%d", i);
        track_id(batching, id, i);
    }
    size_t before = count_ids(batching);
    batching->now_ms += INT64_C(8) * BATCHING_DAY;
    unsigned rounds = 0;
    for (size_t left = before; left > before - 50; left = count_ids(batching)) {
        sweep(batching, 7);
        assert_true(left - count_ids(batching) <= 7);
        assert_true(++rounds < 100);
    }
    track_id(batching, "customer-0", 100);
    batching->now_ms += INT64_C(8) * BATCHING_DAY;
    for (unsigned i = 0; i < rounds + 1; i++)
        sweep(batching, 7);
    assert_int_equal(count_ids(batching), before - 50);
}

/* What was refused is looked at again. */
static void test_sweep_goes_on_where_it_succeeded(void **state)
{
    struct batching *batching = *state;
    for (int i = 0; i < 10; i++)
        track_id(batching, NULL, i);
    batching->now_ms += INT64_C(8) * BATCHING_DAY;
    batching->moody.refuses_writes = true;
    for (int i = 0; i < 3; i++) {
        batch_add_sweep(batching->batch, 5, 5);
        assert_false(batching_run(batching));
        batch_clear(batching->batch);
    }
    batching->moody.refuses_writes = false;
    sweep(batching, 5);
    assert_int_equal(count_ids(batching), 5);
    sweep(batching, 5);
    assert_int_equal(count_ids(batching), 0);
}

static void test_sweep_says_when_it_is_behind(void **state)
{
    struct batching *batching = *state;
    for (uint64_t seed = 0; seed < 5; seed++)
        batching_decide(batching, NULL, "ticket", seed);
    assert_false(sweep(batching, 2));
    batching->now_ms += BATCHING_RESERVE;
    assert_true(sweep(batching, 2));
    assert_int_equal(batching_stock(batching, "ticket").reserved, 3);
    assert_true(sweep(batching, 2));
    assert_false(sweep(batching, 2));
    assert_int_equal(batching_stock(batching, "ticket").reserved, 0);
}

/* However little is asked for: what comes in large batches does not grow for ever. */
static void test_sweep_keeps_up_with_promises(void **state)
{
    enum { BATCH = 20, ITEMS = 3 };
    struct batching *batching = *state;
    struct record_item items[ITEMS] = {{.offer = TEXT("ticket"), .stocked = true},
                                       {.offer = TEXT("seat"), .stocked = true},
                                       {.offer = TEXT("map"), .stocked = true}};
    for (uint64_t round = 0; round < 10; round++) {
        for (uint64_t i = 0; i < BATCH; i++) {
            struct record record = {.clock_us = batching->now_ms * 1000,
                                    .seed = round * BATCH + i,
                                    .items = items,
                                    .item_count = ITEMS};
            assert_true(batch_add_record(batching->batch, &record));
        }
        assert_false(sweep(batching, 1));
        assert_int_equal(batching_count_keys(batching, KEY_PROMISE), BATCH * ITEMS);
        assert_int_equal(batching_count_keys(batching, KEY_DECISION), BATCH);
        assert_int_equal(batching_stock(batching, "seat").reserved, BATCH);
        batching->now_ms += BATCHING_RESERVE;
    }
}

/* The same of a timer for each that a batch sets. */
static void test_sweep_keeps_up_with_timers(void **state)
{
    enum { BATCH = 30 };
    struct batching *batching = *state;
    char ids[BATCH][16];
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < BATCH; i++) {
            snprintf(ids[i], sizeof ids[i], "%d-%d", round, i);
            struct command command = batching_event(batching, "view", ids[i], NULL);
            assert_true(batch_add_command(batching->batch, 0, 1, &command));
        }
        sweep(batching, 1);
        assert_int_equal(batching_count_keys(batching, KEY_DUE), BATCH);
        batching->now_ms += INT64_C(100) * BATCHING_DAY;
    }
}

static void add_events(struct batching *batching, const char *customer, int first, int count)
{
    static char ids[200][16];
    assert_true(count <= 200);
    for (int i = 0; i < count; i++) {
        struct command command = batching_event(batching, "view", customer, NULL);
        command.id = (struct text){ids[i], (size_t)snprintf(ids[i], sizeof ids[i], "e%d", first + i)};
        assert_true(batch_add_command(batching->batch, 0, 1, &command));
    }
}

static void test_sweep_keeps_up_with_ids_of_nobody(void **state)
{
    enum { BATCH = 30 };
    struct batching *batching = *state;
    track_id(batching, "ada", 1);
    size_t others = count_ids(batching);
    for (int round = 0; round < 10; round++) {
        add_events(batching, NULL, round * BATCH, BATCH);
        sweep(batching, 1);
        assert_true(count_ids(batching) <= others + 2 * BATCH);
        batching->now_ms += INT64_C(8) * BATCHING_DAY;
    }
}

static void test_sweep_keeps_up_with_closed_ids(void **state)
{
    struct batching *batching = *state;
    add_events(batching, "ada", 0, 200);
    sweep(batching, 1);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), 3);
    batching->now_ms += INT64_C(8) * BATCHING_DAY;
    add_events(batching, "bo", 0, 64);
    sweep(batching, 1);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), 0);
}

/* `count` new customers, each with an event. */
static void add_newcomers(struct batching *batching, int first, int count)
{
    static char ids[50][16];
    assert_true(count <= 50);
    for (int i = 0; i < count; i++) {
        snprintf(ids[i], sizeof ids[i], "%06d", first + i);
        struct command command = batching_event(batching, "view", ids[i], NULL);
        command.id = text_from(ids[i]);
        assert_true(batch_add_command(batching->batch, 0, 1, &command));
    }
}

static bool count_recent_cb(void *context, struct text key, struct text value)
{
    const struct entry entry = {.key = key, .value = value};
    *(size_t *)context += piece_is_recent(&entry);
    return true;
}

static void counted_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static size_t count_recent(struct batching *batching)
{
    size_t count = 0;
    store_scan(batching->moody.inner, (struct text){NULL, 0}, TEXT("c"), SIZE_MAX, count_recent_cb,
               counted_cb, &count);
    return count;
}

/*
 * Customers who come once and never again are many more in the end than a batch looks at in turn. Their ids
 * go after the week for which they count, and a day or two in which the walk gets round.
 */
static void test_sweep_keeps_up_with_ids_of_customers(void **state)
{
    enum { BATCH = 20, EACH_DAY = 12, DAYS = 30, KEPT_DAYS = 9 };
    struct batching *batching = *state;
    for (int round = 0; round < DAYS * EACH_DAY; round++) {
        add_newcomers(batching, round * BATCH, BATCH);
        sweep(batching, 1);
        assert_true(count_recent(batching) <= KEPT_DAYS * EACH_DAY * BATCH);
        batching->now_ms += BATCHING_DAY / EACH_DAY;
    }
}

/* However long the walk had no occasion to go on, one batch looks at no more than its share. */
static void test_sweep_is_bounded_behind_a_pause(void **state)
{
    enum { BATCH = 50, BATCHES = 60, CUSTOMERS = BATCH * BATCHES };
    struct batching *batching = *state;
    for (int round = 0; round < BATCHES; round++) {
        add_newcomers(batching, round * BATCH, BATCH);
        sweep(batching, 1);
    }
    sweep(batching, 10 * CUSTOMERS); /* goes round */
    sweep(batching, 10 * CUSTOMERS);
    batching->now_ms += INT64_C(8) * BATCHING_DAY;
    assert_int_equal(count_recent(batching), CUSTOMERS);
    assert_true(SWEEP_PACE_MOST < count_ids(batching));
    for (size_t left = CUSTOMERS, before; left > 0; left = before) {
        sweep(batching, 1);
        before = count_recent(batching);
        assert_true(before < left && left - before <= SWEEP_PACE_MOST / 2);
    }
}

static void test_sweep_forgets_owners_of_decisions(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, "ada", "map", 1);
    batching->now_ms += BATCHING_RESERVE - 1;
    batching_sweep(batching);
    assert_int_equal(batching_count_keys(batching, KEY_DECISION), 1);
    batching->now_ms++;
    batching_sweep(batching);
    assert_int_equal(batching_count_keys(batching, KEY_DECISION), 0);
}

static void test_sweep_compacts_whom_it_meets(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, "ada", "map", 1);
    batching_track(batching, "view", "ada", NULL);
    batching_track(batching, "view", "ada", NULL);
    uint64_t revision = batching_customer(batching, "ada")->revision;
    batching_sweep(batching);
    assert_int_equal(batching_customer(batching, "ada")->revision, revision);
    batching->now_ms += BATCHING_RESERVE;
    batching_sweep(batching);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 0);
    batching->now_ms += INT64_C(400) * BATCHING_DAY;
    batching_sweep(batching);
    assert_int_equal(batching_customer(batching, "ada")->moment_count, 1);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, 2);
}

/* Whoever comes often does not carry along what is void until the walk comes by. */
static void test_sweep_compacts_whom_a_batch_writes(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, "ada", "map", 1);
    batching->now_ms += BATCHING_RESERVE - 1;
    batching_decide(batching, "ada", "map", 2);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 2);
    batching->now_ms++;
    batching_track(batching, "hello", "ada", NULL);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 1);
}

/* In the very batch that would release it, the impression comes first. */
static void test_sweep_comes_after_commands(void **state)
{
    struct batching *batching = *state;
    struct command impression = batching_event(batching, "impression", "ada", "ticket");
    impression.decision = text_from(batching_decide(batching, "ada", "ticket", 1));
    batching->now_ms += BATCHING_RESERVE;
    batch_add_sweep(batching->batch, 10, 10);
    assert_true(batching_do(batching, &impression).accepted);
    assert_int_equal(batching_stock(batching, "ticket").confirmed, 1);
    assert_int_equal(batching_stock(batching, "ticket").reserved, 0);
    assert_int_equal(batching_count_keys(batching, KEY_PROMISE), 0);
}

static void test_sweep_of_nothing_writes_nothing(void **state)
{
    struct batching *batching = *state;
    batching_sweep(batching);
    assert_int_equal(batching->moody.writes_done, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sweep_forgets_old_idempotency_keys),
        TEST(test_sweep_forgets_closed_ids),
        TEST(test_sweep_walks_through_all_customers_in_pieces),
        TEST(test_sweep_goes_on_where_it_succeeded),
        TEST(test_sweep_says_when_it_is_behind),
        TEST(test_sweep_keeps_up_with_promises),
        TEST(test_sweep_keeps_up_with_timers),
        TEST(test_sweep_keeps_up_with_ids_of_nobody),
        TEST(test_sweep_keeps_up_with_closed_ids),
        TEST(test_sweep_keeps_up_with_ids_of_customers),
        TEST(test_sweep_is_bounded_behind_a_pause),
        TEST(test_sweep_forgets_owners_of_decisions),
        TEST(test_sweep_compacts_whom_it_meets),
        TEST(test_sweep_compacts_whom_a_batch_writes),
        TEST(test_sweep_comes_after_commands),
        TEST(test_sweep_of_nothing_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* trail: what was promised is found without the decision being named. */
#include "../cmocka_all.h"
#include "batch_builder.h"

#define assert_stock(batching, offer, shown, promised)                                                       \
    do {                                                                                                     \
        struct stock_count count = batching_stock(batching, offer);                                          \
        assert_int_equal(count.confirmed, shown);                                                            \
        assert_int_equal(count.reserved, promised);                                                          \
    } while (0)

/* Whoever does not say by which decision it was shown has been shown the oldest. */
static void test_trail_promise_is_taken_without_naming_the_decision(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, "ada", "ticket", 1);
    batching->now_ms += 1000;
    batching_decide(batching, "ada", "ticket", 2);
    batching_decide(batching, "ada", "seat", 3);
    batching_decide(batching, "bea", "ticket", 4);
    assert_stock(batching, "ticket", 0, 3);
    for (unsigned shown = 1; shown <= 3; shown++) {
        assert_true(batching_track(batching, "impression", "ada", "ticket").accepted);
        assert_stock(batching, "ticket", shown, shown < 2 ? 2 : 1);
    }
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 1);
    assert_stock(batching, "seat", 0, 1);
    batching_track(batching, "impression", NULL, "ticket");
    assert_stock(batching, "ticket", 4, 1);
}

/* Also where all of it comes at once, and nothing is in the store yet. */
static void test_trail_promise_is_taken_within_a_batch(void **state)
{
    struct batching *batching = *state;
    struct command join = batching_identify(batching, "visitor", "ada");
    struct command impression = batching_event(batching, "impression", "ada", "ticket");
    assert_true(batch_add_command(batching->batch, 0, 0, &impression));
    assert_true(batch_add_command(batching->batch, 0, 1, &join));
    assert_true(batch_add_command(batching->batch, 0, 2, &impression));
    batching_decide(batching, "visitor", "ticket", 1);
    assert_stock(batching, "ticket", 2, 0);
}

/* What was promised to the visitor is shown to the customer. */
static void test_trail_promise_is_taken_after_joining(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, "visitor", "ticket", 1);
    struct command join = batching_identify(batching, "visitor", "ada");
    struct command impression = batching_event(batching, "impression", "ada", "ticket");
    assert_true(batch_add_command(batching->batch, 0, 0, &impression));
    assert_true(batch_add_command(batching->batch, 0, 1, &join));
    assert_true(batch_add_command(batching->batch, 0, 2, &impression));
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_stock(batching, "ticket", 2, 0);
}

static void test_trail_promise_is_taken_by_who_was_restricted_later(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, "ada", "ticket", 1);
    struct command command = batching_command(batching, COMMAND_RESTRICT, "ada");
    command.restricted = true;
    assert_true(batching_do(batching, &command).accepted);
    for (int i = 0; i < 2; i++) {
        assert_false(batching_track(batching, "impression", "ada", "ticket").accepted);
        assert_stock(batching, "ticket", 1, 0);
    }
}

/* What nobody waits for any more is given back by time, and not taken. */
static void test_trail_promise_is_not_taken_when_it_is_over(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, "ada", "ticket", 1);
    batching->now_ms += BATCHING_RESERVE;
    batching_track(batching, "impression", "ada", "ticket");
    assert_stock(batching, "ticket", 1, 1);
    batching_sweep(batching);
    assert_stock(batching, "ticket", 1, 0);
}

/* However many impressions there are in a batch, the store is searched once. */
static void test_trail_is_collected_once_in_a_batch(void **state)
{
    struct batching *batching = *state;
    for (unsigned seed = 1; seed <= 3; seed++, batching->now_ms++)
        batching_decide(batching, "ada", "ticket", seed);
    struct command impression = batching_event(batching, "impression", "ada", "ticket");
    for (uint64_t i = 0; i < 5; i++)
        assert_true(batch_add_command(batching->batch, 0, i, &impression));
    batching->moody.scans = 0;
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_stock(batching, "ticket", 5, 0);
    assert_int_equal(batching->moody.scans, 3 + 3); /* for decisions, and for what each of them promised */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_trail_promise_is_taken_without_naming_the_decision),
        TEST(test_trail_promise_is_taken_within_a_batch),
        TEST(test_trail_promise_is_taken_after_joining),
        TEST(test_trail_promise_is_taken_by_who_was_restricted_later),
        TEST(test_trail_promise_is_not_taken_when_it_is_over),
        TEST(test_trail_is_collected_once_in_a_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* timers: one for each journey on which somebody can fall silent, moved only when it has to be. */
#include "../cmocka_all.h"
#include "batch_builder.h"

/* Moment of the customer's timer on walk; 0: there is none. Both keys have to agree. */
static int64_t due(struct batching *batching, const char *customer)
{
    for (int64_t days = 0; days < 100; days++) {
        struct key key;
        int64_t due_ms = BATCHING_NOW + days * BATCHING_DAY;
        key_timer(&key, due_ms, text_from(customer), TEXT("walk"));
        if (batching_contains(batching, key_text(&key)))
            return due_ms;
    }
    return 0;
}

#define assert_due(batching, customer, days)                                                                 \
    assert_int_equal(due(batching, customer), BATCHING_NOW + (int64_t)(days)*BATCHING_DAY)

static void pass_days(struct batching *batching, int64_t days)
{
    batching->now_ms += days * BATCHING_DAY;
}

static void test_timers_are_set_with_a_stage(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "hello", "ada", NULL);
    assert_due(batching, "ada", 30);
    batching_track(batching, "sign_up", "ada", NULL);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 2);
}

static void test_timers_stay_while_they_are_early_enough(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "hello", "ada", NULL);
    pass_days(batching, 12);
    batching_track(batching, "view", "ada", NULL);
    assert_due(batching, "ada", 30);
}

static void test_timers_are_brought_forward(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "hello", "ada", NULL);
    batching_track(batching, "purchase", "ada", NULL);
    assert_due(batching, "ada", 10);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 1);
}

static void test_timers_move_on_for_who_is_heard_of(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "hello", "ada", NULL);
    pass_days(batching, 20);
    unsigned writes = batching->moody.values_written;
    batching_track(batching, "hello", "ada", NULL);
    assert_int_equal(batching->moody.values_written, writes + 1);
    pass_days(batching, 10);
    batching_sweep(batching);
    assert_due(batching, "ada", 50);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 1);
    assert_string_equal(batching_moves(batching, "start"), "1/0/0");
}

static void test_timers_drop_who_is_silent(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "hello", "ada", NULL);
    pass_days(batching, 30);
    batching->now_ms--;
    batching_sweep(batching);
    assert_string_equal(batching_moves(batching, "start"), "1/0/0");
    batching->now_ms++;
    batching_sweep(batching);
    assert_string_equal(batching_moves(batching, "start"), "1/0/1");
    assert_true(batching_customer(batching, "ada")->journeys[0].dropped);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 0);
}

static void test_timers_are_set_again_for_who_comes_back(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "hello", "ada", NULL);
    pass_days(batching, 31);
    batching_sweep(batching);
    struct outcome outcome = batching_track(batching, "hello", "ada", NULL);
    assert_text(outcome.stage, "start");
    assert_due(batching, "ada", 61);
    assert_string_equal(batching_moves(batching, "start"), "2/0/1");
}

static void test_timers_wait_while_there_is_no_site(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "hello", "ada", NULL);
    pass_days(batching, 31);
    batch_set_site(batching->batch, NULL);
    batching_sweep(batching);
    assert_due(batching, "ada", 30);
    batch_set_site(batching->batch, batching->site);
    batching_sweep(batching);
    assert_string_equal(batching_moves(batching, "start"), "1/0/1");
}

/* A stage of which a new site says that silence ends it: the walk through all customers sets the timers. */
static void test_timers_are_set_where_a_site_begins_to_ask(void **state)
{
    struct batching *batching = *state;
    double leave_after = batching->site->stages[0].leave_after;
    batching->site->stages[0].leave_after = 0;
    batching_track(batching, "hello", "ada", NULL);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 0);
    batching->site->stages[0].leave_after = leave_after;
    batching_sweep(batching);
    assert_due(batching, "ada", 30);
}

/* Stages that nobody can leave by silence any more. */
static void test_timers_end_where_a_site_no_longer_asks(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "hello", "ada", NULL);
    batching->site->stages[0].leave_after = 0;
    pass_days(batching, 31);
    batching_sweep(batching);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 0);
    assert_false(batching_contains(batching, TEXT("\3adat")));
    assert_string_equal(batching_moves(batching, "start"), "1/0/0");
}

static void written_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

/* One that should not be there, of somebody who is not, does not ring for ever. */
static void test_timers_of_nobody_are_removed(void **state)
{
    struct batching *batching = *state;
    struct key key;
    key_timer(&key, BATCHING_NOW, TEXT("nobody"), TEXT("walk"));
    struct store_write write = {key_text(&key), TEXT("")};
    store_write(batching->moody.inner, &write, 1, written_cb, NULL);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 1);
    batching_sweep(batching);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 0);
    assert_null(batching_customer(batching, "nobody"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_timers_are_set_with_a_stage),        TEST(test_timers_stay_while_they_are_early_enough),
        TEST(test_timers_are_brought_forward),         TEST(test_timers_move_on_for_who_is_heard_of),
        TEST(test_timers_drop_who_is_silent),          TEST(test_timers_are_set_again_for_who_comes_back),
        TEST(test_timers_wait_while_there_is_no_site), TEST(test_timers_are_set_where_a_site_begins_to_ask),
        TEST(test_timers_of_nobody_are_removed),       TEST(test_timers_end_where_a_site_no_longer_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

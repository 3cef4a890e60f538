/* path: what comes late, or is about the past, falls into its place. */
#include "../cmocka_all.h"

#include "ledger/path_rules.h"
#include "walk_builder.h"

#define assert_stage(walk, journey, stage)                                                                   \
    assert_string_equal(walk_stage(walk, &(walk)->customer, journey), stage)

static const struct customer_journey *place(const struct walk *walk, const char *journey)
{
    uint32_t row = customer_find_journey(&walk->customer, text_from(journey));
    assert_true(row < walk->customer.journey_count);
    return &walk->customer.journeys[row];
}

static void test_path_late_events_move_nobody_back(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    walk_event(walk, "cart", 1);
    walk_event(walk, "purchase", 30);
    assert_false(walk_event(walk, "view", 25).moved);
    assert_false(walk_event(walk, "cart", 29).moved);
    assert_stage(walk, "walk", "buy");
    assert_int_equal(place(walk, "walk")->active_ms, walk_day(30));
}

static void test_path_late_events_move_forward_at_their_time(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "hello", 0);
    walk_event(walk, "view", 10);
    assert_true(walk_event(walk, "cart", 5).moved);
    assert_stage(walk, "walk", "choose");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(5));
    assert_int_equal(place(walk, "walk")->active_ms, walk_day(10));
    assert_string_equal(walk_moves(walk, "walk", "choose", walk_name(5)), "1/0/0");
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(10)), "1/1/0");
}

/* The stage was entered when the rule was fulfilled, by whichever event it became known. */
static void test_path_late_events_complete_windows(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "price", 6);
    walk_event(walk, "hello", 8);
    assert_true(walk_event(walk, "price", 3).moved);
    assert_stage(walk, "walk", "choose");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(6));
}

/* What came long after does not hide that the two lie close together. */
static void test_path_late_events_complete_earlier_windows(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "price", 1);
    walk_event(walk, "price", 20);
    assert_stage(walk, "walk", "start");
    assert_true(walk_event(walk, "price", 2).moved);
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(2));
}

/* Others may have been close together; that says nothing about this one. */
static void test_path_events_count_for_their_own_windows(void **state)
{
    struct walk *walk = *state;
    const struct enter_rule *rule = &walk->site->stages[2].enter[1];
    int64_t when_ms;
    for (int day = 10; day < 13; day++)
        assert_true(customer_add_progress(&walk->customer, rule->hash, walk_day(day), 9));
    assert_true(path_rule_count(&walk->customer, rule, walk_day(0), INT64_MIN, &when_ms));
    assert_int_equal(when_ms, INT64_MAX);
    assert_true(path_rule_count(&walk->customer, rule, walk_day(30), INT64_MIN, &when_ms));
    assert_int_equal(when_ms, INT64_MAX);
    assert_true(path_rule_count(&walk->customer, rule, walk_day(25), INT64_MIN, &when_ms));
    assert_int_equal(when_ms, walk_day(30));
}

static void test_path_late_events_too_old_for_the_window(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "price", 10);
    assert_false(walk_event(walk, "price", 2).moved);
    assert_true(walk_event(walk, "price", 16).moved);
}

/* Buying on day 3 does not undo that they came back to looking on day 40. */
static void test_path_late_events_do_not_undo_coming_back(void **state)
{
    struct walk *walk = *state;
    walk->site->stages[2].leave_after = 0;
    walk_event(walk, "view", 0);
    walk_event(walk, "cart", 1);
    walk_event(walk, "view", 40);
    assert_stage(walk, "walk", "look");
    assert_false(walk_event(walk, "purchase", 3).moved);
    assert_true(walk_event(walk, "purchase", 41).moved);
}

/* ---- What is forgotten in between ---- */

static void compact(struct walk *walk, double days)
{
    path_compact(&walk->path, &walk->customer, walk_day(days), INT64_C(400) * WALK_DAY);
}

static void test_path_compact_keeps_what_history_is_kept_of(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "price", 0);
    assert_true(customer_add_progress(&walk->customer, 12345, walk_day(0), 3)); /* of a rule that is gone */
    assert_int_equal(walk->customer.progress_count, 2);
    compact(walk, 400);
    assert_int_equal(walk->customer.progress_count, 1);
    compact(walk, 400.01);
    assert_int_equal(walk->customer.progress_count, 0);
}

/* Nothing can complete it any more, so it stays only as long as the rule looks back. */
static void test_path_compact_forgets_stages_that_are_passed(void **state)
{
    struct walk *walk = *state;
    walk->site->stages[2].re_enters = false;
    walk_event(walk, "price", 0);
    walk_event(walk, "purchase", 1);
    assert_int_equal(walk->customer.progress_count, 2);
    compact(walk, 7);
    assert_int_equal(walk->customer.progress_count, 2);
    compact(walk, 7.01);
    assert_int_equal(walk->customer.progress_count, 1);
}

/* How long ago both were makes no difference, nor does what was written down in between. */
static void test_path_late_events_complete_windows_long_over(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "hello", 100);
    compact(walk, 100);
    walk_event(walk, "price", 90);
    compact(walk, 100);
    assert_true(walk_event(walk, "price", 91).moved);
    assert_stage(walk, "walk", "choose");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(91));
}

/* As many newer ones as the rule asks for, and some more, don't hide them. */
static void test_path_late_events_complete_windows_before_many_others(void **state)
{
    struct walk *walk = *state;
    for (int i = 0; i < 8; i++)
        assert_false(walk_event(walk, "price", 100 + 8 * i).moved);
    walk_event(walk, "price", 50);
    assert_true(walk_event(walk, "price", 51).moved);
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(51));
}

int main(void)
{
#define WALKING(test) cmocka_unit_test_setup_teardown(test, walk_setup, walk_teardown)
    const struct CMUnitTest tests[] = {
        WALKING(test_path_late_events_move_nobody_back),
        WALKING(test_path_late_events_move_forward_at_their_time),
        WALKING(test_path_late_events_complete_windows),
        WALKING(test_path_late_events_complete_earlier_windows),
        WALKING(test_path_events_count_for_their_own_windows),
        WALKING(test_path_late_events_too_old_for_the_window),
        WALKING(test_path_late_events_do_not_undo_coming_back),
        WALKING(test_path_compact_keeps_what_history_is_kept_of),
        WALKING(test_path_compact_forgets_stages_that_are_passed),
        WALKING(test_path_late_events_complete_windows_long_over),
        WALKING(test_path_late_events_complete_windows_before_many_others),
    };
    return cmocka_run_group_tests_name("ledger/path, late", tests, NULL, NULL);
}

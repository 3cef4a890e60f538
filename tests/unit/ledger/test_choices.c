/* choices: what decision records leave behind. */
#include "../cmocka_all.h"
#include "batch_builder.h"

static void test_choices_make_and_touch_customers(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, "ada", "map", 1);
    const struct customer *ada = batching_customer(batching, "ada");
    assert_non_null(ada);
    assert_int_equal(ada->created_ms, BATCHING_NOW);
    assert_int_equal(ada->event_count, 0);
    assert_int_equal(ada->offers[0].counts[TOUCH_DECISION], 1);
    assert_text(ada->offers[0].kind, "guide");
    assert_int_equal(ada->reservation_count, 1);
    assert_int_equal(ada->reservations[0].decision, key_hash_decision(BATCHING_NOW * 1000, 1));
    assert_int_equal(ada->reservations[0].at_ms, BATCHING_NOW);
    assert_string_equal(batching_moves(batching, "start"), "1/0/0");
    assert_string_equal(batching_touches(batching, "start", "map"), "1/0/0/0/0");
    assert_int_equal(batching_count_keys(batching, KEY_DECISION), 1);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 1);
}

static void test_choices_of_nobody_count_for_the_funnel(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, NULL, "map", 1);
    assert_string_equal(batching_touches(batching, "start", "map"), "1/0/0/0/0");
    assert_int_equal(batching_count_keys(batching, KEY_CUSTOMER), 0);
    assert_int_equal(batching_count_keys(batching, KEY_DECISION), 0);
}

static void test_choices_without_items_make_the_customer(void **state)
{
    struct batching *batching = *state;
    struct record record = {.clock_us = BATCHING_NOW * 1000, .seed = 1, .customer = TEXT("ada")};
    assert_true(batch_add_record(batching->batch, &record));
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_int_equal(batching_customer(batching, "ada")->offer_count, 0);
    assert_int_equal(batching_count_keys(batching, KEY_DECISION), 0);
}

static void test_choices_reserve_only_what_limits_count(void **state)
{
    struct batching *batching = *state;
    const struct record_item items[] = {{.offer = TEXT("map"), .reserves = true}, {.offer = TEXT("seat")}};
    struct record record = {
        .clock_us = BATCHING_NOW * 1000, .seed = 1, .customer = TEXT("ada"), .items = items, .item_count = 2};
    assert_true(batch_add_record(batching->batch, &record));
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    const struct customer *ada = batching_customer(batching, "ada");
    assert_int_equal(ada->offer_count, 2);
    assert_int_equal(ada->touch_count, 2);
    assert_int_equal(ada->reservation_count, 1);
    assert_int_equal(batching_count_keys(batching, KEY_STOCK), 0);
}

static void test_choices_are_about_the_canonical_customer(void **state)
{
    struct batching *batching = *state;
    struct command command = batching_identify(batching, "visitor", "ada");
    assert_true(batching_do(batching, &command).accepted);
    batching_decide(batching, "visitor", "map", 1);
    assert_int_equal(batching_customer(batching, "ada")->touch_count, 1);
}

/* Of the same batch, whichever was added first. */
static void test_choices_come_before_commands(void **state)
{
    struct batching *batching = *state;
    struct command impression = batching_event(batching, "impression", "ada", "ticket");
    impression.decision = text_from(batching_decision(BATCHING_NOW * 1000, 5));
    struct record_item item = {.offer = TEXT("ticket"), .stocked = true, .reserves = true};
    struct record record = {
        .clock_us = BATCHING_NOW * 1000, .seed = 5, .customer = TEXT("ada"), .items = &item, .item_count = 1};
    assert_true(batch_add_command(batching->batch, 0, 0, &impression));
    assert_true(batch_add_record(batching->batch, &record));
    assert_int_equal(batch_size(batching->batch), 2);
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 0);
    assert_int_equal(batching_stock(batching, "ticket").confirmed, 1);
    assert_int_equal(batching_stock(batching, "ticket").reserved, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_choices_make_and_touch_customers),
        TEST(test_choices_of_nobody_count_for_the_funnel),
        TEST(test_choices_without_items_make_the_customer),
        TEST(test_choices_reserve_only_what_limits_count),
        TEST(test_choices_are_about_the_canonical_customer),
        TEST(test_choices_come_before_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

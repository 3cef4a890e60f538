/* customer_history: events and touches in order of time, windows, and reservations. */
#include "../cmocka_all.h"

#include <math.h>

#include "customer_builder.h"

static uint64_t impressions(const struct customer *customer, struct text name, int64_t within_ms)
{
    return customer_count_touches(customer, TOUCH_IMPRESSION, name, within_ms, BUILDER_NOW);
}

static void see(struct customer *customer, struct text offer, struct text kind, int64_t age_ms)
{
    assert_true(customer_add_touch(customer, offer, kind, TOUCH_IMPRESSION, BUILDER_NOW - age_ms));
}

static void test_customer_add_event_counts_and_sums(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_event(customer, TEXT("purchase"), 200, 10.5));
    assert_true(customer_add_event(customer, TEXT("purchase"), 100, 2));
    assert_true(customer_add_event(customer, TEXT("click"), 150, 0));
    assert_int_equal(customer->event_count, 2);
    assert_int_equal(customer->events[0].count, 2);
    assert_int_equal(customer->events[0].last_ms, 200);
    assert_true(customer->events[0].value == 12.5);
    assert_int_equal(customer->last_ms, 200);
}

static void test_customer_add_event_keeps_values_finite(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_event(customer, TEXT("purchase"), 1, 1.5e308));
    assert_true(customer_add_event(customer, TEXT("purchase"), 2, 1.5e308));
    assert_true(customer_add_event(customer, TEXT("purchase"), 3, NAN));
    assert_true(customer->events[0].value == 1.5e308);
    assert_int_equal(customer->events[0].count, 3);
}

/* What comes late falls where it belongs. */
static void test_customer_add_event_sorts_by_time(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    static const int64_t times[] = {500, 100, 300, 300, 900, 0, 200};
    for (unsigned i = 0; i < 7; i++)
        assert_true(customer_add_event(customer, i % 2 ? TEXT("a") : TEXT("b"), times[i], 0));
    static const int64_t sorted[] = {0, 100, 200, 300, 300, 500, 900};
    for (unsigned i = 0; i < 7; i++)
        assert_int_equal(customer_moment_at(customer->moments[i]), sorted[i]);
    assert_int_equal(customer->last_ms, 900);
    builder_assert_sound(customer);
}

static void test_customer_add_event_takes_any_time(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_event(customer, TEXT("a"), INT64_MIN, 0));
    assert_true(customer_add_event(customer, TEXT("a"), INT64_MAX, 0));
    assert_int_equal(customer_moment_at(customer->moments[0]), 0);
    assert_int_equal(customer->last_ms, (INT64_C(1) << 44) - 1);
    assert_int_equal(customer_count_events(customer, TEXT("a"), 1000, BUILDER_NOW), 1);
    builder_assert_sound(customer);
}

static void test_customer_count_events_in_windows(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    static const int64_t ages[] = {-50, 0, 99, 100, 101, 5000};
    for (unsigned i = 0; i < 6; i++)
        assert_true(customer_add_event(customer, TEXT("click"), BUILDER_NOW - ages[i], 0));
    assert_true(customer_add_event(customer, TEXT("other thing"), BUILDER_NOW, 0));
    assert_int_equal(customer_count_events(customer, TEXT("click"), 1, BUILDER_NOW), 2);
    assert_int_equal(customer_count_events(customer, TEXT("click"), 100, BUILDER_NOW), 3);
    assert_int_equal(customer_count_events(customer, TEXT("click"), 101, BUILDER_NOW), 4);
    assert_int_equal(customer_count_events(customer, TEXT("click"), 0, BUILDER_NOW), 6);
    assert_int_equal(customer_count_events(customer, TEXT("click"), INT64_MAX, BUILDER_NOW), 6);
    assert_int_equal(customer_count_events(customer, TEXT("clic"), 0, BUILDER_NOW), 0);
}

/* Of one event's moments the newest are kept, and none of another's is lost for them. */
static void test_customer_add_event_forgets_the_oldest_of_its_name(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_event(customer, TEXT("rare"), 1, 0));
    for (unsigned i = 0; i < 3 * CUSTOMER_MOMENTS_MOST; i++)
        assert_true(customer_add_event(customer, TEXT("frequent"), BUILDER_NOW - i, 0));
    assert_int_equal(customer->moment_count, CUSTOMER_MOMENTS_MOST + 1);
    assert_int_equal(customer_moment_at(customer->moments[0]), 1);
    assert_int_equal(customer_moment_at(customer->moments[1]), BUILDER_NOW - CUSTOMER_MOMENTS_MOST + 1);
    assert_int_equal(customer_count_events(customer, TEXT("frequent"), 0, BUILDER_NOW),
                     3 * CUSTOMER_MOMENTS_MOST);
    builder_assert_sound(customer);
}

static void test_customer_add_event_counts_too_many_names_as_other(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < 200; i++)
        assert_true(customer_add_event(customer, builder_name(&fixture->arena, "event", i), i, 1));
    assert_int_equal(customer->event_count, CUSTOMER_EVENTS_MOST);
    assert_int_equal(customer_find_event(customer, TEXT("event-126")), 126);
    assert_int_equal(customer_find_event(customer, TEXT("event-127")), UINT32_MAX);
    uint32_t other = customer_find_event(customer, TEXT("other"));
    assert_int_equal(customer->events[other].count, 200 - 127);
    assert_true(customer->events[other].value == 200 - 127);
    assert_int_equal(customer->events[other].last_ms, 199);
    builder_assert_sound(customer);
}

/* An event that is called so shares its place with the rest. */
static void test_customer_add_event_called_other(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_event(customer, TEXT("other"), 1, 0));
    for (unsigned i = 0; i < 130; i++)
        assert_true(customer_add_event(customer, builder_name(&fixture->arena, "event", i), i, 1));
    assert_int_equal(customer->event_count, CUSTOMER_EVENTS_MOST);
    assert_int_equal(customer->events[0].count, 1 + 130 - 127);
    builder_assert_sound(customer);
}

static void test_customer_add_touch_counts_by_kind(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    see(customer, TEXT("guide"), TEXT("lead_magnet"), 10);
    see(customer, TEXT("guide"), TEXT("lead_magnet"), 20);
    assert_true(customer_add_touch(customer, TEXT("guide"), TEXT(""), TOUCH_CLICK, BUILDER_NOW));
    assert_int_equal(customer->offer_count, 1);
    assert_int_equal(customer->offers[0].counts[TOUCH_IMPRESSION], 2);
    assert_int_equal(customer->offers[0].counts[TOUCH_CLICK], 1);
    assert_int_equal(customer->offers[0].counts[TOUCH_DECISION], 0);
    assert_int_equal(customer->offers[0].last_ms, BUILDER_NOW);
    assert_int_equal(customer->last_ms, 0); /* that is of events */
    builder_assert_text(customer->offers[0].kind, TEXT("lead_magnet"));
}

static void test_customer_add_touch_follows_the_kind(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    see(customer, TEXT("guide"), TEXT(""), 3);
    assert_null(customer->offers[0].kind.bytes);
    see(customer, TEXT("guide"), TEXT("lead_magnet"), 2);
    see(customer, TEXT("guide"), TEXT("webinar"), 1);
    builder_assert_text(customer->offers[0].kind, TEXT("webinar"));
    assert_int_equal(impressions(customer, TEXT("lead_magnet"), 0), 0);
    assert_int_equal(impressions(customer, TEXT("webinar"), 0), 3);
}

static void test_customer_count_touches_by_offer_and_by_kind(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    see(customer, TEXT("guide"), TEXT("lead_magnet"), 10);
    see(customer, TEXT("list"), TEXT("lead_magnet"), 99);
    see(customer, TEXT("list"), TEXT("lead_magnet"), 100);
    see(customer, TEXT("talk"), TEXT("webinar"), 10);
    assert_true(customer_add_touch(customer, TEXT("list"), TEXT(""), TOUCH_CLICK, BUILDER_NOW));
    assert_int_equal(impressions(customer, TEXT("list"), 0), 2);
    assert_int_equal(impressions(customer, TEXT("list"), 100), 1);
    assert_int_equal(impressions(customer, TEXT("lead_magnet"), 0), 3);
    assert_int_equal(impressions(customer, TEXT("lead_magnet"), 100), 2);
    assert_int_equal(impressions(customer, TEXT("lead_magnet"), 10), 0);
    assert_int_equal(impressions(customer, TEXT("nothing"), 0), 0);
    assert_int_equal(customer_count_touches(customer, TOUCH_CLICK, TEXT("lead_magnet"), 100, BUILDER_NOW), 1);
}

/* An offer that is called as the kind of others is counted once, with them. */
static void test_customer_count_touches_of_a_name_that_is_both(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    see(customer, TEXT("webinar"), TEXT("webinar"), 1);
    see(customer, TEXT("webinar"), TEXT("webinar"), 2);
    see(customer, TEXT("talk"), TEXT("webinar"), 3);
    assert_int_equal(impressions(customer, TEXT("webinar"), 0), 3);
    assert_int_equal(impressions(customer, TEXT("webinar"), 100), 3);
}

/* Offers of no known kind are not found by asking for nothing. */
static void test_customer_count_touches_of_no_name(void **state)
{
    struct builder_fixture *fixture = *state;
    see(&fixture->customer, TEXT("guide"), TEXT(""), 1);
    assert_int_equal(impressions(&fixture->customer, TEXT(""), 0), 0);
}

static void test_customer_take_reservation_takes_it_once(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_reservation(customer, 1, TEXT("guide"), TEXT("lead_magnet"), 300));
    assert_true(customer_add_reservation(customer, 1, TEXT("talk"), TEXT("webinar"), 200));
    assert_true(customer_add_reservation(customer, 2, TEXT("guide"), TEXT("lead_magnet"), 100));
    assert_int_equal(customer->reservation_count, 3);
    builder_assert_sound(customer);
    assert_false(customer_take_reservation(customer, 2, TEXT("talk")));
    assert_false(customer_take_reservation(customer, 3, TEXT("guide")));
    assert_false(customer_take_reservation(customer, 1, TEXT("nothing")));
    assert_true(customer_take_reservation(customer, 1, TEXT("talk")));
    assert_false(customer_take_reservation(customer, 1, TEXT("talk")));
    assert_int_equal(customer->reservation_count, 2);
    assert_int_equal(customer->reservations[0].at_ms, 100);
    assert_int_equal(customer->reservations[1].at_ms, 300);
}

static void test_customer_add_reservation_once_for_each_decision(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_reservation(customer, 1, TEXT("guide"), TEXT("lead_magnet"), 300));
    assert_true(customer_add_reservation(customer, 1, TEXT("guide"), TEXT("lead_magnet"), 301));
    assert_int_equal(customer->reservation_count, 1);
    assert_int_equal(customer->offers[0].counts[TOUCH_DECISION], 0);
    builder_assert_text(customer->offers[0].kind, TEXT("lead_magnet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_add_event_counts_and_sums),
        BUILDER_TEST(test_customer_add_event_keeps_values_finite),
        BUILDER_TEST(test_customer_add_event_sorts_by_time),
        BUILDER_TEST(test_customer_add_event_takes_any_time),
        BUILDER_TEST(test_customer_count_events_in_windows),
        BUILDER_TEST(test_customer_add_event_forgets_the_oldest_of_its_name),
        BUILDER_TEST(test_customer_add_event_counts_too_many_names_as_other),
        BUILDER_TEST(test_customer_add_event_called_other),
        BUILDER_TEST(test_customer_add_touch_counts_by_kind),
        BUILDER_TEST(test_customer_add_touch_follows_the_kind),
        BUILDER_TEST(test_customer_count_touches_by_offer_and_by_kind),
        BUILDER_TEST(test_customer_count_touches_of_a_name_that_is_both),
        BUILDER_TEST(test_customer_count_touches_of_no_name),
        BUILDER_TEST(test_customer_take_reservation_takes_it_once),
        BUILDER_TEST(test_customer_add_reservation_once_for_each_decision),
    };
    return cmocka_run_group_tests_name("model/customer_history", tests, NULL, NULL);
}

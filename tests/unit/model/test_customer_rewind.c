/* customer_rewind: what happened later is as if it had not; what happened until then stays as it was. */
#include <stdlib.h>

#include "../cmocka_all.h"

#include "customer_builder.h"

static void see(struct customer *customer, struct text offer, enum touch_kind kind, int64_t age_ms)
{
    assert_true(customer_add_touch(customer, offer, TEXT("kind"), kind, BUILDER_NOW - age_ms));
}

static uint64_t count_seen(const struct customer *customer, const char *name, int64_t within_ms)
{
    return customer_count_touches(customer, TOUCH_IMPRESSION, text_from(name), within_ms, BUILDER_NOW);
}

static void test_customer_rewind_takes_back_later_touches(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    see(customer, TEXT("guide"), TOUCH_IMPRESSION, 100);
    see(customer, TEXT("guide"), TOUCH_IMPRESSION, 50);
    see(customer, TEXT("guide"), TOUCH_IMPRESSION, 49);
    see(customer, TEXT("guide"), TOUCH_CLICK, 50);
    see(customer, TEXT("talk"), TOUCH_IMPRESSION, -10);
    customer_rewind(customer, BUILDER_NOW - 50);
    builder_assert_sound(customer);
    assert_int_equal(customer->touch_count, 3);
    assert_int_equal(count_seen(customer, "guide", 0), 2);
    assert_int_equal(count_seen(customer, "guide", 1000), 2);
    assert_int_equal(count_seen(customer, "talk", 0), 0);
    assert_int_equal(customer_count_touches(customer, TOUCH_CLICK, TEXT("guide"), 0, BUILDER_NOW), 1);
}

static void test_customer_rewind_takes_back_later_reservations(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    static const int64_t ages[] = {70, 50, 49, 0};
    for (unsigned i = 0; i < 4; i++)
        assert_true(customer_add_reservation(customer, i, TEXT("guide"), TEXT(""), BUILDER_NOW - ages[i]));
    customer_rewind(customer, BUILDER_NOW - 50);
    assert_int_equal(customer->reservation_count, 2);
    assert_int_equal(customer->reservations[1].decision, 1);
}

static const struct customer_event *event(const struct customer *customer, const char *name)
{
    return &customer->events[customer_find_event(customer, text_from(name))];
}

static void test_customer_rewind_takes_back_later_events(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned age = 0; age < 5; age++)
        assert_true(customer_add_event(customer, TEXT("visit"), BUILDER_NOW - age * 20, 0));
    assert_true(customer_add_event(customer, TEXT("purchase"), BUILDER_NOW, 0));
    assert_true(customer_add_event(customer, TEXT("call"), BUILDER_NOW - 60, 0));
    customer_rewind(customer, BUILDER_NOW - 50);
    builder_assert_sound(customer);
    assert_int_equal(customer_count_events(customer, TEXT("visit"), 0, BUILDER_NOW), 2);
    assert_int_equal(customer_count_events(customer, TEXT("visit"), 1000, BUILDER_NOW), 2);
    assert_true(event(customer, "visit")->last_ms == BUILDER_NOW - 60);
    assert_int_equal(event(customer, "purchase")->count, 0);
    assert_true(event(customer, "purchase")->last_ms == 0);
    assert_true(event(customer, "call")->last_ms == BUILDER_NOW - 60);
}

/* They happened some time before; at the latest then. */
static void test_customer_rewind_keeps_events_without_a_known_moment(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < CUSTOMER_MOMENTS_MOST + 3; i++)
        assert_true(customer_add_event(customer, TEXT("visit"), BUILDER_NOW - i, 0));
    customer_rewind(customer, BUILDER_NOW - 500);
    assert_int_equal(event(customer, "visit")->count, 3);
    assert_true(event(customer, "visit")->last_ms == BUILDER_NOW - 500);
}

static void test_customer_rewind_to_now_changes_nothing(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    builder_typical(customer, &fixture->arena);
    struct text before = builder_record(customer);
    customer_rewind(customer, BUILDER_NOW + BUILDER_DAY);
    struct text after = builder_record(customer);
    assert_true(text_equal(before, after));
    free((void *)(uintptr_t)before.bytes);
    free((void *)(uintptr_t)after.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_rewind_takes_back_later_touches),
        BUILDER_TEST(test_customer_rewind_takes_back_later_reservations),
        BUILDER_TEST(test_customer_rewind_takes_back_later_events),
        BUILDER_TEST(test_customer_rewind_keeps_events_without_a_known_moment),
        BUILDER_TEST(test_customer_rewind_to_now_changes_nothing),
    };
    return cmocka_run_group_tests_name("model/customer_rewind", tests, NULL, NULL);
}

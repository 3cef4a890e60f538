/* customer_compact: what is too old goes, the newest of each stays, and no count since ever changes. */
#include "../cmocka_all.h"

#include "customer_builder.h"

enum { KEEP = 1000, RESERVED = 300 };

static void compact(struct builder_fixture *fixture)
{
    customer_compact(&fixture->customer, BUILDER_NOW, KEEP, RESERVED);
    builder_assert_sound(&fixture->customer);
}

static void see(struct customer *customer, struct text offer, enum touch_kind kind, int64_t age_ms)
{
    assert_true(customer_add_touch(customer, offer, TEXT("kind"), kind, BUILDER_NOW - age_ms));
}

static void test_customer_compact_forgets_old_touches_but_the_newest(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    see(customer, TEXT("guide"), TOUCH_IMPRESSION, 5000);
    see(customer, TEXT("guide"), TOUCH_IMPRESSION, KEEP); /* exactly that old is too old */
    see(customer, TEXT("guide"), TOUCH_IMPRESSION, KEEP - 1);
    see(customer, TEXT("guide"), TOUCH_CLICK, 7000);
    see(customer, TEXT("guide"), TOUCH_CLICK, 6000);
    see(customer, TEXT("talk"), TOUCH_IMPRESSION, 9000);
    compact(fixture);
    assert_int_equal(customer->touch_count, 3);
    assert_int_equal(customer_moment_at(customer->touches[0]), BUILDER_NOW - 9000);
    assert_int_equal(customer_moment_at(customer->touches[1]), BUILDER_NOW - 6000);
    assert_int_equal(customer_moment_at(customer->touches[2]), BUILDER_NOW - KEEP + 1);
    assert_int_equal(customer_count_touches(customer, TOUCH_IMPRESSION, TEXT("guide"), 0, BUILDER_NOW), 3);
}

static void test_customer_compact_forgets_old_moments_but_the_newest(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < 20; i++)
        assert_true(customer_add_event(customer, TEXT("click"), BUILDER_NOW - i * 100, 0));
    assert_true(customer_add_event(customer, TEXT("purchase"), 5, 0));
    assert_true(customer_add_event(customer, TEXT("purchase"), 4, 0));
    compact(fixture);
    assert_int_equal(customer->moment_count, 11);
    assert_int_equal(customer_moment_at(customer->moments[0]), 5);
    assert_int_equal(customer_count_events(customer, TEXT("click"), KEEP, BUILDER_NOW), 10);
    assert_int_equal(customer_count_events(customer, TEXT("click"), 0, BUILDER_NOW), 20);
    assert_int_equal(customer_count_events(customer, TEXT("purchase"), 0, BUILDER_NOW), 2);
}

static void test_customer_compact_forgets_old_reservations(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    static const int64_t ages[] = {5000, RESERVED, RESERVED - 1, 0, -50};
    for (unsigned i = 0; i < 5; i++)
        assert_true(customer_add_reservation(customer, i, TEXT("guide"), TEXT(""), BUILDER_NOW - ages[i]));
    compact(fixture);
    assert_int_equal(customer->reservation_count, 3);
    assert_int_equal(customer->reservations[0].decision, 2);
}

static void test_customer_compact_keeps_the_rest(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    builder_typical(customer, &fixture->arena);
    customer_compact(customer, BUILDER_NOW, 1, 1);
    builder_assert_sound(customer);
    assert_int_equal(customer->event_count, 5);
    assert_int_equal(customer->offer_count, 20);
    assert_int_equal(customer->moment_count, 5);
    assert_int_equal(customer->reservation_count, 0);
    assert_int_equal(customer->progress[0].count, 2);
    assert_int_equal(customer->visit_count, 2);
    assert_int_equal(customer->consent_count, 2);
}

static void test_customer_compact_for_ever(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    builder_typical(customer, &fixture->arena);
    customer_compact(customer, BUILDER_NOW, INT64_MAX, INT64_MAX);
    assert_int_equal(customer->touch_count, 60);
    assert_int_equal(customer->moment_count, 40);
    assert_int_equal(customer->reservation_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_compact_forgets_old_touches_but_the_newest),
        BUILDER_TEST(test_customer_compact_forgets_old_moments_but_the_newest),
        BUILDER_TEST(test_customer_compact_forgets_old_reservations),
        BUILDER_TEST(test_customer_compact_keeps_the_rest),
        BUILDER_TEST(test_customer_compact_for_ever),
    };
    return cmocka_run_group_tests_name("model/customer_compact", tests, NULL, NULL);
}

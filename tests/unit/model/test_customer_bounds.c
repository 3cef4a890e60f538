/* customer_bounds: what is forgotten when there is too much, and what is not. */
#include "../cmocka_all.h"

#include "customer_builder.h"

static void see(struct customer *customer, struct text offer, enum touch_kind kind, int64_t at_ms)
{
    assert_true(customer_add_touch(customer, offer, TEXT("kind"), kind, at_ms));
}

/* As many offers as are remembered, "offer-0" longest unseen. */
static void fill_offers(struct builder_fixture *fixture)
{
    for (unsigned i = 0; i < CUSTOMER_OFFERS_MOST; i++)
        see(&fixture->customer, builder_name(&fixture->arena, "offer", i), TOUCH_IMPRESSION, BUILDER_NOW + i);
    assert_int_equal(fixture->customer.offer_count, CUSTOMER_OFFERS_MOST);
}

static void test_customer_bounds_forget_the_offer_longest_unseen(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    fill_offers(fixture);
    see(customer, TEXT("offer-0"), TOUCH_CLICK, BUILDER_NOW + 9000); /* seen again: now it is offer-1 */
    see(customer, TEXT("one more"), TOUCH_IMPRESSION, BUILDER_NOW + 9001);
    assert_int_equal(customer->offer_count, CUSTOMER_OFFERS_MOST);
    assert_int_equal(customer_find_offer(customer, TEXT("offer-1")), UINT32_MAX);
    assert_int_equal(customer->touch_count, CUSTOMER_OFFERS_MOST + 1);
    builder_assert_sound(customer);
    /* The others' touches still speak of them. */
    assert_int_equal(customer_count_touches(customer, TOUCH_CLICK, TEXT("offer-0"), 1000, BUILDER_NOW + 9002),
                     1);
    assert_int_equal(
        customer_count_touches(customer, TOUCH_IMPRESSION, TEXT("offer-300"), 9000, BUILDER_NOW + 9002), 1);
    assert_int_equal(
        customer_count_touches(customer, TOUCH_IMPRESSION, TEXT("one more"), 2, BUILDER_NOW + 9002), 1);
}

/* One that was seen before all of them is itself the longest unseen. */
static void test_customer_bounds_do_not_begin_with_what_is_long_ago(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    fill_offers(fixture);
    see(customer, TEXT("long ago"), TOUCH_IMPRESSION, 5);
    assert_int_equal(customer_find_offer(customer, TEXT("long ago")), UINT32_MAX);
    assert_int_equal(customer->offer_count, CUSTOMER_OFFERS_MOST);
    assert_int_equal(customer->touch_count, CUSTOMER_OFFERS_MOST);
    builder_assert_sound(customer);
}

static void test_customer_bounds_spare_offers_with_reservations(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_reservation(customer, 1, TEXT("offer-0"), TEXT("kind"), BUILDER_NOW));
    fill_offers(fixture);
    assert_true(customer_add_reservation(customer, 2, TEXT("one more"), TEXT("kind"), BUILDER_NOW + 9000));
    assert_int_equal(customer_find_offer(customer, TEXT("offer-0")), 0);
    assert_int_equal(customer_find_offer(customer, TEXT("offer-1")), UINT32_MAX);
    builder_assert_sound(customer);
    assert_true(customer_take_reservation(customer, 1, TEXT("offer-0")));
    assert_true(customer_take_reservation(customer, 2, TEXT("one more")));
}

/* With a reservation for each, the longest unseen goes, and its reservation with it. */
static void test_customer_bounds_forget_reservations_with_their_offer(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i <= CUSTOMER_OFFERS_MOST; i++)
        assert_true(customer_add_reservation(customer, i, builder_name(&fixture->arena, "offer", i),
                                             TEXT("kind"), BUILDER_NOW + i));
    assert_int_equal(customer->offer_count, CUSTOMER_OFFERS_MOST);
    assert_int_equal(customer->reservation_count, CUSTOMER_OFFERS_MOST);
    assert_int_equal(customer_find_offer(customer, TEXT("offer-0")), UINT32_MAX);
    builder_assert_sound(customer);
    for (unsigned i = 1; i <= CUSTOMER_OFFERS_MOST; i++)
        assert_true(customer_take_reservation(customer, i, builder_name(&fixture->arena, "offer", i)));
}

static void test_customer_bounds_forget_the_oldest_reservation(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < CUSTOMER_RESERVATIONS_MOST + 10; i++)
        assert_true(customer_add_reservation(customer, i, TEXT("guide"), TEXT("kind"), BUILDER_NOW + i));
    assert_int_equal(customer->reservation_count, CUSTOMER_RESERVATIONS_MOST);
    assert_int_equal(customer->reservations[0].decision, 10);
}

/* What is frequent loses its oldest, what is rare stays, however long ago it was. */
static void test_customer_bounds_thin_what_is_frequent(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < 10; i++)
        see(customer, TEXT("rare"), TOUCH_IMPRESSION, 100 + i);
    for (unsigned i = 0; i < CUSTOMER_TOUCHES_MOST; i++)
        see(customer, TEXT("frequent"), TOUCH_DECISION, BUILDER_NOW + i);
    assert_true(customer->touch_count <= CUSTOMER_TOUCHES_MOST);
    assert_true(customer->touch_count > CUSTOMER_TOUCHES_MOST / 2);
    builder_assert_sound(customer);
    assert_int_equal(
        customer_count_touches(customer, TOUCH_IMPRESSION, TEXT("rare"), BUILDER_NOW, BUILDER_NOW), 10);
    int64_t now_ms = BUILDER_NOW + CUSTOMER_TOUCHES_MOST;
    assert_int_equal(customer_count_touches(customer, TOUCH_DECISION, TEXT("frequent"), 3001, now_ms), 3000);
    assert_int_equal(customer_count_touches(customer, TOUCH_DECISION, TEXT("frequent"), 0, now_ms),
                     CUSTOMER_TOUCHES_MOST);
}

/* Every offer and kind at once: nobody loses the newest. */
static void test_customer_bounds_thin_evenly(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    int64_t now_ms = BUILDER_NOW;
    for (unsigned round = 0; round < 4; round++)
        for (unsigned i = 0; i < CUSTOMER_OFFERS_MOST * TOUCH_KINDS; i++)
            see(customer, builder_name(&fixture->arena, "offer", i / TOUCH_KINDS),
                (enum touch_kind)(i % TOUCH_KINDS), now_ms++);
    builder_assert_sound(customer);
    for (unsigned i = 0; i < CUSTOMER_OFFERS_MOST; i++)
        for (unsigned kind = 0; kind < TOUCH_KINDS; kind++)
            assert_true(customer_count_touches(customer, (enum touch_kind)kind,
                                               builder_name(&fixture->arena, "offer", i), INT64_MAX,
                                               now_ms) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_bounds_forget_the_offer_longest_unseen),
        BUILDER_TEST(test_customer_bounds_do_not_begin_with_what_is_long_ago),
        BUILDER_TEST(test_customer_bounds_spare_offers_with_reservations),
        BUILDER_TEST(test_customer_bounds_forget_reservations_with_their_offer),
        BUILDER_TEST(test_customer_bounds_forget_the_oldest_reservation),
        BUILDER_TEST(test_customer_bounds_thin_what_is_frequent),
        BUILDER_TEST(test_customer_bounds_thin_evenly),
    };
    return cmocka_run_group_tests_name("model/customer_bounds", tests, NULL, NULL);
}

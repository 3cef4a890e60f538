/* customer_join: two persons who turn out to be one; nothing is counted twice, nothing is lost. */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "customer_builder.h"
#include "model/packed.h"

static void join(struct builder_fixture *fixture)
{
    assert_true(customer_join(&fixture->customer, &fixture->other, &fixture->error));
    builder_assert_sound(&fixture->customer);
}

static void see(struct customer *customer, const char *offer, const char *kind, int64_t at_ms)
{
    assert_true(customer_add_touch(customer, text_from(offer), text_from(kind), TOUCH_IMPRESSION, at_ms));
}

static void test_customer_join_sums_events(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *into = &fixture->customer, *from = &fixture->other;
    assert_true(customer_add_event(into, TEXT("click"), 100, 1));
    assert_true(customer_add_event(into, TEXT("purchase"), 300, 20));
    assert_true(customer_add_event(from, TEXT("purchase"), 200, 10));
    assert_true(customer_add_event(from, TEXT("visit"), 400, 0));
    join(fixture);
    assert_int_equal(into->event_count, 3);
    assert_int_equal(into->events[1].count, 2);
    assert_true(into->events[1].value == 30);
    assert_int_equal(into->events[1].last_ms, 300);
    assert_int_equal(into->last_ms, 400);
    assert_int_equal(customer_count_events(into, TEXT("purchase"), 150, 400), 1);
    assert_int_equal(customer_count_events(into, TEXT("purchase"), 250, 400), 2);
    assert_int_equal(customer_count_events(into, TEXT("visit"), 0, 400), 1);
}

static void test_customer_join_sums_touches(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *into = &fixture->customer, *from = &fixture->other;
    see(into, "guide", "lead_magnet", 100);
    see(into, "talk", "webinar", 300);
    see(from, "list", "", 200);
    see(from, "talk", "webinar", 250);
    assert_true(customer_add_reservation(from, 5, TEXT("talk"), TEXT(""), 350));
    assert_true(customer_add_reservation(into, 6, TEXT("guide"), TEXT(""), 360));
    join(fixture);
    assert_int_equal(into->offer_count, 3);
    assert_int_equal(into->touch_count, 4);
    assert_int_equal(customer_count_touches(into, TOUCH_IMPRESSION, TEXT("talk"), 0, 400), 2);
    assert_int_equal(customer_count_touches(into, TOUCH_IMPRESSION, TEXT("talk"), 120, 400), 1);
    assert_int_equal(customer_count_touches(into, TOUCH_IMPRESSION, TEXT("list"), 250, 400), 1);
    assert_true(customer_take_reservation(into, 5, TEXT("talk")));
    assert_true(customer_take_reservation(into, 6, TEXT("guide")));
}

/* The later of two kinds is what the offer is now; a known one never becomes unknown. */
static void test_customer_join_knows_the_kind(void **state)
{
    struct builder_fixture *fixture = *state;
    see(&fixture->customer, "a", "old", 100);
    see(&fixture->other, "a", "new", 200);
    see(&fixture->customer, "b", "new", 200);
    see(&fixture->other, "b", "old", 100);
    see(&fixture->customer, "c", "known", 100);
    see(&fixture->other, "c", "", 200);
    see(&fixture->customer, "d", "", 200);
    see(&fixture->other, "d", "known", 100);
    join(fixture);
    builder_assert_text(fixture->customer.offers[0].kind, TEXT("new"));
    builder_assert_text(fixture->customer.offers[1].kind, TEXT("new"));
    builder_assert_text(fixture->customer.offers[2].kind, TEXT("known"));
    builder_assert_text(fixture->customer.offers[3].kind, TEXT("known"));
}

static void consent(struct customer *customer, const char *name, bool granted, int64_t at_ms)
{
    assert_true(customer_set_consent(customer, text_from(name), granted, at_ms));
}

static bool is_granted(const struct customer *customer, const char *name)
{
    return customer->consents[customer_find_consent(customer, text_from(name))].granted;
}

static void test_customer_join_follows_the_later_word(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *into = &fixture->customer, *from = &fixture->other;
    consent(into, "revoked here", false, 200);
    consent(from, "revoked here", true, 100);
    consent(into, "revoked there", true, 100);
    consent(from, "revoked there", false, 200);
    consent(into, "granted there", false, 100);
    consent(from, "granted there", true, 200);
    consent(from, "only there", true, 50);
    join(fixture);
    assert_int_equal(into->consent_count, 4);
    assert_false(is_granted(into, "revoked here"));
    assert_false(is_granted(into, "revoked there"));
    assert_true(is_granted(into, "granted there"));
    assert_true(is_granted(into, "only there"));
    assert_int_equal(into->consents[0].first_ms, 100);
    assert_int_equal(into->consents[1].first_ms, 100);
    assert_int_equal(into->consents[1].at_ms, 200);
}

static void test_customer_join_prefers_the_refusal_of_one_moment(void **state)
{
    struct builder_fixture *fixture = *state;
    consent(&fixture->customer, "a", true, 100);
    consent(&fixture->other, "a", false, 100);
    consent(&fixture->customer, "b", false, 100);
    consent(&fixture->other, "b", true, 100);
    join(fixture);
    assert_false(is_granted(&fixture->customer, "a"));
    assert_false(is_granted(&fixture->customer, "b"));
}

static void test_customer_join_lets_the_customers_own_traits_win(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *into = &fixture->customer, *from = &fixture->other;
    assert_true(customer_merge_traits(into, TEXT("\x82\xa1m\x01\xa1z\x01"), &fixture->error));
    assert_true(customer_merge_traits(from,
                                      TEXT("\x82\xa1m\x02\xa1"
                                           "a\x02"),
                                      &fixture->error));
    from->persona = TEXT("rider");
    from->locale = TEXT("es");
    into->locale = TEXT("en");
    join(fixture);
    builder_assert_text(into->traits, TEXT("\x83\xa1"
                                           "a\x02\xa1m\x01\xa1z\x01"));
    builder_assert_text(into->persona, TEXT("rider"));
    builder_assert_text(into->locale, TEXT("en"));
}

/* One trait of so many bytes. */
static void give_trait(struct builder_fixture *fixture, struct customer *customer, const char *key,
                       size_t size)
{
    static const char filling[CUSTOMER_TRAITS_BYTES];
    struct buffer map;
    buffer_create(&map);
    packed_put_map(&map, 1);
    packed_put_str(&map, text_from(key));
    packed_put_str(&map, (struct text){filling, size});
    assert_true(customer_merge_traits(customer, (struct text){map.bytes, map.length}, &fixture->error));
    buffer_destroy(&map);
}

static void test_customer_join_leaves_traits_that_do_not_fit(void **state)
{
    struct builder_fixture *fixture = *state;
    give_trait(fixture, &fixture->customer, "a", 10000);
    give_trait(fixture, &fixture->other, "b", 10000);
    struct text own = fixture->customer.traits;
    join(fixture);
    builder_assert_text(fixture->customer.traits, own);
    builder_assert_text(fixture->customer.aliases[0], TEXT("anonymous"));
}

static void test_customer_join_knows_all_other_names(void **state)
{
    struct builder_fixture *fixture = *state;
    assert_true(customer_add_alias(&fixture->customer, TEXT("phone")));
    assert_true(customer_add_alias(&fixture->other, TEXT("phone")));
    assert_true(customer_add_alias(&fixture->other, TEXT("tab\0let")));
    assert_true(customer_add_alias(&fixture->other, TEXT("maria")));
    join(fixture);
    assert_int_equal(fixture->customer.alias_count, 3);
    builder_assert_text(fixture->customer.aliases[1], TEXT("anonymous"));
    builder_assert_text(fixture->customer.aliases[2], TEXT("tab\0let"));
}

static void test_customer_join_refuses_too_many_names(void **state)
{
    struct builder_fixture *fixture = *state;
    for (unsigned i = 1; i < CUSTOMER_ALIASES_MOST; i++)
        assert_true(customer_add_alias(&fixture->customer, builder_name(&fixture->arena, "a", i)));
    assert_true(customer_add_alias(&fixture->other, TEXT("phone")));
    struct text before = builder_record(&fixture->customer);
    assert_false(customer_join(&fixture->customer, &fixture->other, &fixture->error));
    assert_int_equal(fixture->error.code, ERROR_INVALID);
    assert_non_null(strstr(fixture->error.message, "256"));
    struct text after = builder_record(&fixture->customer);
    builder_assert_text(after, before);
    free((void *)before.bytes);
    free((void *)after.bytes);
    fixture->other.alias_count = 0;
    join(fixture);
    assert_int_equal(fixture->customer.alias_count, CUSTOMER_ALIASES_MOST);
}

static void test_customer_join_twice_is_once(void **state)
{
    struct builder_fixture *fixture = *state;
    builder_typical(&fixture->other, &fixture->arena);
    fixture->other.id = TEXT("anonymous");
    see(&fixture->customer, "spring-offer-4", "webinar", 77);
    join(fixture);
    struct text once = builder_record(&fixture->customer);
    join(fixture);
    struct text twice = builder_record(&fixture->customer);
    builder_assert_text(twice, once);
    free((void *)once.bytes);
    free((void *)twice.bytes);
}

static void test_customer_join_with_itself_does_nothing(void **state)
{
    struct builder_fixture *fixture = *state;
    builder_typical(&fixture->customer, &fixture->arena);
    builder_typical(&fixture->other, &fixture->arena);
    join(fixture);
    assert_int_equal(fixture->customer.touch_count, 60);
    assert_int_equal(fixture->customer.alias_count, 1);
}

/* Into somebody of whom nothing is known: all that was there is there. */
static void test_customer_join_into_a_new_customer(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *into = &fixture->customer, *from = &fixture->other;
    builder_typical(from, &fixture->arena);
    from->id = TEXT("anonymous");
    join(fixture);
    assert_int_equal(into->created_ms, from->created_ms);
    assert_int_equal(into->last_ms, from->last_ms);
    assert_int_equal(into->revision, 17);
    assert_int_equal(into->journey_count, 0); /* the caller's affair */
    assert_int_equal(into->visit_count, 2);
    assert_int_equal(into->progress[0].count, 2);
    assert_memory_equal(into->touches, from->touches, 60 * sizeof(customer_moment));
    assert_memory_equal(into->moments, from->moments, 40 * sizeof(customer_moment));
    builder_assert_text(into->traits, from->traits);
}

static void test_customer_join_takes_visits_and_progress_together(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *into = &fixture->customer, *from = &fixture->other;
    customer_new_visit(into, TEXT("j"), TEXT("a"))->left_ms = 100;
    customer_new_visit(from, TEXT("j"), TEXT("a"))->left_ms = 200;
    customer_new_visit(from, TEXT("j"), TEXT("b"))->left_ms = 50;
    assert_true(customer_add_progress(into, 1, 10, 3));
    assert_true(customer_add_progress(into, 1, 30, 3));
    assert_true(customer_add_progress(from, 1, 20, 3));
    assert_true(customer_add_progress(from, 2, 5, 3));
    join(fixture);
    assert_int_equal(into->visit_count, 2);
    assert_int_equal(into->visits[0].left_ms, 200);
    assert_int_equal(into->progress_count, 2);
    assert_int_equal(into->progress[0].count, 3);
    assert_int_equal(into->progress[0].times_ms[1], 20);
}

static void test_customer_join_stays_restricted(void **state)
{
    struct builder_fixture *fixture = *state;
    fixture->other.restricted = true;
    join(fixture);
    assert_true(fixture->customer.restricted);
}

/* As much as can be, twice: the bounds hold, and the sums of what stays are right. */
static void test_customer_join_keeps_to_the_bounds(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *both[] = {&fixture->customer, &fixture->other};
    static const char *const names[] = {"a", "b"};
    for (unsigned who = 0; who < 2; who++) {
        for (unsigned i = 0; i < CUSTOMER_OFFERS_MOST; i++)
            for (unsigned kind = 0; kind < TOUCH_KINDS; kind++)
                assert_true(customer_add_touch(both[who], builder_name(&fixture->arena, names[who], i),
                                               TEXT("kind"), (enum touch_kind)kind, BUILDER_NOW + i));
        for (unsigned i = 0; i < CUSTOMER_EVENTS_MOST + 10; i++)
            for (unsigned j = 0; j < 40; j++)
                assert_true(customer_add_event(both[who], builder_name(&fixture->arena, names[who], i),
                                               BUILDER_NOW + i, 0));
    }
    join(fixture);
    assert_int_equal(fixture->customer.offer_count, CUSTOMER_OFFERS_MOST);
    assert_int_equal(fixture->customer.event_count, CUSTOMER_EVENTS_MOST);
    uint32_t other = customer_find_event(&fixture->customer, TEXT("other"));
    assert_int_equal(fixture->customer.events[other].count,
                     40 * (2 * (CUSTOMER_EVENTS_MOST + 10) - (CUSTOMER_EVENTS_MOST - 1)));
    assert_int_equal(customer_find_offer(&fixture->customer, TEXT("a-0")), UINT32_MAX);
    assert_int_not_equal(customer_find_offer(&fixture->customer, TEXT("a-511")), UINT32_MAX);
    assert_int_not_equal(customer_find_offer(&fixture->customer, TEXT("b-511")), UINT32_MAX);
    struct text record = builder_record(&fixture->customer);
    assert_true(customer_decode(&fixture->other, &fixture->arena, record, &fixture->error));
    free((void *)record.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_join_sums_events),
        BUILDER_TEST(test_customer_join_sums_touches),
        BUILDER_TEST(test_customer_join_knows_the_kind),
        BUILDER_TEST(test_customer_join_follows_the_later_word),
        BUILDER_TEST(test_customer_join_prefers_the_refusal_of_one_moment),
        BUILDER_TEST(test_customer_join_lets_the_customers_own_traits_win),
        BUILDER_TEST(test_customer_join_leaves_traits_that_do_not_fit),
        BUILDER_TEST(test_customer_join_knows_all_other_names),
        BUILDER_TEST(test_customer_join_refuses_too_many_names),
        BUILDER_TEST(test_customer_join_twice_is_once),
        BUILDER_TEST(test_customer_join_with_itself_does_nothing),
        BUILDER_TEST(test_customer_join_into_a_new_customer),
        BUILDER_TEST(test_customer_join_takes_visits_and_progress_together),
        BUILDER_TEST(test_customer_join_stays_restricted),
        BUILDER_TEST(test_customer_join_keeps_to_the_bounds),
    };
    return cmocka_run_group_tests_name("model/customer_join", tests, NULL, NULL);
}

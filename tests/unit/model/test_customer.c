/* customer: what is found by name, what is new once, and which goes first when there are too many. */
#include "../cmocka_all.h"

#include "customer_builder.h"

static void test_customer_create_knows_nothing(void **state)
{
    struct builder_fixture *fixture = *state;
    const struct customer *customer = &fixture->customer;
    builder_assert_text(customer->id, TEXT("maria"));
    assert_int_equal(customer->created_ms, BUILDER_NOW);
    assert_int_equal(customer->last_ms, 0);
    assert_int_equal(customer_find_journey(customer, TEXT("")), UINT32_MAX);
    assert_int_equal(customer_find_offer(customer, TEXT("")), UINT32_MAX);
    assert_int_equal(customer_find_event(customer, TEXT("")), UINT32_MAX);
    assert_int_equal(customer_find_consent(customer, TEXT("")), UINT32_MAX);
    builder_assert_sound(customer);
}

/* Bytes are bytes: a NUL ends nothing, and a beginning is not the whole. */
static void test_customer_find_compares_all_bytes(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_non_null(customer_new_journey(customer, TEXT("a\0b")));
    assert_non_null(customer_new_journey(customer, TEXT("a\0c")));
    assert_non_null(customer_new_journey(customer, TEXT("a")));
    assert_int_equal(customer->journey_count, 3);
    assert_int_equal(customer_find_journey(customer, TEXT("a\0c")), 1);
    assert_int_equal(customer_find_journey(customer, TEXT("a")), 2);
    assert_int_equal(customer_find_journey(customer, TEXT("a\0")), UINT32_MAX);
}

static void test_customer_cuts_long_names_at_a_character(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    char name[600];
    memset(name, 'x', sizeof name);
    memcpy(name + CUSTOMER_NAME_MOST - 1, "\xc3\xb1", 2);
    struct text longer = {name, sizeof name};
    assert_true(customer_add_event(customer, longer, 5, 0));
    assert_true(customer_add_event(customer, (struct text){name, 500}, 6, 0));
    assert_int_equal(customer->event_count, 1);
    assert_int_equal(customer->events[0].name.length, CUSTOMER_NAME_MOST - 1);
    assert_int_equal(customer_find_event(customer, longer), 0);
    assert_int_equal(customer_count_events(customer, longer, 0, 10), 2);
}

static void test_customer_new_journey_is_new_once(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    char name[] = "seven";
    struct customer_journey *journey = customer_new_journey(customer, text_from(name));
    assert_int_equal(journey->since_ms, 0);
    assert_int_equal(journey->stage.length, 0);
    journey->since_ms = 7;
    name[0] = 'x'; /* it was copied */
    assert_int_equal(customer_new_journey(customer, TEXT("seven"))->since_ms, 7);
    assert_int_equal(customer->journey_count, 1);
}

static void test_customer_new_journey_forgets_the_longest_silent(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < CUSTOMER_JOURNEYS_MOST; i++)
        customer_new_journey(customer, builder_name(&fixture->arena, "j", i))->active_ms = 1000 - i;
    assert_non_null(customer_new_journey(customer, TEXT("one more")));
    assert_int_equal(customer->journey_count, CUSTOMER_JOURNEYS_MOST);
    assert_int_equal(
        customer_find_journey(customer, builder_name(&fixture->arena, "j", CUSTOMER_JOURNEYS_MOST - 1)),
        UINT32_MAX);
    assert_int_equal(customer_find_journey(customer, TEXT("one more")), CUSTOMER_JOURNEYS_MOST - 1);
    builder_assert_sound(customer);
}

static void test_customer_new_visit_is_of_journey_and_stage(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    customer_new_visit(customer, TEXT("a"), TEXT("one"))->left_ms = 1;
    customer_new_visit(customer, TEXT("b"), TEXT("one"))->left_ms = 2;
    customer_new_visit(customer, TEXT("a"), TEXT("two"))->left_ms = 3;
    assert_int_equal(customer->visit_count, 3);
    assert_int_equal(customer_new_visit(customer, TEXT("a"), TEXT("one"))->left_ms, 1);
    assert_int_equal(customer_new_visit(customer, TEXT("b"), TEXT("one"))->left_ms, 2);
    assert_int_equal(customer->visit_count, 3);
}

static void test_customer_new_visit_forgets_the_one_left_longest_ago(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < CUSTOMER_VISITS_MOST; i++)
        customer_new_visit(customer, TEXT("j"), builder_name(&fixture->arena, "s", i))->left_ms =
            i == 100 ? 1 : 1000 + i;
    assert_non_null(customer_new_visit(customer, TEXT("j"), TEXT("one more")));
    assert_int_equal(customer->visit_count, CUSTOMER_VISITS_MOST);
    builder_assert_text(customer->visits[100].stage, TEXT("one more"));
}

static void test_customer_set_consent_follows_the_later_word(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_set_consent(customer, TEXT("mail"), true, 100));
    assert_true(customer_set_consent(customer, TEXT("mail"), false, 200));
    assert_true(customer_set_consent(customer, TEXT("mail"), true, 150)); /* came late */
    assert_int_equal(customer->consent_count, 1);
    assert_false(customer->consents[0].granted);
    assert_int_equal(customer->consents[0].at_ms, 200);
    assert_true(customer_set_consent(customer, TEXT("mail"), true, 300));
    assert_true(customer->consents[0].granted);
    assert_true(customer_set_consent(customer, TEXT("mail"), false, 250)); /* revoked before that */
    assert_true(customer->consents[0].granted);
}

static void test_customer_set_consent_of_one_moment_takes_the_second_word(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_set_consent(customer, TEXT("mail"), true, 100));
    assert_true(customer_set_consent(customer, TEXT("mail"), false, 100));
    assert_false(customer->consents[0].granted);
    assert_true(customer_set_consent(customer, TEXT("mail"), true, 100));
    assert_true(customer->consents[0].granted);
}

static void test_customer_set_consent_remembers_the_first_grant(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_set_consent(customer, TEXT("mail"), false, 50));
    assert_int_equal(customer->consents[0].first_ms, 0);
    assert_true(customer_set_consent(customer, TEXT("mail"), true, 100));
    assert_true(customer_set_consent(customer, TEXT("mail"), true, 200));
    assert_int_equal(customer->consents[0].first_ms, 100);
    assert_true(customer_set_consent(customer, TEXT("mail"), true, 20)); /* heard of only now */
    assert_int_equal(customer->consents[0].first_ms, 20);
    assert_int_equal(customer->consents[0].at_ms, 200);
}

static void test_customer_set_consent_forgets_a_refusal_before_a_grant(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < CUSTOMER_CONSENTS_MOST; i++)
        assert_true(customer_set_consent(customer, builder_name(&fixture->arena, "c", i), i % 4 != 2, i + 1));
    assert_true(customer_set_consent(customer, TEXT("one more"), true, 1000));
    assert_int_equal(customer->consent_count, CUSTOMER_CONSENTS_MOST);
    builder_assert_text(customer->consents[2].name, TEXT("one more"));
    assert_int_equal(customer_find_consent(customer, TEXT("c-0")), 0);
    builder_assert_sound(customer);
}

static void test_customer_add_alias_knows_each_once(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_alias(customer, TEXT("a\0b")));
    assert_true(customer_add_alias(customer, TEXT("a\0b")));
    assert_true(customer_add_alias(customer, TEXT("maria")));
    assert_int_equal(customer->alias_count, 1);
    builder_assert_text(customer->aliases[0], TEXT("a\0b"));
}

static void test_customer_add_alias_refuses_too_many(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < CUSTOMER_ALIASES_MOST; i++)
        assert_true(customer_add_alias(customer, builder_name(&fixture->arena, "a", i)));
    assert_false(customer_add_alias(customer, TEXT("one more")));
    assert_true(customer_add_alias(customer, TEXT("a-7"))); /* it is there */
    assert_int_equal(customer->alias_count, CUSTOMER_ALIASES_MOST);
}

static void test_customer_moment_holds_time_kind_and_position(void **state)
{
    (void)state;
    customer_moment moment = customer_moment_make(BUILDER_NOW, TOUCH_CONVERSION, 511);
    assert_int_equal(customer_moment_at(moment), BUILDER_NOW);
    assert_int_equal(customer_moment_kind(moment), TOUCH_CONVERSION);
    assert_int_equal(customer_moment_position(moment), 511);
    assert_true(customer_moment_make(5, 4, 511) < customer_moment_make(6, 0, 0));
    assert_int_equal(customer_moment_at(customer_moment_make(-1, 0, 0)), 0);
    assert_int_equal(customer_moment_at(customer_moment_make(INT64_MAX, 4, 3)), (INT64_C(1) << 44) - 1);
    assert_int_equal(customer_moment_kind(customer_moment_make(INT64_MAX, 4, 3)), 4);
}

static void test_customer_in_window(void **state)
{
    (void)state;
    assert_true(customer_in_window(901, 100, 1000));
    assert_false(customer_in_window(900, 100, 1000)); /* exactly that old */
    assert_true(customer_in_window(1000, 100, 1000));
    assert_true(customer_in_window(2000, 100, 1000)); /* counts as now */
    assert_true(customer_in_window(0, 0, 1000));      /* all time */
    assert_true(customer_in_window(0, INT64_MAX, -5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_create_knows_nothing),
        BUILDER_TEST(test_customer_find_compares_all_bytes),
        BUILDER_TEST(test_customer_cuts_long_names_at_a_character),
        BUILDER_TEST(test_customer_new_journey_is_new_once),
        BUILDER_TEST(test_customer_new_journey_forgets_the_longest_silent),
        BUILDER_TEST(test_customer_new_visit_is_of_journey_and_stage),
        BUILDER_TEST(test_customer_new_visit_forgets_the_one_left_longest_ago),
        BUILDER_TEST(test_customer_set_consent_follows_the_later_word),
        BUILDER_TEST(test_customer_set_consent_of_one_moment_takes_the_second_word),
        BUILDER_TEST(test_customer_set_consent_remembers_the_first_grant),
        BUILDER_TEST(test_customer_set_consent_forgets_a_refusal_before_a_grant),
        BUILDER_TEST(test_customer_add_alias_knows_each_once),
        BUILDER_TEST(test_customer_add_alias_refuses_too_many),
        cmocka_unit_test(test_customer_moment_holds_time_kind_and_position),
        cmocka_unit_test(test_customer_in_window),
    };
    return cmocka_run_group_tests_name("model/customer", tests, NULL, NULL);
}

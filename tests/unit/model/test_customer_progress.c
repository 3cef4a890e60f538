/* customer_progress: matches of rules in order of time, the newest kept, and which rule goes first. */
#include "../cmocka_all.h"

#include "customer_builder.h"

static void test_customer_progress_of_is_new_once(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_int_equal(customer_progress_of(customer, 7)->count, 0);
    assert_int_equal(customer_progress_of(customer, 7)->rule, 7);
    assert_int_equal(customer->progress_count, 1);
}

static void test_customer_add_progress_keeps_the_newest(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    static const int64_t times[] = {50, 20, 80, 10, 60};
    for (unsigned i = 0; i < 5; i++)
        assert_true(customer_add_progress(customer, 7, times[i], 3));
    const struct customer_progress *progress = customer_progress_of(customer, 7);
    assert_int_equal(progress->count, 3);
    assert_int_equal(progress->times_ms[0], 50);
    assert_int_equal(progress->times_ms[1], 60);
    assert_int_equal(progress->times_ms[2], 80);
    builder_assert_sound(customer);
}

static void test_customer_add_progress_keeps_rules_apart(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    assert_true(customer_add_progress(customer, 7, 1, 3));
    assert_true(customer_add_progress(customer, 8, 2, 3));
    assert_true(customer_add_progress(customer, 7, 3, 3));
    assert_int_equal(customer_progress_of(customer, 7)->count, 2);
    assert_int_equal(customer_progress_of(customer, 8)->count, 1);
}

/* A rule that was changed to want less. */
static void test_customer_add_progress_shrinks(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < 9; i++)
        assert_true(customer_add_progress(customer, 7, i, 9));
    assert_true(customer_add_progress(customer, 7, 100, 2));
    const struct customer_progress *progress = customer_progress_of(customer, 7);
    assert_int_equal(progress->count, 2);
    assert_int_equal(progress->times_ms[0], 8);
    assert_int_equal(progress->times_ms[1], 100);
}

static void test_customer_progress_forgets_the_rule_longest_without_a_match(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < CUSTOMER_PROGRESS_MOST; i++)
        assert_true(customer_add_progress(customer, i, i == 9 ? 5 : 1000 + i, 3));
    assert_true(customer_add_progress(customer, 9999, 2000, 3));
    assert_int_equal(customer->progress_count, CUSTOMER_PROGRESS_MOST);
    for (uint32_t i = 0; i < customer->progress_count; i++)
        assert_int_not_equal(customer->progress[i].rule, 9);
    assert_int_equal(customer_progress_of(customer, 9999)->count, 1);
}

static void test_customer_progress_bounds_times_in_all(void **state)
{
    struct builder_fixture *fixture = *state;
    struct customer *customer = &fixture->customer;
    for (unsigned i = 0; i < CUSTOMER_PROGRESS_TIMES + 5; i++)
        assert_true(customer_add_progress(customer, 1, i, UINT32_MAX));
    assert_int_equal(customer_progress_of(customer, 1)->count, CUSTOMER_PROGRESS_TIMES);
    for (unsigned i = 0; i < CUSTOMER_PROGRESS_IN_ALL - CUSTOMER_PROGRESS_TIMES; i++)
        assert_true(customer_add_progress(customer, 2, 20000 + i, UINT32_MAX));
    assert_int_equal(customer->progress_count, 2);
    assert_true(customer_add_progress(customer, 2, 90000, UINT32_MAX));
    assert_int_equal(customer->progress_count, 1);
    assert_int_equal(customer->progress[0].rule, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_progress_of_is_new_once),
        BUILDER_TEST(test_customer_add_progress_keeps_the_newest),
        BUILDER_TEST(test_customer_add_progress_keeps_rules_apart),
        BUILDER_TEST(test_customer_add_progress_shrinks),
        BUILDER_TEST(test_customer_progress_forgets_the_rule_longest_without_a_match),
        BUILDER_TEST(test_customer_progress_bounds_times_in_all),
    };
    return cmocka_run_group_tests_name("model/customer_progress", tests, NULL, NULL);
}

/* strikes: three set a function aside, but nothing that strangers leave out switches off one that works. */
#include "../cmocka_all.h"

#include "script/strikes.h"

static void answer(struct strikes *strikes, uint32_t times)
{
    for (uint32_t i = 0; i < times; i++)
        strikes_add_answer(strikes);
}

/* How many failures in a row it took. */
static uint32_t fail_until_set_aside(struct strikes *strikes, bool overran)
{
    uint32_t count = 1;
    while (!strikes_add_failure(strikes, overran))
        count++;
    assert_true(strikes->set_aside);
    return count;
}

static void test_strikes_three_failures_set_aside(void **state)
{
    (void)state;
    struct strikes failing = {0}, slow = {0}, both = {0};
    assert_int_equal(fail_until_set_aside(&failing, false), 3);
    assert_int_equal(fail_until_set_aside(&slow, true), 3);
    assert_false(strikes_add_failure(&both, false));
    assert_false(strikes_add_failure(&both, true));
    assert_true(strikes_add_failure(&both, false));
}

static void test_strikes_answers_of_the_beginning_forgive_nothing(void **state)
{
    (void)state;
    struct strikes strikes = {0};
    answer(&strikes, 30);
    assert_false(strikes_add_failure(&strikes, false));
    answer(&strikes, 30);
    assert_false(strikes_add_failure(&strikes, false));
    answer(&strikes, 30);
    assert_true(strikes_add_failure(&strikes, false));
}

static void test_strikes_one_that_works_is_judged_by_failures_in_a_row(void **state)
{
    (void)state;
    struct strikes strikes = {0};
    answer(&strikes, 1000);
    for (int i = 0; i < 1000; i++) { /* half of all requests fail */
        assert_false(strikes_add_failure(&strikes, false));
        answer(&strikes, 1);
    }
    assert_int_equal(fail_until_set_aside(&strikes, false), 200);
}

static void test_strikes_patience_has_an_end(void **state)
{
    (void)state;
    struct strikes strikes = {.answers = UINT32_MAX};
    answer(&strikes, 2);
    assert_int_equal(strikes.answers, UINT32_MAX);
    assert_int_equal(fail_until_set_aside(&strikes, false), STRIKES_IN_ROW);
}

static void test_strikes_overruns_are_hardly_forgiven(void **state)
{
    (void)state;
    struct strikes strikes = {0};
    answer(&strikes, 100000);
    assert_false(strikes_add_failure(&strikes, true));
    answer(&strikes, STRIKES_FORGIVEN - 1);
    assert_false(strikes_add_failure(&strikes, true));
    answer(&strikes, STRIKES_FORGIVEN - 1);
    assert_true(strikes_add_failure(&strikes, true));
}

static void test_strikes_rare_overruns_are_made_up_for(void **state)
{
    (void)state;
    struct strikes strikes = {0};
    for (int i = 0; i < 20; i++) {
        answer(&strikes, STRIKES_FORGIVEN);
        assert_int_equal(strikes.overruns, 0);
        assert_false(strikes_add_failure(&strikes, true));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strikes_three_failures_set_aside),
        cmocka_unit_test(test_strikes_answers_of_the_beginning_forgive_nothing),
        cmocka_unit_test(test_strikes_one_that_works_is_judged_by_failures_in_a_row),
        cmocka_unit_test(test_strikes_patience_has_an_end),
        cmocka_unit_test(test_strikes_overruns_are_hardly_forgiven),
        cmocka_unit_test(test_strikes_rare_overruns_are_made_up_for),
    };
    return cmocka_run_group_tests_name("script/strikes", tests, NULL, NULL);
}

/* ctl/figures: numbers in words. */
#include "../cmocka_all.h"

#include "ctl/figures.h"

static void test_figures_count_groups_thousands(void **state)
{
    (void)state;
    assert_string_equal(figures_count(0).text, "0");
    assert_string_equal(figures_count(999).text, "999");
    assert_string_equal(figures_count(1000).text, "1,000");
    assert_string_equal(figures_count(12330).text, "12,330");
    assert_string_equal(figures_count(UINT64_MAX).text, "18,446,744,073,709,551,615");
}

static void test_figures_of_knows_one(void **state)
{
    (void)state;
    assert_string_equal(figures_of(0, "page").text, "0 pages");
    assert_string_equal(figures_of(1, "page").text, "1 page");
    assert_string_equal(figures_of(1001, "page").text, "1,001 pages");
}

static void test_figures_time_takes_the_unit_that_fits(void **state)
{
    (void)state;
    assert_string_equal(figures_time(0).text, "0 µs");
    assert_string_equal(figures_time(78400).text, "78 µs");
    assert_string_equal(figures_time(1234567).text, "1.2 ms");
    assert_string_equal(figures_time(2410000000).text, "2.41 s");
}

static void test_figures_stay_is_rough(void **state)
{
    (void)state;
    assert_string_equal(figures_stay(45.2).text, "45 s");
    assert_string_equal(figures_stay(60).text, "1 min");
    assert_string_equal(figures_stay(59 * 60 + 59).text, "59 min");
    assert_string_equal(figures_stay(65 * 60).text, "1 h 5 min");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_count_groups_thousands),
        cmocka_unit_test(test_figures_of_knows_one),
        cmocka_unit_test(test_figures_time_takes_the_unit_that_fits),
        cmocka_unit_test(test_figures_stay_is_rough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

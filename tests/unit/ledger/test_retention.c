/* Tests of ledger/retention.c. */
#include "ledger/retention.h"

#include "../cmocka_all.h"

#include <math.h>

static void test_retention_is_as_wished_without_a_site(void **state)
{
    (void)state;
    assert_int_equal(retention_of(NULL, 1000), 1000);
}

static void test_retention_covers_window_and_rest_of_limits(void **state)
{
    (void)state;
    struct limit limits[] = {{.within = 5, .rest = 2}, {.within = INFINITY, .rest = 60}, {.within = 20}};
    struct snapshot site = {.limits = limits, .limit_count = 1};
    assert_int_equal(retention_of(&site, 1000), 7000);
    assert_int_equal(retention_of(&site, 9000), 9000);
    site.limit_count = 3;
    assert_int_equal(retention_of(&site, 1000), 60000);
}

static void test_retention_covers_rules_of_entering(void **state)
{
    (void)state;
    struct enter_rule rules[] = {{.within = INFINITY}, {.within = 12.5}};
    struct stage stages[] = {{.enter = NULL}, {.enter = rules, .enter_count = 2}};
    struct snapshot site = {.stages = stages, .stage_count = 2};
    assert_int_equal(retention_of(&site, 1000), 12500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retention_is_as_wished_without_a_site),
        cmocka_unit_test(test_retention_covers_window_and_rest_of_limits),
        cmocka_unit_test(test_retention_covers_rules_of_entering),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

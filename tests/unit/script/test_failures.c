/* script/failures: a list in order, used again for the next decision. */
#include "script/failures.h"

#include "../cmocka_all.h"

static void test_failures_keep_their_order(void **state)
{
    (void)state;
    struct failures failures;
    assert_true(failures_create(&failures));
    for (uint32_t round = 0; round < 2; round++) {
        failures.count = 0;
        for (uint32_t i = 0; i < 100; i++)
            failures_add(&failures)->times = i;
        assert_int_equal(failures.count, 100);
        for (uint32_t i = 0; i < 100; i++)
            assert_int_equal(failures.list[i].times, i);
    }
    failures_destroy(&failures);
    failures_destroy(&failures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failures_keep_their_order)};
    return cmocka_run_group_tests_name("script/failures", tests, NULL, NULL);
}

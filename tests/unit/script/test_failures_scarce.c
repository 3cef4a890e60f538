/* script/failures: the last one is told of, also where there is no memory for all of them. */
#include "script/failures.h"

#include "../cmocka_all.h"
#include "scarce/scarce.h"

static void test_failures_keep_the_last(void **state)
{
    (void)state;
    struct failures failures;
    assert_true(failures_create(&failures));
    failures_add(&failures)->times = 1;
    scarce_begin(SCARCE_FROM_HERE, 1);
    failures_add(&failures)->times = 2;
    failures_add(&failures)->times = 3;
    assert_int_equal(scarce_end(), 2);
    assert_int_equal(failures.count, 1);
    assert_int_equal(failures.list[0].times, 3);
    failures_add(&failures)->times = 4;
    assert_int_equal(failures.count, 2);
    failures_destroy(&failures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failures_keep_the_last)};
    return cmocka_run_group_tests_name("script/failures_scarce", tests, NULL, NULL);
}

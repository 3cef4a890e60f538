/* base/tally: the first time at once, then one line for many. */
#include "../cmocka_all.h"

#include "base/tally.h"

enum { BEGIN_MS = 1000000 };

static void test_tally_tells_now_and_then(void **state)
{
    struct tally tally = {0};
    (void)state;
    assert_int_equal(tally_add(&tally, BEGIN_MS), 1);
    for (int i = 0; i < 500; i++)
        assert_int_equal(tally_add(&tally, BEGIN_MS + TALLY_PAUSE_MS - 1), 0);
    assert_int_equal(tally_add(&tally, BEGIN_MS + TALLY_PAUSE_MS), 501);
    assert_int_equal(tally_add(&tally, BEGIN_MS + TALLY_PAUSE_MS + 1), 0);
    assert_int_equal(tally_add(&tally, BEGIN_MS + 3 * TALLY_PAUSE_MS), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tally_tells_now_and_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

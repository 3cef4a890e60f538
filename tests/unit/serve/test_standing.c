/* serve/standing: what counts as standing, and what does not. */
#include "../cmocka_all.h"

#include <string.h>

#include "serve/standing.h"

static void test_standing_counts_the_turns_of_others(void **state)
{
    struct standing standing = {0};
    (void)state;
    standing_announce(&standing, 1000);
    assert_int_equal(standing_at(&standing, 1000), 0);
    assert_int_equal(standing_at(&standing, 1500), 500);
}

static void test_standing_leaves_out_its_own(void **state)
{
    struct standing standing = {0};
    (void)state;
    standing_announce(&standing, 1000);
    standing_read(&standing, 1000, false);
    standing_spend(&standing, 1000, 300); /* its turn; it keeps messages for the next */
    assert_int_equal(standing_at(&standing, 1300), 0);
    assert_int_equal(standing_at(&standing, 1700), 400);
    standing_spend(&standing, 1700, 100);
    assert_int_equal(standing_at(&standing, 1800), 400);
}

/* The loop looked before the last turn of the connection: that turn is its own. */
static void test_standing_leaves_out_the_turn_since_the_last_look(void **state)
{
    struct standing standing = {0};
    (void)state;
    standing_announce(&standing, 1000);
    standing_spend(&standing, 1000, 300);
    standing_announce(&standing, 1000);
    assert_int_equal(standing_at(&standing, 1400), 100);
    standing_spend(&standing, 1400, 50);
    standing_announce(&standing, 1600);
    assert_int_equal(standing_at(&standing, 1700), 100);
}

/* What a full read left in the socket was there when it was read. */
static void test_standing_remembers_what_is_behind_a_full_read(void **state)
{
    struct standing standing = {0};
    (void)state;
    standing_announce(&standing, 1000);
    standing_read(&standing, 1000, true);
    standing_spend(&standing, 1000, 200);
    standing_announce(&standing, 5000); /* and not since now */
    assert_int_equal(standing_at(&standing, 5000), 3800);
    standing_read(&standing, 5000, false);
    standing_announce(&standing, 6000);
    assert_int_equal(standing_at(&standing, 6000), 0);
}

static void test_standing_does_not_count_while_it_is_blocked(void **state)
{
    struct standing standing = {0};
    (void)state;
    standing_announce(&standing, 1000);
    standing_read(&standing, 1000, true);
    standing_block(&standing, 1100, true);
    standing_block(&standing, 50000, true);
    standing_block(&standing, 90000, false);
    assert_int_equal(standing_at(&standing, 90010), 10);
    standing_block(&standing, 90500, false); /* nothing ends that did not last */
    assert_int_equal(standing_at(&standing, 90600), 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standing_counts_the_turns_of_others),
        cmocka_unit_test(test_standing_leaves_out_its_own),
        cmocka_unit_test(test_standing_leaves_out_the_turn_since_the_last_look),
        cmocka_unit_test(test_standing_remembers_what_is_behind_a_full_read),
        cmocka_unit_test(test_standing_does_not_count_while_it_is_blocked),
    };
    return cmocka_run_group_tests_name("serve/standing", tests, NULL, NULL);
}

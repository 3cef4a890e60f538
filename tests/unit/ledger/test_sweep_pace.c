/* ledger/sweep_pace: a day for each round, whatever a walk meets and whenever it is asked. */
#include "../cmocka_all.h"

#include "ledger/sweep_pace.h"

#define NOW INT64_C(1790000000000)

enum { HOUR = SWEEP_PACE_ROUND_MS / 24, SECOND = 1000 };

/* One that has been through so many keys, just now. */
static struct sweep_pace walked(size_t keys)
{
    struct sweep_pace pace = {0};
    sweep_pace_walked(&pace, NOW, keys, true);
    return pace;
}

static void test_pace_owes_nothing_at_first(void **state)
{
    (void)state;
    const struct sweep_pace none = {0}, whole = walked(24000);
    assert_int_equal(sweep_pace_due(&none, NOW), 0);
    assert_int_equal(sweep_pace_due(&whole, NOW), 0);
}

static void test_pace_owes_each_time_its_share_of_a_day(void **state)
{
    (void)state;
    struct sweep_pace pace = walked(24000);
    assert_int_equal(sweep_pace_due(&pace, NOW + HOUR), 1000);
    sweep_pace_walked(&pace, NOW + HOUR, 400, false);
    assert_int_equal(sweep_pace_due(&pace, NOW + HOUR), 600);
    assert_int_equal(sweep_pace_due(&pace, NOW + INT64_C(2) * HOUR), 1600);
}

/* What a second is worth is less than one key: it adds up. */
static void test_pace_forgets_no_part_of_a_key(void **state)
{
    (void)state;
    struct sweep_pace pace = walked(2400);
    size_t seen = 0;
    for (int64_t at_ms = SECOND; at_ms <= HOUR; at_ms += SECOND) {
        uint32_t due = sweep_pace_due(&pace, NOW + at_ms);
        assert_true(due <= 1);
        sweep_pace_walked(&pace, NOW + at_ms, due, false);
        seen += due;
    }
    assert_int_equal(seen, 100);
}

static void test_pace_asks_for_nothing_of_who_is_ahead(void **state)
{
    (void)state;
    struct sweep_pace pace = walked(24000);
    sweep_pace_walked(&pace, NOW + HOUR, 5000, false);
    assert_int_equal(sweep_pace_due(&pace, NOW + HOUR), 0);
    assert_int_equal(sweep_pace_due(&pace, NOW + INT64_C(2) * HOUR), 1000);
}

/* A round that turns out longer than the last goes faster, one that is shorter slower. */
static void test_pace_follows_what_there_is(void **state)
{
    (void)state;
    struct sweep_pace pace = walked(24000);
    sweep_pace_walked(&pace, NOW, 48000, false);
    assert_int_equal(sweep_pace_due(&pace, NOW + HOUR), 2000);
    sweep_pace_walked(&pace, NOW, 0, true);
    sweep_pace_walked(&pace, NOW, 12000, true);
    assert_int_equal(sweep_pace_due(&pace, NOW + HOUR), 500);
}

static void test_pace_is_bounded(void **state)
{
    (void)state;
    struct sweep_pace pace = walked(1000000);
    assert_int_equal(sweep_pace_due(&pace, NOW + INT64_C(12) * HOUR), SWEEP_PACE_MOST);
    for (size_t left = 500000; left > 0;) {
        uint32_t due = sweep_pace_due(&pace, NOW + INT64_C(12) * HOUR);
        assert_int_equal(due, left < SWEEP_PACE_MOST ? left : SWEEP_PACE_MOST);
        sweep_pace_walked(&pace, NOW + INT64_C(12) * HOUR, due, false);
        left -= due;
    }
    assert_int_equal(sweep_pace_due(&pace, NOW + INT64_C(12) * HOUR), 0);
}

/* Whatever the clock does: at most one round is owed, and nothing that cannot be reckoned with. */
static void test_pace_lives_with_a_clock_that_jumps(void **state)
{
    (void)state;
    struct sweep_pace pace = walked(1000);
    assert_int_equal(sweep_pace_due(&pace, INT64_MAX), 1000);
    assert_int_equal(sweep_pace_due(&pace, INT64_MIN), 0);
    sweep_pace_walked(&pace, INT64_MIN, 0, false);
    assert_int_equal(sweep_pace_due(&pace, INT64_MAX), 1000);
    sweep_pace_walked(&pace, INT64_MAX, 1000, true);
    assert_int_equal(sweep_pace_due(&pace, NOW), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pace_owes_nothing_at_first),
        cmocka_unit_test(test_pace_owes_each_time_its_share_of_a_day),
        cmocka_unit_test(test_pace_forgets_no_part_of_a_key),
        cmocka_unit_test(test_pace_asks_for_nothing_of_who_is_ahead),
        cmocka_unit_test(test_pace_follows_what_there_is),
        cmocka_unit_test(test_pace_is_bounded),
        cmocka_unit_test(test_pace_lives_with_a_clock_that_jumps),
    };
    return cmocka_run_group_tests_name("ledger/sweep_pace", tests, NULL, NULL);
}

/* ledger/ledger_pace: batches grow while they are quick and small, and shrink where they are not. */
#include "../cmocka_all.h"

#include "ledger/ledger_pace.h"

static void test_pace_doubles_to_the_most(void **state)
{
    (void)state;
    uint32_t most = PACE_LEAST;
    for (uint32_t before = 0; before != most;) {
        before = most;
        most = ledger_pace(most, most, 1, 1);
        assert_true(most == PACE_MOST || most == 2 * before);
    }
    assert_int_equal(most, PACE_MOST);
}

static void test_pace_stays_where_batches_are_not_full(void **state)
{
    (void)state;
    assert_int_equal(ledger_pace(PACE_LEAST, 64, 1, 1), PACE_LEAST);
    assert_int_equal(ledger_pace(PACE_MOST, 64, 1, 1), PACE_MOST);
    assert_int_equal(ledger_pace(PACE_LEAST, PACE_LEAST, PACE_MS / 2 + 1, 1), PACE_LEAST);
    assert_int_equal(ledger_pace(PACE_LEAST, PACE_LEAST, 1, PACE_BYTES / 2 + 1), PACE_LEAST);
}

/* By what the batch had, not by what it might have had: that says nothing. */
static void test_pace_halves_what_took_long_or_much(void **state)
{
    (void)state;
    assert_int_equal(ledger_pace(PACE_MOST, PACE_MOST, PACE_MS + 1, 1), PACE_MOST / 2);
    assert_int_equal(ledger_pace(PACE_MOST, PACE_MOST, 1, PACE_BYTES + (size_t)1), PACE_MOST / 2);
    assert_int_equal(ledger_pace(PACE_MOST, 3 * PACE_LEAST, PACE_MS + 1, 1), 3 * PACE_LEAST / 2);
    assert_int_equal(ledger_pace(PACE_MOST, 1, 100 * PACE_MS, 1), PACE_LEAST);
    assert_int_equal(ledger_pace(PACE_LEAST, PACE_LEAST, 100 * PACE_MS, 1), PACE_LEAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pace_doubles_to_the_most),
        cmocka_unit_test(test_pace_stays_where_batches_are_not_full),
        cmocka_unit_test(test_pace_halves_what_took_long_or_much),
    };
    return cmocka_run_group_tests_name("ledger/ledger_pace", tests, NULL, NULL);
}

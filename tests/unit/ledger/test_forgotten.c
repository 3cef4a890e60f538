/* ledger/forgotten: which decisions were begun before their customer was erased. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/forgotten.h"

enum { ERASED_US = 5000000, NOW_US = 9000000, WAY_US = 15000000, MANY = 1000 };

#define DAY_US (INT64_C(86400) * 1000000)

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct forgotten));
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

/* As a worker's decision has it that began then, and came when it was NOW_US. */
static bool has(const struct forgotten *forgotten, const char *id, int64_t clock_us)
{
    return forgotten_has(forgotten, text_from(id), clock_us, NOW_US);
}

static void test_forgotten_has_nobody_at_first(void **state)
{
    assert_false(has(*state, "ada", 1));
    assert_false(has(*state, "ada", NOW_US + 1));
}

/* Also a decision of the same moment: nobody knows which was first. */
static void test_forgotten_has_what_began_before(void **state)
{
    forgotten_note(*state, TEXT("ada"), ERASED_US);
    assert_true(has(*state, "ada", ERASED_US - 1));
    assert_true(has(*state, "ada", ERASED_US));
    assert_false(has(*state, "ada", ERASED_US + 1));
    assert_false(has(*state, "ada", NOW_US));
    assert_true(forgotten_has_any(*state, ERASED_US, NOW_US));
    assert_false(forgotten_has_any(*state, ERASED_US + 1, NOW_US));
}

static void test_forgotten_is_about_one_customer(void **state)
{
    char id[24];
    unsigned taken_along = 0;
    forgotten_note(*state, TEXT("ada"), ERASED_US);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(id, sizeof id, "customer-%u", i);
        taken_along += has(*state, id, 1);
    }
    assert_true(taken_along <= 1);
}

/* A clock that steps back makes nothing known again. */
static void test_forgotten_keeps_the_latest_time(void **state)
{
    forgotten_note(*state, TEXT("ada"), ERASED_US);
    forgotten_note(*state, TEXT("ada"), ERASED_US - 1000);
    assert_true(has(*state, "ada", ERASED_US));
    forgotten_note(*state, TEXT("ada"), ERASED_US + 1000);
    assert_true(has(*state, "ada", ERASED_US + 1000));
}

/* She was erased, and others with her, while the clock was a day ahead: who comes now is somebody new. */
static void test_forgotten_settles_when_the_clock_is_set_back(void **state)
{
    forgotten_note(*state, TEXT("bo"), ERASED_US);
    forgotten_note(*state, TEXT("ada"), NOW_US + DAY_US);
    assert_true(has(*state, "ada", NOW_US));
    forgotten_settle(*state, NOW_US - 1, WAY_US);
    assert_true(has(*state, "ada", NOW_US - 1));
    assert_false(has(*state, "ada", NOW_US));
    assert_true(has(*state, "bo", ERASED_US));
    assert_false(has(*state, "bo", ERASED_US + 1));
    forgotten_settle(*state, NOW_US + DAY_US, WAY_US); /* ahead again */
    assert_false(has(*state, "ada", NOW_US));
}

/* It began before the clock was set back, and perhaps before she was erased. */
static void test_forgotten_has_what_lies_ahead(void **state)
{
    forgotten_note(*state, TEXT("ada"), NOW_US + DAY_US);
    forgotten_settle(*state, NOW_US - 1, WAY_US);
    assert_true(has(*state, "ada", NOW_US + DAY_US - 1));
    assert_true(has(*state, "ada", NOW_US + 1));
    assert_true(forgotten_has_any(*state, NOW_US + 1, NOW_US));
    assert_false(has(*state, "bo", NOW_US + 1));
}

/* A decision of then might come when its time is past already. */
static void test_forgotten_keeps_times_that_lie_ahead_by_little(void **state)
{
    forgotten_note(*state, TEXT("ada"), NOW_US + WAY_US);
    forgotten_settle(*state, NOW_US, WAY_US);
    assert_true(forgotten_has(*state, TEXT("ada"), NOW_US + WAY_US, NOW_US + WAY_US));
    forgotten_settle(*state, NOW_US - 1, WAY_US);
    assert_false(forgotten_has(*state, TEXT("ada"), NOW_US, NOW_US + WAY_US));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_forgotten_##name, setup, teardown)
        TEST(has_nobody_at_first),
        TEST(has_what_began_before),
        TEST(is_about_one_customer),
        TEST(keeps_the_latest_time),
        TEST(settles_when_the_clock_is_set_back),
        TEST(has_what_lies_ahead),
        TEST(keeps_times_that_lie_ahead_by_little),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/forgotten", tests, NULL, NULL);
}

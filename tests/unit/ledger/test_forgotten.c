/* ledger/forgotten: which decisions were begun before their customer was erased. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/forgotten.h"

enum { ERASED_US = 5000000, MANY = 1000 };

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

static void test_forgotten_has_nobody_at_first(void **state)
{
    assert_false(forgotten_has(*state, TEXT("ada"), 1));
}

/* Also a decision of the same moment: nobody knows which was first. */
static void test_forgotten_has_what_began_before(void **state)
{
    forgotten_note(*state, TEXT("ada"), ERASED_US);
    assert_true(forgotten_has(*state, TEXT("ada"), ERASED_US - 1));
    assert_true(forgotten_has(*state, TEXT("ada"), ERASED_US));
    assert_false(forgotten_has(*state, TEXT("ada"), ERASED_US + 1));
}

static void test_forgotten_is_about_one_customer(void **state)
{
    char id[24];
    unsigned taken_along = 0;
    forgotten_note(*state, TEXT("ada"), ERASED_US);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(id, sizeof id, "customer-%u", i);
        taken_along += forgotten_has(*state, text_from(id), 1);
    }
    assert_true(taken_along <= 1);
}

/* A clock that steps back makes nothing known again. */
static void test_forgotten_keeps_the_latest_time(void **state)
{
    forgotten_note(*state, TEXT("ada"), ERASED_US);
    forgotten_note(*state, TEXT("ada"), ERASED_US - 1000);
    assert_true(forgotten_has(*state, TEXT("ada"), ERASED_US));
    forgotten_note(*state, TEXT("ada"), ERASED_US + 1000);
    assert_true(forgotten_has(*state, TEXT("ada"), ERASED_US + 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_forgotten_##name, setup, teardown)
        TEST(has_nobody_at_first),
        TEST(has_what_began_before),
        TEST(is_about_one_customer),
        TEST(keeps_the_latest_time),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/forgotten", tests, NULL, NULL);
}

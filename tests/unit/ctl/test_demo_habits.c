/* ctl/demo_habits: chances are chances, and the shop's personas differ. */
#include "../cmocka_all.h"

#include "ctl/demo_habits.h"

static bool is_chance(double value)
{
    return value >= 0 && value <= 1;
}

static void test_demo_habits_are_chances(void **state)
{
    (void)state;
    for (int phase = 0; phase < DEMO_PHASES; phase++) {
        const struct demo_habits *habits = demo_habits_of((enum demo_phase)phase);
        assert_true(is_chance(habits->click) && is_chance(habits->dismiss) && is_chance(habits->skip));
        assert_true(habits->go_on > 0 && is_chance(habits->go_on));
        assert_true(is_chance(habits->quit) && is_chance(habits->buy));
        assert_true(habits->gap_days > 0);
        assert_true(habits->section[0] != '\0');
    }
}

static void test_demo_temper_goes_by_name_then_by_number(void **state)
{
    (void)state;
    const struct demo_temper *tinkerer = demo_temper_of(TEXT("tinkerer"), 0);
    assert_string_equal(tinkerer->persona, "tinkerer");
    assert_ptr_equal(demo_temper_of(TEXT("it-manager"), 0), demo_temper_of(TEXT("it-manager"), 4));
    assert_ptr_not_equal(demo_temper_of(TEXT("it-manager"), 0), demo_temper_of(TEXT("it-manager"), 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_habits_are_chances),
        cmocka_unit_test(test_demo_temper_goes_by_name_then_by_number),
    };
    return cmocka_run_group_tests_name("ctl/demo_habits", tests, NULL, NULL);
}

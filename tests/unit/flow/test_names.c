/* flow/names: names of the site in arguments, right, nearly right and wrong. */
#include "../cmocka_all.h"

#include "engine_builder.h"
#include "flow/names.h"

static struct metrics_slot slot;

static int setup(void **state)
{
    static struct engine_built site;
    *state = &site;
    return engine_build(&site, &slot) ? 0 : -1;
}

static int teardown(void **state)
{
    engine_built_destroy(*state);
    return 0;
}

static const struct snapshot *site_of(void **state)
{
    const struct engine_built *built = *state;
    return engine_snapshot(built->engine);
}

static void test_names_find(void **state)
{
    const struct snapshot *site = site_of(state);
    struct error error;
    uint32_t number;
    assert_true(names_find("persona", TEXT("walker"), &site->persona_names, &number, &error));
    assert_true(text_equal(site->personas[number].name, TEXT("walker")));
    assert_false(names_find("persona", TEXT("waiker"), &site->persona_names, &number, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, "persona: no persona 'waiker'; did you mean 'walker'?");
    assert_false(names_find("persona", TEXT("a\nb"), &site->persona_names, &number, &error));
    assert_string_equal(error.message, "persona: no persona 'a\\x0Ab'");
}

static void test_names_find_stage(void **state)
{
    const struct snapshot *site = site_of(state);
    struct error error;
    uint32_t stage;
    assert_true(names_find_stage(site, site->default_journey, TEXT("curiosa"), &stage, &error));
    assert_true(text_equal(site->stages[stage].name, TEXT("curious")));
    assert_false(names_find_stage(site, site->default_journey, TEXT("hello"), &stage, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, "stage: no stage of journey 'walk' called 'hello'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names_find, setup, teardown),
        cmocka_unit_test_setup_teardown(test_names_find_stage, setup, teardown),
    };
    return cmocka_run_group_tests_name("flow/names", tests, NULL, NULL);
}

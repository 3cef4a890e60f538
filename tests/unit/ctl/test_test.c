/* ctl/test: sendactl test on sites whose tests pass, fail, are missing, or can't be run. */
#include "running.h"

static void test_test_runs_every_test(void **state)
{
    const struct folder *folder = *state;
    assert_int_equal(RUN("test", folder->path), CTL_EXIT_OK);
    assert_string_equal(running_out, "ok    the brave get the big one\n"
                                     "ok    others the small one\n"
                                     "2 passed, 0 failed\n");
    assert_string_equal(running_err, "");
}

static void test_test_shows_what_was_expected_and_why_not(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "tests/more.lua",
               "test 'wishful' {\n  given = {}, at = 'hero', expect = { offer = 'big' } }\n");
    assert_int_equal(RUN("test", folder->path), CTL_EXIT_NO);
    assert_contains(running_out, "FAIL  wishful  (tests/more.lua:1)\n"
                                 "        expected: offer 'big'\n"
                                 "        got:      offer 'small' (tool) by strategy 'careful'\n"
                                 "        why:      'big' was stopped at strategy: too big\n");
    assert_contains(running_out, "ok    others the small one\n");
    assert_contains(running_out, "\n2 passed, 1 failed\n");
}

static void test_test_json_of_outcomes(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "tests/more.lua", "test 'wishful' { at = 'hero', expect = { offer = 'big' } }\n");
    assert_int_equal(RUN("test", folder->path, "--json"), CTL_EXIT_NO);
    json_t *whole = running_json(), *tests = json_object_get(whole, "tests");
    assert_json_number(whole, "passed", 2);
    assert_json_number(whole, "failed", 1);
    assert_int_equal(json_array_size(tests), 3);
    const json_t *passed = json_array_get(tests, 0), *failed = json_array_get(tests, 2);
    assert_true(json_is_true(json_object_get(passed, "passed")));
    assert_json_text(passed, "test", "the brave get the big one");
    assert_json_text(passed, "expected", "");
    assert_true(json_is_false(json_object_get(failed, "passed")));
    assert_json_text(failed, "file", "tests/more.lua");
    assert_json_number(failed, "line", 1);
    assert_json_text(failed, "expected", "offer 'big'");
    assert_json_text(failed, "why", "'big' was stopped at strategy: too big");
    json_decref(whole);
}

static void test_test_says_that_there_are_none(void **state)
{
    const struct folder *folder = *state;
    assert_int_equal(unlink(folder_below(folder, "tests/all.lua")), 0);
    assert_int_equal(RUN("test", folder->path), CTL_EXIT_NO);
    assert_contains(running_out, "no tests found; write some in ");
    assert_contains(running_out, "/tests/*.lua\n");
    assert_int_equal(RUN("test", folder->path, "--json"), CTL_EXIT_NO);
    json_t *whole = running_json();
    assert_json_number(whole, "passed", 0);
    assert_int_equal(json_array_size(json_object_get(whole, "tests")), 0);
    json_decref(whole);
}

static void test_test_refuses_a_site_with_errors(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "site.lua", "site { lokale = 'en' }\n");
    assert_int_equal(RUN("test", folder->path), CTL_EXIT_NO);
    assert_string_equal(running_out, "");
    assert_contains(running_err, "site.lua:1:8: error: ");
    assert_contains(running_err, ": the site has errors; its tests were not run\n");
}

static void test_test_of_a_folder_that_is_not_there(void **state)
{
    (void)state;
    assert_int_equal(RUN("test", "/tmp/no-such-folder-of-senda"), CTL_EXIT_USAGE);
    assert_string_equal(running_out, "");
    assert_contains(running_err, "/tmp/no-such-folder-of-senda");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_test_##name, folder_setup, folder_teardown)
        TEST(runs_every_test),
        TEST(shows_what_was_expected_and_why_not),
        TEST(json_of_outcomes),
        TEST(says_that_there_are_none),
        TEST(refuses_a_site_with_errors),
        TEST(of_a_folder_that_is_not_there),
#undef TEST
    };
    return cmocka_run_group_tests_name("ctl/test", tests, NULL, NULL);
}

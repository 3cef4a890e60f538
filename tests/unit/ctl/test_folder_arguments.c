/* ctl/folder_arguments: DIR and --json, in any order, and what is said where they are not understood. */
#include "running.h"

#include "ctl/folder_arguments.h"

#define PARSE(arguments, ...)                                                                                \
    folder_arguments_parse(                                                                                  \
        (arguments), sizeof((const char *[]){"sendactl check", __VA_ARGS__}) / sizeof(char *),               \
        (char **)(uintptr_t)(const char *[]){"sendactl check", __VA_ARGS__, NULL}, "Looks at DIR.")

static void test_folder_arguments_take_a_folder(void **state)
{
    (void)state;
    struct folder_arguments arguments;
    PARSE(&arguments, "my-site");
    assert_string_equal(arguments.directory, "my-site");
    assert_false(arguments.json);
}

static void test_folder_arguments_take_json_anywhere(void **state)
{
    (void)state;
    struct folder_arguments arguments;
    PARSE(&arguments, "--json", "my-site");
    assert_string_equal(arguments.directory, "my-site");
    assert_true(arguments.json);
    PARSE(&arguments, "my-site", "--json");
    assert_true(arguments.json);
    PARSE(&arguments, "--", "--json");
    assert_string_equal(arguments.directory, "--json");
    assert_false(arguments.json);
}

static void test_folder_arguments_refuse_what_they_do_not_know(void **state)
{
    (void)state;
    assert_int_equal(RUN("check"), CTL_EXIT_USAGE);
    assert_contains(running_err, "which folder? It holds the site's Lua files");
    assert_int_equal(RUN("check", "one", "two"), CTL_EXIT_USAGE);
    assert_contains(running_err, "one folder at a time: 'two' is one too many");
    assert_int_equal(RUN("test", "--jsn", "one"), CTL_EXIT_USAGE);
    assert_string_equal(running_out, "");
}

static void test_folder_arguments_help(void **state)
{
    (void)state;
    assert_int_equal(RUN("test", "--help"), CTL_EXIT_OK);
    assert_contains(running_out, "Runs the tests of the site in DIR");
    assert_contains(running_out, "DIR");
    assert_contains(running_out, "--json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folder_arguments_take_a_folder),
        cmocka_unit_test(test_folder_arguments_take_json_anywhere),
        cmocka_unit_test(test_folder_arguments_refuse_what_they_do_not_know),
        cmocka_unit_test(test_folder_arguments_help),
    };
    return cmocka_run_group_tests_name("ctl/folder_arguments", tests, NULL, NULL);
}

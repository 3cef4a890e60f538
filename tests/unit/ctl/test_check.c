/* ctl/check: sendactl check on folders that are good, bad, and not there. */
#include "running.h"

static void test_check_praises_a_good_site(void **state)
{
    const struct folder *folder = *state;
    char verdict[256];
    assert_int_equal(RUN("check", folder->path), CTL_EXIT_OK);
    snprintf(verdict, sizeof verdict, "%s: good: 1 journey, 2 stages, 2 placements, 4 offers, 1 strategy\n",
             folder->path);
    assert_string_equal(running_out, verdict);
    assert_string_equal(running_err, "");
}

static void test_check_counts_warnings(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "journeys/walk.lua",
               "journey 'walk' { stage 'start' {}, stage 'end' { no_offer = 'It is over.' } }\n");
    assert_int_equal(RUN("check", folder->path), CTL_EXIT_OK);
    assert_contains(running_out, "journeys/walk.lua:1:36: warning: stage \"end\": ");
    assert_contains(running_out, ", 1 warning\n");
}

static void test_check_lists_every_error_with_its_place(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "offers/more.lua",
               "offer 'one' { kind = 'tool', tittle = 'x', url = '/1' }\n"
               "offer 'two' { kind = 'tool', title = 'x', url = '/2', stages = { 'strat' } }\n");
    assert_int_equal(RUN("check", folder->path), CTL_EXIT_NO);
    assert_contains(running_out, "offers/more.lua:1:30: error: ");
    assert_contains(running_out, "did you mean 'title'?");
    assert_contains(running_out, "     1 | offer 'one' { kind = 'tool', tittle = 'x', url = '/1' }\n"
                                 "       |                              ^\n");
    assert_contains(running_out, "offers/more.lua:2:66: error: ");
    assert_contains(running_out, "did you mean 'start'?");
    assert_contains(running_out, folder->path);
    assert_contains(running_out, ": refused: ");
    assert_string_equal(running_err, "");
}

static void test_check_finds_broken_syntax(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "site.lua", "site { locale = 'en'\n");
    assert_int_equal(RUN("check", folder->path), CTL_EXIT_NO);
    assert_contains(running_out, "site.lua:");
    assert_contains(running_out, ": refused: 1 error\n");
}

static void test_check_json_of_a_good_site(void **state)
{
    const struct folder *folder = *state;
    assert_int_equal(RUN("check", "--json", folder->path), CTL_EXIT_OK);
    json_t *whole = running_json();
    assert_true(json_is_true(json_object_get(whole, "good")));
    assert_int_equal(json_string_length(json_object_get(whole, "version")), 32);
    assert_int_equal(json_array_size(json_object_get(whole, "problems")), 0);
    json_decref(whole);
}

static void test_check_json_of_problems(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "offers/more.lua",
               "offer 'one' { kind = 'tool', tittle = 'x', url = '/1', title = 'x' }\n");
    assert_int_equal(RUN("check", folder->path, "--json"), CTL_EXIT_NO);
    json_t *whole = running_json(), *problems = json_object_get(whole, "problems");
    assert_true(json_is_false(json_object_get(whole, "good")));
    assert_int_equal(json_array_size(problems), 1);
    const json_t *problem = json_array_get(problems, 0);
    assert_json_text(problem, "severity", "error");
    assert_json_text(problem, "file", "offers/more.lua");
    assert_json_number(problem, "line", 1);
    assert_json_number(problem, "column", 30);
    assert_json_text(problem, "nearest", "title");
    assert_contains(json_string_value(json_object_get(problem, "source")), "tittle");
    json_decref(whole);
}

/* Files that an old editor has saved: what is shown of them is no UTF-8, and JSON has to be. */
static void test_check_json_of_files_that_are_no_utf8(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "offers/more.lua",
               "offer 'one' { kind = 'tool', title = 'Gu\xED"
               "a', tittle = 'x', url = '/1' }\n");
    assert_int_equal(RUN("check", folder->path), CTL_EXIT_NO);
    assert_int_equal(RUN("check", folder->path, "--json"), CTL_EXIT_NO);
    json_t *whole = running_json();
    assert_true(json_array_size(json_object_get(whole, "problems")) > 0);
    assert_json_text(json_array_get(json_object_get(whole, "problems"), 0), "file", "offers/more.lua");
    json_decref(whole);
}

static void test_check_of_names_that_are_no_utf8(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "offers/m\xE1s.lua", "offer 'one' { kind = 'tool', tittle = 'x' }\n");
    assert_int_equal(RUN("check", folder->path), CTL_EXIT_NO);
    assert_contains(running_out,
                    "offers/m\\xE1s.lua: error: this can't be read: the file's name isn't UTF-8");
}

/* One bad path hides none of the other problems, and nothing is missed that may stand there. */
static void test_check_of_names_that_cannot_be_read(void **state)
{
    const struct folder *folder = *state;
    assert_int_equal(symlink("nowhere.lua", folder_below(folder, "offers/lost.lua")), 0);
    assert_int_equal(mkfifo(folder_below(folder, "strategies/pipe.lua"), 0600), 0);
    folder_put(folder, "offers/more.lua",
               "offer 'one' { kind = 'tool', tittle = 'x' }\noffer 'two' { kind = 'tool', title = 'Two', url "
               "= '/',\n"
               " stages = { 'strat' } }\n");
    folder_put(folder, "tests/more.lua", "test 't' { at = 'hero', expect = { offer = 'lost' } }\n");
    assert_int_equal(RUN("check", folder->path), CTL_EXIT_NO);
    assert_contains(running_out,
                    "offers/lost.lua: error: this can't be read: a symbolic link that leads nowhere");
    assert_contains(running_out, "strategies/pipe.lua: error: this can't be read: not an ordinary file");
    assert_contains(running_out, "did you mean 'title'?");
    assert_contains(running_out, "no stage \"strat\"; did you mean 'start'?");
    assert_null(strstr(running_out, "tests/more.lua"));
    assert_int_equal(RUN("check", folder->path, "--json"), CTL_EXIT_NO);
    json_t *whole = running_json();
    assert_json_text(json_array_get(json_object_get(whole, "problems"), 0), "file", "offers/lost.lua");
    json_decref(whole);
}

static void test_check_of_a_folder_that_is_not_there(void **state)
{
    (void)state;
    assert_int_equal(RUN("check", "/tmp/no-such-folder-of-senda"), CTL_EXIT_USAGE);
    assert_string_equal(running_out, "");
    assert_contains(running_err, "sendactl: ");
    assert_contains(running_err, "/tmp/no-such-folder-of-senda");
}

static void test_check_of_a_file(void **state)
{
    const struct folder *folder = *state;
    assert_int_equal(RUN("check", folder_below(folder, "site.lua")), CTL_EXIT_USAGE);
    assert_contains(running_err, "site.lua");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_check_##name, folder_setup, folder_teardown)
        TEST(praises_a_good_site),
        TEST(counts_warnings),
        TEST(lists_every_error_with_its_place),
        TEST(finds_broken_syntax),
        TEST(json_of_a_good_site),
        TEST(json_of_problems),
        TEST(json_of_files_that_are_no_utf8),
        TEST(of_names_that_are_no_utf8),
        TEST(of_names_that_cannot_be_read),
        TEST(of_a_folder_that_is_not_there),
        TEST(of_a_file),
#undef TEST
    };
    return cmocka_run_group_tests_name("ctl/check", tests, NULL, NULL);
}

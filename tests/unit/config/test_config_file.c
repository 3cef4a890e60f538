/* config_file: assignments and nothing else, every mistake with file and line; conf/ agrees with the table.
 */
#include "../cmocka_all.h"
#include "scratch_file.h"

#include "config/config.h"

/* The caller destroys both. */
static bool read_text(struct config *config, const char *text, struct faults *faults)
{
    struct scratch_file file = scratch_file_create(text, strlen(text));
    faults_create(faults);
    assert_true(config_create(config, NULL));
    bool fine = config_read_file(config, file.path, faults);
    assert_int_equal(fine, faults->count == 0);
    scratch_file_destroy(&file);
    return fine;
}

static void assert_refused(const char *text, const char *part)
{
    struct config config;
    struct faults faults;
    assert_false(read_text(&config, text, &faults));
    assert_int_equal(faults.count, 1);
    if (strstr(faults_text(&faults), part) == NULL)
        fail_msg("'%s' doesn't say '%s'", faults_text(&faults), part);
    config_destroy(&config);
    faults_destroy(&faults);
}

static void test_config_file_sets_options_with_their_lines(void **state)
{
    struct config config;
    struct faults faults;
    (void)state;
    assert_true(
        read_text(&config,
                  "site = 'shop'\n\nlocal port = 7000\nlisten = { 'tcp:localhost:' .. port + 1, 'unix:/s' }\n"
                  "state = site .. '/state' deadline_ms = 2^5\nscript_memory = 2 * 1024 * 1024\n",
                  &faults));
    assert_string_equal(config.site, "shop");
    assert_string_equal(config.state, "shop/state");
    assert_string_equal(config.listen.items[0], "tcp:localhost:7001");
    assert_int_equal(config.listen.count, 2);
    assert_int_equal(config.deadline_ms, 32);
    assert_int_equal(config.script_memory, 2 << 20);
    assert_int_equal(config.origins[OPTION_ID_listen].line, 4);
    assert_int_equal(config.origins[OPTION_ID_deadline_ms].source, CONFIG_FILE);
    assert_int_equal(config.origins[OPTION_ID_backlog].source, CONFIG_DEFAULT);
    config_destroy(&config);
}

static void test_config_file_names_the_nearest_option(void **state)
{
    (void)state;
    assert_refused("site = 'x'\nworker = 2", ":2: no option 'worker'; did you mean 'workers'?");
    assert_refused("colour = 'red'", ":1: no option 'colour'; sendad --help lists them");
    assert_refused("_ENV[1] = 2", ":1: no option '1'");
}

static void test_config_file_says_what_type_was_expected(void **state)
{
    (void)state;
    assert_refused("workers = 'four'", ":1: workers: expected a number from 0 to 256, got the string four");
    assert_refused("workers = 1.5", "got the number 1.5");
    assert_refused("workers = -1", "got the number -1");
    assert_refused("workers = 257", "workers: expected a number from 0 to 256, got '257'");
    assert_refused("site = {}", "site: expected a path in quotes, got a table");
    assert_refused("site = true", "got a boolean");
    assert_refused("site = nil", "got nothing");
    assert_refused("site = 'a\\0b'", "site: expected a path in quotes");
    assert_refused("socket_mode = 660",
                   "socket_mode: expected octal digits in quotes, as in \"0660\", got the number 660");
    assert_refused("listen = {}",
                   "listen: expected an address in quotes, or a list of them in braces, got a table");
    assert_refused("listen = { 'unix:/a', 7 }", "got a table");
    assert_refused("listen = { 'tcp:localhost' }", ":1: listen: address 'tcp:localhost': no port");
}

static void test_config_file_never_shows_a_secret(void **state)
{
    struct config config;
    struct faults faults;
    (void)state;
    assert_false(read_text(&config, "token = 12345", &faults));
    assert_null(strstr(faults_text(&faults), "12345"));
    assert_non_null(strstr(faults_text(&faults), "token: expected a text in quotes, got a number"));
    config_destroy(&config);
    faults_destroy(&faults);
}

static void test_config_file_refuses_the_second_setting(void **state)
{
    (void)state;
    assert_refused("site = 'a'\nsite = 'b'", ":2: site: set before, on line 1");
}

static void test_config_file_lists_every_problem(void **state)
{
    struct config config;
    struct faults faults;
    (void)state;
    assert_false(read_text(&config,
                           "sitte = 'x'\nworkers = 'four'\nstate = '/s' .. sitte\nlisten = { 'tcp:x' }\n"
                           "queue_ms = 7\nqueue_ms = 8\nlog_level = 'loud'\nos.exit(0)\nworkerz = 1\n",
                           &faults));
    assert_int_equal(faults.count, 6); /* nothing behind a call can be known */
    for (size_t i = 0; i < 6; i++) {
        static const char *const parts[] = {":1: no option 'sitte'; did you mean 'site'?\n",
                                            ":2: workers: expected a number",
                                            ":4: listen: address 'tcp:x'",
                                            ":6: queue_ms: set before, on line 5\n",
                                            ":7: log_level: expected",
                                            ":8: 'os' is not known here"};
        if (strstr(faults_text(&faults), parts[i]) == NULL)
            fail_msg("'%s' doesn't say '%s'", faults_text(&faults), parts[i]);
    }
    assert_string_equal(config.state, "/sx");
    assert_int_equal(config.queue_ms, 7);
    config_destroy(&config);
    faults_destroy(&faults);
}

static void test_config_file_refuses_what_it_would_ignore(void **state)
{
    (void)state;
    assert_refused("return { workers = 3 }",
                   "expected assignments, such as workers = 3, got a file that returns a table");
    assert_refused("return 7", "got a file that returns a number");
}

static void test_config_file_keeps_many_problems_in_bounds(void **state)
{
    struct config config;
    struct faults faults;
    (void)state;
    assert_false(read_text(&config, "for i = 1, 9999 do _ENV['x' .. i] = i end", &faults));
    assert_in_range(faults.count, 100, 1000);
    config_destroy(&config);
    faults_destroy(&faults);
}

static void test_config_file_can_call_nothing(void **state)
{
    (void)state;
    assert_refused("os.exit(0)", ":1: 'os' is not known here");
    assert_refused("local s = ('x'):rep(10)", ":1: attempt to index");
    assert_refused("print 'x'", "'print' is not known here");
    assert_refused("site = (", ":1: unexpected symbol");
    assert_refused("\x1BLua", "attempt to load a binary chunk");
}

static void test_config_file_ends_by_itself(void **state)
{
    (void)state;
    assert_refused("while true do end", ":1: expected a few assignments, got a program that runs too long");
    assert_refused("local s = 'x' while true do s = s .. s end", "got a program that needs more than 8 MiB");
    assert_refused("local function f() return f() + 1 end f()", "needs more than 8 MiB");
}

/* The same mistake is told once, but each costs a look for the nearest name. */
static void test_config_file_stops_at_many_mistakes(void **state)
{
    struct config config;
    struct faults faults;
    (void)state;
    assert_false(read_text(&config, "for i = 0, 1e9 do tite = i end", &faults));
    assert_int_equal(faults.count, 2);
    assert_non_null(strstr(faults_text(&faults), ":1: no option 'tite'; did you mean 'site'?\n"));
    assert_non_null(strstr(faults_text(&faults),
                           ":1: 256 assignments were wrong; the rest of the file is not looked at\n"));
    config_destroy(&config);
    faults_destroy(&faults);
    assert_refused("for i = 1, 255 do tite = i end", ":1: no option 'tite'");
}

static void test_config_file_names_a_missing_file(void **state)
{
    struct config config;
    struct faults faults;
    (void)state;
    faults_create(&faults);
    assert_true(config_create(&config, NULL));
    assert_false(config_read_file(&config, "/nonexistent/sendad.lua", &faults));
    assert_string_equal(faults_text(&faults),
                        "can't open the configuration /nonexistent/sendad.lua: No such file or directory\n");
    assert_false(config_read_file(&config, "/", &faults));
    assert_non_null(strstr(faults_text(&faults), "Is a directory"));
    config_destroy(&config);
    faults_destroy(&faults);
}

static void test_config_file_is_known_again(void **state)
{
    struct scratch_file file = scratch_file_create("workers = 2", 11);
    struct config config;
    struct faults faults;
    (void)state;
    faults_create(&faults);
    assert_true(config_create(&config, NULL));
    assert_false(config_file_has_changed(&config)); /* there is none */
    assert_true(config_read_file(&config, file.path, &faults));
    assert_false(config_file_has_changed(&config));
    FILE *out = fopen(file.path, "a");
    fputs("3", out);
    fclose(out);
    assert_true(config_file_has_changed(&config));
    scratch_file_destroy(&file);
    assert_true(config_file_has_changed(&config));
    config_destroy(&config);
}

static char *read_whole(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(getdelim(&text, &size, '\0', file) > 0);
    fclose(file);
    return text;
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *found = strstr(text, part); found != NULL; found = strstr(found + 1, part))
        count++;
    return count;
}

/* The line of config_print for the default, commented out, under its help. */
static void expect_described(const char *text, const char *line, enum option_id id)
{
    char expected[512];
    const char *origin = strstr(line, " --");
    int length = (int)(origin - line);
    while (line[length - 1] == ' ')
        length--;
    snprintf(expected, sizeof expected, "\n-- %s\n-- %.*s\n", option_describe(id)->help, length, line);
    if (occurrences(text, expected) != 1)
        fail_msg("conf/sendad.lua should have once:%s", expected);
}

static void test_config_file_sample_describes_every_option(void **state)
{
    char *text = read_whole(SENDA_SOURCE_DIR "/conf/sendad.lua"), *shown, *line;
    struct config config;
    struct error error;
    size_t size;
    (void)state;
    assert_true(config_create(&config, &error));
    FILE *out = open_memstream(&shown, &size);
    config_print(&config, out);
    fclose(out);
    line = strtok(shown, "\n");
    for (unsigned i = 0; i < OPTION_COUNT; i++, line = strtok(NULL, "\n"))
        expect_described(text, line, (enum option_id)i);
    assert_int_equal(occurrences(text, " = "), OPTION_COUNT);
    config_destroy(&config);
    free(shown);
    free(text);
}

static void test_config_file_samples_can_be_read(void **state)
{
    static const char *const samples[] = {SENDA_SOURCE_DIR "/conf/sendad.lua",
                                          SENDA_SOURCE_DIR "/conf/minimal.lua"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct config config;
        struct faults faults;
        faults_create(&faults);
        assert_true(config_create(&config, NULL));
        if (!config_read_file(&config, samples[i], &faults))
            fail_msg("%s", faults_text(&faults));
        config_destroy(&config);
        faults_destroy(&faults);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config_file_sets_options_with_their_lines),
        cmocka_unit_test(test_config_file_names_the_nearest_option),
        cmocka_unit_test(test_config_file_says_what_type_was_expected),
        cmocka_unit_test(test_config_file_never_shows_a_secret),
        cmocka_unit_test(test_config_file_refuses_the_second_setting),
        cmocka_unit_test(test_config_file_lists_every_problem),
        cmocka_unit_test(test_config_file_refuses_what_it_would_ignore),
        cmocka_unit_test(test_config_file_keeps_many_problems_in_bounds),
        cmocka_unit_test(test_config_file_can_call_nothing),
        cmocka_unit_test(test_config_file_ends_by_itself),
        cmocka_unit_test(test_config_file_stops_at_many_mistakes),
        cmocka_unit_test(test_config_file_names_a_missing_file),
        cmocka_unit_test(test_config_file_is_known_again),
        cmocka_unit_test(test_config_file_sample_describes_every_option),
        cmocka_unit_test(test_config_file_samples_can_be_read),
    };
    return cmocka_run_group_tests_name("config/config_file", tests, NULL, NULL);
}

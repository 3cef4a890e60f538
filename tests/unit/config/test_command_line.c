/* command_line: tasks, flags over the file, and names that don't exist. */
#include "../cmocka_all.h"
#include "scratch_file.h"

#include "config/command_line.h"

enum { MOST_ARGUMENTS = 16 };

/* Arguments behind the program's name, ended by NULL. */
static bool parse(struct command_line *line, char *const *arguments, struct error *error)
{
    char *argv[MOST_ARGUMENTS] = {(char[]){"sendad"}};
    int argc = 1;
    while (arguments[argc - 1] != NULL) {
        argv[argc] = arguments[argc - 1];
        argc++;
    }
    return command_line_parse(line, argc, argv, error);
}

#define ARGUMENTS(...) ((char *[]){__VA_ARGS__, NULL})
#define WORD(text) ((char[]){text})

static void assert_refused(char *const *arguments, const char *message)
{
    struct command_line line;
    struct error error;
    assert_false(parse(&line, arguments, &error));
    assert_string_equal(error.message, message);
}

static void test_command_line_knows_its_tasks(void **state)
{
    struct command_line line;
    struct error error;
    (void)state;
    assert_true(parse(&line, ARGUMENTS(WORD("--site"), WORD("x")), &error));
    assert_int_equal(line.task, TASK_SERVE);
    command_line_destroy(&line);
    assert_true(parse(&line, ARGUMENTS(WORD("--check"), WORD("--config=f")), &error));
    assert_int_equal(line.task, TASK_CHECK);
    assert_string_equal(line.file, "f");
    command_line_destroy(&line);
    assert_true(parse(&line, ARGUMENTS(WORD("--print-config")), &error));
    assert_int_equal(line.task, TASK_PRINT_CONFIG);
    command_line_destroy(&line);
}

static void test_command_line_goes_over_the_file(void **state)
{
    struct scratch_file file = scratch_file_create("site = 'a'\nworkers = 2\nlisten = 'unix:/f'", 41);
    struct command_line line;
    struct config config;
    struct faults faults;
    struct error error;
    (void)state;
    faults_create(&faults);
    assert_true(
        parse(&line,
              ARGUMENTS(WORD("--listen"), WORD("unix:/1"), WORD("--site=b"), WORD("--config"), file.path,
                        WORD("--listen=unix:/2"), WORD("--deadline-ms"), WORD("5"), WORD("--deadline-ms=6")),
              &error));
    assert_true(config_create(&config, &error));
    assert_true(command_line_configure(&line, &config, &faults));
    assert_string_equal(config.site, "b");
    assert_int_equal(config.workers, 2);
    assert_int_equal(config.deadline_ms, 6);
    assert_int_equal(config.listen.count, 2);
    assert_string_equal(config.listen.items[1], "unix:/2");
    assert_int_equal(config.origins[OPTION_ID_site].source, CONFIG_FLAG);
    assert_int_equal(config.origins[OPTION_ID_workers].source, CONFIG_FILE);
    config_destroy(&config);
    command_line_destroy(&line);
    scratch_file_destroy(&file);
}

static void test_command_line_refuses_unknown_names(void **state)
{
    (void)state;
    assert_refused(ARGUMENTS(WORD("--worker"), WORD("2")), "no flag '--worker'; did you mean '--workers'?");
    assert_refused(ARGUMENTS(WORD("--deadline_ms=5")),
                   "no flag '--deadline_ms'; did you mean '--deadline-ms'?");
    assert_refused(ARGUMENTS(WORD("--frobnicate")), "no flag '--frobnicate'; sendad --help lists them");
    assert_refused(ARGUMENTS(WORD("--versoin")), "no flag '--versoin'; did you mean '--version'?");
    assert_refused(ARGUMENTS(WORD("--helpp")), "no flag '--helpp'; did you mean '--help'?");
    assert_refused(ARGUMENTS(WORD("--token=x")), "no flag '--token'; sendad --help lists them");
    assert_refused(ARGUMENTS(WORD("shop")), "expected flags only, such as --site DIR, got 'shop'");
    assert_refused(ARGUMENTS(WORD("-s")), "expected flags only, such as --site DIR, got '-s'");
    assert_refused(ARGUMENTS(WORD("--")), "expected flags only, such as --site DIR, got '--'");
}

static void test_command_line_refuses_wrong_arguments(void **state)
{
    (void)state;
    assert_refused(ARGUMENTS(WORD("--site")), "--site: expected DIR behind it");
    assert_refused(ARGUMENTS(WORD("--check=yes")), "--check takes no value");
    assert_refused(ARGUMENTS(WORD("--site=x"), WORD("--workers=many")),
                   "command line: workers: expected a number from 0 to 256, got 'many'");
    assert_refused(ARGUMENTS(WORD("--deadline-ms=5s")),
                   "command line: deadline_ms: expected a number from 1 to 10000, got '5s'");
}

static void test_command_line_configure_finds_every_problem(void **state)
{
    struct command_line line;
    struct config config;
    struct faults faults;
    struct error error;
    (void)state;
    faults_create(&faults);
    assert_true(parse(&line, ARGUMENTS(WORD("--deadline-ms=1000"), WORD("--tls-key=x")), &error));
    assert_true(config_create(&config, &error));
    assert_false(command_line_configure(&line, &config, &faults));
    assert_string_equal(
        faults_text(&faults),
        "site: no site to serve; expected --site DIR, or site = \"DIR\" in the configuration\n"
        "kill_after_ms: expected more than deadline_ms (1000), got 1000\n"
        "tls_key: expected together with tls_certificate\n");
    faults_destroy(&faults);
    config_destroy(&config);
    command_line_destroy(&line);
}

static void test_command_line_has_a_flag_for_every_open_option(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const struct option_description *option = option_describe((enum option_id)i);
        struct command_line line;
        struct error error;
        char flag[64];
        snprintf(flag, sizeof flag, "--%s=%s", option->name, option->fallback);
        for (char *c = flag; *c != '='; c++)
            if (*c == '_')
                *c = '-';
        assert_int_equal(parse(&line, ARGUMENTS(flag), &error), !option->secret);
        command_line_destroy(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_line_knows_its_tasks),
        cmocka_unit_test(test_command_line_goes_over_the_file),
        cmocka_unit_test(test_command_line_refuses_unknown_names),
        cmocka_unit_test(test_command_line_refuses_wrong_arguments),
        cmocka_unit_test(test_command_line_configure_finds_every_problem),
        cmocka_unit_test(test_command_line_has_a_flag_for_every_open_option),
    };
    return cmocka_run_group_tests_name("config/command_line", tests, NULL, NULL);
}

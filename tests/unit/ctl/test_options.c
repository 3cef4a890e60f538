/* ctl/options: the daemon's address and token from command line, environment and files. */
#include "running.h"

#include "ctl/options.h"

static error_t parse_all(int key, char *argument, struct argp_state *state)
{
    (void)argument;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

/* Parses up to five arguments into options that ctl_options_create has filled in. */
static void parse(struct ctl_options *options, const char *const arguments[5])
{
    static const struct argp parser = {NULL, parse_all, NULL, NULL, ctl_options_children, NULL, NULL};
    char *argv[7] = {(char *)(uintptr_t) "sendactl"};
    int argc = 1;
    for (; argc <= 5 && arguments[argc - 1] != NULL; argc++)
        argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
    assert_int_equal(argp_parse(&parser, argc, argv, ARGP_NO_EXIT, NULL, options), 0);
}

#define PARSE(options, ...) parse((options), (const char *const[5]){__VA_ARGS__})

static int set_up(void **state)
{
    unsetenv("SENDA_ADDRESS");
    unsetenv("SENDA_TOKEN");
    return folder_setup(state);
}

static void test_options_have_defaults(void **state)
{
    (void)state;
    struct ctl_options options;
    setenv("SENDA_ADDRESS", "", 1); /* empty is as good as none */
    setenv("SENDA_TOKEN", "", 1);
    ctl_options_create(&options);
    assert_string_equal(options.address, "unix:/run/senda/senda.sock");
    assert_null(options.token);
    assert_int_equal(options.timeout, 5000);
    assert_false(options.json);
    ctl_options_destroy(&options);
}

static void test_options_come_from_the_environment(void **state)
{
    (void)state;
    struct ctl_options options;
    setenv("SENDA_ADDRESS", "tcp:there:1", 1);
    setenv("SENDA_TOKEN", "hush", 1);
    ctl_options_create(&options);
    assert_string_equal(options.address, "tcp:there:1");
    assert_string_equal(options.token, "hush");
    ctl_options_destroy(&options);
    assert_null(options.token);
}

static void test_options_on_the_command_line_win(void **state)
{
    const struct folder *folder = *state;
    struct ctl_options options;
    setenv("SENDA_ADDRESS", "tcp:there:1", 1);
    setenv("SENDA_TOKEN", "hush", 1);
    folder_put(folder, "token", "  first line \r\nsecond\n");
    ctl_options_create(&options);
    PARSE(&options, "--connect=tcp:here:2", "--token-file", folder_below(folder, "token"), "--timeout=1",
          "--json");
    assert_string_equal(options.address, "tcp:here:2");
    assert_string_equal(options.token, "  first line ");
    assert_int_equal(options.timeout, 1);
    assert_true(options.json);
    ctl_options_destroy(&options);
}

static void test_options_refuse_what_cannot_be(void **state)
{
    const struct folder *folder = *state;
    static const char *const timeouts[] = {"--timeout=0", "--timeout=", "--timeout=1x", "--timeout=86400001",
                                           "--timeout=99999999999999999999"};
    for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
        assert_int_equal(RUN("ping", timeouts[i]), CTL_EXIT_USAGE);
        assert_contains(running_err, "--timeout takes a whole number from 1 to 86400000");
    }
    assert_int_equal(RUN("ping", "--token-file", folder_below(folder, "nowhere")), CTL_EXIT_USAGE);
    assert_contains(running_err, "nowhere");
    folder_put(folder, "token", "\nsecond\n");
    assert_int_equal(RUN("ping", "--token-file", folder_below(folder, "token")), CTL_EXIT_USAGE);
    assert_contains(running_err, "no token on its first line");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_options_##name, set_up, folder_teardown)
        TEST(have_defaults),
        TEST(come_from_the_environment),
        TEST(on_the_command_line_win),
        TEST(refuse_what_cannot_be),
#undef TEST
    };
    return cmocka_run_group_tests_name("ctl/options", tests, NULL, NULL);
}

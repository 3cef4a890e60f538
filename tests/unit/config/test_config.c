/* config: defaults, strength of sources, secrets, what is checked across options. */
#include "../cmocka_all.h"
#include "scratch_file.h"

#include <sys/stat.h>

#include "config/config.h"

static void set(struct config *config, enum option_id id, const char *value)
{
    struct error error;
    assert_true(config_set(config, id, &value, 1, (struct config_origin){CONFIG_FLAG, 0}, &error));
}

static void assert_set_refused(enum option_id id, const char *value, const char *message)
{
    struct config config;
    struct error error;
    assert_true(config_create(&config, &error));
    assert_false(config_set(&config, id, &value, 1, (struct config_origin){CONFIG_FLAG, 0}, &error));
    assert_string_equal(error.message, message);
    config_destroy(&config);
}

static void assert_finish_refused(struct config *config, const char *part)
{
    struct error error;
    assert_false(config_finish(config, &error));
    if (strstr(error.message, part) == NULL)
        fail_msg("'%s' doesn't say '%s'", error.message, part);
    config_destroy(config);
}

static struct config ready_config(void)
{
    struct config config;
    struct error error;
    assert_true(config_create(&config, &error));
    set(&config, OPTION_ID_site, "shop");
    return config;
}

static char *printed(const struct config *config)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    config_print(config, out);
    fclose(out);
    return text;
}

static void test_config_create_sets_defaults(void **state)
{
    struct config config;
    struct error error;
    (void)state;
    assert_true(config_create(&config, &error));
    assert_int_equal(config.deadline_ms, 20);
    assert_int_equal(config.script_memory, 8 << 20);
    assert_int_equal(config.socket_mode, 0660);
    assert_int_equal(config.listen.count, 1);
    assert_string_equal(config.listen.items[0], "tcp:127.0.0.1:7420");
    assert_string_equal(config.control, "");
    assert_int_equal(config.origins[OPTION_ID_site].source, CONFIG_DEFAULT);
    config_destroy(&config);
}

static void test_config_set_says_what_was_expected(void **state)
{
    (void)state;
    assert_set_refused(OPTION_ID_deadline_ms, "0", "deadline_ms: expected a number from 1 to 10000, got '0'");
    assert_set_refused(OPTION_ID_deadline_ms, "soon",
                       "deadline_ms: expected a number from 1 to 10000, got 'soon'");
    assert_set_refused(
        OPTION_ID_message_bytes, "1 MB",
        "message_bytes: expected bytes from 1024 to 67108864, as in 65536 or \"64 KiB\", got '1 MB'");
    assert_set_refused(OPTION_ID_socket_mode, "rw",
                       "socket_mode: expected octal digits in quotes, as in \"0660\", got 'rw'");
    assert_set_refused(
        OPTION_ID_log_level, "loud",
        "log_level: expected \"error\", \"warning\", \"notice\", \"info\" or \"debug\", got 'loud'");
    assert_set_refused(
        OPTION_ID_listen, "localhost",
        "listen: address 'localhost': no kind in front; expected unix:PATH, tcp:HOST:PORT or tls:HOST:PORT");
}

static void test_config_set_keeps_the_old_value_on_failure(void **state)
{
    const char *values[] = {"unix:/a", "wrong"};
    struct config config = ready_config();
    struct error error;
    (void)state;
    assert_false(
        config_set(&config, OPTION_ID_listen, values, 2, (struct config_origin){CONFIG_FLAG, 0}, &error));
    assert_string_equal(config.listen.items[0], "tcp:127.0.0.1:7420");
    config_destroy(&config);
}

static void test_config_wants_a_site_to_serve(void **state)
{
    struct config config;
    struct error error;
    (void)state;
    assert_true(config_create(&config, &error));
    assert_false(config_require_site(&config, &error));
    assert_non_null(strstr(error.message, "--site DIR"));
    config_destroy(&config);
    config = ready_config();
    assert_true(config_require_site(&config, &error));
    config_destroy(&config);
}

static void test_config_finish_compares_deadlines(void **state)
{
    struct config config = ready_config();
    (void)state;
    set(&config, OPTION_ID_deadline_ms, "1000");
    assert_finish_refused(&config, "kill_after_ms: expected more than deadline_ms (1000), got 1000");
}

static void test_config_finish_wants_control_on_unix(void **state)
{
    struct config config = ready_config();
    (void)state;
    set(&config, OPTION_ID_control, "tcp:127.0.0.1:1");
    assert_finish_refused(&config, "control: expected unix:PATH");
}

static void test_config_finish_reads_the_token_file(void **state)
{
    struct scratch_file file = scratch_file_create("s3cret\n", 7);
    struct config config = ready_config();
    struct error error;
    (void)state;
    set(&config, OPTION_ID_token_file, file.path);
    assert_true(config_finish(&config, &error));
    assert_string_equal(config.token, "s3cret");
    assert_int_equal(config.origins[OPTION_ID_token].source, CONFIG_TOKEN_FILE);
    config_destroy(&config);
    scratch_file_destroy(&file);
}

static void token_file_refused(const char *content, size_t length, const char *part)
{
    struct scratch_file file = scratch_file_create(content, length);
    struct config config = ready_config();
    set(&config, OPTION_ID_token_file, file.path);
    assert_finish_refused(&config, part);
    scratch_file_destroy(&file);
}

static void test_config_finish_refuses_odd_token_files(void **state)
{
    static char large[4096];
    (void)state;
    memset(large, 'x', sizeof large);
    token_file_refused("\n", 1, "empty file");
    token_file_refused("a\nb\n", 4, "got several");
    token_file_refused("a\0b", 3, "of text");
    token_file_refused(large, sizeof large, "at most 1024 bytes");
    struct config config = ready_config();
    set(&config, OPTION_ID_token_file, "/nonexistent/token");
    assert_finish_refused(&config, "No such file");
}

static void test_config_finish_refuses_two_tokens(void **state)
{
    struct config config = ready_config();
    (void)state;
    set(&config, OPTION_ID_token, "one");
    set(&config, OPTION_ID_token_file, "/etc/hostname");
    assert_finish_refused(&config, "expected one of them");
}

static void test_config_finish_reads_a_credential(void **state)
{
    char directory[] = "/tmp/senda-credentials-XXXXXX", path[64];
    struct config config = ready_config();
    struct error error;
    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/token", directory);
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    assert_true(config_finish(&config, &error));
    assert_string_equal(config.token, "");
    FILE *file = fopen(path, "w");
    fputs("from systemd", file);
    fclose(file);
    assert_true(config_finish(&config, &error));
    assert_string_equal(config.token, "from systemd");
    assert_int_equal(config.origins[OPTION_ID_token].source, CONFIG_CREDENTIAL);
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(path);
    rmdir(directory);
    config_destroy(&config);
}

static void test_config_print_masks_secrets(void **state)
{
    struct config config = ready_config();
    (void)state;
    set(&config, OPTION_ID_token, "s3cret");
    char *text = printed(&config);
    assert_null(strstr(text, "s3cret"));
    assert_non_null(strstr(text, "token = \"********\""));
    assert_non_null(strstr(text, "site = \"shop\"                           -- flag\n"));
    assert_non_null(strstr(text, "script_memory = \"8 MiB\"                 -- default\n"));
    free(text);
    config_destroy(&config);
}

static void test_config_print_can_be_read_again(void **state)
{
    const char *addresses[] = {"unix:/tmp/a \"b\"\n", "tcp:[::1]:1"};
    struct config config = ready_config(), again;
    struct error error;
    (void)state;
    assert_true(
        config_set(&config, OPTION_ID_listen, addresses, 2, (struct config_origin){CONFIG_FLAG, 0}, &error));
    set(&config, OPTION_ID_load_memory, "1048577");
    char *text = printed(&config);
    struct scratch_file file = scratch_file_create(text, strlen(text));
    assert_true(config_create(&again, &error));
    assert_true(config_read_file(&again, file.path, &error));
    assert_string_equal(again.listen.items[0], addresses[0]);
    assert_string_equal(again.listen.items[1], addresses[1]);
    assert_int_equal(again.load_memory, 1048577);
    assert_int_equal(again.socket_mode, 0660);
    free(text);
    config_destroy(&config);
    config_destroy(&again);
    scratch_file_destroy(&file);
}

static void test_config_workers_counts_cores(void **state)
{
    struct config config = ready_config();
    (void)state;
    assert_true(config_workers(&config) >= 1);
    set(&config, OPTION_ID_workers, "3");
    assert_int_equal(config_workers(&config), 3);
    config_destroy(&config);
}

static void assert_site_name(const char *site, const char *name)
{
    struct config config = ready_config();
    char found[CONFIG_NAME_SIZE];
    set(&config, OPTION_ID_site, site);
    config_site_name(&config, found);
    assert_string_equal(found, name);
    config_destroy(&config);
}

static void test_config_site_name_is_the_last_part(void **state)
{
    (void)state;
    assert_site_name("shop", "shop");
    assert_site_name("/srv/sites/shop", "shop");
    assert_site_name("sites/shop//", "shop");
    assert_site_name("/", "/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config_create_sets_defaults),
        cmocka_unit_test(test_config_set_says_what_was_expected),
        cmocka_unit_test(test_config_set_keeps_the_old_value_on_failure),
        cmocka_unit_test(test_config_wants_a_site_to_serve),
        cmocka_unit_test(test_config_finish_compares_deadlines),
        cmocka_unit_test(test_config_finish_wants_control_on_unix),
        cmocka_unit_test(test_config_finish_reads_the_token_file),
        cmocka_unit_test(test_config_finish_refuses_odd_token_files),
        cmocka_unit_test(test_config_finish_refuses_two_tokens),
        cmocka_unit_test(test_config_finish_reads_a_credential),
        cmocka_unit_test(test_config_print_masks_secrets),
        cmocka_unit_test(test_config_print_can_be_read_again),
        cmocka_unit_test(test_config_workers_counts_cores),
        cmocka_unit_test(test_config_site_name_is_the_last_part),
    };
    return cmocka_run_group_tests_name("config/config", tests, NULL, NULL);
}

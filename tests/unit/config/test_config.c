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
    struct faults faults;
    faults_create(&faults);
    assert_false(config_finish(config, &faults));
    assert_int_equal(faults.count, 1);
    if (strstr(faults_text(&faults), part) == NULL)
        fail_msg("'%s' doesn't say '%s'", faults_text(&faults), part);
    faults_destroy(&faults);
    config_destroy(config);
}

static void finish(struct config *config)
{
    struct faults faults;
    faults_create(&faults);
    if (!config_finish(config, &faults))
        fail_msg("%s", faults_text(&faults));
    faults_destroy(&faults);
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

/* The log goes in whole segments: of next to nothing nothing would be kept. */
static void test_config_finish_wants_room_for_a_log_or_none(void **state)
{
    struct config config = ready_config();
    struct faults faults;
    (void)state;
    set(&config, OPTION_ID_log_bytes, "1048575");
    assert_finish_refused(&config,
                          "log_bytes: expected at least \"1 MiB\", or 0 for no log, got 1048575 bytes");
    config = ready_config();
    faults_create(&faults);
    set(&config, OPTION_ID_log_bytes, "1 MiB");
    assert_true(config_finish(&config, &faults));
    set(&config, OPTION_ID_log_bytes, "0");
    assert_true(config_finish(&config, &faults));
    faults_destroy(&faults);
    config_destroy(&config);
}

static void test_config_set_wants_control_on_unix(void **state)
{
    (void)state;
    assert_set_refused(
        OPTION_ID_control, "tcp:127.0.0.1:1",
        "control: expected unix:PATH, got 'tcp:127.0.0.1:1'; a file's mode guards what operators may do");
}

static void test_config_finish_finds_every_problem(void **state)
{
    struct config config = ready_config();
    struct faults faults;
    (void)state;
    faults_create(&faults);
    set(&config, OPTION_ID_deadline_ms, "1000");
    set(&config, OPTION_ID_tls_key, "/key");
    set(&config, OPTION_ID_token_file, "/nonexistent/token");
    assert_false(config_finish(&config, &faults));
    assert_int_equal(faults.count, 3);
    assert_string_equal(faults_text(&faults),
                        "kill_after_ms: expected more than deadline_ms (1000), got 1000\n"
                        "tls_key: expected together with tls_certificate\n"
                        "can't open /nonexistent/token: No such file or directory\n");
    faults_destroy(&faults);
    config_destroy(&config);
}

static void listen_on(struct config *config, const char *one, const char *other)
{
    const char *addresses[] = {one, other};
    struct error error;
    assert_true(
        config_set(config, OPTION_ID_listen, addresses, 2, (struct config_origin){CONFIG_FLAG, 0}, &error));
}

static void test_config_finish_wants_each_address_once(void **state)
{
    struct config config = ready_config();
    (void)state;
    listen_on(&config, "tcp:localhost:0", "tcp:localhost:0");
    finish(&config);
    listen_on(&config, "tcp:localhost:1", "unix:/1");
    finish(&config);
    set(&config, OPTION_ID_control, "unix:/1");
    assert_finish_refused(&config, "control: expected another address than those of listen, got 'unix:/1'");
    config = ready_config();
    listen_on(&config, "unix:/1", "unix:/1");
    assert_finish_refused(&config, "listen: expected each address once, got 'unix:/1' twice");
    config = ready_config();
    listen_on(&config, "tcp:localhost:1", "tls:localhost:1");
    assert_finish_refused(&config, "got 'tls:localhost:1' twice");
}

static void test_config_finish_reads_the_token_file(void **state)
{
    struct scratch_file file = scratch_file_create("s3cret\n", 7);
    struct config config = ready_config();
    (void)state;
    set(&config, OPTION_ID_token_file, file.path);
    finish(&config);
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

static void write_credential(const char *directory, const char *name, const char *content)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    fputs(content, file);
    fclose(file);
}

static void remove_credentials(const char *directory)
{
    static const char *const names[] = {"token", "site-token", "tokens", "tls-certificate", "tls-key"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        unlink(path);
    }
    rmdir(directory);
    unsetenv("CREDENTIALS_DIRECTORY");
}

static void test_config_finish_reads_a_credential(void **state)
{
    char directory[] = "/tmp/senda-credentials-XXXXXX";
    struct config config = ready_config();
    (void)state;
    assert_non_null(mkdtemp(directory));
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    finish(&config);
    assert_string_equal(config.token, "");
    write_credential(directory, "token", "from systemd");
    finish(&config);
    assert_string_equal(config.token, "from systemd");
    assert_int_equal(config.origins[OPTION_ID_token].source, CONFIG_CREDENTIAL);
    remove_credentials(directory);
    config_destroy(&config);
}

/* `name` is shown with that file's path, as from a credential. */
static void assert_shown(const char *text, const char *option, const char *directory, const char *name)
{
    char start[160];
    snprintf(start, sizeof start, "\n%s = \"%s/%s\"", option, directory, name);
    const char *line = strstr(text, start);
    if (line == NULL || strncmp(line + 1 + strcspn(line + 1, "\n") - 14, " -- credential", 14) != 0)
        fail_msg("'%s' isn't in:\n%s", start, text);
}

static void test_config_print_shows_credentials(void **state)
{
    char directory[] = "/tmp/senda-credentials-XXXXXX";
    struct config config = ready_config();
    (void)state;
    assert_non_null(mkdtemp(directory));
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    write_credential(directory, "token", "hush");
    write_credential(directory, "site-token", "hush");
    write_credential(directory, "tokens", "site shop hush");
    write_credential(directory, "tls-certificate", "PEM");
    write_credential(directory, "tls-key", "hush");
    finish(&config);
    char *text = printed(&config);
    assert_null(strstr(text, "hush"));
    assert_non_null(strstr(text, "\n-- token = \"********\"                   -- credential\n"));
    assert_non_null(strstr(text, "\n-- site-token = \"********\"              -- credential\n"));
    assert_shown(text, "tokens_file", directory, "tokens");
    assert_shown(text, "tls_certificate", directory, "tls-certificate");
    assert_shown(text, "tls_key", directory, "tls-key");
    free(text);
    remove_credentials(directory);
    config_destroy(&config);
}

static void test_config_finish_prefers_options_to_credentials(void **state)
{
    char directory[] = "/tmp/senda-credentials-XXXXXX";
    struct config config = ready_config();
    (void)state;
    assert_non_null(mkdtemp(directory));
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    write_credential(directory, "tokens", "site shop hush");
    write_credential(directory, "tls-key", "without a certificate it is of no use");
    set(&config, OPTION_ID_tokens_file, "/own");
    finish(&config);
    assert_string_equal(config.tokens_file, "/own");
    assert_string_equal(config.tls_key, "");
    remove_credentials(directory);
    config_destroy(&config);
}

static void test_config_print_masks_secrets(void **state)
{
    struct config config = ready_config();
    (void)state;
    set(&config, OPTION_ID_token, "s3cret");
    char *text = printed(&config);
    assert_null(strstr(text, "s3cret"));
    assert_non_null(strstr(text, "\n-- token = \"********\""));
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
    struct faults faults;
    (void)state;
    faults_create(&faults);
    set(&config, OPTION_ID_token, "s3cret");
    assert_true(
        config_set(&config, OPTION_ID_listen, addresses, 2, (struct config_origin){CONFIG_FLAG, 0}, &error));
    set(&config, OPTION_ID_load_memory, "1048577");
    char *text = printed(&config);
    struct scratch_file file = scratch_file_create(text, strlen(text));
    assert_true(config_create(&again, &error));
    assert_true(config_read_file(&again, file.path, &faults));
    assert_string_equal(again.token, ""); /* and not its mask */
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
        cmocka_unit_test(test_config_finish_wants_room_for_a_log_or_none),
        cmocka_unit_test(test_config_set_wants_control_on_unix),
        cmocka_unit_test(test_config_finish_finds_every_problem),
        cmocka_unit_test(test_config_finish_wants_each_address_once),
        cmocka_unit_test(test_config_finish_reads_the_token_file),
        cmocka_unit_test(test_config_finish_refuses_odd_token_files),
        cmocka_unit_test(test_config_finish_refuses_two_tokens),
        cmocka_unit_test(test_config_finish_reads_a_credential),
        cmocka_unit_test(test_config_finish_prefers_options_to_credentials),
        cmocka_unit_test(test_config_print_shows_credentials),
        cmocka_unit_test(test_config_print_masks_secrets),
        cmocka_unit_test(test_config_print_can_be_read_again),
        cmocka_unit_test(test_config_workers_counts_cores),
        cmocka_unit_test(test_config_site_name_is_the_last_part),
    };
    return cmocka_run_group_tests_name("config/config", tests, NULL, NULL);
}

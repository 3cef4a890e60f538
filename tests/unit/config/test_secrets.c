/* config/secrets: tokens and the certificate, from files and credentials. */
#include "../cmocka_all.h"
#include "scratch_file.h"

#include "config/secrets.h"

static void set(struct config *config, enum option_id id, const char *value)
{
    struct error error;
    assert_true(config_set(config, id, &value, 1, (struct config_origin){CONFIG_FILE, 1}, &error));
}

static struct config new_config(void)
{
    struct config config;
    struct error error;
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_true(config_create(&config, &error));
    return config;
}

static void finish(struct config *config)
{
    struct faults faults;
    faults_create(&faults);
    assert_true(config_finish(config, &faults));
    faults_destroy(&faults);
}

static struct secrets read_secrets(const struct config *config)
{
    struct secrets secrets;
    struct error error;
    if (!secrets_read(config, &secrets, &error))
        fail_msg("%s", error.message);
    return secrets;
}

static void assert_token(const struct secrets *secrets, size_t at, enum scope scope, const char *name,
                         const char *value)
{
    assert_true(at < secrets->token_count);
    assert_int_equal(secrets->tokens[at].scope, scope);
    assert_string_equal(secrets->tokens[at].name, name);
    assert_string_equal(secrets->tokens[at].value, value);
}

static void test_secrets_without_any(void **state)
{
    struct config config = new_config();
    struct secrets secrets = read_secrets(&config);
    (void)state;
    assert_int_equal(secrets.token_count, 0);
    assert_null(secrets.certificate);
    assert_false(secrets_need_token(&config));
    secrets_destroy(&secrets);
    config_destroy(&config);
}

static void test_secrets_takes_the_only_token_as_admin(void **state)
{
    struct config config = new_config();
    (void)state;
    set(&config, OPTION_ID_token, "in the open");
    struct secrets secrets = read_secrets(&config);
    assert_int_equal(secrets.token_count, 1);
    assert_token(&secrets, 0, SCOPE_ADMIN, "token", "in the open");
    assert_true(secrets_need_token(&config));
    secrets_destroy(&secrets);
    config_destroy(&config);
}

static void test_secrets_reads_files_again(void **state)
{
    struct scratch_file file = scratch_file_create("first\n", 6);
    struct config config = new_config();
    (void)state;
    set(&config, OPTION_ID_token_file, file.path);
    struct secrets secrets = read_secrets(&config);
    assert_token(&secrets, 0, SCOPE_ADMIN, "token", "first");
    secrets_destroy(&secrets);
    FILE *out = fopen(file.path, "w");
    fputs("second", out);
    fclose(out);
    secrets = read_secrets(&config);
    assert_token(&secrets, 0, SCOPE_ADMIN, "token", "second");
    secrets_destroy(&secrets);
    config_destroy(&config);
    scratch_file_destroy(&file);
}

static void test_secrets_reads_lines_of_tokens(void **state)
{
    static const char lines[] =
        "# who may ask\n\nsite  shop\t3f9c\r\n  admin ops correct horse \nsite old a=b#c";
    struct scratch_file file = scratch_file_create(lines, sizeof lines - 1);
    struct config config = new_config();
    (void)state;
    set(&config, OPTION_ID_tokens_file, file.path);
    struct secrets secrets = read_secrets(&config);
    assert_int_equal(secrets.token_count, 3);
    assert_token(&secrets, 0, SCOPE_SITE, "shop", "3f9c");
    assert_token(&secrets, 1, SCOPE_ADMIN, "ops", "correct horse");
    assert_token(&secrets, 2, SCOPE_SITE, "old", "a=b#c");
    assert_true(secrets_need_token(&config));
    secrets_destroy(&secrets);
    config_destroy(&config);
    scratch_file_destroy(&file);
}

/* The message names the place and nothing that stands there. */
static void assert_lines_refused(const char *lines, const char *part)
{
    struct scratch_file file = scratch_file_create(lines, strlen(lines));
    struct config config = new_config();
    struct secrets secrets;
    struct error error;
    set(&config, OPTION_ID_tokens_file, file.path);
    assert_false(secrets_read(&config, &secrets, &error));
    if (strstr(error.message, part) == NULL || strstr(error.message, "hush") != NULL)
        fail_msg("'%s' doesn't say '%s', or too much", error.message, part);
    config_destroy(&config);
    scratch_file_destroy(&file);
}

static void test_secrets_refuses_odd_lines(void **state)
{
    (void)state;
    assert_lines_refused("", "expected tokens, got none");
    assert_lines_refused("# none\n", "expected tokens, got none");
    assert_lines_refused("site shop a\nhush\n", ":2: expected a scope first, 'site' or 'admin'");
    assert_lines_refused("control ops hush", ":1: expected a scope first");
    assert_lines_refused("site hush", ":1: expected a scope, a name and a token of at most 1024 bytes");
}

static void write_credential(const char *folder, const char *name, const char *content)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    fputs(content, file);
    fclose(file);
}

static void test_secrets_reads_credentials(void **state)
{
    static const char *const names[] = {"token", "site-token", "tokens", "tls-certificate", "tls-key"};
    char folder[] = "/tmp/senda-secrets-XXXXXX", path[128];
    struct config config = new_config();
    (void)state;
    assert_non_null(mkdtemp(folder));
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    write_credential(folder, "token", "all\n");
    write_credential(folder, "site-token", "some\n");
    write_credential(folder, "tokens", "site shop more\n");
    write_credential(folder, "tls-certificate", "a certificate");
    write_credential(folder, "tls-key", "a key");
    finish(&config);
    struct secrets secrets = read_secrets(&config);
    assert_int_equal(secrets.token_count, 3);
    assert_token(&secrets, 0, SCOPE_ADMIN, "token", "all");
    assert_token(&secrets, 1, SCOPE_SITE, "site-token", "some");
    assert_token(&secrets, 2, SCOPE_SITE, "shop", "more");
    assert_string_equal(secrets.certificate, "a certificate");
    assert_string_equal(secrets.key, "a key");
    assert_true(secrets_need_token(&config));
    secrets_destroy(&secrets);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    unsetenv("CREDENTIALS_DIRECTORY");
    rmdir(folder);
    config_destroy(&config);
}

static void test_secrets_reads_a_certificate_and_its_key(void **state)
{
    struct scratch_file certificate = scratch_file_create("PEM 1", 5), key = scratch_file_create("PEM 2", 5);
    struct config config = new_config();
    struct secrets none;
    struct error error;
    (void)state;
    set(&config, OPTION_ID_tls_certificate, certificate.path);
    set(&config, OPTION_ID_tls_key, key.path);
    struct secrets secrets = read_secrets(&config);
    assert_string_equal(secrets.certificate, "PEM 1");
    assert_string_equal(secrets.key, "PEM 2");
    secrets_destroy(&secrets);
    scratch_file_destroy(&key);
    assert_false(secrets_read(&config, &none, &error));
    assert_non_null(strstr(error.message, key.path));
    config_destroy(&config);
    scratch_file_destroy(&certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_without_any),
        cmocka_unit_test(test_secrets_takes_the_only_token_as_admin),
        cmocka_unit_test(test_secrets_reads_files_again),
        cmocka_unit_test(test_secrets_reads_lines_of_tokens),
        cmocka_unit_test(test_secrets_refuses_odd_lines),
        cmocka_unit_test(test_secrets_reads_credentials),
        cmocka_unit_test(test_secrets_reads_a_certificate_and_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* config/secret_file: reading what nobody should see. */
#include "../cmocka_all.h"
#include "scratch_file.h"

#include <sys/stat.h>

#include "config/secret_file.h"

static void test_secret_file_reads_all_of_it(void **state)
{
    struct scratch_file file = scratch_file_create("two\nlines\n", 10);
    struct error error;
    (void)state;
    char *text = secret_file_read(file.path, 10, &error);
    assert_string_equal(text, "two\nlines\n");
    secret_free(text);
    scratch_file_destroy(&file);
}

static void assert_file_refused(const char *content, size_t length, size_t most, const char *part)
{
    struct scratch_file file = scratch_file_create(content, length);
    struct error error;
    assert_null(secret_file_read(file.path, most, &error));
    if (strstr(error.message, part) == NULL || strstr(error.message, "s3cret") != NULL)
        fail_msg("'%s' doesn't say '%s', or too much", error.message, part);
    scratch_file_destroy(&file);
}

static void test_secret_file_refuses_what_is_no_text(void **state)
{
    struct error error;
    (void)state;
    assert_file_refused("s3cret!", 7, 6, "expected at most 6 bytes of text");
    assert_file_refused("s3cret\0x", 8, 100, "got a NUL among them");
    assert_null(secret_file_read("/nonexistent/secret", 100, &error));
    assert_non_null(strstr(error.message, "No such file"));
    assert_null(secret_file_read("/tmp", 100, &error));
    assert_non_null(strstr(error.message, "Is a directory"));
}

static void assert_token(const char *content, const char *expected)
{
    struct scratch_file file = scratch_file_create(content, strlen(content));
    struct error error;
    char *token = secret_token_read(file.path, &error);
    assert_string_equal(token, expected);
    secret_free(token);
    scratch_file_destroy(&file);
}

static void test_secret_token_is_one_line(void **state)
{
    struct error error;
    (void)state;
    assert_token("s3cret", "s3cret");
    assert_token("s3cret\n", "s3cret");
    assert_token(" with blanks \r\n", " with blanks ");
    struct scratch_file file = scratch_file_create("a\nb\n", 4);
    assert_null(secret_token_read(file.path, &error));
    assert_non_null(strstr(error.message, "got several"));
    scratch_file_destroy(&file);
}

static void test_secret_credential_is_found_in_its_folder(void **state)
{
    char folder[] = "/tmp/senda-credentials-XXXXXX", path[SECRET_PATH_SIZE], expected[64];
    (void)state;
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_false(secret_credential("token", path));
    assert_non_null(mkdtemp(folder));
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    assert_false(secret_credential("token", path));
    snprintf(expected, sizeof expected, "%s/token", folder);
    fclose(fopen(expected, "w"));
    assert_true(secret_credential("token", path));
    assert_string_equal(path, expected);
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(expected);
    rmdir(folder);
}

/* What is written to standard error meanwhile. */
static char *said_of(const char *path, mode_t mode)
{
    static char said[1024];
    int ends[2], before = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    assert_int_equal(chmod(path, mode), 0);
    secret_file_warn(path);
    dup2(before, STDERR_FILENO);
    close(before);
    ssize_t length = read(ends[0], said, sizeof said - 1);
    said[length] = '\0';
    close(ends[0]);
    return said;
}

static void test_secret_file_warns_of_what_everybody_can_read(void **state)
{
    struct scratch_file file = scratch_file_create("s3cret", 6);
    (void)state;
    assert_string_equal(said_of(file.path, 0600), "");
    assert_string_equal(said_of(file.path, 0640), "");
    const char *said = said_of(file.path, 0644);
    assert_non_null(strstr(said, "can be read by everybody"));
    assert_non_null(strstr(said, file.path));
    scratch_file_destroy(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret_file_reads_all_of_it),
        cmocka_unit_test(test_secret_file_refuses_what_is_no_text),
        cmocka_unit_test(test_secret_token_is_one_line),
        cmocka_unit_test(test_secret_credential_is_found_in_its_folder),
        cmocka_unit_test(test_secret_file_warns_of_what_everybody_can_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

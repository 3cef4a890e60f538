/* base/standard: what a program's exit code says of its standard output. */
#include "../cmocka_all.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/standard.h"

enum { CLOSED = -1, PRINTED = 100000 /* more than stdio keeps */ };

struct ended {
    int code;        /* the exit code */
    char error[256]; /* what was written to standard error */
};

/* In the child: prints `bytes` into `out`, and exits with `code`. */
static void print_and_exit(int out, int error, size_t bytes, int code)
{
    signal(SIGPIPE, SIG_IGN);
    close(STDOUT_FILENO);
    if (out != CLOSED)
        dup2(out, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    if (!standard_begin("tried"))
        _exit(99);
    for (size_t i = 0; i < bytes; i++)
        putchar('x');
    exit(code);
}

static struct ended run(int out, size_t bytes, int code)
{
    struct ended ended = {0};
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        print_and_exit(out, ends[1], bytes, code);
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(read(ends[0], ended.error, sizeof ended.error - 1) >= 0);
    close(ends[0]);
    assert_true(WIFEXITED(status));
    ended.code = WEXITSTATUS(status);
    return ended;
}

static void assert_fails(int out, size_t bytes, int code, int expected, const char *reason)
{
    struct ended ended = run(out, bytes, code);
    assert_int_equal(ended.code, expected);
    if (strstr(ended.error, "tried: standard output: ") != ended.error || strstr(ended.error, reason) == NULL)
        fail_msg("'%s' does not say '%s'", ended.error, reason);
}

static void assert_quiet(int out, size_t bytes, int code)
{
    struct ended ended = run(out, bytes, code);
    assert_int_equal(ended.code, code);
    assert_string_equal(ended.error, "");
}

static void test_standard_leaves_what_was_printed(void **state)
{
    int null = open("/dev/null", O_WRONLY);
    (void)state;
    assert_quiet(null, PRINTED, 0);
    assert_quiet(null, 1, 4);
    close(null);
}

static void test_standard_reports_a_full_disk(void **state)
{
    int full = open("/dev/full", O_WRONLY);
    (void)state;
    assert_fails(full, 1, 0, 1, "No space left on device");
    assert_fails(full, PRINTED, 0, 1, "");
    assert_fails(full, 1, 4, 4, "No space left on device");
    assert_quiet(full, 0, 0);
    close(full);
}

static void test_standard_reports_a_closed_output(void **state)
{
    (void)state;
    assert_fails(CLOSED, 1, 0, 1, "Bad file descriptor");
    assert_quiet(CLOSED, 0, 0);
}

static void test_standard_is_quiet_where_the_reader_has_gone(void **state)
{
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_quiet(ends[1], 1, 0);
    assert_quiet(ends[1], PRINTED, 3);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standard_leaves_what_was_printed),
        cmocka_unit_test(test_standard_reports_a_full_disk),
        cmocka_unit_test(test_standard_reports_a_closed_output),
        cmocka_unit_test(test_standard_is_quiet_where_the_reader_has_gone),
    };
    return cmocka_run_group_tests_name("base/standard", tests, NULL, NULL);
}

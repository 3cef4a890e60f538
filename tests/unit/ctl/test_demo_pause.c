/* ctl/demo_pause: signals are taken when they are waited for, and by children at once. */
#include "../cmocka_all.h"

#include "ctl/demo_pause.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 }; /* what comes is there long before */

static void test_demo_pause_tells_what_ended_it(void **state)
{
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
    (void)state;
    assert_int_equal(demo_pause(0), DEMO_WAKE_TIME);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        assert_int_equal(raise(stops[i]), 0);
        assert_int_equal(demo_pause(PATIENCE_MS), DEMO_WAKE_STOP);
        assert_int_equal(demo_pause(0), DEMO_WAKE_TIME);
    }
}

static void test_demo_pause_ends_with_a_child(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    assert_true(pid > 0);
    assert_int_equal(demo_pause(PATIENCE_MS), DEMO_WAKE_CHILD);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_demo_pause_forget_lets_signals_through(void **state)
{
    int status;
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        demo_pause_forget();
        raise(SIGTERM);
        _exit(0);
    }
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    assert_int_equal(demo_pause(PATIENCE_MS), DEMO_WAKE_CHILD);
}

static void test_demo_pause_lets_writing_fail(void **state)
{
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    assert_int_equal(errno, EPIPE);
    close(ends[1]);
}

static int set_up(void **state)
{
    (void)state;
    demo_pause_create();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_pause_tells_what_ended_it),
        cmocka_unit_test(test_demo_pause_ends_with_a_child),
        cmocka_unit_test(test_demo_pause_forget_lets_signals_through),
        cmocka_unit_test(test_demo_pause_lets_writing_fail),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}

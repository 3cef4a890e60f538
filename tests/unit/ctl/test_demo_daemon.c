/* ctl/demo_daemon: starting, failing and stopping, with scripts that behave as a daemon may. */
#include "../cmocka_all.h"

#include "ctl/demo_daemon.h"
#include "ctl/demo_pause.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Says that it is ready, at the port that it was given, and stays; the shell ends with the signal. */
#define READY                                                                                                \
    "for a; do case $a in tcp:*) tcp=$a;; unix:*senda.sock) : > \"${a#unix:}\";; esac; done\n"               \
    "echo \"msg=starting\"\n"                                                                                \
    "echo \"msg=ready workers=1 listen=unix:/x,$tcp\"\n"                                                     \
    "exec sleep 1000\n"

struct program {
    char path[64];
};

static struct program write_program(const char *script)
{
    struct program program = {"/tmp/senda-daemon-XXXXXX"};
    int descriptor = mkstemp(program.path);
    assert_true(descriptor >= 0);
    assert_true(dprintf(descriptor, "#!/bin/sh\n%s", script) > 0);
    assert_int_equal(fchmod(descriptor, 0700), 0);
    close(descriptor);
    return program;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void test_demo_daemon_starts_and_leaves_nothing(void **state)
{
    (void)state;
    struct program program = write_program(READY);
    struct demo_daemon daemon;
    struct error error;
    assert_true(demo_daemon_start(&daemon, program.path, "site", &error));
    char folder[sizeof daemon.folder];
    strcpy(folder, daemon.folder);
    assert_string_equal(daemon.tcp, "tcp:127.0.0.1:7420");
    assert_true(demo_daemon_runs(&daemon));
    assert_true(exists(folder));
    pid_t pid = daemon.pid;
    demo_daemon_stop(&daemon);
    assert_int_equal(kill(pid, 0), -1);
    assert_false(exists(folder));
    unlink(program.path);
}

static void test_demo_daemon_takes_another_port_where_the_usual_one_is_taken(void **state)
{
    (void)state;
    struct program program =
        write_program("case \"$*\" in *:7420*) echo 'the port is taken'; exit 1;; esac\n" READY);
    struct demo_daemon daemon;
    struct error error;
    assert_true(demo_daemon_start(&daemon, program.path, "site", &error));
    assert_string_equal(daemon.tcp, "tcp:127.0.0.1:0");
    demo_daemon_stop(&daemon);
    unlink(program.path);
}

static void test_demo_daemon_says_why_it_did_not_start(void **state)
{
    (void)state;
    struct program program = write_program("echo starting; echo 'no disk left' >&2; exit 1\n");
    struct demo_daemon daemon;
    struct error error;
    assert_false(demo_daemon_start(&daemon, program.path, "site", &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_non_null(strstr(error.message, "did not start: no disk left"));
    assert_false(exists(daemon.folder));
    unlink(program.path);
    assert_false(demo_daemon_start(&daemon, program.path, "site", &error));
    assert_non_null(strstr(error.message, "cannot be run: No such file or directory"));
}

static void test_demo_daemon_notices_that_it_ended(void **state)
{
    (void)state;
    struct program program = write_program(READY);
    struct demo_daemon daemon;
    struct error error;
    assert_true(demo_daemon_start(&daemon, program.path, "site", &error));
    assert_int_equal(kill(daemon.pid, SIGKILL), 0);
    while (demo_daemon_runs(&daemon))
        (void)demo_pause(1000);
    demo_daemon_stop(&daemon);
    assert_false(exists(daemon.folder));
    unlink(program.path);
}

static void test_demo_daemon_start_ends_with_a_signal(void **state)
{
    (void)state;
    struct program program = write_program("kill -TERM $PPID; exec sleep 1000\n");
    struct demo_daemon daemon;
    struct error error;
    assert_false(demo_daemon_start(&daemon, program.path, "site", &error));
    assert_int_equal(error.code, ERROR_NONE);
    assert_int_equal(daemon.pid, 0);
    unlink(program.path);
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
        cmocka_unit_test(test_demo_daemon_starts_and_leaves_nothing),
        cmocka_unit_test(test_demo_daemon_takes_another_port_where_the_usual_one_is_taken),
        cmocka_unit_test(test_demo_daemon_says_why_it_did_not_start),
        cmocka_unit_test(test_demo_daemon_notices_that_it_ended),
        cmocka_unit_test(test_demo_daemon_start_ends_with_a_signal),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}

/* status: the line that is read at three in the morning. */
#include "../cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "supervise/status.h"
#include "supervisor_builder.h"

static void assert_status(const struct supervisor *supervisor, const char *expected)
{
    char status[STATUS_SIZE];
    assert_string_equal(status_write(supervisor, status), expected);
}

static void test_status_of_a_daemon_that_serves(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(1);
    assert_status(supervisor, "Serving site 0123456789ab, 2 of 2 workers, senda " SENDA_VERSION);
    supervisor->processes[1].serving = 0;
    assert_status(supervisor, "Serving site 0123456789ab, 1 of 2 workers, senda " SENDA_VERSION);
    supervisor->processes[2].serving = 0;
    assert_status(supervisor,
                  "Serving site 0123456789ab, 1 of 2 workers; NOTHING IS WRITTEN DOWN, the ledger is "
                  "away, senda " SENDA_VERSION);
    supervisor_build_free(supervisor);
}

static void test_status_while_a_site_is_loaded(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(1);
    supervisor->reload.phase = RELOAD_LOADING;
    strcpy(supervisor->candidate.version, "fedcba9876543210");
    assert_status(supervisor,
                  "Serving site 0123456789ab, 2 of 2 workers, senda " SENDA_VERSION "; loading fedcba987654");
    supervisor_build_free(supervisor);
}

static void test_status_keeps_the_first_problem_of_a_refused_site(void **state)
{
    char status[STATUS_SIZE];
    (void)state;
    struct supervisor *supervisor = supervisor_build(1);
    status_note_refusal(supervisor, TEXT("offers/a.lua:1:1: warning: doubtful\n  hint\noffers/a.lua:3:1: "
                                         "error: no stage \"\x1b[2Jx\"\nsecond problem\n"));
    status_write(supervisor, status);
    const char *refused = strstr(status, "; A NEWER SITE WAS REFUSED: 20");
    assert_non_null(refused);
    assert_non_null(strstr(refused, "Z offers/a.lua:3:1: error: no stage \"\\x1B[2Jx\""));
    assert_null(strchr(status, '\n'));
    assert_null(strstr(status, "second"));
    supervisor_build_free(supervisor);
}

static void test_status_of_a_first_site_that_is_refused(void **state)
{
    char status[STATUS_SIZE];
    (void)state;
    struct supervisor *supervisor = supervisor_build(1);
    supervisor->ready = false;
    supervisor->stopping = true;
    status_note_refusal(supervisor, TEXT("site.lua:1:1: error: wrong"));
    status_write(supervisor, status);
    assert_memory_equal(status, "Can't start, the site is refused: 20", 36);
    assert_non_null(strstr(status, "Z site.lua:1:1: error: wrong"));
    supervisor_build_free(supervisor);
}

static void test_status_cuts_a_problem_that_is_too_long(void **state)
{
    char status[STATUS_SIZE], problem[4 * STATUS_SIZE];
    (void)state;
    struct supervisor *supervisor = supervisor_build(1);
    memset(problem, 'x', sizeof problem);
    status_note_refusal(supervisor, (struct text){problem, sizeof problem});
    assert_true(strlen(status_write(supervisor, status)) < STATUS_SIZE);
    assert_int_equal(strlen(supervisor->refusal), REFUSAL_SIZE - 1);
    supervisor_build_free(supervisor);
}

static void test_status_while_starting(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(1);
    supervisor->ready = false;
    supervisor->processes[0].serving = 0;
    assert_status(supervisor, "Starting: 1 of 2 workers have loaded the site");
    supervisor->pulse.rewritten = 3 << 20;
    assert_status(supervisor,
                  "Starting: 1 of 2 workers have loaded the site; clearing what was erased out of the "
                  "memory, 3 MiB so far");
    supervisor_build_free(supervisor);
}

static void test_status_while_stopping(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(1);
    supervisor->stopping = true;
    assert_status(supervisor, "Stopping: open requests are answered, for at most 10 s");
    supervisor->drains_ledger = true;
    assert_status(supervisor, "Stopping: the last events are written down");
    supervisor_build_free(supervisor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_of_a_daemon_that_serves),
        cmocka_unit_test(test_status_while_a_site_is_loaded),
        cmocka_unit_test(test_status_keeps_the_first_problem_of_a_refused_site),
        cmocka_unit_test(test_status_of_a_first_site_that_is_refused),
        cmocka_unit_test(test_status_cuts_a_problem_that_is_too_long),
        cmocka_unit_test(test_status_while_starting),
        cmocka_unit_test(test_status_while_stopping),
    };
    return cmocka_run_group_tests_name("supervise/status", tests, NULL, NULL);
}

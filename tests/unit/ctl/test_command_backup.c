/* sendactl backup and restore: what they say, and how they end. */
#include "commanding.h"

#include "../backup/copying.h"
#include "base/state.h"

/* Both at once: a fixture to run commands in, and directories. */
struct backing {
    struct fixture *fixture; /* owned */
    struct copying *copying; /* owned */
    char state[160];         /* as an option */
    char target[160];        /* likewise */
};

static int setup(void **state)
{
    struct backing *backing = calloc(1, sizeof *backing);
    void *part;
    assert_non_null(backing);
    commanding_setup(&part);
    backing->fixture = part;
    copying_setup(&part);
    backing->copying = part;
    snprintf(backing->state, sizeof backing->state, "--state=%s", backing->copying->state);
    snprintf(backing->target, sizeof backing->target, "--state=%s", backing->copying->target);
    unsetenv("SENDA_STATE");
    *state = backing;
    return 0;
}

static int teardown(void **state)
{
    struct backing *backing = *state;
    void *part = backing->copying;
    copying_teardown(&part);
    part = backing->fixture;
    commanding_teardown(&part);
    free(backing);
    return 0;
}

static void test_command_backup_says_what_it_copied(void **state)
{
    struct backing *backing = *state;
    const char *copy = backing->copying->copy;
    assert_int_equal(RUN(backing->fixture, "backup", copy, backing->state), CTL_EXIT_OK);
    assert_contains(backing->fixture->out, "copied to ");
    assert_contains(backing->fixture->out, ": 3 customers, 5 keys, 3 segments of the decision log; ");
    assert_string_equal(backing->fixture->err, "");
    copying_assert_whole(backing->copying, copy);
    assert_int_equal(RUN(backing->fixture, "restore", copy, backing->target), CTL_EXIT_OK);
    assert_contains(backing->fixture->out, "target holds the backup now: 3 customers, 5 keys, ");
    copying_assert_whole(backing->copying, backing->copying->target);
    assert_int_equal(RUN(backing->fixture, "restore", copy, backing->target, "--force"), CTL_EXIT_OK);
    assert_contains(backing->fixture->out, "what was there is in ");
}

static void test_command_backup_as_json(void **state)
{
    struct backing *backing = *state;
    setenv("SENDA_STATE", backing->copying->state, 1);
    assert_int_equal(RUN(backing->fixture, "backup", backing->copying->copy, "--json"), CTL_EXIT_OK);
    assert_contains(backing->fixture->out, "\"customers\": 3,\n  \"keys\": 5,\n  \"segments\": 3,");
    assert_contains(backing->fixture->out, "\"damaged\": 0,\n  \"seconds\": ");
    assert_int_equal(RUN(backing->fixture, "restore", backing->copying->copy, "--json", backing->target),
                     CTL_EXIT_OK);
    assert_contains(backing->fixture->out, "\"aside\": null,");
    assert_contains(backing->fixture->out, "\"keys\": 5,");
}

static void test_command_backup_tells_wrong_from_failed(void **state)
{
    struct backing *backing = *state;
    struct error error;
    const char *copy = backing->copying->copy;
    assert_int_equal(RUN(backing->fixture, "backup"), CTL_EXIT_USAGE);
    assert_contains(backing->fixture->err, "which directory?");
    assert_int_equal(RUN(backing->fixture, "backup", "one", "two"), CTL_EXIT_USAGE);
    assert_int_equal(RUN(backing->fixture, "backup", copy, backing->target), CTL_EXIT_USAGE);
    assert_contains(backing->fixture->err, "sendactl: no backup: ");
    assert_int_equal(RUN(backing->fixture, "restore", copy, backing->target), CTL_EXIT_USAGE);
    assert_contains(backing->fixture->err, "sendactl: not restored: ");
    assert_int_equal(RUN(backing->fixture, "backup", copy, backing->state), CTL_EXIT_OK);
    assert_int_equal(RUN(backing->fixture, "restore", copy, backing->state), CTL_EXIT_USAGE);
    assert_contains(backing->fixture->err, "has a memory already");
    int lock = state_lock(backing->copying->target, &error);
    assert_int_equal(RUN(backing->fixture, "restore", copy, backing->target), CTL_EXIT_NO);
    assert_contains(backing->fixture->err, "is held by another sendad");
    close(lock);
}

static void test_command_backup_and_restore_have_help(void **state)
{
    struct backing *backing = *state;
    for (const char *const *name = (const char *const[]){"backup", "restore", NULL}; *name != NULL; name++) {
        assert_int_equal(RUN(backing->fixture, *name, "--help"), CTL_EXIT_OK);
        assert_contains(backing->fixture->out, "Examples:");
        assert_contains(backing->fixture->out, "Exit codes:");
        assert_contains(backing->fixture->out, "/var/lib/senda");
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_command_backup_says_what_it_copied),
        TEST(test_command_backup_as_json),
        TEST(test_command_backup_tells_wrong_from_failed),
        TEST(test_command_backup_and_restore_have_help),
    };
    return cmocka_run_group_tests_name("ctl/command_backup", tests, NULL, NULL);
}

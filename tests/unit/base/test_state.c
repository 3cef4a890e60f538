/* state: one holder at a time, and the folder is made. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/state.h"

static unsigned mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void test_state_lock_makes_folders_and_holds_them(void **state)
{
    char root[] = "/tmp/senda-state-XXXXXX", middle[64], folder[80], lock[96];
    struct error error;
    (void)state;
    assert_non_null(mkdtemp(root));
    snprintf(middle, sizeof middle, "%s/a", root);
    snprintf(folder, sizeof folder, "%s/b", middle);
    snprintf(lock, sizeof lock, "%s/lock", folder);
    int first = state_lock(folder, &error);
    assert_true(first >= 0);
    assert_int_equal(state_lock(folder, &error), -1);
    assert_non_null(strstr(error.message, "is held by another sendad (process "));
    close(first);
    int second = state_lock(folder, &error);
    assert_true(second >= 0);
    close(second);
    assert_int_equal(mode_of(middle), 0700);
    assert_int_equal(mode_of(folder), 0700);
    assert_int_equal(mode_of(lock), 0600);
    assert_int_equal(unlink(lock), 0);
    assert_int_equal(rmdir(folder) + rmdir(middle) + rmdir(root), 0);
}

static void test_state_lock_names_what_it_cannot_make(void **state)
{
    struct error error;
    (void)state;
    assert_int_equal(state_lock("/dev/null/state", &error), -1);
    assert_string_equal(error.message, "can't make the folder /dev/null/state: Not a directory");
}

static void test_state_lock_leaves_the_mode_of_what_is_there(void **state)
{
    char root[] = "/tmp/senda-state-XXXXXX", lock[64];
    struct error error;
    (void)state;
    assert_non_null(mkdtemp(root));
    assert_int_equal(chmod(root, 0750), 0);
    snprintf(lock, sizeof lock, "%s/lock", root);
    int held = state_lock(root, &error);
    assert_true(held >= 0);
    assert_true(state_check(root, &error)); /* somebody who runs is no hindrance */
    close(held);
    assert_int_equal(mode_of(root), 0750);
    assert_int_equal(unlink(lock) + rmdir(root), 0);
}

static void assert_checked(const char *directory, const char *message)
{
    struct error error;
    assert_false(state_check(directory, &error));
    assert_string_equal(error.message, message);
    assert_int_equal(state_lock(directory, &error), -1); /* which says the same */
    assert_string_equal(error.message, message);
}

static void test_state_check_makes_nothing(void **state)
{
    char root[] = "/tmp/senda-state-XXXXXX", folder[64];
    struct error error;
    (void)state;
    assert_checked("/dev/null/state", "can't make the folder /dev/null/state: Not a directory");
    assert_checked("/dev/null", "can't open the state folder /dev/null: Not a directory");
    assert_non_null(mkdtemp(root));
    snprintf(folder, sizeof folder, "%s//a/b/", root);
    assert_true(state_check(root, &error));
    assert_true(state_check(folder, &error));
    assert_int_equal(rmdir(root), 0); /* it is still empty */
    assert_true(state_check("none/of/these", &error));
    assert_true(state_check("none", &error));
    assert_int_equal(access("none", F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_lock_makes_folders_and_holds_them),
        cmocka_unit_test(test_state_lock_names_what_it_cannot_make),
        cmocka_unit_test(test_state_lock_leaves_the_mode_of_what_is_there),
        cmocka_unit_test(test_state_check_makes_nothing),
    };
    return cmocka_run_group_tests_name("base/state", tests, NULL, NULL);
}

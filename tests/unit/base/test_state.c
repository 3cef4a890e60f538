/* state: one holder at a time, and the folder is made. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/state.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_lock_makes_folders_and_holds_them),
        cmocka_unit_test(test_state_lock_names_what_it_cannot_make),
    };
    return cmocka_run_group_tests_name("base/state", tests, NULL, NULL);
}

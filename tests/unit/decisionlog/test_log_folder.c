/* decisionlog/log_folder: what is listed, and what is not. */
#include "scratch.h"

static void test_folder_that_is_not_there(void **state)
{
    const struct scratch *scratch = *state;
    struct log_folder folder;
    struct error error;
    assert_false(log_folder_open(&folder, scratch->state, LOG_FOLDER_READ, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_non_null(strstr(error.message, "/decisions: "));
}

static void test_folder_is_made_for_its_owner_alone(void **state)
{
    const struct scratch *scratch = *state;
    struct log_folder folder;
    struct stat status;
    char path[128];
    snprintf(path, sizeof path, "%s/" SEGMENT_FOLDER, scratch->state);
    for (int i = 0; i < 2; i++) {
        assert_true(log_folder_open(&folder, scratch->state, LOG_FOLDER_MAKE, NULL));
        assert_int_equal(folder.count, 0);
        log_folder_close(&folder);
    }
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
}

static void test_folder_lists_segments_alone_in_their_order(void **state)
{
    const struct scratch *scratch = *state;
    struct log_folder folder;
    char path[128];
    assert_true(log_folder_open(&folder, scratch->state, LOG_FOLDER_MAKE, NULL));
    for (int64_t clock = 300; clock > 0; clock--)
        scratch_write_file(scratch_path(scratch, clock), TEXT(""));
    snprintf(path, sizeof path, "%s/" SEGMENT_FOLDER "/notes.txt", scratch->state);
    scratch_write_file(path, TEXT("not ours"));
    assert_true(log_folder_list(&folder, NULL));
    assert_int_equal(folder.count, 300);
    for (int64_t i = 0; i < 300; i++)
        assert_int_equal(folder.clocks[i], i + 1);
    assert_int_equal(log_folder_after(&folder, -1), 0);
    assert_int_equal(log_folder_after(&folder, 7), 7);
    assert_int_equal(log_folder_after(&folder, 300), 300);
    log_folder_close(&folder);
}

static void test_folder_is_cleared_of_segments_alone(void **state)
{
    const struct scratch *scratch = *state;
    struct log_folder folder;
    size_t deleted;
    char path[128];
    assert_true(log_folder_clear(scratch->state, &deleted, NULL)); /* there is no folder yet */
    assert_int_equal(deleted, 0);
    assert_true(log_folder_open(&folder, scratch->state, LOG_FOLDER_MAKE, NULL));
    for (int64_t clock = 3; clock > 0; clock--)
        scratch_write_file(scratch_path(scratch, clock), TEXT("somebody's"));
    snprintf(path, sizeof path, "%s/" SEGMENT_FOLDER "/notes.txt", scratch->state);
    scratch_write_file(path, TEXT("not ours"));
    assert_true(log_folder_clear(scratch->state, &deleted, NULL));
    assert_int_equal(deleted, 3);
    assert_true(log_folder_list(&folder, NULL));
    assert_int_equal(folder.count, 0);
    assert_int_equal(access(path, F_OK), 0);
    log_folder_close(&folder);
}

/* One that can't be deleted, whatever it is, keeps no other one. */
static void test_folder_is_cleared_as_far_as_it_can_be(void **state)
{
    const struct scratch *scratch = *state;
    struct log_folder folder;
    struct error error;
    size_t deleted;
    assert_true(log_folder_open(&folder, scratch->state, LOG_FOLDER_MAKE, NULL));
    for (int64_t clock = 1; clock <= 5; clock++)
        if (clock % 2 == 0)
            assert_int_equal(mkdir(scratch_path(scratch, clock), 0700), 0);
        else
            scratch_write_file(scratch_path(scratch, clock), TEXT("somebody's"));
    assert_false(log_folder_clear(scratch->state, &deleted, &error));
    assert_int_equal(deleted, 3);
    assert_string_equal(error.message, "decisions/00000000000000000002.log: Is a directory");
    assert_true(log_folder_list(&folder, NULL));
    assert_int_equal(folder.count, 2);
    log_folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_folder_##name, scratch_setup, scratch_teardown)
        TEST(that_is_not_there),
        TEST(is_made_for_its_owner_alone),
        TEST(lists_segments_alone_in_their_order),
        TEST(is_cleared_of_segments_alone),
        TEST(is_cleared_as_far_as_it_can_be),
#undef TEST
    };
    return cmocka_run_group_tests_name("decisionlog/log_folder", tests, NULL, NULL);
}

/* backup/log_copy: whole segments, torn ends, damage, and logs that change meanwhile. */
#include "copying.h"

#include "backup/log_copy.h"

static struct log_copy copy_log(const struct copying *copying)
{
    struct log_copy copy;
    struct error error = {0};
    assert_int_equal(mkdir(copying->copy, 0700), 0);
    if (!log_copy(&copy, copying->state, copying->copy, &error))
        fail_msg("%s", error.message);
    return copy;
}

static struct scratch read_copy(const struct copying *copying)
{
    struct scratch scratch = {0};
    snprintf(scratch.state, sizeof scratch.state, "%s", copying->copy);
    scratch_read(&scratch, LOG_QUERY_ALL);
    return scratch;
}

static void test_log_copy_is_the_same_bytes(void **state)
{
    struct copying *copying = *state;
    struct log_copy copy = copy_log(copying);
    struct log_folder folder;
    assert_true(log_folder_open(&folder, copying->state, LOG_FOLDER_READ, NULL));
    assert_int_equal(copy.segments, folder.count);
    assert_int_equal(copy.damaged, 0);
    assert_true(folder.count > 2);
    for (size_t i = 0; i < folder.count; i++) {
        struct scratch there = {0};
        snprintf(there.state, sizeof there.state, "%s", copying->copy);
        struct text ours = scratch_read_file(scratch_path(&copying->scratch, folder.clocks[i]));
        struct text copied = scratch_read_file(scratch_path(&there, folder.clocks[i]));
        assert_true(text_equal(ours, copied));
        free((char *)(uintptr_t)ours.bytes);
        free((char *)(uintptr_t)copied.bytes);
    }
    log_folder_close(&folder);
}

/* What is behind the damage is found where it was, by the index, too. */
static void test_log_copy_leaves_damage_behind(void **state)
{
    struct copying *copying = *state;
    struct decision_id second;
    struct record record = records_one();
    const char *first = scratch_path(&copying->scratch, SCRATCH_NOON);
    scratch_turn_bits(first, SEGMENT_HEADER_BYTES + SEGMENT_FRAME_BYTES + 5, 1);
    struct log_copy copy = copy_log(copying);
    assert_int_equal(copy.damaged, scratch_frame_size());
    struct scratch there = read_copy(copying);
    scratch_assert_seeds(&there, 1, COPYING_DECISIONS - 1);
    assert_int_equal(there.damaged_bytes, scratch_frame_size());
    second = decision_id_of(SCRATCH_NOON + SCRATCH_SECOND, 1, record.version);
    assert_true(scratch_finds(copying->copy, &second));
}

static void test_log_copy_ends_with_a_whole_frame(void **state)
{
    struct copying *copying = *state;
    struct log_writer writer;
    struct error error;
    scratch_open(&copying->scratch, &writer, SCRATCH_OPTIONS);
    scratch_append_many(&writer, "bo", COPYING_DECISIONS, 2);
    const char *last = scratch_path(&copying->scratch, writer.segments[writer.count - 1].first_us);
    off_t size = scratch_file_size(last);
    assert_int_equal(truncate(last, size - 3), 0); /* as if it were being written */
    struct log_copy copy;
    assert_int_equal(mkdir(copying->copy, 0700), 0);
    assert_true(log_copy(&copy, copying->state, copying->copy, &error));
    struct scratch there = read_copy(copying);
    scratch_assert_seeds(&there, 0, COPYING_DECISIONS + 1);
    assert_int_equal(there.damages, 0);
    log_writer_destroy(&writer);
}

static void test_log_copy_of_no_log(void **state)
{
    struct copying *copying = *state;
    struct log_copy copy;
    struct error error;
    assert_true(log_copy(&copy, copying->directory.elsewhere, copying->copy, &error));
    assert_int_equal(copy.segments, 0);
    assert_false(copying_is_there(copying->directory.path, "copy"));
}

static void test_log_copy_says_what_it_cannot_write(void **state)
{
    struct copying *copying = *state;
    struct log_copy copy;
    struct error error;
    assert_false(log_copy(&copy, copying->state, "/dev/null", &error));
    assert_non_null(strstr(error.message, "/dev/null/decisions"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, copying_setup, copying_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_log_copy_is_the_same_bytes),         TEST(test_log_copy_leaves_damage_behind),
        TEST(test_log_copy_ends_with_a_whole_frame),   TEST(test_log_copy_of_no_log),
        TEST(test_log_copy_says_what_it_cannot_write),
    };
    return cmocka_run_group_tests_name("backup/log_copy", tests, NULL, NULL);
}

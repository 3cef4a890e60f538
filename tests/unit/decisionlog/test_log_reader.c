/* decisionlog/log_reader: filters, and logs that grow and shrink meanwhile. */
#include "scratch.h"

static struct log_options small_segments(void)
{
    struct log_options options = SCRATCH_OPTIONS;
    options.segment_bytes = SEGMENT_HEADER_BYTES + 4 * scratch_frame_size();
    return options;
}

static int64_t second(int64_t number)
{
    return SCRATCH_NOON + number * SCRATCH_SECOND;
}

static void test_reader_of_a_time(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 50);
    log_writer_destroy(&writer);
    scratch_read(scratch, (struct log_query){second(10), second(20), NULL, 0});
    scratch_assert_seeds(scratch, 10, 10);
    scratch_read(scratch, (struct log_query){second(10) + 1, second(20) + 1, NULL, 0});
    scratch_assert_seeds(scratch, 11, 10);
    scratch_read(scratch, (struct log_query){second(45), INT64_MAX, NULL, 0});
    scratch_assert_seeds(scratch, 45, 5);
    scratch_read(scratch, (struct log_query){INT64_MIN, second(3), NULL, 0});
    scratch_assert_seeds(scratch, 0, 3);
    scratch_read(scratch, (struct log_query){second(50), INT64_MAX, NULL, 0});
    scratch_assert_seeds(scratch, 0, 0);
    scratch_read(scratch, (struct log_query){second(20), second(10), NULL, 0});
    scratch_assert_seeds(scratch, 0, 0);
}

static void test_reader_of_a_customer(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 5);
    scratch_append_many(&writer, "bo", 5, 5);
    scratch_append_many(&writer, NULL, 10, 5);
    log_writer_destroy(&writer);
    scratch_read_of(scratch, "bo");
    scratch_assert_seeds(scratch, 5, 5);
    scratch_read_of(scratch, "nobody");
    scratch_assert_seeds(scratch, 0, 0);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 15);
}

static void test_reader_of_several_ids(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    const struct text ids[] = {TEXT("visitor-1"), TEXT("bo")};
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 3);
    scratch_append_many(&writer, "visitor-1", 3, 4);
    scratch_append_many(&writer, "bo", 7, 5);
    scratch_append_many(&writer, "visitor-10", 12, 2);
    scratch_append_many(&writer, NULL, 14, 2);
    log_writer_destroy(&writer);
    scratch_read(scratch, (struct log_query){INT64_MIN, INT64_MAX, ids, 2});
    scratch_assert_seeds(scratch, 3, 9);
}

/* Nobody else waits for more than so many bytes and a frame. */
static void test_reader_goes_in_steps(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_reader reader;
    struct text bytes, bo = TEXT("bo");
    size_t steps = 0, found = 0, frames = 3;
    enum log_reading reading;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 50);
    scratch_append_many(&writer, "bo", 50, 2);
    log_writer_destroy(&writer);
    assert_true(log_reader_create(&reader, scratch->state, &(struct log_query){INT64_MIN, INT64_MAX, &bo, 1},
                                  NULL, NULL, NULL));
    do {
        uint64_t budget = frames * scratch_frame_size();
        while ((reading = log_reader_step(&reader, &budget, &bytes)) == LOG_READING_RECORD)
            found++;
        steps++;
    } while (reading == LOG_READING_MORE);
    assert_int_equal(found, 2);
    assert_true(steps >= 52 / frames);
    log_reader_destroy(&reader);
}

/* Damaged bytes count, too: they have been looked through. */
static void test_reader_counts_damage(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_reader reader;
    struct text bytes;
    uint64_t budget = scratch_frame_size(), before = budget;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 4);
    log_writer_destroy(&writer);
    scratch_turn_bits(scratch_path(scratch, second(0)), SEGMENT_HEADER_BYTES + 50, 1);
    assert_true(log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, NULL, NULL, NULL));
    assert_int_equal(log_reader_step(&reader, &budget, &bytes), LOG_READING_RECORD);
    assert_int_equal(budget, 0);
    budget = 10 * before;
    assert_int_equal(log_reader_step(&reader, &budget, &bytes), LOG_READING_RECORD);
    assert_int_equal(budget, 9 * before);
    log_reader_destroy(&reader);
}

/* What comes later, in the segment that was open or in another one, is for whoever reads later. */
static void test_reader_stops_where_it_is_told(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_reader reader;
    scratch_open(scratch, &writer, small_segments());
    for (size_t before = 1; before <= 6; before++) {
        scratch_append_many(&writer, "ana@example.org", (before - 1) * 10, 1);
        assert_true(
            log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, scratch_note_damage, scratch, NULL));
        log_reader_stop_here(&reader);
        scratch_append_many(&writer, "ana@example.org", (before - 1) * 10 + 1, 9);
        scratch->count = 0;
        scratch_drain(scratch, &reader);
        scratch_assert_seeds(scratch, 0, (before - 1) * 10 + 1);
        log_reader_destroy(&reader);
    }
    log_writer_destroy(&writer);
    assert_int_equal(scratch->damages, 0);
}

static void test_reader_stops_in_a_log_without_segments(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_reader reader;
    scratch_open(scratch, &writer, small_segments());
    assert_true(
        log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, scratch_note_damage, scratch, NULL));
    log_reader_stop_here(&reader);
    scratch_append_many(&writer, "ana@example.org", 0, 3);
    scratch_drain(scratch, &reader);
    scratch_assert_seeds(scratch, 0, 0);
    log_reader_destroy(&reader);
    log_writer_destroy(&writer);
}

/* The segment with the end is too old meanwhile. */
static void test_reader_stops_though_its_end_was_deleted(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_reader reader;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 6);
    assert_true(
        log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, scratch_note_damage, scratch, NULL));
    log_reader_stop_here(&reader);
    scratch_append_many(&writer, "ana@example.org", 6, 8);
    log_writer_destroy(&writer);
    assert_int_equal(unlink(scratch_path(scratch, second(4))), 0);
    scratch_drain(scratch, &reader);
    scratch_assert_seeds(scratch, 0, 4);
    log_reader_destroy(&reader);
}

/* The log grows while it is read, by decisions and by segments. */
static void test_reader_goes_on_where_the_end_was(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_reader reader;
    scratch_open(scratch, &writer, small_segments());
    log_writer_flush(&writer, 1);
    assert_true(
        log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, scratch_note_damage, scratch, NULL));
    for (size_t i = 0; i < 30; i++) {
        scratch_drain(scratch, &reader);
        scratch_assert_seeds(scratch, 0, i);
        scratch_append_many(&writer, "ana@example.org", i, 1);
    }
    assert_int_equal(scratch->damages, 0);
    log_reader_destroy(&reader);
    log_writer_destroy(&writer);
}

/* Half of a decision is there: the reader waits for the rest. */
static void test_reader_waits_for_the_rest_of_a_frame(void **state)
{
    struct scratch *scratch = *state;
    struct log_reader reader;
    char path[256];
    strcpy(path, scratch_path(scratch, SCRATCH_NOON));
    scratch_fill(scratch, 2);
    struct text bytes = scratch_read_file(path);
    scratch_write_file(path, (struct text){bytes.bytes, 10});
    assert_true(
        log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, scratch_note_damage, scratch, NULL));
    for (size_t length = 10; length <= bytes.length; length++) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        assert_int_equal(pwrite(fd, bytes.bytes, length, 0), length);
        close(fd);
        scratch_drain(scratch, &reader);
    }
    scratch_assert_seeds(scratch, 0, 2);
    assert_int_equal(scratch->damages, 0);
    log_reader_destroy(&reader);
    free((char *)(uintptr_t)bytes.bytes);
}

static void test_reader_passes_over_segments_that_were_deleted(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_reader reader;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 20);
    log_writer_destroy(&writer);
    assert_true(
        log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, scratch_note_damage, scratch, NULL));
    assert_int_equal(unlink(scratch_path(scratch, second(0))), 0);
    assert_int_equal(unlink(scratch_path(scratch, second(8))), 0);
    scratch_drain(scratch, &reader);
    assert_int_equal(scratch->count, 12);
    assert_int_equal(scratch->damages, 0);
    log_reader_destroy(&reader);
}

static void test_reader_reports_damage_with_its_place(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 8);
    log_writer_destroy(&writer);
    off_t offset = (off_t)(SEGMENT_HEADER_BYTES + scratch_frame_size());
    scratch_turn_bits(scratch_path(scratch, second(4)), offset + 77, 1);
    scratch_read(scratch, LOG_QUERY_ALL);
    assert_int_equal(scratch->count, 7);
    assert_int_equal(scratch->damages, 1);
    assert_int_equal(scratch->damage.offset, offset);
    assert_int_equal(scratch->damage.bytes, scratch_frame_size());
    assert_string_equal(scratch->damaged_file, strrchr(scratch_path(scratch, second(4)), '/') + 1);
}

static void test_reader_without_a_log(void **state)
{
    const struct scratch *scratch = *state;
    struct log_reader reader;
    struct error error;
    assert_false(log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, NULL, NULL, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_reader_##name, scratch_setup, scratch_teardown)
        TEST(of_a_time),
        TEST(of_a_customer),
        TEST(of_several_ids),
        TEST(goes_in_steps),
        TEST(counts_damage),
        TEST(stops_where_it_is_told),
        TEST(stops_in_a_log_without_segments),
        TEST(stops_though_its_end_was_deleted),
        TEST(goes_on_where_the_end_was),
        TEST(waits_for_the_rest_of_a_frame),
        TEST(passes_over_segments_that_were_deleted),
        TEST(reports_damage_with_its_place),
        TEST(without_a_log),
#undef TEST
    };
    return cmocka_run_group_tests_name("decisionlog/log_reader", tests, NULL, NULL);
}

/* decisionlog/log_search: single decisions, wherever they are, and what it costs to find them. */
#include "scratch.h"

#include <errno.h>
#include <sys/syscall.h>

#include "decisionlog/log_redaction.h"

enum { FRAMES = 4 /* of a segment */, MANY = 400 /* in an open one */ };

/* Bytes that the disk cannot read. */
static struct {
    ino_t file;     /* 0: it reads all */
    off_t from, to; /* in it */
} unreadable;

static bool is_unreadable(int fd, size_t length, off_t offset)
{
    struct stat status;
    return offset < unreadable.to && offset + (off_t)length > unreadable.from && fstat(fd, &status) == 0 &&
           status.st_ino == unreadable.file;
}

/* In place of the system's. */
ssize_t pread(int fd, void *out, size_t length, off_t offset)
{
    if (is_unreadable(fd, length, offset)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, out, length, offset);
}

static struct log_options small_segments(void)
{
    struct log_options options = SCRATCH_OPTIONS;
    options.segment_bytes = SEGMENT_HEADER_BYTES + FRAMES * scratch_frame_size();
    return options;
}

static int64_t second(int64_t number)
{
    return SCRATCH_NOON + number * SCRATCH_SECOND;
}

/* Whether it is found, in so many steps of so many bytes. */
static bool finds_in_steps(const struct scratch *scratch, int64_t clock_us, uint64_t seed,
                           struct text version, uint64_t bytes, size_t *steps)
{
    struct decision_id id = decision_id_of(clock_us, seed, version);
    struct buffer out;
    struct record_key key;
    buffer_create(&out);
    bool found = scratch_find_in_steps(scratch->state, &id, bytes, &out, steps);
    if (found) {
        assert_true(record_read_key((struct text){out.bytes, out.length}, &key));
        assert_true(key.clock_us == clock_us && key.seed == seed);
    }
    buffer_destroy(&out);
    return found;
}

static bool finds(const struct scratch *scratch, int64_t clock_us, uint64_t seed, struct text version)
{
    size_t steps;
    return finds_in_steps(scratch, clock_us, seed, version, UINT64_MAX, &steps);
}

/* In finished segments by their index, in the open one by reading. */
static void test_search_finds_every_decision(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct text version = records_one().version;
    scratch_open(scratch, &writer, small_segments());
    for (uint64_t i = 0; i < 30; i++) /* out of order, and some at the same moment */
        scratch_append(&writer, "ana@example.org", second((int64_t)(i ^ 1) / 3), i);
    log_writer_flush(&writer, 1);
    for (uint64_t i = 0; i < 30; i++) {
        int64_t clock = second((int64_t)(i ^ 1) / 3);
        assert_true(finds(scratch, clock, i, version));
        assert_false(finds(scratch, clock, i + 100, version));
        assert_false(finds(scratch, clock + 1, i, version));
        assert_false(finds(scratch, clock, i, TEXT("ffffffff")));
    }
    assert_false(finds(scratch, 0, 0, version));
    assert_false(finds(scratch, INT64_MAX, 0, version));
    log_writer_destroy(&writer);
}

/* An index that is damaged costs time, not decisions. */
static void test_search_finds_without_an_index(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct text version = records_one().version;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 6);
    log_writer_destroy(&writer);
    const char *path = scratch_path(scratch, second(0));
    off_t index = (off_t)small_segments().segment_bytes;
    assert_true(scratch_file_size(path) > index);
    for (off_t at = index; at < scratch_file_size(path); at++) {
        scratch_turn_bits(path, at, 16);
        for (uint64_t i = 0; i < 6; i++)
            assert_true(finds(scratch, second((int64_t)i), i, version));
        scratch_turn_bits(path, at, 16);
    }
}

static void test_search_in_a_log_without_segments(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    log_writer_destroy(&writer);
    assert_int_equal(scratch_segments(scratch), 0);
    assert_false(finds(scratch, second(0), 0, records_one().version));
}

static void test_search_without_a_log(void **state)
{
    const struct scratch *scratch = *state;
    struct decision_id id = decision_id_of(second(0), 0, records_one().version);
    struct log_search search;
    struct error error;
    assert_false(log_search_create(&search, scratch->state, &id, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
}

/* Nobody else waits for more than so many bytes and a frame. */
static void test_search_reads_an_open_segment_in_steps(void **state)
{
    struct scratch *scratch = *state;
    struct text version = records_one().version;
    size_t steps, frames = 3, all = (MANY + frames - 1) / frames;
    uint64_t bytes = frames * scratch_frame_size();
    scratch_fill(scratch, MANY);
    assert_true(finds_in_steps(scratch, second(0), 0, version, bytes, &steps));
    assert_int_equal(steps, 2); /* one to open it */
    assert_true(finds_in_steps(scratch, second(MANY - 1), MANY - 1, version, bytes, &steps));
    assert_int_equal(steps, all + 1);
    assert_false(finds_in_steps(scratch, second(MANY), MANY, version, bytes, &steps));
    assert_true(steps >= all + 1 && steps <= all + 3);
}

/* All segments but the last one have an index; that one has many decisions. */
static void fill_and_go_on(const struct scratch *scratch)
{
    struct log_writer writer;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, 10 * FRAMES);
    log_writer_destroy(&writer);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append_many(&writer, "ana@example.org", 10 * FRAMES, MANY);
    log_writer_destroy(&writer);
}

/* The open segment is read only for what may be there. */
static void test_search_looks_where_it_should_be_first(void **state)
{
    struct scratch *scratch = *state;
    struct text version = records_one().version;
    size_t steps;
    fill_and_go_on(scratch);
    for (int64_t i = 0; i < 9 * FRAMES; i++) {
        assert_true(finds_in_steps(scratch, second(i), (uint64_t)i, version, 1, &steps));
        assert_int_equal(steps, 1);
    }
    assert_true(finds_in_steps(scratch, second(10 * FRAMES), 10 * FRAMES, version, 1, &steps));
    assert_true(steps <= 2 + FRAMES);
}

/* Its clock was set back, so it is where nobody would expect it. Of all that is looked into, what has to be
 * read through comes last. */
static void test_search_puts_off_what_has_no_index(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct text version = records_one().version;
    size_t steps;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, FRAMES + 1);
    scratch_append(&writer, "ana@example.org", second(-50), 77);
    scratch_append_many(&writer, "ana@example.org", FRAMES + 2, 2 * FRAMES);
    log_writer_destroy(&writer);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append_many(&writer, "ana@example.org", 4 * FRAMES, MANY);
    log_writer_destroy(&writer);
    assert_true(finds_in_steps(scratch, second(-50), 77, version, 1, &steps));
    assert_true(steps <= scratch_segments(scratch));
}

/* It had no index when it was come to first. */
static void test_search_finds_what_is_finished_meanwhile(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_search search;
    struct decision_id id = decision_id_of(second(-50), 77, records_one().version);
    struct buffer out;
    enum log_searching came = LOG_SEARCHING_MORE;
    scratch_open(scratch, &writer, small_segments());
    scratch_append_many(&writer, "ana@example.org", 0, FRAMES + 1);
    scratch_append(&writer, "ana@example.org", second(-50), 77);
    scratch_append_many(&writer, "ana@example.org", FRAMES + 2, 1);
    buffer_create(&out);
    assert_true(log_search_create(&search, scratch->state, &id, NULL));
    for (size_t i = 0; i < scratch_segments(scratch); i++)
        assert_int_equal(log_search_step(&search, 1, &out), LOG_SEARCHING_MORE);
    scratch_append_many(&writer, "ana@example.org", FRAMES + 3, FRAMES);
    while (came == LOG_SEARCHING_MORE)
        came = log_search_step(&search, 1, &out);
    assert_int_equal(came, LOG_SEARCHING_FOUND);
    log_search_destroy(&search);
    buffer_destroy(&out);
    log_writer_destroy(&writer);
}

static void erase(struct log_writer *writer, struct text customer)
{
    struct log_redaction redaction;
    enum log_redaction_state step = LOG_REDACTION_MORE;
    assert_true(log_redaction_create(&redaction, writer, &customer, 1, NULL));
    while (step == LOG_REDACTION_MORE)
        step = log_redaction_step(&redaction, SIZE_MAX, NULL);
    assert_int_equal(step, LOG_REDACTION_DONE);
    log_redaction_destroy(&redaction);
}

/* Nothing that was read ahead outlives the step. */
static void test_search_finds_nothing_of_whom_was_erased_meanwhile(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_search search;
    struct decision_id id = decision_id_of(second(1), 1, records_one().version);
    struct text ana = TEXT("ana@example.org");
    struct buffer out;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append_many(&writer, "ana@example.org", 0, 2);
    buffer_create(&out);
    assert_true(log_search_create(&search, scratch->state, &id, NULL));
    assert_int_equal(log_search_step(&search, 1, &out), LOG_SEARCHING_MORE); /* opens it */
    assert_int_equal(log_search_step(&search, 1, &out), LOG_SEARCHING_MORE); /* the first decision */
    erase(&writer, ana);
    assert_int_equal(log_search_step(&search, 1, &out), LOG_SEARCHING_FOUND);
    assert_false(record_is_of((struct text){out.bytes, out.length}, ana));
    log_search_destroy(&search);
    buffer_destroy(&out);
    log_writer_destroy(&writer);
}

/* As its oldest segments are, when they are too old. */
static void test_search_bears_segments_that_are_deleted(void **state)
{
    struct scratch *scratch = *state;
    struct log_search search;
    struct decision_id id = decision_id_of(second(0), 77, records_one().version);
    struct buffer out;
    enum log_searching came = LOG_SEARCHING_MORE;
    fill_and_go_on(scratch);
    buffer_create(&out);
    assert_true(log_search_create(&search, scratch->state, &id, NULL));
    for (int64_t i = 0; i < 9; i++)
        assert_int_equal(unlink(scratch_path(scratch, second(i * FRAMES))), 0);
    while (came == LOG_SEARCHING_MORE)
        came = log_search_step(&search, UINT64_MAX, &out);
    assert_int_equal(came, LOG_SEARCHING_OVER);
    log_search_destroy(&search);
    buffer_destroy(&out);
}

static void assert_comes(const struct scratch *scratch, int64_t number, enum log_searching expected,
                         const char *problem)
{
    struct log_search search;
    struct decision_id id = decision_id_of(second(number), (uint64_t)number, records_one().version);
    struct buffer out;
    buffer_create(&out);
    assert_true(log_search_create(&search, scratch->state, &id, NULL));
    assert_int_equal(log_search_step(&search, UINT64_MAX, &out), expected);
    if (problem == NULL)
        assert_int_equal(search.problem.code, ERROR_NONE);
    else
        assert_non_null(strstr(search.problem.message, problem));
    log_search_destroy(&search);
    buffer_destroy(&out);
}

/* What is not found may be in what cannot be read; damage hides nothing that could be read again. */
static void test_search_tells_what_it_could_not_read(void **state)
{
    struct scratch *scratch = *state;
    char path[256];
    fill_and_go_on(scratch);
    assert_comes(scratch, 1, LOG_SEARCHING_FOUND, NULL);
    strcpy(path, scratch_path(scratch, second(0)));
    scratch_turn_bits(path, SEGMENT_HEADER_BYTES + (off_t)scratch_frame_size() + 50, 1);
    assert_comes(scratch, 1, LOG_SEARCHING_OVER, NULL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_comes(scratch, 1, LOG_SEARCHING_UNREAD, ".log: Is a directory");
    assert_comes(scratch, 10 * FRAMES, LOG_SEARCHING_FOUND, NULL);
    assert_comes(scratch, 10 * FRAMES + MANY, LOG_SEARCHING_UNREAD, ".log: Is a directory");
    assert_int_equal(rmdir(path), 0);
    assert_comes(scratch, 1, LOG_SEARCHING_OVER, NULL);
}

/* Its index tells where it is, but there the disk fails. */
static void test_search_tells_that_a_decision_cannot_be_read(void **state)
{
    struct scratch *scratch = *state;
    struct stat status;
    fill_and_go_on(scratch);
    assert_int_equal(stat(scratch_path(scratch, second(0)), &status), 0);
    unreadable.file = status.st_ino;
    unreadable.from = SEGMENT_HEADER_BYTES + (off_t)scratch_frame_size();
    unreadable.to = unreadable.from + (off_t)scratch_frame_size();
    assert_comes(scratch, 2, LOG_SEARCHING_FOUND, NULL);
    assert_comes(scratch, 1, LOG_SEARCHING_UNREAD, ".log: Input/output error");
    unreadable.file = 0;
    assert_comes(scratch, 1, LOG_SEARCHING_FOUND, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_search_##name, scratch_setup, scratch_teardown)
        TEST(finds_every_decision),
        TEST(finds_without_an_index),
        TEST(in_a_log_without_segments),
        TEST(without_a_log),
        TEST(reads_an_open_segment_in_steps),
        TEST(looks_where_it_should_be_first),
        TEST(puts_off_what_has_no_index),
        TEST(finds_what_is_finished_meanwhile),
        TEST(finds_nothing_of_whom_was_erased_meanwhile),
        TEST(bears_segments_that_are_deleted),
        TEST(tells_what_it_could_not_read),
        TEST(tells_that_a_decision_cannot_be_read),
#undef TEST
    };
    return cmocka_run_group_tests_name("decisionlog/log_search", tests, NULL, NULL);
}

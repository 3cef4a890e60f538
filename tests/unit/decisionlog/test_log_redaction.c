/* decisionlog/log_redaction: what is left of a customer, on the disk and in memory, also after crashes. */
#include "scratch.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>

#include "decisionlog/log_redaction.h"

#define ANA "ana@example.org"

static struct log_options small_segments(void)
{
    struct log_options options = SCRATCH_OPTIONS;
    options.segment_bytes = SEGMENT_HEADER_BYTES + 4 * scratch_frame_size();
    return options;
}

/* All steps; returns how many decisions were redacted. */
static uint64_t erase(struct log_writer *writer, const char *customer, size_t bytes)
{
    struct log_redaction redaction;
    struct text ids[] = {text_from(customer), TEXT("another id of theirs")};
    enum log_redaction_state step;
    struct error error = {0};
    assert_true(log_redaction_create(&redaction, writer, ids, 2, NULL));
    do
        step = log_redaction_step(&redaction, bytes, &error);
    while (step == LOG_REDACTION_MORE);
    if (step != LOG_REDACTION_DONE)
        fail_msg("%s", error.message);
    uint64_t redacted = redaction.redacted;
    log_redaction_destroy(&redaction);
    return redacted;
}

/* How often the bytes stand in the files of the log. */
static size_t times_on_disk(const struct scratch *scratch, struct text needle)
{
    struct log_folder folder;
    size_t times = 0;
    assert_true(log_folder_open(&folder, scratch->state, LOG_FOLDER_READ, NULL));
    for (size_t i = 0; i < folder.count; i++) {
        struct text bytes = scratch_read_file(scratch_path(scratch, folder.clocks[i]));
        const char *at = bytes.bytes, *end = bytes.bytes + bytes.length;
        while ((at = memmem(at, (size_t)(end - at), needle.bytes, needle.length)) != NULL)
            at++, times++;
        free((char *)(uintptr_t)bytes.bytes);
    }
    log_folder_close(&folder);
    return times;
}

static void append_mixed(struct log_writer *writer, size_t count)
{
    for (uint64_t i = 0; i < count; i++)
        scratch_append(writer, i % 3 == 0 ? ANA : "bo", SCRATCH_NOON + (int64_t)i, i);
    log_writer_flush(writer, writer->now_ms + 1);
}

static void test_redaction_leaves_nothing_of_the_customer(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, small_segments());
    append_mixed(&writer, 30);
    size_t others = 20, states = times_on_disk(scratch, records_one().state);
    assert_int_equal(states, 30);
    assert_int_equal(erase(&writer, ANA, SIZE_MAX), 10);
    assert_int_equal(times_on_disk(scratch, records_one().state), others);
    assert_int_equal(times_on_disk(scratch, records_one().request), others);
    assert_int_equal(times_on_disk(scratch, TEXT(ANA)), others); /* the request of the others names her */
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 30);
    assert_int_equal(scratch->damages, 0);
    scratch_read_of(scratch, ANA);
    assert_int_equal(scratch->count, 0);
    scratch_read_of(scratch, "bo");
    assert_int_equal(scratch->count, others);
    assert_int_equal(erase(&writer, ANA, SIZE_MAX), 0);
    log_writer_destroy(&writer);
}

static void test_redaction_takes_small_steps(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    struct text id = TEXT(ANA);
    unsigned steps = 1;
    scratch_open(scratch, &writer, small_segments());
    append_mixed(&writer, 30);
    assert_true(log_redaction_create(&redaction, &writer, &id, 1, NULL));
    while (log_redaction_step(&redaction, 1, NULL) == LOG_REDACTION_MORE) {
        uint64_t before = redaction.redacted;
        scratch_append(&writer, ANA, SCRATCH_NOON + 1000 + steps, 1000 + steps); /* life goes on */
        assert_true(redaction.redacted - before <= 1);
        if (++steps > 60)
            break;
    }
    assert_true(steps > 30);
    log_redaction_destroy(&redaction);
    erase(&writer, ANA, 1000);
    scratch_read_of(scratch, ANA);
    assert_int_equal(scratch->count, 0);
    scratch_read(scratch, LOG_QUERY_ALL);
    assert_int_equal(scratch->count, 30 + steps - 1);
    log_writer_destroy(&writer);
}

static void test_redaction_bears_segments_that_are_deleted(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_options options = small_segments();
    struct log_redaction redaction;
    struct text id = TEXT(ANA);
    options.keep_us = 100 * SCRATCH_SECOND;
    scratch_open(scratch, &writer, options);
    append_mixed(&writer, 30);
    assert_true(log_redaction_create(&redaction, &writer, &id, 1, NULL));
    assert_int_equal(log_redaction_step(&redaction, 10, NULL), LOG_REDACTION_MORE);
    log_writer_tend(&writer, SCRATCH_NOON + 200 * SCRATCH_SECOND); /* all that are finished */
    assert_int_equal(scratch_segments(scratch), 1);
    assert_int_equal(log_redaction_step(&redaction, SIZE_MAX, NULL), LOG_REDACTION_DONE);
    log_redaction_destroy(&redaction);
    log_writer_destroy(&writer);
}

/* Damaged bytes may be hers: nobody can tell, nobody can read them, and nobody shall. */
static void test_redaction_wipes_what_is_damaged(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    struct text id = TEXT(ANA);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    append_mixed(&writer, 6);
    scratch_turn_bits(scratch_path(scratch, SCRATCH_NOON), SEGMENT_HEADER_BYTES + 30, 1);
    scratch_turn_bits(scratch_path(scratch, SCRATCH_NOON), 3, 1);
    assert_true(log_redaction_create(&redaction, &writer, &id, 1, NULL));
    assert_int_equal(log_redaction_step(&redaction, SIZE_MAX, NULL), LOG_REDACTION_DONE);
    assert_int_equal(redaction.redacted, 1);
    assert_int_equal(redaction.wiped, scratch_frame_size());
    log_redaction_destroy(&redaction);
    assert_int_equal(times_on_disk(scratch, records_one().state), 4);
    log_writer_destroy(&writer);
    scratch_turn_bits(scratch_path(scratch, SCRATCH_NOON), 3, 1); /* with the header as it was */
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 1, 5);
    assert_int_equal(scratch->damages, 1);
}

/*
 * A crash within the write of a frame, wherever it is: the old bytes in front or behind are not read as a
 * decision, and the erasure that is begun anew leaves nothing of them.
 */
static void test_redaction_torn_anywhere_is_done_by_the_next(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    char path[256];
    size_t frame = scratch_frame_size();
    scratch_fill(scratch, 1);
    strcpy(path, scratch_path(scratch, SCRATCH_NOON));
    struct text old = scratch_read_file(path);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    erase(&writer, ANA, SIZE_MAX);
    scratch_append_many(&writer, "bo", 1, 1);
    struct text new = scratch_read_file(path);
    char *torn = malloc(new.length);
    for (size_t at = 1; at < frame; at++) {
        memcpy(torn, new.bytes, new.length);
        memcpy(torn + SEGMENT_HEADER_BYTES + at, old.bytes + SEGMENT_HEADER_BYTES + at, frame - at);
        scratch_write_file(path, (struct text){torn, new.length});
        scratch_read_of(scratch, ANA);
        bool untouched = memcmp(torn, old.bytes, SEGMENT_HEADER_BYTES + frame) == 0;
        assert_int_equal(scratch->count, untouched ? 1 : 0);
        erase(&writer, ANA, SIZE_MAX);
        assert_int_equal(times_on_disk(scratch, records_one().state), 1); /* Bo's */
        scratch_read_of(scratch, "bo");
        assert_int_equal(scratch->count, 1);
    }
    log_writer_destroy(&writer);
    free(torn);
    free((char *)(uintptr_t) new.bytes);
    free((char *)(uintptr_t)old.bytes);
}

/* What waits in memory for a full disk is erased, too, before it comes to it. */
static void test_redaction_in_a_pause(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    for (int begun = 0; begun < 2; begun++) {
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
        off_t size = scratch_file_size(scratch_path(scratch, SCRATCH_NOON));
        limit.rlim_cur = (rlim_t)(size > 0 ? size : 0) + 50;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        append_mixed(&writer, 6);
        assert_true(log_writer_status(&writer)->paused);
        assert_int_equal(erase(&writer, ANA, SIZE_MAX), 2);
        limit.rlim_cur = limit.rlim_max;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        log_writer_flush(&writer, writer.now_ms + 10000);
        assert_int_equal(times_on_disk(scratch, records_one().state), (size_t)(4 * (begun + 1)));
        scratch_read(scratch, LOG_QUERY_ALL);
        assert_int_equal(scratch->count, 6 * (begun + 1));
        assert_int_equal(scratch->damages, 0);
    }
    log_writer_destroy(&writer);
}

static void test_redaction_of_nobody(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    assert_true(log_redaction_create(&redaction, &writer, NULL, 0, NULL));
    assert_int_equal(log_redaction_step(&redaction, SIZE_MAX, NULL), LOG_REDACTION_DONE);
    assert_int_equal(redaction.redacted, 0);
    log_redaction_destroy(&redaction);
    log_writer_destroy(&writer);
}

/* A segment of a later program cannot be searched: the erasure is not done. */
static void test_redaction_fails_where_it_cannot_read(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    struct text id = TEXT(ANA);
    struct error error;
    scratch_open(scratch, &writer, small_segments());
    append_mixed(&writer, 8);
    const char *path = scratch_path(scratch, SCRATCH_NOON);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_true(log_redaction_create(&redaction, &writer, &id, 1, NULL));
    assert_int_equal(log_redaction_step(&redaction, SIZE_MAX, &error), LOG_REDACTION_FAILED);
    assert_non_null(strstr(error.message, ".log: "));
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(log_redaction_step(&redaction, SIZE_MAX, &error), LOG_REDACTION_DONE);
    log_redaction_destroy(&redaction);
    log_writer_destroy(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_redaction_##name, scratch_setup, scratch_teardown)
        TEST(leaves_nothing_of_the_customer),
        TEST(takes_small_steps),
        TEST(bears_segments_that_are_deleted),
        TEST(wipes_what_is_damaged),
        TEST(torn_anywhere_is_done_by_the_next),
        TEST(in_a_pause),
        TEST(of_nobody),
        TEST(fails_where_it_cannot_read),
#undef TEST
    };
    return cmocka_run_group_tests_name("decisionlog/log_redaction", tests, NULL, NULL);
}

/* decisionlog/log_redaction: what is done is on the disk, whatever failed or was broken off before. */
#include "cutting.h"

#include "decisionlog/log_redaction.h"

#define ANA "ana@example.org"

enum { FRAMES = 4 /* of a segment */, DECISIONS = 10 };

/* Some decisions about her, on the disk; the last segment is open. */
static void open_filled(const struct cutting *cutting, struct log_writer *writer)
{
    struct log_options options = SCRATCH_OPTIONS;
    options.segment_bytes = SEGMENT_HEADER_BYTES + FRAMES * scratch_frame_size();
    options.keep_us = 100 * SCRATCH_SECOND;
    scratch_open(&cutting->scratch, writer, options);
    scratch_append_many(writer, ANA, 0, DECISIONS);
    log_writer_flush(writer, writer->now_ms + LOG_SYNC_MS);
    assert_int_equal(scratch_segments(&cutting->scratch), 3);
}

static void create(struct log_redaction *redaction, struct log_writer *writer)
{
    struct text id = TEXT(ANA);
    assert_true(log_redaction_create(redaction, writer, &id, 1, NULL));
}

static void finish(struct log_redaction *redaction)
{
    struct error error = {0};
    if (log_redaction_step(redaction, SIZE_MAX, &error) != LOG_REDACTION_DONE)
        fail_msg("%s", error.message);
    log_redaction_destroy(redaction);
}

static bool may_hold_hers(struct cutting *cutting)
{
    return cutting_may_hold(cutting, records_one().state);
}

/* The reference for all others. */
static void test_redaction_is_on_the_disk_when_it_is_done(void **state)
{
    struct cutting *cutting = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    open_filled(cutting, &writer);
    assert_true(may_hold_hers(cutting));
    create(&redaction, &writer);
    finish(&redaction);
    assert_false(may_hold_hers(cutting));
    log_writer_destroy(&writer);
}

/* In any segment; the system takes for clean what it gave up. */
static void test_redaction_writes_again_what_a_sync_gave_up(void **state)
{
    struct cutting *cutting = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    char plan[64];
    open_filled(cutting, &writer);
    create(&redaction, &writer);
    for (unsigned segment = 0; segment < 3; segment++) {
        snprintf(plan, sizeof plan, "sync EIO times=1 skip=%u", segment);
        assert_true(faults_plan(plan));
        assert_int_equal(log_redaction_step(&redaction, SIZE_MAX, NULL), LOG_REDACTION_FAILED);
        assert_int_equal(faults_struck(), 1);
    }
    assert_true(faults_plan(""));
    assert_int_equal(redaction.redacted, DECISIONS);
    assert_true(may_hold_hers(cutting));
    finish(&redaction);
    assert_false(may_hold_hers(cutting));
    log_writer_destroy(&writer);
}

/* By a process that died, or gave up. */
static void test_redaction_renews_what_another_one_left(void **state)
{
    struct cutting *cutting = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    open_filled(cutting, &writer);
    create(&redaction, &writer);
    assert_true(faults_plan("sync EIO times=1"));
    assert_int_equal(log_redaction_step(&redaction, SIZE_MAX, NULL), LOG_REDACTION_FAILED);
    assert_true(faults_plan(""));
    log_redaction_destroy(&redaction);
    create(&redaction, &writer);
    log_redaction_renew(&redaction);
    finish(&redaction);
    assert_false(may_hold_hers(cutting));
    log_writer_destroy(&writer);
}

/* It finds nothing to overwrite. */
static void test_redaction_syncs_what_another_one_wrote(void **state)
{
    struct cutting *cutting = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    open_filled(cutting, &writer);
    create(&redaction, &writer);
    while (redaction.redacted < FRAMES)
        assert_int_equal(log_redaction_step(&redaction, 1, NULL), LOG_REDACTION_MORE);
    log_redaction_destroy(&redaction);
    assert_true(may_hold_hers(cutting));
    create(&redaction, &writer);
    finish(&redaction);
    assert_false(may_hold_hers(cutting));
    log_writer_destroy(&writer);
}

/* What was never erased in it must not come back. */
static void test_redaction_keeps_deleted_segments_away(void **state)
{
    struct cutting *cutting = *state;
    struct log_writer writer;
    struct log_redaction redaction;
    open_filled(cutting, &writer);
    log_writer_tend(&writer, SCRATCH_NOON + 108 * SCRATCH_SECOND); /* both that are finished */
    assert_int_equal(scratch_segments(&cutting->scratch), 1);
    create(&redaction, &writer);
    finish(&redaction);
    assert_false(may_hold_hers(cutting));
    log_writer_destroy(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_redaction_##name, cutting_setup, cutting_teardown)
        TEST(is_on_the_disk_when_it_is_done), TEST(writes_again_what_a_sync_gave_up),
        TEST(renews_what_another_one_left),   TEST(syncs_what_another_one_wrote),
        TEST(keeps_deleted_segments_away),
#undef TEST
    };
    return cmocka_run_group_tests_name("decisionlog/log_redaction_powercut", tests, NULL, NULL);
}

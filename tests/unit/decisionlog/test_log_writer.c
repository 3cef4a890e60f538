/* decisionlog/log_writer: batches, rotation, retention, going on after a crash, and disks that are full. */
#include "scratch.h"

#include <signal.h>
#include <sys/resource.h>

#define ANA "ana@example.org"

static void test_writer_writes_at_the_end_of_a_batch(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct stat status;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append(&writer, ANA, SCRATCH_NOON, 0);
    scratch_append(&writer, ANA, SCRATCH_NOON + 1, 1);
    assert_int_equal(scratch_segments(scratch), 0);
    log_writer_flush(&writer, 1);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 2);
    assert_int_equal(log_writer_status(&writer)->written, 2);
    assert_int_equal(log_writer_status(&writer)->segments, 1);
    assert_int_equal(stat(scratch_path(scratch, SCRATCH_NOON), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(log_writer_status(&writer)->bytes, status.st_size);
    log_writer_destroy(&writer);
}

static void test_writer_flushes_nothing_without_a_file(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    log_writer_flush(&writer, 5000);
    log_writer_tend(&writer, SCRATCH_NOON);
    log_writer_destroy(&writer);
    assert_int_equal(scratch_segments(scratch), 0);
}

static void test_writer_drops_what_is_no_record(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    log_writer_append(&writer, TEXT("no record"));
    assert_int_equal(log_writer_status(&writer)->dropped, 1);
    log_writer_destroy(&writer);
}

static void test_writer_writes_long_batches_in_between(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    size_t many = 2 * LOG_WAITING_MOST / scratch_frame_size() + 1;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    for (size_t i = 0; i < many; i++)
        scratch_append(&writer, ANA, SCRATCH_NOON + (int64_t)i, i);
    assert_true(log_writer_status(&writer)->written > many / 2 - 1);
    assert_true(writer.waiting.length <= LOG_WAITING_MOST);
    log_writer_flush(&writer, 1);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, many);
    log_writer_destroy(&writer);
}

/* ---- Segments ---- */

static struct log_options segments_of(size_t frames)
{
    struct log_options options = SCRATCH_OPTIONS;
    options.segment_bytes = SEGMENT_HEADER_BYTES + frames * scratch_frame_size();
    return options;
}

static void test_writer_begins_a_segment_where_one_is_full(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, segments_of(4));
    scratch_append_many(&writer, ANA, 0, 10);
    assert_int_equal(scratch_segments(scratch), 3);
    assert_true(scratch_file_size(scratch_path(scratch, SCRATCH_NOON + 4 * SCRATCH_SECOND)) > 0);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 10);
    assert_int_equal(scratch->damages, 0);
    log_writer_destroy(&writer);
}

static void test_writer_takes_a_record_that_is_larger_than_a_segment(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct record record = records_one();
    size_t large = 3 * LOG_WAITING_MOST;
    char *request = calloc(1, large);
    scratch_open(scratch, &writer, segments_of(1));
    record.request = (struct text){request, large};
    record.clock_us = SCRATCH_NOON + SCRATCH_SECOND;
    record.seed = 1;
    struct text bytes = records_encode(&record);
    scratch_append_many(&writer, ANA, 0, 1);
    log_writer_append(&writer, bytes);
    scratch_append_many(&writer, ANA, 2, 1);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 3);
    log_writer_destroy(&writer);
    free((char *)(uintptr_t)bytes.bytes);
    free(request);
}

static void test_writer_begins_a_segment_each_day(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append(&writer, ANA, SCRATCH_NOON, 0);
    scratch_append(&writer, ANA, SCRATCH_NOON + LOG_SEGMENT_SPAN_US, 1);
    scratch_append(&writer, ANA, SCRATCH_NOON + LOG_SEGMENT_SPAN_US + 1, 2);
    log_writer_destroy(&writer);
    assert_int_equal(scratch_segments(scratch), 2);
}

/* Clocks that were wrong and are set right: names go on ascending, and everything is found. */
static void test_writer_bears_clocks_that_go_back(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, segments_of(2));
    for (uint64_t i = 0; i < 8; i++)
        scratch_append(&writer, ANA, SCRATCH_NOON - (int64_t)i * 3600 * SCRATCH_SECOND, i);
    log_writer_destroy(&writer);
    assert_int_equal(scratch_segments(scratch), 4);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 8);
    for (uint64_t i = 0; i < 8; i++) {
        struct decision_id id =
            decision_id_of(SCRATCH_NOON - (int64_t)i * 3600 * SCRATCH_SECOND, i, records_one().version);
        assert_true(scratch_finds(scratch->state, &id));
    }
}

/* ---- Retention ---- */

static void test_writer_deletes_the_oldest_to_stay_below_the_total(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_options options = segments_of(4);
    options.total_bytes = 5 * options.segment_bytes;
    scratch_open(scratch, &writer, options);
    for (uint64_t i = 0; i < 40; i++) {
        scratch_append_many(&writer, ANA, 4 * i, 4);
        assert_true(log_writer_status(&writer)->bytes <= options.total_bytes);
    }
    scratch_read(scratch, LOG_QUERY_ALL);
    assert_true(scratch->count >= 12);
    scratch_assert_seeds(scratch, 160 - scratch->count, scratch->count);
    assert_int_equal(log_writer_status(&writer)->segments, scratch_segments(scratch));
    assert_int_equal(log_writer_status(&writer)->deleted, 40 - scratch_segments(scratch));
    log_writer_destroy(&writer);
}

static void test_writer_deletes_what_is_too_old(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_options options = segments_of(4);
    options.keep_us = 100 * SCRATCH_SECOND;
    scratch_open(scratch, &writer, options);
    scratch_append_many(&writer, ANA, 0, 10);
    log_writer_tend(&writer, SCRATCH_NOON + 103 * SCRATCH_SECOND);
    assert_int_equal(scratch_segments(scratch), 3);
    log_writer_tend(&writer, SCRATCH_NOON + 103 * SCRATCH_SECOND + 1); /* the first four end at 3 s */
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 4, 6);
    log_writer_destroy(&writer);
}

/* Also where nobody came since, and so nothing would have ended the segment. */
static void test_writer_deletes_the_open_segment_of_a_quiet_site(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_options options = SCRATCH_OPTIONS;
    options.keep_us = 2 * LOG_SEGMENT_SPAN_US;
    scratch_open(scratch, &writer, options);
    scratch_append_many(&writer, ANA, 0, 3);
    log_writer_tend(&writer, SCRATCH_NOON + LOG_SEGMENT_SPAN_US);
    assert_int_equal(scratch_segments(scratch), 1);
    log_writer_tend(&writer, SCRATCH_NOON + 3 * LOG_SEGMENT_SPAN_US);
    assert_int_equal(scratch_segments(scratch), 0);
    scratch_append_many(&writer, ANA, 3, 2);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 3, 2);
    log_writer_destroy(&writer);
}

static void test_writer_keeps_everything_without_an_age(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_options options = SCRATCH_OPTIONS;
    options.keep_us = 0;
    scratch_open(scratch, &writer, options);
    scratch_append_many(&writer, ANA, 0, 3);
    log_writer_tend(&writer, SCRATCH_NOON + 9000 * LOG_SEGMENT_SPAN_US);
    assert_int_equal(scratch_segments(scratch), 1);
    log_writer_destroy(&writer);
}

static void test_writer_knows_old_segments_after_a_restart(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_options options = segments_of(4);
    options.keep_us = 100 * SCRATCH_SECOND;
    scratch_open(scratch, &writer, options);
    scratch_append_many(&writer, ANA, 0, 10);
    log_writer_destroy(&writer);
    scratch_open(scratch, &writer, options);
    assert_int_equal(log_writer_status(&writer)->segments, 3);
    log_writer_tend(&writer, SCRATCH_NOON + 107 * SCRATCH_SECOND + 1);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 8, 2);
    log_writer_destroy(&writer);
}

/* ---- Clocks that were ahead ---- */

enum { DAYS = 24, A_DAY = 10, DAYS_KEPT = 7 };

static int64_t moment(int day, int part)
{
    return SCRATCH_NOON + (day * INT64_C(86400) + part * INT64_C(8640)) * SCRATCH_SECOND;
}

static struct log_options days_kept(void)
{
    struct log_options options = SCRATCH_OPTIONS;
    options.keep_us = DAYS_KEPT * LOG_SEGMENT_SPAN_US;
    return options;
}

/* Some decisions each day, whose seeds are their days. */
static void spend_days(struct log_writer *writer, int first, int end)
{
    for (int day = first; day < end; day++)
        for (int part = 0; part < A_DAY; part++) {
            scratch_append(writer, ANA, moment(day, part), (uint64_t)day);
            log_writer_flush(writer, writer->now_ms + 1);
            log_writer_tend(writer, moment(day, part));
        }
}

/* Whole segments go, so that what is in one may stay a day longer. */
static void assert_none_is_older(struct scratch *scratch, int days)
{
    scratch_read(scratch, LOG_QUERY_ALL);
    assert_true(scratch->count >= (DAYS_KEPT - 1) * A_DAY);
    for (size_t i = 0; i < scratch->count; i++)
        assert_in_range(scratch->seeds[i], days - DAYS_KEPT - 2, days);
}

static void test_writer_lets_decisions_grow_old_after_a_clock_was_ahead(void **state)
{
    static const int64_t ahead_days[] = {0, 1, 20, 366};
    for (size_t i = 0; i < sizeof ahead_days / sizeof *ahead_days; i++) {
        struct scratch *scratch = *state;
        struct log_writer writer;
        scratch_open(scratch, &writer, days_kept());
        scratch_append(&writer, ANA, SCRATCH_NOON + ahead_days[i] * LOG_SEGMENT_SPAN_US, 0);
        spend_days(&writer, 0, DAYS);
        log_writer_destroy(&writer);
        assert_none_is_older(scratch, DAYS);
        assert_true(scratch_segments(scratch) >= DAYS_KEPT);
        assert_true(log_folder_clear(scratch->state, &(size_t){0}, NULL));
    }
}

/* The names of all segments lie in the future then; they say nothing about what is in them. */
static void test_writer_knows_after_a_restart_that_a_clock_was_ahead(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, days_kept());
    scratch_append(&writer, ANA, SCRATCH_NOON + 366 * LOG_SEGMENT_SPAN_US, 0);
    for (int day = 0; day < DAYS; day++) {
        log_writer_destroy(&writer);
        scratch_open(scratch, &writer, days_kept());
        spend_days(&writer, day, day + 1);
    }
    log_writer_destroy(&writer);
    assert_none_is_older(scratch, DAYS);
}

/* Also where it was ahead by less than what a segment may span. */
static void test_writer_counts_the_span_from_the_earliest_decision(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append(&writer, ANA, SCRATCH_NOON + LOG_SEGMENT_SPAN_US / 2, 0);
    scratch_append(&writer, ANA, SCRATCH_NOON, 1);
    log_writer_destroy(&writer);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append(&writer, ANA, SCRATCH_NOON + LOG_SEGMENT_SPAN_US, 2);
    assert_int_equal(writer.count, 1);
    scratch_append(&writer, ANA, SCRATCH_NOON + LOG_SEGMENT_SPAN_US + 1, 3);
    assert_int_equal(writer.count, 2);
    log_writer_destroy(&writer);
}

/* A clock that falls back by years, and is set right: what was logged before it fell is not too old. */
static void test_writer_keeps_what_is_young_when_a_clock_was_behind(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, days_kept());
    spend_days(&writer, 3650, 3652);
    spend_days(&writer, 0, 2);
    spend_days(&writer, 3652, 3654);
    log_writer_destroy(&writer);
    scratch_read(scratch, LOG_QUERY_ALL);
    assert_int_equal(scratch->count, 4 * A_DAY);
    for (size_t i = 0; i < scratch->count; i++)
        assert_in_range(scratch->seeds[i], 3650, 3653);
}

/* ---- After a crash ---- */

/* Wherever the last write was cut off: what was whole stays, and what comes next is read, too. */
static void test_writer_goes_on_behind_a_torn_end(void **state)
{
    struct scratch *scratch = *state;
    char path[256];
    scratch_fill(scratch, 3);
    strcpy(path, scratch_path(scratch, SCRATCH_NOON));
    struct text bytes = scratch_read_file(path);
    for (size_t length = 0; length <= bytes.length; length++) {
        struct log_writer writer;
        scratch_write_file(path, (struct text){bytes.bytes, length});
        size_t frames =
            length < SEGMENT_HEADER_BYTES ? 0 : (length - SEGMENT_HEADER_BYTES) / scratch_frame_size();
        scratch_open(scratch, &writer, SCRATCH_OPTIONS);
        if (length >= SEGMENT_HEADER_BYTES)
            assert_int_equal(log_writer_status(&writer)->cut,
                             length - SEGMENT_HEADER_BYTES - frames * scratch_frame_size());
        scratch_append_many(&writer, ANA, frames, 3);
        log_writer_destroy(&writer);
        assert_int_equal(scratch_segments(scratch), 1);
        scratch_read(scratch, LOG_QUERY_ALL);
        scratch_assert_seeds(scratch, 0, frames + 3);
        assert_int_equal(scratch->damages, 0);
        assert_int_equal(unlink(scratch_path(scratch, SCRATCH_NOON)), 0);
    }
    free((char *)(uintptr_t)bytes.bytes);
}

/* After a power cut a file may be longer than what came to the disk. */
static void test_writer_cuts_off_zeros(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    const char *path = scratch_path(scratch, SCRATCH_NOON);
    scratch_fill(scratch, 3);
    assert_int_equal(truncate(path, scratch_file_size(path) + 10000), 0);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    assert_int_equal(log_writer_status(&writer)->cut, 10000);
    scratch_append_many(&writer, ANA, 3, 1);
    log_writer_destroy(&writer);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 4);
    assert_int_equal(scratch->damages, 0);
}

static void test_writer_leaves_damage_in_the_middle(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_fill(scratch, 3);
    scratch_turn_bits(scratch_path(scratch, SCRATCH_NOON),
                      (off_t)(SEGMENT_HEADER_BYTES + scratch_frame_size() + 50), 4);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    assert_int_equal(log_writer_status(&writer)->cut, 0);
    scratch_append_many(&writer, ANA, 3, 1);
    log_writer_destroy(&writer);
    scratch_read(scratch, LOG_QUERY_ALL);
    assert_int_equal(scratch->count, 3);
    assert_int_equal(scratch->damages, 1);
}

static void test_writer_begins_a_segment_behind_a_damaged_header(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_fill(scratch, 3);
    scratch_turn_bits(scratch_path(scratch, SCRATCH_NOON), 20, 4);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append_many(&writer, ANA, 3, 1);
    log_writer_destroy(&writer);
    assert_int_equal(scratch_segments(scratch), 2);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 4);
    assert_int_equal(scratch->damages, 1);
}

static void test_writer_indexes_what_it_wrote_before_a_restart(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct segment_summary summary;
    struct segment_file file;
    scratch_fill(scratch, 3);
    scratch_open(scratch, &writer, segments_of(4));
    scratch_append_many(&writer, ANA, 3, 2);
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(SCRATCH_NOON, name);
    assert_true(segment_file_open(&file, writer.folder.fd, name, O_RDONLY, NULL));
    assert_true(segment_file_summary(&file, &summary));
    assert_int_equal(summary.count, 4);
    assert_int_equal(summary.last_us, SCRATCH_NOON + 3 * SCRATCH_SECOND);
    segment_file_close(&file);
    log_writer_destroy(&writer);
}

/* ---- Full disks ---- */

struct seen {
    unsigned pauses, resumes; /* that were told */
};

static void on_status(void *context, const struct log_status *status)
{
    struct seen *seen = context;
    if (status->paused)
        seen->pauses++;
    else
        seen->resumes++;
}

static void open_listening(const struct scratch *scratch, struct log_writer *writer, struct seen *seen,
                           struct log_options options)
{
    assert_true(log_writer_create(writer, scratch->state, &options, on_status, seen, NULL));
}

/* Files may grow to so many bytes: a write that would go beyond is cut short, the next one fails. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Wherever the disk is full: the log says so once, keeps whole frames, and goes on when there is room. */
static void test_writer_pauses_on_a_full_disk_and_goes_on(void **state)
{
    struct scratch *scratch = *state;
    size_t whole = SEGMENT_HEADER_BYTES + 3 * scratch_frame_size();
    for (size_t room = 1; room < whole; room += 29) {
        struct log_writer writer;
        struct seen seen = {0, 0};
        open_listening(scratch, &writer, &seen, SCRATCH_OPTIONS);
        limit_files(room);
        scratch_append_many(&writer, ANA, 0, 1);
        scratch_append_many(&writer, ANA, 1, 2);
        log_writer_flush(&writer, 5000);
        log_writer_flush(&writer, 9000);
        limit_files(0);
        assert_true(log_writer_status(&writer)->paused);
        assert_int_equal(log_writer_status(&writer)->problem.code, ERROR_UNAVAILABLE);
        assert_non_null(strstr(log_writer_status(&writer)->problem.message, "decisions/0"));
        off_t size = scratch_file_size(scratch_path(scratch, SCRATCH_NOON));
        size_t frames = size == 0 ? 0 : ((size_t)size - SEGMENT_HEADER_BYTES) / scratch_frame_size();
        assert_true(size == 0 || (size_t)size == SEGMENT_HEADER_BYTES + frames * scratch_frame_size());
        log_writer_flush(&writer, 9000 + LOG_RETRY_MS - 1);
        assert_true(log_writer_status(&writer)->paused);
        log_writer_flush(&writer, 9000 + LOG_RETRY_MS);
        assert_false(log_writer_status(&writer)->paused);
        assert_int_equal(seen.pauses, 1);
        assert_int_equal(seen.resumes, 1);
        assert_int_equal(log_writer_status(&writer)->dropped, 0);
        log_writer_destroy(&writer);
        scratch_read(scratch, LOG_QUERY_ALL);
        scratch_assert_seeds(scratch, 0, 3);
        assert_int_equal(scratch->damages, 0);
        assert_int_equal(unlink(scratch_path(scratch, SCRATCH_NOON)), 0);
    }
}

/* In a long pause memory is bounded: the newest are dropped and counted. */
static void test_writer_counts_what_it_drops_in_a_pause(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct seen seen = {0, 0};
    size_t fit = (LOG_WAITING_MOST - SEGMENT_HEADER_BYTES) / scratch_frame_size(), more = 50;
    open_listening(scratch, &writer, &seen, SCRATCH_OPTIONS);
    limit_files(100);
    scratch_append_many(&writer, ANA, 0, 1);
    for (size_t i = 1; i < fit + more; i++)
        scratch_append(&writer, ANA, SCRATCH_NOON + (int64_t)i, i);
    limit_files(0);
    assert_int_equal(log_writer_status(&writer)->dropped, more);
    assert_int_equal(seen.pauses, 1);
    log_writer_flush(&writer, 10000);
    assert_int_equal(seen.resumes, 1);
    assert_int_equal(log_writer_status(&writer)->written, fit);
    scratch_append(&writer, ANA, SCRATCH_NOON + (int64_t)fit, fit);
    log_writer_destroy(&writer);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, fit + 1);
}

/* However small segments are: what waited goes into one, and all together stay below the total. */
static void test_writer_stays_below_the_total_after_a_pause(void **state)
{
    enum { FRAMES = 20, SEGMENTS = 4, FIRST = (SEGMENTS - 1) * FRAMES + FRAMES / 2, MORE = 6 * FRAMES };
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct log_options options = segments_of(FRAMES);
    options.total_bytes = SEGMENTS * options.segment_bytes;
    scratch_open(scratch, &writer, options);
    scratch_append_many(&writer, ANA, 0, FIRST);
    limit_files(100);
    scratch_append_many(&writer, ANA, FIRST, MORE);
    limit_files(0);
    assert_true(log_writer_status(&writer)->paused);
    uint64_t dropped = log_writer_status(&writer)->dropped;
    assert_int_equal(dropped, MORE - FRAMES);
    log_writer_flush(&writer, 10000);
    assert_true(log_writer_status(&writer)->bytes <= options.total_bytes);
    scratch_append_many(&writer, ANA, FIRST + MORE, FRAMES);
    assert_true(log_writer_status(&writer)->bytes <= options.total_bytes);
    log_writer_destroy(&writer);
    scratch_read(scratch, LOG_QUERY_ALL);
    assert_true(scratch->count >= 2 * FRAMES + FRAMES / 2);
    assert_int_equal(scratch->seeds[scratch->count - 1], FIRST + MORE + FRAMES - 1);
    for (size_t i = 0; i < FRAMES; i++) /* the first of the pause, and the next one behind it */
        assert_int_equal(scratch->seeds[scratch->count - 2 * FRAMES + i], FIRST + i);
}

/* The disk fills up while a segment is finished: its index waits, its decisions are whole. */
static void test_writer_is_full_when_a_segment_ends(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    struct seen seen = {0, 0};
    struct log_options options = segments_of(4);
    open_listening(scratch, &writer, &seen, options);
    scratch_append_many(&writer, ANA, 0, 4);
    limit_files(options.segment_bytes + 10);
    scratch_append_many(&writer, ANA, 4, 2);
    limit_files(0);
    assert_true(log_writer_status(&writer)->paused);
    assert_int_equal(scratch_file_size(scratch_path(scratch, SCRATCH_NOON)), options.segment_bytes);
    log_writer_flush(&writer, 10000);
    scratch_append_many(&writer, ANA, 6, 2);
    log_writer_destroy(&writer);
    assert_int_equal(seen.pauses, 1);
    assert_int_equal(seen.resumes, 1);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 8);
    assert_int_equal(scratch->damages, 0);
    assert_int_equal(scratch_segments(scratch), 2);
}

/* What was in memory when the daemon had to stop in a pause is lost, and nothing else. */
static void test_writer_stops_in_a_pause(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_fill(scratch, 2);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    limit_files((rlim_t)scratch_file_size(scratch_path(scratch, SCRATCH_NOON)) + 5);
    scratch_append_many(&writer, ANA, 2, 1);
    log_writer_destroy(&writer);
    limit_files(0);
    scratch_read(scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(scratch, 0, 2);
}

/* Somebody put a file of that name there: the next name is taken. */
static void test_writer_does_not_write_over_foreign_files(void **state)
{
    struct scratch *scratch = *state;
    struct log_writer writer;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_write_file(scratch_path(scratch, SCRATCH_NOON), TEXT("foreign"));
    scratch_append_many(&writer, ANA, 0, 1);
    assert_true(log_writer_status(&writer)->paused);
    log_writer_flush(&writer, 10000);
    assert_false(log_writer_status(&writer)->paused);
    assert_int_equal(scratch_file_size(scratch_path(scratch, SCRATCH_NOON)), 7);
    assert_true(scratch_file_size(scratch_path(scratch, SCRATCH_NOON + 1)) > 7);
    log_writer_destroy(&writer);
}

static void test_writer_without_a_state_directory(void **state)
{
    const struct scratch *scratch = *state;
    struct log_writer writer;
    struct error error;
    char path[128];
    snprintf(path, sizeof path, "%s/missing", scratch->state);
    assert_false(log_writer_create(&writer, path, &SCRATCH_OPTIONS, NULL, NULL, &error));
    assert_non_null(strstr(error.message, "missing/decisions"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_writer_##name, scratch_setup, scratch_teardown)
        TEST(writes_at_the_end_of_a_batch),
        TEST(flushes_nothing_without_a_file),
        TEST(drops_what_is_no_record),
        TEST(writes_long_batches_in_between),
        TEST(begins_a_segment_where_one_is_full),
        TEST(takes_a_record_that_is_larger_than_a_segment),
        TEST(begins_a_segment_each_day),
        TEST(bears_clocks_that_go_back),
        TEST(deletes_the_oldest_to_stay_below_the_total),
        TEST(deletes_what_is_too_old),
        TEST(deletes_the_open_segment_of_a_quiet_site),
        TEST(keeps_everything_without_an_age),
        TEST(knows_old_segments_after_a_restart),
        TEST(lets_decisions_grow_old_after_a_clock_was_ahead),
        TEST(knows_after_a_restart_that_a_clock_was_ahead),
        TEST(counts_the_span_from_the_earliest_decision),
        TEST(keeps_what_is_young_when_a_clock_was_behind),
        TEST(goes_on_behind_a_torn_end),
        TEST(cuts_off_zeros),
        TEST(leaves_damage_in_the_middle),
        TEST(begins_a_segment_behind_a_damaged_header),
        TEST(indexes_what_it_wrote_before_a_restart),
        TEST(pauses_on_a_full_disk_and_goes_on),
        TEST(counts_what_it_drops_in_a_pause),
        TEST(stays_below_the_total_after_a_pause),
        TEST(is_full_when_a_segment_ends),
        TEST(stops_in_a_pause),
        TEST(does_not_write_over_foreign_files),
        TEST(without_a_state_directory),
#undef TEST
    };
    return cmocka_run_group_tests_name("decisionlog/log_writer", tests, NULL, NULL);
}

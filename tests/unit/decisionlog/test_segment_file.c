/* decisionlog/segment_file: every state that a file may be in, and what is still read of it. */
#include "scratch.h"

enum { FRAMES = 5 };

/* A whole segment of FRAMES decisions without an index; to be freed. */
static struct text make(const struct scratch *scratch)
{
    scratch_fill(scratch, FRAMES);
    struct text bytes = scratch_read_file(scratch_path(scratch, SCRATCH_NOON));
    assert_int_equal(bytes.length, SEGMENT_HEADER_BYTES + FRAMES * scratch_frame_size());
    return bytes;
}

/* What is read of the segment: bit n for the decision of seed n. */
static unsigned read_of(struct scratch *scratch)
{
    unsigned seeds = 0;
    scratch_read(scratch, LOG_QUERY_ALL);
    for (size_t i = 0; i < scratch->count; i++) {
        assert_true(scratch->seeds[i] < FRAMES);
        assert_int_equal(seeds & 1U << scratch->seeds[i], 0);
        seeds |= 1U << scratch->seeds[i];
    }
    return seeds;
}

enum { ALL = (1 << FRAMES) - 1 };

/* So that an end of it that cannot be read is damage, and not a decision that is being written. */
static void begin_another(const struct scratch *scratch)
{
    scratch_write_file(scratch_path(scratch, SCRATCH_NOON + 3600 * SCRATCH_SECOND), TEXT(""));
}

/* Whichever byte is damaged: it costs the frame that it is in, and nothing else. */
static void test_file_with_any_byte_damaged(void **state)
{
    struct scratch *scratch = *state;
    struct text bytes = make(scratch);
    char path[256];
    begin_another(scratch);
    strcpy(path, scratch_path(scratch, SCRATCH_NOON));
    for (size_t at = 0; at < bytes.length; at++) {
        bool header = at < SEGMENT_HEADER_BYTES;
        size_t frame = header ? 0 : (at - SEGMENT_HEADER_BYTES) / scratch_frame_size();
        scratch_turn_bits(path, (off_t)at, (unsigned char)(1U << at % 8));
        unsigned expected = header ? ALL : ALL & ~(1U << frame);
        assert_int_equal(read_of(scratch), expected);
        assert_int_equal(scratch->damages, 1);
        assert_int_equal(scratch->damaged_bytes, header ? SEGMENT_HEADER_BYTES : scratch_frame_size());
        assert_int_equal(scratch->damage.offset,
                         header ? 0 : SEGMENT_HEADER_BYTES + frame * scratch_frame_size());
        scratch_turn_bits(path, (off_t)at, (unsigned char)(1U << at % 8));
    }
    assert_int_equal(read_of(scratch), ALL);
    assert_int_equal(scratch->damages, 0);
    free((char *)(uintptr_t)bytes.bytes);
}

/* Wherever it is cut off: what is whole is read, and the rest is damage only if nobody may be writing it. */
static void test_file_cut_off_anywhere(void **state)
{
    struct scratch *scratch = *state;
    struct text bytes = make(scratch);
    char path[256];
    strcpy(path, scratch_path(scratch, SCRATCH_NOON));
    for (int finished = 0; finished < 2; finished++) {
        for (size_t length = 0; length < bytes.length; length++) {
            assert_int_equal(truncate(path, 0), 0);
            scratch_write_file(path, (struct text){bytes.bytes, length});
            size_t frames =
                length < SEGMENT_HEADER_BYTES ? 0 : (length - SEGMENT_HEADER_BYTES) / scratch_frame_size();
            bool even = length == 0 || (length >= SEGMENT_HEADER_BYTES &&
                                        (length - SEGMENT_HEADER_BYTES) % scratch_frame_size() == 0);
            assert_int_equal(read_of(scratch), (1U << frames) - 1);
            assert_int_equal(scratch->damages, finished && !even ? 1 : 0);
        }
        begin_another(scratch);
    }
    free((char *)(uintptr_t)bytes.bytes);
}

/* A decision may hold anything, even the bytes of a frame of another segment. */
static void test_file_frames_within_frames_are_not_seen(void **state)
{
    struct scratch *scratch = *state;
    struct text bytes = make(scratch);
    struct log_writer writer;
    struct record record = records_one();
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    record.request = (struct text){bytes.bytes + SEGMENT_HEADER_BYTES, bytes.length - SEGMENT_HEADER_BYTES};
    record.seed = 99;
    record.clock_us = SCRATCH_NOON + 2 * LOG_SEGMENT_SPAN_US; /* in a segment of its own */
    struct text hostile = records_encode(&record);
    log_writer_append(&writer, hostile);
    log_writer_destroy(&writer);
    scratch_turn_bits(scratch_path(scratch, record.clock_us), SEGMENT_HEADER_BYTES + SEGMENT_FRAME_BYTES, 1);
    assert_int_equal(read_of(scratch), ALL);
    free((char *)(uintptr_t)hostile.bytes);
    free((char *)(uintptr_t)bytes.bytes);
}

/* Two damaged places, and what lies between them. */
static void test_file_is_found_again_between_damages(void **state)
{
    struct scratch *scratch = *state;
    struct text bytes = make(scratch);
    const char *path = scratch_path(scratch, SCRATCH_NOON);
    scratch_turn_bits(path, (off_t)(SEGMENT_HEADER_BYTES + scratch_frame_size() + 40), 0xFF);
    scratch_turn_bits(path, (off_t)(SEGMENT_HEADER_BYTES + 3 * scratch_frame_size() + 2), 0xFF);
    assert_int_equal(read_of(scratch), 1 | 4 | 16);
    assert_int_equal(scratch->damages, 2);
    assert_int_equal(scratch->damaged_bytes, 2 * scratch_frame_size());
    free((char *)(uintptr_t)bytes.bytes);
}

/* Bytes in between that were never written by senda. */
static void test_file_passes_over_foreign_bytes(void **state)
{
    struct scratch *scratch = *state;
    struct text bytes = make(scratch);
    size_t first = SEGMENT_HEADER_BYTES + scratch_frame_size(), foreign = 700000;
    char *mixed = calloc(1, bytes.length + foreign);
    memcpy(mixed, bytes.bytes, first);
    for (size_t i = 0; i + 8 < foreign; i += 8) /* full of markers */
        memcpy(mixed + first + i, bytes.bytes + SEGMENT_HEADER_BYTES, 8);
    memcpy(mixed + first + foreign, bytes.bytes + first, bytes.length - first);
    scratch_write_file(scratch_path(scratch, SCRATCH_NOON), (struct text){mixed, bytes.length + foreign});
    assert_int_equal(read_of(scratch), ALL);
    assert_int_equal(scratch->damages, 1);
    assert_int_equal(scratch->damaged_bytes, foreign);
    free(mixed);
    free((char *)(uintptr_t)bytes.bytes);
}

static void test_file_without_any_head_is_reported_whole(void **state)
{
    struct scratch *scratch = *state;
    struct text bytes = make(scratch);
    const char *path = scratch_path(scratch, SCRATCH_NOON);
    scratch_turn_bits(path, 9, 1);
    scratch_turn_bits(path, SEGMENT_HEADER_BYTES + 9, 1);
    begin_another(scratch);
    assert_int_equal(read_of(scratch), 0);
    assert_int_equal(scratch->damages, 1);
    assert_int_equal(scratch->damaged_bytes, bytes.length);
    free((char *)(uintptr_t)bytes.bytes);
}

/* ---- Single frames ---- */

static void open_file(const struct scratch *scratch, struct segment_file *file)
{
    struct log_folder folder;
    char name[SEGMENT_NAME_LENGTH + 1];
    assert_true(log_folder_open(&folder, scratch->state, LOG_FOLDER_READ, NULL));
    segment_name_write(folder.clocks[0], name);
    assert_true(segment_file_open(file, folder.fd, name, O_RDWR, NULL));
    log_folder_close(&folder);
}

static void test_file_reads_at_an_offset(void **state)
{
    struct scratch *scratch = *state;
    struct segment_file file;
    struct segment_piece piece;
    struct record_key key;
    scratch_fill(scratch, FRAMES);
    open_file(scratch, &file);
    for (size_t i = FRAMES; i > 0; i--) {
        uint64_t offset = SEGMENT_HEADER_BYTES + (i - 1) * scratch_frame_size();
        assert_true(segment_file_read_at(&file, offset, &piece));
        assert_true(record_read_key(piece.content, &key));
        assert_int_equal(key.seed, i - 1);
        assert_false(segment_file_read_at(&file, offset + 1, &piece));
    }
    assert_false(segment_file_read_at(&file, UINT64_C(1) << 40, &piece));
    segment_file_close(&file);
}

static void test_file_says_where_there_is_no_index(void **state)
{
    struct scratch *scratch = *state;
    struct segment_file file;
    struct segment_piece piece;
    struct segment_summary summary;
    struct record_key key = {SCRATCH_NOON + 3 * SCRATCH_SECOND, 3};
    scratch_fill(scratch, FRAMES);
    open_file(scratch, &file);
    assert_false(segment_file_summary(&file, &summary));
    assert_int_equal(segment_file_find(&file, &key, &piece), SEGMENT_FINDING_NO_INDEX);
    segment_file_close(&file);
}

/* A writer may be at the bytes that were looked at: they are looked at again. */
static void test_file_looks_twice_at_what_is_not_good(void **state)
{
    struct scratch *scratch = *state;
    struct segment_file file;
    struct segment_piece piece;
    scratch_fill(scratch, FRAMES);
    const char *path = scratch_path(scratch, SCRATCH_NOON);
    off_t second = (off_t)(SEGMENT_HEADER_BYTES + scratch_frame_size());
    scratch_turn_bits(path, second + 100, 1);
    open_file(scratch, &file);
    assert_int_equal(segment_file_next(&file, &piece, NULL), SEGMENT_STEP_PIECE);
    scratch_turn_bits(path, second + 100, 1); /* the first read has the damage in its window */
    assert_int_equal(segment_file_next(&file, &piece, NULL), SEGMENT_STEP_PIECE);
    assert_int_equal(piece.offset, second);
    assert_int_equal(file.gap.bytes, 0);
    segment_file_close(&file);
}

static void test_file_of_a_newer_format_is_refused(void **state)
{
    struct scratch *scratch = *state;
    struct text bytes = make(scratch);
    struct log_reader reader;
    struct text record;
    /* The header of a segment that a later program made: format 2, and a checksum that is right. */
    static const unsigned char header[SEGMENT_HEADER_BYTES] = {
        's', 'e', 'n', 'd', 'a', 'l', 'o', 'g', 2,    0,    0,    0,    0,    0,    0,    0,
        1,   2,   3,   4,   5,   6,   7,   8,   0x1D, 0x0D, 0x2B, 0x7B, 0x2C, 0x55, 0xA4, 0x5B};
    char *newer = (char *)(uintptr_t)bytes.bytes;
    memcpy(newer, header, sizeof header);
    scratch_write_file(scratch_path(scratch, SCRATCH_NOON), bytes);
    assert_true(
        log_reader_create(&reader, scratch->state, &LOG_QUERY_ALL, scratch_note_damage, scratch, NULL));
    assert_false(log_reader_next(&reader, &record));
    assert_int_equal(scratch->damages, 1);
    log_reader_destroy(&reader);
    free(newer);
}

static void test_file_that_is_not_there(void **state)
{
    struct scratch *scratch = *state;
    struct segment_file file;
    struct log_folder folder;
    struct error error;
    assert_true(log_folder_open(&folder, scratch->state, LOG_FOLDER_MAKE, NULL));
    assert_false(segment_file_open(&file, folder.fd, "00000000000000000001.log", O_RDONLY, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    log_folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_file_##name, scratch_setup, scratch_teardown)
        TEST(with_any_byte_damaged),
        TEST(cut_off_anywhere),
        TEST(frames_within_frames_are_not_seen),
        TEST(is_found_again_between_damages),
        TEST(passes_over_foreign_bytes),
        TEST(without_any_head_is_reported_whole),
        TEST(reads_at_an_offset),
        TEST(says_where_there_is_no_index),
        TEST(looks_twice_at_what_is_not_good),
        TEST(of_a_newer_format_is_refused),
        TEST(that_is_not_there),
#undef TEST
    };
    return cmocka_run_group_tests_name("decisionlog/segment_file", tests, NULL, NULL);
}

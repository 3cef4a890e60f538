/* A state directory for tests, decisions to put into its log, and what comes out of it again. */
#ifndef SENDA_TESTS_DECISIONLOG_SCRATCH_H
#define SENDA_TESTS_DECISIONLOG_SCRATCH_H

#include "../model/records.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decisionlog/log_reader.h"
#include "decisionlog/log_search.h"
#include "decisionlog/log_writer.h"

enum { SCRATCH_MOST = 16384 };

#define SCRATCH_NOON INT64_C(1893456000000000) /* some moment, in microseconds */
#define SCRATCH_SECOND INT64_C(1000000)

struct scratch {
    char state[64];               /* the directory; made by mkdtemp */
    uint64_t seeds[SCRATCH_MOST]; /* of the decisions that were read last */
    size_t count;                 /* of them */
    uint64_t damages;             /* reported then */
    uint64_t damaged_bytes;       /* reported then */
    struct log_damage damage;     /* the last of them */
    char damaged_file[64];        /* its name */
};

static inline int scratch_setup(void **state)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    assert_non_null(scratch);
    strcpy(scratch->state, "/tmp/senda-XXXXXX");
    assert_non_null(mkdtemp(scratch->state));
    *state = scratch;
    return 0;
}

static inline int scratch_remove_one(const char *path, const struct stat *status, int kind,
                                     struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

static inline int scratch_teardown(void **state)
{
    struct scratch *scratch = *state;
    int result = nftw(scratch->state, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(scratch);
    return result;
}

/* ---- Writing ---- */

#define SCRATCH_OPTIONS                                                                                      \
    ((struct log_options){LOG_SEGMENT_BYTES_DEFAULT, LOG_TOTAL_BYTES_DEFAULT, LOG_KEEP_US_DEFAULT})

static inline void scratch_open(const struct scratch *scratch, struct log_writer *writer,
                                struct log_options options)
{
    struct error error = {0};
    if (!log_writer_create(writer, scratch->state, &options, NULL, NULL, &error))
        fail_msg("%s", error.message);
}

/* A decision about `customer` (NULL: nobody) whose seed tells it from the others. */
static inline void scratch_append(struct log_writer *writer, const char *customer, int64_t clock_us,
                                  uint64_t seed)
{
    struct record record = records_one();
    record.customer = text_from(customer);
    record.clock_us = clock_us;
    record.seed = seed;
    struct text bytes = records_encode(&record);
    log_writer_append(writer, bytes);
    free((char *)(uintptr_t)bytes.bytes);
}

/* So many decisions, a second apart, with seeds from `seed` on; then the end of a batch. */
static inline void scratch_append_many(struct log_writer *writer, const char *customer, uint64_t seed,
                                       size_t count)
{
    for (size_t i = 0; i < count; i++, seed++)
        scratch_append(writer, customer, SCRATCH_NOON + (int64_t)seed * SCRATCH_SECOND, seed);
    log_writer_flush(writer, writer->now_ms + 1);
}

/* A log of `count` decisions about one customer, with seeds from 0 on. */
static inline void scratch_fill(const struct scratch *scratch, size_t count)
{
    struct log_writer writer;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append_many(&writer, "ana@example.org", 0, count);
    log_writer_destroy(&writer);
}

/* Bytes of one decision's frame. */
static inline size_t scratch_frame_size(void)
{
    struct record record = records_one();
    return SEGMENT_FRAME_BYTES + record_size(&record);
}

/* ---- Files ---- */

/* The path of the segment that begins then. */
static inline const char *scratch_path(const struct scratch *scratch, int64_t first_us)
{
    static char path[256];
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(first_us, name);
    snprintf(path, sizeof path, "%s/" SEGMENT_FOLDER "/%s", scratch->state, name);
    return path;
}

static inline off_t scratch_file_size(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : -1;
}

static inline struct text scratch_read_file(const char *path)
{
    off_t size = scratch_file_size(path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && size >= 0);
    char *bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    assert_int_equal(read(fd, bytes, (size_t)size), size);
    close(fd);
    return (struct text){bytes, (size_t)size};
}

static inline void scratch_write_file(const char *path, struct text bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.bytes, bytes.length), bytes.length);
    close(fd);
}

static inline void scratch_turn_bits(const char *path, off_t offset, unsigned char bits)
{
    unsigned char byte;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, offset), 1);
    byte ^= bits;
    assert_int_equal(pwrite(fd, &byte, 1, offset), 1);
    close(fd);
}

static inline size_t scratch_segments(const struct scratch *scratch)
{
    struct log_folder folder;
    assert_true(log_folder_open(&folder, scratch->state, LOG_FOLDER_READ, NULL));
    size_t count = folder.count;
    log_folder_close(&folder);
    return count;
}

/* ---- Reading ---- */

static inline void scratch_note_damage(void *context, const struct log_damage *damage)
{
    struct scratch *scratch = context;
    scratch->damages++;
    scratch->damaged_bytes += damage->bytes;
    scratch->damage = *damage;
    snprintf(scratch->damaged_file, sizeof scratch->damaged_file, "%s", damage->file);
}

/* On to the end, noting what comes. */
static inline void scratch_drain(struct scratch *scratch, struct log_reader *reader)
{
    struct text bytes;
    struct record_key key;
    while (log_reader_next(reader, &bytes)) {
        assert_true(record_read_key(bytes, &key));
        assert_true(scratch->count < SCRATCH_MOST);
        scratch->seeds[scratch->count++] = key.seed;
    }
}

static inline void scratch_read(struct scratch *scratch, struct log_query query)
{
    struct log_reader reader;
    struct error error = {0};
    scratch->count = 0;
    scratch->damages = scratch->damaged_bytes = 0;
    if (!log_reader_create(&reader, scratch->state, &query, scratch_note_damage, scratch, &error))
        fail_msg("%s", error.message);
    scratch_drain(scratch, &reader);
    assert_int_equal(reader.damages, scratch->damages);
    log_reader_destroy(&reader);
}

/* Looks for one decision in `steps` of so many bytes; its record is appended to `out`. */
static inline bool scratch_find_in_steps(const char *state, const struct decision_id *id, uint64_t bytes,
                                         struct buffer *out, size_t *steps)
{
    struct log_search search;
    struct error error = {0};
    enum log_searching came = LOG_SEARCHING_MORE;
    if (!log_search_create(&search, state, id, &error))
        fail_msg("%s", error.message);
    for (*steps = 0; came == LOG_SEARCHING_MORE; ++*steps)
        came = log_search_step(&search, bytes, out);
    log_search_destroy(&search);
    assert_int_equal(came == LOG_SEARCHING_FOUND, out->length > 0);
    return came == LOG_SEARCHING_FOUND;
}

static inline bool scratch_finds(const char *state, const struct decision_id *id)
{
    struct buffer out;
    size_t steps;
    buffer_create(&out);
    bool found = scratch_find_in_steps(state, id, UINT64_MAX, &out, &steps);
    buffer_destroy(&out);
    return found;
}

/* The decisions about one customer. */
static inline void scratch_read_of(struct scratch *scratch, const char *customer)
{
    struct text id = text_from(customer);
    scratch_read(scratch, (struct log_query){INT64_MIN, INT64_MAX, &id, 1});
}

/* What was read last: so many, ascending from that one. */
static inline void scratch_assert_seeds(const struct scratch *scratch, uint64_t first, size_t count)
{
    assert_int_equal(scratch->count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(scratch->seeds[i], first + i);
}

#endif

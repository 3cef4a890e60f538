/* Walking through the log with an eraser. */
#include "decisionlog/log_redaction.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { ZEROS = 64 * 1024 };

/* ---- Frames ---- */

static bool is_theirs(const struct log_redaction *redaction, struct text record)
{
    struct text customer;
    return record_read_customer(record, &customer) && text_set_has(&redaction->customers, customer);
}

/* The frame's head goes out with its content, in one write. */
static bool redact_frame(struct log_redaction *redaction, const struct segment_piece *piece,
                         struct error *error)
{
    size_t length = piece->content.length;
    char *frame = malloc(SEGMENT_FRAME_BYTES + length), *content = frame + SEGMENT_FRAME_BYTES;
    if (frame == NULL)
        return error_set(error, ERROR_INTERNAL, "memory is out");
    memcpy(content, piece->content.bytes, length);
    record_redact(content, length);
    segment_frame_write(redaction->file.marker, piece->kind, (struct text){content, length}, frame);
    bool written = segment_file_overwrite(&redaction->file, piece->offset,
                                          (struct text){frame, SEGMENT_FRAME_BYTES + length}, error);
    free(frame);
    return written;
}

static bool pass_record(struct log_redaction *redaction, const struct segment_piece *piece,
                        struct error *error)
{
    bool theirs = is_theirs(redaction, piece->content);
    if (!theirs && !(redaction->renews && record_is_redacted(piece->content)))
        return true;
    if (!redact_frame(redaction, piece, error))
        return false;
    redaction->redacted += theirs;
    return true;
}

/* The header's own bytes are nobody's. */
static bool wipe_gap(struct log_redaction *redaction, struct error *error)
{
    static const char zeros[ZEROS];
    struct segment_gap gap = redaction->file.gap;
    if (gap.bytes > 0 && gap.offset < SEGMENT_HEADER_BYTES) {
        uint64_t spared = SEGMENT_HEADER_BYTES - gap.offset;
        gap.offset += spared;
        gap.bytes -= spared < gap.bytes ? spared : gap.bytes;
    }
    while (gap.bytes > 0) {
        size_t length = gap.bytes < ZEROS ? (size_t)gap.bytes : ZEROS;
        if (!segment_file_overwrite(&redaction->file, gap.offset, (struct text){zeros, length}, error))
            return false;
        redaction->wiped += length;
        gap.offset += length;
        gap.bytes -= length;
    }
    return true;
}

/* ---- Segments ---- */

/* Also where nothing was written: an erasure that was broken off may have left it to this one. */
static bool leave_segment(struct log_redaction *redaction, struct error *error)
{
    bool synced = fdatasync(redaction->file.fd) == 0;
    if (!synced)
        error_set_errno(error, "%s", redaction->file.name);
    segment_file_close(&redaction->file);
    redaction->walking = false;
    return synced;
}

/* Segments that were deleted must not come back with what was not erased from them. */
static bool sync_names(const struct log_redaction *redaction, struct error *error)
{
    return fsync(redaction->writer->folder.fd) == 0 || error_set_errno(error, SEGMENT_FOLDER);
}

/* The first segment behind the one that was opened last; NULL where there is none. */
static const struct log_segment *next_segment(const struct log_redaction *redaction)
{
    const struct log_writer *writer = redaction->writer;
    for (size_t i = 0; i < writer->count; i++)
        if (writer->segments[i].first_us > redaction->passed_us)
            return &writer->segments[i];
    return NULL;
}

/* Opens the next segment, if there is one. The file of the open segment may still have to be made. */
static bool enter_next(struct log_redaction *redaction, struct error *error)
{
    const struct log_segment *segment = next_segment(redaction);
    struct error problem;
    char name[SEGMENT_NAME_LENGTH + 1];
    if (segment == NULL)
        return true;
    redaction->passed_us = segment->first_us;
    segment_name_write(segment->first_us, name);
    redaction->walking =
        segment_file_open(&redaction->file, redaction->writer->folder.fd, name, O_RDWR, &problem);
    if (redaction->walking || problem.code == ERROR_NOT_FOUND)
        return true;
    return error_set(error, problem.code, "%s", problem.message);
}

/* One frame further; false: failed. */
static bool walk(struct log_redaction *redaction, struct error *error)
{
    struct segment_piece piece;
    switch (segment_file_next(&redaction->file, &piece, error)) {
    case SEGMENT_STEP_PIECE:
        if (redaction->file.gap.bytes > 0 && !wipe_gap(redaction, error))
            return false;
        return piece.kind != SEGMENT_KIND_RECORD || pass_record(redaction, &piece, error);
    case SEGMENT_STEP_END:
        return wipe_gap(redaction, error) && leave_segment(redaction, error);
    case SEGMENT_STEP_FAILED:
        return false;
    }
    return false;
}

/* ---- What is not written yet ---- */

/* In a pause records wait in memory: nothing of them may come to the disk later. */
static void redact_waiting(struct log_redaction *redaction)
{
    struct log_writer *writer = redaction->writer;
    size_t at = writer->open && writer->segments[writer->count - 1].bytes == 0 ? SEGMENT_HEADER_BYTES : 0;
    struct segment_frame frame;
    while (at + SEGMENT_FRAME_BYTES <= writer->waiting.length &&
           segment_frame_read(writer->marker, writer->waiting.bytes + at, &frame)) {
        char *head = writer->waiting.bytes + at, *content = head + SEGMENT_FRAME_BYTES;
        struct text record = {content, frame.length};
        if (frame.kind == SEGMENT_KIND_RECORD && is_theirs(redaction, record)) {
            record_redact(content, frame.length);
            segment_frame_write(writer->marker, frame.kind, record, head);
            redaction->redacted++;
        }
        at += SEGMENT_FRAME_BYTES + frame.length;
    }
}

/* ---- Steps ---- */

static bool is_done(const struct log_redaction *redaction)
{
    return !redaction->walking && next_segment(redaction) == NULL;
}

static enum log_redaction_state fail(struct log_redaction *redaction)
{
    if (redaction->walking)
        segment_file_close(&redaction->file);
    redaction->walking = false;
    redaction->passed_us = -1;
    redaction->renews = true;
    return LOG_REDACTION_FAILED;
}

enum log_redaction_state log_redaction_step(struct log_redaction *redaction, size_t bytes,
                                            struct error *error)
{
    uint64_t done = 0;
    log_writer_flush(redaction->writer, redaction->writer->now_ms);
    while (done < bytes && !is_done(redaction)) {
        if (!redaction->walking && !enter_next(redaction, error))
            return fail(redaction);
        uint64_t before = redaction->walking ? redaction->file.at : 0;
        if (redaction->walking && !walk(redaction, error))
            return fail(redaction);
        done += redaction->walking ? redaction->file.at - before : 0;
    }
    if (!is_done(redaction))
        return LOG_REDACTION_MORE;
    if (!sync_names(redaction, error))
        return fail(redaction);
    redact_waiting(redaction);
    return LOG_REDACTION_DONE;
}

bool log_redaction_create(struct log_redaction *redaction, struct log_writer *writer,
                          const struct text *customers, size_t count, struct error *error)
{
    *redaction = (struct log_redaction){.writer = writer, .passed_us = -1};
    text_set_create(&redaction->customers);
    for (size_t i = 0; i < count; i++)
        if (!text_set_add(&redaction->customers, customers[i])) {
            log_redaction_destroy(redaction);
            return error_set(error, ERROR_INTERNAL, "memory is out");
        }
    return true;
}

void log_redaction_destroy(struct log_redaction *redaction)
{
    if (redaction->walking)
        segment_file_close(&redaction->file);
    text_set_destroy(&redaction->customers);
    *redaction = (struct log_redaction){.passed_us = -1};
}

void log_redaction_renew(struct log_redaction *redaction)
{
    redaction->renews = true;
}

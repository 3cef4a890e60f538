/* Walking through all segments. */
#include "decisionlog/log_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

/* ---- Damage ---- */

static void report(struct log_reader *reader, const char *file, struct segment_gap gap, const char *problem)
{
    reader->damages++;
    if (reader->damaged != NULL)
        reader->damaged(reader->context, &(struct log_damage){file, gap.offset, gap.bytes, problem});
}

static void report_gap(struct log_reader *reader)
{
    if (reader->file.gap.bytes > 0)
        report(reader, reader->file.name, reader->file.gap, NULL);
}

/* ---- Segments ---- */

static void leave_segment(struct log_reader *reader)
{
    if (reader->reading)
        segment_file_close(&reader->file);
    reader->reading = false;
}

/* False where a finished segment has nothing of the wanted time. */
static bool may_hold(const struct log_reader *reader)
{
    struct segment_summary summary;
    if (!segment_file_summary(&reader->file, &summary))
        return true;
    return summary.count > 0 && summary.first_us < reader->query.to_us &&
           summary.last_us >= reader->query.from_us;
}

static void enter_segment(struct log_reader *reader, size_t position)
{
    struct error error = {0};
    char name[SEGMENT_NAME_LENGTH + 1];
    reader->passed_us = reader->folder.clocks[position];
    reader->last = position + 1 == reader->folder.count;
    segment_name_write(reader->passed_us, name);
    if (!segment_file_open(&reader->file, reader->folder.fd, name, O_RDONLY, &error)) {
        if (error.code != ERROR_NOT_FOUND)
            report(reader, name, (struct segment_gap){0, 0}, error.message);
        return;
    }
    reader->reading = true;
    if (!may_hold(reader))
        leave_segment(reader);
}

/* Opens the first segment behind the one that was opened last; false where none is listed. */
static bool enter_next(struct log_reader *reader)
{
    while (!reader->reading) {
        size_t position = log_folder_after(&reader->folder, reader->passed_us);
        if (position == reader->folder.count)
            return false;
        enter_segment(reader, position);
    }
    return true;
}

/* Lists the folder anew; true where there are later segments than the one that was opened last. */
static bool has_grown(struct log_reader *reader)
{
    struct error error;
    if (!log_folder_list(&reader->folder, &error)) {
        report(reader, SEGMENT_FOLDER, (struct segment_gap){0, 0}, error.message);
        return false;
    }
    return log_folder_after(&reader->folder, reader->passed_us) < reader->folder.count;
}

/* Stands in a segment and has something to read there; if need be, in the next one. */
static bool is_inside(struct log_reader *reader)
{
    if (!enter_next(reader) && !(has_grown(reader) && enter_next(reader)))
        return false;
    return reader->passed_us < reader->end_us ||
           (reader->passed_us == reader->end_us && reader->file.at < reader->end_at);
}

/* ---- Records ---- */

static bool is_wanted(const struct log_query *query, struct text record)
{
    struct record_key key;
    if (!record_read_key(record, &key) || key.clock_us < query->from_us || key.clock_us >= query->to_us)
        return false;
    return query->customer_count == 0 || record_is_of_any(record, query->customers, query->customer_count);
}

/* At the end of the segment: true where there is more to come, from it or from a later one. */
static bool go_on(struct log_reader *reader)
{
    if (reader->last) {
        reader->last = !has_grown(reader);
        return !reader->last; /* once more: it may have grown before the later one was begun */
    }
    report_gap(reader);
    leave_segment(reader);
    return true;
}

/* True where `piece` is of interest. */
static bool step(struct log_reader *reader, struct segment_piece *piece, bool *more)
{
    struct error error = {0};
    switch (segment_file_next(&reader->file, piece, &error)) {
    case SEGMENT_STEP_PIECE:
        report_gap(reader);
        return piece->kind == SEGMENT_KIND_RECORD && is_wanted(&reader->query, piece->content);
    case SEGMENT_STEP_END:
        *more = go_on(reader);
        return false;
    case SEGMENT_STEP_FAILED:
        report(reader, reader->file.name, (struct segment_gap){reader->file.at, 0}, error.message);
        leave_segment(reader);
        return false;
    }
    return false;
}

enum log_reading log_reader_step(struct log_reader *reader, uint64_t *bytes, struct text *record)
{
    struct segment_piece piece;
    bool more = true;
    while (more && is_inside(reader)) {
        if (*bytes == 0)
            return LOG_READING_MORE;
        uint64_t before = reader->file.at;
        bool found = step(reader, &piece, &more);
        uint64_t spent = segment_file_spent(&reader->file, before);
        *bytes -= spent < *bytes ? spent : *bytes;
        if (found) {
            *record = piece.content;
            return LOG_READING_RECORD;
        }
    }
    return LOG_READING_END;
}

bool log_reader_next(struct log_reader *reader, struct text *record)
{
    uint64_t all = UINT64_MAX;
    return log_reader_step(reader, &all, record) == LOG_READING_RECORD;
}

void log_reader_stop_here(struct log_reader *reader)
{
    struct stat status;
    char name[SEGMENT_NAME_LENGTH + 1];
    size_t count = reader->folder.count;
    reader->end_us = count == 0 ? -1 : reader->folder.clocks[count - 1];
    reader->end_at = UINT64_MAX;
    if (count == 0)
        return;
    segment_name_write(reader->end_us, name);
    if (fstatat(reader->folder.fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        reader->end_at = (uint64_t)status.st_size;
}

bool log_reader_create(struct log_reader *reader, const char *state_directory, const struct log_query *query,
                       log_damage_cb damaged, void *context, struct error *error)
{
    *reader = (struct log_reader){
        .query = *query, .passed_us = -1, .end_us = INT64_MAX, .damaged = damaged, .context = context};
    return log_folder_open(&reader->folder, state_directory, LOG_FOLDER_READ, error);
}

void log_reader_destroy(struct log_reader *reader)
{
    leave_segment(reader);
    log_folder_close(&reader->folder);
}

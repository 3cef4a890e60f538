/* Collecting, writing, syncing, pausing; segments that begin, end and are deleted. */
#include "decisionlog/log_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"

/* The last one; it is open where writer->open. */
static struct log_segment *open_segment(struct log_writer *writer)
{
    return &writer->segments[writer->count - 1];
}

/* True where the open segment has at least one decision. */
static bool holds_any(struct log_writer *writer)
{
    return writer->open && open_segment(writer)->last_us != INT64_MIN;
}

/* ---- Pausing ---- */

static void tell(struct log_writer *writer)
{
    if (writer->changed != NULL)
        writer->changed(writer->context, &writer->status);
}

/* After errno was set. */
static void pause_writing(struct log_writer *writer, const char *what)
{
    bool new = !writer->status.paused;
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(open_segment(writer)->first_us, name);
    writer->retry_ms = writer->now_ms + LOG_RETRY_MS;
    writer->status.paused = true;
    error_set_errno(&writer->status.problem, SEGMENT_FOLDER "/%s: %s", name, what);
    writer->status.problem.code = ERROR_UNAVAILABLE;
    if (new)
        tell(writer);
}

static void resume_writing(struct log_writer *writer)
{
    if (!writer->status.paused)
        return;
    writer->status.paused = false;
    tell(writer);
}

static bool has_to_wait(const struct log_writer *writer)
{
    return writer->status.paused && writer->now_ms < writer->retry_ms;
}

/* ---- Retention ---- */

static uint64_t bytes_of_all(const struct log_writer *writer)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < writer->count; i++)
        bytes += writer->segments[i].bytes;
    return bytes;
}

/* False where it cannot be deleted, and is left in the list. */
static bool delete_segment(struct log_writer *writer, size_t position)
{
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(writer->segments[position].first_us, name);
    if (unlinkat(writer->folder.fd, name, 0) != 0 && errno != ENOENT)
        return false;
    writer->count--;
    memmove(writer->segments + position, writer->segments + position + 1,
            (writer->count - position) * sizeof *writer->segments);
    writer->status.deleted++;
    return true;
}

static size_t finished_count(const struct log_writer *writer)
{
    return writer->count - (writer->open ? 1 : 0);
}

/* The oldest go, until there is room for so many more bytes. */
static void keep_below_total(struct log_writer *writer, uint64_t more)
{
    while (finished_count(writer) > 0 && bytes_of_all(writer) + more > writer->options.total_bytes)
        if (!delete_segment(writer, 0))
            return;
}

/*
 * Decisions that lie in the future are of a clock that was ahead: nobody knows how old they are. But segments
 * stand in the order in which they were begun, so that such a one is too old where a later one is.
 */
static void delete_too_old(struct log_writer *writer, int64_t now_us)
{
    int64_t oldest_us = now_us - writer->options.keep_us;
    bool later_is = false;
    for (size_t i = finished_count(writer); i > 0; i--) {
        int64_t last_us = writer->segments[i - 1].last_us;
        if (last_us >= oldest_us && !(last_us > now_us && later_is))
            continue;
        later_is = true;
        delete_segment(writer, i - 1);
    }
}

/* ---- The open segment ---- */

static void close_segment(struct log_writer *writer)
{
    if (writer->fd >= 0)
        close(writer->fd);
    writer->fd = -1;
    writer->open = writer->dirty = false;
    segment_index_clear(&writer->index);
}

/* Leaves the segment as it is: what was waiting for it is lost, and the next record begins a new one. */
static void abandon_segment(struct log_writer *writer)
{
    writer->status.dropped += writer->waiting_records;
    writer->waiting_records = 0;
    buffer_clear(&writer->waiting, LOG_WAITING_MOST);
    close_segment(writer);
}

static uint64_t new_marker(void)
{
    uint64_t marker;
    if (getrandom(&marker, sizeof marker, GRND_NONBLOCK) == (ssize_t)sizeof marker)
        return marker;
    struct random_state state = {(uint64_t)clock_wall_us() ^ clock_monotonic_ns() << 20};
    return random_next(&state);
}

static bool add_segment(struct log_writer *writer, struct log_segment segment)
{
    if (writer->count == writer->room) {
        size_t room = writer->room == 0 ? 64 : 2 * writer->room;
        struct log_segment *segments = realloc(writer->segments, room * sizeof *segments);
        if (segments == NULL)
            return false;
        writer->segments = segments;
        writer->room = room;
    }
    writer->segments[writer->count++] = segment;
    return true;
}

/* Its file is made when there is something to write. Names ascend even where clocks were set back. */
static bool begin_segment(struct log_writer *writer, int64_t clock_us)
{
    char header[SEGMENT_HEADER_BYTES];
    int64_t first = clock_us;
    if (writer->count > 0 && first <= writer->segments[writer->count - 1].first_us)
        first = writer->segments[writer->count - 1].first_us + 1;
    if (!add_segment(writer, (struct log_segment){first, INT64_MIN, 0}))
        return false;
    writer->open = true;
    writer->fd = -1;
    writer->earliest_us = INT64_MAX;
    writer->marker = new_marker();
    segment_header_write(writer->marker, header);
    buffer_append(&writer->waiting, header, sizeof header);
    return true;
}

static bool make_file(struct log_writer *writer)
{
    struct log_segment *segment = open_segment(writer);
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(segment->first_us, name);
    writer->fd = openat(writer->folder.fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (writer->fd >= 0 && fsync(writer->folder.fd) == 0)
        return true;
    if (writer->fd < 0 && errno == EEXIST) /* not ours; the next attempt takes the next name */
        segment->first_us++;
    return false;
}

static bool write_whole(int fd, const struct buffer *bytes, uint64_t offset)
{
    size_t done = 0;
    while (done < bytes->length) {
        ssize_t written = pwrite(fd, bytes->bytes + done, bytes->length - done, (off_t)(offset + done));
        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = ENOSPC;
        if (written <= 0)
            return false;
        done += (size_t)written;
    }
    return true;
}

/* Takes back what was written of a batch that did not fit. */
static void take_back(struct log_writer *writer)
{
    int number = errno;
    bool whole = ftruncate(writer->fd, (off_t)open_segment(writer)->bytes) == 0;
    errno = number;
    pause_writing(writer, "not written");
    if (!whole)
        abandon_segment(writer);
}

/* True where nothing is waiting any more. */
static bool write_waiting(struct log_writer *writer)
{
    if (writer->waiting.length == 0)
        return true;
    if (has_to_wait(writer))
        return false;
    keep_below_total(writer, writer->waiting.length); /* after a pause it may be more than a segment's rest */
    struct log_segment *segment = open_segment(writer);
    if (writer->fd < 0 && !make_file(writer)) {
        pause_writing(writer, "not made");
        return false;
    }
    if (!write_whole(writer->fd, &writer->waiting, segment->bytes)) {
        take_back(writer);
        return false;
    }
    segment->bytes += writer->waiting.length;
    writer->status.written += writer->waiting_records;
    writer->waiting_records = 0;
    writer->dirty = true;
    buffer_clear(&writer->waiting, 2 * LOG_WAITING_MOST);
    resume_writing(writer);
    return true;
}

/* Pages that a failed sync gave up are lost, whatever a later one says: the segment is left. */
static bool sync_segment(struct log_writer *writer)
{
    writer->synced_ms = writer->now_ms;
    if (writer->fd < 0 || !writer->dirty)
        return true;
    writer->dirty = false;
    if (fdatasync(writer->fd) == 0)
        return true;
    pause_writing(writer, "not synced");
    abandon_segment(writer);
    return false;
}

/* ---- Finishing ---- */

/* Puts the index behind what is waiting; false where it would be too large, or memory is out. */
static bool put_index(struct log_writer *writer)
{
    char frame[SEGMENT_FRAME_BYTES];
    uint64_t offset = open_segment(writer)->bytes + writer->waiting.length;
    size_t begin = writer->waiting.length, size = segment_index_size(&writer->index);
    if (writer->index.failed || size > SEGMENT_CONTENT_MOST ||
        !buffer_reserve(&writer->waiting, sizeof frame + size))
        return false;
    writer->waiting.length += sizeof frame;
    segment_index_write(&writer->index, writer->marker, offset, &writer->waiting);
    char *content = writer->waiting.bytes + begin + sizeof frame;
    segment_frame_write(writer->marker, SEGMENT_KIND_INDEX, (struct text){content, size}, frame);
    memcpy(writer->waiting.bytes + begin, frame, sizeof frame);
    return true;
}

/* False where that has to wait. A segment without an index is finished, too; readers go through it. */
static bool finish_segment(struct log_writer *writer)
{
    if (!write_waiting(writer))
        return false;
    if (put_index(writer) && !write_waiting(writer) && writer->open) {
        buffer_clear(&writer->waiting, LOG_WAITING_MOST); /* the index alone */
        return false;
    }
    if (writer->open && sync_segment(writer))
        close_segment(writer);
    keep_below_total(writer, writer->options.segment_bytes);
    return true;
}

/* ---- Appending ---- */

/* Clocks go back, too. */
static bool is_beyond_span(struct log_writer *writer, int64_t clock_us)
{
    return holds_any(writer) && (clock_us - writer->earliest_us > LOG_SEGMENT_SPAN_US ||
                                 open_segment(writer)->last_us - clock_us > LOG_SEGMENT_SPAN_US);
}

static bool is_full_for(struct log_writer *writer, int64_t clock_us, size_t bytes)
{
    if (!holds_any(writer))
        return false;
    const struct log_segment *segment = open_segment(writer);
    return segment->bytes + writer->waiting.length + bytes > writer->options.segment_bytes ||
           is_beyond_span(writer, clock_us);
}

/* All that waits in a pause goes into one segment. */
static uint64_t waiting_most(const struct log_writer *writer)
{
    return writer->options.segment_bytes < LOG_WAITING_MOST ? writer->options.segment_bytes
                                                            : LOG_WAITING_MOST;
}

/* Room in memory, made by writing where there is too little. */
static bool make_room(struct log_writer *writer, size_t bytes)
{
    if (writer->waiting.length + bytes > waiting_most(writer) && writer->waiting.length > 0 &&
        !write_waiting(writer) && writer->open)
        return false;
    return buffer_reserve(&writer->waiting, SEGMENT_HEADER_BYTES + bytes);
}

static void note_clock(struct log_writer *writer, int64_t clock_us)
{
    struct log_segment *segment = open_segment(writer);
    if (clock_us > segment->last_us)
        segment->last_us = clock_us;
    if (clock_us < writer->earliest_us)
        writer->earliest_us = clock_us;
}

static void put_record(struct log_writer *writer, int64_t clock_us, struct text record)
{
    struct log_segment *segment = open_segment(writer);
    char frame[SEGMENT_FRAME_BYTES];
    segment_frame_write(writer->marker, SEGMENT_KIND_RECORD, record, frame);
    segment_index_add(&writer->index, clock_us, segment->bytes + writer->waiting.length);
    buffer_append(&writer->waiting, frame, sizeof frame);
    buffer_append(&writer->waiting, record.bytes, record.length);
    writer->waiting_records++;
    note_clock(writer, clock_us);
}

/* A record without a place is counted as dropped. */
static void append(struct log_writer *writer, int64_t clock_us, struct text record)
{
    size_t bytes = SEGMENT_FRAME_BYTES + record.length;
    if (is_full_for(writer, clock_us, bytes) && !has_to_wait(writer))
        finish_segment(writer);
    if (make_room(writer, bytes) && (writer->open || begin_segment(writer, clock_us))) {
        put_record(writer, clock_us, record);
        return;
    }
    writer->waiting.failed = false; /* what is in it stays */
    writer->status.dropped++;
}

static int64_t clock_of(const struct record_key *key)
{
    return key->clock_us > 0 ? key->clock_us : 0;
}

void log_writer_append(struct log_writer *writer, struct text record)
{
    struct record_key key;
    if (record.length > SEGMENT_CONTENT_MOST || !record_read_key(record, &key))
        writer->status.dropped++;
    else
        append(writer, clock_of(&key), record);
}

/* ---- Going on where the last process was ---- */

static uint64_t size_of(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 ? (uint64_t)status.st_size : 0;
}

enum { TAIL_BYTES = 512 * 1024 };

/* The latest decision of a segment, as its summary says, or as its last frames do. */
static int64_t last_clock(struct segment_file *file, int64_t first_us)
{
    struct segment_summary summary;
    struct segment_piece piece;
    struct record_key key;
    uint64_t size = size_of(file->fd);
    int64_t last = INT64_MIN;
    if (segment_file_summary(file, &summary))
        return summary.last_us;
    if (size > SEGMENT_HEADER_BYTES + TAIL_BYTES)
        file->at = size - TAIL_BYTES;
    while (segment_file_next(file, &piece, NULL) == SEGMENT_STEP_PIECE)
        if (record_read_key(piece.content, &key) && key.clock_us > last)
            last = key.clock_us;
    return last > INT64_MIN ? last : first_us;
}

static bool know_segment(struct log_writer *writer, int64_t first_us)
{
    struct log_segment segment = {first_us, first_us, 0};
    struct segment_file file;
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(first_us, name);
    if (segment_file_open(&file, writer->folder.fd, name, O_RDONLY, NULL)) {
        segment.bytes = size_of(file.fd);
        segment.last_us = last_clock(&file, first_us);
        segment_file_close(&file);
    }
    return add_segment(writer, segment);
}

/* Takes the clocks from what is in the segment; its name may lie in the future. */
static enum segment_step walk_frames(struct log_writer *writer, struct segment_file *file)
{
    struct segment_piece piece;
    struct record_key key;
    enum segment_step step;
    open_segment(writer)->last_us = INT64_MIN;
    writer->earliest_us = INT64_MAX;
    while ((step = segment_file_next(file, &piece, NULL)) == SEGMENT_STEP_PIECE) {
        if (piece.kind != SEGMENT_KIND_RECORD || !record_read_key(piece.content, &key))
            continue;
        segment_index_add(&writer->index, key.clock_us, piece.offset);
        note_clock(writer, clock_of(&key));
    }
    return step;
}

/* Walks to the end of the last good frame and cuts off what is behind it; false where one cannot go on. */
static bool walk_to_end(struct log_writer *writer, struct segment_file *file)
{
    struct log_segment *segment = open_segment(writer);
    int64_t known_us = segment->last_us;
    if (walk_frames(writer, file) == SEGMENT_STEP_FAILED ||
        (file->gap.bytes > 0 && (ftruncate(file->fd, (off_t)file->at) != 0 || fsync(file->fd) != 0))) {
        segment->last_us = known_us;
        return false;
    }
    writer->status.cut = file->gap.bytes;
    segment->bytes = file->at;
    return true;
}

/* Of a process that ended before its first write. */
static bool is_empty(const struct segment_file *file)
{
    return !file->known && size_of(file->fd) < SEGMENT_HEADER_BYTES + SEGMENT_FRAME_BYTES;
}

/* A segment that is finished, or whose header is damaged, is left as it is. */
static void go_on_in(struct log_writer *writer, struct segment_file *file)
{
    struct segment_summary summary;
    bool good = file->known && file->at == SEGMENT_HEADER_BYTES;
    if (is_empty(file))
        delete_segment(writer, writer->count - 1);
    if (!good || segment_file_summary(file, &summary))
        return;
    if (!walk_to_end(writer, file)) {
        segment_index_clear(&writer->index);
        return;
    }
    writer->open = true;
    writer->marker = file->marker;
    writer->fd = file->fd;
    file->fd = -1;
}

static void go_on(struct log_writer *writer)
{
    struct segment_file file;
    char name[SEGMENT_NAME_LENGTH + 1];
    if (writer->count == 0)
        return;
    segment_name_write(writer->segments[writer->count - 1].first_us, name);
    if (!segment_file_open(&file, writer->folder.fd, name, O_RDWR, NULL))
        return;
    go_on_in(writer, &file);
    segment_file_close(&file);
}

static void count_segments(struct log_writer *writer)
{
    writer->status.segments = writer->count;
    writer->status.bytes = bytes_of_all(writer);
}

bool log_writer_create(struct log_writer *writer, const char *state_directory,
                       const struct log_options *options, log_status_cb changed, void *context,
                       struct error *error)
{
    *writer = (struct log_writer){.options = *options, .fd = -1, .changed = changed, .context = context};
    if (!log_folder_open(&writer->folder, state_directory, LOG_FOLDER_MAKE, error))
        return false;
    for (size_t i = 0; i < writer->folder.count; i++)
        if (!know_segment(writer, writer->folder.clocks[i])) {
            log_writer_destroy(writer);
            return error_set(error, ERROR_INTERNAL, "memory is out");
        }
    go_on(writer);
    writer->status.deleted = 0; /* empty files don't count */
    count_segments(writer);
    return true;
}

void log_writer_destroy(struct log_writer *writer)
{
    if (writer->open && write_waiting(writer))
        sync_segment(writer);
    close_segment(writer);
    buffer_destroy(&writer->waiting);
    segment_index_destroy(&writer->index);
    log_folder_close(&writer->folder);
    free(writer->segments);
    writer->segments = NULL;
    writer->count = writer->room = 0;
}

/* ---- From time to time ---- */

void log_writer_flush(struct log_writer *writer, uint64_t now_ms)
{
    writer->now_ms = now_ms;
    if (writer->open && write_waiting(writer) && now_ms - writer->synced_ms >= LOG_SYNC_MS)
        sync_segment(writer);
    count_segments(writer);
}

void log_writer_tend(struct log_writer *writer, int64_t now_us)
{
    if (is_beyond_span(writer, now_us) && !has_to_wait(writer))
        finish_segment(writer);
    if (writer->options.keep_us > 0)
        delete_too_old(writer, now_us);
    keep_below_total(writer, 0);
    count_segments(writer);
}

const struct log_status *log_writer_status(const struct log_writer *writer)
{
    return &writer->status;
}

/* A window of the file's bytes, frames in it, and finding them again behind damage. */
#include "decisionlog/segment_file.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW_BYTES = 256 * 1024, WINDOW_KEPT = 4 * WINDOW_BYTES };

/* ---- The window ---- */

/* pread until everything is there or the file ends; bytes read, or -1. */
static ssize_t read_all(int fd, void *out, size_t length, uint64_t offset)
{
    size_t done = 0;
    while (done < length) {
        ssize_t got = pread(fd, (char *)out + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

static void forget_window(struct segment_file *file)
{
    buffer_clear(&file->window, WINDOW_KEPT);
}

static bool fill_window(struct segment_file *file, uint64_t offset, size_t length)
{
    forget_window(file);
    if (!buffer_reserve(&file->window, length)) {
        forget_window(file);
        file->starved = true;
        errno = ENOMEM;
        return false;
    }
    ssize_t got = read_all(file->fd, file->window.bytes, length, offset);
    if (got < 0)
        return false;
    file->window.length = (size_t)got;
    file->window_at = offset;
    return true;
}

/*
 * The bytes at `offset`, and how many there are: `need` of them or more, fewer only where the file ends.
 * NULL, with errno: they cannot be read.
 */
static const char *look(struct segment_file *file, uint64_t offset, size_t need, size_t *there)
{
    bool inside = offset >= file->window_at && offset - file->window_at < file->window.length;
    size_t before = inside ? (size_t)(offset - file->window_at) : 0;
    if (!inside || file->window.length - before < need) {
        if (!fill_window(file, offset, need > WINDOW_BYTES ? need : WINDOW_BYTES))
            return NULL;
        before = 0;
    }
    *there = file->window.length - before;
    return file->window.bytes + before;
}

/* ---- Opening ---- */

/* A header that is damaged is got over if the first frame is not: that begins with the marker, too. */
static bool guess_marker(struct segment_file *file, const char *first, size_t length)
{
    uint64_t marker;
    struct segment_frame frame;
    if (length < SEGMENT_FRAME_BYTES)
        return false;
    memcpy(&marker, first, sizeof marker);
    file->marker = le64toh(marker);
    return segment_frame_read(file->marker, first, &frame);
}

static bool read_header(struct segment_file *file, struct error *error)
{
    char bytes[SEGMENT_HEADER_BYTES + SEGMENT_FRAME_BYTES];
    uint32_t format;
    ssize_t length = read_all(file->fd, bytes, sizeof bytes, 0);
    if (length < 0)
        return error_set_errno(error, "%s", file->name);
    if (length < SEGMENT_HEADER_BYTES)
        return true;
    switch (segment_header_read(bytes, &file->marker, &format)) {
    case SEGMENT_HEADER_GOOD:
        file->known = true;
        file->at = SEGMENT_HEADER_BYTES;
        return true;
    case SEGMENT_HEADER_DAMAGED:
        file->known = guess_marker(file, bytes + SEGMENT_HEADER_BYTES, (size_t)length - SEGMENT_HEADER_BYTES);
        return true;
    case SEGMENT_HEADER_NEWER:
        return error_set(error, ERROR_UNAVAILABLE, "%s: of format %u; this program reads format %d",
                         file->name, format, SEGMENT_FORMAT);
    }
    return true;
}

bool segment_file_open(struct segment_file *file, int folder, const char *name, int access,
                       struct error *error)
{
    *file = (struct segment_file){.fd = openat(folder, name, access | O_CLOEXEC | O_NOFOLLOW)};
    memcpy(file->name, name, strnlen(name, SEGMENT_NAME_LENGTH));
    buffer_create(&file->window);
    if (file->fd < 0)
        return error_set(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE, "%s: %s", name,
                         strerror(errno));
    if (read_header(file, error))
        return true;
    segment_file_close(file);
    return false;
}

void segment_file_close(struct segment_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
    buffer_destroy(&file->window);
}

/* ---- Frames ---- */

enum verdict { VERDICT_GOOD, VERDICT_NONE, VERDICT_FAILED };

/* Whether the file is long enough for so many bytes: nothing is allocated for a length that is not there. */
static bool reaches(const struct segment_file *file, uint64_t end)
{
    struct stat status;
    return fstat(file->fd, &status) == 0 && (uint64_t)status.st_size >= end;
}

static enum verdict frame_at(struct segment_file *file, uint64_t offset, struct segment_piece *piece)
{
    struct segment_frame frame;
    size_t there;
    const char *bytes = look(file, offset, SEGMENT_FRAME_BYTES, &there);
    if (bytes == NULL)
        return VERDICT_FAILED;
    if (there < SEGMENT_FRAME_BYTES || !segment_frame_read(file->marker, bytes, &frame))
        return VERDICT_NONE;
    size_t whole = SEGMENT_FRAME_BYTES + (size_t)frame.length;
    if (there < whole && !reaches(file, offset + whole))
        return VERDICT_NONE;
    bytes = look(file, offset, whole, &there);
    if (bytes == NULL)
        return VERDICT_FAILED;
    if (there < whole || !segment_frame_holds(file->marker, &frame, bytes + SEGMENT_FRAME_BYTES))
        return VERDICT_NONE;
    piece->kind = frame.kind;
    piece->offset = offset;
    piece->content = (struct text){bytes + SEGMENT_FRAME_BYTES, frame.length};
    return VERDICT_GOOD;
}

/*
 * A frame that is not good is looked at once more, freshly read: the writer may have been at it, appending or
 * erasing what is personal.
 */
static enum verdict frame_expected_at(struct segment_file *file, uint64_t offset, struct segment_piece *piece)
{
    enum verdict verdict = frame_at(file, offset, piece);
    if (verdict != VERDICT_NONE)
        return verdict;
    forget_window(file);
    return frame_at(file, offset, piece);
}

/* Moves *offset to the next marker at or behind it, or to the end of the file (VERDICT_NONE). */
static enum verdict find_marker(struct segment_file *file, uint64_t *offset)
{
    uint64_t marker = htole64(file->marker);
    for (;;) {
        size_t there;
        const char *bytes = look(file, *offset, sizeof marker, &there), *found;
        if (bytes == NULL)
            return VERDICT_FAILED;
        if (there < sizeof marker) {
            *offset += there;
            return VERDICT_NONE;
        }
        found = memmem(bytes, there, &marker, sizeof marker);
        if (found != NULL) {
            *offset += (uint64_t)(found - bytes);
            return VERDICT_GOOD;
        }
        *offset += there - sizeof marker + 1;
    }
}

/* The first good frame at or behind *offset; where there is none, *offset is the end of the file. */
static enum verdict find_frame(struct segment_file *file, uint64_t *offset, struct segment_piece *piece)
{
    for (;; (*offset)++) {
        enum verdict verdict = find_marker(file, offset);
        if (verdict == VERDICT_GOOD)
            verdict = frame_at(file, *offset, piece);
        else
            return verdict;
        if (verdict != VERDICT_NONE)
            return verdict;
    }
}

static uint64_t end_of(const struct segment_file *file)
{
    struct stat status;
    return fstat(file->fd, &status) == 0 ? (uint64_t)status.st_size : file->at;
}

static enum segment_step end_here(struct segment_file *file, uint64_t end)
{
    file->gap = (struct segment_gap){file->at, end > file->at ? end - file->at : 0};
    forget_window(file);
    return SEGMENT_STEP_END;
}

enum segment_step segment_file_next(struct segment_file *file, struct segment_piece *piece,
                                    struct error *error)
{
    uint64_t offset;
    file->gap = (struct segment_gap){0, 0};
    if (!file->known && !read_header(file, error)) /* perhaps it is written by now */
        return SEGMENT_STEP_FAILED;
    if (!file->known)
        return end_here(file, end_of(file));
    offset = file->at;
    enum verdict verdict = frame_expected_at(file, offset, piece);
    if (verdict == VERDICT_NONE) {
        offset++;
        verdict = find_frame(file, &offset, piece);
    }
    if (verdict == VERDICT_FAILED) {
        error_set_errno(error, "%s", file->name);
        return SEGMENT_STEP_FAILED;
    }
    if (verdict == VERDICT_NONE)
        return end_here(file, end_of(file));
    if (piece->offset > file->at)
        file->gap = (struct segment_gap){file->at, piece->offset - file->at};
    file->at = piece->offset + SEGMENT_FRAME_BYTES + piece->content.length;
    return SEGMENT_STEP_PIECE;
}

uint64_t segment_file_spent(const struct segment_file *file, uint64_t before)
{
    uint64_t moved = file->at - before;
    return moved > file->gap.bytes ? moved : file->gap.bytes;
}

void segment_file_forget(struct segment_file *file)
{
    forget_window(file);
}

bool segment_file_read_at(struct segment_file *file, uint64_t offset, struct segment_piece *piece)
{
    return file->known && frame_expected_at(file, offset, piece) == VERDICT_GOOD;
}

/* ---- Looking things up ---- */

bool segment_file_summary(const struct segment_file *file, struct segment_summary *summary)
{
    char bytes[SEGMENT_SUMMARY_BYTES];
    uint64_t end = end_of(file);
    if (!file->known || end < SEGMENT_HEADER_BYTES + sizeof bytes)
        return false;
    if (read_all(file->fd, bytes, sizeof bytes, end - sizeof bytes) != (ssize_t)sizeof bytes)
        return false;
    return segment_summary_read(file->marker, bytes, summary);
}

bool segment_piece_is_of(const struct segment_piece *piece, const struct record_key *key)
{
    struct record_key found;
    return piece->kind == SEGMENT_KIND_RECORD && record_read_key(piece->content, &found) &&
           found.clock_us == key->clock_us && found.seed == key->seed;
}

/* Offsets of the decisions of that very clock; at most `most`. */
static size_t offsets_of(struct text index, int64_t clock_us, uint64_t *offsets, size_t most)
{
    size_t count = 0, end = segment_index_count(index);
    for (size_t i = segment_index_seek(index, clock_us); i < end && count < most; i++) {
        struct segment_entry entry = segment_index_at(index, i);
        if (entry.clock_us != clock_us)
            break;
        offsets[count++] = entry.offset;
    }
    return count;
}

enum { SAME_CLOCK_MOST = 256 }; /* decisions of one microsecond: no machine makes so many */

enum segment_finding segment_file_find(struct segment_file *file, const struct record_key *key,
                                       struct segment_piece *piece)
{
    struct segment_summary summary;
    uint64_t offsets[SAME_CLOCK_MOST];
    if (!segment_file_summary(file, &summary))
        return SEGMENT_FINDING_NO_INDEX;
    if (summary.count == 0 || key->clock_us < summary.first_us || key->clock_us > summary.last_us)
        return SEGMENT_FINDING_NOTHING;
    if (!segment_file_read_at(file, summary.offset, piece) || piece->kind != SEGMENT_KIND_INDEX)
        return SEGMENT_FINDING_NO_INDEX;
    size_t count = offsets_of(piece->content, key->clock_us, offsets, SAME_CLOCK_MOST);
    bool unread = false;
    for (size_t i = 0; i < count; i++) {
        enum verdict verdict = frame_expected_at(file, offsets[i], piece);
        if (verdict == VERDICT_GOOD && segment_piece_is_of(piece, key))
            return SEGMENT_FINDING_RECORD;
        unread = unread || verdict == VERDICT_FAILED;
    }
    return unread ? SEGMENT_FINDING_NO_INDEX : SEGMENT_FINDING_NOTHING;
}

/* ---- Changing ---- */

bool segment_file_overwrite(struct segment_file *file, uint64_t offset, struct text bytes,
                            struct error *error)
{
    size_t done = 0;
    while (done < bytes.length) {
        ssize_t written = pwrite(file->fd, bytes.bytes + done, bytes.length - done, (off_t)(offset + done));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return error_set_errno(error, "%s", file->name);
        done += (size_t)written;
    }
    return true;
}

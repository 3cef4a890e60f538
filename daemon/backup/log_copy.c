/* Walking through the segments and writing down what was read. */
#include "backup/log_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "backup/backup_files.h"
#include "decisionlog/log_folder.h"
#include "decisionlog/segment_file.h"

enum {
    FILE_MODE = 0600,
    PIECES_BYTES = 1 << 20, /* that are written together */
    TRIES_MOST = 5,         /* of reading bytes that hold no good frame: somebody may be at them */
    TRY_AGAIN_NS = 2000000,
};

/* One segment on its way. */
struct passage {
    struct segment_file file; /* where from */
    int fd;                   /* where to; owned */
    struct buffer pieces;     /* whole frames, one behind the other, to be written at `at` */
    uint64_t at;              /* offset in both files */
    unsigned tries;           /* of the bytes at hand */
};

static bool write_pieces(struct passage *passage, struct error *error)
{
    if (passage->pieces.failed)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    if (!backup_write_all(passage->fd, passage->pieces.bytes, passage->pieces.length, passage->at))
        return error_set_errno(error, "%s can't be copied", passage->file.name);
    passage->at += passage->pieces.length;
    buffer_clear(&passage->pieces, 2 * PIECES_BYTES);
    return true;
}

static bool take_piece(struct passage *passage, const struct segment_piece *piece, struct error *error)
{
    bool gap = piece->offset != passage->at + passage->pieces.length;
    if ((gap || passage->pieces.length >= PIECES_BYTES) && !write_pieces(passage, error))
        return false;
    if (gap)
        passage->at = piece->offset;
    char *head = buffer_extend(&passage->pieces, SEGMENT_FRAME_BYTES);
    if (head != NULL)
        segment_frame_write(passage->file.marker, piece->kind, piece->content, head);
    buffer_append(&passage->pieces, piece->content.bytes, piece->content.length);
    return true;
}

/* Who erases a customer overwrites frames in place; a moment later they are good again. */
static bool tries_again(struct passage *passage)
{
    const struct timespec moment = {0, TRY_AGAIN_NS};
    if (passage->file.gap.bytes == 0 || ++passage->tries >= TRIES_MOST) {
        passage->tries = 0;
        return false;
    }
    nanosleep(&moment, NULL);
    passage->file.at = passage->file.gap.offset;
    return true;
}

static bool copy_frames(struct passage *passage, uint64_t *damaged, struct error *error)
{
    struct segment_piece piece;
    for (;;) {
        switch (segment_file_next(&passage->file, &piece, error)) {
        case SEGMENT_STEP_PIECE:
            if (tries_again(passage))
                break;
            *damaged += passage->file.gap.bytes;
            if (!take_piece(passage, &piece, error))
                return false;
            break;
        case SEGMENT_STEP_END:
            if (tries_again(passage))
                break;
            return write_pieces(passage, error);
        case SEGMENT_STEP_FAILED:
            return false;
        }
    }
}

static bool copy_open_segment(struct passage *passage, uint64_t *damaged, struct error *error)
{
    char header[SEGMENT_HEADER_BYTES];
    segment_header_write(passage->file.marker, header);
    if (!backup_write_all(passage->fd, header, sizeof header, 0))
        return error_set_errno(error, "%s can't be copied", passage->file.name);
    passage->at = SEGMENT_HEADER_BYTES;
    if (!copy_frames(passage, damaged, error))
        return false;
    return fsync(passage->fd) == 0 || error_set_errno(error, "%s can't be copied", passage->file.name);
}

static bool copy_file(struct passage *passage, int to, struct log_copy *copy, struct error *error)
{
    passage->fd = openat(to, passage->file.name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (passage->fd < 0)
        return error_set_errno(error, "%s can't be copied", passage->file.name);
    buffer_create(&passage->pieces);
    bool copied = copy_open_segment(passage, &copy->damaged, error);
    buffer_destroy(&passage->pieces);
    close(passage->fd);
    copy->segments += copied;
    return copied;
}

/* A segment that has gone was too old; one of which nothing can be read has nothing to copy. */
static bool copy_segment(const struct log_folder *from, int64_t clock_us, int to, struct log_copy *copy,
                         struct error *error)
{
    struct passage passage = {.fd = -1};
    struct error problem = {0};
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(clock_us, name);
    if (!segment_file_open(&passage.file, from->fd, name, O_RDONLY, &problem))
        return problem.code == ERROR_NOT_FOUND || error_set(error, problem.code, "%s", problem.message);
    bool copied = !passage.file.known || copy_file(&passage, to, copy, error);
    segment_file_close(&passage.file);
    return copied;
}

static bool copy_all(struct log_copy *copy, const struct log_folder *from, const char *directory,
                     struct error *error)
{
    struct log_folder to;
    bool copied = log_folder_open(&to, directory, LOG_FOLDER_MAKE, error);
    for (size_t i = 0; copied && i < from->count; i++)
        copied = copy_segment(from, from->clocks[i], to.fd, copy, error);
    if (copied && fsync(to.fd) != 0)
        copied = error_set_errno(error, SEGMENT_FOLDER " can't be copied");
    log_folder_close(&to);
    return copied;
}

bool log_copy(struct log_copy *copy, const char *state_directory, const char *directory, struct error *error)
{
    struct log_folder from;
    struct error problem = {0};
    *copy = (struct log_copy){0};
    if (!log_folder_open(&from, state_directory, LOG_FOLDER_READ, &problem))
        return problem.code == ERROR_NOT_FOUND || error_set(error, problem.code, "%s", problem.message);
    bool copied = copy_all(copy, &from, directory, error);
    log_folder_close(&from);
    return copied;
}

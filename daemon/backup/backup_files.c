/* Reading, writing and hashing a file in pieces. */
#include "backup/backup_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FILE_MODE = 0600, PIECE_BYTES = 256 * 1024 };

bool backup_sum_create(struct backup_sum *sum, struct error *error)
{
    *sum = (struct backup_sum){XXH3_createState(), 0};
    if (sum->hash == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    XXH3_64bits_reset(sum->hash);
    return true;
}

void backup_sum_destroy(struct backup_sum *sum)
{
    XXH3_freeState(sum->hash);
    sum->hash = NULL;
}

uint64_t backup_sum_digest(const struct backup_sum *sum)
{
    return XXH3_64bits_digest(sum->hash);
}

int backup_folder_open(const char *path, struct error *error)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        error_set(error, errno == ENOENT || errno == ENOTDIR ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE, "%s: %s",
                  path, strerror(errno));
    return folder;
}

bool backup_write_all(int fd, const void *bytes, size_t length, uint64_t offset)
{
    size_t done = 0;
    while (done < length) {
        ssize_t put = pwrite(fd, (const char *)bytes + done, length - done, (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

static ssize_t read_piece(int fd, char *piece)
{
    ssize_t got;
    do
        got = read(fd, piece, PIECE_BYTES);
    while (got < 0 && errno == EINTR);
    return got;
}

/* `to`: a descriptor; -1: nothing is written. False with errno. */
static bool pump(int from, int to, char *piece, struct backup_sum *sum)
{
    uint64_t offset = 0;
    ssize_t got;
    while ((got = read_piece(from, piece)) > 0) {
        if (to >= 0 && !backup_write_all(to, piece, (size_t)got, offset))
            return false;
        XXH3_64bits_update(sum->hash, piece, (size_t)got);
        offset += (uint64_t)got;
    }
    sum->bytes += offset;
    return got == 0 && (to < 0 || fsync(to) == 0);
}

static bool pump_with_memory(int from, int to, struct backup_sum *sum)
{
    char *piece = malloc(PIECE_BYTES);
    errno = ENOMEM;
    bool whole = piece != NULL && pump(from, to, piece, sum);
    free(piece);
    return whole;
}

bool backup_file_sum(int folder, const char *where, const char *name, struct backup_sum *sum,
                     struct error *error)
{
    int from = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (from < 0)
        return error_set_errno(error, "%s/%s can't be read", where, name);
    bool whole = pump_with_memory(from, -1, sum);
    if (!whole)
        error_set_errno(error, "%s/%s can't be read", where, name);
    close(from);
    return whole;
}

static int create(int folder, const char *name)
{
    return openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
}

bool backup_file_copy(int from, const char *where, int to, const char *name, struct backup_sum *sum,
                      struct error *error)
{
    int source = openat(from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (source < 0)
        return error_set_errno(error, "%s/%s can't be read", where, name);
    int copy = create(to, name);
    bool whole = copy >= 0 && pump_with_memory(source, copy, sum);
    if (!whole)
        error_set_errno(error, "%s/%s can't be copied", where, name);
    if (copy >= 0)
        close(copy);
    close(source);
    return whole;
}

bool backup_file_write(int folder, const char *name, const void *bytes, size_t length, struct error *error)
{
    int file = create(folder, name);
    if (file < 0)
        return error_set_errno(error, "%s can't be written", name);
    bool whole = backup_write_all(file, bytes, length, 0) && fsync(file) == 0;
    if (!whole)
        error_set_errno(error, "%s can't be written", name);
    close(file);
    return whole;
}

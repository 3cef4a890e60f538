/* Opening and listing the decision log's folder. */
#include "decisionlog/log_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decisionlog/segment.h"

enum { LONGEST_PATH = 4096, FEWEST = 64 };

static int compare_clocks(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static bool add(struct log_folder *folder, int64_t clock)
{
    if (folder->count == folder->room) {
        size_t room = folder->room < FEWEST ? FEWEST : 2 * folder->room;
        int64_t *clocks = realloc(folder->clocks, room * sizeof *clocks);
        if (clocks == NULL)
            return false;
        folder->clocks = clocks;
        folder->room = room;
    }
    folder->clocks[folder->count++] = clock;
    return true;
}

/* A descriptor of its own, since reading a folder moves a position that duplicates share. */
static DIR *open_listing(const struct log_folder *folder)
{
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    if (listing == NULL && fd >= 0)
        close(fd);
    return listing;
}

bool log_folder_list(struct log_folder *folder, struct error *error)
{
    DIR *listing = open_listing(folder);
    bool whole = true;
    if (listing == NULL)
        return error_set_errno(error, SEGMENT_FOLDER);
    folder->count = 0;
    for (const struct dirent *entry; whole && (entry = readdir(listing)) != NULL;) {
        int64_t clock;
        if (segment_name_read(entry->d_name, &clock))
            whole = add(folder, clock);
    }
    closedir(listing);
    if (!whole)
        return error_set(error, ERROR_INTERNAL, "memory is out");
    if (folder->count > 0)
        qsort(folder->clocks, folder->count, sizeof *folder->clocks, compare_clocks);
    return true;
}

bool log_folder_open(struct log_folder *folder, const char *state_directory, enum log_folder_access access,
                     struct error *error)
{
    char path[LONGEST_PATH];
    *folder = (struct log_folder){.fd = -1};
    if (snprintf(path, sizeof path, "%s/" SEGMENT_FOLDER, state_directory) >= (int)sizeof path)
        return error_set(error, ERROR_INVALID, "%s: too long a path", state_directory);
    if (access == LOG_FOLDER_MAKE && mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_set_errno(error, "%s", path);
    folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0)
        return error_set(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE, "%s: %s", path,
                         strerror(errno));
    if (log_folder_list(folder, error))
        return true;
    log_folder_close(folder);
    return false;
}

void log_folder_close(struct log_folder *folder)
{
    if (folder->fd >= 0)
        close(folder->fd);
    free(folder->clocks);
    *folder = (struct log_folder){.fd = -1};
}

static bool delete_one(const struct log_folder *folder, size_t position, struct error *error)
{
    char name[SEGMENT_NAME_LENGTH + 1];
    segment_name_write(folder->clocks[position], name);
    return unlinkat(folder->fd, name, 0) == 0 || errno == ENOENT ||
           error_set_errno(error, SEGMENT_FOLDER "/%s", name);
}

static bool delete_all(const struct log_folder *folder, size_t *deleted, struct error *error)
{
    struct error later;
    for (size_t i = 0; i < folder->count; i++)
        *deleted += delete_one(folder, i, *deleted == i ? error : &later);
    bool synced =
        fsync(folder->fd) == 0 || error_set_errno(*deleted == folder->count ? error : &later, SEGMENT_FOLDER);
    return synced && *deleted == folder->count;
}

bool log_folder_clear(const char *state_directory, size_t *deleted, struct error *error)
{
    struct log_folder folder;
    struct error problem;
    *deleted = 0;
    if (!log_folder_open(&folder, state_directory, LOG_FOLDER_READ, &problem)) {
        if (problem.code != ERROR_NOT_FOUND)
            *error = problem;
        return problem.code == ERROR_NOT_FOUND;
    }
    bool cleared = delete_all(&folder, deleted, error);
    log_folder_close(&folder);
    return cleared;
}

size_t log_folder_after(const struct log_folder *folder, int64_t first_clock_us)
{
    size_t position = 0;
    while (position < folder->count && folder->clocks[position] <= first_clock_us)
        position++;
    return position;
}

/* One writer a directory: whoever holds its descriptor, locked; the lock ends with the process. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/lmdb_internal.h"

static bool lock(int descriptor, const char *directory, struct error *error)
{
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        return error_set(error, ERROR_UNAVAILABLE,
                         "another process writes the store in %s: expected one writer at a time", directory);
    return error_set(error, ERROR_UNAVAILABLE, "the store's directory %s can't be locked: %s", directory,
                     strerror(errno));
}

int lmdb_hold_directory(const char *directory, struct error *error)
{
    int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor == -1) {
        error_set(error, errno == ENOENT || errno == ENOTDIR ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE,
                  "the store's directory %s can't be opened: %s: expected a directory that senda may write",
                  directory, strerror(errno));
        return -1;
    }
    if (lock(descriptor, directory, error))
        return descriptor;
    close(descriptor);
    return -1;
}

char *lmdb_path(const char *directory, const char *name, struct error *error)
{
    char *path;
    if (asprintf(&path, "%s/%s", directory, name) >= 0)
        return path;
    error_set(error, ERROR_UNAVAILABLE, "no memory for a path");
    return NULL;
}

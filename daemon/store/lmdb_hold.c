/*
 * One writer a directory: whoever holds its descriptor, locked; the lock ends with the process. Likewise the
 * data file is locked by those who read it, so that nobody puts another in its place meanwhile: LMDB's lock
 * file, which outlives that, would go on about the old one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
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

static bool is_at(int descriptor, const char *path)
{
    struct stat held, there;
    return fstat(descriptor, &held) == 0 && stat(path, &there) == 0 && held.st_dev == there.st_dev &&
           held.st_ino == there.st_ino;
}

static void refuse(struct error *error, const char *directory, int operation)
{
    if (errno == ENOENT && operation == LOCK_SH)
        error_set(error, ERROR_UNAVAILABLE, "there is no store in %s yet: expected its writer to make it",
                  directory);
    else if (errno != EWOULDBLOCK)
        error_set(error, ERROR_UNAVAILABLE, "the store in %s can't be opened: %s", directory,
                  strerror(errno));
    else if (operation == LOCK_SH)
        error_set(error, ERROR_UNAVAILABLE,
                  "the store in %s is being rewritten: expected another try in a moment", directory);
    else
        error_set(error, ERROR_UNAVAILABLE,
                  "a process reads the store in %s: expected nobody to have it open", directory);
}

/* By the time that it is locked, another file may have been put in its place. */
static int hold_path(const char *path, int operation)
{
    for (;;) {
        int descriptor = open(path, O_RDONLY | O_CLOEXEC);
        if (descriptor == -1)
            return -1;
        if (flock(descriptor, operation | LOCK_NB) != 0) {
            int number = errno;
            close(descriptor);
            errno = number;
            return -1;
        }
        if (is_at(descriptor, path))
            return descriptor;
        close(descriptor);
    }
}

static int hold_file(const char *directory, int operation, struct error *error)
{
    char *path = lmdb_path(directory, LMDB_DATA_FILE, error);
    if (path == NULL)
        return -1;
    int descriptor = hold_path(path, operation);
    if (descriptor == -1)
        refuse(error, directory, operation);
    free(path);
    return descriptor;
}

int lmdb_hold_for_reading(const char *directory, struct error *error)
{
    return hold_file(directory, LOCK_SH, error);
}

int store_lmdb_hold(const char *directory, struct error *error)
{
    return hold_file(directory, LOCK_EX, error);
}

char *lmdb_path(const char *directory, const char *name, struct error *error)
{
    char *path;
    if (asprintf(&path, "%s/%s", directory, name) >= 0)
        return path;
    error_set(error, ERROR_UNAVAILABLE, "no memory for a path");
    return NULL;
}

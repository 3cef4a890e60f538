/* The system's calls that make, rename and remove files and directories, as programs see them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

static bool exists(int directory, const char *name)
{
    struct stat status;
    return fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static uint64_t inode_of(int descriptor, uint64_t *size)
{
    struct stat status = {0};
    *size = fstat(descriptor, &status) == 0 ? (uint64_t)status.st_size : 0;
    return status.st_ino;
}

/* Of a file that is new, or was emptied. */
static int open_watched(int directory, const char *name, int flags, mode_t mode, const char *path)
{
    uint64_t size;
    bool is_new = (flags & O_CREAT) != 0 && !exists(directory, name);
    struct faults_verdict verdict = {0};
    if (is_new)
        verdict = faults_decide(FAULTS_NAME, path);
    if (faults_strike_early(&verdict))
        return -1;
    int descriptor = (int)syscall(SYS_openat, directory, name, flags, mode);
    if (descriptor == -1)
        return -1;
    uint64_t inode = inode_of(descriptor, &size);
    if (is_new)
        faults_append_paths(TRACE_MAKE, inode, path, NULL);
    else if ((flags & O_TRUNC) != 0)
        faults_append((struct trace_record){.kind = TRACE_TRUNCATE, .file = inode}, NULL, 0);
    return (int)faults_strike_late(&verdict, descriptor);
}

static int open_any(int directory, const char *name, int flags, mode_t mode)
{
    char out[PATH_MAX];
    bool changes = (flags & (O_CREAT | O_TRUNC)) != 0 && (flags & O_TMPFILE) != O_TMPFILE;
    const char *path = changes && faults_is_watching() ? faults_path_named(directory, name, out) : NULL;
    if (path == NULL)
        return (int)syscall(SYS_openat, directory, name, flags, mode);
    return open_watched(directory, name, flags, mode, path);
}

/* The third argument is there only for flags that make files; reading it otherwise does no harm. */
#define MODE_BEHIND(last, mode)                                                                              \
    va_list arguments;                                                                                       \
    va_start(arguments, last);                                                                               \
    mode_t mode = va_arg(arguments, mode_t);                                                                 \
    va_end(arguments)

int open(const char *name, int flags, ...)
{
    MODE_BEHIND(flags, mode);
    return open_any(AT_FDCWD, name, flags, mode);
}

int openat(int directory, const char *name, int flags, ...)
{
    MODE_BEHIND(flags, mode);
    return open_any(directory, name, flags, mode);
}

int creat(const char *name, mode_t mode)
{
    return open_any(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int mkdirat(int directory, const char *name, mode_t mode)
{
    char out[PATH_MAX];
    const char *path = faults_is_watching() ? faults_path_named(directory, name, out) : NULL;
    if (path == NULL)
        return (int)syscall(SYS_mkdirat, directory, name, mode);
    struct faults_verdict verdict = faults_decide(FAULTS_NAME, path);
    if (faults_strike_early(&verdict))
        return -1;
    long result = syscall(SYS_mkdirat, directory, name, mode);
    if (result == 0)
        faults_append_paths(TRACE_DIRECTORY, 0, path, NULL);
    return (int)faults_strike_late(&verdict, result);
}

int mkdir(const char *name, mode_t mode)
{
    return mkdirat(AT_FDCWD, name, mode);
}

int unlinkat(int directory, const char *name, int flags)
{
    char out[PATH_MAX];
    const char *path = faults_is_watching() ? faults_path_named(directory, name, out) : NULL;
    if (path == NULL)
        return (int)syscall(SYS_unlinkat, directory, name, flags);
    struct faults_verdict verdict = faults_decide(FAULTS_NAME, path);
    if (faults_strike_early(&verdict))
        return -1;
    long result = syscall(SYS_unlinkat, directory, name, flags);
    if (result == 0)
        faults_append_paths(TRACE_REMOVE, 0, path, NULL);
    return (int)faults_strike_late(&verdict, result);
}

int unlink(const char *name)
{
    return unlinkat(AT_FDCWD, name, 0);
}

int rmdir(const char *name)
{
    return unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}

static int rename_watched(const char *from, const char *to, const struct faults_verdict *verdict,
                          const char *from_path, const char *to_path)
{
    if (faults_strike_early(verdict))
        return -1;
    long result = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (result == 0)
        faults_append_paths(TRACE_RENAME, 0, from_path, to_path);
    return (int)faults_strike_late(verdict, result);
}

/* What leaves the directory, or comes from elsewhere, isn't recorded. */
int rename(const char *from, const char *to)
{
    char from_out[PATH_MAX], to_out[PATH_MAX];
    const char *from_path = NULL, *to_path = NULL;
    if (faults_is_watching()) {
        from_path = faults_path_named(AT_FDCWD, from, from_out);
        to_path = faults_path_named(AT_FDCWD, to, to_out);
    }
    if (from_path == NULL || to_path == NULL)
        return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    struct faults_verdict verdict = faults_decide(FAULTS_NAME, to_path);
    return rename_watched(from, to, &verdict, from_path, to_path);
}

int open64(const char *name, int flags, ...) __attribute__((alias("open")));
int openat64(int directory, const char *name, int flags, ...) __attribute__((alias("openat")));
int creat64(const char *name, mode_t mode) __attribute__((alias("creat")));

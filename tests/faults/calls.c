/* The system's calls on open files, as programs see them. They go to the kernel directly. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

enum { CURRENT = -1 /* where the file's position is */ };

/* One of the four calls that write. */
struct writing {
    int descriptor;
    const struct iovec *parts;
    int count;    /* of parts */
    off_t offset; /* CURRENT, or where to */
};

static ssize_t write_plainly(const struct writing *writing)
{
    if (writing->offset == CURRENT)
        return syscall(SYS_writev, writing->descriptor, writing->parts, writing->count);
    return syscall(SYS_pwritev, writing->descriptor, writing->parts, writing->count, writing->offset, 0);
}

static void record_write(const struct writing *writing, size_t length, bool failed)
{
    struct trace_record record = {.kind = TRACE_WRITE, .length = length};
    int flags = fcntl(writing->descriptor, F_GETFL);
    record.flags = (flags & O_DSYNC ? TRACE_DURABLE : 0) | (failed ? TRACE_FAILED : 0);
    record.offset = (uint64_t)writing->offset;
    if (writing->offset == CURRENT)
        record.offset = (uint64_t)lseek(writing->descriptor, 0, SEEK_CUR) - length;
    faults_append_file(writing->descriptor, record, writing->parts, writing->count);
}

static ssize_t write_watched(struct writing writing, const char *path)
{
    struct faults_verdict verdict = faults_decide(FAULTS_WRITE, path);
    struct iovec half;
    if (faults_strike_early(&verdict))
        return -1;
    if (verdict.is_cut) {
        half = (struct iovec){writing.parts[0].iov_base, writing.parts[0].iov_len / 2};
        writing.parts = &half;
        writing.count = 1;
    }
    ssize_t written = write_plainly(&writing);
    if (written > 0)
        record_write(&writing, (size_t)written, verdict.late && verdict.error != 0);
    return faults_strike_late(&verdict, written);
}

static ssize_t write_any(struct writing writing)
{
    char out[PATH_MAX];
    const char *path = faults_is_watching() ? faults_path_of(writing.descriptor, out) : NULL;
    return path == NULL ? write_plainly(&writing) : write_watched(writing, path);
}

ssize_t write(int descriptor, const void *bytes, size_t length)
{
    struct iovec part = {(void *)bytes, length};
    return write_any((struct writing){descriptor, &part, 1, CURRENT});
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    return write_any((struct writing){descriptor, parts, count, CURRENT});
}

/* Negative offsets are the kernel's to refuse. */
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset)
{
    struct writing writing = {descriptor, parts, count, offset};
    return offset < 0 ? syscall(SYS_pwritev, descriptor, parts, count, offset, -1) : write_any(writing);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset)
{
    struct iovec part = {(void *)bytes, length};
    return pwritev(descriptor, &part, 1, offset);
}

static int sync_any(int descriptor, long call)
{
    char out[PATH_MAX];
    struct stat status;
    const char *path = faults_is_watching() ? faults_path_of(descriptor, out) : NULL;
    if (path == NULL)
        return (int)syscall(call, descriptor);
    struct faults_verdict verdict = faults_decide(FAULTS_SYNC, path);
    bool failed = faults_strike_early(&verdict);
    long result = failed ? -1 : syscall(call, descriptor);
    if (fstat(descriptor, &status) == 0)
        faults_append_file(
            descriptor,
            (struct trace_record){.kind = S_ISDIR(status.st_mode) ? TRACE_NAMES : TRACE_SYNC,
                                  .flags = result == 0 && verdict.error == 0 ? 0 : TRACE_FAILED},
            NULL, 0);
    return (int)faults_strike_late(&verdict, result);
}

int fsync(int descriptor)
{
    return sync_any(descriptor, SYS_fsync);
}

int fdatasync(int descriptor)
{
    return sync_any(descriptor, SYS_fdatasync);
}

static void record_size(int descriptor, bool failed)
{
    struct stat status;
    if (fstat(descriptor, &status) == 0)
        faults_append_file(descriptor,
                           (struct trace_record){.kind = TRACE_TRUNCATE,
                                                 .offset = (uint64_t)status.st_size,
                                                 .flags = failed ? TRACE_FAILED : 0},
                           NULL, 0);
}

int ftruncate(int descriptor, off_t length)
{
    char out[PATH_MAX];
    const char *path = faults_is_watching() ? faults_path_of(descriptor, out) : NULL;
    if (path == NULL)
        return (int)syscall(SYS_ftruncate, descriptor, length);
    struct faults_verdict verdict = faults_decide(FAULTS_TRUNCATE, path);
    if (faults_strike_early(&verdict))
        return -1;
    long result = syscall(SYS_ftruncate, descriptor, length);
    if (result == 0)
        record_size(descriptor, verdict.late);
    return (int)faults_strike_late(&verdict, result);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length)
{
    char out[PATH_MAX];
    const char *path = faults_is_watching() ? faults_path_of(descriptor, out) : NULL;
    if (path == NULL)
        return (int)syscall(SYS_fallocate, descriptor, mode, offset, length);
    struct faults_verdict verdict = faults_decide(FAULTS_TRUNCATE, path);
    if (faults_strike_early(&verdict))
        return -1;
    long result = syscall(SYS_fallocate, descriptor, mode, offset, length);
    if (result == 0)
        record_size(descriptor, verdict.late);
    return (int)faults_strike_late(&verdict, result);
}

int posix_fallocate(int descriptor, off_t offset, off_t length)
{
    int before = errno;
    int result = fallocate(descriptor, 0, offset, length) == 0 ? 0 : errno;
    errno = before;
    return result;
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset)
{
    char out[PATH_MAX];
    const char *path = descriptor >= 0 && faults_is_watching() ? faults_path_of(descriptor, out) : NULL;
    if (path != NULL) {
        struct faults_verdict verdict = faults_decide(FAULTS_MAP, path);
        if (faults_strike_early(&verdict))
            return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}

/* The names of the same calls for programs that were built for files of any size. */
ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset)
    __attribute__((alias("pwrite")));
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset)
    __attribute__((alias("pwritev")));
int ftruncate64(int descriptor, off64_t length) __attribute__((alias("ftruncate")));
int fallocate64(int descriptor, int mode, off64_t offset, off64_t length) __attribute__((alias("fallocate")));
int posix_fallocate64(int descriptor, off64_t offset, off64_t length)
    __attribute__((alias("posix_fallocate")));
void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off64_t offset)
    __attribute__((alias("mmap")));

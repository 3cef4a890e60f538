/*
 * Writing the trace. It is opened for every record, since programs close descriptors that they know nothing
 * of; a record is one call that appends, so that those of several processes don't mix.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

enum { TRACE_MODE = 0600 };

static char trace[PATH_MAX]; /* empty: nothing is recorded */

void faults_record(const char *path)
{
    snprintf(trace, sizeof trace, "%s", path == NULL ? "" : path);
}

/* A trace with a hole would prove nothing. */
static void give_up(void)
{
    fprintf(stderr, "faults: nothing can be recorded in %s: %s\n", trace, strerror(errno));
    abort();
}

void faults_append(struct trace_record record, const struct iovec *parts, int count)
{
    struct iovec all[IOV_MAX];
    int before = errno;
    if (trace[0] == '\0')
        return;
    if (count >= IOV_MAX)
        give_up();
    all[0] = (struct iovec){&record, sizeof record};
    size_t left = record.length;
    for (int i = 0; i < count; i++) {
        size_t length = parts[i].iov_len < left ? parts[i].iov_len : left;
        all[i + 1] = (struct iovec){parts[i].iov_base, length};
        left -= length;
    }
    int descriptor =
        (int)syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, TRACE_MODE);
    long expected = (long)(sizeof record + record.length);
    if (descriptor == -1 || syscall(SYS_writev, descriptor, all, count + 1) != expected)
        give_up();
    close(descriptor);
    errno = before;
}

void faults_append_file(int descriptor, struct trace_record record, const struct iovec *parts, int count)
{
    struct stat status;
    int before = errno;
    if (fstat(descriptor, &status) != 0)
        give_up();
    record.file = status.st_ino;
    faults_append(record, parts, count);
    errno = before;
}

void faults_append_paths(enum trace_kind kind, uint64_t file, const char *path, const char *to)
{
    struct iovec parts[2] = {{(void *)path, strlen(path) + 1}, {(void *)to, to == NULL ? 0 : strlen(to) + 1}};
    struct trace_record record = {.kind = kind, .file = file, .length = parts[0].iov_len + parts[1].iov_len};
    faults_append(record, parts, 2);
}

void faults_mark(uint64_t number)
{
    faults_append((struct trace_record){.kind = TRACE_MARK, .offset = number}, NULL, 0);
}

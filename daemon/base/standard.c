/* Looking after the standard descriptors from the first moment to the exit. */
#include "base/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a closed standard output becomes refuses to be written to: who prints is to hear of it. */
static int open_in_place(int fd)
{
    int opened = open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
    if (opened == fd || opened < 0)
        return opened;
    int placed = dup2(opened, fd);
    close(opened);
    return placed;
}

static bool open_all(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open_in_place(fd) < 0)
            return false;
    return true;
}

/* Asked of the descriptor, since the write that failed may be long past, and its errno with it. */
static bool reader_is_gone(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

/* exit() can't be called again from here; there is nothing left to flush either. */
static void finish_cb(int status, void *program)
{
    bool failed_before = ferror(stdout) != 0;
    bool flushed = fflush(stdout) == 0;
    const char *reason = flushed ? "not everything could be printed" : strerror(errno);
    if ((flushed && !failed_before) || reader_is_gone())
        return;
    fprintf(stderr, "%s: standard output: %s\n", (const char *)program, reason);
    if (status == EXIT_SUCCESS)
        _exit(EXIT_FAILURE);
}

bool standard_begin(const char *program)
{
    return open_all() && on_exit(finish_cb, (void *)(uintptr_t)program) == 0;
}

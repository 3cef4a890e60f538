/* The wall clock as programs see it, moved by as many seconds as a file says: SENDA_FAULTS_CLOCK. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST_NUMBER = 32 };

/* Read each time, so that a test can step the clock while the program runs. */
static time_t read_step(const char *path)
{
    char text[LONGEST_NUMBER] = "";
    int before = errno;
    int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor == -1 ? 0 : read(descriptor, text, sizeof text - 1);
    if (descriptor != -1)
        close(descriptor);
    text[length > 0 ? length : 0] = '\0';
    errno = before;
    return (time_t)strtol(text, NULL, 10);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const char *path = getenv("SENDA_FAULTS_CLOCK");
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && path != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += read_step(path);
    return result;
}

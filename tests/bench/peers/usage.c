/* The clock, and how much processor time this program and others have used. */
#include "usage.h"

#include <err.h>
#include <errno.h>
#include <string.h>
#include <time.h>

static double usage_seconds(const struct timespec *time)
{
    return (double)time->tv_sec + (double)time->tv_nsec / 1e9;
}

uint64_t usage_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

double usage_own_seconds(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return usage_seconds(&used);
}

double usage_seconds_of(const pid_t *pids, unsigned count)
{
    double sum = 0;
    for (unsigned i = 0; i < count; i++) {
        clockid_t clock;
        struct timespec used;
        int failure = clock_getcpuclockid(pids[i], &clock);
        if (failure != 0 || clock_gettime(clock, &used) != 0)
            errx(1, "process %d: %s", (int)pids[i], strerror(failure != 0 ? failure : errno));
        sum += usage_seconds(&used);
    }
    return sum;
}

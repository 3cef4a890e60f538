/* The limit of descriptors, and closing the gaps between those that are kept. */
#include "supervise/descriptors.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Where that is not allowed it stays as it is: fewer connections are taken then. */
void descriptors_allow_all(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int compare(const void *a, const void *b)
{
    int first = *(const int *)a, second = *(const int *)b;
    return (first > second) - (first < second);
}

static void close_between(unsigned first, unsigned last)
{
    if (first > last || close_range(first, last, 0) == 0)
        return;
    /* Old kernels and strict sandboxes lack close_range. */
    long limit = sysconf(_SC_OPEN_MAX);
    for (unsigned fd = first; fd <= last && fd < (unsigned)limit; fd++)
        close((int)fd);
}

void descriptors_close_others(int *kept, size_t count)
{
    unsigned next = STDERR_FILENO + 1;
    qsort(kept, count, sizeof *kept, compare);
    for (size_t i = 0; i < count; i++) {
        if (kept[i] < (int)next)
            continue;
        close_between(next, (unsigned)kept[i] - 1);
        next = (unsigned)kept[i] + 1;
    }
    close_between(next, UINT_MAX);
}

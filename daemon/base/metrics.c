/* Names of the counters, and the page that they live in. */
#include "base/metrics.h"

#include <sys/mman.h>

static const char *const names[METRICS_COUNT] = {
#define X(name, help) #name,
    METRICS_COUNTERS(X) METRICS_PEAKS(X) METRICS_WATCHES(X)
#undef X
};

const char *metrics_name(enum metrics_counter counter)
{
    return names[counter];
}

struct metrics_slot *metrics_map(size_t count)
{
    void *memory = mmap(NULL, count * sizeof(struct metrics_slot), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void metrics_unmap(struct metrics_slot *slots, size_t count)
{
    munmap(slots, count * sizeof *slots);
}

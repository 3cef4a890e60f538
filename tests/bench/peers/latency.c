/* Counts times in buckets that are never wider than a hundredth of what they hold. */
#include "latency.h"

enum {
    LATENCY_BUCKETS = LATENCY_STEPS * (LATENCY_POWERS + 1),
    LATENCY_STEP_BITS = 7,
};

_Static_assert(LATENCY_STEPS == 1 << LATENCY_STEP_BITS, "steps are a power of two");

/* Times below LATENCY_STEPS have a bucket each; above, the leading bits choose it. */
static unsigned latency_bucket(uint64_t value)
{
    if (value < LATENCY_STEPS)
        return (unsigned)value;
    unsigned power = 63 - (unsigned)__builtin_clzll(value) - LATENCY_STEP_BITS;
    unsigned bucket = LATENCY_STEPS * power + (unsigned)(value >> power);
    return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

/* The least time that falls into the bucket. */
static uint64_t latency_floor(unsigned bucket)
{
    if (bucket < 2 * LATENCY_STEPS)
        return bucket;
    unsigned power = bucket / LATENCY_STEPS - 1;
    return (uint64_t)(bucket - LATENCY_STEPS * power) << power;
}

void latency_add(struct latency *latency, uint64_t nanoseconds)
{
    latency->buckets[latency_bucket(nanoseconds)]++;
    latency->count++;
}

uint64_t latency_quantile(const struct latency *latency, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)latency->count), seen = 0;
    for (unsigned i = 0; i < LATENCY_BUCKETS; i++) {
        seen += latency->buckets[i];
        if (latency->count > 0 && seen > wanted)
            return latency_floor(i);
    }
    return 0;
}

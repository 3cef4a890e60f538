/* Counts times in buckets that are never wider than a hundredth of what they hold. */
#ifndef SENDA_BENCH_LATENCY_H
#define SENDA_BENCH_LATENCY_H

#include <stdint.h>

enum {
    LATENCY_STEPS = 128, /* buckets between a power of two and the next */
    LATENCY_POWERS = 36, /* powers of two beyond the first LATENCY_STEPS nanoseconds: over a minute */
};

struct latency {
    uint64_t buckets[LATENCY_STEPS * (LATENCY_POWERS + 1)]; /* times counted */
    uint64_t count;                                         /* of all of them */
};

void latency_add(struct latency *latency, uint64_t nanoseconds);

/* The time in nanoseconds that `share` (0..1) of those counted did not exceed; 0 where there are none. */
uint64_t latency_quantile(const struct latency *latency, double share);

#endif

/*
 * A histogram of whole numbers over ten decades in little memory, after Gil Tene's HdrHistogram: buckets grow
 * with the value, 128 to each doubling, so that a quantile is within 1/256 (0.4 %) of a value that was
 * recorded. Values below 128 are exact.
 */
#ifndef SENDA_CTL_HISTOGRAM_H
#define SENDA_CTL_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_BITS = 7,     /* log2 of the buckets to each doubling */
    HISTOGRAM_LARGEST = 43, /* values are below 2 to this: nanoseconds of more than two hours */
    HISTOGRAM_BUCKETS = (HISTOGRAM_LARGEST - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS,
};

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS]; /* values in each bucket */
    uint64_t count;                     /* values recorded */
    uint64_t sum;                       /* of all values */
    uint64_t largest;                   /* exact; 0 while empty */
};

void histogram_clear(struct histogram *histogram);

static inline unsigned histogram_bucket(uint64_t value)
{
    if (value >= UINT64_C(1) << HISTOGRAM_LARGEST)
        return HISTOGRAM_BUCKETS - 1;
    if (value < 1U << HISTOGRAM_BITS)
        return (unsigned)value;
    unsigned shift = 63U - (unsigned)__builtin_clzll(value) - HISTOGRAM_BITS;
    return (shift << HISTOGRAM_BITS) + (unsigned)(value >> shift);
}

static inline void histogram_record(struct histogram *histogram, uint64_t value)
{
    histogram->counts[histogram_bucket(value)]++;
    histogram->count++;
    histogram->sum += value;
    if (value > histogram->largest)
        histogram->largest = value;
}

/* The middle of the bucket that holds the value below which `fraction` (0 to 1) of all lie; never more than
 * the largest. 0 while empty. */
uint64_t histogram_quantile(const struct histogram *histogram, double fraction);

/* The exact mean; 0 while empty. */
double histogram_mean(const struct histogram *histogram);

/* Adds what `other` holds. */
void histogram_add(struct histogram *histogram, const struct histogram *other);

#endif

/* Quantiles; see histogram.h. */
#include "ctl/histogram.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

void histogram_clear(struct histogram *histogram)
{
    memset(histogram, 0, sizeof *histogram);
}

/* The value in the middle of a bucket. */
static uint64_t bucket_middle(unsigned bucket)
{
    if (bucket < 1U << HISTOGRAM_BITS)
        return bucket;
    unsigned shift = (bucket >> HISTOGRAM_BITS) - 1;
    uint64_t lowest = (uint64_t)(bucket - (shift << HISTOGRAM_BITS)) << shift;
    return lowest + (UINT64_C(1) << shift) / 2;
}

uint64_t histogram_quantile(const struct histogram *histogram, double fraction)
{
    double rank = ceil(fraction * (double)histogram->count);
    uint64_t wanted = rank < 1 ? 1 : (uint64_t)rank, seen = 0;
    if (histogram->count == 0)
        return 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->counts[i];
        if (seen >= wanted) {
            uint64_t middle = bucket_middle(i);
            bool beyond = middle > histogram->largest || i == HISTOGRAM_BUCKETS - 1;
            return beyond ? histogram->largest : middle;
        }
    }
    return histogram->largest;
}

double histogram_mean(const struct histogram *histogram)
{
    return histogram->count > 0 ? (double)histogram->sum / (double)histogram->count : 0;
}

void histogram_add(struct histogram *histogram, const struct histogram *other)
{
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        histogram->counts[i] += other->counts[i];
    histogram->count += other->count;
    histogram->sum += other->sum;
    if (other->largest > histogram->largest)
        histogram->largest = other->largest;
}

/* ctl/histogram: how near quantiles are to what was recorded. */
#include "../cmocka_all.h"

#include "base/random.h"
#include "ctl/histogram.h"

#include <stdlib.h>

static struct histogram histogram;

/* Within the 1/256 that the header promises. */
static void assert_near(uint64_t value, uint64_t expected)
{
    uint64_t off = value > expected ? value - expected : expected - value;
    assert_true(off <= expected / 256);
}

static void test_histogram_is_empty_at_first(void **state)
{
    (void)state;
    histogram_clear(&histogram);
    assert_int_equal(histogram_quantile(&histogram, 0.5), 0);
    assert_true(histogram_mean(&histogram) == 0);
}

static void test_histogram_single_values_are_near(void **state)
{
    (void)state;
    for (uint64_t value = 1; value < UINT64_C(1) << (HISTOGRAM_LARGEST - 1); value += value / 7 + 1) {
        histogram_clear(&histogram);
        histogram_record(&histogram, value);
        histogram.largest = UINT64_MAX; /* so that the largest does not help */
        assert_near(histogram_quantile(&histogram, 0.5), value);
    }
}

static void test_histogram_small_values_are_exact(void **state)
{
    (void)state;
    histogram_clear(&histogram);
    for (uint64_t value = 0; value < 100; value++)
        histogram_record(&histogram, value);
    assert_int_equal(histogram_quantile(&histogram, 0.5), 49);
    assert_int_equal(histogram_quantile(&histogram, 0.99), 98);
    assert_int_equal(histogram_quantile(&histogram, 1), 99);
    assert_int_equal(histogram_quantile(&histogram, 0), 0);
    assert_true(histogram_mean(&histogram) == 49.5);
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void test_histogram_quantiles_are_near_the_sorted_ones(void **state)
{
    (void)state;
    enum { MANY = 10000 };
    static uint64_t values[MANY];
    static const double fractions[] = {0.01, 0.5, 0.9, 0.99, 0.999};
    struct random_state random = {7};
    histogram_clear(&histogram);
    for (int i = 0; i < MANY; i++) {
        values[i] = random_next(&random) >> (22 + random_next(&random) % 40); /* over twelve decades */
        histogram_record(&histogram, values[i]);
    }
    qsort(values, MANY, sizeof values[0], by_size);
    for (size_t i = 0; i < sizeof fractions / sizeof fractions[0]; i++)
        assert_near(histogram_quantile(&histogram, fractions[i]), values[(size_t)(fractions[i] * MANY) - 1]);
    assert_int_equal(histogram.largest, values[MANY - 1]);
    assert_near(histogram_quantile(&histogram, 1), values[MANY - 1]);
}

static void test_histogram_takes_what_is_too_large(void **state)
{
    (void)state;
    histogram_clear(&histogram);
    histogram_record(&histogram, UINT64_MAX);
    histogram_record(&histogram, UINT64_C(1) << HISTOGRAM_LARGEST);
    assert_int_equal(histogram_quantile(&histogram, 0.5), UINT64_MAX);
    assert_int_equal(histogram.counts[HISTOGRAM_BUCKETS - 1], 2);
}

static void test_histogram_buckets_do_not_overlap(void **state)
{
    (void)state;
    unsigned last = 0;
    for (uint64_t value = 0; value < 100000; value++) {
        unsigned bucket = histogram_bucket(value);
        assert_true(bucket == last || bucket == last + 1);
        last = bucket;
    }
    assert_int_equal(histogram_bucket((UINT64_C(1) << HISTOGRAM_LARGEST) - 1), HISTOGRAM_BUCKETS - 1);
}

static void test_histogram_adds(void **state)
{
    (void)state;
    static struct histogram other;
    histogram_clear(&histogram);
    histogram_clear(&other);
    histogram_record(&histogram, 10);
    histogram_record(&other, 30);
    histogram_record(&other, 1000);
    histogram_add(&histogram, &other);
    assert_int_equal(histogram.count, 3);
    assert_int_equal(histogram.largest, 1000);
    assert_int_equal(histogram_quantile(&histogram, 0.5), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histogram_is_empty_at_first),
        cmocka_unit_test(test_histogram_single_values_are_near),
        cmocka_unit_test(test_histogram_small_values_are_exact),
        cmocka_unit_test(test_histogram_quantiles_are_near_the_sorted_ones),
        cmocka_unit_test(test_histogram_takes_what_is_too_large),
        cmocka_unit_test(test_histogram_buckets_do_not_overlap),
        cmocka_unit_test(test_histogram_adds),
    };
    return cmocka_run_group_tests_name("ctl/histogram", tests, NULL, NULL);
}

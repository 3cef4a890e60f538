/* ctl/bench_report: figures as words and as JSON, of one run and of rounds compared. */
#include "running.h"

#include "ctl/bench_report.h"

/* A run of 1,000 replies in half a second, most of them after 100 microseconds. */
static struct bench_result *result_of(void)
{
    static struct bench_result result;
    result = (struct bench_result){.completed = 1000,
                                   .errors = 3,
                                   .fallbacks = 20,
                                   .elapsed = 500000000,
                                   .busy = 125000000,
                                   .bytes_in = 400000,
                                   .bytes_out = 80000};
    histogram_clear(&result.latencies);
    for (int i = 0; i < 999; i++)
        histogram_record(&result.latencies, 100000);
    histogram_record(&result.latencies, 25000000);
    return &result;
}

/* What is written to a file becomes running_out, as if a command had written it. */
static void keep(FILE *file)
{
    running_read_back(file, running_out);
}

static void report(const struct bench_report *report, const struct bench_result *result)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    bench_report_write(file, report, result);
    keep(file);
}

static void test_report_rate(void **state)
{
    (void)state;
    struct bench_result nothing = {.completed = 0};
    assert_true(bench_result_rate(result_of()) == 2000.0);
    assert_true(bench_result_rate(&nothing) == 0.0);
}

static void test_report_in_words(void **state)
{
    (void)state;
    struct bench_report words = {.method = "recommend", .first_error = "", .connections = 3, .depth = 50};
    report(&words, result_of());
    assert_contains(running_out, "recommend 2000 requests/s: 1000 in 0.50 s, 3 connections, closed loop, "
                                 "50 on their way on each\n");
    assert_contains(running_out, "max 25.0 ms, counted from when each was sent\n");
    assert_contains(running_out, "answers   3 errors, 20 fallbacks\n");
    assert_contains(running_out, "bytes     80 a request, 400 a reply\n");
    assert_contains(running_out, "driver    25 % of one core\n");
    assert_null(strstr(running_out, "unsent"));
}

static void test_report_of_an_open_loop_that_was_too_much(void **state)
{
    (void)state;
    struct bench_report words = {.method = "ping", .first_error = "INVALID: no", .depth = 1, .rate = 5000};
    struct bench_result *result = result_of();
    result->unsent = 7;
    result->busy = result->elapsed;
    report(&words, result);
    assert_contains(running_out, "open loop at 5000/s, at most 1 on their way on each\n");
    assert_contains(running_out, "counted from when each was due\n");
    assert_contains(running_out, "; the first error: INVALID: no\n");
    assert_contains(running_out, "unsent    7 requests were due");
    assert_contains(running_out, "100 % of one core; it, not the daemon, may be the limit\n");
}

static void test_report_in_json(void **state)
{
    (void)state;
    struct bench_report json = {
        .method = "recommend", .first_error = "say \"no\"\n", .connections = 3, .depth = 50, .json = true};
    report(&json, result_of());
    json_t *whole = running_json();
    assert_json_number(whole, "requests", 1000);
    assert_json_number(whole, "errors", 3);
    assert_json_number(whole, "fallbacks", 20);
    assert_true(json_number_value(json_object_get(whole, "requests_per_second")) == 2000.0);
    const json_t *latency = json_object_get(whole, "latency_us");
    assert_true(json_number_value(json_object_get(latency, "max")) == 25000.0);
    double median = json_number_value(json_object_get(latency, "p50"));
    assert_true(median > 99.0 && median < 101.0);
    json_decref(whole);
}

static void test_report_of_nothing_is_still_json(void **state)
{
    (void)state;
    struct bench_report json = {.method = "ping", .first_error = "", .json = true};
    static struct bench_result nothing;
    report(&json, &nothing);
    json_decref(running_json());
}

/* ---- Comparisons ---- */

static void compare(bool json, unsigned rounds, FILE *progress)
{
    struct bench_comparison comparison;
    static struct bench_result floor;
    FILE *file = tmpfile();
    assert_non_null(file);
    bench_comparison_create(&comparison, progress);
    for (unsigned i = 0; i < rounds; i++) {
        floor = *result_of();
        floor.completed = 2000 * (i + 1); /* ratios of 1/2, 1/4, 1/6 */
        bench_comparison_add(&comparison, result_of(), &floor);
    }
    bench_comparison_write(file, &comparison, "", json);
    bench_comparison_destroy(&comparison);
    keep(file);
}

static void test_report_compares_by_the_median(void **state)
{
    (void)state;
    compare(true, 3, NULL);
    json_t *whole = running_json();
    assert_true(json_number_value(json_object_get(whole, "median_ratio")) == 0.25);
    assert_int_equal(json_array_size(json_object_get(whole, "rounds")), 3);
    assert_json_number(json_object_get(whole, "recommend"), "requests", 3000);
    assert_json_number(json_object_get(whole, "ping"), "requests", 12000);
    json_decref(whole);
    compare(false, 2, NULL);
    assert_contains(running_out, "ratio 0.375\n");
}

static void test_report_tells_of_each_pair(void **state)
{
    (void)state;
    FILE *progress = tmpfile();
    assert_non_null(progress);
    compare(false, 2, progress);
    running_read_back(progress, running_err);
    assert_contains(running_err, "round 1 ");
    assert_contains(running_err, "round 2 ");
}

static void test_report_of_no_rounds(void **state)
{
    (void)state;
    compare(false, 0, NULL);
    assert_string_equal(running_out, "");
    compare(true, 0, NULL);
    json_decref(running_json());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_rate),
        cmocka_unit_test(test_report_in_words),
        cmocka_unit_test(test_report_of_an_open_loop_that_was_too_much),
        cmocka_unit_test(test_report_in_json),
        cmocka_unit_test(test_report_of_nothing_is_still_json),
        cmocka_unit_test(test_report_compares_by_the_median),
        cmocka_unit_test(test_report_tells_of_each_pair),
        cmocka_unit_test(test_report_of_no_rounds),
    };
    return cmocka_run_group_tests_name("ctl/bench_report", tests, NULL, NULL);
}

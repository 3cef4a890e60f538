/* Reports; see bench_report.h. */
#include "ctl/bench_report.h"

#include "client/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name; /* in words and JSON */
    double fraction;  /* of all requests that took no longer */
} quantiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};

enum { QUANTILES = sizeof quantiles / sizeof quantiles[0] };

double bench_result_rate(const struct bench_result *result)
{
    return result->elapsed > 0 ? (double)result->completed * 1e9 / (double)result->elapsed : 0;
}

/* The part of one processor core that this process used. */
static double busy_share(const struct bench_result *result)
{
    return result->elapsed > 0 ? (double)result->busy / (double)result->elapsed : 0;
}

static double per_request(uint64_t amount, const struct bench_result *result)
{
    return result->completed > 0 ? (double)amount / (double)result->completed : 0;
}

/* Nanoseconds in the unit that reads best. */
static void write_time(FILE *file, uint64_t ns)
{
    if (ns < 10000000)
        fprintf(file, "%.1f us", (double)ns / 1e3);
    else
        fprintf(file, "%.1f ms", (double)ns / 1e6);
}

static void write_latencies(FILE *file, const char *what, const struct histogram *latencies,
                            const char *since)
{
    fprintf(file, "%-9s ", what);
    for (int i = 0; i < QUANTILES; i++) {
        fprintf(file, "%s ", quantiles[i].name);
        write_time(file, histogram_quantile(latencies, quantiles[i].fraction));
        fputs(", ", file);
    }
    fputs("max ", file);
    write_time(file, latencies->largest);
    fprintf(file, ", counted from when each was %s\n", since);
}

static void write_outcome(FILE *file, const struct bench_result *result, const char *first_error)
{
    fprintf(file, "answers   %" PRIu64 " errors, %" PRIu64 " fallbacks", result->errors, result->fallbacks);
    if (first_error[0] != '\0')
        fprintf(file, "; the first error: %s", first_error);
    putc('\n', file);
}

/* Above this share of a core the driver, not the daemon, may be what was measured. */
static const double DRIVER_IS_THE_LIMIT = 0.95;

static void write_words(FILE *file, const struct bench_report *report, const struct bench_result *result)
{
    fprintf(file, "%-9s %.0f requests/s: %" PRIu64 " in %.2f s, %zu connections, ", report->method,
            bench_result_rate(result), result->completed, (double)result->elapsed / 1e9, report->connections);
    if (report->rate > 0)
        fprintf(file, "open loop at %.0f/s, at most %zu on their way on each\n", report->rate, report->depth);
    else
        fprintf(file, "closed loop, %zu on their way on each\n", report->depth);
    write_latencies(file, "latency", &result->latencies, report->rate > 0 ? "due" : "sent");
    write_outcome(file, result, report->first_error);
    if (result->errors > 0)
        write_latencies(file, "errors", &result->refusals, report->rate > 0 ? "due" : "sent");
    fprintf(file, "bytes     %.0f a request, %.0f a reply\n", per_request(result->bytes_out, result),
            per_request(result->bytes_in, result));
    fprintf(file, "driver    %.0f %% of one core%s\n", 100 * busy_share(result),
            busy_share(result) > DRIVER_IS_THE_LIMIT ? "; it, not the daemon, may be the limit" : "");
    if (result->unsent > 0)
        fprintf(file,
                "unsent    %" PRIu64
                " requests were due and could not be sent: the daemon does not keep up\n",
                result->unsent);
}

static void write_json_latencies(FILE *file, const char *name, const struct histogram *latencies)
{
    fprintf(file, "\"%s\": {", name);
    for (int i = 0; i < QUANTILES; i++)
        fprintf(file, "\"%s\": %.1f, ", quantiles[i].name,
                (double)histogram_quantile(latencies, quantiles[i].fraction) / 1e3);
    fprintf(file, "\"mean\": %.1f, \"max\": %.1f}", histogram_mean(latencies) / 1e3,
            (double)latencies->largest / 1e3);
}

/* The members that every result has, without braces. */
static void write_json_members(FILE *file, const struct bench_result *result)
{
    fprintf(file, "\"requests_per_second\": %.1f, \"requests\": %" PRIu64 ", \"seconds\": %.4f, ",
            bench_result_rate(result), result->completed, (double)result->elapsed / 1e9);
    fprintf(file, "\"errors\": %" PRIu64 ", \"fallbacks\": %" PRIu64 ", \"unsent\": %" PRIu64 ", ",
            result->errors, result->fallbacks, result->unsent);
    fprintf(file, "\"bytes_out\": %" PRIu64 ", \"bytes_in\": %" PRIu64 ", \"driver_cores\": %.3f, ",
            result->bytes_out, result->bytes_in, busy_share(result));
    write_json_latencies(file, "latency_us", &result->latencies);
    fputs(", ", file);
    write_json_latencies(file, "error_latency_us", &result->refusals);
}

static void write_json_error(FILE *file, const char *first_error)
{
    fputs(", \"first_error\": ", file);
    if (first_error[0] != '\0')
        client_json_write_string(file, first_error, strlen(first_error));
    else
        fputs("null", file);
}

static void write_json(FILE *file, const struct bench_report *report, const struct bench_result *result)
{
    fprintf(file, "{\"method\": \"%s\", \"loop\": \"%s\", \"connections\": %zu, \"depth\": %zu, ",
            report->method, report->rate > 0 ? "open" : "closed", report->connections, report->depth);
    write_json_members(file, result);
    write_json_error(file, report->first_error);
    fputs("}\n", file);
}

void bench_report_write(FILE *file, const struct bench_report *report, const struct bench_result *result)
{
    if (report->json)
        write_json(file, report, result);
    else
        write_words(file, report, result);
}

/* ---- Comparing ---- */

void bench_comparison_create(struct bench_comparison *comparison, FILE *progress)
{
    memset(comparison, 0, sizeof *comparison);
    comparison->progress = progress;
}

void bench_comparison_destroy(struct bench_comparison *comparison)
{
    free(comparison->ratios);
    free(comparison->rates[0]);
    free(comparison->rates[1]);
}

static void add_result(struct bench_result *sum, const struct bench_result *result)
{
    histogram_add(&sum->latencies, &result->latencies);
    histogram_add(&sum->refusals, &result->refusals);
    sum->completed += result->completed;
    sum->errors += result->errors;
    sum->fallbacks += result->fallbacks;
    sum->elapsed += result->elapsed;
    sum->busy += result->busy;
    sum->bytes_in += result->bytes_in;
    sum->bytes_out += result->bytes_out;
}

static bool append(double **values, size_t count, double value)
{
    double *larger = realloc(*values, (count + 1) * sizeof *larger);
    if (larger == NULL)
        return false;
    *values = larger;
    larger[count] = value;
    return true;
}

void bench_comparison_add(struct bench_comparison *comparison, const struct bench_result *recommend,
                          const struct bench_result *floor)
{
    size_t count = comparison->count;
    double rates[2] = {bench_result_rate(recommend), bench_result_rate(floor)};
    double ratio = rates[1] > 0 ? rates[0] / rates[1] : 0;
    add_result(&comparison->sums[0], recommend);
    add_result(&comparison->sums[1], floor);
    if (!append(&comparison->ratios, count, ratio) || !append(&comparison->rates[0], count, rates[0]) ||
        !append(&comparison->rates[1], count, rates[1]))
        return;
    comparison->count++;
    if (comparison->progress != NULL)
        fprintf(comparison->progress, "round %-3zu recommend %10.0f/s  ping %10.0f/s  ratio %.3f\n",
                count + 1, rates[0], rates[1], ratio);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* 0 where there are none, or no memory. */
static double median(const double *values, size_t count)
{
    double *sorted = count > 0 ? malloc(count * sizeof *sorted) : NULL;
    if (sorted == NULL)
        return 0;
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_size);
    double middle = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    free(sorted);
    return middle;
}

static void write_json_comparison(FILE *file, const struct bench_comparison *comparison,
                                  const char *first_error)
{
    static const char *const names[] = {"recommend", "ping"};
    fprintf(file, "{\"median_ratio\": %.4f, \"rounds\": [", median(comparison->ratios, comparison->count));
    for (size_t i = 0; i < comparison->count; i++)
        fprintf(file, "%s{\"recommend\": %.1f, \"ping\": %.1f, \"ratio\": %.4f}", i > 0 ? ", " : "",
                comparison->rates[0][i], comparison->rates[1][i], comparison->ratios[i]);
    putc(']', file);
    for (int i = 0; i < 2; i++) {
        fprintf(file, ", \"%s\": {", names[i]);
        write_json_members(file, &comparison->sums[i]);
        putc('}', file);
    }
    write_json_error(file, first_error);
    fputs("}\n", file);
}

void bench_comparison_write(FILE *file, const struct bench_comparison *comparison, const char *first_error,
                            bool json)
{
    const struct bench_result *sums = comparison->sums;
    if (json) {
        write_json_comparison(file, comparison, first_error);
        return;
    }
    if (comparison->count == 0)
        return;
    fprintf(file, "median    recommend %10.0f/s  ping %10.0f/s  ratio %.3f\n",
            median(comparison->rates[0], comparison->count), median(comparison->rates[1], comparison->count),
            median(comparison->ratios, comparison->count));
    fputs("recommend ", file);
    write_latencies(file, "latency", &sums[0].latencies, "sent");
    write_outcome(file, &sums[0], first_error);
    fputs("ping      ", file);
    write_latencies(file, "latency", &sums[1].latencies, "sent");
    fprintf(file, "driver    %.0f %% of one core in the rounds of recommend, %.0f %% in those of ping\n",
            100 * busy_share(&sums[0]), 100 * busy_share(&sums[1]));
}

/* What a bench has measured, for people or as JSON. */
#ifndef SENDA_CTL_BENCH_REPORT_H
#define SENDA_CTL_BENCH_REPORT_H

#include "ctl/bench_driver.h"

#include <stdio.h>

struct bench_report {
    const char *method;      /* what was called; borrowed */
    const char *first_error; /* "" for none; borrowed */
    size_t connections;      /* at the same time */
    size_t depth;            /* on each */
    double rate;             /* requests a second; 0: closed loop */
    bool json;               /* else words */
};

void bench_report_write(FILE *file, const struct bench_report *report, const struct bench_result *result);

/* Replies a second. */
double bench_result_rate(const struct bench_result *result);

/* Pairs of rounds, each of `recommend` and of the floor below it. */
struct bench_comparison {
    FILE *progress;              /* a line for each pair; borrowed; NULL: none */
    struct bench_result sums[2]; /* of all rounds: recommend, ping */
    double *ratios;              /* owned; recommend's rate by ping's, per pair */
    double *rates[2];            /* owned; per pair */
    size_t count;                /* pairs */
};

void bench_comparison_create(struct bench_comparison *comparison, FILE *progress);
void bench_comparison_destroy(struct bench_comparison *comparison);
void bench_comparison_add(struct bench_comparison *comparison, const struct bench_result *recommend,
                          const struct bench_result *floor);
void bench_comparison_write(FILE *file, const struct bench_comparison *comparison, const char *first_error,
                            bool json);

#endif

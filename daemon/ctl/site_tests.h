/* Running a marketer's test: asking the engine, and holding the answer against what was expected. */
#ifndef SENDA_CTL_SITE_TESTS_H
#define SENDA_CTL_SITE_TESTS_H

#include "ctl/local_site.h"

struct site_test_outcome {
    bool passed;
    char expected[256]; /* in words; empty where it passed */
    char got[512];      /* in words */
    char why[768]; /* the function that failed, or what stopped the offer that was expected; may be empty */
};

void site_test_run(struct local_site *site, const struct site_test *test, struct site_test_outcome *out);

#endif

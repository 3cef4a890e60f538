/* Trying something again and again, each time with another allocation failing, until none is left to fail. */
#ifndef SENDA_TESTS_SCARCE_POINTS_H
#define SENDA_TESTS_SCARCE_POINTS_H

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "scarce/scarce.h"

/* What was tried so far, by this program. */
static struct scarce_points {
    unsigned points; /* allocations that were let fail */
    unsigned whole;  /* of these, everything went well all the same */
    unsigned failed; /* said that it could not be done */
} scarce_points;

/*
 * Of what makes thousands of allocations only some are tried, SENDA_SCARCE_STEP apart: 1 for all.
 * `otherwise` is for the test suite.
 */
static inline int64_t scarce_step(int64_t otherwise)
{
    const char *step = getenv("SENDA_SCARCE_STEP");
    long given = step == NULL ? 0 : strtol(step, NULL, 10);
    return given > 0 ? (int64_t)given : otherwise;
}

/* Where memory is to run out in the attempt at hand. */
static struct scarce_point {
    enum scarce_mode mode;
    int64_t left;
    uint64_t struck; /* so often it did */
} scarce_point;

/* For an attempt: from here to scarce_over() memory may run out. */
static inline void scarce_here(void)
{
    scarce_begin(scarce_point.mode, scarce_point.left);
}

static inline void scarce_over(void)
{
    scarce_point.struck = scarce_end();
}

/* True where all went well. */
typedef bool (*scarce_attempt)(void *context);

/* False where memory did not run out any more. */
static inline bool scarce_try_one(scarce_attempt attempt, void *context, enum scarce_mode mode, int64_t left)
{
    scarce_point = (struct scarce_point){mode, left, 0};
    bool whole = attempt(context);
    if (scarce_point.struck == 0) {
        assert_true(whole);
        return false;
    }
    scarce_points.points++;
    scarce_points.whole += whole;
    scarce_points.failed += !whole;
    return true;
}

/* Every `step`-th allocation alone, then with all behind it. */
static inline void scarce_try_all(scarce_attempt attempt, void *context, int64_t step)
{
    for (int mode = SCARCE_ONCE; mode <= SCARCE_FROM_HERE; mode++)
        for (int64_t left = 1; scarce_try_one(attempt, context, (enum scarce_mode)mode, left); left += step)
            continue;
}

#ifdef __SANITIZE_ADDRESS__
int __lsan_do_recoverable_leak_check(void);
#endif

/* Nothing that was allocated so far is out of reach. */
static inline void scarce_assert_no_leak(void)
{
#ifdef __SANITIZE_ADDRESS__
    assert_int_equal(__lsan_do_recoverable_leak_check(), 0);
#endif
}

/* For the last line of a program. */
static inline int scarce_report(const char *what, int failed)
{
    printf("%s: %u allocations failed: %u times all went well all the same, %u times it was refused\n", what,
           scarce_points.points, scarce_points.whole, scarce_points.failed);
    return failed;
}

#endif

/* ctl/when: moments and days as people type them. */
#include "../cmocka_all.h"

#include <math.h>
#include <stdlib.h>

#include "ctl/when.h"

enum { NOW = 1767225600 }; /* 2026-01-01 in UTC */

static void assert_moment(const char *text, int64_t expected)
{
    int64_t seconds = -1;
    assert_true(when_parse(text, NOW, &seconds));
    assert_int_equal(seconds, expected);
}

static void assert_no_moment(const char *text)
{
    int64_t seconds;
    assert_false(when_parse(text, NOW, &seconds));
}

static void test_when_parses_moments(void **state)
{
    (void)state;
    assert_moment("0", 0);
    assert_moment("1767225600", 1767225600);
    assert_moment("2026-01-01Z", 1767225600);
    assert_moment("2026-01-01T01:30Z", 1767225600 + 5400);
    assert_moment("2026-01-01T01:30:05Z", 1767225600 + 5405);
    setenv("TZ", "UTC-2", 1); /* two hours east */
    assert_moment("2026-01-01", 1767225600 - 7200);
    unsetenv("TZ");
}

/* Whoever counts in microseconds can do so with all that is taken, and milliseconds are not taken for
 * seconds. */
static void test_when_takes_figures_within_a_calendar(void **state)
{
    (void)state;
    assert_moment("253402300799", 253402300799); /* the last second of 9999 */
    assert_moment("-253402300799", -253402300799);
    assert_no_moment("253402300800");
    assert_no_moment("-253402300800");
    assert_no_moment("1767225600000");
    assert_no_moment("99999999999999");
    assert_no_moment("9223372036854775807");
}

static void test_when_parses_spans(void **state)
{
    (void)state;
    assert_moment("30d", NOW - 30 * 86400);
    assert_moment("2h ago", NOW - 7200);
    assert_moment("5m", NOW - 300);
    assert_moment("7s", NOW - 7);
    assert_moment("1w", NOW - 7 * 86400);
    assert_moment("0d", NOW);
}

static void test_when_refuses_the_rest(void **state)
{
    (void)state;
    static const char *const none[] = {"tomorrow", "2026-13-01", "2026-01-01 later", "",          "30x",
                                       "d",        "-3d",        "30d later",        "99999999d", "3dd"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_no_moment(none[i]);
}

static void test_when_knows_dates(void **state)
{
    (void)state;
    assert_true(when_is_date("2026-11-01"));
    assert_false(when_is_date("2026-11-1"));
    assert_false(when_is_date("2026-13-01"));
    assert_false(when_is_date("2026-11-01Z"));
    assert_false(when_is_date("30d"));
    assert_false(when_is_date("1767225600"));
}

static void test_when_words(void **state)
{
    (void)state;
    char words[32];
    setenv("TZ", "UTC", 1);
    assert_string_equal(when_words(1767225600.9, words), "2026-01-01 00:00");
    assert_string_equal(when_words(-1, words), "-");
    assert_string_equal(when_words(1e300, words), "-");
    assert_string_equal(when_words(NAN, words), "-");
    unsetenv("TZ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when_parses_moments),
        cmocka_unit_test(test_when_takes_figures_within_a_calendar),
        cmocka_unit_test(test_when_parses_spans),
        cmocka_unit_test(test_when_refuses_the_rest),
        cmocka_unit_test(test_when_knows_dates),
        cmocka_unit_test(test_when_words),
    };
    return cmocka_run_group_tests_name("ctl/when", tests, NULL, NULL);
}

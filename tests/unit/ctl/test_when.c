/* ctl/when: times ago, moments, and what is neither. */
#include "../cmocka_all.h"

#include "ctl/when.h"

#define NOW INT64_C(1893456000000000)
#define SECOND INT64_C(1000000)

static void assert_when(const char *text, int64_t expected)
{
    int64_t us = 0;
    if (!when_parse(text, NOW, &us))
        fail_msg("'%s' is not taken", text);
    assert_int_equal(us, expected);
}

static void test_when_ago(void **state)
{
    (void)state;
    assert_when("0s", NOW);
    assert_when("90s", NOW - 90 * SECOND);
    assert_when("5m", NOW - 300 * SECOND);
    assert_when("2h", NOW - 7200 * SECOND);
    assert_when("3d", NOW - 3 * 86400 * SECOND);
    assert_when("2w", NOW - 14 * 86400 * SECOND);
}

static void test_when_at_a_moment(void **state)
{
    (void)state;
    assert_when("0", 0);
    assert_when("-5", -5 * SECOND);
    assert_when("1893456000", NOW);
    assert_when("2030-01-01Z", NOW);
    assert_when("2030-01-01T00:00:01Z", NOW + SECOND);
    assert_when("2030-01-01T00:01Z", NOW + 60 * SECOND);
}

static void test_when_is_neither(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "yesterday",
                                        "h",
                                        "-2h",
                                        "2 h",
                                        "2hours",
                                        "2y",
                                        "1e3",
                                        "9223372036854775807",
                                        "99999999999999999999",
                                        "2030-13-01",
                                        "9223372036854775807w"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t us;
        if (when_parse(texts[i], NOW, &us))
            fail_msg("'%s' is taken", texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when_ago),
        cmocka_unit_test(test_when_at_a_moment),
        cmocka_unit_test(test_when_is_neither),
    };
    return cmocka_run_group_tests_name("ctl/when", tests, NULL, NULL);
}

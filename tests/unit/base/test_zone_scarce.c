/* base/zone: where there is no memory to read a zone, that is said, and no other zone is taken for it. */
#include "../scarce_points.h"
#include "base/zone.h"

#include <errno.h>

static const struct zone_moment noon = {.year = 2026, .month = 7, .day = 1, .hour = 12};

static bool attempt_instant(void *context)
{
    const char *zone = context;
    int64_t expected, seconds;
    assert_true(zone_instant(zone, &noon, &expected));
    scarce_here();
    bool there = zone_instant(zone, &noon, &seconds);
    int reason = errno;
    scarce_over();
    assert_true(there ? seconds == expected : reason == ENOMEM);
    return there;
}

static bool attempt_moment(void *context)
{
    const char *zone = context;
    struct zone_moment expected, moment;
    assert_true(zone_moment_at(zone, 1790000000, &expected));
    scarce_here();
    bool there = zone_moment_at(zone, 1790000000, &moment);
    scarce_over();
    assert_true(!there || (moment.hour == expected.hour && moment.day == expected.day));
    return there;
}

static void test_zone_scarce(void **state)
{
    static char zones[][32] = {"Europe/Madrid", "America/New_York", "Asia/Kolkata"};
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        scarce_try_all(attempt_instant, zones[i], 1);
        scarce_try_all(attempt_moment, zones[i], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone_scarce),
    };
    return scarce_report("zones", cmocka_run_group_tests(tests, NULL, NULL));
}

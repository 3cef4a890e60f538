/* day: every moment on its day, also where clocks skip, repeat or leave out. */
#include "../cmocka_all.h"

#include <stdlib.h>
#include <time.h>

#include "base/random.h"
#include "base/zone.h"
#include "ledger/day.h"

enum { DAY_SECONDS = 24 * 60 * 60, STEPS = 3000 };

static const int64_t start_of_2026 = INT64_C(1767225600);

static int64_t instant_ms(const char *zone, int year, int month, int day, int hour, int minute)
{
    const struct zone_moment moment = {year, month, day, hour, minute, 0};
    int64_t seconds;
    assert_true(zone_instant(zone, &moment, &seconds));
    return seconds * 1000;
}

static void test_day_begins_at_midnight_of_the_zone(void **state)
{
    (void)state;
    struct day_calendar madrid, utc;
    day_calendar_create(&madrid, TEXT("Europe/Madrid"));
    day_calendar_create(&utc, TEXT("UTC"));
    int64_t midnight = instant_ms("Europe/Madrid", 2026, 7, 15, 0, 0);
    assert_int_equal(day_of(&madrid, midnight), 20260715);
    assert_int_equal(day_of(&madrid, midnight - 1), 20260714);
    assert_int_equal(day_of(&utc, midnight), 20260714);
    assert_int_equal(day_of(&utc, midnight + 2 * 3600 * 1000), 20260715);
}

static void test_day_of_an_unknown_zone_is_utc(void **state)
{
    (void)state;
    const struct text zones[] = {TEXT("Europe/Madird"), {NULL, 0}, TEXT(""), TEXT("../../etc/passwd")};
    struct day_calendar calendar;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        day_calendar_create(&calendar, zones[i]);
        assert_string_equal(calendar.zone, "UTC");
        assert_int_equal(day_of(&calendar, start_of_2026 * 1000), 20260101);
        assert_int_equal(day_of(&calendar, start_of_2026 * 1000 - 1), 20251231);
    }
}

/* Lebanon skips the first hour of 29 March 2026; Samoa never had 30 December 2011. */
static void test_day_where_clocks_leave_something_out(void **state)
{
    (void)state;
    struct day_calendar beirut, apia;
    day_calendar_create(&beirut, TEXT("Asia/Beirut"));
    day_calendar_create(&apia, TEXT("Pacific/Apia"));
    assert_int_equal(day_of(&beirut, INT64_C(1774735199999)), 20260328);
    assert_int_equal(day_of(&beirut, INT64_C(1774735200000)), 20260329);
    int64_t over = instant_ms("Pacific/Apia", 2011, 12, 31, 0, 0);
    assert_int_equal(day_of(&apia, over - 1), 20111229);
    assert_int_equal(day_of(&apia, over), 20111231);
}

/* What the system's clocks show is the measure, for moments in any order. */
static void test_day_is_what_clocks_show(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/Madrid",       "America/Havana",  "America/Sao_Paulo",
                                        "Australia/Lord_Howe", "Asia/Kathmandu",  "Pacific/Kiritimati",
                                        "Africa/Casablanca",   "America/Asuncion"};
    struct random_state random = {7};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct day_calendar calendar;
        day_calendar_create(&calendar, text_from(zones[i]));
        for (int step = 0; step < STEPS; step++) {
            int64_t seconds = (int64_t)(random_next(&random) % ((uint64_t)DAY_SECONDS * 365 * 60));
            struct zone_moment shown;
            zone_moment_at(zones[i], seconds, &shown);
            assert_int_equal(day_of(&calendar, seconds * 1000 + 999),
                             shown.year * 10000 + shown.month * 100 + shown.day);
        }
    }
}

/* The same at each quarter of an hour, so that no midnight of two years is passed over. */
static void test_day_around_every_midnight(void **state)
{
    (void)state;
    struct day_calendar calendar;
    day_calendar_create(&calendar, TEXT("America/Havana"));
    setenv("TZ", "America/Havana", 1);
    tzset();
    for (time_t at = start_of_2026; at < start_of_2026 + 730 * DAY_SECONDS; at += 900) {
        struct tm shown;
        uint32_t day = day_of(&calendar, (int64_t)at * 1000);
        localtime_r(&at, &shown);
        assert_int_equal(day, (shown.tm_year + 1900) * 10000 + (shown.tm_mon + 1) * 100 + shown.tm_mday);
    }
    unsetenv("TZ");
    tzset();
}

static void test_day_asks_once_for_each_day(void **state)
{
    (void)state;
    struct day_calendar calendar;
    day_calendar_create(&calendar, TEXT("UTC"));
    for (int day = 0; day < DAY_REMEMBERED; day++)
        day_of(&calendar, (start_of_2026 + (int64_t)day * DAY_SECONDS) * 1000);
    memcpy(calendar.zone, "Asia/Tokyo", sizeof "Asia/Tokyo"); /* whoever asks now gets another answer */
    assert_int_equal(day_of(&calendar, (start_of_2026 + DAY_SECONDS - 1) * 1000), 20260101);
    assert_int_equal(day_of(&calendar, (start_of_2026 + 400 * (int64_t)DAY_SECONDS) * 1000), 20270205);
    assert_int_equal(day_of(&calendar, (start_of_2026 - 1) * 1000), 20260101);
}

static void test_day_stays_within_the_years_of_people(void **state)
{
    (void)state;
    struct day_calendar calendar;
    day_calendar_create(&calendar, TEXT("Pacific/Kiritimati"));
    assert_in_range(day_of(&calendar, INT64_MIN), 10101, 10103);
    assert_in_range(day_of(&calendar, INT64_MAX), 99991230, 99991231);
    assert_int_equal(day_of(&calendar, 0), 19691231);
}

static void test_day_exists_as_in_the_calendar(void **state)
{
    (void)state;
    const uint32_t there[] = {20260101, 20261231, 20280229, 20000229, 10101, 99991231};
    const uint32_t none[] = {0,        20260229, 21000229, 20260431, 20261301,
                             20260001, 20260100, 20260132, 100000101};
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        assert_true(day_exists(there[i]));
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(day_exists(none[i]));
}

static void test_day_distance_counts_days(void **state)
{
    (void)state;
    assert_int_equal(day_distance(20260101, 20260101), 0);
    assert_int_equal(day_distance(20260101, 20270101), 365);
    assert_int_equal(day_distance(20280228, 20280301), 2);
    assert_int_equal(day_distance(20270301, 20270228), -1);
    assert_int_equal(day_distance(19700101, 20260101), start_of_2026 / DAY_SECONDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_day_begins_at_midnight_of_the_zone),
        cmocka_unit_test(test_day_of_an_unknown_zone_is_utc),
        cmocka_unit_test(test_day_where_clocks_leave_something_out),
        cmocka_unit_test(test_day_is_what_clocks_show),
        cmocka_unit_test(test_day_around_every_midnight),
        cmocka_unit_test(test_day_asks_once_for_each_day),
        cmocka_unit_test(test_day_stays_within_the_years_of_people),
        cmocka_unit_test(test_day_exists_as_in_the_calendar),
        cmocka_unit_test(test_day_distance_counts_days),
    };
    return cmocka_run_group_tests_name("ledger/day", tests, NULL, NULL);
}

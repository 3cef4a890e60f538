/* zone: moments on the clocks of places, also where clocks skip or repeat an hour. */
#include "../cmocka_all.h"

#include <stdlib.h>
#include <time.h>

#include "base/zone.h"

/* Seconds of year, month, day, hour, minute there; fails where there is no such day. */
static int64_t instant(const char *zone, int year, int month, int day, int hour, int minute)
{
    const struct zone_moment moment = {year, month, day, hour, minute, 0};
    int64_t seconds;
    assert_true(zone_instant(zone, &moment, &seconds));
    return seconds;
}

static bool is_day(const char *zone, int year, int month, int day)
{
    const struct zone_moment moment = {year, month, day, 12, 0, 0};
    int64_t seconds;
    return zone_instant(zone, &moment, &seconds);
}

static void test_zone_is_known_by_the_system_s_names(void **state)
{
    (void)state;
    assert_true(zone_is_known("UTC"));
    assert_true(zone_is_known("Europe/Madrid"));
    assert_true(zone_is_known("America/Argentina/Buenos_Aires"));
    assert_true(zone_is_known("Etc/GMT+5"));
    assert_false(zone_is_known("Europe/Madird"));
    assert_false(zone_is_known(""));
}

static void test_zone_names_lead_nowhere_else(void **state)
{
    (void)state;
    assert_false(zone_is_known("/etc/passwd"));
    assert_false(zone_is_known("../../../etc/passwd"));
    assert_false(zone_is_known("Europe/../../../../etc/passwd"));
    assert_false(zone_is_known("Europe/"));
    assert_false(zone_is_known(".."));
    assert_false(zone_is_known("Europe/Madrid\n"));
    assert_false(zone_is_known(":Europe/Madrid"));
    char endless[400];
    for (size_t i = 0; i < sizeof endless - 1; i++)
        endless[i] = 'a';
    endless[sizeof endless - 1] = '\0';
    assert_false(zone_is_known(endless));
}

static void test_zone_instant_in_summer_and_winter(void **state)
{
    (void)state;
    assert_int_equal(instant("UTC", 1970, 1, 1, 0, 0), 0);
    assert_int_equal(instant("UTC", 2026, 11, 1, 0, 0), 1793491200);
    assert_int_equal(instant("Europe/Madrid", 2026, 1, 15, 12, 0), 1768474800);
    assert_int_equal(instant("Europe/Madrid", 2026, 7, 15, 12, 0), 1784109600);
    assert_int_equal(instant("America/Mexico_City", 2026, 7, 15, 12, 0), 1784138400);
    assert_int_equal(instant("UTC", 1969, 12, 31, 23, 59), -60);
}

/* Spain's clocks skip from two to three on 29 March 2026. */
static void test_zone_instant_in_a_skipped_hour_is_later(void **state)
{
    (void)state;
    for (int month = 1; month <= 12; month += 6) {
        instant("Europe/Madrid", 2026, month, 15, 12, 0); /* what was asked before must not matter */
        assert_int_equal(instant("Europe/Madrid", 2026, 3, 29, 1, 59), 1774745940);
        instant("Europe/Madrid", 2026, month, 15, 12, 0);
        assert_int_equal(instant("Europe/Madrid", 2026, 3, 29, 2, 30), 1774747800); /* half past three */
        instant("Europe/Madrid", 2026, month, 15, 12, 0);
        assert_int_equal(instant("Europe/Madrid", 2026, 3, 29, 3, 0), 1774746000);
    }
}

/* They go back from three to two on 25 October 2026. */
static void test_zone_instant_in_a_repeated_hour_is_the_first(void **state)
{
    (void)state;
    for (int month = 1; month <= 12; month += 6) {
        instant("Europe/Madrid", 2026, month, 15, 12, 0);
        assert_int_equal(instant("Europe/Madrid", 2026, 10, 25, 2, 30), 1792888200);
        instant("Europe/Madrid", 2026, month, 15, 12, 0);
        assert_int_equal(instant("Europe/Madrid", 2026, 10, 25, 1, 59), 1792886340);
        instant("Europe/Madrid", 2026, month, 15, 12, 0);
        assert_int_equal(instant("Europe/Madrid", 2026, 10, 25, 3, 0), 1792893600);
    }
}

/* Venezuela went back half an hour on 9 December 2007 and forward again on 1 May 2016, neither for the
 * summer. */
static void test_zone_instant_where_the_zone_itself_changed(void **state)
{
    (void)state;
    for (int year = 2005; year <= 2020; year += 3) {
        instant("America/Caracas", year, 6, 15, 12, 0);
        assert_int_equal(instant("America/Caracas", 2007, 12, 9, 2, 45), 1197182700);
        instant("America/Caracas", year, 6, 15, 12, 0);
        assert_int_equal(instant("America/Caracas", 2016, 5, 1, 2, 45), 1462086900); /* quarter past three */
    }
}

/* Lebanon's clocks skip the first hour of 29 March 2026: the day begins at one. */
static void test_zone_instant_where_midnight_is_skipped(void **state)
{
    (void)state;
    for (int month = 1; month <= 12; month += 6) {
        instant("Asia/Beirut", 2026, month, 15, 12, 0);
        assert_int_equal(instant("Asia/Beirut", 2026, 3, 29, 0, 0), 1774735200);
    }
}

/* Greenland's skip the last hour of 27 March 2027; the day is a day nevertheless. */
static void test_zone_instant_where_a_day_s_end_is_skipped(void **state)
{
    (void)state;
    assert_int_equal(instant("America/Nuuk", 2027, 3, 27, 23, 31), 1806197460);
}

static void test_zone_instant_refuses_days_that_are_none(void **state)
{
    (void)state;
    assert_false(is_day("UTC", 2026, 2, 29));
    assert_true(is_day("UTC", 2028, 2, 29));
    assert_false(is_day("UTC", 2100, 2, 29));
    assert_false(is_day("UTC", 2026, 4, 31));
    assert_false(is_day("UTC", 2026, 13, 1));
    assert_false(is_day("UTC", 2026, 0, 1));
    assert_false(is_day("UTC", 2026, 1, 0));
    assert_false(is_day("Pacific/Apia", 2011, 12, 30)); /* Samoa went over the date line */
}

static void test_zone_instant_takes_leap_seconds(void **state)
{
    (void)state;
    const struct zone_moment leap = {2016, 12, 31, 23, 59, 60};
    int64_t seconds;
    assert_true(zone_instant("UTC", &leap, &seconds));
    assert_int_equal(seconds, 1483228800);
}

static void test_zone_instant_leaves_the_process_in_its_zone(void **state)
{
    (void)state;
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    instant("Europe/Madrid", 2026, 1, 15, 12, 0);
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    assert_string_equal(tzname[0], "JST");
    unsetenv("TZ");
    tzset();
    instant("Europe/Madrid", 2026, 1, 15, 12, 0);
    assert_null(getenv("TZ"));
}

static void test_zone_moment_at_is_what_clocks_show(void **state)
{
    (void)state;
    struct zone_moment moment;
    zone_moment_at("Europe/Madrid", 1774745999, &moment); /* the last second of winter */
    assert_int_equal(moment.hour, 1);
    assert_int_equal(moment.second, 59);
    zone_moment_at("Europe/Madrid", 1774746000, &moment);
    assert_int_equal(moment.hour, 3);
    assert_int_equal(moment.day, 29);
    zone_moment_at("UTC", -1, &moment);
    assert_int_equal(moment.year * 10000 + moment.month * 100 + moment.day, 19691231);
}

/* All hours of the day in turn, for two years, in zones with odd clocks: there and back again; an hour
 * that comes twice leads to the first. */
static void test_zone_moment_at_is_the_way_back(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Europe/Madrid", "Asia/Kathmandu", "Australia/Lord_Howe"};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        for (int64_t seconds = 1767225600; seconds < 1767225600 + 17520 * 3600; seconds += 86400 - 3600) {
            struct zone_moment moment;
            int64_t back;
            zone_moment_at(zones[i], seconds, &moment);
            assert_true(zone_instant(zones[i], &moment, &back));
            assert_true(back == seconds || back == seconds - 3600 || back == seconds - 1800);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone_is_known_by_the_system_s_names),
        cmocka_unit_test(test_zone_names_lead_nowhere_else),
        cmocka_unit_test(test_zone_instant_in_summer_and_winter),
        cmocka_unit_test(test_zone_instant_in_a_skipped_hour_is_later),
        cmocka_unit_test(test_zone_instant_in_a_repeated_hour_is_the_first),
        cmocka_unit_test(test_zone_instant_where_the_zone_itself_changed),
        cmocka_unit_test(test_zone_instant_where_midnight_is_skipped),
        cmocka_unit_test(test_zone_instant_where_a_day_s_end_is_skipped),
        cmocka_unit_test(test_zone_instant_refuses_days_that_are_none),
        cmocka_unit_test(test_zone_instant_takes_leap_seconds),
        cmocka_unit_test(test_zone_instant_leaves_the_process_in_its_zone),
        cmocka_unit_test(test_zone_moment_at_is_what_clocks_show),
        cmocka_unit_test(test_zone_moment_at_is_the_way_back),
    };
    return cmocka_run_group_tests_name("base/zone", tests, NULL, NULL);
}

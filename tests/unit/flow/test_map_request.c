/* flow/map_request: windows of days as dates, as seconds, and left out. */
#include "asked.h"

#include "flow/map_request.h"

/* 2026-11-22, half an hour before midnight in UTC: the next day has begun in Madrid. */
static const int64_t now_ms = INT64_C(1795390200000);

static bool read_window(const char *zone, const char *json, struct map_window *out, struct error *error)
{
    struct asked asked;
    static struct day_calendar calendar;
    day_calendar_create(&calendar, text_from(zone));
    asked_begin(&asked, METHOD_JOURNEY_MAP, json);
    bool read = map_request_read(&asked.arguments, &calendar, now_ms, out, error);
    asked_end(&asked);
    return read;
}

static void assert_window(const char *zone, const char *json, uint32_t from, uint32_t to)
{
    struct map_window window;
    struct error error = {ERROR_NONE, ""};
    if (!read_window(zone, json, &window, &error))
        fail_msg("%s: %s", json, error.message);
    assert_int_equal(window.from, from);
    assert_int_equal(window.to, to);
}

static void test_map_request_takes_dates_as_they_are(void **state)
{
    (void)state;
    assert_window("UTC", "{'from': '2026-11-01', 'to': '2026-11-22'}", 20261101, 20261122);
    assert_window("Asia/Tokyo", "{'from': '2026-11-01', 'to': '2026-11-01'}", 20261101, 20261101);
}

static void test_map_request_places_seconds_in_the_days_of_the_zone(void **state)
{
    (void)state;
    assert_window("UTC", "{'from': 1793487600, 'to': 1793491199}", 20261031, 20261031);
    assert_window("Europe/Madrid", "{'from': 1793487600, 'to': 1793491199.5}", 20261101, 20261101);
}

static void test_map_request_shows_a_year_unless_told_otherwise(void **state)
{
    (void)state;
    assert_window("UTC", NULL, 20251123, 20261122);
    assert_window("Europe/Madrid", "{}", 20251124, 20261123);
    assert_window("UTC", "{'to': '2024-12-31'}", 20240102, 20241231);
    assert_window("UTC", "{'to': '2025-01-01'}", 20240103, 20250101);
    assert_window("UTC", "{'from': '2026-11-20'}", 20261120, 20261122);
    assert_window("UTC", "{'to': '1970-01-01'}", 19690102, 19700101);
}

static void test_map_request_refuses_days_that_are_none(void **state)
{
    (void)state;
    struct map_window window;
    struct error error;
    assert_false(read_window("UTC", "{'from': '2026-02-29'}", &window, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, "from: there is no day 2026-02-29");
    assert_false(read_window("UTC", "{'to': '2026-13-01'}", &window, &error));
    assert_string_equal(error.message, "to: there is no day 2026-13-01");
}

static void test_map_request_survives_the_ends_of_time(void **state)
{
    (void)state;
    assert_window("UTC", "{'from': 0, 'to': '9999-12-31'}", 19700101, 99991231);
    assert_window("UTC", "{'from': '0001-01-01', 'to': '0001-01-01'}", 10101, 10101);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map_request_takes_dates_as_they_are),
        cmocka_unit_test(test_map_request_places_seconds_in_the_days_of_the_zone),
        cmocka_unit_test(test_map_request_shows_a_year_unless_told_otherwise),
        cmocka_unit_test(test_map_request_refuses_days_that_are_none),
        cmocka_unit_test(test_map_request_survives_the_ends_of_time),
    };
    return cmocka_run_group_tests_name("flow/map_request", tests, NULL, NULL);
}

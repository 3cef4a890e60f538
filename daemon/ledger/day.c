/* Asking the zone database once a day. */
#include "ledger/day.h"

#include <errno.h>
#include <string.h>

#include "base/zone.h"

enum { SECOND = 1000, DAY_MS = 24 * 60 * 60 * SECOND, FEBRUARY = 2, MONTHS = 12 };

/* The first moment of the year 1 and the last of 9999, a day within, so that every zone shows such a year. */
static const int64_t earliest_ms = INT64_C(-62135510400000), latest_ms = INT64_C(253402214399999);

static int64_t divide_down(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

static bool is_leap(uint32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint32_t days_in_month(uint32_t year, uint32_t month)
{
    static const uint8_t days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == FEBRUARY && is_leap(year));
}

static uint32_t year_of(uint32_t day)
{
    return day / 10000;
}

static uint32_t month_of(uint32_t day)
{
    return day / 100 % 100;
}

bool day_exists(uint32_t day)
{
    uint32_t year = year_of(day), month = month_of(day);
    return year >= 1 && year <= 9999 && month >= 1 && month <= MONTHS && day % 100 >= 1 &&
           day % 100 <= days_in_month(year, month);
}

/* Days since the first of January of the year 1. */
static int32_t day_number(uint32_t day)
{
    uint32_t year = year_of(day), before = year - 1;
    uint32_t number = before * 365 + before / 4 - before / 100 + before / 400;
    for (uint32_t month = 1; month < month_of(day); month++)
        number += days_in_month(year, month);
    return (int32_t)(number + day % 100 - 1);
}

int32_t day_distance(uint32_t from, uint32_t to)
{
    return day_number(to) - day_number(from);
}

static uint32_t day_behind(uint32_t day)
{
    if (day % 100 < days_in_month(year_of(day), month_of(day)))
        return day + 1;
    uint32_t next = month_of(day) < MONTHS ? day / 100 + 1 : (year_of(day) + 1) * 100 + 1;
    return next * 100 + 1;
}

static bool begins(const char *zone, uint32_t day, int64_t *at_ms)
{
    const struct zone_moment midnight = {
        .year = (int)year_of(day), .month = (int)month_of(day), .day = (int)(day % 100)};
    int64_t seconds;
    bool there = zone_instant(zone, &midnight, &seconds);
    *at_ms = seconds * SECOND;
    return there;
}

/* As `begins`, and true where that cannot be told: nothing comes of looking further. */
static bool begins_or_fails(const char *zone, uint32_t day, int64_t *at_ms, bool *failed)
{
    bool there = begins(zone, day, at_ms);
    *failed |= !there && errno == ENOMEM;
    return there || *failed;
}

static uint32_t name_at(const char *zone, int64_t at_ms, bool *failed)
{
    struct zone_moment moment;
    *failed |= !zone_moment_at(zone, divide_down(at_ms, SECOND), &moment);
    return (uint32_t)(moment.year * 10000 + moment.month * 100 + moment.day);
}

/* A zone that went over the date line has no such day: the one behind that begins there. */
static struct day look_up(const char *zone, int64_t at_ms, bool *failed)
{
    struct day day = {.name = name_at(zone, at_ms, failed)};
    uint32_t next = day_behind(day.name);
    begins_or_fails(zone, day.name, &day.from_ms, failed);
    while (!begins_or_fails(zone, next, &day.to_ms, failed))
        next = day_behind(next);
    return day;
}

void day_calendar_create(struct day_calendar *calendar, struct text zone)
{
    memset(calendar, 0, sizeof *calendar);
    if (zone.length <= DAY_ZONE_MOST && zone.length > 0)
        memcpy(calendar->zone, zone.bytes, zone.length);
    if (!zone_is_known(calendar->zone))
        memcpy(calendar->zone, "UTC", sizeof "UTC");
    bool failed = false; /* any moment will do, if not as well */
    calendar->anchor_ms = look_up(calendar->zone, 0, &failed).from_ms;
}

uint32_t day_of(struct day_calendar *calendar, int64_t at_ms)
{
    at_ms = at_ms < earliest_ms ? earliest_ms : at_ms > latest_ms ? latest_ms : at_ms;
    uint64_t number = (uint64_t)divide_down(at_ms - calendar->anchor_ms, DAY_MS);
    struct day *day = &calendar->day[number % DAY_REMEMBERED];
    if (at_ms >= day->from_ms && at_ms < day->to_ms)
        return day->name;
    bool failed = false;
    struct day found = look_up(calendar->zone, at_ms, &failed);
    calendar->failed |= failed;
    if (!failed)
        *day = found;
    return found.name;
}

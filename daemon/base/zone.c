/* The system's clocks, with the zone that is asked for. */
#include "base/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60 };

static const char directory[] = "/usr/share/zoneinfo/";

bool zone_is_known(const char *zone)
{
    char path[160];
    if (strcmp(zone, "UTC") == 0)
        return true;
    if (*zone == '\0' || *zone == '/' || *zone == '.' || strstr(zone, "..") != NULL)
        return false;
    for (const char *c = zone; *c != '\0'; c++)
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/", *c) == NULL)
            return false;
    if (strlen(zone) + sizeof directory > sizeof path)
        return false;
    snprintf(path, sizeof path, "%s%s", directory, zone);
    return access(path, R_OK) == 0 && zone[strlen(zone) - 1] != '/';
}

/*
 * The C library takes UTC where it has no memory to read a zone, and says nothing but what malloc left in
 * errno. It reads the zone again once another one was in use.
 */
static bool use_zone(const char *zone)
{
    if (zone == NULL)
        unsetenv("TZ");
    else if (setenv("TZ", zone, 1) != 0)
        return false;
    errno = 0;
    tzset();
    return errno != ENOMEM;
}

static long offset_at(time_t time)
{
    struct tm parts;
    localtime_r(&time, &parts);
    return parts.tm_gmtoff;
}

/*
 * The moment at which clocks of the zone in use show what UTC's clocks show at `flat`. mktime would leave the
 * choice between two such moments, or none, to what it was asked before.
 */
static time_t find_moment(time_t flat)
{
    long before = offset_at(flat - DAY), after = offset_at(flat + DAY);
    time_t first = flat - (before > after ? before : after),
           second = flat - (before > after ? after : before);
    if (offset_at(first) == flat - first)
        return first;
    if (offset_at(second) == flat - second)
        return second;
    return flat - before; /* skipped: as if the clocks had not been put forward yet */
}

/* False where the calendar has no such day. */
static bool is_day(const struct tm *parts, const struct zone_moment *moment)
{
    return parts->tm_mday == moment->day && parts->tm_mon == moment->month - 1 &&
           parts->tm_year == moment->year - 1900;
}

/* What TZ was before: a copy of it, since setting TZ frees what getenv returned. */
struct zone_before {
    bool set;
    char name[160];
};

static bool enter_zone(const char *zone, struct zone_before *before)
{
    const char *set = getenv("TZ");
    before->set = set != NULL;
    snprintf(before->name, sizeof before->name, "%s", before->set ? set : "");
    return use_zone(zone);
}

static void leave_zone(const struct zone_before *before)
{
    bool left = use_zone(before->set ? before->name : NULL);
    (void)left; /* nobody asks for the time without saying the zone */
}

bool zone_instant(const char *zone, const struct zone_moment *moment, int64_t *seconds)
{
    struct tm parts = {.tm_year = moment->year - 1900,
                       .tm_mon = moment->month - 1,
                       .tm_mday = moment->day,
                       .tm_hour = moment->hour,
                       .tm_min = moment->minute};
    struct zone_before before;
    time_t flat = timegm(&parts);
    bool entered = enter_zone(zone, &before);
    time_t time = find_moment(flat);
    time_t shown = time + offset_at(time);
    leave_zone(&before);
    errno = entered ? 0 : ENOMEM;
    *seconds = (int64_t)time + moment->second; /* behind the search, so that a leap second stays in its day */
    bool missing = shown - flat >= DAY;        /* the zone crossed the date line */
    return entered && is_day(&parts, moment) && !missing;
}

bool zone_moment_at(const char *zone, int64_t seconds, struct zone_moment *moment)
{
    time_t time = (time_t)seconds;
    struct tm parts = {0};
    struct zone_before before;
    bool entered = enter_zone(zone, &before);
    localtime_r(&time, &parts);
    leave_zone(&before);
    *moment = (struct zone_moment){parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                                   parts.tm_hour,        parts.tm_min,     parts.tm_sec};
    return entered;
}

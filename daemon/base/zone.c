/* mktime with the zone that is asked for. */
#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

static void use_zone(const char *zone)
{
    if (zone == NULL)
        unsetenv("TZ");
    else
        setenv("TZ", zone, 1);
    tzset();
}

bool zone_instant(const char *zone, const struct zone_moment *moment, int64_t *seconds)
{
    struct tm parts = {.tm_year = moment->year - 1900,
                       .tm_mon = moment->month - 1,
                       .tm_mday = moment->day,
                       .tm_hour = moment->hour,
                       .tm_min = moment->minute,
                       .tm_sec = moment->second,
                       .tm_isdst = -1};
    char before[160] = "";
    const char *set = getenv("TZ");
    if (set != NULL)
        snprintf(before, sizeof before, "%s", set);
    use_zone(zone);
    time_t time = mktime(&parts);
    use_zone(set == NULL ? NULL : before);
    *seconds = (int64_t)time;
    return parts.tm_mday == moment->day && parts.tm_mon == moment->month - 1 &&
           parts.tm_year == moment->year - 1900;
}

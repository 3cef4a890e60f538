/* Reading and writing moments; see when.h. */
#include "ctl/when.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LAST_SECOND INT64_C(253402300799) /* of the year 9999 */

static bool parse_figures(const char *text, int64_t *seconds)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    *seconds = number;
    return end != text && *end == '\0' && errno == 0 && number >= -LAST_SECOND && number <= LAST_SECOND;
}

static int64_t seconds_of_unit(char unit)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 7 * 86400}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].unit == unit)
            return units[i].seconds;
    return 0;
}

/* "30d", perhaps with " ago" behind. */
static bool parse_span(const char *text, int64_t now, int64_t *seconds)
{
    char *end;
    errno = 0;
    long count = strtol(text, &end, 10);
    int64_t unit = seconds_of_unit(*end);
    if (end == text || unit == 0 || errno != 0 || count < 0 || count > now / unit)
        return false;
    *seconds = now - count * unit;
    return end[1] == '\0' || strcmp(end + 1, " ago") == 0;
}

static bool parse_date(const char *text, int64_t *seconds)
{
    static const char *const formats[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct tm parts = {.tm_isdst = -1};
        const char *end = strptime(text, formats[i], &parts);
        if (end == NULL || (*end != '\0' && strcmp(end, "Z") != 0))
            continue;
        *seconds = *end == 'Z' ? timegm(&parts) : mktime(&parts);
        return true;
    }
    return false;
}

bool when_parse(const char *text, int64_t now, int64_t *seconds)
{
    return parse_figures(text, seconds) || parse_span(text, now, seconds) || parse_date(text, seconds);
}

bool when_is_date(const char *text)
{
    struct tm parts;
    const char *end = strptime(text, "%Y-%m-%d", &parts);
    return end != NULL && *end == '\0' && strlen(text) == strlen("2026-03-01");
}

const char *when_words(double seconds, char out[32])
{
    time_t moment = seconds >= 0 && seconds <= (double)LAST_SECOND ? (time_t)seconds : -1;
    struct tm parts;
    tzset(); /* localtime_r need not look at TZ */
    if (moment < 0 || localtime_r(&moment, &parts) == NULL ||
        strftime(out, 32, "%Y-%m-%d %H:%M", &parts) == 0)
        snprintf(out, 32, "-");
    return out;
}

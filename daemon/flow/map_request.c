/* Reading a window of days; see map_request.h. */
#include "flow/map_request.h"

#include <math.h>
#include <time.h>

#include "wire/value.h"

/* "2026-11-01", whose form has been checked, as 20261101. */
static uint32_t day_of_text(struct text text)
{
    uint32_t day = 0;
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] != '-')
            day = 10 * day + (uint32_t)(text.bytes[i] - '0');
    return day;
}

static bool read_day(const char *name, const msgpack_object *value, struct day_calendar *calendar,
                     uint32_t *day, struct error *error)
{
    struct text text;
    double seconds = 0;
    if (!value_text(value, &text)) {
        value_number(value, &seconds);
        *day = day_of(calendar, llround(seconds * 1e3));
        return true;
    }
    *day = day_of_text(text);
    return day_exists(*day) ||
           error_set(error, ERROR_INVALID, "%s: there is no day %.*s", name, (int)text.length, text.bytes);
}

/* The day with which a window of MAP_REQUEST_DAYS begins that ends with `to`. */
static uint32_t begin_of(uint32_t to)
{
    struct tm day = {.tm_year = (int)(to / 10000) - 1900,
                     .tm_mon = (int)(to / 100 % 100) - 1,
                     .tm_mday = (int)(to % 100) - (MAP_REQUEST_DAYS - 1)};
    if (timegm(&day) == -1 || day.tm_year < 1 - 1900)
        return to;
    return (uint32_t)(day.tm_year + 1900) * 10000 + (uint32_t)(day.tm_mon + 1) * 100 + (uint32_t)day.tm_mday;
}

bool map_request_read(const struct arguments *arguments, struct day_calendar *calendar, int64_t now_ms,
                      struct map_window *out, struct error *error)
{
    const msgpack_object *from = arguments->values[JOURNEY_MAP_from], *to = arguments->values[JOURNEY_MAP_to];
    out->to = day_of(calendar, now_ms);
    if (to != NULL && !read_day("to", to, calendar, &out->to, error))
        return false;
    out->from = begin_of(out->to);
    return from == NULL || read_day("from", from, calendar, &out->from, error);
}

/* The window of days that journey.map was asked for. */
#ifndef SENDA_FLOW_MAP_REQUEST_H
#define SENDA_FLOW_MAP_REQUEST_H

#include <stdint.h>

#include "base/error.h"
#include "ledger/day.h"
#include "wire/method.h"

enum { MAP_REQUEST_DAYS = 365 }; /* that are shown where `from` is left out, the last one included */

/* Days as yyyymmdd, both within. */
struct map_window {
    uint32_t from, to;
};

/*
 * Seconds stand for the day that they fall into, by the calendar's time zone. Left out: `to` is today, `from`
 * MAP_REQUEST_DAYS before its end. ERROR_INVALID for a day that no calendar has; whether one comes before the
 * other is for map_reading_new to say.
 */
MUST_CHECK bool map_request_read(const struct arguments *arguments, struct day_calendar *calendar,
                                 int64_t now_ms, struct map_window *out, struct error *error);

#endif

/* Moments and days as people type them. */
#ifndef SENDA_CTL_WHEN_H
#define SENDA_CTL_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* What when_parse takes, for messages. */
#define WHEN_FORMS "seconds since 1970, 2026-03-01, 2026-03-01T12:30, or 30d ago (also h, m, s)"

/*
 * Seconds since the epoch from figures, from a date or a date with a time (local time; with a Z behind, UTC),
 * or from a span of time before `now`, such as "30d" or "2h ago". False for anything else, and for figures
 * beyond the year 9999.
 */
bool when_parse(const char *text, int64_t now, int64_t *seconds);

/* True for a date alone, "2026-03-01", which means another moment in each time zone. */
bool when_is_date(const char *text);

/* "2026-03-01 12:30" in local time, into `out` (returned); "-" for what no calendar has. */
const char *when_words(double seconds, char out[32]);

#endif

/*
 * On which day a moment falls in a time zone: yyyymmdd, as the funnel counts.
 *
 * The system's zone database is asked once for each day; later moments of that day are found by their place
 * in a small table. Pure but for that database.
 */
#ifndef SENDA_LEDGER_DAY_H
#define SENDA_LEDGER_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Days that are remembered: a year and more, so that whoever brings in last year's events pays once for each
 * day. */
enum { DAY_REMEMBERED = 512, DAY_ZONE_MOST = 64 };

/* One day on the zone's clocks. */
struct day {
    int64_t from_ms, to_ms; /* [from, to) in milliseconds since the epoch; both 0: not yet looked up */
    uint32_t name;          /* yyyymmdd */
};

struct day_calendar {
    char zone[DAY_ZONE_MOST + 1]; /* name in the zone database, NUL-terminated */
    int64_t anchor_ms;            /* the beginning of some day: places in the table count from it */
    bool failed; /* there was no memory to look a day up: what day_of said does not count; the owner clears it
                  */
    struct day day[DAY_REMEMBERED]; /* each day in its place, the one asked for last where several share it */
};

/* A zone that the system does not know, or none at all, is UTC. */
void day_calendar_create(struct day_calendar *calendar, struct text zone);

/* Moments before the year 1 or behind 9999 count as the first or the last of them. */
uint32_t day_of(struct day_calendar *calendar, int64_t at_ms);

/* False for what no calendar has, such as 20260230. */
bool day_exists(uint32_t day);

/* How many days from the one to the other, in the calendar; negative where `to` comes first. Both exist. */
int32_t day_distance(uint32_t from, uint32_t to);

#endif

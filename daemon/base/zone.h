/* Moments in time zones, by the system's zone database. */
#ifndef SENDA_BASE_ZONE_H
#define SENDA_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

/* False where the system has no zone of that name ("Europe/Madrid"); "UTC" is always known. */
bool zone_is_known(const char *zone);

struct zone_moment {
    int year, month, day;     /* month and day from 1 */
    int hour, minute, second; /* 0 … 23, 0 … 59, 0 … 60 */
};

/*
 * Seconds since the epoch of a moment on the zone's clocks; false where there is no such day. A time that
 * clocks skip is taken an hour later, one that comes twice is the first. Changes TZ for the time of the call.
 * False with errno ENOMEM, which is 0 otherwise: there was no memory to read the zone.
 */
bool zone_instant(const char *zone, const struct zone_moment *moment, int64_t *seconds);

/*
 * What the zone's clocks show at that second since the epoch. Changes TZ for the time of the call. False:
 * there was no memory to read the zone.
 */
bool zone_moment_at(const char *zone, int64_t seconds, struct zone_moment *moment);

#endif

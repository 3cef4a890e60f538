/* A moment as people write it on a command line. */
#ifndef SENDA_CTL_WHEN_H
#define SENDA_CTL_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#define WHEN_HELP                                                                                            \
    "2h (ago; s, m, h, d or w), 2026-03-01, 2026-03-01T12:30 (local time; with a Z behind, UTC) or seconds " \
    "since 1970"

/* Microseconds since the epoch of what WHEN_HELP tells, as seen from `now_us`; false for anything else. */
bool when_parse(const char *text, int64_t now_us, int64_t *us);

#endif

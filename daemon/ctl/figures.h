/* Numbers as people read them: thousands apart, times in the unit that fits, one thing and several. */
#ifndef SENDA_CTL_FIGURES_H
#define SENDA_CTL_FIGURES_H

#include <stdint.h>

struct figures {
    char text[48]; /* NUL-terminated */
};

/* "12,330". */
struct figures figures_count(uint64_t count);

/* "1 page", "12,330 pages": the plural is the name with an s. `name` is cut where it would not fit. */
struct figures figures_of(uint64_t count, const char *name);

/* Nanoseconds as "78 µs", "1.2 ms" or "2.41 s". */
struct figures figures_time(uint64_t ns);

/* Seconds that somebody spent, as "45 s", "12 min" or "1 h 5 min". */
struct figures figures_stay(double seconds);

#endif

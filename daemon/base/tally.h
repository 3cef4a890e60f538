/* What happens often and is told to the log now and then: one line for many, with their number, since whoever
 * makes it happen could fill the disk otherwise. */
#ifndef SENDA_BASE_TALLY_H
#define SENDA_BASE_TALLY_H

#include <stdint.h>

enum { TALLY_PAUSE_MS = 10000 }; /* between two lines */

/* Zeroed: nothing happened yet. */
struct tally {
    uint64_t told_ms; /* coarse monotonic; when the log was last told; 0: never */
    uint64_t untold;  /* how often it happened since */
};

/* It happened once more, now. Returns how often since the log was last told, which it is to be now; 0: it was
 * told a moment ago. */
uint64_t tally_add(struct tally *tally, uint64_t now_ms);

#endif

/*
 * How many keys a walk that goes round looks at, so that it has been everywhere once a day.
 *
 * What it looks at for other reasons counts, so there is mostly nothing to add. But batches that are large
 * and many have few quiet moments between them, and what a walk goes through may be of any size: then as much
 * as a day's share of it is due, for the time since the last time.
 */
#ifndef SENDA_LEDGER_SWEEP_PACE_H
#define SENDA_LEDGER_SWEEP_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SWEEP_PACE_ROUND_MS = 24 * 60 * 60 * 1000, /* in which all is walked through */
    SWEEP_PACE_MOST = 4096,                    /* keys with one batch, however much is due */
};

/* One walk's. Zero: it has not begun. */
struct sweep_pace {
    uint64_t size;   /* keys of the last whole round; 0: there was none */
    uint64_t passed; /* keys of this round so far */
    uint64_t owed;   /* keys to be looked at, times SWEEP_PACE_ROUND_MS */
    int64_t at_ms;   /* up to when that is counted; 0: never was */
};

/* Keys to be looked at now. */
uint32_t sweep_pace_due(const struct sweep_pace *pace, int64_t now_ms);

/* So many were; `round`: the last of all was among them. */
void sweep_pace_walked(struct sweep_pace *pace, int64_t now_ms, size_t seen, bool round);

#endif

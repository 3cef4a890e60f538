/*
 * When customers were erased last, for decisions that were under way meanwhile.
 *
 * Whoever began to decide before an erasure may have read the customer, and hands over what they were when
 * all else has forgotten them. Neither the store nor the log can tell such a decision from a later one; the
 * time of the erasure can. It lies in shared memory, because decisions there outlive the ledger.
 *
 * No ids are kept: times stand at places picked by a hash. Where two customers share one, a decision about
 * the other one that was under way is taken for one of the erased: in doubt less is kept.
 *
 * Clocks are set back, too. A time that lies in the future then would take every decision for one of the
 * erased until it comes: it is brought down to now. A decision that lies in the future itself began before
 * the clock was set, and perhaps before the erasure. By how much a clock was ahead nobody knows; but where it
 * was by less than a decision may be under way, that could not be told from one that began later, so such
 * times stay.
 */
#ifndef SENDA_LEDGER_FORGOTTEN_H
#define SENDA_LEDGER_FORGOTTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { FORGOTTEN_PLACES = 1 << 18 };

/* All zeros: nobody was erased yet. Written and read by the ledger alone. */
struct forgotten {
    int64_t latest_us;                  /* the latest of all, microseconds since the epoch */
    int64_t times_us[FORGOTTEN_PLACES]; /* the latest of those who share the place */
};

/* The id is in the store no more, as of now. */
void forgotten_note(struct forgotten *forgotten, struct text id, int64_t now_us);

/* To be called now and then: brings times down that lie too far ahead of now. `way_us`: so long a decision
 * may be under way. */
void forgotten_settle(struct forgotten *forgotten, int64_t now_us, int64_t way_us);

/* Whether a decision that began at `clock_us` may be about somebody erased since, whoever that is. */
bool forgotten_has_any(const struct forgotten *forgotten, int64_t clock_us, int64_t now_us);

/* Whether a decision about that customer, begun at `clock_us`, may know what was erased since. */
bool forgotten_has(const struct forgotten *forgotten, struct text id, int64_t clock_us, int64_t now_us);

#endif

/*
 * What a decision promises: a part of contact limits and of stocks. Whoever gives the decision away has to
 * claim it first (base/claims.h), because others may promise the same at the same moment.
 */
#ifndef SENDA_DECIDE_PROMISES_H
#define SENDA_DECIDE_PROMISES_H

#include "decide/decider.h"

struct promise {
    uint64_t hash;  /* where it is claimed: of customer and limit, or of the offer and its stock */
    uint64_t room;  /* so many claims may be open there at once, this one among them */
    uint32_t item;  /* whose: place in the decision */
    uint32_t limit; /* number of the limit that it is a part of; SNAPSHOT_NONE: it is a unit of stock */
};

/*
 * Those of the last decision, item by item; in the decider's arena, until the next one. A limit that several
 * items share is there once for each. ERROR_INTERNAL: out of memory.
 */
MUST_CHECK bool promises_list(struct decider *decider, const struct decision *decision,
                              const struct promise **promises, uint32_t *count, struct error *error);

/* Whether an impression that is on its way counts for some limit of the offer. */
bool promises_reserve(const struct snapshot *snapshot, uint32_t offer);

#endif

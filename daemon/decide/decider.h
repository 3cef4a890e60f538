/*
 * Deciding: a pure function of (snapshot, situation, what the strategies' functions return).
 *
 * A decider owns the memory that decisions work in, so that taking one allocates nothing; it belongs to one
 * snapshot and one process.
 */
#ifndef SENDA_DECIDE_DECIDER_H
#define SENDA_DECIDE_DECIDER_H

#include "base/arena.h"
#include "decide/candidates.h"
#include "decide/decision.h"
#include "decide/hooks.h"
#include "decide/live.h"
#include "decide/situation.h"

struct decider {
    const struct snapshot *snapshot; /* borrowed */
    struct hooks hooks;              /* strategies' functions */
    struct candidates candidates;
    struct bounds bounds; /* of the last decision */
    struct live live;
    struct arena arena;             /* texts and traces of the last decision */
    bool starved;                   /* memory was out for some text of it */
    struct decision_trace **traces; /* by offer number, while a decision is explained; else NULL */
};

MUST_CHECK bool decider_create(struct decider *decider, const struct snapshot *snapshot, struct hooks hooks,
                               struct error *error);
void decider_destroy(struct decider *decider);

/* Always decides; what `out` borrows lives until the next call. */
void decider_decide(struct decider *decider, const struct situation *situation, struct decision *out);

/* From when until when the offers that run are those of the decision taken last, in seconds since the epoch,
 * [from, until); an empty span where none was asked about, or where memory was out. */
void decider_running(const struct decider *decider, const struct situation *situation, double *from,
                     double *until);

#endif

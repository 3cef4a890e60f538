/* A decision as the ledger and the log get it. */
#ifndef SENDA_FLOW_DECISION_RECORD_H
#define SENDA_FLOW_DECISION_RECORD_H

#include "decide/decision.h"
#include "decide/situation.h"
#include "flow/promise.h"
#include "model/record.h"

/* Room for what a record points to; everything else is borrowed from situation, decision and snapshot. */
struct decision_record {
    struct record record;
    struct record_item items[RECORD_ITEMS_MOST];
    struct record_candidate candidates[RECORD_CANDIDATES_MOST];
};

/*
 * `claims` NULL: none. `request` is the arguments as they came, `state` the customer's record as it was
 * stored; no bytes: not known. Of a restricted customer neither is kept.
 */
void decision_record_fill(struct decision_record *out, const struct snapshot *snapshot,
                          const struct situation *situation, const struct decision *decision,
                          const struct promise_claims *claims, struct text request, struct text state);

#endif

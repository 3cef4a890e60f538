/*
 * Keeping what a decision promises exact, also when several workers decide for the same customer at the same
 * moment.
 *
 * A decision is taken from what the store says. Before it is given away, its promises are claimed
 * (base/claims.h): the counters are looked at, then the store once more; if it still says the same of the
 * customer and of the stock of what was chosen, and the counters leave room, the claims are made. Whoever
 * loses decides anew, without the offers that were lost.
 */
#ifndef SENDA_FLOW_PROMISE_H
#define SENDA_FLOW_PROMISE_H

#include "flow/engine.h"
#include "flow/recall.h"
#include "model/record.h"

struct promise_claims {
    uint32_t places[RECORD_CLAIMS_MOST]; /* claimed; one may be there several times */
    uint32_t count;
};

enum promise_outcome {
    PROMISE_MADE,    /* the decision may be given away; or, looking only, might be */
    PROMISE_LOST,    /* others took what the offers noted in `held` need: decide without them */
    PROMISE_CHANGED, /* the store says something else by now: look the customer up and decide again */
};

/* Offers that a decision has to do without. */
struct promise_held {
    struct situation_held offers[DECISION_ITEMS_MAX + RECORD_CLAIMS_MOST];
    uint32_t count;
};

/*
 * `snapshot` is the decision's. Claims all of the promises, or none; where `claims` is NULL none, but the
 * outcome is the same: for a decision that only looks. No decision promises more than RECORD_CLAIMS_MOST
 * (decide/bounds.h); of more nothing is claimed.
 */
enum promise_outcome promise_claim(struct recall *recall, const struct snapshot *snapshot,
                                   const struct decision *decision, const struct promise *promises,
                                   uint32_t count, struct promise_claims *claims, struct promise_held *held);

/* Takes the claims back: the decision is not given away. */
void promise_withdraw(struct recall *recall, struct promise_claims *claims);

#endif

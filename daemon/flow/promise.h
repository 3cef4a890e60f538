/*
 * Keeping what a decision promises exact, also when several workers decide for the same customer at the same
 * moment.
 *
 * A decision is taken from what the store says. Before it is given away, its promises are claimed
 * (base/claims.h): the counters are looked at, then the store once more; if it still says the same of the
 * customer, and the counters leave room in what it says of limits and stock, the claims are made. Whoever
 * loses decides anew, and asks the counters of whatever might be chosen then: a decision that loses nothing
 * pays for what it chose alone.
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
    PROMISE_LOST,    /* others claim what it needs: decide again, with an eye on that */
    PROMISE_CHANGED, /* the store says something else by now: look the customer up and decide again */
};

/*
 * `snapshot` is the decision's. Claims all of the promises, or none; where `claims` is NULL none, but the
 * outcome is the same: for a decision that only looks. No decision promises more than RECORD_CLAIMS_MOST
 * (decide/bounds.h); of more nothing is claimed.
 */
enum promise_outcome promise_claim(struct recall *recall, const struct snapshot *snapshot,
                                   const struct decision *decision, const struct promise *promises,
                                   uint32_t count, struct promise_claims *claims);

/* How many such promises are claimed at this moment, see struct situation_claims; UINT32_MAX: no more can be.
 */
uint32_t promise_open(const struct recall *recall, uint64_t hash);

/* Takes the claims back: the decision is not given away. */
void promise_withdraw(struct recall *recall, struct promise_claims *claims);

#endif

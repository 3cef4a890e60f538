/*
 * What bounds an offer besides what it is: contact limits, stock, and what other requests claim of both at
 * this moment. Within one decision, too: offers under one policy use up together what it leaves, and all of
 * them what one decision may promise.
 */
#ifndef SENDA_DECIDE_BOUNDS_H
#define SENDA_DECIDE_BOUNDS_H

#include "decide/limits.h"
#include "decide/situation.h"

struct bounds {
    const struct snapshot *snapshot; /* borrowed */
    struct limits limits;
    struct situation_stock stock;   /* of the situation */
    struct text customer;           /* the canonical id where it is known, else the one given */
    struct situation_claims claims; /* of the situation */
    const uint32_t *held;           /* likewise */
    uint32_t held_count;
    uint32_t slots;         /* to be filled */
    uint32_t tight;         /* offers admitted under a policy that leaves less than there are slots */
    uint32_t promises_most; /* that choosing one offer makes, of the whole site */
    uint32_t promises_each; /* the same of those admitted; both only known where it may matter */
    uint32_t promising;     /* so many of those admitted make promises */
    uint32_t promised;      /* promises of what was chosen */
    bool limits_hold;       /* there is a customer for them to be about */
    bool unknown;           /* but what is remembered of that customer cannot be read */
};

MUST_CHECK bool bounds_create(struct bounds *bounds, const struct snapshot *snapshot, struct error *error);
void bounds_destroy(struct bounds *bounds);

/* For the next decision; what the situation borrows is looked at until the one after it. */
void bounds_begin(struct bounds *bounds, const struct situation *situation);

/* LIMIT, STOCK or RESTED, the first of them that stops the offer; CHOSEN: none does. */
enum decision_gate bounds_gate(struct bounds *bounds, uint32_t offer);

/* The same; if none stops it, that is noted. */
enum decision_gate bounds_admit(struct bounds *bounds, uint32_t offer);

/* Notes that an offer was chosen. */
void bounds_take(struct bounds *bounds, uint32_t offer);

/* Offers admitted that may turn out not to fit beside others; 0: all fit, whichever are chosen. */
uint32_t bounds_tight(const struct bounds *bounds);

/* Whether what was chosen before leaves room for it, too; of what no gate stops. */
bool bounds_fits(struct bounds *bounds, uint32_t offer);

/* Whether it does not fit because the decision would promise more than can be claimed at once. */
bool bounds_overpromises(const struct bounds *bounds, uint32_t offer);

/* Units left of a stocked offer, whatever others claim; false where that cannot be told. */
bool bounds_stock_left(const struct bounds *bounds, uint32_t offer, uint64_t *left);

/* What promises are claimed by: a part of the customer's limit, a unit of the offer's stock. */
uint64_t bounds_limit_hash(struct text customer, const struct limit *limit);
uint64_t bounds_stock_hash(struct text offer);

#endif

/* What is remembered of a customer, made by hand: touches in any order, open reservations. */
#ifndef SENDA_TESTS_DECIDE_HISTORY_BUILDER_H
#define SENDA_TESTS_DECIDE_HISTORY_BUILDER_H

#include "catalogue/snapshot.h"
#include "model/customer.h"

enum { HISTORY_MOST = 400 }; /* of offers, touches and reservations each */

struct history {
    struct customer customer; /* its arrays are those below */
    struct customer_offer offers[HISTORY_MOST];
    customer_moment touches[HISTORY_MOST];
    struct customer_reservation reservations[HISTORY_MOST];
};

/* Nothing has happened yet. The history must not move in memory. */
void history_create(struct history *history);

void history_touch(struct history *history, const struct offer *offer, enum touch_kind kind, int64_t at_ms);
void history_reserve(struct history *history, const struct offer *offer, int64_t at_ms);

#endif

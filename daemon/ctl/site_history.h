/* The customer that a marketer's test gives: what they did and saw, and how long ago. */
#ifndef SENDA_CTL_SITE_HISTORY_H
#define SENDA_CTL_SITE_HISTORY_H

#include "catalogue/snapshot.h"
#include "model/customer.h"

struct site_history {
    struct arena arena; /* of the customer */
    struct customer
        customer;    /* as the store would remember them; one whom the test names by no id has some */
    bool remembered; /* false: the test gives no history */
};

/* As it is at `now_ms`. Texts are borrowed from the test and the snapshot. Fails where memory is out. */
MUST_CHECK bool site_history_create(struct site_history *history, const struct snapshot *snapshot,
                                    const struct site_test *test, int64_t now_ms, struct error *error);
void site_history_destroy(struct site_history *history);

/* NULL where nothing is remembered. */
static inline const struct customer *site_history_customer(const struct site_history *history)
{
    return history->remembered ? &history->customer : NULL;
}

#endif

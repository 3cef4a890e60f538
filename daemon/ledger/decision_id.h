/* What a decision's id says: when it was taken, and the seed of its chance. */
#ifndef SENDA_LEDGER_DECISION_ID_H
#define SENDA_LEDGER_DECISION_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct decision_moment {
    int64_t clock_us; /* when it was taken, microseconds since the epoch */
    uint64_t seed;    /* of its chance; both together are unique */
};

/* False for what is no decision's id of this daemon. */
bool decision_id_read(struct text id, struct decision_moment *moment);

/* What customers' reservations remember of a decision. */
uint64_t decision_id_hash(const struct decision_moment *moment);

#endif

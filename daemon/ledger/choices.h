/* What decision records do to the customer, to stock and to the funnel. */
#ifndef SENDA_LEDGER_CHOICES_H
#define SENDA_LEDGER_CHOICES_H

#include "ledger/work.h"

/* One record on its way. */
struct choice {
    struct record record;      /* shallow: what it points to is the caller's */
    struct document *customer; /* NULL: anonymous */
};

/* Has read what choices_apply needs. */
void choices_collect(struct work *work, struct choice *choice);
void choices_apply(struct work *work, const struct choice *choice);

#endif

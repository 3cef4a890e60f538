/* Two ids are one person from now on (identify): histories, journeys, idempotency keys and timers join. */
#ifndef SENDA_LEDGER_JOIN_H
#define SENDA_LEDGER_JOIN_H

#include "ledger/work.h"

/* Both documents of the step must have been decoded. Has read what join_apply needs. */
void join_collect(struct work *work, struct step *step);

/* What was the anonymous id's belongs to the customer, and the id is an alias. Once is enough: later the same
 * does nothing. */
void join_apply(struct work *work, struct step *step);

#endif

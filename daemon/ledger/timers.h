/*
 * Silence timers: one for each journey on which a customer can fall silent.
 *
 * A timer stands under 't' where it is due, and its moment beside the customer, where it is found. It is not
 * moved with each event: when it is due, and somebody was heard of meanwhile, it moves on. Only where a new
 * stage is left sooner it is brought forward.
 */
#ifndef SENDA_LEDGER_TIMERS_H
#define SENDA_LEDGER_TIMERS_H

#include "ledger/work.h"

/* Has the timers read of all customers who moved. */
void timers_collect(struct work *work);

/* Sets, moves and removes the timers of those. */
void timers_settle(struct work *work);

/* Removes the timer whose moment that entry beside a customer is, and the entry. */
void timers_remove(struct work *work, struct entry *moment);

#endif

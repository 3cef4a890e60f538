/* What events do: counted once, and then to history, stages, stock and the funnel. */
#ifndef SENDA_LEDGER_TRACK_H
#define SENDA_LEDGER_TRACK_H

#include "ledger/work.h"

/* Looks at the event's decision, before anything else is read; false: the step failed. */
bool track_begin(struct work *work, struct step *step);

/* The step's customer must have been decoded; it may be NULL. Has read what track_apply needs. */
void track_collect(struct work *work, struct step *step);
void track_apply(struct work *work, struct step *step);

#endif

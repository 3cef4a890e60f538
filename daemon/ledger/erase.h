/*
 * Erasure (profile.erase): nothing that was ever said under an id, or one that leads to it, stays.
 *
 * Looked up are the customer's own keys, those of their aliases, the decisions of the last while with what
 * they promised, and timers. What stays are sums that name nobody.
 */
#ifndef SENDA_LEDGER_ERASE_H
#define SENDA_LEDGER_ERASE_H

#include "ledger/work.h"

/* The step's customer must have been decoded. Has read what erase_apply needs. */
void erase_collect(struct work *work, struct step *step);

/* The outcome's payload is the receipt, a MessagePack map. Erasing nobody is an empty receipt. */
void erase_apply(struct work *work, struct step *step);

/* Nothing of an erased id is left anywhere: takes the note away that it was to be forgotten. */
void erase_forget(struct work *work, struct text id);

#endif

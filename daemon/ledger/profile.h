/* What is said of customers: traits, consents, persona, locale, stage (profile.set), and profile.restrict. */
#ifndef SENDA_LEDGER_PROFILE_H
#define SENDA_LEDGER_PROFILE_H

#include "ledger/work.h"

/* All of it or nothing. */
void profile_set(struct work *work, struct step *step);

/*
 * Restricting holds for people never seen, too: a record is made that says just this. Lifting it for somebody
 * never seen is ERROR_NOT_FOUND.
 */
void profile_restrict(struct work *work, struct step *step);

#endif

/*
 * Brings a store that an earlier senda wrote into the form that this one works with, before anything else is
 * written into it.
 *
 * Format 1 had the ids of events in pieces beside their customer's record; format 2 has but one piece there,
 * see known_piece.h. Pieces are moved, a bounded number with each commit, and the format is raised by the
 * last one: whoever is interrupted begins once more and finds what is left.
 */
#ifndef SENDA_LEDGER_UPGRADE_H
#define SENDA_LEDGER_UPGRADE_H

#include "store/store.h"

/* Needs a store that answers before its functions return. `*moved`: pieces; 0 also where there was nothing to
 * do.
 */
MUST_CHECK bool upgrade_store(struct store *store, uint64_t *moved, struct error *error);

#endif

/*
 * The ids of a customer's events that are known already, so that none counts twice.
 *
 * They lie beside the customer's record in pieces, as hashes in the order in which they came: an event that
 * is new touches one small value next to the record that it changes anyway. A piece is closed when it is full
 * or a day old, and removed as a whole when its newest id may be forgotten.
 */
#ifndef SENDA_LEDGER_KNOWN_H
#define SENDA_LEDGER_KNOWN_H

#include "ledger/work.h"

/* Has the customer's pieces read; once for each batch and document. */
void known_collect(struct work *work, struct document *document);

/* Whether the event of this id was counted before. After that, and all that follows in the batch, was read.
 */
bool known_has(struct work *work, struct document *document, struct text event_id);
void known_add(struct work *work, struct document *document, struct text event_id, int64_t received_ms);

/* Takes one piece of somebody else's over. */
void known_move(struct work *work, struct document *into, struct entry *piece);

/* When the newest id of a piece came, or the one id of an event without customer. */
int64_t known_newest_ms(struct text value);

#endif

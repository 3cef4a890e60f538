/*
 * The ids of a customer's events that are known already, so that none counts twice.
 *
 * They lie in pieces as hashes (ledger/known_piece.h). An event that is new touches one small value next to
 * the record that it changes anyway. Pieces are removed as a whole: when their newest id may be forgotten,
 * and the oldest where a customer has more than KNOWN_PIECES_MOST, since each event with an id has them all
 * read.
 */
#ifndef SENDA_LEDGER_KNOWN_H
#define SENDA_LEDGER_KNOWN_H

#include "ledger/work.h"

enum {
    /* Of one customer beside the recent one; with 64 ids in each, for 7 days more than 6 events a minute.
     * What a batch adds goes beyond, until the next one. */
    KNOWN_PIECES_MOST = 1024,
    KNOWN_FORGOTTEN_MOST = 4096, /* removed by one batch: a join, and earlier versions, may leave more */
};

/* Lets the newest ids be read together with the record, which may turn out to be an alias. */
void known_expect(struct work *work, struct document *document);

/* Has what else there is of the customer's pieces read; once for each batch and document. */
void known_collect(struct work *work, struct document *document);

/* Whether the event of this id was counted before. After that, and all that follows in the batch, was read.
 */
bool known_has(struct work *work, struct document *document, struct text event_id);
void known_add(struct work *work, struct document *document, struct text event_id, int64_t received_ms);

/* A piece of ids of a customer, of either kind. */
bool known_is_piece(const struct entry *entry);

/* Takes one piece of somebody else's over. */
void known_move(struct work *work, struct document *into, struct entry *piece);

#endif

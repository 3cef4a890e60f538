/*
 * What the store keeps of a decision for as long as its events are waited for: whose it was, its offers, and
 * where it was counted, so that its events count there.
 *
 * The value is hash64 of the customer's id, 0 where it was nobody's; of each offer one length byte and its
 * id; a zero byte; of journey, stage and placement one length byte and the name. Stores of earlier versions
 * have the hash alone, or the hash and offers.
 */
#ifndef SENDA_LEDGER_DECIDED_H
#define SENDA_LEDGER_DECIDED_H

#include "model/record.h"

struct decided {
    uint64_t owner;                        /* key_hash() of the customer's id; 0: nobody's, or not known */
    struct text offers;                    /* for decided_next(); no bytes: not known */
    struct text journey, stage, placement; /* where it was taken; no bytes: not known */
};

/* Bytes of the value. */
size_t decided_size(const struct record *record);

void decided_write(const struct record *record, uint64_t owner, char *out);

/* What is no such value tells nothing. */
struct decided decided_read(struct text value);

/* Takes the first of the offers out; false where there is none left. */
bool decided_next(struct text *offers, struct text *offer);

bool decided_has(const struct decided *decided, struct text offer);

#endif

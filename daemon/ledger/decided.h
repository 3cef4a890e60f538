/*
 * What the store keeps of a decision for as long as its events are waited for: whose it was, and its offers.
 *
 * The value is hash64 of the customer's id, 0 where it was nobody's, and of each offer one length byte and
 * its id. Stores of earlier versions have the hash alone.
 */
#ifndef SENDA_LEDGER_DECIDED_H
#define SENDA_LEDGER_DECIDED_H

#include "model/record.h"

struct decided {
    uint64_t owner;     /* key_hash() of the customer's id; 0: nobody's, or not known */
    struct text offers; /* for decided_next(); no bytes: not known */
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

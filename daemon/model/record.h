/*
 * One decision as it is kept: everything to explain it, to replay it and to learn from it.
 *
 * A worker writes the bytes into shared memory, the ledger puts them into the decision log as they are, and
 * `sendactl log` reads them. Self-contained: names, no numbers of some snapshot.
 */
#ifndef SENDA_MODEL_RECORD_H
#define SENDA_MODEL_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum { RECORD_ITEMS_MOST = 50, RECORD_CANDIDATES_MOST = 256, RECORD_CLAIMS_MOST = 64 };

struct record_item {
    struct text offer, kind, strategy; /* strategy without bytes: none */
    double score, propensity;          /* as in the reply */
    bool stocked;                      /* takes one of the offer's stock */
    bool reserves;                     /* some limit counts the impression that is to come */
};

/* An offer that passed the gates of data, and what became of it. */
struct record_candidate {
    struct text offer; /* its id */
    uint8_t gate;      /* enum decision_gate: limit, stock, rested, strategy, rank; 0 chosen */
    double score;      /* 0 where it was stopped before that was known */
};

/* An empty text is kept as none. Everything is borrowed. */
struct record {
    int64_t clock_us;                                                 /* microseconds since the epoch */
    uint64_t seed;                                                    /* of the draw */
    struct text version;                                              /* of the site */
    struct text customer;                                             /* canonical id; no bytes: anonymous */
    struct text journey, stage, persona, placement, locale, strategy; /* without bytes: none */
    struct text fallback, because;                                    /* without bytes: none */
    struct text request;                                              /* the arguments as a MessagePack map */
    struct text state; /* the customer's record as it was (model/customer.h); no bytes: not known */
    bool personal;     /* set by record_decode; false: what was personal in it has been erased */
    const struct record_item *items;           /* best first */
    uint32_t item_count;                       /* at most RECORD_ITEMS_MOST */
    const struct record_candidate *candidates; /* in no order that matters */
    uint32_t candidate_count;                  /* at most RECORD_CANDIDATES_MOST */
    const uint32_t *claims; /* places in the table of claims, to be settled when this is committed */
    uint32_t claim_count;   /* at most RECORD_CLAIMS_MOST */
};

/* What finds a record, without decoding it. */
struct record_key {
    int64_t clock_us; /* as in struct record */
    uint64_t seed;    /* the same */
};

/* Bytes that record_encode writes. */
size_t record_size(const struct record *record);

/* Writes a record whose personal part is there; `out` need not be aligned. */
void record_encode(const struct record *record, void *out);

/* Gives bytes that record_encode wrote another moment and another draw. */
void record_stamp(void *bytes, const struct record_key *key);

/* Texts point into `bytes`, arrays are in the arena. ERROR_INVALID for bytes that are no record,
 * ERROR_INTERNAL where memory is out. */
MUST_CHECK bool record_decode(struct record *record, struct arena *arena, struct text bytes,
                              struct error *error);

/* Its claims alone, of which there are at most RECORD_CLAIMS_MOST; how many. Takes no memory. 0 for bytes
 * that are no record. */
uint32_t record_read_claims(struct text bytes, uint32_t *claims);

/* False where the bytes are too few, or of another format. The rest of the record is not looked at. */
bool record_read_key(struct text bytes, struct record_key *key);

/*
 * Overwrites in place what is personal (customer, request, state, because: a strategy may have put anything
 * into its words) with zeros, keeping every length. Decodes as a record whose `personal` is false and that
 * has none of them. Of bytes that are no record nothing is left but zeros.
 */
void record_redact(void *bytes, size_t length);

/* Whether that was done to the record. False for bytes that are none. */
bool record_is_redacted(struct text bytes);

/* Whom it is about, in `bytes`. False where that is nobody, or was erased, and for bytes that are no record.
 */
bool record_read_customer(struct text bytes, struct text *customer);

/* True where the record is about this customer. Cheap: looks at a hash first. Never true of one redacted. */
bool record_is_of(struct text bytes, struct text customer);

/* The same for one customer's ids: true where it is about any of them. */
bool record_is_of_any(struct text bytes, const struct text *customers, size_t count);

#endif

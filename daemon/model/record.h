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
    double score, propensity;
    bool stocked;  /* takes one of the offer's stock */
    bool reserves; /* some limit counts the impression that is to come */
};

/* An offer that passed the gates of data, and what became of it. */
struct record_candidate {
    struct text offer;
    uint8_t gate; /* enum decision_gate: limit, stock, rested, strategy, rank; 0 chosen */
    double score; /* 0 where it was stopped before that was known */
};

struct record {
    int64_t clock_us;
    uint64_t seed;
    struct text version;                                              /* of the site */
    struct text customer;                                             /* canonical id; no bytes: anonymous */
    struct text journey, stage, persona, placement, locale, strategy; /* without bytes: none */
    struct text fallback, because;                                    /* without bytes: none */
    struct text request;                                              /* the arguments as a MessagePack map */
    struct text state; /* the customer's record as it was (model/customer.h); no bytes: not known */
    bool personal;     /* false: what was personal in it has been erased */
    const struct record_item *items;
    uint32_t item_count;
    const struct record_candidate *candidates;
    uint32_t candidate_count;
    const uint32_t *claims; /* places in the table of claims, to be settled when this is committed */
    uint32_t claim_count;
};

size_t record_size(const struct record *record);
void record_encode(const struct record *record, void *out);

/* Texts point into `bytes`, arrays are in the arena. ERROR_INVALID for bytes that are no record. */
MUST_CHECK bool record_decode(struct record *record, struct arena *arena, struct text bytes,
                              struct error *error);

/*
 * Overwrites in place what is personal (customer, request, state) with zeros, keeping every length. Decodes
 * as a record whose `personal` is false.
 */
void record_redact(void *bytes, size_t length);

/* True where the record is about this customer. Cheap: looks at a hash first. */
bool record_is_of(struct text bytes, struct text customer);

#endif

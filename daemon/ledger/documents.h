/*
 * The customers of one batch: read once, decoded once, encoded once, however many events there are.
 *
 * A document is an id. The record under it is a customer, or only says whose alias the id is; what is asked
 * under an alias is about the canonical document. Beside its record a customer has other keys; those that the
 * batch knows hang at the document.
 */
#ifndef SENDA_LEDGER_DOCUMENTS_H
#define SENDA_LEDGER_DOCUMENTS_H

#include "ledger/entries.h"
#include "model/customer.h"

enum { DOCUMENTS_HOPS_MOST = 8 }; /* aliases of aliases that are followed */

enum document_state {
    DOCUMENT_UNREAD,  /* not yet known */
    DOCUMENT_MISSING, /* nobody of this id, or nobody any more */
    DOCUMENT_PRESENT, /* `customer` is there */
    DOCUMENT_ALIAS,   /* of `canonical` */
    DOCUMENT_DAMAGED, /* there is a record that cannot be read: left as it is */
};

struct known; /* ledger/known.c */

struct document {
    struct text id;      /* in the entry's key */
    struct entry *entry; /* of its record */
    enum document_state state;
    struct customer customer;   /* of DOCUMENT_PRESENT */
    struct document *canonical; /* of DOCUMENT_ALIAS: the next on the way */
    struct entry *beside;       /* entries of its own other keys, newest first; NULL: none known */
    struct known *known;        /* ids of events; in the arena; NULL: not asked for yet */
    struct entry *recent;       /* where the newest of them are; NULL: not asked for yet */
    struct document *next;      /* in the order of being asked for */
    size_t encoded_at;          /* where documents_encode put it */
    bool changed;               /* to be encoded */
    bool moved;                 /* stands elsewhere than before: its timers are to be looked at */
    bool scanned;               /* its own other keys were read, or will be */
    bool trailed;               /* what its latest decisions promised was read, or will be */
    bool busy; /* some command that is collected changes what later ones would have to load */
};

struct documents {
    struct entries *entries;       /* borrowed */
    struct document *first, *last; /* by `next` */
    struct document *undecoded;    /* the first that documents_decode has not looked at; NULL: none */
    uint32_t count;
};

void documents_create(struct documents *documents, struct entries *entries);
void documents_clear(struct documents *documents);

/* The document of an id of at most CUSTOMER_ID_MOST bytes; its record will be read. NULL: out of memory. */
struct document *documents_want(struct documents *documents, struct text id);

/* Looks at the records that were read since, and wants what aliases point to. False: out of memory. */
MUST_CHECK bool documents_decode(struct documents *documents);

/*
 * Follows aliases to whom it is about, and lets the first point there directly. All must have been decoded.
 * NULL where there are too many, or a circle.
 */
struct document *document_canonical(struct document *document);

/* From now on the id only leads to `canonical`; its own keys are the caller's affair. */
void document_become_alias(struct document *document, struct document *canonical);

/* Nobody of that id any more. */
void document_remove(struct document *document);

/* An entry of one of its own keys, once. */
void document_own(struct document *document, struct entry *entry);

/* True where key_hash() of the id, or of an alias, is this. */
bool document_is_hash(const struct document *document, uint64_t hash);

/* Encodes what has changed into `out`, which must not change until everything is written. */
MUST_CHECK bool documents_encode(struct documents *documents, struct buffer *out);

#endif

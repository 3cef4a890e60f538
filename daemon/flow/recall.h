/*
 * What a worker knows of customers: reads straight from the store, and the way to the ledger for everything
 * that changes.
 *
 * The store appears when the ledger has made it, and may fail at any time: then nothing is known, and the
 * answer says so.
 */
#ifndef SENDA_FLOW_RECALL_H
#define SENDA_FLOW_RECALL_H

#include "base/arena.h"
#include "ledger/keys.h"
#include "ledger/link.h"
#include "model/customer.h"
#include "store/store.h"

/* A record of the store that leads to the customer, or is theirs. */
struct recall_seen {
    struct key key;
    struct text value; /* in the arena; no bytes: there was none */
};

enum {
    RECALL_HOPS_MOST = 8,     /* from id to id */
    RECALL_EXPECTED_MOST = 8, /* ids at once */
};

struct recall {
    struct link link;
    struct store *store;   /* owned; NULL: it could not be opened yet */
    const char *directory; /* of the store and the log; borrowed */
    uint64_t retry_ms;     /* monotonic; when opening is tried again */
    int64_t reserve_ms;    /* how long a decision counts as an impression to come */
    struct arena arena;    /* of the customer found last */
    struct text record;    /* of that customer, as it is stored; no bytes: there is none */
    struct recall_seen seen[RECALL_HOPS_MOST]; /* what was read to find them */
    size_t seen_count;
    uint64_t seen_at; /* moment of the store at which all of that was read; 0: not at one */
};

void recall_create(struct recall *recall, struct shared *shared, size_t worker, const char *directory,
                   int64_t reserve_ms);
void recall_destroy(struct recall *recall);

/* The store, opened if it was not; NULL: it cannot be read now. */
struct store *recall_store(struct recall *recall);

enum recall_found { RECALL_FOUND, RECALL_UNKNOWN, RECALL_UNAVAILABLE };

/* Whether it is worth to say ahead who will be looked for; and says so of a few ids, which need not be known.
 */
bool recall_is_far(const struct recall *recall);
void recall_expect(struct recall *recall, const struct text *ids, size_t count);

/* Forgets what was read: for a decision without a customer. */
void recall_begin(struct recall *recall);

/* Whoever the id belongs to now, also by another id. The customer lives until the next call. Begins anew. */
enum recall_found recall_find(struct recall *recall, struct text id, struct customer *out);

/* Says that nobody is known by that id; false. */
bool recall_refuse(struct text id, struct error *error);

/*
 * Whether the id was erased and the log of decisions may not have forgotten it yet. False: the store cannot
 * be read.
 */
MUST_CHECK bool recall_is_being_erased(struct recall *recall, struct text id, bool *erased);

/* Units of an offer that were shown or promised; false: the store cannot be read. */
MUST_CHECK bool recall_stock_given(struct recall *recall, struct text offer, uint64_t *given);

/* Whether the store still says the same of the customer as recall_find did; true after recall_begin. */
bool recall_is_unchanged(struct recall *recall);

#endif

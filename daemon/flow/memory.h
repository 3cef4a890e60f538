/*
 * What a worker knows of customers: reads straight from the store, and the way to the ledger for everything
 * that changes.
 *
 * The store appears when the ledger has made it, and may fail at any time: then nothing is known, and the
 * answer says so.
 */
#ifndef SENDA_FLOW_MEMORY_H
#define SENDA_FLOW_MEMORY_H

#include "base/arena.h"
#include "ledger/keys.h"
#include "ledger/link.h"
#include "model/customer.h"
#include "store/store.h"

/* A value of the store that a decision rests on. */
struct memory_seen {
    struct key key;
    struct text value; /* in the arena; no bytes: there was none */
};

enum { MEMORY_SEEN_MOST = 64 };

struct memory {
    struct link link;
    struct store *store;   /* owned; NULL: it could not be opened yet */
    const char *directory; /* of the store and the log; borrowed */
    uint64_t retry_ms;     /* monotonic; when opening is tried again */
    int64_t reserve_ms;    /* how long a decision counts as an impression to come */
    struct arena arena;    /* of the customer found last */
    struct text record;    /* of that customer, as it is stored; no bytes: there is none */
    struct memory_seen seen[MEMORY_SEEN_MOST]; /* what was read since then */
    size_t seen_count;
    bool seen_all; /* everything that was read is there */
};

void memory_create(struct memory *memory, struct shared *shared, size_t worker, const char *directory,
                   int64_t reserve_ms);
void memory_destroy(struct memory *memory);

/* The store, opened if it was not; NULL: it cannot be read now. */
struct store *memory_store(struct memory *memory);

enum memory_found { MEMORY_FOUND, MEMORY_UNKNOWN, MEMORY_UNAVAILABLE };

/* Forgets what was read: for a decision without a customer. */
void memory_begin(struct memory *memory);

/* Whoever the id belongs to now, also by another id. The customer lives until the next call. Begins anew. */
enum memory_found memory_find(struct memory *memory, struct text id, struct customer *out);

/* Units of an offer that were shown or promised; false: the store cannot be read. */
MUST_CHECK bool memory_stock_given(struct memory *memory, struct text offer, uint64_t *given);

/* Whether the store still says the same of all that was read since memory_begin or memory_find. */
bool memory_is_unchanged(struct memory *memory);

#endif

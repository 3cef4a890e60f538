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
#include "ledger/link.h"
#include "model/customer.h"
#include "store/store.h"

struct memory {
    struct link link;
    struct store *store;   /* owned; NULL: it could not be opened yet */
    const char *directory; /* of the store and the log; borrowed */
    uint64_t retry_ms;     /* monotonic; when opening is tried again */
    int64_t reserve_ms;    /* how long a decision counts as an impression to come */
    struct arena arena;    /* of the customer found last */
};

void memory_create(struct memory *memory, struct shared *shared, size_t worker, const char *directory,
                   int64_t reserve_ms);
void memory_destroy(struct memory *memory);

/* The store, opened if it was not; NULL: it cannot be read now. */
struct store *memory_store(struct memory *memory);

enum memory_found { MEMORY_FOUND, MEMORY_UNKNOWN, MEMORY_UNAVAILABLE };

/* Whoever the id belongs to now, also by another id. The customer lives until the next call. */
enum memory_found memory_find(struct memory *memory, struct text id, struct customer *out);

/* Values of the keys, copied into the arena of the last customer found; false: the store cannot be read. */
MUST_CHECK bool memory_read(struct memory *memory, const struct text *keys, size_t count,
                            struct text *values);

#endif

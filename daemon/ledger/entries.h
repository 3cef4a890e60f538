/*
 * The part of the store that one batch looks at: what was read, and what is to be written.
 *
 * Whoever needs a key asks for its entry; those whose value is not known are read together. What is changed
 * here is seen by all that follows in the batch, and becomes one list of writes at its end. Memory comes from
 * the batch's arena.
 */
#ifndef SENDA_LEDGER_ENTRIES_H
#define SENDA_LEDGER_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "store/store.h"

struct document;

struct entry {
    struct text key;           /* in the arena */
    struct text value;         /* as it is to be; no bytes: not there */
    uint64_t hash;             /* of the key */
    struct entry *next;        /* in the order of their being asked for */
    struct entry *beside;      /* the next one of the same customer, see documents.h; NULL: the last */
    struct document *document; /* the customer whose record this is; NULL: something else */
    bool known;                /* `value` was read or set */
    bool wanted;               /* is among those to be read */
    bool changed;              /* differs from the store, is to be written */
    bool owned;                /* hangs at some customer by `beside` */
    bool roomy;                /* `value` is in the arena and may grow, see known_piece.h */
};

struct entries {
    struct arena *arena;        /* borrowed */
    struct entry **places;      /* open addressing, linear probing; owned; NULL: nothing yet */
    size_t room, count;         /* places, a power of two; entries */
    struct entry *first, *last; /* by `next` */
    struct entry **wanted;      /* those to be read; owned */
    size_t wanted_count, wanted_room;
    bool failed; /* memory ran out: some entry is missing */
};

void entries_create(struct entries *entries, struct arena *arena);
void entries_destroy(struct entries *entries);

/* Forgets all; to be called before the arena is cleared. */
void entries_clear(struct entries *entries);

/* The entry of a key, made where there is none yet; its value may be unknown. NULL: out of memory. */
struct entry *entries_at(struct entries *entries, struct text key);

/* The same, and has it read if its value is not known. */
struct entry *entries_want(struct entries *entries, struct text key);

/* The store has this value (no bytes: none); does nothing where the entry is known. False: out of memory. */
MUST_CHECK bool entries_learn(struct entries *entries, struct entry *entry, struct text value);

/* Bytes to be written into, which become the value. NULL: out of memory. */
char *entries_put(struct entries *entries, struct entry *entry, size_t length);
void entries_put_number(struct entries *entries, struct entry *entry, uint64_t number);

/* Borrows the value, which has to last as long as the entries. */
void entries_put_borrowed(struct entry *entry, struct text value);
void entries_delete(struct entry *entry);

/* The value as a number of 8 bytes; `otherwise` where it is none. */
uint64_t entry_number(const struct entry *entry, uint64_t otherwise);

#endif

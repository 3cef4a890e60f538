/* Names to numbers: an immutable hash table of texts that live elsewhere. */
#ifndef SENDA_CATALOGUE_SYMBOLS_H
#define SENDA_CATALOGUE_SYMBOLS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct symbol {
    struct text name; /* borrowed; no bytes: an empty place */
    uint32_t number;
};

struct symbols {
    struct symbol *places; /* open addressing, linear probing; in the arena; NULL: empty table */
    uint32_t mask;         /* places - 1; a power of two less one */
};

/* Room for `count` names; false when memory is out. */
MUST_CHECK bool symbols_create(struct symbols *symbols, struct arena *arena, uint32_t count);

/* The first number given to a name stays. */
void symbols_add(struct symbols *symbols, struct text name, uint32_t number);

/* UINT32_MAX where the name is unknown. */
uint32_t symbols_find(const struct symbols *symbols, struct text name);

/* The nearest name to one that is unknown; no bytes where none is near. */
struct text symbols_nearest(const struct symbols *symbols, struct text name);

#endif

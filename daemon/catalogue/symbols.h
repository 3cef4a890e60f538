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
    uint32_t mark; /* of the name's hash: others are told apart without a look at their bytes */
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

/* ERROR_INVALID, for a name that is unknown: "field: no <what> 'heroo'; did you mean 'hero'?", where one is
 * near. Returns false. */
bool symbols_refuse(const struct symbols *symbols, const char *field, const char *what, struct text name,
                    struct error *error);

#endif

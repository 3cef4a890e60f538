/* A set of texts: copies, in the order in which they were added, found by a hash. */
#ifndef SENDA_BASE_TEXT_SET_H
#define SENDA_BASE_TEXT_SET_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct text_set {
    struct arena arena; /* bytes of the texts */
    struct text *texts; /* those that were added, without repetition; owned; NULL: none yet */
    size_t count, room; /* of texts: in use, and how many there is room for */
    size_t *places; /* 1 + position in texts, open addressing, linear probing; 0: free; owned; NULL: none */
    size_t place_count; /* places: twice the room, a power of two */
};

/* Takes no memory. */
void text_set_create(struct text_set *set);
void text_set_destroy(struct text_set *set);

/* What is there already is not added. False: out of memory, the set is as it was. */
MUST_CHECK bool text_set_add(struct text_set *set, struct text text);

bool text_set_has(const struct text_set *set, struct text text);

#endif

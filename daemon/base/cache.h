/*
 * Bytes kept under bytes, within a limit.
 *
 * What is kept is what can be made again: when there is no room for more, or no memory, everything is
 * forgotten and learned anew. However the keys were chosen, a search looks at a few places only.
 */
#ifndef SENDA_BASE_CACHE_H
#define SENDA_BASE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

#define CACHE_MOST 4294967296 /* bytes that a cache can keep */

struct cache {
    uint32_t *places;   /* open addressing, two thirds full at most; owned; NULL: nothing is kept */
    size_t place_count; /* a power of two; grows with the entries */
    size_t entry_count;
    char *room;         /* where entries stand one behind the other; mapped; owned */
    size_t filled;      /* bytes of it that are taken, also by entries that were replaced */
    size_t used, limit; /* bytes of entries and their places, and how many there may be */
};

/* `limit` 0: keeps nothing; more than CACHE_MOST is as much as that. */
MUST_CHECK bool cache_create(struct cache *cache, size_t limit, struct error *error);
void cache_destroy(struct cache *cache);

/* Whether anything is kept at all. */
static inline bool cache_is_kept(const struct cache *cache)
{
    return cache->place_count > 0;
}

/* The value kept under the key, aligned for any type, until something is stored or forgotten; no bytes where
 * there is none. */
struct text cache_find(const struct cache *cache, struct text key);

/* Keeps copies, in place of what was kept under the key before; values have at least one byte. */
void cache_store(struct cache *cache, struct text key, struct text value);

void cache_forget(struct cache *cache);

#endif

/*
 * A hash table from bytes to bytes. Since all is forgotten at once, entries stand one behind the other in one
 * mapping, in large pages where there are any: what one answer takes is a few lines of memory in a row, and
 * to find out where these are takes no reading of page tables that are in no cache, either.
 *
 * Places are as small as can be, so that they stay in the processor's caches while all the entries pass
 * through: a few bits of the key's hash, and which line of the mapping the entry begins at.
 */
#include "base/cache.h"

#include <stdlib.h>
#include <sys/mman.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    FIRST_PLACES = 64,
    PLACES_PER_ENTRY = 4, /* after growing, and rounding up */
    PLACES_SOUGHT = 32,   /* from the one that the hash says */
    ALIGNMENT = 16,
    LINE = 64, /* bytes */
};

#define LINE_BITS 26
#define LINE_MASK ((UINT32_C(1) << LINE_BITS) - 1) /* of a place: the line's number, from 1 */
_Static_assert(CACHE_MOST == ((uint64_t)LINE_MASK + 1) * LINE, "as many lines as a place can tell apart");

struct entry {
    uint32_t hash;       /* its lower half */
    uint32_t key, value; /* bytes of each */
    char bytes[];        /* the key, then, aligned, the value */
};

static size_t round_up(size_t bytes, size_t multiple)
{
    return (bytes + multiple - 1) / multiple * multiple;
}

/* From the entry's begin. */
static size_t value_offset(size_t key)
{
    return round_up(sizeof(struct entry) + key, ALIGNMENT);
}

static uint64_t hash_of(struct text key)
{
    return XXH3_64bits(key.bytes, key.length);
}

/* Address space; it becomes memory where it is written to. */
static char *map_room(size_t bytes)
{
    void *room =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        return NULL;
    madvise(room, bytes, MADV_HUGEPAGE); /* or not: it is as good, but slower */
    return room;
}

bool cache_create(struct cache *cache, size_t limit, struct error *error)
{
    if (limit >= CACHE_MOST)
        limit = CACHE_MOST - LINE; /* no place is all zeros */
    *cache = (struct cache){.limit = limit};
    if (limit == 0)
        return true;
    cache->places = calloc(FIRST_PLACES, sizeof *cache->places);
    cache->place_count = FIRST_PLACES;
    cache->room = map_room(limit);
    if (cache->places != NULL && cache->room != NULL)
        return true;
    cache_destroy(cache);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

void cache_forget(struct cache *cache)
{
    if (cache->place_count > 0)
        memset(cache->places, 0, cache->place_count * sizeof *cache->places);
    cache->entry_count = cache->filled = cache->used = 0;
}

void cache_destroy(struct cache *cache)
{
    free(cache->places);
    if (cache->room != NULL)
        munmap(cache->room, cache->limit);
    *cache = (struct cache){.places = NULL};
}

static struct entry *entry_at(const struct cache *cache, uint32_t place)
{
    return (struct entry *)(void *)(cache->room + ((size_t)(place & LINE_MASK) - 1) * LINE);
}

/* What of a key's hash its place holds. */
static uint32_t mark_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32) & ~LINE_MASK;
}

static bool is_of(const struct entry *entry, struct text key)
{
    return entry->key == key.length && (key.length == 0 || memcmp(entry->bytes, key.bytes, key.length) == 0);
}

/* Where the key's entry is, or the empty place where it would be; NULL: neither is anywhere near. */
static uint32_t *find_place(const struct cache *cache, uint64_t hash, struct text key)
{
    size_t mask = cache->place_count - 1;
    uint32_t mark = mark_of(hash);
    for (size_t i = 0; i < PLACES_SOUGHT; i++) {
        uint32_t *place = &cache->places[(hash + i) & mask];
        if (*place == 0 || ((*place & ~LINE_MASK) == mark && is_of(entry_at(cache, *place), key)))
            return place;
    }
    return NULL;
}

/* The first empty one from where the hash says; where there is none near, that one, whatever is there. */
static uint32_t *find_free(uint32_t *places, size_t count, uint32_t hash)
{
    for (size_t i = 0; i < PLACES_SOUGHT; i++)
        if (places[(hash + i) & (count - 1)] == 0)
            return &places[(hash + i) & (count - 1)];
    return &places[hash & (count - 1)];
}

/* Twice as many places. Only as many as the entries need, so that they stay in the processor's caches. */
static bool grow(struct cache *cache)
{
    size_t count = cache->place_count * 2;
    uint32_t *places = calloc(count, sizeof *places);
    if (places == NULL)
        return false;
    cache->entry_count = 0;
    for (size_t i = 0; i < cache->place_count; i++) {
        if (cache->places[i] == 0)
            continue;
        uint32_t *place = find_free(places, count, entry_at(cache, cache->places[i])->hash);
        cache->entry_count += *place == 0;
        *place = cache->places[i];
    }
    free(cache->places);
    cache->places = places;
    cache->place_count = count;
    return true;
}

struct text cache_find(const struct cache *cache, struct text key)
{
    const uint32_t *place = cache_is_kept(cache) ? find_place(cache, hash_of(key), key) : NULL;
    if (place == NULL || *place == 0)
        return (struct text){NULL, 0};
    const struct entry *entry = entry_at(cache, *place);
    return (struct text){(const char *)entry + value_offset(entry->key), entry->value};
}

static size_t size_of(struct text key, struct text value)
{
    return round_up(value_offset(key.length) + value.length, LINE);
}

/* Where the entry begins in the room. */
static size_t put(struct cache *cache, uint64_t hash, struct text key, struct text value)
{
    size_t offset = cache->filled;
    struct entry *entry = (struct entry *)(void *)(cache->room + offset);
    *entry = (struct entry){(uint32_t)hash, (uint32_t)key.length, (uint32_t)value.length};
    if (key.length > 0)
        memcpy(entry->bytes, key.bytes, key.length);
    memcpy((char *)entry + value_offset(key.length), value.bytes, value.length);
    cache->filled += size_of(key, value);
    return offset;
}

static bool is_crowded(const struct cache *cache)
{
    return cache->entry_count * 3 >= cache->place_count * 2;
}

void cache_store(struct cache *cache, struct text key, struct text value)
{
    size_t size = size_of(key, value) + PLACES_PER_ENTRY * sizeof *cache->places;
    if (!cache_is_kept(cache) || size > cache->limit)
        return;
    if (cache->used + size > cache->limit || (is_crowded(cache) && !grow(cache)))
        cache_forget(cache);
    uint64_t hash = hash_of(key);
    uint32_t *place = find_place(cache, hash, key);
    if (place == NULL)
        place = &cache->places[hash & (cache->place_count - 1)];
    cache->entry_count += *place == 0;
    *place = mark_of(hash) | (uint32_t)(put(cache, hash, key, value) / LINE + 1);
    cache->used += size;
}

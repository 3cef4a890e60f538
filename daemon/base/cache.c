/*
 * A hash table from bytes to bytes. Since all is forgotten at once, entries stand one behind the other in one
 * mapping, in large pages where there are any: what one answer takes is a few lines of memory in a row, and
 * to find out where these are takes no reading of page tables that are in no cache, either.
 */
#include "base/cache.h"

#include <stdlib.h>
#include <sys/mman.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    FIRST_PLACES = 64,
    PLACES_PER_ENTRY = 4, /* after growing */
    ALIGNMENT = 16,
};

struct cache_entry {
    size_t key, value; /* bytes of each */
    char bytes[];      /* the key, then, aligned, the value */
};

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
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
    for (size_t i = 0; i < cache->place_count; i++)
        cache->places[i].entry = NULL;
    cache->entry_count = cache->filled = cache->used = 0;
}

void cache_destroy(struct cache *cache)
{
    free(cache->places);
    if (cache->room != NULL)
        munmap(cache->room, cache->limit);
    *cache = (struct cache){.places = NULL};
}

static bool is_of(const struct cache_entry *entry, struct text key)
{
    return entry->key == key.length && (key.length == 0 || memcmp(entry->bytes, key.bytes, key.length) == 0);
}

/* Where the key's entry is, or the empty place where it would be. */
static struct cache_place *find_place(const struct cache *cache, uint64_t hash, struct text key)
{
    size_t mask = cache->place_count - 1, number = hash & mask;
    for (;; number = (number + 1) & mask) {
        struct cache_place *place = &cache->places[number];
        if (place->entry == NULL || (place->hash == hash && is_of(place->entry, key)))
            return place;
    }
}

/* Twice as many places. Only as many as the entries need, so that they stay in the processor's caches. */
static bool grow(struct cache *cache)
{
    size_t count = cache->place_count * 2, mask = count - 1;
    struct cache_place *places = calloc(count, sizeof *places);
    if (places == NULL)
        return false;
    for (size_t i = 0; i < cache->place_count; i++) {
        size_t number = cache->places[i].hash & mask;
        if (cache->places[i].entry == NULL)
            continue;
        while (places[number].entry != NULL)
            number = (number + 1) & mask;
        places[number] = cache->places[i];
    }
    free(cache->places);
    cache->places = places;
    cache->place_count = count;
    return true;
}

struct text cache_find(const struct cache *cache, struct text key)
{
    if (!cache_is_kept(cache))
        return (struct text){NULL, 0};
    const struct cache_entry *entry = find_place(cache, XXH3_64bits(key.bytes, key.length), key)->entry;
    return entry == NULL ? (struct text){NULL, 0}
                         : (struct text){entry->bytes + aligned(entry->key), entry->value};
}

static size_t size_of(struct text key, struct text value)
{
    return sizeof(struct cache_entry) + aligned(key.length) + aligned(value.length);
}

static struct cache_entry *put(struct cache *cache, struct text key, struct text value)
{
    struct cache_entry *entry = (struct cache_entry *)(void *)(cache->room + cache->filled);
    *entry = (struct cache_entry){key.length, value.length};
    if (key.length > 0)
        memcpy(entry->bytes, key.bytes, key.length);
    memcpy(entry->bytes + aligned(key.length), value.bytes, value.length);
    cache->filled += size_of(key, value);
    return entry;
}

void cache_store(struct cache *cache, struct text key, struct text value)
{
    size_t size = size_of(key, value) + PLACES_PER_ENTRY * sizeof(struct cache_place);
    if (!cache_is_kept(cache) || size > cache->limit)
        return;
    if (cache->used + size > cache->limit || (cache->entry_count * 2 >= cache->place_count && !grow(cache)))
        cache_forget(cache);
    uint64_t hash = XXH3_64bits(key.bytes, key.length);
    struct cache_place *place = find_place(cache, hash, key);
    cache->entry_count += place->entry == NULL;
    *place = (struct cache_place){hash, put(cache, key, value)};
    cache->used += size;
}

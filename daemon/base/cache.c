/* A hash table from bytes to bytes. */
#include "base/cache.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    FIRST_PLACES = 64,
    PLACES_PER_ENTRY = 4, /* after growing */
};

struct cache_entry {
    size_t value, key;         /* bytes of each */
    _Alignas(16) char bytes[]; /* the value, then the key */
};

bool cache_create(struct cache *cache, size_t limit, struct error *error)
{
    *cache = (struct cache){.limit = limit};
    if (limit == 0)
        return true;
    cache->places = calloc(FIRST_PLACES, sizeof *cache->places);
    if (cache->places == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    cache->place_count = FIRST_PLACES;
    return true;
}

void cache_forget(struct cache *cache)
{
    for (size_t i = 0; i < cache->place_count; i++) {
        free(cache->places[i].entry);
        cache->places[i].entry = NULL;
    }
    cache->entry_count = 0;
    cache->used = 0;
}

void cache_destroy(struct cache *cache)
{
    cache_forget(cache);
    free(cache->places);
    *cache = (struct cache){.places = NULL};
}

static bool is_of(const struct cache_entry *entry, struct text key)
{
    return entry->key == key.length &&
           (key.length == 0 || memcmp(entry->bytes + entry->value, key.bytes, key.length) == 0);
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
    return entry == NULL ? (struct text){NULL, 0} : (struct text){entry->bytes, entry->value};
}

/* Bytes that count for an entry. */
static size_t size_of(size_t key, size_t value)
{
    return sizeof(struct cache_entry) + PLACES_PER_ENTRY * sizeof(struct cache_place) + key + value;
}

static struct cache_entry *entry_new(struct text key, struct text value)
{
    struct cache_entry *entry = malloc(sizeof *entry + value.length + key.length);
    if (entry == NULL)
        return NULL;
    *entry = (struct cache_entry){value.length, key.length};
    memcpy(entry->bytes, value.bytes, value.length);
    if (key.length > 0)
        memcpy(entry->bytes + value.length, key.bytes, key.length);
    return entry;
}

static void empty(struct cache *cache, struct cache_place *place)
{
    cache->used -= size_of(place->entry->key, place->entry->value);
    cache->entry_count--;
    free(place->entry);
    place->entry = NULL;
}

void cache_store(struct cache *cache, struct text key, struct text value)
{
    size_t size = size_of(key.length, value.length);
    struct cache_entry *entry = cache_is_kept(cache) && size <= cache->limit ? entry_new(key, value) : NULL;
    if (entry == NULL)
        return;
    if (cache->used + size > cache->limit || (cache->entry_count * 2 >= cache->place_count && !grow(cache)))
        cache_forget(cache);
    uint64_t hash = XXH3_64bits(key.bytes, key.length);
    struct cache_place *place = find_place(cache, hash, key);
    if (place->entry != NULL)
        empty(cache, place);
    *place = (struct cache_place){hash, entry};
    cache->entry_count++;
    cache->used += size;
}

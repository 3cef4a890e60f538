/* A hash table from (function, subject, values read) to results. */
#include "script/memo.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    LONGEST_KEY = 2048,
    KEY_KEPT = 4096,
    FIRST_PLACES = 64,
    PLACES_PER_ENTRY = 4, /* after growing */
};

struct memo_entry {
    uint32_t key, result; /* bytes of each */
    char bytes[];         /* the key, then the result */
};

bool memo_create(struct memo *memo, uint32_t functions, size_t limit, struct error *error)
{
    *memo = (struct memo){.function_count = functions, .limit = limit};
    buffer_create(&memo->key);
    if (limit == 0)
        return true;
    memo->functions = calloc(functions + 1, sizeof *memo->functions);
    memo->places = calloc(FIRST_PLACES, sizeof *memo->places);
    memo->place_count = FIRST_PLACES;
    if (memo->functions != NULL && memo->places != NULL)
        return true;
    memo_destroy(memo);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

static void forget(struct memo *memo)
{
    for (size_t i = 0; i < memo->place_count; i++) {
        free(memo->places[i].entry);
        memo->places[i].entry = NULL;
    }
    memo->entry_count = 0;
    memo->used = 0;
}

void memo_destroy(struct memo *memo)
{
    if (memo->places != NULL)
        forget(memo);
    free(memo->places);
    free(memo->functions);
    buffer_destroy(&memo->key);
    *memo = (struct memo){.places = NULL};
}

/* Puts the question's key together; false where it has none. */
static bool make_key(struct memo *memo, uint32_t function, struct text subject,
                     const struct customer_view *customer)
{
    const struct memo_function *known = &memo->functions[function];
    uint32_t head[3] = {function, known->version, (uint32_t)subject.length};
    if (known->reads.boundless || subject.bytes == NULL)
        return false;
    buffer_clear(&memo->key, KEY_KEPT);
    buffer_append(&memo->key, head, sizeof head);
    buffer_append(&memo->key, subject.bytes, subject.length);
    for (uint32_t i = 0; i < known->reads.count; i++)
        customer_view_append(customer, &known->reads.list[i], &memo->key);
    return !memo->key.failed && memo->key.length <= LONGEST_KEY;
}

/* Where the key in memo->key is, or the empty place where it would be. */
static struct memo_place *find_place(struct memo *memo, uint64_t hash)
{
    size_t mask = memo->place_count - 1, number = hash & mask;
    for (;; number = (number + 1) & mask) {
        struct memo_place *place = &memo->places[number];
        if (place->entry == NULL || (place->hash == hash && place->entry->key == memo->key.length &&
                                     memcmp(place->entry->bytes, memo->key.bytes, place->entry->key) == 0))
            return place;
    }
}

/* Twice as many places. Only as many as the entries need, so that they stay in the processor's caches. */
static bool grow(struct memo *memo)
{
    size_t count = memo->place_count * 2, mask = count - 1;
    struct memo_place *places = calloc(count, sizeof *places);
    if (places == NULL)
        return false;
    for (size_t i = 0; i < memo->place_count; i++) {
        size_t number = memo->places[i].hash & mask;
        if (memo->places[i].entry == NULL)
            continue;
        while (places[number].entry != NULL)
            number = (number + 1) & mask;
        places[number] = memo->places[i];
    }
    free(memo->places);
    memo->places = places;
    memo->place_count = count;
    return true;
}

struct text memo_find(struct memo *memo, uint32_t function, struct text subject,
                      const struct customer_view *customer)
{
    if (!memo_is_kept(memo) || !make_key(memo, function, subject, customer))
        return (struct text){NULL, 0};
    const struct memo_entry *entry = find_place(memo, XXH3_64bits(memo->key.bytes, memo->key.length))->entry;
    if (entry == NULL)
        return (struct text){NULL, 0};
    return (struct text){entry->bytes + entry->key, entry->result};
}

/* Adds what the function read this time to what it is known to read. */
static void learn_reads(struct memo_function *known, const struct reads *reads)
{
    bool grown = false;
    for (uint32_t i = 0; i < reads->count; i++)
        grown |= reads_add(&known->reads, reads->list[i].source,
                           (struct text){reads->list[i].key, reads->list[i].length});
    known->reads.boundless |= reads->boundless;
    known->version += grown;
}

void memo_store(struct memo *memo, uint32_t function, struct text subject,
                const struct customer_view *customer, struct text result)
{
    if (!memo_is_kept(memo) || result.bytes == NULL)
        return;
    learn_reads(&memo->functions[function], &customer->reads);
    if (!make_key(memo, function, subject, customer))
        return;
    size_t size = sizeof(struct memo_entry) + PLACES_PER_ENTRY * sizeof(struct memo_place) +
                  memo->key.length + result.length;
    if (size > memo->limit)
        return;
    if (memo->used + size > memo->limit || (memo->entry_count * 2 >= memo->place_count && !grow(memo)))
        forget(memo);
    uint64_t hash = XXH3_64bits(memo->key.bytes, memo->key.length);
    struct memo_place *place = find_place(memo, hash);
    struct memo_entry *entry =
        place->entry == NULL ? malloc(sizeof *entry + memo->key.length + result.length) : NULL;
    if (entry == NULL)
        return;
    *entry = (struct memo_entry){(uint32_t)memo->key.length, (uint32_t)result.length};
    memcpy(entry->bytes, memo->key.bytes, memo->key.length);
    memcpy(entry->bytes + memo->key.length, result.bytes, result.length);
    *place = (struct memo_place){hash, entry};
    memo->entry_count++;
    memo->used += size;
}

/* A hash table from (function, subject, values read) to results. */
#include "script/memo.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { LONGEST_KEY = 2048, KEY_KEPT = 4096, PLACES_PER_KIB = 8 };

struct memo_entry {
    uint64_t hash;        /* of the key */
    uint32_t key, result; /* bytes of each */
    char bytes[];         /* the key, then the result */
};

bool memo_create(struct memo *memo, uint32_t functions, size_t limit, struct error *error)
{
    size_t places = 64;
    *memo = (struct memo){.function_count = functions, .limit = limit};
    buffer_create(&memo->key);
    if (limit == 0)
        return true;
    while (places < limit / 1024 * PLACES_PER_KIB)
        places *= 2;
    memo->functions = calloc(functions + 1, sizeof *memo->functions);
    memo->places = calloc(places, sizeof(struct memo_entry *));
    memo->place_count = places;
    if (memo->functions != NULL && memo->places != NULL)
        return true;
    memo_destroy(memo);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

static void forget(struct memo *memo)
{
    for (size_t i = 0; i < memo->place_count; i++) {
        free(memo->places[i]);
        memo->places[i] = NULL;
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
static struct memo_entry **find_place(struct memo *memo, uint64_t hash)
{
    size_t mask = memo->place_count - 1, place = hash & mask;
    for (;; place = (place + 1) & mask) {
        struct memo_entry *entry = memo->places[place];
        if (entry == NULL || (entry->hash == hash && entry->key == memo->key.length &&
                              memcmp(entry->bytes, memo->key.bytes, entry->key) == 0))
            return &memo->places[place];
    }
}

struct text memo_find(struct memo *memo, uint32_t function, struct text subject,
                      const struct customer_view *customer)
{
    if (memo->place_count == 0 || !make_key(memo, function, subject, customer))
        return (struct text){NULL, 0};
    const struct memo_entry *entry = *find_place(memo, XXH3_64bits(memo->key.bytes, memo->key.length));
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
    if (memo->place_count == 0 || result.bytes == NULL)
        return;
    learn_reads(&memo->functions[function], &customer->reads);
    if (!make_key(memo, function, subject, customer))
        return;
    size_t size = sizeof(struct memo_entry) + memo->key.length + result.length;
    if (size > memo->limit)
        return;
    if (memo->used + size > memo->limit || memo->entry_count * 2 >= memo->place_count)
        forget(memo);
    uint64_t hash = XXH3_64bits(memo->key.bytes, memo->key.length);
    struct memo_entry **place = find_place(memo, hash);
    struct memo_entry *entry = *place == NULL ? malloc(size) : NULL;
    if (entry == NULL)
        return;
    *entry = (struct memo_entry){hash, (uint32_t)memo->key.length, (uint32_t)result.length};
    memcpy(entry->bytes, memo->key.bytes, memo->key.length);
    memcpy(entry->bytes + memo->key.length, result.bytes, result.length);
    *place = entry;
    memo->entry_count++;
    memo->used += size;
}

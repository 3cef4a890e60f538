/* A hash table from (function, subject, values read) to results. */
#include "script/memo.h"

#include <stdlib.h>

enum { LONGEST_KEY = 2048, KEY_KEPT = 4096 };

bool memo_create(struct memo *memo, uint32_t functions, size_t limit, struct error *error)
{
    *memo = (struct memo){.function_count = functions};
    buffer_create(&memo->key);
    if (!cache_create(&memo->results, limit, error))
        return false;
    if (limit == 0)
        return true;
    memo->functions = calloc(functions + 1, sizeof *memo->functions);
    if (memo->functions != NULL)
        return true;
    memo_destroy(memo);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

void memo_destroy(struct memo *memo)
{
    cache_destroy(&memo->results);
    free(memo->functions);
    buffer_destroy(&memo->key);
    *memo = (struct memo){.functions = NULL};
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

static struct text key_of(const struct memo *memo)
{
    return (struct text){memo->key.bytes, memo->key.length};
}

struct text memo_find(struct memo *memo, uint32_t function, struct text subject,
                      const struct customer_view *customer)
{
    if (!memo_is_kept(memo) || !make_key(memo, function, subject, customer))
        return (struct text){NULL, 0};
    return cache_find(&memo->results, key_of(memo));
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
    if (make_key(memo, function, subject, customer))
        cache_store(&memo->results, key_of(memo), result);
}

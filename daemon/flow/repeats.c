/* Answers as values of a cache, and which requests came lately. */
#include "flow/repeats.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    BUCKETS = 8192,
    BUCKET_SIZE = 4,
    REQUEST_MOST = 2048, /* bytes of one whose answer is kept */
    ANSWER_MOST = 32768, /* of reply and record together */
};

/* Parts of the hashes of requests that came, the latest in front; 0: none. */
struct repeats_bucket {
    uint32_t marks[BUCKET_SIZE];
};

/* In front of the bytes of reply and record. */
struct head {
    double from, until;
    uint32_t reply, record, items;
    struct script_trail trail;
};

bool repeats_create(struct repeats *repeats, size_t limit, struct error *error)
{
    *repeats = (struct repeats){.seen = NULL};
    if (!cache_create(&repeats->answers, limit, error))
        return false;
    if (limit == 0)
        return true;
    repeats->seen = calloc(BUCKETS, sizeof *repeats->seen);
    if (repeats->seen != NULL)
        return true;
    repeats_destroy(repeats);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

void repeats_destroy(struct repeats *repeats)
{
    cache_destroy(&repeats->answers);
    free(repeats->seen);
    repeats->seen = NULL;
}

bool repeats_find(const struct repeats *repeats, struct text request, double now, struct repeat *out)
{
    struct text kept = {NULL, 0};
    if (repeats->answers.entry_count > 0 && request.length <= REQUEST_MOST)
        kept = cache_find(&repeats->answers, request);
    if (kept.bytes == NULL)
        return false;
    const struct head *head =
        (const struct head *)(const void *)kept.bytes; /* values of caches are aligned */
    if (!(now >= head->from && now < head->until))
        return false;
    const char *reply = kept.bytes + sizeof *head;
    *out = (struct repeat){
        .from = head->from,
        .until = head->until,
        .reply = {reply, head->reply},
        .record = {head->record > 0 ? reply + head->reply : NULL, head->record},
        .items = head->items,
        .trail = &head->trail,
    };
    return true;
}

bool repeats_wants(struct repeats *repeats, struct text request)
{
    if (repeats->seen == NULL || request.length > REQUEST_MOST)
        return false;
    uint64_t hash = XXH3_64bits(request.bytes, request.length);
    struct repeats_bucket *bucket = &repeats->seen[hash % BUCKETS];
    uint32_t mark = (uint32_t)(hash >> 32) | 1;
    for (unsigned i = 0; i < BUCKET_SIZE; i++)
        if (bucket->marks[i] == mark)
            return true;
    memmove(bucket->marks + 1, bucket->marks, sizeof bucket->marks - sizeof *bucket->marks);
    bucket->marks[0] = mark;
    return false;
}

void repeats_keep(struct repeats *repeats, struct text request, const struct repeat *answer)
{
    size_t texts = answer->reply.length + answer->record.length;
    struct head head = {
        answer->from,  answer->until, (uint32_t)answer->reply.length, (uint32_t)answer->record.length,
        answer->items, *answer->trail};
    char *value = texts <= ANSWER_MOST ? malloc(sizeof head + texts) : NULL;
    if (value == NULL)
        return;
    memcpy(value, &head, sizeof head);
    memcpy(value + sizeof head, answer->reply.bytes, answer->reply.length);
    if (answer->record.length > 0)
        memcpy(value + sizeof head + answer->reply.length, answer->record.bytes, answer->record.length);
    cache_store(&repeats->answers, request, (struct text){value, sizeof head + texts});
    free(value);
}

void repeats_forget(struct repeats *repeats)
{
    cache_forget(&repeats->answers);
}

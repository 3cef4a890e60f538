/* Reading a customer, by any of their ids. */
#include "flow/memory.h"

#include "base/clock.h"
#include "base/log.h"
#include "ledger/stock.h"

enum {
    ARENA_BLOCK = 64 * 1024,
    RETRY_MS = 200, /* between two tries to open the store */
    MOST_HOPS = 8,  /* from id to id */
};

void memory_create(struct memory *memory, struct shared *shared, size_t worker, const char *directory,
                   int64_t reserve_ms)
{
    *memory = (struct memory){.directory = directory, .reserve_ms = reserve_ms};
    link_create(&memory->link, shared, worker);
    arena_create(&memory->arena, ARENA_BLOCK);
}

void memory_destroy(struct memory *memory)
{
    if (memory->store != NULL)
        store_close(memory->store);
    arena_destroy(&memory->arena);
}

/* Said once for each time that it begins. */
static void open_store(struct memory *memory)
{
    struct error error;
    bool first = memory->retry_ms == 0;
    uint64_t now_ms = clock_monotonic_ms();
    if (now_ms < memory->retry_ms)
        return;
    memory->store = store_lmdb_open(memory->directory, STORE_READER, 0, &error);
    memory->retry_ms = memory->store != NULL ? 0 : now_ms + RETRY_MS;
    if (memory->store == NULL && first)
        log_warning("customers can't be read", LOG_TEXT("error", error.message));
}

struct store *memory_store(struct memory *memory)
{
    if (memory->store == NULL)
        open_store(memory);
    return memory->store;
}

/* A read of one key. */
struct reading {
    struct memory *memory;
    struct text value; /* out; in the arena */
    bool good;         /* out */
};

static void read_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct reading *reading = context;
    (void)count;
    if (error != NULL)
        return;
    reading->good = true;
    if (values[0].bytes == NULL)
        return;
    reading->value.bytes = arena_copy(&reading->memory->arena, values[0].bytes, values[0].length);
    reading->value.length = values[0].length;
    reading->good = reading->value.bytes != NULL;
}

/* The value, copied and noted; no bytes where there is none. */
static bool read_key(struct memory *memory, const struct key *key, struct text *value)
{
    struct store *store = memory_store(memory);
    struct reading reading = {memory, {NULL, 0}, false};
    struct text text = key_text(key);
    if (store != NULL)
        store_read(store, &text, 1, read_cb, &reading);
    *value = reading.value;
    if (memory->seen_count == MEMORY_SEEN_MOST)
        memory->seen_all = false;
    else
        memory->seen[memory->seen_count++] = (struct memory_seen){*key, reading.value};
    return reading.good;
}

/* A look at a key that was read before. */
struct comparing {
    struct text before;
    bool same; /* out */
};

static void compare_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct comparing *comparing = context;
    (void)count;
    comparing->same = error == NULL && (values[0].bytes == NULL) == (comparing->before.bytes == NULL) &&
                      text_equal(values[0], comparing->before);
}

bool memory_is_unchanged(struct memory *memory)
{
    struct store *store = memory_store(memory);
    bool same = store != NULL && memory->seen_all;
    for (size_t i = 0; same && i < memory->seen_count; i++) {
        struct comparing comparing = {memory->seen[i].value, false};
        struct text key = key_text(&memory->seen[i].key);
        store_read(store, &key, 1, compare_cb, &comparing);
        same = comparing.same;
    }
    return same;
}

void memory_begin(struct memory *memory)
{
    arena_clear(&memory->arena);
    memory->record = (struct text){NULL, 0};
    memory->seen_count = 0;
    memory->seen_all = true;
}

static enum memory_found decode(struct memory *memory, struct text record, struct customer *out)
{
    struct error error;
    if (customer_decode(out, &memory->arena, record, &error)) {
        memory->record = record;
        return MEMORY_FOUND;
    }
    log_error("a customer's record can't be read", LOG_TEXT("error", error.message));
    return MEMORY_UNAVAILABLE;
}

enum memory_found memory_find(struct memory *memory, struct text id, struct customer *out)
{
    memory_begin(memory);
    for (int hop = 0; hop < MOST_HOPS; hop++) {
        struct text record;
        struct key key;
        key_customer(&key, id);
        if (!read_key(memory, &key, &record))
            return MEMORY_UNAVAILABLE;
        if (record.bytes == NULL)
            return MEMORY_UNKNOWN;
        id = customer_record_alias(record);
        if (id.bytes == NULL)
            return decode(memory, record, out);
    }
    return MEMORY_UNKNOWN;
}

bool memory_stock_given(struct memory *memory, struct text offer, uint64_t *given)
{
    struct text value;
    struct key key;
    key_stock(&key, offer);
    if (!read_key(memory, &key, &value))
        return false;
    struct stock_count count = stock_count_decode(value);
    *given = count.confirmed + count.reserved;
    return true;
}

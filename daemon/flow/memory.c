/* Reading a customer, by any of their ids. */
#include "flow/memory.h"

#include "base/clock.h"
#include "base/log.h"
#include "ledger/keys.h"

enum {
    ARENA_BLOCK = 64 * 1024,
    RETRY_MS = 200, /* between two tries to open the store */
    MOST_HOPS = 8,  /* from id to id */
};

/* Where a read puts its copies. */
struct reading {
    struct arena *arena;
    struct text *values; /* out */
    bool good;           /* out */
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

static void read_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct reading *reading = context;
    reading->good = error == NULL;
    for (size_t i = 0; reading->good && i < count; i++) {
        const char *copy =
            values[i].bytes == NULL ? NULL : arena_copy(reading->arena, values[i].bytes, values[i].length);
        reading->good = (copy == NULL) == (values[i].bytes == NULL);
        reading->values[i] = (struct text){copy, copy == NULL ? 0 : values[i].length};
    }
}

bool memory_read(struct memory *memory, const struct text *keys, size_t count, struct text *values)
{
    struct store *store = memory_store(memory);
    struct reading reading = {&memory->arena, values, false};
    if (store != NULL)
        store_read(store, keys, count, read_cb, &reading);
    return reading.good;
}

/* The record behind an id, which may be an alias. */
static bool read_record(struct memory *memory, struct text id, struct text *record)
{
    struct key key;
    key_customer(&key, id);
    struct text text = key_text(&key);
    return memory_read(memory, &text, 1, record);
}

static enum memory_found decode(struct memory *memory, struct text record, struct customer *out)
{
    struct error error;
    if (customer_decode(out, &memory->arena, record, &error))
        return MEMORY_FOUND;
    log_error("a customer's record can't be read", LOG_TEXT("error", error.message));
    return MEMORY_UNAVAILABLE;
}

enum memory_found memory_find(struct memory *memory, struct text id, struct customer *out)
{
    struct text record;
    arena_clear(&memory->arena);
    for (int hop = 0; hop < MOST_HOPS; hop++) {
        if (!read_record(memory, id, &record))
            return MEMORY_UNAVAILABLE;
        if (record.bytes == NULL)
            return MEMORY_UNKNOWN;
        id = customer_record_alias(record);
        if (id.bytes == NULL)
            return decode(memory, record, out);
    }
    return MEMORY_UNKNOWN;
}

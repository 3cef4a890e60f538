/* The store in memory: a sorted array, simple enough to be what the others are compared with. */
#include <stdlib.h>

#include "store/limits.h"

struct entry {
    size_t key_length;   /* bytes */
    size_t value_length; /* bytes */
    char bytes[];        /* the key, and the value behind it */
};

struct memory_store {
    struct store store;
    struct entry **entries; /* ascending by key; owned */
    size_t count;           /* of entries */
    uint64_t batches;       /* that were written; at least one, which says the format */
};

static struct memory_store *of(struct store *store)
{
    return (struct memory_store *)store;
}

static struct text key_of(const struct entry *entry)
{
    return (struct text){entry->bytes, entry->key_length};
}

static struct text value_of(const struct entry *entry)
{
    return (struct text){entry->bytes + entry->key_length, entry->value_length};
}

/* NULL when memory is out. */
static struct entry *entry_new(const struct store_write *write)
{
    struct entry *entry = malloc(sizeof *entry + write->key.length + write->value.length);
    if (entry == NULL)
        return NULL;
    entry->key_length = write->key.length;
    entry->value_length = write->value.length;
    memcpy(entry->bytes, write->key.bytes, write->key.length);
    if (write->value.length > 0)
        memcpy(entry->bytes + write->key.length, write->value.bytes, write->value.length);
    return entry;
}

/* Index of the first entry whose key isn't below. */
static size_t find(const struct memory_store *memory, struct text key)
{
    size_t low = 0, high = memory->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_compare(key_of(memory->entries[middle]), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct memory_store *memory, size_t index, struct text key)
{
    return index < memory->count && text_equal(key_of(memory->entries[index]), key);
}

static void memory_read(struct store *store, const struct text *keys, size_t count, store_read_cb done,
                        void *context)
{
    const struct memory_store *memory = of(store);
    struct error error;
    if (!limits_check_keys(keys, count, &error)) {
        done(context, NULL, 0, &error);
        return;
    }
    struct text *values = calloc(count + 1, sizeof *values);
    if (values == NULL) {
        error_set(&error, ERROR_UNAVAILABLE, "no memory for %zu values", count);
        done(context, NULL, 0, &error);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t index = find(memory, keys[i]);
        if (is_at(memory, index, keys[i]))
            values[i] = value_of(memory->entries[index]);
    }
    done(context, values, count, NULL);
    free(values);
}

static bool begins_with(struct text key, struct text prefix)
{
    return key.length >= prefix.length && text_equal((struct text){key.bytes, prefix.length}, prefix);
}

static void memory_scan(struct store *store, struct text from, struct text prefix, size_t most,
                        store_entry_cb entry, store_done_cb done, void *context)
{
    const struct memory_store *memory = of(store);
    struct error error;
    if (!limits_check_scan(from, prefix, &error)) {
        done(context, &error);
        return;
    }
    size_t index = find(memory, text_compare(from, prefix) > 0 ? from : prefix);
    for (size_t left = most; left > 0 && index < memory->count; left--, index++) {
        const struct entry *found = memory->entries[index];
        if (!begins_with(key_of(found), prefix) || !entry(context, key_of(found), value_of(found)))
            break;
    }
    done(context, NULL);
}

/* What has to be allocated, before anything is changed: NULL where memory is out, else one entry for each
 * put. */
static struct entry **prepare(struct memory_store *memory, const struct store_write *writes, size_t count)
{
    struct entry **room = realloc(memory->entries, (memory->count + count + 1) * sizeof *room);
    struct entry **made = calloc(count + 1, sizeof *made);
    if (room != NULL)
        memory->entries = room;
    bool whole = room != NULL && made != NULL;
    for (size_t i = 0; whole && i < count; i++)
        if (writes[i].value.bytes != NULL)
            whole = (made[i] = entry_new(&writes[i])) != NULL;
    if (whole)
        return made;
    for (size_t i = 0; made != NULL && i < count; i++)
        free(made[i]);
    free(made);
    return NULL;
}

/* `made` is NULL to delete. */
static void apply(struct memory_store *memory, struct text key, struct entry *made)
{
    size_t index = find(memory, key);
    struct entry **place = memory->entries + index;
    bool is_there = is_at(memory, index, key);
    size_t behind = memory->count - index;
    if (is_there)
        free(*place);
    if (is_there && made == NULL) {
        memmove(place, place + 1, (behind - 1) * sizeof *place);
        memory->count--;
    } else if (!is_there && made != NULL) {
        memmove(place + 1, place, behind * sizeof *place);
        memory->count++;
    }
    if (made != NULL)
        *place = made;
}

static bool write_batch(struct memory_store *memory, const struct store_write *writes, size_t count,
                        struct error *error)
{
    if (!limits_check_writes(writes, count, error))
        return false;
    struct entry **made = prepare(memory, writes, count);
    if (made == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "no memory for a batch of %zu writes", count);
    for (size_t i = 0; i < count; i++)
        apply(memory, writes[i].key, made[i]);
    memory->batches++;
    free(made);
    return true;
}

static void memory_write(struct store *store, const struct store_write *writes, size_t count,
                         store_done_cb done, void *context)
{
    struct error error;
    bool written = write_batch(of(store), writes, count, &error);
    done(context, written ? NULL : &error);
}

static uint64_t memory_moment(struct store *store)
{
    return of(store)->batches;
}

static bool memory_is_unchanged(struct store *store, uint64_t moment)
{
    return of(store)->batches == moment;
}

static void memory_tend(struct store *store)
{
    (void)store;
}

static bool memory_figures(struct store *store, struct store_figures *out, struct error *error)
{
    (void)error;
    const struct memory_store *memory = of(store);
    *out = (struct store_figures){.keys = memory->count};
    for (size_t i = 0; i < memory->count; i++)
        out->bytes +=
            sizeof(struct entry) + memory->entries[i]->key_length + memory->entries[i]->value_length;
    return true;
}

static bool memory_backup(struct store *store, const char *directory, struct error *error)
{
    (void)store;
    return error_set(error, ERROR_INVALID, "%s: a store in memory has no files to back up", directory);
}

static void memory_close(struct store *store)
{
    struct memory_store *memory = of(store);
    for (size_t i = 0; i < memory->count; i++)
        free(memory->entries[i]);
    free(memory->entries);
    free(memory);
}

static bool memory_is_far(struct store *store)
{
    (void)store;
    return false;
}

static size_t memory_expect(struct store *store, const struct text *keys, size_t count)
{
    const struct memory_store *memory = of(store);
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += is_at(memory, find(memory, keys[i]), keys[i]);
    return found;
}

static const struct store_kind memory_kind = {
    memory_read,    memory_scan,   memory_write, memory_moment, memory_is_unchanged, memory_tend,
    memory_figures, memory_backup, memory_close, memory_is_far, memory_expect,
};

struct store *store_memory_open(struct error *error)
{
    char format[STORE_FORMAT_SIZE];
    limits_encode_format(format);
    struct store_write write = {STORE_FORMAT_KEY, {format, sizeof format}};
    struct memory_store *memory = calloc(1, sizeof *memory);
    if (memory == NULL) {
        error_set(error, ERROR_UNAVAILABLE, "no memory for a store");
        return NULL;
    }
    memory->store.kind = &memory_kind;
    if (!write_batch(memory, &write, 1, error)) {
        memory_close(&memory->store);
        return NULL;
    }
    return &memory->store;
}

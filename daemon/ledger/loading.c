/* The queue of reads and scans of one batch. */
#include "ledger/loading.h"

void loading_create(struct loading *loading, struct store *store, struct documents *documents)
{
    *loading = (struct loading){.store = store, .entries = documents->entries, .documents = documents};
}

void loading_clear(struct loading *loading)
{
    loading->first = loading->last = NULL;
    loading->read_from = loading->read_count = 0;
}

struct loading_scan *loading_add_scan(struct loading *loading)
{
    struct loading_scan *scan = arena_allocate(loading->entries->arena, sizeof *scan);
    if (scan == NULL) {
        loading->entries->failed = true;
        return NULL;
    }
    *scan = (struct loading_scan){.most = SIZE_MAX};
    if (loading->last == NULL)
        loading->first = scan;
    else
        loading->last->next = scan;
    loading->last = scan;
    return scan;
}

static void finish_read(struct loading *loading)
{
    struct entries *entries = loading->entries;
    loading->read_from += loading->read_count;
    if (loading->read_from == entries->wanted_count)
        loading->read_from = entries->wanted_count = 0;
}

static void read_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct loading *loading = context;
    struct entries *entries = loading->entries;
    for (size_t i = 0; error == NULL && i < count; i++) {
        if (!entries_learn(entries, entries->wanted[loading->read_from + i], values[i]))
            entries->failed = true;
    }
    finish_read(loading);
    if (error == NULL && !documents_decode(loading->documents))
        entries->failed = true;
    loading->next(loading->context, error);
}

static void start_read(struct loading *loading)
{
    struct entries *entries = loading->entries;
    size_t left = entries->wanted_count - loading->read_from;
    loading->read_count = left < LOADING_READ_MOST ? left : LOADING_READ_MOST;
    for (size_t i = 0; i < loading->read_count; i++) {
        struct entry *entry = entries->wanted[loading->read_from + i];
        entry->wanted = false;
        loading->keys[i] = entry->key;
    }
    store_read(loading->store, loading->keys, loading->read_count, read_cb, loading);
}

static bool scan_entry_cb(void *context, struct text key, struct text value)
{
    struct loading_scan *scan = ((struct loading *)context)->first;
    scan->seen++;
    return scan->entry(scan->context, key, value);
}

static void scan_done_cb(void *context, const struct error *error)
{
    struct loading *loading = context;
    struct loading_scan *scan = loading->first;
    if (error == NULL && scan->done != NULL)
        scan->done(scan->context);
    loading->first = scan->next;
    if (loading->first == NULL)
        loading->last = NULL;
    loading->next(loading->context, error);
}

static void start_scan(struct loading *loading)
{
    const struct loading_scan *scan = loading->first;
    struct text from = scan->from.length == 0 ? (struct text){NULL, 0} : key_text(&scan->from);
    store_scan(loading->store, from, key_text(&scan->prefix), scan->most, scan_entry_cb, scan_done_cb,
               loading);
}

bool loading_start(struct loading *loading)
{
    if (loading->entries->wanted_count > 0)
        start_read(loading);
    else if (loading->first != NULL)
        start_scan(loading);
    else
        return false;
    return true;
}

/* Looking for the note, rewriting, taking the note away. */
#include "ledger/compaction.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "ledger/keys.h"

static void note_key(struct key *key)
{
    key_meta(key, TEXT("erased"));
}

static void read_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    bool *wanted = context;
    (void)count;
    *wanted = error == NULL && values[0].bytes != NULL;
}

/* Where there is no store yet, or none that can be read, whoever opens it next will say so. */
static bool is_wanted(const char *directory)
{
    bool wanted = false;
    struct key key;
    struct error error;
    struct store *store = store_lmdb_open(directory, STORE_READER, 0, &error);
    if (store == NULL)
        return false;
    note_key(&key);
    struct text text = key_text(&key);
    store_read(store, &text, 1, read_cb, &wanted);
    store_close(store);
    return wanted;
}

static uint64_t file_bytes(const char *directory)
{
    char path[PATH_MAX];
    struct stat status;
    if (snprintf(path, sizeof path, "%s/" STORE_LMDB_FILE, directory) >= (int)sizeof path ||
        stat(path, &status) != 0)
        return 0;
    return (uint64_t)status.st_size;
}

static bool rewrite(const char *directory, struct compaction *result)
{
    uint64_t began_ms = clock_monotonic_ms();
    result->bytes_before = file_bytes(directory);
    bool rewritten = store_lmdb_compact(directory, &result->problem);
    result->bytes_after = file_bytes(directory);
    result->took_ms = clock_monotonic_ms() - began_ms;
    return rewritten;
}

static void written_cb(void *context, const struct error *error)
{
    struct compaction *result = context;
    result->done = error == NULL;
    if (error != NULL)
        result->problem = *error;
}

/* A batch of its own: if it is lost, the next start rewrites once more, which harms nobody. */
static void take_note_away(struct store *store, struct compaction *result)
{
    struct key key;
    note_key(&key);
    struct store_write write = {key_text(&key), {NULL, 0}};
    store_write(store, &write, 1, written_cb, result);
}

struct store *compaction_open(const char *directory, struct compaction *result, struct error *error)
{
    *result = (struct compaction){.wanted = is_wanted(directory)};
    bool rewritten = result->wanted && rewrite(directory, result);
    struct store *store = store_lmdb_open(directory, STORE_WRITER, 0, error);
    if (store != NULL && rewritten)
        take_note_away(store, result);
    return store;
}

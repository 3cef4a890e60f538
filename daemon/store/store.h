/*
 * What a store promises to the rest of the daemon.
 *
 * A store is an ordered map from keys to values, both plain bytes. There is one writer, the ledger, and any
 * number of readers. A batch of writes is applied whole or not at all; when its callback says so, it is
 * durable, and every read that begins afterwards, in any process, sees it. A batch that was refused (disk
 * full, map full, an I/O error) has changed nothing, and the next one may succeed.
 *
 * The contract is asynchronous: an embedded store calls back before the function returns, a remote one later
 * from the event loop. At most one batch is under way at a time; a caller collects the next one meanwhile.
 */
#ifndef SENDA_STORE_STORE_H
#define SENDA_STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum {
    STORE_KEY_MOST = 480,              /* bytes of the longest key; callers hash what is longer */
    STORE_VALUE_MOST = 8 * 1024 * 1024 /* bytes of the longest value */
};

/* One write; a value without bytes (NULL) deletes the key, which need not be there. */
struct store_write {
    struct text key;
    struct text value;
};

/* Figures for `stats` and for whoever watches the disk. */
struct store_figures {
    uint64_t keys;     /* in the store */
    uint64_t bytes;    /* that live data takes on disk, or in memory */
    uint64_t capacity; /* bytes that there is room for without growing; 0: not bounded */
};

/*
 * Values of the keys asked for, in their order, as of one moment; no bytes where a key is missing. Valid only
 * during the call: copy what is needed later. `error` is NULL on success; else `values` is NULL.
 */
typedef void (*store_read_cb)(void *context, const struct text *values, size_t count,
                              const struct error *error);

/* One entry of a scan; false ends it. Valid only during the call. */
typedef bool (*store_entry_cb)(void *context, struct text key, struct text value);

/* The outcome of a scan or of a batch: `error` is NULL on success. */
typedef void (*store_done_cb)(void *context, const struct error *error);

struct store;

/* What each kind of store implements; see the functions below for what they mean. */
struct store_kind {
    void (*read)(struct store *store, const struct text *keys, size_t count, store_read_cb done,
                 void *context);
    void (*scan)(struct store *store, struct text from, struct text prefix, size_t most, store_entry_cb entry,
                 store_done_cb done, void *context);
    void (*write)(struct store *store, const struct store_write *writes, size_t count, store_done_cb done,
                  void *context);
    uint64_t (*moment)(struct store *store);
    bool (*is_unchanged)(struct store *store, uint64_t moment);
    void (*tend)(struct store *store);
    bool (*figures)(struct store *store, struct store_figures *out, struct error *error);
    bool (*backup)(struct store *store, const char *directory, struct error *error);
    void (*close)(struct store *store);
    bool (*is_far)(struct store *store);
    size_t (*expect)(struct store *store, const struct text *keys, size_t count);
};

/* The first member of every kind's own struct. */
struct store {
    const struct store_kind *kind;
};

/* Reads up to a few keys as of one moment. From a callback of a read or scan: as of that one's moment. */
static inline void store_read(struct store *store, const struct text *keys, size_t count, store_read_cb done,
                              void *context)
{
    store->kind->read(store, keys, count, done, context);
}

/* Whether what is read has to be waited for, so that it is worth to say ahead what it will be. Costs next to
 * nothing. */
static inline bool store_is_far(struct store *store)
{
    return store->kind->is_far(store);
}

/*
 * Says which keys are read next, several at once, so that the store may fetch them together; it changes
 * nothing. Returns how many of them were found there; 0 also where it cannot look.
 */
static inline size_t store_expect(struct store *store, const struct text *keys, size_t count)
{
    return store->kind->expect(store, keys, count);
}

/*
 * Calls `entry` for the keys that begin with `prefix`, ascending (as memcmp orders them), from `from` on (no
 * bytes: from the first), at most `most` of them, as of one moment; then `done`. Nothing may be written
 * meanwhile by the callbacks.
 */
static inline void store_scan(struct store *store, struct text from, struct text prefix, size_t most,
                              store_entry_cb entry, store_done_cb done, void *context)
{
    store->kind->scan(store, from, prefix, most, entry, done, context);
}

/* The moment of the last read or scan, for store_is_unchanged; 0: none. */
static inline uint64_t store_moment(struct store *store)
{
    return store->kind->moment(store);
}

/* True where nothing was written since that moment. Costs next to nothing; false where it cannot be told. */
static inline bool store_is_unchanged(struct store *store, uint64_t moment)
{
    return store->kind->is_unchanged(store, moment);
}

/*
 * Applies the writes in their order, all or none, and makes them durable. Borrows everything until `done`.
 * ERROR_UNAVAILABLE: refused, nothing changed, worth another try.
 */
static inline void store_write(struct store *store, const struct store_write *writes, size_t count,
                               store_done_cb done, void *context)
{
    store->kind->write(store, writes, count, done, context);
}

/* To be called about once a minute by the writer: clears up behind readers that died. */
static inline void store_tend(struct store *store)
{
    store->kind->tend(store);
}

MUST_CHECK static inline bool store_figures(struct store *store, struct store_figures *out,
                                            struct error *error)
{
    return store->kind->figures(store, out, error);
}

/*
 * Writes a consistent copy, which holds nothing that was deleted, into an existing, empty directory, while
 * others read and write. Leaves nothing there on failure.
 */
MUST_CHECK static inline bool store_backup(struct store *store, const char *directory, struct error *error)
{
    return store->kind->backup(store, directory, error);
}

static inline void store_close(struct store *store)
{
    store->kind->close(store);
}

/* In memory, for tests: nothing survives closing. NULL on failure. */
struct store *store_memory_open(struct error *error);

/* The file in the directory of an embedded store that holds everything. */
#define STORE_LMDB_FILE "data.mdb"

/* The file beside it that processes share while they have it open; says nothing when none has. */
#define STORE_LMDB_LOCK_FILE "lock.mdb"

/* How a process opens the embedded store. */
enum store_access {
    STORE_WRITER, /* makes it where there is none; one at a time */
    STORE_READER, /* ERROR_UNAVAILABLE where the writer has not made it yet */
};

/*
 * LMDB in `directory`, which has to be there. To be opened after forking, once a process. `initial_bytes` is
 * the size of the map at first (0: 1 GiB of address space); it grows by itself. Refuses a format that is
 * newer than this program, saying both versions. NULL on failure.
 *
 * The writer holds the directory as long as it lives; another one is refused. After a failure of the disk it
 * opens its files anew by itself, so that the next batch may succeed.
 */
struct store *store_lmdb_open(const char *directory, enum store_access access, size_t initial_bytes,
                              struct error *error);

/*
 * A descriptor that keeps readers out while it is open, for whoever puts another file in the place of the one
 * in `directory` and takes LMDB's lock file away. -1 on failure, ERROR_UNAVAILABLE: somebody reads.
 */
int store_lmdb_hold(const char *directory, struct error *error) MUST_CHECK;

/*
 * Rewrites the files in `directory` so that nothing deleted is left in them; needs as much room again
 * meanwhile. Only while nobody has it open: ERROR_UNAVAILABLE if somebody has.
 */
MUST_CHECK bool store_lmdb_compact(const char *directory, struct error *error);

/* Bytes that whoever rewrites the files in `directory` right now has put into the new one; 0: nobody does. */
uint64_t store_lmdb_rewritten(const char *directory);

#endif

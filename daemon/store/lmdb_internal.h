/* What the files of the LMDB store share; nobody else includes it. */
#ifndef SENDA_STORE_LMDB_INTERNAL_H
#define SENDA_STORE_LMDB_INTERNAL_H

#include <lmdb.h>

#include "store/limits.h"
#include "store/store.h"

enum {
    LMDB_FILE_MODE = 0600,
    LMDB_READERS_MOST = 1024, /* processes that may have one store open */
};

/* The files in a store's directory. LMDB chooses these two names. */
#define LMDB_DATA_FILE STORE_LMDB_FILE
#define LMDB_LOCK_FILE STORE_LMDB_LOCK_FILE

struct lmdb_store {
    struct store store;
    char *directory;          /* owned; as it was given */
    enum store_access access; /* what this process may do */
    int held; /* descriptor, locked: a writer's of the directory, a reader's of the data file; -1: none */
    size_t least_map; /* bytes that the map has at least; 0: as the file says */
    MDB_env *env;     /* owned; NULL after a failure, until somebody needs it again */
    MDB_dbi table;    /* the one that holds everything */
    MDB_txn *reading; /* owned; a read transaction, reset while `depth` is 0; NULL if env is */
    const char *map;  /* where lmdb_ahead.c found the file to be; NULL: not known */
    uint64_t moment;  /* LMDB's number of the batch that the last read saw; 0: none yet */
    unsigned depth;   /* reads and scans under way, one inside the other's callback */
    bool settled;     /* writer: what the file says is on disk, see lmdb_environment.c */
    size_t committed; /* writer: LMDB's number of the last batch that was acknowledged */
    const struct store_write **order; /* owned; a batch's writes by key; NULL before the first */
    size_t order_capacity;            /* pointers that `order` has room for */
};

static inline struct lmdb_store *lmdb_of(struct store *store)
{
    return (struct lmdb_store *)store;
}

/* lmdb_error.c: `rc` is what LMDB returned; the message says what was tried, in which directory. Returns
 * false. */
bool lmdb_error_set(struct error *error, const char *directory, const char *tried, int rc);

/* lmdb_environment.c: opens env and `reading`, in a writer makes the files first where there are none. */
MUST_CHECK bool lmdb_environment_open(struct lmdb_store *store, struct error *error);

/* Closes both; nothing where they are closed. */
void lmdb_environment_close(struct lmdb_store *store);

/* Before a writer's batch: makes sure that what the file says is on disk. */
MUST_CHECK bool lmdb_environment_settle(struct lmdb_store *store, struct error *error);

/* lmdb_map.c: makes room for a batch that takes about `bytes`. On failure env may be NULL. */
MUST_CHECK bool lmdb_map_grow(struct lmdb_store *store, size_t bytes, struct error *error);

/* Grows the map once most of it is in use; where that fails the batch is tried with what there is. */
void lmdb_map_grow_early(struct lmdb_store *store, size_t bytes);

/* Another process has grown it: follows. LMDB's code; env is unusable if it isn't 0. */
int lmdb_map_follow(struct lmdb_store *store);

/* lmdb_read.c: `reading` is renewed until the end; may be nested. */
MUST_CHECK bool lmdb_read_begin(struct lmdb_store *store, struct error *error);
void lmdb_read_end(struct lmdb_store *store);
void lmdb_read(struct store *store, const struct text *keys, size_t count, store_read_cb done, void *context);
void lmdb_scan(struct store *store, struct text from, struct text prefix, size_t most, store_entry_cb entry,
               store_done_cb done, void *context);

/* lmdb_ahead.c */
bool lmdb_is_far(struct store *store);
size_t lmdb_expect(struct store *store, const struct text *keys, size_t count);

/* lmdb_write.c */
void lmdb_write(struct store *store, const struct store_write *writes, size_t count, store_done_cb done,
                void *context);

/*
 * lmdb_rewrite.c: writes LMDB_DATA_FILE into `directory`, which has none, with what `source` sees (NULL: an
 * empty store) and nothing else, not even in unused bytes. It and its name are on disk when this returns
 * true; on failure nothing is left.
 */
MUST_CHECK bool lmdb_rewrite(MDB_txn *source, MDB_dbi table, const char *directory, struct error *error);

/* Puts such a file in the place of the one in `directory`, whole or not at all. */
MUST_CHECK bool lmdb_rewrite_in_place(MDB_txn *source, MDB_dbi table, const char *directory,
                                      struct error *error);

/* Removes what a lmdb_rewrite_in_place left that was cut off. */
void lmdb_rewrite_clear_up(const char *directory);

/* lmdb_hold.c: a descriptor that keeps other writers of the directory out while it is open; -1 on failure. */
int lmdb_hold_directory(const char *directory, struct error *error);

/* One that keeps the data file where it is while it is open; -1 on failure. */
int lmdb_hold_for_reading(const char *directory, struct error *error);

/* `directory`/`name` to be freed; NULL when memory is out. */
char *lmdb_path(const char *directory, const char *name, struct error *error);

#endif

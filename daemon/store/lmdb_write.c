/* Writing: one transaction a batch, its writes sorted by key so that neighbours share the pages they touch.
 */
#include <stdlib.h>

#include "store/lmdb_internal.h"

enum { PAGES_A_WRITE = 8 /* a leaf and what is above it, generously, all of which a write copies */ };

/* By key; writes of one key in the order in which they were given. */
static int compare_writes(const void *a, const void *b)
{
    const struct store_write *left = *(const struct store_write *const *)a;
    const struct store_write *right = *(const struct store_write *const *)b;
    int order = text_compare(left->key, right->key);
    return order != 0 ? order : (left > right) - (left < right);
}

static bool sort_writes(struct lmdb_store *store, const struct store_write *writes, size_t count,
                        struct error *error)
{
    if (store->order_capacity < count) {
        const struct store_write **order = realloc(store->order, count * sizeof *order);
        if (order == NULL)
            return error_set(error, ERROR_UNAVAILABLE, "no memory for a batch of %zu writes", count);
        store->order = order;
        store->order_capacity = count;
    }
    for (size_t i = 0; i < count; i++)
        store->order[i] = &writes[i];
    qsort(store->order, count, sizeof *store->order, compare_writes);
    return true;
}

static int apply(MDB_cursor *cursor, const struct store_write *write)
{
    MDB_val key = {write->key.length, (void *)write->key.bytes};
    MDB_val value = {write->value.length, (void *)write->value.bytes};
    if (write->value.bytes != NULL)
        return mdb_cursor_put(cursor, &key, &value, 0);
    int rc = mdb_cursor_get(cursor, &key, NULL, MDB_SET);
    if (rc == 0)
        rc = mdb_cursor_del(cursor, 0);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/*
 * Of several writes of one key the last one alone. One cursor for all: a key on the page where the cursor
 * stands is found without going down the tree again.
 */
static int apply_all(const struct lmdb_store *store, MDB_txn *writing, size_t count)
{
    MDB_cursor *cursor;
    int rc = mdb_cursor_open(writing, store->table, &cursor);
    if (rc != 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < count; i++)
        if (i + 1 == count || !text_equal(store->order[i]->key, store->order[i + 1]->key))
            rc = apply(cursor, store->order[i]);
    mdb_cursor_close(cursor);
    return rc;
}

static int begin(struct lmdb_store *store, MDB_txn **writing)
{
    int rc = mdb_txn_begin(store->env, NULL, 0, writing);
    if (rc == MDB_MAP_RESIZED) {
        rc = lmdb_map_follow(store);
        if (rc == 0)
            rc = mdb_txn_begin(store->env, NULL, 0, writing);
    }
    return rc;
}

/* LMDB's code. A map that is full has touched nothing; after anything else the files have to be settled. */
static int commit(struct lmdb_store *store, size_t count)
{
    MDB_txn *writing;
    MDB_envinfo info;
    int rc = begin(store, &writing);
    if (rc == 0) {
        rc = apply_all(store, writing, count);
        if (rc == 0)
            rc = mdb_txn_commit(writing);
        else
            mdb_txn_abort(writing);
    }
    if (rc == 0) {
        mdb_env_info(store->env, &info);
        store->committed = info.me_last_txnid;
    } else if (rc != MDB_MAP_FULL) {
        store->settled = false;
        lmdb_environment_close(store);
    }
    return rc;
}

/* Bytes of map that the batch may take at most. */
static size_t bytes_of(const struct lmdb_store *store, const struct store_write *writes, size_t count)
{
    MDB_stat stat;
    mdb_env_stat(store->env, &stat);
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += writes[i].value.length + PAGES_A_WRITE * (size_t)stat.ms_psize;
    return bytes;
}

/* Growing may have closed the environment and failed to open it again. */
static bool make_ready(struct lmdb_store *store, struct error *error)
{
    return (store->env != NULL || lmdb_environment_open(store, error)) &&
           lmdb_environment_settle(store, error);
}

static bool write_batch(struct lmdb_store *store, const struct store_write *writes, size_t count,
                        struct error *error)
{
    if (count == 0)
        return true;
    if (!limits_check_writes(writes, count, error) || !sort_writes(store, writes, count, error) ||
        !make_ready(store, error))
        return false;
    size_t bytes = bytes_of(store, writes, count);
    lmdb_map_grow_early(store, bytes);
    if (!make_ready(store, error))
        return false;
    int rc = commit(store, count);
    if (rc == MDB_MAP_FULL) {
        if (!lmdb_map_grow(store, bytes, error))
            return false;
        rc = commit(store, count);
    }
    return rc == 0 || lmdb_error_set(error, store->directory, "written", rc);
}

void lmdb_write(struct store *store, const struct store_write *writes, size_t count, store_done_cb done,
                void *context)
{
    struct lmdb_store *lmdb = lmdb_of(store);
    struct error error;
    bool written = false;
    if (lmdb->access == STORE_READER)
        error_set(&error, ERROR_INTERNAL, "a batch in a process that only reads the store");
    else if (lmdb->depth > 0)
        error_set(&error, ERROR_INTERNAL, "a batch from within a callback of a read");
    else
        written = write_batch(lmdb, writes, count, &error);
    done(context, written ? NULL : &error);
}

/*
 * Reading: one read transaction that is renewed for each call and reset behind it, which takes no lock and no
 * system call. While it is reset it keeps no page from being used again.
 */
#include <stdlib.h>

#include "store/lmdb_internal.h"

enum { FEW_KEYS = 32 /* that no memory has to be taken for */ };

/* An environment that a failure has closed is opened again by whoever needs it. */
static int renew(struct lmdb_store *store)
{
    int rc = mdb_txn_renew(store->reading);
    if (rc == MDB_MAP_RESIZED) {
        rc = lmdb_map_follow(store);
        if (rc == 0)
            rc = mdb_txn_renew(store->reading);
    }
    return rc;
}

bool lmdb_read_begin(struct lmdb_store *store, struct error *error)
{
    if (store->depth == 0) {
        if (store->env == NULL && !lmdb_environment_open(store, error))
            return false;
        int rc = renew(store);
        if (rc != 0) {
            lmdb_environment_close(store);
            return lmdb_error_set(error, store->directory, "read", rc);
        }
        store->moment = mdb_txn_id(store->reading);
    }
    store->depth++;
    return true;
}

void lmdb_read_end(struct lmdb_store *store)
{
    if (--store->depth == 0)
        mdb_txn_reset(store->reading);
}

static bool get_values(const struct lmdb_store *store, const struct text *keys, size_t count,
                       struct text *values, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        MDB_val key = {keys[i].length, (void *)keys[i].bytes}, value = {0, NULL};
        int rc = mdb_get(store->reading, store->table, &key, &value);
        if (rc != 0 && rc != MDB_NOTFOUND)
            return lmdb_error_set(error, store->directory, "read", rc);
        values[i] = rc == 0 ? (struct text){value.mv_data, value.mv_size} : (struct text){NULL, 0};
    }
    return true;
}

static void read_into(struct lmdb_store *store, const struct text *keys, size_t count, struct text *values,
                      store_read_cb done, void *context)
{
    struct error error;
    if (!limits_check_keys(keys, count, &error) || !lmdb_read_begin(store, &error)) {
        done(context, NULL, 0, &error);
        return;
    }
    if (get_values(store, keys, count, values, &error))
        done(context, values, count, NULL);
    else
        done(context, NULL, 0, &error);
    lmdb_read_end(store);
}

void lmdb_read(struct store *store, const struct text *keys, size_t count, store_read_cb done, void *context)
{
    struct text few[FEW_KEYS];
    struct text *values = count <= FEW_KEYS ? few : calloc(count, sizeof *values);
    if (values != NULL) {
        read_into(lmdb_of(store), keys, count, values, done, context);
    } else {
        struct error error;
        error_set(&error, ERROR_UNAVAILABLE, "no memory for %zu values", count);
        done(context, NULL, 0, &error);
    }
    if (values != few)
        free(values);
}

static bool begins_with(const MDB_val *key, struct text prefix)
{
    return key->mv_size >= prefix.length &&
           (prefix.length == 0 || memcmp(key->mv_data, prefix.bytes, prefix.length) == 0);
}

static int walk(MDB_cursor *cursor, struct text from, struct text prefix, size_t most, store_entry_cb entry,
                void *context)
{
    MDB_val key = {from.length, (void *)from.bytes}, value;
    int rc = mdb_cursor_get(cursor, &key, &value, from.length == 0 ? MDB_FIRST : MDB_SET_RANGE);
    for (size_t left = most; left > 0 && rc == 0 && begins_with(&key, prefix); left--) {
        if (!entry(context, (struct text){key.mv_data, key.mv_size},
                   (struct text){value.mv_data, value.mv_size}))
            break;
        if (left > 1)
            rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    return rc == MDB_NOTFOUND ? 0 : rc;
}

static bool scan(struct lmdb_store *store, struct text from, struct text prefix, size_t most,
                 store_entry_cb entry, void *context, struct error *error)
{
    MDB_cursor *cursor;
    if (!limits_check_scan(from, prefix, error) || !lmdb_read_begin(store, error))
        return false;
    int rc = mdb_cursor_open(store->reading, store->table, &cursor);
    if (rc == 0) {
        rc = walk(cursor, text_compare(from, prefix) > 0 ? from : prefix, prefix, most, entry, context);
        mdb_cursor_close(cursor);
    }
    lmdb_read_end(store);
    return rc == 0 || lmdb_error_set(error, store->directory, "read", rc);
}

void lmdb_scan(struct store *store, struct text from, struct text prefix, size_t most, store_entry_cb entry,
               store_done_cb done, void *context)
{
    struct error error;
    bool scanned = scan(lmdb_of(store), from, prefix, most, entry, context, &error);
    done(context, scanned ? NULL : &error);
}

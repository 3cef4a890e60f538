/*
 * Files with what is live and nothing else: a new store, a backup, a store from which what was deleted has to
 * be gone. LMDB's own copy takes pages over as they are, and with them what was deleted within; so entries
 * are put in, one after the other, in order, which also fills the pages.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/lmdb_internal.h"

enum {
    ENTRIES_A_TRANSACTION = 4096,
    BYTES_A_TRANSACTION = 32 * 1024 * 1024,
    SPARE_MAP = 2 * BYTES_A_TRANSACTION, /* for pages that are copied from one transaction to the next */
};

/* Below the store's directory, so that it is on the same disk. */
#define WORKSHOP "rewrite.tmp"

static int put_format(MDB_txn *writing, MDB_dbi table)
{
    struct text name = STORE_FORMAT_KEY;
    char format[STORE_FORMAT_SIZE];
    limits_encode_format(format);
    MDB_val key = {name.length, (void *)name.bytes}, value = {sizeof format, format};
    return mdb_put(writing, table, &key, &value, 0);
}

/* Copies from where the cursor is until a transaction is full; MDB_NOTFOUND behind the last entry. */
static int copy_some(MDB_cursor *from, MDB_cursor_op first, MDB_txn *writing, MDB_dbi table)
{
    MDB_val key, value;
    size_t entries = 0, bytes = 0;
    int rc = mdb_cursor_get(from, &key, &value, first);
    while (rc == 0) {
        rc = mdb_put(writing, table, &key, &value, MDB_APPEND);
        bytes += key.mv_size + value.mv_size;
        if (rc != 0 || ++entries == ENTRIES_A_TRANSACTION || bytes >= BYTES_A_TRANSACTION)
            break;
        rc = mdb_cursor_get(from, &key, &value, MDB_NEXT);
    }
    return rc;
}

/* One transaction; `from` is NULL to make an empty store. `*first` says how the cursor gets to its next
 * entry. */
static int fill_some(MDB_env *env, MDB_cursor *from, MDB_cursor_op *first, bool *more)
{
    MDB_txn *writing;
    MDB_dbi table;
    int rc = mdb_txn_begin(env, NULL, 0, &writing);
    if (rc != 0)
        return rc;
    rc = mdb_dbi_open(writing, NULL, 0, &table);
    if (rc == 0)
        rc = from == NULL ? put_format(writing, table) : copy_some(from, *first, writing, table);
    *first = MDB_NEXT;
    *more = rc == 0 && from != NULL;
    if (rc == 0 || rc == MDB_NOTFOUND)
        return mdb_txn_commit(writing);
    mdb_txn_abort(writing);
    return rc;
}

static int fill(MDB_env *env, MDB_txn *source, MDB_dbi table)
{
    MDB_cursor *from = NULL;
    MDB_cursor_op first = MDB_FIRST;
    bool more = true;
    int rc = source == NULL ? 0 : mdb_cursor_open(source, table, &from);
    while (rc == 0 && more)
        rc = fill_some(env, from, &first, &more);
    if (from != NULL)
        mdb_cursor_close(from);
    return rc == 0 ? mdb_env_sync(env, 1) : rc;
}

/* 0: LMDB's smallest, which is enough for an empty store. */
static size_t map_for(MDB_txn *source)
{
    MDB_envinfo info;
    if (source == NULL)
        return 0;
    mdb_env_info(mdb_txn_env(source), &info);
    return info.me_mapsize + SPARE_MAP;
}

/* Nobody else knows of the file yet, so there are no locks; and nothing has to last before it is whole. */
static int make_file(MDB_txn *source, MDB_dbi table, const char *directory)
{
    MDB_env *env;
    int rc = mdb_env_create(&env);
    if (rc != 0)
        return rc;
    rc = mdb_env_set_mapsize(env, map_for(source));
    if (rc == 0)
        rc = mdb_env_open(env, directory, MDB_NOLOCK | MDB_NOSYNC, LMDB_FILE_MODE);
    if (rc == 0)
        rc = fill(env, source, table);
    mdb_env_close(env);
    return rc;
}

/* 0 or errno. */
static int sync_directory(const char *directory)
{
    int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor == -1)
        return errno;
    int rc = fsync(descriptor) == 0 ? 0 : errno;
    close(descriptor);
    return rc;
}

bool lmdb_rewrite(MDB_txn *source, MDB_dbi table, const char *directory, struct error *error)
{
    char *path = lmdb_path(directory, LMDB_DATA_FILE, error);
    if (path == NULL)
        return false;
    int rc = make_file(source, table, directory);
    if (rc == 0)
        rc = sync_directory(directory);
    if (rc != 0)
        unlink(path);
    free(path);
    return rc == 0 || lmdb_error_set(error, directory, "written", rc);
}

void lmdb_rewrite_clear_up(const char *directory)
{
    char *file = lmdb_path(directory, WORKSHOP "/" LMDB_DATA_FILE, NULL);
    char *workshop = lmdb_path(directory, WORKSHOP, NULL);
    if (file != NULL && workshop != NULL) {
        unlink(file);
        rmdir(workshop);
    }
    free(workshop);
    free(file);
}

static bool move_into_place(const char *workshop, const char *directory, struct error *error)
{
    char *from = lmdb_path(workshop, LMDB_DATA_FILE, error);
    char *to = lmdb_path(directory, LMDB_DATA_FILE, error);
    int rc = from == NULL || to == NULL ? ENOMEM : rename(from, to) != 0 ? errno : sync_directory(directory);
    free(to);
    free(from);
    return rc == 0 || lmdb_error_set(error, directory, "written", rc);
}

static bool rewrite_through(const char *workshop, MDB_txn *source, MDB_dbi table, const char *directory,
                            struct error *error)
{
    if (mkdir(workshop, S_IRWXU) != 0)
        return error_set(error, ERROR_UNAVAILABLE,
                         "no store can be made in %s: %s: expected a directory that senda may write",
                         directory, strerror(errno));
    return lmdb_rewrite(source, table, workshop, error) && move_into_place(workshop, directory, error);
}

bool lmdb_rewrite_in_place(MDB_txn *source, MDB_dbi table, const char *directory, struct error *error)
{
    char *workshop = lmdb_path(directory, WORKSHOP, error);
    if (workshop == NULL)
        return false;
    lmdb_rewrite_clear_up(directory);
    bool rewritten = rewrite_through(workshop, source, table, directory, error);
    lmdb_rewrite_clear_up(directory);
    free(workshop);
    return rewritten;
}

uint64_t store_lmdb_rewritten(const char *directory)
{
    struct stat status;
    char *file = lmdb_path(directory, WORKSHOP "/" LMDB_DATA_FILE, NULL);
    bool found = file != NULL && stat(file, &status) == 0;
    free(file);
    return found ? (uint64_t)status.st_size : 0;
}

/*
 * Opening LMDB's environment, and what has to be done before a batch is written into files that somebody
 * else, or a commit that failed, has left.
 *
 * A commit writes the pages of the new tree to where nothing else is, waits until they are on disk, and then
 * writes one of the two meta pages, waiting again. So far nothing can be lost. Three things have to be seen
 * to:
 *
 * 1. If writing the meta page fails, LMDB puts the old one back without waiting for it. The new one may have
 *    reached the disk nevertheless. The next batch overwrites the pages that it points at, so before that the
 *    old one has to be on disk.
 * 2. After a failed sync, Linux takes the pages for clean, and the next sync succeeds without writing them.
 * So a sync proves something only about what was written after the last failure; and the failure is reported
 *    once more to every descriptor that was open.
 * 3. A writer that was killed may have left a meta page that is in memory only; what it says must not be
 *    acknowledged before it is on disk.
 *
 * Therefore: after any failure the environment is closed, which ends old descriptors; and before the first
 * batch after opening, the meta pages are written anew as they are and synced. The pages of trees that were
 * never committed don't matter, they are written whole before anything points at them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/lmdb_internal.h"

enum { META_PAGES = 2 /* at the beginning of the file */ };

/* All data are read by single keys, so reading ahead would only fill the memory. */
#define ENVIRONMENT_FLAGS (MDB_NOTLS | MDB_NORDAHEAD)

/* As read from `reading`, which is open and stays so. */
static bool check_format(struct lmdb_store *store, struct error *error)
{
    struct text name = STORE_FORMAT_KEY;
    MDB_val key = {name.length, (void *)name.bytes}, value;
    int rc = mdb_get(store->reading, store->table, &key, &value);
    if (rc != 0 && rc != MDB_NOTFOUND)
        return lmdb_error_set(error, store->directory, "read", rc);
    struct text format = {NULL, 0};
    if (rc == 0)
        format = (struct text){value.mv_data, value.mv_size};
    return limits_check_format(format, error) || error_prefix(error, "the store in %s: ", store->directory);
}

static bool begin_reading(struct lmdb_store *store, struct error *error)
{
    int rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &store->reading);
    if (rc == 0)
        rc = mdb_dbi_open(store->reading, NULL, 0, &store->table);
    if (rc != 0)
        return lmdb_error_set(error, store->directory, "read", rc);
    if (!check_format(store, error))
        return false;
    mdb_txn_reset(store->reading);
    return true;
}

static bool grow_to_least(struct lmdb_store *store, struct error *error)
{
    MDB_envinfo info;
    mdb_env_info(store->env, &info);
    if (info.me_mapsize >= store->least_map)
        return true;
    int rc = mdb_env_set_mapsize(store->env, store->least_map);
    return rc == 0 || lmdb_error_set(error, store->directory, "mapped", rc);
}

/*
 * The number of the last batch, as all that have the store open agree. Asking for it as a writer also lets
 * LMDB clear up behind one that died. The file may say something newer if a failing disk kept LMDB from
 * putting the old meta page back; then it may only be opened anew by everybody.
 */
static bool last_batch(struct lmdb_store *store, size_t *number, struct error *error)
{
    MDB_txn *writing;
    MDB_envinfo info;
    int rc = mdb_txn_begin(store->env, NULL, 0, &writing);
    if (rc != 0)
        return lmdb_error_set(error, store->directory, "written", rc);
    *number = mdb_txn_id(writing) - 1;
    mdb_txn_abort(writing);
    mdb_env_info(store->env, &info);
    if (info.me_last_txnid == *number)
        return true;
    return error_set(
        error, ERROR_UNAVAILABLE,
        "a failing disk has left a half-refused batch in the store in %s: expected every process that "
        "has it open to be started anew",
        store->directory);
}

static bool prepare_writer(struct lmdb_store *store, struct error *error)
{
    int dead;
    size_t number = 0;
    mdb_reader_check(store->env, &dead);
    if (!grow_to_least(store, error) || !last_batch(store, &number, error))
        return false;
    if (store->committed == 0)
        store->committed = number;
    if (store->committed == number)
        return true;
    return error_set(error, ERROR_UNAVAILABLE,
                     "a batch that was refused is in the store in %s: expected the writer to be started anew",
                     store->directory);
}

static bool file_exists(const char *directory, bool *exists, struct error *error)
{
    struct stat status;
    char *path = lmdb_path(directory, LMDB_DATA_FILE, error);
    if (path == NULL)
        return false;
    *exists = stat(path, &status) == 0;
    free(path);
    if (*exists || errno == ENOENT)
        return true;
    return error_set(error, ERROR_UNAVAILABLE, "the store in %s can't be opened: %s", directory,
                     strerror(errno));
}

static bool make_files(const struct lmdb_store *store, struct error *error)
{
    bool exists;
    if (!file_exists(store->directory, &exists, error))
        return false;
    if (exists)
        return true;
    if (store->access == STORE_READER)
        return error_set(error, ERROR_UNAVAILABLE,
                         "there is no store in %s yet: expected its writer to make it", store->directory);
    return lmdb_rewrite_in_place(NULL, 0, store->directory, error);
}

static bool open_environment(struct lmdb_store *store, struct error *error)
{
    unsigned flags = ENVIRONMENT_FLAGS | (store->access == STORE_READER ? MDB_RDONLY : 0);
    int rc = mdb_env_create(&store->env);
    if (rc == 0)
        rc = mdb_env_set_maxreaders(store->env, LMDB_READERS_MOST);
    if (rc == 0)
        rc = mdb_env_open(store->env, store->directory, flags, LMDB_FILE_MODE);
    return rc == 0 || lmdb_error_set(error, store->directory, "opened", rc);
}

bool lmdb_environment_open(struct lmdb_store *store, struct error *error)
{
    if (!make_files(store, error))
        return false;
    if (open_environment(store, error) && (store->access == STORE_READER || prepare_writer(store, error)) &&
        begin_reading(store, error))
        return true;
    lmdb_environment_close(store);
    return false;
}

void lmdb_environment_close(struct lmdb_store *store)
{
    if (store->reading != NULL)
        mdb_txn_abort(store->reading);
    if (store->env != NULL)
        mdb_env_close(store->env);
    store->reading = NULL;
    store->env = NULL;
    store->map = NULL;
}

static bool write_anew(int descriptor, char *bytes, size_t length)
{
    errno = EIO;
    return pread(descriptor, bytes, length, 0) == (ssize_t)length &&
           pwrite(descriptor, bytes, length, 0) == (ssize_t)length && fdatasync(descriptor) == 0;
}

bool lmdb_environment_settle(struct lmdb_store *store, struct error *error)
{
    if (store->settled)
        return true;
    MDB_stat stat;
    mdb_env_stat(store->env, &stat);
    size_t length = (size_t)META_PAGES * stat.ms_psize;
    char *path = lmdb_path(store->directory, LMDB_DATA_FILE, error);
    char *bytes = malloc(length);
    int descriptor = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    store->settled = bytes != NULL && descriptor != -1 && write_anew(descriptor, bytes, length);
    int rc = errno;
    if (descriptor != -1)
        close(descriptor);
    free(bytes);
    free(path);
    return store->settled || lmdb_error_set(error, store->directory, "written", rc);
}

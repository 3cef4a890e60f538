/* The store in LMDB's files: opening, closing, tending, figures and backups; the rest is in its sister files.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/lmdb_internal.h"

/* Bytes of the map at first: address space alone. */
#define LMDB_MAP_AT_FIRST ((size_t)1024 * 1024 * 1024)

/* A batch's number is in the page that makes it valid, so whoever sees the batch sees the number. */
static bool lmdb_is_unchanged(struct store *store, uint64_t moment)
{
    MDB_envinfo info;
    const struct lmdb_store *lmdb = lmdb_of(store);
    return moment != 0 && lmdb->env != NULL && mdb_env_info(lmdb->env, &info) == 0 &&
           info.me_last_txnid == moment;
}

static uint64_t lmdb_moment(struct store *store)
{
    return lmdb_of(store)->moment;
}

static void lmdb_tend(struct store *store)
{
    int dead;
    struct lmdb_store *lmdb = lmdb_of(store);
    if (lmdb->env != NULL)
        mdb_reader_check(lmdb->env, &dead);
}

static bool lmdb_figures(struct store *store, struct store_figures *out, struct error *error)
{
    MDB_stat stat;
    MDB_envinfo info;
    struct lmdb_store *lmdb = lmdb_of(store);
    if (!lmdb_read_begin(lmdb, error))
        return false;
    int rc = mdb_stat(lmdb->reading, lmdb->table, &stat);
    mdb_env_info(lmdb->env, &info);
    lmdb_read_end(lmdb);
    if (rc != 0)
        return lmdb_error_set(error, lmdb->directory, "read", rc);
    out->keys = stat.ms_entries;
    out->bytes = (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) * stat.ms_psize;
    out->capacity = info.me_mapsize;
    return true;
}

/* But for itself and its parent. */
static bool is_empty(DIR *directory)
{
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return false;
    return true;
}

static bool check_empty(const char *path, struct error *error)
{
    DIR *directory = opendir(path);
    if (directory == NULL)
        return error_set(error, ERROR_INVALID, "no backup can be made in %s: %s: expected an empty directory",
                         path, strerror(errno));
    bool empty = is_empty(directory);
    closedir(directory);
    return empty ||
           error_set(error, ERROR_INVALID,
                     "no backup can be made in %s: there is something in it: expected an empty directory",
                     path);
}

static bool lmdb_backup(struct store *store, const char *directory, struct error *error)
{
    struct lmdb_store *lmdb = lmdb_of(store);
    if (!check_empty(directory, error) || !lmdb_read_begin(lmdb, error))
        return false;
    bool written = lmdb_rewrite(lmdb->reading, lmdb->table, directory, error);
    lmdb_read_end(lmdb);
    return written;
}

static void lmdb_close(struct store *store)
{
    struct lmdb_store *lmdb = lmdb_of(store);
    lmdb_environment_close(lmdb);
    if (lmdb->held != -1)
        close(lmdb->held);
    free(lmdb->order);
    free(lmdb->directory);
    free(lmdb);
}

static const struct store_kind lmdb_kind = {
    lmdb_read,    lmdb_scan,   lmdb_write, lmdb_moment, lmdb_is_unchanged, lmdb_tend,
    lmdb_figures, lmdb_backup, lmdb_close, lmdb_is_far, lmdb_expect,
};

static struct lmdb_store *lmdb_new(const char *directory, enum store_access access, size_t initial_bytes,
                                   struct error *error)
{
    struct lmdb_store *lmdb = calloc(1, sizeof *lmdb);
    char *copy = strdup(directory);
    if (lmdb == NULL || copy == NULL) {
        free(lmdb);
        free(copy);
        error_set(error, ERROR_UNAVAILABLE, "no memory for a store");
        return NULL;
    }
    lmdb->store.kind = &lmdb_kind;
    lmdb->directory = copy;
    lmdb->access = access;
    lmdb->held = -1;
    lmdb->least_map = initial_bytes > 0 ? initial_bytes : LMDB_MAP_AT_FIRST;
    return lmdb;
}

static bool open_writer(struct lmdb_store *lmdb, struct error *error)
{
    lmdb->held = lmdb_hold_directory(lmdb->directory, error);
    if (lmdb->held == -1)
        return false;
    lmdb_rewrite_clear_up(lmdb->directory);
    return lmdb_environment_open(lmdb, error) && lmdb_environment_settle(lmdb, error);
}

static bool open_reader(struct lmdb_store *lmdb, struct error *error)
{
    lmdb->held = lmdb_hold_for_reading(lmdb->directory, error);
    return lmdb->held != -1 && lmdb_environment_open(lmdb, error);
}

struct store *store_lmdb_open(const char *directory, enum store_access access, size_t initial_bytes,
                              struct error *error)
{
    struct lmdb_store *lmdb = lmdb_new(directory, access, initial_bytes, error);
    if (lmdb == NULL)
        return NULL;
    if (access == STORE_WRITER ? open_writer(lmdb, error) : open_reader(lmdb, error))
        return &lmdb->store;
    lmdb_close(&lmdb->store);
    return NULL;
}

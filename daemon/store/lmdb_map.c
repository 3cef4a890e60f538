/*
 * How the map grows. It is address space: a larger one takes neither memory nor disk until data come. Only
 * the writer grows it; readers follow when a transaction tells them that there are pages beyond theirs.
 */
#include "store/lmdb_internal.h"

enum {
    FULL_ENOUGH_PERCENT = 80,
    MAP_UNIT = 1024 * 1024, /* sizes are multiples of this many bytes */
};

static size_t round_up(size_t bytes)
{
    return (bytes + MAP_UNIT - 1) / MAP_UNIT * MAP_UNIT;
}

/* LMDB has let go of the old map by the time that it finds out, so the environment goes with it. */
static bool resize(struct lmdb_store *store, size_t bytes, struct error *error)
{
    store->map = NULL;
    int rc = mdb_env_set_mapsize(store->env, bytes);
    if (rc == 0)
        return true;
    lmdb_environment_close(store);
    if (!lmdb_environment_open(store, error))
        return false;
    return error_set(error, ERROR_UNAVAILABLE, "the map of the store in %s can't grow to %zu MiB: %s",
                     store->directory, bytes / MAP_UNIT, mdb_strerror(rc));
}

bool lmdb_map_grow(struct lmdb_store *store, size_t bytes, struct error *error)
{
    MDB_envinfo info;
    mdb_env_info(store->env, &info);
    if (info.me_mapsize > SIZE_MAX / 4 - bytes)
        return lmdb_error_set(error, store->directory, "written", MDB_MAP_FULL);
    size_t enough = info.me_mapsize + bytes, doubled = info.me_mapsize * 2;
    return resize(store, round_up(enough > doubled ? enough : doubled), error);
}

void lmdb_map_grow_early(struct lmdb_store *store, size_t bytes)
{
    MDB_envinfo info;
    MDB_stat stat;
    mdb_env_info(store->env, &info);
    mdb_env_stat(store->env, &stat);
    size_t used = (info.me_last_pgno + 1) * stat.ms_psize;
    if (used / FULL_ENOUGH_PERCENT < info.me_mapsize / 100)
        return;
    bool grown = lmdb_map_grow(store, bytes, NULL);
    (void)grown;
}

int lmdb_map_follow(struct lmdb_store *store)
{
    store->map = NULL;
    return mdb_env_set_mapsize(store->env, 0);
}

/* Rewriting a store that nobody has open, so that nothing deleted is left in its files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/lmdb_internal.h"

/* Who has the store open holds a lock on the first byte of LMDB's lock file. 0: nobody does. */
static pid_t find_user(const char *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    pid_t user = 0;
    if (descriptor == -1)
        return 0;
    if (fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
        user = lock.l_pid;
    close(descriptor);
    return user;
}

static bool check_unused(const char *directory, struct error *error)
{
    char *path = lmdb_path(directory, LMDB_LOCK_FILE, error);
    if (path == NULL)
        return false;
    pid_t user = find_user(path);
    free(path);
    return user == 0 || error_set(error, ERROR_UNAVAILABLE,
                                  "process %ld has the store in %s open: expected senda to be stopped",
                                  (long)user, directory);
}

static int begin_reading(MDB_env *env, const char *directory, MDB_txn **reading, MDB_dbi *table)
{
    *reading = NULL;
    int rc = mdb_env_open(env, directory, MDB_RDONLY | MDB_NOLOCK, LMDB_FILE_MODE);
    if (rc == 0)
        rc = mdb_txn_begin(env, NULL, MDB_RDONLY, reading);
    if (rc == 0)
        rc = mdb_dbi_open(*reading, NULL, 0, table);
    return rc;
}

static bool compact(const char *directory, struct error *error)
{
    MDB_env *env;
    MDB_txn *reading;
    MDB_dbi table;
    int rc = mdb_env_create(&env);
    if (rc != 0)
        return lmdb_error_set(error, directory, "read", rc);
    rc = begin_reading(env, directory, &reading, &table);
    bool compacted = rc == 0 ? lmdb_rewrite_in_place(reading, table, directory, error)
                             : lmdb_error_set(error, directory, "read", rc);
    if (reading != NULL)
        mdb_txn_abort(reading);
    mdb_env_close(env);
    return compacted;
}

static bool compact_alone(const char *directory, struct error *error)
{
    int held = store_lmdb_hold(directory, error);
    if (held == -1)
        return false;
    bool compacted = compact(directory, error);
    close(held);
    return compacted;
}

bool store_lmdb_compact(const char *directory, struct error *error)
{
    int held = lmdb_hold_directory(directory, error);
    if (held == -1)
        return false;
    bool compacted = check_unused(directory, error) && compact_alone(directory, error);
    close(held);
    return compacted;
}

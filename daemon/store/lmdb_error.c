/* What LMDB's and the system's codes mean to whoever runs senda. */
#include <errno.h>

#include "store/lmdb_internal.h"

/* What is known of a code beyond its name; NULL: nothing. */
static const char *plain_meaning(int rc)
{
    switch (rc) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "no room is left on the disk";
    case EIO:
        return "the disk is full, or it failed";
    case EROFS:
        return "the disk is mounted read-only";
    case MDB_MAP_FULL:
        return "its map is full and can't grow";
    case MDB_TXN_FULL:
        return "the batch is too large";
    case MDB_READERS_FULL:
        return "too many processes have it open";
    case MDB_PANIC:
        return "it has to be opened anew after a failure";
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
        return "it is damaged: expected a backup to be put in its place";
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
        return "it isn't a store, or is damaged: expected files that senda has made";
    default:
        return NULL;
    }
}

/* Damage and mistakes don't go away by trying again; everything else may. */
static enum error_code code_of(int rc)
{
    switch (rc) {
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_BAD_VALSIZE:
    case EINVAL:
        return ERROR_INTERNAL;
    default:
        return ERROR_UNAVAILABLE;
    }
}

bool lmdb_error_set(struct error *error, const char *directory, const char *tried, int rc)
{
    const char *meaning = plain_meaning(rc);
    if (meaning == NULL)
        return error_set(error, code_of(rc), "the store in %s can't be %s: %s", directory, tried,
                         mdb_strerror(rc));
    return error_set(error, code_of(rc), "the store in %s can't be %s: %s (%s)", directory, tried, meaning,
                     mdb_strerror(rc));
}

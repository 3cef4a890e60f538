/* LMDB's map, which is too large at first to be filled by a test: SENDA_FAULTS_MAP makes it small. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_MAP = 1 << 30 /* bytes; what is asked for as the map's first size, never by growing from less */
};

struct MDB_env;
int mdb_env_set_mapsize(struct MDB_env *env, size_t size);

static size_t small_map(void)
{
    const char *bytes = getenv("SENDA_FAULTS_MAP");
    return bytes == NULL ? 0 : strtoul(bytes, NULL, 10);
}

int mdb_env_set_mapsize(struct MDB_env *env, size_t size)
{
    int (*next)(struct MDB_env *, size_t);
    void *found = dlsym(RTLD_NEXT, "mdb_env_set_mapsize");
    memcpy(&next, &found, sizeof next);
    return next(env, size == FIRST_MAP && small_map() > 0 ? small_map() : size);
}

/*
 * Keys that will be looked up soon are looked for together, so that the processor waits for the pages of all
 * of them at once and not for one after the other (Kocberber et al., "Asynchronous Memory Access Chaining",
 * VLDB 2015). What is found is only asked of memory: reads go through LMDB as ever, and find it near.
 *
 * LMDB has no call for that, so this reads its pages as mdb.c of LMDB 0.9 lays them out (MDB_meta, MDB_page,
 * MDB_node), of a snapshot that a read transaction keeps as it is. Of any other version of its files, and of
 * whatever makes no sense, it keeps away.
 */
#include <sys/mman.h>

#include "store/lmdb_internal.h"

/* LMDB's layout on 64-bit machines; offsets in bytes. */
enum {
    META_AT = 16, /* behind the page's header */
    META_MAGIC = META_AT,
    META_VERSION = META_AT + 4,
    META_DEPTH = META_AT + 78, /* of the main table: levels of pages, leaves among them */
    META_ROOT = META_AT + 112,
    META_LAST = META_AT + 120,
    META_BATCH = META_AT + 128, /* LMDB's number of the batch that wrote it */
    PAGE_NUMBER = 0,
    PAGE_LOWER = 12, /* end of the nodes' offsets */
    PAGE_NODES = 16, /* their offsets, two bytes each */
    NODE_FLAGS = 4,
    NODE_KEY_LENGTH = 6,
    NODE_KEY = 8,
    NODE_IS_BIG = 1, /* the value is in pages of its own */
};

#define LMDB_MAGIC 0xBEEFC0DEU
enum { LMDB_DATA_VERSION = 1 };

enum {
    LINE = 64,         /* bytes that memory gives at once */
    NEAR_LINES = 16,   /* of a value at the most; the processor guesses what follows */
    OFFSETS_LINES = 6, /* of a branch page: header and offsets of its nodes */
    TOGETHER = 16,     /* keys; about as many loads as a processor has under way */
    LEVELS_MOST = 32,
    FAR_PAGES = 4096, /* more than a processor has near it: a smaller store is all there after a while */
};

struct snapshot {
    const char *map;
    size_t page_size;
    uint64_t last, root; /* numbers of pages */
    unsigned depth;      /* levels of pages */
};

/* The search for one key in one page. */
struct look {
    struct text key;
    const char *page;    /* NULL: given up */
    const char *node;    /* that is compared next */
    uint32_t low, count; /* nodes among which it is */
};

static inline uint16_t u16_at(const char *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint32_t u32_at(const char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint64_t u64_at(const char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static void ask_for(const char *bytes, unsigned lines)
{
    for (unsigned i = 0; i < lines; i++)
        __builtin_prefetch(bytes + (size_t)i * LINE);
}

/* ---- The snapshot ---- */

/*
 * Where the file is mapped: a value lies in a page, which says its number. The address is made sure of before
 * it is believed.
 */
static const char *find_map(struct lmdb_store *store, size_t page_size)
{
    struct text name = STORE_FORMAT_KEY;
    MDB_val key = {name.length, (void *)name.bytes}, value;
    if (mdb_get(store->reading, store->table, &key, &value) != 0)
        return NULL;
    const char *page = (const char *)((uintptr_t)value.mv_data & ~(uintptr_t)(page_size - 1));
    const char *map = page - u64_at(page + PAGE_NUMBER) * page_size;
    if (msync((void *)(uintptr_t)map, 2 * page_size, MS_ASYNC) != 0)
        return NULL;
    return u32_at(map + META_MAGIC) == LMDB_MAGIC && u32_at(map + META_VERSION) == LMDB_DATA_VERSION ? map
                                                                                                     : NULL;
}

/* False: it cannot be told. Between lmdb_read_begin and lmdb_read_end. */
static bool take_snapshot(struct lmdb_store *store, struct snapshot *snapshot)
{
    MDB_stat stat;
    MDB_envinfo info;
    if (mdb_stat(store->reading, store->table, &stat) != 0 || mdb_env_info(store->env, &info) != 0)
        return false;
    if (store->map == NULL)
        store->map = find_map(store, stat.ms_psize);
    if (store->map == NULL)
        return false;
    const char *meta = store->map + (store->moment & 1) * stat.ms_psize;
    *snapshot = (struct snapshot){
        .map = store->map,
        .page_size = stat.ms_psize,
        .last = info.me_mapsize / stat.ms_psize - 1,
        .root = u64_at(meta + META_ROOT),
        .depth = u16_at(meta + META_DEPTH),
    };
    if (u64_at(meta + META_LAST) < snapshot->last)
        snapshot->last = u64_at(meta + META_LAST);
    return u64_at(meta + META_BATCH) == store->moment && snapshot->depth <= LEVELS_MOST;
}

bool lmdb_is_far(struct store *store)
{
    const struct lmdb_store *lmdb = lmdb_of(store);
    MDB_envinfo info;
    return lmdb->env != NULL && mdb_env_info(lmdb->env, &info) == 0 && info.me_last_pgno >= FAR_PAGES;
}

/* ---- Pages ---- */

static inline const char *page_of(const struct snapshot *snapshot, uint64_t number)
{
    return number > snapshot->last ? NULL : snapshot->map + number * snapshot->page_size;
}

static inline uint32_t node_count(const struct snapshot *snapshot, const char *page)
{
    size_t lower = u16_at(page + PAGE_LOWER);
    return lower < PAGE_NODES || lower > snapshot->page_size ? 0 : (uint32_t)(lower - PAGE_NODES) / 2;
}

/* Inside of the page, whatever it says. */
static inline const char *node_of(const struct snapshot *snapshot, const char *page, uint32_t position)
{
    size_t offset = u16_at(page + PAGE_NODES + 2 * (size_t)position);
    return page + (offset > snapshot->page_size - NODE_KEY ? 0 : offset);
}

/* Of a node's key and another one: as memcmp, then the shorter first. */
static inline int compare(const struct snapshot *snapshot, const char *page, const char *node,
                          struct text key)
{
    size_t length = u16_at(node + NODE_KEY_LENGTH);
    size_t room = (size_t)(page + snapshot->page_size - (node + NODE_KEY));
    size_t common = length < key.length ? length : key.length;
    int order = memcmp(node + NODE_KEY, key.bytes, common < room ? common : room);
    return order != 0 ? order : (length > key.length) - (length < key.length);
}

/* The page below a node of a branch page. */
static inline const char *child_of(const struct snapshot *snapshot, const char *node)
{
    uint64_t number = u32_at(node) | (uint64_t)u16_at(node + NODE_FLAGS) << 32;
    return page_of(snapshot, number);
}

/* ---- Looking ---- */

static void begin(const struct snapshot *snapshot, struct look *look)
{
    look->low = 0;
    look->count = look->page == NULL ? 0 : node_count(snapshot, look->page);
    if (look->count == 0) {
        look->page = NULL;
        return;
    }
    look->node = node_of(snapshot, look->page, look->count / 2);
    ask_for(look->node, 1);
}

/* Halves what is left, and asks for the node in the middle of that. */
static void step(const struct snapshot *snapshot, struct look *look)
{
    uint32_t half = look->count / 2;
    bool behind = compare(snapshot, look->page, look->node, look->key) <= 0;
    look->low += behind ? half : 0;
    look->count -= half;
    look->node = node_of(snapshot, look->page, look->low + look->count / 2);
    ask_for(look->node, 1);
}

/* The last node that is not behind the key, in each one's page; those of all keys in turns. */
static void search(const struct snapshot *snapshot, struct look *looks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        begin(snapshot, &looks[i]);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < count; i++) {
            if (looks[i].count > 1)
                step(snapshot, &looks[i]);
            more |= looks[i].count > 1;
        }
    }
}

static void go_down(const struct snapshot *snapshot, struct look *looks, size_t count, unsigned lines)
{
    for (size_t i = 0; i < count; i++) {
        if (looks[i].page == NULL)
            continue;
        looks[i].page = child_of(snapshot, node_of(snapshot, looks[i].page, looks[i].low));
        if (looks[i].page != NULL)
            ask_for(looks[i].page, lines);
    }
}

/* Asks for the value; false: the key is not there. */
static bool ask_for_value(const struct snapshot *snapshot, const struct look *look)
{
    if (look->page == NULL)
        return false;
    const char *node = node_of(snapshot, look->page, look->low);
    if (compare(snapshot, look->page, node, look->key) != 0)
        return false;
    const char *value = node + NODE_KEY + u16_at(node + NODE_KEY_LENGTH);
    unsigned lines = (u32_at(node) + LINE - 1) / LINE;
    if ((u16_at(node + NODE_FLAGS) & NODE_IS_BIG) == 0)
        ask_for(value, lines < NEAR_LINES ? lines : NEAR_LINES);
    return true;
}

static size_t look_for(const struct snapshot *snapshot, const struct text *keys, size_t count)
{
    struct look looks[TOGETHER];
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        looks[i] = (struct look){.key = keys[i], .page = page_of(snapshot, snapshot->root)};
    for (unsigned level = 1; level < snapshot->depth; level++) {
        search(snapshot, looks, count);
        go_down(snapshot, looks, count, level + 1 < snapshot->depth ? OFFSETS_LINES : 1);
    }
    search(snapshot, looks, count);
    for (size_t i = 0; i < count; i++)
        found += ask_for_value(snapshot, &looks[i]);
    return found;
}

size_t lmdb_expect(struct store *store, const struct text *keys, size_t count)
{
    struct lmdb_store *lmdb = lmdb_of(store);
    struct snapshot snapshot;
    size_t found = 0;
    if (!lmdb_read_begin(lmdb, NULL))
        return 0;
    if (take_snapshot(lmdb, &snapshot))
        for (size_t i = 0; i < count; i += TOGETHER)
            found += look_for(&snapshot, keys + i, count - i < TOGETHER ? count - i : TOGETHER);
    lmdb_read_end(lmdb);
    return found;
}

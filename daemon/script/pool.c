/* Lists of free blocks by size; see pool.h. */
#include "script/pool.h"

#include <stdlib.h>
#include <string.h>

enum {
    POOL_PAGE_BYTES = 65536 - 64 /* with what malloc adds, less than the size from which it maps memory */
};

struct pool_block {
    struct pool_block *next; /* of this size; NULL at the end */
};

struct pool_page {
    struct pool_page *next;           /* NULL at the end */
    _Alignas(POOL_UNIT) char bytes[]; /* of blocks */
};

void pool_create(struct pool *pool)
{
    memset(pool, 0, sizeof *pool);
}

void pool_destroy(struct pool *pool)
{
    while (pool->pages != NULL) {
        struct pool_page *page = pool->pages;
        pool->pages = page->next;
        free(page);
    }
    pool_create(pool);
}

/* What is left of the last page is less than a block; it is lost. */
static void *pool_allocate_fresh(struct pool *pool, size_t size)
{
    if (pool->fresh_length < size) {
        struct pool_page *page = malloc(POOL_PAGE_BYTES);
        if (page == NULL)
            return NULL;
        page->next = pool->pages;
        pool->pages = page;
        pool->fresh = page->bytes;
        pool->fresh_length = POOL_PAGE_BYTES - offsetof(struct pool_page, bytes);
    }
    void *block = pool->fresh;
    pool->fresh += size;
    pool->fresh_length -= size;
    return block;
}

void *pool_allocate(struct pool *pool, size_t size)
{
    size_t class = (size - 1) / POOL_UNIT;
    struct pool_block *block = pool->free[class];
    if (block == NULL)
        return pool_allocate_fresh(pool, (class + 1) * POOL_UNIT);
    pool->free[class] = block->next;
    return block;
}

void pool_release(struct pool *pool, void *block, size_t size)
{
    size_t class = (size - 1) / POOL_UNIT;
    struct pool_block *released = block;
    released->next = pool->free[class];
    pool->free[class] = released;
}

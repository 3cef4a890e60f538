/*
 * Small blocks for one Lua state, from pages that are given back only with the pool: taking and returning one
 * costs the same few instructions every time, also after a collection has returned a million of them.
 */
#ifndef SENDA_SCRIPT_POOL_H
#define SENDA_SCRIPT_POOL_H

#include <stddef.h>

enum {
    POOL_UNIT = 16,       /* sizes are rounded up to multiples of this */
    POOL_BLOCK_MAX = 512, /* bytes of the largest block */
    POOL_CLASSES = POOL_BLOCK_MAX / POOL_UNIT,
};

struct pool_page;
struct pool_block;

struct pool {
    struct pool_block *free[POOL_CLASSES]; /* blocks of each size that came back; NULL: none */
    struct pool_page *pages;               /* all of them; owned */
    char *fresh;                           /* what was never handed out of the newest page */
    size_t fresh_length;                   /* bytes of it */
};

/* Takes nothing from the system before the first allocation. */
void pool_create(struct pool *pool);
void pool_destroy(struct pool *pool);

/* `size` is 1 to POOL_BLOCK_MAX; NULL when memory is out. */
void *pool_allocate(struct pool *pool, size_t size);

/* `size` as it was allocated. */
void pool_release(struct pool *pool, void *block, size_t size);

#endif

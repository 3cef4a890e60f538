/* Bump allocation from a list of blocks. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;         /* the block before it; NULL for the oldest */
    size_t used, size;                /* bytes of data handed out, bytes of data in all */
    alignas(max_align_t) char data[]; /* what is handed out */
};

void arena_create(struct arena *arena, size_t block_size)
{
    *arena = (struct arena){.blocks = NULL, .spare = NULL, .block_size = block_size, .most = SIZE_MAX};
}

void arena_limit(struct arena *arena, size_t most)
{
    arena->most = most;
}

static void free_blocks(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_destroy(struct arena *arena)
{
    free_blocks(arena->blocks);
    free_blocks(arena->spare);
    arena->blocks = arena->spare = NULL;
    arena->total = 0;
}

void arena_clear(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    if (block == NULL)
        return;
    while (block->next != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    free_blocks(arena->spare);
    arena->spare = NULL;
    block->used = 0;
    arena->blocks = block;
    arena->total = block->size;
}

/* Moves the blocks that still fit to the spare ones, frees the others. Returns how many bytes are kept then.
 */
static size_t keep_blocks(struct arena *arena, struct arena_block *block, size_t kept, size_t most)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        if (block->size <= most - kept) {
            kept += block->size;
            block->used = 0;
            block->next = arena->spare;
            arena->spare = block;
        } else {
            free(block);
        }
        block = next;
    }
    return kept;
}

void arena_clear_keeping(struct arena *arena, size_t most)
{
    struct arena_block *used = arena->blocks, *unused = arena->spare;
    arena->blocks = arena->spare = NULL;
    size_t kept = keep_blocks(arena, used, 0, most);
    arena->total = keep_blocks(arena, unused, kept, most);
}

/* NULL where there is none of that size. */
static struct arena_block *take_spare(struct arena *arena, size_t size)
{
    struct arena_block **place = &arena->spare;
    while (*place != NULL && (*place)->size < size)
        place = &(*place)->next;
    struct arena_block *block = *place;
    if (block != NULL)
        *place = block->next;
    return block;
}

static struct arena_block *new_block(struct arena *arena, size_t size)
{
    if (arena->total > arena->most || size > arena->most - arena->total) {
        arena->full = true;
        return NULL;
    }
    struct arena_block *block = malloc(sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->used = 0;
    block->size = size;
    arena->total += size;
    return block;
}

static struct arena_block *add_block(struct arena *arena, size_t need)
{
    size_t size = need > arena->block_size ? need : arena->block_size;
    if (size > SIZE_MAX - sizeof(struct arena_block))
        return NULL;
    struct arena_block *block = take_spare(arena, size);
    if (block == NULL)
        block = new_block(arena, size);
    if (block == NULL)
        return NULL;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_allocate(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - alignof(max_align_t))
        return NULL;
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < rounded)
        block = add_block(arena, rounded);
    if (block == NULL)
        return NULL;
    void *memory = block->data + block->used;
    block->used += rounded;
    return memory;
}

void *arena_allocate_zeroed(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    void *memory = arena_allocate(arena, bytes);
    if (memory != NULL)
        memset(memory, 0, bytes);
    return memory;
}

char *arena_copy(struct arena *arena, const void *bytes, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = arena_allocate(arena, length + 1);
    if (copy == NULL)
        return NULL;
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

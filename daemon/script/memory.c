/* Counting and refusing; see memory.h. */
#include "script/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Lua 5.4 makes its string table of 128 pointers (MINSTRTABSIZE), as the first block of that size. */
#define STRING_TABLE_BYTES (128 * sizeof(void *))

/* A name and its value in a table of Lua 5.4: `union Node`. */
enum { NAME_BYTES = 24 };

void memory_create(struct memory *memory)
{
    memset(memory, 0, sizeof *memory);
    memory->limits = (struct memory_limits){SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, false};
}

void memory_destroy(struct memory *memory)
{
    pool_destroy(&memory->pool);
}

void memory_fail(struct memory *memory)
{
    memory->failed = true;
    if (memory->on_failure != NULL)
        memory->on_failure(memory->context);
}

static bool memory_refuse(struct memory *memory, bool starved)
{
    memory->starved = starved;
    if (memory->on_refusal != NULL)
        memory->on_refusal(memory->context);
    if (memory->limits.final)
        memory_fail(memory);
    return false;
}

static bool memory_grants_above_alarm(struct memory *memory, const void *block, size_t growth, size_t size)
{
    const struct memory_limits *limits = &memory->limits;
    bool shared = block != NULL && block == memory->string_table;
    if (memory->used + growth > limits->total || (size > limits->block && !shared))
        return memory_refuse(memory, false);
    if (memory->used + growth > limits->total_alarm || (size > limits->block_alarm && !shared))
        memory_fail(memory);
    return true;
}

/* Lua asks for the names of a table alone, as many as a power of two, and says no type of object. */
static bool is_for_names(const void *block, size_t type, size_t size)
{
    size_t count = size / NAME_BYTES;
    return block == NULL && type == 0 && size % NAME_BYTES == 0 && (count & (count - 1)) == 0;
}

static bool memory_grants_names(struct memory *memory)
{
    return memory->is_strange != NULL && !memory->is_strange(memory->context);
}

static bool memory_grants(struct memory *memory, const void *block, size_t old_size, size_t size)
{
    const struct memory_limits *limits = &memory->limits;
    size_t growth = block == NULL ? size : size - old_size;
#ifdef SENDA_TESTING
    if (memory->fail_at > 0 && --memory->fail_at == 0) {
        memory->fail_at = memory->fail_on; /* the next one, too */
        return memory_refuse(memory, false);
    }
#endif
    if (size / NAME_BYTES > limits->names && is_for_names(block, old_size, size) &&
        !memory_grants_names(memory))
        return memory_refuse(memory, false);
    if (size <= limits->block_alarm && memory->used + growth <= limits->total_alarm)
        return true;
    return memory_grants_above_alarm(memory, block, growth, size);
}

/* A sanitizer sees the use of what was freed only in blocks of malloc. */
static inline bool is_pooled(size_t size)
{
#ifdef __SANITIZE_ADDRESS__
    (void)size;
    return false;
#else
    return size <= POOL_BLOCK_MAX;
#endif
}

static void *block_new(struct memory *memory, size_t size)
{
    return is_pooled(size) ? pool_allocate(&memory->pool, size) : malloc(size);
}

static void block_free(struct memory *memory, void *block, size_t size)
{
    if (is_pooled(size))
        pool_release(&memory->pool, block, size);
    else
        free(block);
}

static void *block_resize(struct memory *memory, void *block, size_t old_size, size_t size)
{
    if (!is_pooled(old_size) && !is_pooled(size))
        return realloc(block, size);
    void *moved = block_new(memory, size);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, old_size < size ? old_size : size);
    block_free(memory, block, old_size);
    return moved;
}

static void *memory_release(struct memory *memory, void *block, size_t old_size)
{
    if (block != NULL)
        block_free(memory, block, old_size);
    memory->used -= old_size;
    return NULL;
}

static void *memory_resize(struct memory *memory, void *block, size_t old_size, size_t size)
{
    void *moved = block_resize(memory, block, old_size, size);
    if (moved != NULL && block == memory->string_table)
        memory->string_table = moved;
    return moved;
}

void *memory_allocate(void *context, void *block, size_t old_size, size_t size)
{
    struct memory *memory = context;
    if ((block == NULL || size > old_size) && size > 0 && !memory_grants(memory, block, old_size, size))
        return NULL;
    if (block == NULL)
        old_size = 0; /* was the type of the object to be */
    if (size == 0)
        return memory_release(memory, block, old_size);
    void *result = block == NULL ? block_new(memory, size) : memory_resize(memory, block, old_size, size);
    if (result == NULL) {
        memory_refuse(memory, true);
        return NULL;
    }
    memory->used += size - old_size;
    if (memory->used > memory->peak)
        memory->peak = memory->used;
    return result;
}

void *memory_allocate_first(void *context, void *block, size_t old_size, size_t size)
{
    struct memory *memory = context;
    void *result = memory_allocate(context, block, old_size, size);
    if (memory->string_table == NULL && block == NULL && old_size == 0 && size == STRING_TABLE_BYTES)
        memory->string_table = result;
    return result;
}

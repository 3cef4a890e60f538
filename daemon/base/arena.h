/* Memory that is handed out piece by piece and taken back all at once. */
#ifndef SENDA_BASE_ARENA_H
#define SENDA_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first; owned; NULL before the first allocation */
    struct arena_block *spare;  /* kept from earlier rounds; owned; NULL: none */
    size_t block_size;          /* bytes of an ordinary block */
    size_t total;               /* bytes taken from the system */
    size_t most;                /* that it may take; SIZE_MAX: as many as there are */
    bool full;                  /* something was refused because of that */
};

/* Takes nothing from the system before the first allocation. */
void arena_create(struct arena *arena, size_t block_size);
void arena_destroy(struct arena *arena);

/* It takes no more from the system than so many bytes in all. */
void arena_limit(struct arena *arena, size_t most);

/* Forgets every allocation but keeps the first block for the next round. */
void arena_clear(struct arena *arena);

/* The same, but keeps as many blocks as come to `most` bytes, so that rounds of that size take nothing from
 * the system. */
void arena_clear_keeping(struct arena *arena, size_t most);

/* Aligned for any type, not zeroed; NULL when memory is out. Lives until arena_clear or arena_destroy. */
void *arena_allocate(struct arena *arena, size_t size);

/* As arena_allocate, zeroed; `count` × `size` is checked. */
void *arena_allocate_zeroed(struct arena *arena, size_t count, size_t size);

/* A copy of `length` bytes with a NUL behind; NULL when memory is out. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);

#endif

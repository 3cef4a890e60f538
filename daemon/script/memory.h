/* The allocator below a Lua state: counts bytes, and refuses what passes its limits. */
#ifndef SENDA_SCRIPT_MEMORY_H
#define SENDA_SCRIPT_MEMORY_H

#include "script/pool.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A refused request makes Lua run a full collection, which takes long where the site is large. So there is an
 * alarm below each limit: what passes the alarm is still granted, but `failed` is set and `on_failure`
 * called, and the script is stopped at its next instruction.
 *
 * The names of a table (what is no part of its list) have a limit of their own. Where it grows, Lua puts all
 * of them into new places in one go, and who chooses numbers as names can have them all collide: 8,192 of
 * them take 90 ms in which nothing can interrupt it, 1,024 take 1.5 ms.
 */
struct memory_limits {
    size_t total;       /* bytes: a request that would bring `used` above it is refused */
    size_t total_alarm; /* bytes: at most total */
    size_t block;       /* bytes: a request for a larger block is refused */
    size_t block_alarm; /* bytes: at most block */
    size_t names;       /* of a table: a request of a stranger's function for room for more is refused */
    bool final;         /* a refusal sets `failed`; false: Lua may collect garbage and try again */
};

struct memory {
    size_t used;                 /* bytes held now */
    size_t peak;                 /* the most that `used` has been; whoever reads it may lower it */
    struct pool pool;            /* of small blocks */
    struct memory_limits limits; /* in force now */
    void *string_table;          /* Lua's table of short strings, which every script shares: the block limit
                                    does not hold for it; NULL before the state exists */
    volatile bool failed;        /* an alarm was passed or a final request refused; cleared by the owner */
    bool starved; /* what was refused last, the system had not; cleared by the owner, or by a refusal of ours
                   */
    void (*on_failure)(void *context); /* called once `failed` is set; NULL: nobody cares */
    void (*on_refusal)(void *context); /* called for each refusal, final or not; NULL: nobody cares */
    bool (*is_strange)(
        void *context); /* whether a stranger's function asks for what is asked for now; NULL: it is */
    void *context;      /* handed to all three */
#ifdef SENDA_TESTING
    unsigned long fail_at; /* the how manieth request from now is refused; 0: none */
    bool fail_on;          /* and every one behind it */
#endif
};

/* No limits yet. */
void memory_create(struct memory *memory);

/* Once the state is closed. */
void memory_destroy(struct memory *memory);

/* The lua_Alloc for lua_newstate: learns which block is Lua's string table. memory_allocate replaces it then.
 */
void *memory_allocate_first(void *memory, void *block, size_t old_size, size_t size);

/* The lua_Alloc for the rest of the state's life. */
void *memory_allocate(void *memory, void *block, size_t old_size, size_t size);

/* Marks the memory as failed, as a final refusal does. */
void memory_fail(struct memory *memory);

#endif

/*
 * Memory that runs out when a test says so: stands in for malloc and its relatives and for anonymous and
 * shared mmap, counts what is asked for, and refuses the chosen allocation, or that and all behind it.
 *
 * Either a program is linked with it and calls the functions below, or it is preloaded into any program:
 *
 *   LD_PRELOAD            the library
 *   SENDA_SCARCE_CONTROL  a file that holds a struct scarce_control; the test maps it, too, and writes to it
 *                         while the program runs; every process of the program has a slot of its own there
 *
 * Works with and without AddressSanitizer, whose allocator is asked behind ours.
 */
#ifndef SENDA_TESTS_SCARCE_SCARCE_H
#define SENDA_TESTS_SCARCE_SCARCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum scarce_mode {
    SCARCE_OFF,
    SCARCE_ONCE,     /* one allocation fails */
    SCARCE_FROM_HERE /* that one and every one behind it */
};

enum { SCARCE_SLOTS = 16384 };

/* One process. Python's struct "=iIqQQq" says the same. */
struct scarce_slot {
    _Atomic int32_t pid;     /* whose; 0: nobody's yet */
    _Atomic uint32_t mode;   /* enum scarce_mode; written by the test, and by a failure that comes once */
    _Atomic int64_t left;    /* allocations up to the one that fails, counted down; the test's to set */
    _Atomic uint64_t calls;  /* allocations so far */
    _Atomic uint64_t struck; /* of these, refused */
    _Atomic int64_t blocks;  /* allocated and not freed */
};

/* In front: what the next process to come begins with, once. */
struct scarce_control {
    _Atomic uint32_t next_mode; /* enum scarce_mode */
    _Atomic uint32_t used;      /* slots that were given out */
    _Atomic int64_t next_left;
    struct scarce_slot slots[SCARCE_SLOTS];
};

/* From now on the `left`-th allocation of this process fails, counted from 1. */
void scarce_begin(enum scarce_mode mode, int64_t left);

/* No more; returns how many were refused since scarce_begin. */
uint64_t scarce_end(void);

/* Allocated and not freed, by anybody in this process. */
int64_t scarce_blocks(void);

/* Allocations so far. */
uint64_t scarce_calls(void);

#endif

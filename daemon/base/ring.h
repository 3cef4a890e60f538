/*
 * Records from one process to another through shared memory: one writes, one reads, nobody waits.
 *
 * The memory outlives both, so whoever comes back after a crash goes on where the last one was. A record is
 * there whole or not at all. Positions only grow; the reader says how far it is done, and may have looked
 * further ahead.
 */
#ifndef SENDA_BASE_RING_H
#define SENDA_BASE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct ring {
    _Alignas(64) _Atomic uint64_t written; /* bytes ever written; the writer's */
    _Alignas(64) _Atomic uint64_t done;    /* bytes that the reader is done with; the reader's */
    _Alignas(64) uint64_t capacity;        /* bytes behind this struct; a power of two */
    _Alignas(64) unsigned char bytes[];
};

/* Bytes of shared memory that a ring of `capacity` (a power of two) takes. */
size_t ring_size(size_t capacity);

/* In memory of that size; to be done once. */
void ring_create(struct ring *ring, size_t capacity);

/* Room for a record of `length` bytes; NULL: full, or longer than half of the ring with its head. Nothing is
 * seen before commit. */
void *ring_reserve(struct ring *ring, size_t length);

/* The same, NULL also where less than `left` bytes would stay free behind it. */
void *ring_reserve_leaving(struct ring *ring, size_t length, size_t left);

/* Bytes of the ring that a record of `length` bytes takes, unless it begins at the start again. */
size_t ring_space(size_t length);

/* The record that was reserved last is written, all of its `length` bytes. Returns the position behind it. */
uint64_t ring_commit(struct ring *ring, size_t length);

/* How far there is something to read. */
uint64_t ring_end(const struct ring *ring);

/*
 * The record at *position (at or behind ring_done), which moves behind it; false where it is at `end`. A
 * length that cannot be is a damaged ring: *position moves to `end`.
 */
bool ring_read(const struct ring *ring, uint64_t *position, uint64_t end, struct text *record);

/* Everything before `position` may be overwritten. */
void ring_release(struct ring *ring, uint64_t position);
uint64_t ring_done(const struct ring *ring);

#endif

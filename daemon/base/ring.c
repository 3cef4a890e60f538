/* A ring of records, each behind its length; one that would not fit before the end begins at the start again.
 */
#include "base/ring.h"

#include <string.h>

enum {
    HEAD = sizeof(uint64_t), /* the length, with padding so that records are aligned */
};

#define RING_SKIP UINT64_MAX /* in place of a length: the record is at the start of the ring */

size_t ring_size(size_t capacity)
{
    return sizeof(struct ring) + capacity;
}

void ring_create(struct ring *ring, size_t capacity)
{
    atomic_init(&ring->written, 0);
    atomic_init(&ring->done, 0);
    ring->capacity = capacity;
}

static uint64_t space_of(size_t length)
{
    return HEAD + (((uint64_t)length + HEAD - 1) & ~(uint64_t)(HEAD - 1));
}

static unsigned char *place_of(const struct ring *ring, uint64_t position)
{
    return (unsigned char *)ring->bytes + (position & (ring->capacity - 1));
}

/* Bytes up to the end of the memory. */
static uint64_t straight(const struct ring *ring, uint64_t position)
{
    return ring->capacity - (position & (ring->capacity - 1));
}

static void put_head(const struct ring *ring, uint64_t position, uint64_t head)
{
    memcpy(place_of(ring, position), &head, HEAD);
}

static uint64_t get_head(const struct ring *ring, uint64_t position)
{
    uint64_t head;
    memcpy(&head, place_of(ring, position), HEAD);
    return head;
}

/* Where a record that takes so much space would begin. */
static uint64_t begin_of(const struct ring *ring, uint64_t written, uint64_t space)
{
    uint64_t left = straight(ring, written);
    return left < space ? written + left : written;
}

void *ring_reserve_leaving(struct ring *ring, size_t length, size_t left)
{
    uint64_t space = space_of(length);
    uint64_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    uint64_t done = atomic_load_explicit(&ring->done, memory_order_acquire);
    if (length == 0 || space > ring->capacity / 2)
        return NULL;
    uint64_t begin = begin_of(ring, written, space);
    if (begin + space - done + left > ring->capacity)
        return NULL;
    if (begin != written)
        put_head(ring, written, RING_SKIP);
    return place_of(ring, begin) + HEAD;
}

void *ring_reserve(struct ring *ring, size_t length)
{
    return ring_reserve_leaving(ring, length, 0);
}

size_t ring_space(size_t length)
{
    return space_of(length);
}

uint64_t ring_commit(struct ring *ring, size_t length)
{
    uint64_t space = space_of(length);
    uint64_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    uint64_t begin = begin_of(ring, written, space);
    put_head(ring, begin, length);
    atomic_store_explicit(&ring->written, begin + space, memory_order_release);
    return begin + space;
}

uint64_t ring_end(const struct ring *ring)
{
    return atomic_load_explicit(&ring->written, memory_order_acquire);
}

bool ring_read(const struct ring *ring, uint64_t *position, uint64_t end, struct text *record)
{
    if (*position < end && get_head(ring, *position) == RING_SKIP)
        *position += straight(ring, *position);
    if (*position >= end) {
        *position = end;
        return false;
    }
    uint64_t length = get_head(ring, *position);
    bool possible =
        length > 0 && length <= ring->capacity / 2 && space_of(length) <= straight(ring, *position);
    if (!possible || space_of(length) > end - *position) {
        *position = end;
        return false;
    }
    *record = (struct text){(const char *)place_of(ring, *position) + HEAD, length};
    *position += space_of(length);
    return true;
}

void ring_release(struct ring *ring, uint64_t position)
{
    atomic_store_explicit(&ring->done, position, memory_order_release);
}

uint64_t ring_done(const struct ring *ring)
{
    return atomic_load_explicit(&ring->done, memory_order_acquire);
}

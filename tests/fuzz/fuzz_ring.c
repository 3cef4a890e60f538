/*
 * The ring between two processes, in two ways. An odd first byte: the rest are steps of a writer and a
 * reader, who lose and change nothing. An even one: the rest is what stands in the memory, which is read to
 * its end without leaving it, whatever it says.
 */
#include "base/ring.h"
#include "fuzz.h"
#include "input.h"

enum { CAPACITY = 512, KEPT = 64 /* records that are under way, at most */ };

static struct ring *new_ring(void)
{
    struct ring *ring = aligned_alloc(64, ring_size(CAPACITY));
    REQUIRE(ring != NULL);
    memset(ring, 0, ring_size(CAPACITY));
    ring_create(ring, CAPACITY);
    return ring;
}

/* What was written and is not released yet, the oldest first. */
struct model {
    struct {
        size_t length;
        uint8_t fill; /* each byte of it */
        uint64_t end; /* its position */
    } records[KEPT];
    size_t first, read, count; /* numbers of records: not released, not read, all so far */
    uint64_t position;         /* the reader's */
};

static void write_one(struct ring *ring, struct model *model, size_t length, uint8_t fill)
{
    uint64_t done = ring_done(ring), end = ring_end(ring);
    void *room = model->count - model->first < KEPT ? ring_reserve(ring, length) : NULL;
    if (room == NULL) {
        /* Half of what is free and in one piece would do for any record that may be written at all. */
        REQUIRE(length == 0 || length + 2 * sizeof(uint64_t) > CAPACITY / 2 || end != done);
        REQUIRE(ring_end(ring) == end);
        return;
    }
    memset(room, fill, length);
    size_t place = model->count++ % KEPT;
    model->records[place].length = length;
    model->records[place].fill = fill;
    model->records[place].end = ring_commit(ring, length);
    REQUIRE(model->records[place].end == ring_end(ring));
}

static void read_one(const struct ring *ring, struct model *model)
{
    struct text record;
    bool there = ring_read(ring, &model->position, ring_end(ring), &record);
    REQUIRE(there == (model->read < model->count));
    if (!there)
        return;
    size_t place = model->read++ % KEPT;
    REQUIRE(record.length == model->records[place].length && model->position == model->records[place].end);
    for (size_t i = 0; i < record.length; i++)
        REQUIRE((uint8_t)record.bytes[i] == model->records[place].fill);
}

static void release(struct ring *ring, struct model *model)
{
    model->first = model->read;
    ring_release(ring, model->position);
    REQUIRE(ring_done(ring) == model->position);
}

static void follow(struct input input)
{
    struct ring *ring = new_ring();
    struct model model = {0};
    while (input.length > 0) {
        uint64_t step = input_number(&input, 1);
        if (step % 4 == 0)
            read_one(ring, &model);
        else if (step % 4 == 1)
            release(ring, &model);
        else
            write_one(ring, &model, (size_t)input_number(&input, 1) * (step % 4 - 1), (uint8_t)step);
    }
    while (model.read < model.count)
        read_one(ring, &model);
    free(ring);
}

/* The positions are a writer's: behind each other, and by whole heads. */
static void read_damaged(struct input input)
{
    struct ring *ring = new_ring();
    uint64_t start = input_number(&input, 2) & ~UINT64_C(7), position = start;
    uint64_t end = start + (input_number(&input, 2) & ~UINT64_C(7));
    struct text content = input_take(&input, CAPACITY), record;
    memcpy(ring->bytes, content.bytes, content.length);
    while (position < end) {
        uint64_t before = position;
        if (!ring_read(ring, &position, end, &record)) {
            REQUIRE(position == end);
            break;
        }
        REQUIRE(position > before && position <= end && record.length > 0);
        REQUIRE(record.bytes >= (const char *)ring->bytes &&
                record.bytes + record.length <= (const char *)ring->bytes + CAPACITY);
    }
    free(ring);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    struct input input = {bytes + 1, length - 1};
    if (bytes[0] & 1)
        follow(input);
    else
        read_damaged(input);
    return 0;
}

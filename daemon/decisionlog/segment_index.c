/* Collecting, writing and searching a segment's index. */
#include "decisionlog/segment_index.h"

#include <endian.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FEWEST = 256 };

struct summary {
    uint64_t count, first_us, last_us, offset; /* as in struct segment_summary */
    uint64_t checksum;                         /* of what is in front of it */
};

_Static_assert(sizeof(struct summary) == SEGMENT_SUMMARY_BYTES, "a summary has no gaps");
_Static_assert(sizeof(struct segment_entry) == SEGMENT_ENTRY_BYTES, "nor has an entry");

void segment_index_create(struct segment_index *index)
{
    *index = (struct segment_index){NULL, 0, 0, false};
}

void segment_index_destroy(struct segment_index *index)
{
    free(index->entries);
    segment_index_create(index);
}

void segment_index_clear(struct segment_index *index)
{
    index->count = 0;
    index->failed = false;
}

static bool make_room(struct segment_index *index)
{
    size_t room = index->room < FEWEST ? FEWEST : 2 * index->room;
    struct segment_entry *entries = realloc(index->entries, room * sizeof *entries);
    if (entries == NULL)
        return false;
    index->entries = entries;
    index->room = room;
    return true;
}

void segment_index_add(struct segment_index *index, int64_t clock_us, uint64_t offset)
{
    if (index->failed || (index->count == index->room && !make_room(index))) {
        index->failed = true;
        return;
    }
    index->entries[index->count++] = (struct segment_entry){clock_us, offset};
}

/* ---- Writing ---- */

static int compare_entries(const void *a, const void *b)
{
    const struct segment_entry *left = a, *right = b;
    if (left->clock_us != right->clock_us)
        return left->clock_us < right->clock_us ? -1 : 1;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

static uint64_t summary_checksum(uint64_t marker, const struct summary *summary)
{
    return htole64(XXH3_64bits_withSeed(summary, offsetof(struct summary, checksum), marker));
}

size_t segment_index_size(const struct segment_index *index)
{
    return index->count * SEGMENT_ENTRY_BYTES + SEGMENT_SUMMARY_BYTES;
}

void segment_index_write(struct segment_index *index, uint64_t marker, uint64_t offset, struct buffer *out)
{
    struct summary summary = {.count = htole64(index->count), .offset = htole64(offset)};
    if (index->count > 0) {
        qsort(index->entries, index->count, sizeof *index->entries, compare_entries);
        summary.first_us = htole64((uint64_t)index->entries[0].clock_us);
        summary.last_us = htole64((uint64_t)index->entries[index->count - 1].clock_us);
    }
    for (size_t i = 0; i < index->count; i++) {
        uint64_t words[2] = {htole64((uint64_t)index->entries[i].clock_us),
                             htole64(index->entries[i].offset)};
        buffer_append(out, words, sizeof words);
    }
    summary.checksum = summary_checksum(marker, &summary);
    buffer_append(out, &summary, sizeof summary);
}

/* ---- Reading ---- */

bool segment_summary_read(uint64_t marker, const void *bytes, struct segment_summary *out)
{
    struct summary summary;
    memcpy(&summary, bytes, sizeof summary);
    if (summary.checksum != summary_checksum(marker, &summary))
        return false;
    *out = (struct segment_summary){le64toh(summary.count), (int64_t)le64toh(summary.first_us),
                                    (int64_t)le64toh(summary.last_us), le64toh(summary.offset)};
    return true;
}

size_t segment_index_count(struct text content)
{
    if (content.length < SEGMENT_SUMMARY_BYTES)
        return 0;
    return (content.length - SEGMENT_SUMMARY_BYTES) / SEGMENT_ENTRY_BYTES;
}

struct segment_entry segment_index_at(struct text content, size_t position)
{
    uint64_t words[2];
    memcpy(words, content.bytes + position * sizeof words, sizeof words);
    return (struct segment_entry){(int64_t)le64toh(words[0]), le64toh(words[1])};
}

size_t segment_index_seek(struct text content, int64_t clock_us)
{
    size_t low = 0, high = segment_index_count(content);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (segment_index_at(content, middle).clock_us < clock_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

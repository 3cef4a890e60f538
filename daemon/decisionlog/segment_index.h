/*
 * Where the decisions of a segment are, by their clocks: collected while it is written, kept as the content
 * of its last frame. It ends with a summary, which is the very end of the file, so that one short read tells
 * whether a segment can hold what is looked for. Segments without one are read through instead.
 */
#ifndef SENDA_DECISIONLOG_SEGMENT_INDEX_H
#define SENDA_DECISIONLOG_SEGMENT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

enum { SEGMENT_SUMMARY_BYTES = 40, SEGMENT_ENTRY_BYTES = 16 };

struct segment_entry {
    int64_t clock_us; /* of the decision */
    uint64_t offset;  /* of its frame in the file */
};

struct segment_index {
    struct segment_entry *entries; /* owned; in the order in which they were added, until it is written */
    size_t count;                  /* entries in use */
    size_t room;                   /* entries there is room for */
    bool failed;                   /* some entry found no memory: the index is of no use */
};

/* Of a whole segment. */
struct segment_summary {
    uint64_t count;            /* decisions */
    int64_t first_us, last_us; /* the earliest clock and the latest; both 0 where there is none */
    uint64_t offset;           /* of the index's frame in the file */
};

void segment_index_create(struct segment_index *index);
void segment_index_destroy(struct segment_index *index);
void segment_index_clear(struct segment_index *index);
void segment_index_add(struct segment_index *index, int64_t clock_us, uint64_t offset);

/* Bytes that segment_index_write appends. */
size_t segment_index_size(const struct segment_index *index);

/* Sorts the entries and appends the content of the frame that will be at `offset`. */
void segment_index_write(struct segment_index *index, uint64_t marker, uint64_t offset, struct buffer *out);

/* From the last SEGMENT_SUMMARY_BYTES of a file; false where they are no summary of that segment. */
bool segment_summary_read(uint64_t marker, const void *bytes, struct segment_summary *summary);

/* Entries in an index's content; 0 where it can be none. */
size_t segment_index_count(struct text content);

/* The entry at `position`, below segment_index_count; they ascend by clock. */
struct segment_entry segment_index_at(struct text content, size_t position);

/* The position of the first entry whose clock is not below; segment_index_count where there is none. */
size_t segment_index_seek(struct text content, int64_t clock_us);

#endif

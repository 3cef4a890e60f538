/*
 * The bytes of one file of the decision log: a header, then frames, one behind the other.
 *
 * Each segment has a marker of its own, drawn by chance when it is begun. It stands in front of every frame
 * and goes into every checksum, so that a reader finds the next good frame behind damaged bytes, and nobody
 * who can put bytes into a request can make up a frame inside of another one. Numbers are little-endian.
 */
#ifndef SENDA_DECISIONLOG_SEGMENT_H
#define SENDA_DECISIONLOG_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define SEGMENT_FOLDER "decisions" /* in the state directory */

enum {
    SEGMENT_FORMAT = 1,
    SEGMENT_NAME_LENGTH = 24,          /* characters: twenty digits of its first clock, and ".log" */
    SEGMENT_HEADER_BYTES = 32,         /* in front of the first frame */
    SEGMENT_FRAME_BYTES = 24,          /* of a frame, in front of its content */
    SEGMENT_CONTENT_MOST = 0x0FFFFFFF, /* bytes of the largest content */
};

/* Names sort as the clocks do; a clock before 1970 counts as 1970. */
void segment_name_write(int64_t first_clock_us, char out[SEGMENT_NAME_LENGTH + 1]);

/* False for a file that is no segment. */
bool segment_name_read(const char *name, int64_t *first_clock_us);

enum segment_header {
    SEGMENT_HEADER_GOOD,
    SEGMENT_HEADER_DAMAGED,
    SEGMENT_HEADER_NEWER, /* written by a later senda, in a format that this one does not know */
};

void segment_header_write(uint64_t marker, void *out);

/* `bytes`: SEGMENT_HEADER_BYTES of them. *format is set unless the header is damaged, *marker if it is good.
 */
enum segment_header segment_header_read(const void *bytes, uint64_t *marker, uint32_t *format);

enum segment_kind {
    SEGMENT_KIND_RECORD, /* of a decision, see model/record.h */
    SEGMENT_KIND_INDEX,  /* the last frame of a finished segment, see segment_index.h */
};

/* What stands in front of a content. */
struct segment_frame {
    enum segment_kind kind; /* of the content */
    uint32_t length;        /* bytes of the content */
    uint64_t checksum;      /* of the content */
};

void segment_frame_write(uint64_t marker, enum segment_kind kind, struct text content, void *out);

/* False where the SEGMENT_FRAME_BYTES bytes begin no frame of that segment. The head has a checksum of its
 * own, so that a length is believed only if it is true. */
bool segment_frame_read(uint64_t marker, const void *bytes, struct segment_frame *frame);

/* True where the content, of frame->length bytes, is what was written. */
bool segment_frame_holds(uint64_t marker, const struct segment_frame *frame, const void *content);

#endif

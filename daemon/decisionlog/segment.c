/* Names, headers and frames of segments. */
#include "decisionlog/segment.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { DIGITS = 20, KIND_SHIFT = 28 };

static const char magic[8] = "sendalog";

struct header {
    char magic[8];     /* "sendalog" */
    uint32_t format;   /* SEGMENT_FORMAT */
    uint32_t none;     /* 0 */
    uint64_t marker;   /* of this segment */
    uint64_t checksum; /* of what is in front of it */
};

struct frame {
    uint64_t marker;   /* of this segment */
    uint64_t checksum; /* of the content */
    uint32_t word;     /* kind and length */
    uint32_t check;    /* of checksum and word */
};

_Static_assert(sizeof(struct header) == SEGMENT_HEADER_BYTES, "a header has no gaps");
_Static_assert(sizeof(struct frame) == SEGMENT_FRAME_BYTES, "nor has a frame's");

/* ---- Names ---- */

void segment_name_write(int64_t first_clock_us, char out[SEGMENT_NAME_LENGTH + 1])
{
    snprintf(out, SEGMENT_NAME_LENGTH + 1, "%020" PRId64 ".log", first_clock_us > 0 ? first_clock_us : 0);
}

bool segment_name_read(const char *name, int64_t *first_clock_us)
{
    uint64_t clock = 0;
    if (strlen(name) != SEGMENT_NAME_LENGTH || strcmp(name + DIGITS, ".log") != 0)
        return false;
    for (size_t i = 0; i < DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(name[i] - '0');
        if (clock > (INT64_MAX - digit) / 10)
            return false;
        clock = 10 * clock + digit;
    }
    *first_clock_us = (int64_t)clock;
    return true;
}

/* ---- Headers ---- */

static uint64_t header_checksum(const struct header *header)
{
    return htole64(XXH3_64bits(header, offsetof(struct header, checksum)));
}

void segment_header_write(uint64_t marker, void *out)
{
    struct header header = {.format = htole32(SEGMENT_FORMAT), .marker = htole64(marker)};
    memcpy(header.magic, magic, sizeof magic);
    header.checksum = header_checksum(&header);
    memcpy(out, &header, sizeof header);
}

enum segment_header segment_header_read(const void *bytes, uint64_t *marker, uint32_t *format)
{
    struct header header;
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.magic, magic, sizeof magic) != 0 || header.checksum != header_checksum(&header))
        return SEGMENT_HEADER_DAMAGED;
    *format = le32toh(header.format);
    if (*format != SEGMENT_FORMAT)
        return SEGMENT_HEADER_NEWER;
    *marker = le64toh(header.marker);
    return SEGMENT_HEADER_GOOD;
}

/* ---- Frames ---- */

static uint64_t content_checksum(uint64_t marker, const void *content, size_t length)
{
    return htole64(XXH3_64bits_withSeed(content, length, marker));
}

static uint32_t head_check(uint64_t marker, const struct frame *frame)
{
    const char *checked = (const char *)frame + offsetof(struct frame, checksum);
    size_t length = offsetof(struct frame, check) - offsetof(struct frame, checksum);
    return htole32((uint32_t)XXH3_64bits_withSeed(checked, length, marker));
}

void segment_frame_write(uint64_t marker, enum segment_kind kind, struct text content, void *out)
{
    struct frame frame = {
        .marker = htole64(marker),
        .checksum = content_checksum(marker, content.bytes, content.length),
        .word = htole32((uint32_t)kind << KIND_SHIFT | (uint32_t)content.length),
    };
    frame.check = head_check(marker, &frame);
    memcpy(out, &frame, sizeof frame);
}

bool segment_frame_read(uint64_t marker, const void *bytes, struct segment_frame *out)
{
    struct frame frame;
    memcpy(&frame, bytes, sizeof frame);
    uint32_t word = le32toh(frame.word), kind = word >> KIND_SHIFT;
    if (frame.marker != htole64(marker) || frame.check != head_check(marker, &frame) ||
        kind > SEGMENT_KIND_INDEX)
        return false;
    *out = (struct segment_frame){(enum segment_kind)kind, word & SEGMENT_CONTENT_MOST, frame.checksum};
    return true;
}

bool segment_frame_holds(uint64_t marker, const struct segment_frame *frame, const void *content)
{
    return content_checksum(marker, content, frame->length) == frame->checksum;
}

/*
 * Walking over a MessagePack map without decoding what is in it: keys as texts, values as the bytes they are.
 * Any bytes may be given; nothing is read outside of them, and nothing allocated.
 */
#ifndef SENDA_MODEL_PACKED_H
#define SENDA_MODEL_PACKED_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"

/* A map that is being walked over. */
struct packed_map {
    const char *at, *end; /* what is not read yet; borrowed */
    uint32_t left;        /* entries of it, as the map says */
    bool failed;          /* it is no map of texts, or damaged */
};

/* No bytes are an empty map. Whether it is a map at all is known at the end. */
void packed_map_open(struct packed_map *map, struct text bytes);

/*
 * The next entry: a key of type str or bin, and the value's bytes. False at the end; then map->failed says
 * whether it was one map and nothing else.
 */
MUST_CHECK bool packed_map_next(struct packed_map *map, struct text *key, struct text *value);

/*
 * Whether the bytes are one value and nothing else. To be asked before bytes that may be damaged are given to
 * msgpack-c, which allocates what they declare: of such a value that is no more than a few times its bytes.
 */
bool packed_is_value(struct text bytes);

/* Whether the value is nil, as its bytes say. */
static inline bool packed_is_nil(struct text value)
{
    return value.length == 1 && (unsigned char)value.bytes[0] == 0xC0;
}

/* The headers in their shortest form. */
void packed_put_map(struct buffer *out, uint32_t count);
void packed_put_str(struct buffer *out, struct text text);

#endif

/*
 * The fast scanner; see bench_reply.h. Most values are skipped by one look into a table that says, for a
 * value's first byte, how many bytes it takes and how many values follow within it.
 */
#include "ctl/bench_reply.h"

#include <stddef.h>
#include <string.h>

struct skip {
    uint8_t bytes;  /* the value's, its first included; 0: see skip_sized */
    uint8_t values; /* that follow within it */
};

#define SKIP_8(bytes, step, values, each)                                                                    \
    {(bytes), (values)}, {(bytes) + (step), (values) + (each)},                                              \
        {(bytes) + 2 * (step), (values) + 2 * (each)}, {(bytes) + 3 * (step), (values) + 3 * (each)},        \
        {(bytes) + 4 * (step), (values) + 4 * (each)}, {(bytes) + 5 * (step), (values) + 5 * (each)},        \
        {(bytes) + 6 * (step), (values) + 6 * (each)},                                                       \
    {                                                                                                        \
        (bytes) + 7 * (step), (values) + 7 * (each)                                                          \
    }
#define SKIP_ONE_32 SKIP_8(1, 0, 0, 0), SKIP_8(1, 0, 0, 0), SKIP_8(1, 0, 0, 0), SKIP_8(1, 0, 0, 0)

static const struct skip skips[256] = {
    SKIP_ONE_32,
    SKIP_ONE_32,
    SKIP_ONE_32,
    SKIP_ONE_32, /* 0x00 small numbers */
    SKIP_8(1, 0, 0, 2),
    SKIP_8(1, 0, 16, 2), /* 0x80 small maps */
    SKIP_8(1, 0, 0, 1),
    SKIP_8(1, 0, 8, 1), /* 0x90 small arrays */
    SKIP_8(1, 1, 0, 0),
    SKIP_8(9, 1, 0, 0),
    SKIP_8(17, 1, 0, 0),
    SKIP_8(25, 1, 0, 0), /* 0xA0 short strs */
    {1, 0},
    {0, 0},
    {1, 0},
    {1, 0}, /* 0xC0 nil, –, bools */
    {0, 0},
    {0, 0},
    {0, 0},
    {0, 0},
    {0, 0},
    {0, 0}, /* 0xC4 bin, ext */
    {5, 0},
    {9, 0}, /* 0xCA floats */
    {2, 0},
    {3, 0},
    {5, 0},
    {9, 0},
    {2, 0},
    {3, 0},
    {5, 0},
    {9, 0}, /* 0xCC numbers */
    {3, 0},
    {4, 0},
    {6, 0},
    {10, 0},
    {18, 0}, /* 0xD4 fixext */
    {0, 0},
    {0, 0},
    {0, 0},
    {0, 0},
    {0, 0},
    {0, 0},
    {0, 0},      /* 0xD9 str … map */
    SKIP_ONE_32, /* 0xE0 negative */
};

/* What the values with a length of 1, 2 or 4 bytes are made of. */
struct sized {
    uint8_t width;   /* bytes of the length; 0: such a first byte does not exist */
    uint8_t extra;   /* bytes besides length and content */
    uint8_t content; /* bytes each unit of the length counts: 1, or 0 for containers */
    uint8_t values;  /* values each unit counts */
};

static const struct sized *sized_of(unsigned char first)
{
    static const struct sized table[32] = {
        [0x04] = {1, 0, 1, 0}, [0x05] = {2, 0, 1, 0}, [0x06] = {4, 0, 1, 0}, /* bin */
        [0x07] = {1, 1, 1, 0}, [0x08] = {2, 1, 1, 0}, [0x09] = {4, 1, 1, 0}, /* ext */
        [0x19] = {1, 0, 1, 0}, [0x1A] = {2, 0, 1, 0}, [0x1B] = {4, 0, 1, 0}, /* str */
        [0x1C] = {2, 0, 0, 1}, [0x1D] = {4, 0, 0, 1},                        /* array */
        [0x1E] = {2, 0, 0, 2}, [0x1F] = {4, 0, 0, 2},                        /* map */
    };
    return &table[first & 0x1F];
}

/* `*at` is within the input. Moves it on and adds to `*values`. */
static enum bench_reply_state skip_sized(const unsigned char **at, const unsigned char *end, uint64_t *values)
{
    const struct sized *sized = sized_of(**at);
    const unsigned char *p = *at + 1;
    uint64_t length = 0;
    if (sized->width == 0)
        return BENCH_REPLY_BROKEN;
    if (end - p < sized->width)
        return BENCH_REPLY_MORE;
    for (unsigned i = 0; i < sized->width; i++)
        length = length << 8 | *p++;
    uint64_t content = length * sized->content + sized->extra;
    if ((uint64_t)(end - p) < content)
        return BENCH_REPLY_MORE;
    *at = p + content;
    *values += length * sized->values;
    return BENCH_REPLY_WHOLE;
}

/* Skips `values` values. A table step goes at most 33 bytes on, hence the slack behind the input. */
static enum bench_reply_state skip_values(const unsigned char **at, const unsigned char *end, uint64_t values)
{
    const unsigned char *p = *at;
    while (values > 0) {
        if (p >= end)
            return BENCH_REPLY_MORE;
        struct skip skip = skips[*p];
        values--;
        if (skip.bytes != 0) {
            p += skip.bytes;
            values += skip.values;
            continue;
        }
        enum bench_reply_state state = skip_sized(&p, end, &values);
        if (state != BENCH_REPLY_WHOLE)
            return state;
    }
    *at = p;
    return p <= end ? BENCH_REPLY_WHOLE : BENCH_REPLY_MORE;
}

/* A map's head; false where the value is none, and `*at` stays. */
static bool take_map_head(const unsigned char **at, const unsigned char *end, uint64_t *entries)
{
    const unsigned char *p = *at;
    if (p >= end)
        return false;
    if ((*p & 0xF0) == 0x80) {
        *entries = *p & 0x0FU;
        *at = p + 1;
        return true;
    }
    if (*p != 0xDE || end - p < 3)
        return false;
    *entries = (uint64_t)p[1] << 8 | p[2];
    *at = p + 3;
    return true;
}

/* The result; looks at the keys of its outermost map only. */
static enum bench_reply_state scan_result(const unsigned char **at, const unsigned char *end, bool *fallback)
{
    static const unsigned char key[9] = "\xA8"
                                        "fallback";
    uint64_t entries;
    if (!take_map_head(at, end, &entries))
        return skip_values(at, end, 1);
    for (; entries > 0; entries--) {
        const unsigned char *p = *at;
        if (end - p > (ptrdiff_t)sizeof key && p[0] == key[0] && memcmp(p, key, sizeof key) == 0)
            *fallback = p[sizeof key] != 0xC0;
        enum bench_reply_state state = skip_values(at, end, 2);
        if (state != BENCH_REPLY_WHOLE)
            return state;
    }
    return BENCH_REPLY_WHOLE;
}

/* The request's number, in whichever width. */
static enum bench_reply_state take_id(const unsigned char **at, const unsigned char *end, uint32_t *id)
{
    const unsigned char *p = *at;
    unsigned width = *p == 0xCC ? 1 : *p == 0xCD ? 2 : *p == 0xCE ? 4 : 0;
    if (width == 0 && *p >= 0x80)
        return BENCH_REPLY_BROKEN;
    if (end - p < 1 + (ptrdiff_t)width)
        return BENCH_REPLY_MORE;
    *id = width == 0 ? *p : 0;
    for (unsigned i = 1; i <= width; i++)
        *id = *id << 8 | p[i];
    *at = p + 1 + width;
    return BENCH_REPLY_WHOLE;
}

enum bench_reply_state bench_reply_scan(const unsigned char *bytes, const unsigned char *end,
                                        struct bench_reply *reply, const unsigned char **next)
{
    const unsigned char *at = bytes + 2;
    if (end - bytes < 4)
        return BENCH_REPLY_MORE;
    if (bytes[0] != 0x94 || bytes[1] != 1)
        return BENCH_REPLY_BROKEN;
    enum bench_reply_state state = take_id(&at, end, &reply->id);
    if (state != BENCH_REPLY_WHOLE)
        return state;
    if (at >= end)
        return BENCH_REPLY_MORE;
    reply->error = *at != 0xC0;
    reply->fallback = false;
    state = skip_values(&at, end, 1);
    if (state == BENCH_REPLY_WHOLE)
        state = scan_result(&at, end, &reply->fallback);
    *next = at;
    return state;
}

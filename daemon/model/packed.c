/* The headers of MessagePack, as far as one needs them to find where a value ends. */
#include "model/packed.h"

/* What stands behind a value's first byte. */
struct head {
    uint8_t width;    /* bytes of the length that follows */
    uint8_t extra;    /* bytes of content, beside what the length says */
    uint8_t children; /* values inside for each that the length says; 0: it is a length of bytes */
    bool valid;
};

/* 0xC0 to 0xDF; all other first bytes hold their length themselves. */
static const struct head heads[] = {
    {0, 0, 0, true}, {0, 0, 0, false}, {0, 0, 0, true}, {0, 0, 0, true},                   /* nil, booleans */
    {1, 0, 0, true}, {2, 0, 0, true},  {4, 0, 0, true},                                    /* bin */
    {1, 1, 0, true}, {2, 1, 0, true},  {4, 1, 0, true},                                    /* ext */
    {0, 4, 0, true}, {0, 8, 0, true},                                                      /* float */
    {0, 1, 0, true}, {0, 2, 0, true},  {0, 4, 0, true}, {0, 8, 0, true},                   /* uint */
    {0, 1, 0, true}, {0, 2, 0, true},  {0, 4, 0, true}, {0, 8, 0, true},                   /* int */
    {0, 2, 0, true}, {0, 3, 0, true},  {0, 5, 0, true}, {0, 9, 0, true}, {0, 17, 0, true}, /* fixext */
    {1, 0, 0, true}, {2, 0, 0, true},  {4, 0, 0, true},                                    /* str */
    {2, 0, 1, true}, {4, 0, 1, true},                                                      /* array */
    {2, 0, 2, true}, {4, 0, 2, true},                                                      /* map */
};

/* One value's header, read. */
struct value {
    uint8_t first;     /* its first byte */
    uint64_t bytes;    /* of content behind the header */
    uint64_t children; /* values inside */
};

static uint64_t take_big_endian(const char **at, unsigned width)
{
    uint64_t number = 0;
    for (; width > 0; width--)
        number = number << 8 | (unsigned char)*(*at)++;
    return number;
}

static bool take_head(const char **at, const char *end, struct value *value)
{
    *value = (struct value){.first = *at < end ? (uint8_t) * *at : 0xC1};
    uint8_t first = value->first;
    struct head head = {.valid = true};
    if (first >= 0x80 && first < 0xA0)
        value->children = (uint64_t)(first & 15) * (first < 0x90 ? 2 : 1);
    else if (first >= 0xA0 && first < 0xC0)
        value->bytes = first & 31;
    else if (first >= 0xC0 && first < 0xE0)
        head = heads[first - 0xC0];
    if (!head.valid || end - *at <= head.width)
        return false;
    (*at)++;
    uint64_t length = take_big_endian(at, head.width);
    value->bytes += head.extra + (head.children == 0 ? length : 0);
    value->children += length * head.children;
    return value->bytes <= (uint64_t)(end - *at);
}

/* Moves over one value and all that is in it. Each step takes a byte at least, so what is declared costs
 * nothing. */
static bool skip(const char **at, const char *end)
{
    struct value value;
    for (uint64_t left = 1; left > 0; left--) {
        if (!take_head(at, end, &value))
            return false;
        *at += value.bytes;
        left += value.children;
    }
    return true;
}

bool packed_is_value(struct text bytes)
{
    const char *at = bytes.bytes, *end = at;
    if (bytes.length == 0)
        return false;
    end += bytes.length;
    return skip(&at, end) && at == end;
}

static bool is_map(uint8_t first)
{
    return (first >= 0x80 && first < 0x90) || first == 0xDE || first == 0xDF;
}

static bool is_text(uint8_t first)
{
    return (first >= 0xA0 && first < 0xC0) || (first >= 0xC4 && first <= 0xC6) ||
           (first >= 0xD9 && first <= 0xDB);
}

void packed_map_open(struct packed_map *map, struct text bytes)
{
    struct value value;
    *map = (struct packed_map){.at = bytes.bytes, .end = bytes.bytes};
    if (bytes.length == 0)
        return;
    map->end = bytes.bytes + bytes.length;
    map->failed = !take_head(&map->at, map->end, &value) || !is_map(value.first);
    map->left = map->failed ? 0 : (uint32_t)(value.children / 2);
}

static bool take_key(struct packed_map *map, struct text *key)
{
    struct value value;
    if (!take_head(&map->at, map->end, &value) || !is_text(value.first))
        return false;
    *key = (struct text){map->at, (size_t)value.bytes};
    map->at += value.bytes;
    return true;
}

bool packed_map_next(struct packed_map *map, struct text *key, struct text *value)
{
    if (map->failed || map->left == 0) {
        map->failed |= map->at != map->end;
        return false;
    }
    if (!take_key(map, key)) {
        map->failed = true;
        return false;
    }
    *value = (struct text){map->at, 0};
    map->failed = !skip(&map->at, map->end);
    value->length = (size_t)(map->at - value->bytes);
    map->left--;
    return !map->failed;
}

/* A first byte with a big-endian length behind it. */
static void put_head(struct buffer *out, uint8_t first, uint32_t length, unsigned width)
{
    char *bytes = buffer_extend(out, 1 + width);
    if (bytes == NULL)
        return;
    *bytes++ = (char)first;
    while (width > 0)
        *bytes++ = (char)(length >> 8 * --width);
}

void packed_put_map(struct buffer *out, uint32_t count)
{
    if (count < 16)
        put_head(out, (uint8_t)(0x80 | count), 0, 0);
    else if (count <= UINT16_MAX)
        put_head(out, 0xDE, count, 2);
    else
        put_head(out, 0xDF, count, 4);
}

void packed_put_str(struct buffer *out, struct text text)
{
    uint32_t length = (uint32_t)text.length;
    if (length < 32)
        put_head(out, (uint8_t)(0xA0 | length), 0, 0);
    else if (length <= UINT8_MAX)
        put_head(out, 0xD9, length, 1);
    else if (length <= UINT16_MAX)
        put_head(out, 0xDA, length, 2);
    else
        put_head(out, 0xDB, length, 4);
    buffer_append(out, text.bytes, text.length);
}

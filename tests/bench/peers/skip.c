/* Finds where a MessagePack value ends, without reading what it says; goes on where it left off as bytes
 * arrive. */
#include "skip.h"

/* What the bytes 0xc0 to 0xdf announce. */
struct shape {
    uint8_t header;  /* bytes before the payload, this one included; 0: never used by MessagePack */
    uint8_t payload; /* bytes after the header, besides those counted */
    uint8_t width;   /* bytes of the header that are a count, right after the first; 0: none */
    uint8_t values;  /* values that each unit of the count stands for; 0: it counts bytes */
};

static const struct shape SHAPES[32] = {
    {1, 0, 0, 0},  {0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}, /* nil, unused, false, true */
    {2, 0, 1, 0},  {3, 0, 2, 0}, {5, 0, 4, 0},               /* bin */
    {3, 0, 1, 0},  {4, 0, 2, 0}, {6, 0, 4, 0},               /* ext */
    {1, 4, 0, 0},  {1, 8, 0, 0},                             /* float */
    {1, 1, 0, 0},  {1, 2, 0, 0}, {1, 4, 0, 0}, {1, 8, 0, 0}, /* unsigned */
    {1, 1, 0, 0},  {1, 2, 0, 0}, {1, 4, 0, 0}, {1, 8, 0, 0}, /* signed */
    {2, 1, 0, 0},  {2, 2, 0, 0}, {2, 4, 0, 0}, {2, 8, 0, 0}, /* fixext */
    {2, 16, 0, 0}, {2, 0, 1, 0}, {3, 0, 2, 0}, {5, 0, 4, 0}, /* fixext 16, str */
    {3, 0, 2, 1},  {5, 0, 4, 1}, {3, 0, 2, 2}, {5, 0, 4, 2}, /* array, map */
};

void skip_start(struct skip *skip, size_t at)
{
    skip->left = 1;
    skip->at = at;
}

static uint64_t skip_count(const uint8_t *data, unsigned width)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < width; i++)
        count = count << 8 | data[i];
    return count;
}

/* Passes the header of a value whose first byte is 0xc0 to 0xdf, and the payload where that is no values. */
static enum skip_result skip_long(struct skip *skip, const uint8_t *data, size_t length)
{
    const struct shape *shape = &SHAPES[data[skip->at] - 0xc0];
    if (shape->header == 0)
        return SKIP_BROKEN;
    if (length - skip->at < shape->header)
        return SKIP_MORE;
    uint64_t count = skip_count(data + skip->at + 1, shape->width);
    skip->at += (size_t)shape->header + shape->payload;
    if (shape->values > 0)
        skip->left += count * shape->values;
    else
        skip->at += count;
    skip->left--;
    return SKIP_DONE;
}

enum skip_result skip_run(struct skip *skip, const uint8_t *data, size_t length)
{
    while (skip->left > 0) {
        if (skip->at >= length)
            return SKIP_MORE;
        uint8_t byte = data[skip->at];
        if (byte >= 0xc0 && byte < 0xe0) {
            enum skip_result result = skip_long(skip, data, length);
            if (result != SKIP_DONE)
                return result;
            continue;
        }
        if (byte >= 0xa0 && byte < 0xc0)
            skip->at += byte & 0x1f;
        else if (byte >= 0x90 && byte < 0xa0)
            skip->left += byte & 0x0f;
        else if (byte >= 0x80 && byte < 0x90)
            skip->left += 2 * (uint64_t)(byte & 0x0f);
        skip->at++;
        skip->left--;
    }
    return skip->at <= length ? SKIP_DONE : SKIP_MORE;
}

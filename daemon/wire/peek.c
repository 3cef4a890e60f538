/* Walks over the envelope's first elements, and looks for what usually stands behind them. */
#include "wire/peek.h"

#include <string.h>

enum {
    FIXED_ARRAY = 0x90,
    ARRAY_16 = 0xDC,
    FLOAT_32 = 0xCA,
    UINT_8 = 0xCC,
    FIXED_STR = 0xA0,
    STR_8 = 0xD9,
    BIN_8 = 0xC4,
};

struct cursor {
    const uint8_t *at, *end;
};

static bool skip(struct cursor *cursor, size_t count)
{
    if ((size_t)(cursor->end - cursor->at) < count)
        return false;
    cursor->at += count;
    return true;
}

/* The message's own array, and how many elements stand in front of the method. */
static bool skip_head(struct cursor *cursor)
{
    uint8_t first = *cursor->at;
    if ((first & 0xF0) == FIXED_ARRAY)
        return skip(cursor, 1);
    return skip(cursor, first == ARRAY_16 ? 3 : 5);
}

/* A number in whichever form and width. */
static bool skip_number(struct cursor *cursor)
{
    if (cursor->at == cursor->end)
        return false;
    uint8_t first = *cursor->at;
    size_t width = first < 0x80     ? 0
                   : first < UINT_8 ? (size_t)4 << (first - FLOAT_32)
                                    : (size_t)1 << ((first - UINT_8) & 3);
    return skip(cursor, 1 + width);
}

static bool take_length(struct cursor *cursor, unsigned width, size_t *length)
{
    *length = 0;
    for (unsigned i = 0; i < 1U << width; i++) {
        if (cursor->at == cursor->end)
            return false;
        *length = *length << 8 | *cursor->at++;
    }
    return true;
}

static bool take_text(struct cursor *cursor, struct text *text)
{
    size_t length;
    if (cursor->at == cursor->end)
        return false;
    uint8_t first = *cursor->at++;
    if ((first & 0xE0) == FIXED_STR)
        length = first & 0x1F;
    else if (first >= STR_8 && first <= STR_8 + 2) {
        if (!take_length(cursor, first - STR_8, &length))
            return false;
    } else if (first < BIN_8 || first > BIN_8 + 2 || !take_length(cursor, first - BIN_8, &length))
        return false;
    text->bytes = (const char *)cursor->at;
    text->length = length;
    return skip(cursor, length);
}

bool peek_method(const uint8_t *bytes, size_t length, uint8_t type, struct text *name)
{
    enum { REQUEST = 0 };
    struct cursor cursor = {bytes, bytes + length};
    return length > 0 && skip_head(&cursor) && skip_number(&cursor) &&
           (type != REQUEST || skip_number(&cursor)) && take_text(&cursor, name);
}

/* Behind the next place that has these bytes; NULL: nowhere. */
static const uint8_t *behind(const uint8_t *at, const uint8_t *end, struct text wanted)
{
    while ((size_t)(end - at) >= wanted.length) {
        at = memchr(at, (unsigned char)wanted.bytes[0], (size_t)(end - at) - wanted.length + 1);
        if (at == NULL)
            return NULL;
        if (memcmp(at, wanted.bytes, wanted.length) == 0)
            return at + wanted.length;
        at++;
    }
    return NULL;
}

size_t peek_customers(const uint8_t *bytes, size_t length, struct text *out, size_t most, size_t *seen)
{
    const uint8_t *end = bytes + length, *at = bytes;
    size_t count = 0;
    while (count < most) {
        at = behind(at, end, TEXT("\xA9recommend"));
        if (at != NULL)
            at = behind(at, end,
                        TEXT("\xA8"
                             "customer"));
        struct cursor cursor = {at, end};
        if (at == NULL || !take_text(&cursor, &out[count]))
            break;
        at = cursor.at;
        count++;
    }
    *seen = count < most ? length : (size_t)(at - bytes);
    return count;
}

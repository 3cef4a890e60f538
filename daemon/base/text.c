/* Names and slices; see text.h. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>

enum { LONGEST_COMPARED = 64 }; /* names are at most this long; longer ones have no nearest */

int text_compare(struct text a, struct text b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.bytes, b.bytes, shorter);
    if (order != 0)
        return order;
    return (a.length > b.length) - (a.length < b.length);
}

/* Bytes of the well-formed sequence that begins at `s`, or 0. Table 3-7 of the Unicode standard. */
static size_t sequence_length(const unsigned char *s, size_t left)
{
    unsigned char lowest = 0x80, highest = 0xBF;
    size_t length;
    if (s[0] < 0x80)
        return 1;
    if (s[0] >= 0xC2 && s[0] <= 0xDF)
        length = 2;
    else if (s[0] >= 0xE0 && s[0] <= 0xEF)
        length = 3;
    else if (s[0] >= 0xF0 && s[0] <= 0xF4)
        length = 4;
    else
        return 0;
    if (left < length)
        return 0;
    if (s[0] == 0xE0)
        lowest = 0xA0;
    else if (s[0] == 0xED)
        highest = 0x9F;
    else if (s[0] == 0xF0)
        lowest = 0x90;
    else if (s[0] == 0xF4)
        highest = 0x8F;
    if (s[1] < lowest || s[1] > highest)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (s[i] < 0x80 || s[i] > 0xBF)
            return 0;
    return length;
}

static uint64_t load(const unsigned char *s, size_t size)
{
    uint64_t bytes = 0;
    memcpy(&bytes, s, size);
    return bytes;
}

/* Names and short words, which most texts are: without a loop, by reads that overlap. Up to 16 bytes. */
static bool is_short_ascii(const unsigned char *s, size_t length)
{
    uint64_t bytes = 0;
    if (length >= 8)
        bytes = load(s, 8) | load(s + length - 8, 8);
    else if (length >= 4)
        bytes = load(s, 4) | load(s + length - 4, 4);
    else if (length > 0)
        bytes = s[0] | s[length / 2] | s[length - 1];
    return (bytes & UINT64_C(0x8080808080808080)) == 0;
}

size_t text_utf8_length(struct text text)
{
    const unsigned char *s = (const unsigned char *)text.bytes;
    size_t i = 0;
    while (i < text.length) {
        uint64_t eight;
        if (text.length - i >= sizeof eight) {
            memcpy(&eight, s + i, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        if (s[i] < 0x80) {
            i++;
            continue;
        }
        size_t length = sequence_length(s + i, text.length - i);
        if (length == 0)
            return i;
        i += length;
    }
    return i;
}

bool text_is_utf8(struct text text)
{
    if (text.length <= 16 && is_short_ascii((const unsigned char *)text.bytes, text.length))
        return true;
    return text_utf8_length(text) == text.length;
}

struct text text_skip_mark(struct text text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    enum { LENGTH = sizeof mark - 1 };
    if (text.length < LENGTH || memcmp(text.bytes, mark, LENGTH) != 0)
        return text;
    return (struct text){text.bytes + LENGTH, text.length - LENGTH};
}

struct text text_drop_cut_character(struct text text)
{
    size_t behind = 1; /* bytes from the last character's first one to the end */
    while (behind < 4 && behind < text.length && (text.bytes[text.length - behind] & 0xC0) == 0x80)
        behind++;
    if (text.length == 0)
        return text;
    unsigned char first = (unsigned char)text.bytes[text.length - behind];
    size_t whole = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (whole > behind)
        text.length -= behind;
    return text;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters of ASCII in small; the others are compared as they are. */
static char fold(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool differ(struct text a, size_t i, struct text b, size_t j)
{
    return fold(a.bytes[i]) != fold(b.bytes[j]);
}

/* Optimal string alignment distance, by rows; both texts are at most LONGEST_COMPARED long. Case is free. */
static size_t edit_distance(struct text a, struct text b)
{
    size_t rows[3][LONGEST_COMPARED + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.length; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t differs = differ(a, i - 1, b, j - 1);
            row[j] = smaller(smaller(last[j] + 1, row[j - 1] + 1), last[j - 1] + differs);
            if (i > 1 && j > 1 && !differ(a, i - 1, b, j - 2) && !differ(a, i - 2, b, j - 1))
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b.length];
}

/* One more than the slips that are let pass: half of a short word being another is no slip. */
static size_t too_far(size_t length)
{
    return length == 6 || length == 7 ? 3 : length / 3 + 2;
}

struct text text_nearest(struct text name, struct text_candidates candidates)
{
    struct text best = {NULL, 0}, candidate;
    if (name.length == 0 || name.length > LONGEST_COMPARED)
        return best;
    size_t best_distance = too_far(name.length);
    while (candidates.next(candidates.context, &candidate)) {
        if (candidate.length == 0 || candidate.length > LONGEST_COMPARED)
            continue;
        size_t distance = edit_distance(name, candidate);
        if (distance < best_distance && distance < candidate.length) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

struct array_position {
    const struct text *next, *end;
};

static bool next_in_array(void *context, struct text *candidate)
{
    struct array_position *position = context;
    if (position->next == position->end)
        return false;
    *candidate = *position->next++;
    return true;
}

struct text text_nearest_of(struct text name, const struct text *candidates, size_t count)
{
    struct array_position position = {candidates, candidates + count};
    return text_nearest(name, (struct text_candidates){next_in_array, &position});
}

/* U+061C, U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 turn the direction in which a line is read;
 * U+2028 and U+2029 end it. */
static bool is_turning(const unsigned char *s, size_t length)
{
    if (length == 2)
        return s[0] == 0xD8 && s[1] == 0x9C;
    if (length != 3 || s[0] != 0xE2)
        return false;
    return (s[1] == 0x80 && (s[2] == 0x8E || s[2] == 0x8F || (s[2] >= 0xA8 && s[2] <= 0xAE))) ||
           (s[1] == 0x81 && s[2] >= 0xA6 && s[2] <= 0xA9);
}

/* False for control characters, those from U+0080 to U+009F too, which terminals obey. */
static bool is_shown(const unsigned char *s, size_t length)
{
    if (length == 1)
        return s[0] >= 0x20 && s[0] != 0x7F;
    return length > 1 && (s[0] != 0xC2 || s[1] >= 0xA0) && !is_turning(s, length);
}

size_t text_shown_length(struct text text)
{
    const unsigned char *s = (const unsigned char *)text.bytes;
    size_t length = text.length == 0 ? 0 : sequence_length(s, text.length);
    return is_shown(s, length) ? length : 0;
}

const char *text_escape(struct text text, char *out, size_t size)
{
    static const char ellipsis[] = "…";
    const unsigned char *s = (const unsigned char *)text.bytes;
    size_t used = 0, i = 0;
    if (size < sizeof ellipsis) {
        if (size > 0)
            out[0] = '\0';
        return out;
    }
    while (i < text.length) {
        size_t length = text_shown_length((struct text){text.bytes + i, text.length - i});
        bool plain = length > 0;
        size_t need = plain ? length : 4;
        if (used + need + sizeof ellipsis > size) {
            memcpy(out + used, ellipsis, sizeof ellipsis);
            return out;
        }
        if (plain)
            memcpy(out + used, s + i, length);
        else
            snprintf(out + used, 5, "\\x%02X", s[i]);
        used += need;
        i += plain ? length : 1;
    }
    out[used] = '\0';
    return out;
}

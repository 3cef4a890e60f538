/* Slices of bytes, and what is done with names: comparing, checking UTF-8, finding the nearest, escaping. */
#ifndef SENDA_BASE_TEXT_H
#define SENDA_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text {
    const char *bytes; /* borrowed; not NUL-terminated; NULL means "no text" (which is not the empty one) */
    size_t length;     /* bytes */
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

static inline struct text text_from(const char *string)
{
    return (struct text){string, string == NULL ? 0 : strlen(string)};
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

/* Byte order; a prefix comes before what it begins. */
int text_compare(struct text a, struct text b);

/* Well-formed UTF-8 by RFC 3629: no surrogates, nothing overlong, nothing above U+10FFFF. */
bool text_is_utf8(struct text text);

/* How many bytes at the beginning are well-formed: all of them, or those before the first that is not. */
size_t text_utf8_length(struct text text);

/* Without the mark that some editors put in front of UTF-8 (U+FEFF), which says nothing. */
struct text text_skip_mark(struct text text);

/* Without the last character where a cut left only its first bytes. */
struct text text_drop_cut_character(struct text text);

/*
 * The candidate with the smallest edit distance (insertions, deletions, replacements, swapped neighbours, the
 * case of ASCII letters for nothing) to `name`, where it is near enough to be a slip; else one with no bytes.
 * `next` hands out candidates until it returns false.
 */
struct text_candidates {
    bool (*next)(void *context, struct text *candidate); /* false: no more */
    void *context;                                       /* handed to next */
};
struct text text_nearest(struct text name, struct text_candidates candidates);

/* text_nearest over an array of `count` texts. */
struct text text_nearest_of(struct text name, const struct text *candidates, size_t count);

/*
 * Bytes of the character that the text begins with; 0 where it is none that can be shown as it is: a control
 * character, one that ends the line or turns its direction, a byte that is no UTF-8.
 */
size_t text_shown_length(struct text text);

/*
 * Writes `text` to `out` (`size` bytes, NUL-terminated, cut with "…" where it would not fit) with what
 * text_shown_length does not count as \xNN for each byte. Returns out.
 */
const char *text_escape(struct text text, char *out, size_t size);

#endif

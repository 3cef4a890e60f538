/* Writing responses: the envelope, errors in the client's form, and the small pieces that results are made
 * of. */
#ifndef SENDA_WIRE_REPLY_H
#define SENDA_WIRE_REPLY_H

#include <msgpack/object.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"

/* How a client wants its errors; chosen with hello. */
enum reply_errors {
    REPLY_ERRORS_TEXT, /* "CODE: message" */
    REPLY_ERRORS_PAIR, /* [code, message], the code as its number in enum error_code */
};

/* [1, id, nil, …: the caller appends exactly one value. */
void reply_begin(struct buffer *out, uint32_t id);

/* A whole error response. */
void reply_error(struct buffer *out, uint32_t id, enum reply_errors form, const struct error *error);

/* The same with a message of any length, such as a list of problems. */
void reply_failure(struct buffer *out, uint32_t id, enum reply_errors form, enum error_code code,
                   struct text message);

/* An error's value alone, for where it stands inside a result. */
void reply_put_failure(struct buffer *out, enum reply_errors form, enum error_code code, struct text message);

/* ---- Values. Written in place, since replies are made of many small ones; watch out->failed at the end.
 * ---- */

enum { REPLY_NIL = 0xC0, REPLY_FALSE = 0xC2, REPLY_TEXT = 0xA0, REPLY_SHORT_TEXT = 31, REPLY_FEW = 15 };

static inline void reply_byte(struct buffer *out, unsigned byte)
{
    char *to = buffer_extend(out, 1);
    if (to != NULL)
        *to = (char)byte;
}

static inline void reply_nil(struct buffer *out)
{
    reply_byte(out, REPLY_NIL);
}

static inline void reply_bool(struct buffer *out, bool value)
{
    reply_byte(out, REPLY_FALSE + (unsigned)value);
}

/* `count` pairs of key and value follow. */
void reply_map(struct buffer *out, size_t count);

/* `count` values follow. */
void reply_array(struct buffer *out, size_t count);

/* The head of a text of `length` bytes, which the caller appends. */
void reply_text_head(struct buffer *out, size_t length);

/* A text of at most REPLY_SHORT_TEXT bytes. */
static inline void reply_short_text(struct buffer *out, const char *bytes, size_t length)
{
    char *to = buffer_extend(out, 1 + length);
    if (to == NULL)
        return;
    *to = (char)(REPLY_TEXT | length);
    memcpy(to + 1, bytes, length);
}

/* A key of a map or a fixed word: a literal. */
#define reply_word(out, literal)                                                                             \
    do {                                                                                                     \
        _Static_assert(sizeof(literal) - 1 <= REPLY_SHORT_TEXT, "too long for a word");                      \
        reply_short_text((out), (literal), sizeof(literal) - 1);                                             \
    } while (0)

static inline void reply_text(struct buffer *out, struct text text)
{
    reply_text_head(out, text.length);
    buffer_append(out, text.bytes, text.length);
}

/* A text, or nil where there is none. */
static inline void reply_text_or_nil(struct buffer *out, struct text text)
{
    if (text.bytes == NULL)
        reply_nil(out);
    else
        reply_text(out, text);
}

/* A text, or nil where it is empty. */
static inline void reply_filled_text(struct buffer *out, struct text text)
{
    reply_text_or_nil(out, text.length > 0 ? text : (struct text){NULL, 0});
}

/* A number as the shortest integer where it is whole and within 2^53, else as a float. */
void reply_number(struct buffer *out, double number);

/* What was decoded, packed again. */
void reply_object(struct buffer *out, const msgpack_object *value);

#endif

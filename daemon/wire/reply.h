/* Writing responses: the envelope, errors in the client's form, and the small pieces that results are made
 * of. */
#ifndef SENDA_WIRE_REPLY_H
#define SENDA_WIRE_REPLY_H

#include <msgpack/pack.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"

/* How a client wants its errors; chosen with hello. */
enum reply_errors {
    REPLY_ERRORS_TEXT, /* "CODE: message" */
    REPLY_ERRORS_PAIR, /* [code, message], the code as its number in enum error_code */
};

/* A packer that appends to `out`; watch out->failed at the end. */
void reply_packer(msgpack_packer *packer, struct buffer *out);

/* [1, id, nil, …: the caller appends exactly one value. */
void reply_begin(struct buffer *out, uint32_t id);

/* A whole error response. */
void reply_error(struct buffer *out, uint32_t id, enum reply_errors form, const struct error *error);

/* The same with a message of any length, such as a list of problems. */
void reply_failure(struct buffer *out, uint32_t id, enum reply_errors form, enum error_code code,
                   struct text message);

static inline void reply_text(msgpack_packer *packer, struct text text)
{
    msgpack_pack_str(packer, text.length);
    msgpack_pack_str_body(packer, text.bytes, text.length);
}

/* A key of a map or a fixed word. */
#define reply_word(packer, literal) msgpack_pack_str_with_body((packer), (literal), sizeof(literal) - 1)

/* A text, or nil where there is none. */
static inline void reply_text_or_nil(msgpack_packer *packer, struct text text)
{
    if (text.bytes == NULL)
        msgpack_pack_nil(packer);
    else
        reply_text(packer, text);
}

/* A number as the shortest integer where it is whole and within 2^53, else as a float. */
void reply_number(msgpack_packer *packer, double number);

#endif

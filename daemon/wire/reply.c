/* Responses; see reply.h. */
#include "wire/reply.h"

#include <endian.h>
#include <msgpack/pack.h>

/* First bytes of what does not fit into a single one. */
enum {
    FORMAT_MAP = 0x80,
    FORMAT_ARRAY = 0x90,
    FORMAT_FLOAT64 = 0xCB,
    FORMAT_UINT8 = 0xCC,
    FORMAT_UINT16,
    FORMAT_UINT32,
    FORMAT_UINT64,
    FORMAT_INT8,
    FORMAT_INT16,
    FORMAT_INT32,
    FORMAT_INT64,
    FORMAT_STR8 = 0xD9,
    FORMAT_STR16,
    FORMAT_STR32,
    FORMAT_ARRAY16,
    FORMAT_ARRAY32,
    FORMAT_MAP16,
    FORMAT_MAP32,
};

/* The format's byte and the last `width` bytes of `number`, the highest first. */
static void put_number(struct buffer *out, unsigned format, uint64_t number, unsigned width)
{
    uint64_t bytes = htobe64(number << (64 - 8 * width));
    if (out->capacity - out->length <= sizeof bytes && !buffer_reserve(out, 1 + sizeof bytes))
        return;
    out->bytes[out->length] = (char)format;
    memcpy(out->bytes + out->length + 1, &bytes, sizeof bytes);
    out->length += 1 + width;
}

static void put_count(struct buffer *out, unsigned format, unsigned format16, size_t count)
{
    if (count <= REPLY_FEW)
        reply_byte(out, format | (unsigned)count);
    else if (count <= UINT16_MAX)
        put_number(out, format16, count, 2);
    else
        put_number(out, format16 + 1, count, 4);
}

void reply_map(struct buffer *out, size_t count)
{
    put_count(out, FORMAT_MAP, FORMAT_MAP16, count);
}

void reply_array(struct buffer *out, size_t count)
{
    put_count(out, FORMAT_ARRAY, FORMAT_ARRAY16, count);
}

void reply_text_head(struct buffer *out, size_t length)
{
    if (length <= REPLY_SHORT_TEXT)
        reply_byte(out, REPLY_TEXT | (unsigned)length);
    else if (length <= UINT8_MAX)
        put_number(out, FORMAT_STR8, length, 1);
    else if (length <= UINT16_MAX)
        put_number(out, FORMAT_STR16, length, 2);
    else
        put_number(out, FORMAT_STR32, length, 4);
}

static void put_positive(struct buffer *out, uint64_t number)
{
    if (number < 0x80)
        reply_byte(out, (unsigned)number);
    else if (number <= UINT8_MAX)
        put_number(out, FORMAT_UINT8, number, 1);
    else if (number <= UINT16_MAX)
        put_number(out, FORMAT_UINT16, number, 2);
    else if (number <= UINT32_MAX)
        put_number(out, FORMAT_UINT32, number, 4);
    else
        put_number(out, FORMAT_UINT64, number, 8);
}

static void put_negative(struct buffer *out, int64_t number)
{
    if (number >= -0x20)
        reply_byte(out, (uint8_t)number);
    else if (number >= INT8_MIN)
        put_number(out, FORMAT_INT8, (uint64_t)number, 1);
    else if (number >= INT16_MIN)
        put_number(out, FORMAT_INT16, (uint64_t)number, 2);
    else if (number >= INT32_MIN)
        put_number(out, FORMAT_INT32, (uint64_t)number, 4);
    else
        put_number(out, FORMAT_INT64, (uint64_t)number, 8);
}

void reply_number(struct buffer *out, double number)
{
    const double most = 9007199254740992.0;
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (!(number >= -most && number <= most) || number != (double)(int64_t)number)
        put_number(out, FORMAT_FLOAT64, bits, 8);
    else if (number >= 0)
        put_positive(out, (uint64_t)number);
    else
        put_negative(out, (int64_t)number);
}

static int append(void *data, const char *bytes, size_t length)
{
    buffer_append(data, bytes, length);
    return 0;
}

void reply_object(struct buffer *out, const msgpack_object *value)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, append);
    msgpack_pack_object(&packer, *value);
}

void reply_begin(struct buffer *out, uint32_t id)
{
    reply_array(out, 4);
    put_positive(out, 1);
    if (id < 0x80)
        reply_byte(out, id);
    else
        put_number(out, FORMAT_UINT32, id, 4);
    reply_nil(out);
}

void reply_put_failure(struct buffer *out, enum reply_errors form, enum error_code code, struct text message)
{
    struct text name = text_from(error_code_name(code));
    switch (form) {
    case REPLY_ERRORS_TEXT:
        reply_text_head(out, name.length + 2 + message.length);
        buffer_append(out, name.bytes, name.length);
        buffer_append(out, ": ", 2);
        buffer_append(out, message.bytes, message.length);
        break;
    case REPLY_ERRORS_PAIR:
        reply_array(out, 2);
        put_positive(out, (uint64_t)code);
        reply_text(out, message);
        break;
    }
}

void reply_failure(struct buffer *out, uint32_t id, enum reply_errors form, enum error_code code,
                   struct text message)
{
    reply_array(out, 4);
    put_positive(out, 1);
    put_positive(out, id);
    reply_put_failure(out, form, code, message);
    reply_nil(out);
}

void reply_error(struct buffer *out, uint32_t id, enum reply_errors form, const struct error *error)
{
    reply_failure(out, id, form, error->code, text_from(error->message));
}

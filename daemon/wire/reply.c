/* Responses; see reply.h. */
#include "wire/reply.h"

static int append(void *data, const char *bytes, size_t length)
{
    buffer_append(data, bytes, length);
    return 0;
}

void reply_packer(msgpack_packer *packer, struct buffer *out)
{
    msgpack_packer_init(packer, out, append);
}

void reply_begin(struct buffer *out, uint32_t id)
{
    unsigned char head[8] = {0x94, 0x01};
    size_t length = 2;
    if (id < 0x80) {
        head[length++] = (unsigned char)id;
    } else {
        head[length++] = 0xCE;
        for (int shift = 24; shift >= 0; shift -= 8)
            head[length++] = (unsigned char)(id >> shift);
    }
    head[length++] = 0xC0;
    buffer_append(out, head, length);
}

static void put_failure(msgpack_packer *packer, enum reply_errors form, enum error_code code,
                        struct text message)
{
    const char *name = error_code_name(code);
    switch (form) {
    case REPLY_ERRORS_TEXT:
        msgpack_pack_str(packer, strlen(name) + 2 + message.length);
        msgpack_pack_str_body(packer, name, strlen(name));
        msgpack_pack_str_body(packer, ": ", 2);
        msgpack_pack_str_body(packer, message.bytes, message.length);
        break;
    case REPLY_ERRORS_PAIR:
        msgpack_pack_array(packer, 2);
        msgpack_pack_int(packer, (int)code);
        reply_text(packer, message);
        break;
    }
}

void reply_failure(struct buffer *out, uint32_t id, enum reply_errors form, enum error_code code,
                   struct text message)
{
    msgpack_packer packer;
    reply_packer(&packer, out);
    msgpack_pack_array(&packer, 4);
    msgpack_pack_uint8(&packer, 1);
    msgpack_pack_uint32(&packer, id);
    put_failure(&packer, form, code, message);
    msgpack_pack_nil(&packer);
}

void reply_error(struct buffer *out, uint32_t id, enum reply_errors form, const struct error *error)
{
    reply_failure(out, id, form, error->code, text_from(error->message));
}

void reply_number(msgpack_packer *packer, double number)
{
    const double most = 9007199254740992.0;
    if (number >= -most && number <= most && number == (double)(int64_t)number)
        msgpack_pack_int64(packer, (int64_t)number);
    else
        msgpack_pack_double(packer, number);
}

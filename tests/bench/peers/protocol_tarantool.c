/* Tarantool's binary protocol: a length, a header map and a body map; CALL of one stored procedure. */
#include <string.h>

#include "protocol.h"

/* Length, header {0: type, 1: id}; the length is filled in at the end. */
#define LENGTH "\xce\x00\x00\x00\x00"
#define HEADER_CALL "\x82\x00\x0a\x01\xce\x00\x00\x00\x00"
#define HEADER_PING "\x82\x00\x40\x01\xce\x00\x00\x00\x00"
/* {0x22: function, 0x21: [arguments]} */
#define BODY_CALL "\x82\x22\xa9recommend\x21\x91"

enum {
    LENGTH_SIZE = 5,
    ID_OFFSET = LENGTH_SIZE + 5,
    GREETING_SIZE = 128,
    REPLY_HEADER_SIZE = 23, /* {0: status as u32, 1: id as u64, 5: schema version as u32} */
    REPLY_DATA_SIZE = 7,    /* {0x30: list with a 32-bit count} before the first value */
};

static void put_u32(uint8_t *out, size_t value)
{
    for (unsigned i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get_u32(const uint8_t *data)
{
    return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

static size_t tarantool_encode(uint8_t *out, size_t size, struct bytes arguments, const char *script)
{
    static const char head[] = LENGTH HEADER_CALL BODY_CALL;
    size_t length = 0;
    (void)script;
    if (!protocol_append(out, size, &length, head, sizeof(head) - 1) ||
        !protocol_append(out, size, &length, arguments.data, arguments.length))
        return 0;
    put_u32(out + 1, length - LENGTH_SIZE);
    return length;
}

static size_t tarantool_encode_ping(uint8_t *out, size_t size, struct bytes arguments, const char *script)
{
    static const char head[] = LENGTH HEADER_PING;
    size_t length = 0;
    (void)arguments;
    (void)script;
    if (!protocol_append(out, size, &length, head, sizeof(head) - 1))
        return 0;
    put_u32(out + 1, length - LENGTH_SIZE);
    return length;
}

/* The header is always written in full widths, so every field has one place. */
static bool tarantool_header_is_known(const uint8_t *header)
{
    return header[0] == 0x83 && header[1] == 0x00 && header[2] == 0xce && header[7] == 0x01 &&
           header[8] == 0xcf && header[17] == 0x05 && header[18] == 0xce;
}

static enum reply_result tarantool_scan(struct reply *reply, const uint8_t *data, size_t length)
{
    if (length < LENGTH_SIZE)
        return REPLY_MORE;
    if (data[0] != 0xce)
        return REPLY_BROKEN;
    reply->length = LENGTH_SIZE + (size_t)get_u32(data + 1);
    if (length < reply->length)
        return REPLY_MORE;
    const uint8_t *header = data + LENGTH_SIZE;
    if (reply->length < LENGTH_SIZE + REPLY_HEADER_SIZE || !tarantool_header_is_known(header))
        return REPLY_BROKEN;
    reply->failed = get_u32(header + 3) != 0;
    reply->id = get_u32(header + 13);
    size_t at = LENGTH_SIZE + REPLY_HEADER_SIZE;
    if (!reply->failed && reply->length > at + REPLY_DATA_SIZE)
        at += REPLY_DATA_SIZE;
    reply->body = (struct bytes){data + at, reply->length - at};
    return REPLY_DONE;
}

const struct protocol PROTOCOL_TARANTOOL = {.name = "tarantool",
                                            .greeting = GREETING_SIZE,
                                            .has_ids = true,
                                            .id_offset = ID_OFFSET,
                                            .encode = tarantool_encode,
                                            .scan = tarantool_scan};

const struct protocol PROTOCOL_TARANTOOL_PING = {.name = "tarantool-ping",
                                                 .greeting = GREETING_SIZE,
                                                 .has_ids = true,
                                                 .id_offset = ID_OFFSET,
                                                 .encode = tarantool_encode_ping,
                                                 .scan = tarantool_scan};

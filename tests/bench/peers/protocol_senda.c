/* MessagePack-RPC as senda speaks it: requests [0, id, method, [arguments]], replies [1, id, error, result].
 */
#include <string.h>

#include "protocol.h"

/* The id is always written as a 32-bit number, so that it has one place. */
#define ENVELOPE "\x94\x00\xce\x00\x00\x00\x00"
#define RECOMMEND "\xa9recommend\x91"
#define PING "\xa4ping\x91"

static size_t senda_encode_call(uint8_t *out, size_t size, const char *begin, size_t begin_length,
                                struct bytes arguments)
{
    size_t length = 0;
    if (!protocol_append(out, size, &length, begin, begin_length) ||
        !protocol_append(out, size, &length, arguments.data, arguments.length))
        return 0;
    return length;
}

static size_t senda_encode(uint8_t *out, size_t size, struct bytes arguments, const char *script)
{
    (void)script;
    return senda_encode_call(out, size, ENVELOPE RECOMMEND, sizeof(ENVELOPE RECOMMEND) - 1, arguments);
}

/* The same arguments, which a ping ignores. */
static size_t senda_encode_ping(uint8_t *out, size_t size, struct bytes arguments, const char *script)
{
    (void)script;
    return senda_encode_call(out, size, ENVELOPE PING, sizeof(ENVELOPE PING) - 1, arguments);
}

/* Reads the id at data[2]; returns where the error stands, 0 where that is no id. The reply is whole. */
static size_t senda_read_id(const uint8_t *data, uint32_t *id)
{
    unsigned width = data[2] == 0xcc ? 1 : data[2] == 0xcd ? 2 : data[2] == 0xce ? 4 : 0;
    if (data[2] < 0x80) {
        *id = data[2];
        return 3;
    }
    *id = 0;
    for (unsigned i = 0; i < width; i++)
        *id = *id << 8 | data[3 + i];
    return width > 0 ? 3 + width : 0;
}

static enum reply_result senda_scan(struct reply *reply, const uint8_t *data, size_t length)
{
    if (!reply->skipping) {
        skip_start(&reply->skip, 0);
        reply->skipping = true;
    }
    enum skip_result result = skip_run(&reply->skip, data, length);
    if (result != SKIP_DONE)
        return result == SKIP_MORE ? REPLY_MORE : REPLY_BROKEN;
    if (data[0] != 0x94 || data[1] != 0x01)
        return REPLY_BROKEN;
    size_t at = senda_read_id(data, &reply->id);
    if (at == 0)
        return REPLY_BROKEN;
    reply->failed = data[at] != 0xc0;
    at += reply->failed ? 0 : 1;
    reply->length = reply->skip.at;
    reply->body = (struct bytes){data + at, reply->length - at};
    return REPLY_DONE;
}

const struct protocol PROTOCOL_SENDA = {
    .name = "senda", .has_ids = true, .id_offset = 3, .encode = senda_encode, .scan = senda_scan};

const struct protocol PROTOCOL_SENDA_PING = {
    .name = "senda-ping", .has_ids = true, .id_offset = 3, .encode = senda_encode_ping, .scan = senda_scan};

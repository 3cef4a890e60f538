/* Two zones that take turns and are used again and again, as a worker's is. */
#include "reading.h"

#include <msgpack/unpack.h>

#include "base/buffer.h"
#include "fuzz.h"
#include "wire/frame.h"

enum { ZONE_CHUNK = 4096 };

/* As the params of a notification, which is what the scanner knows. */
static bool frame(struct text bytes, struct buffer *out)
{
    struct frame_scanner scanner;
    frame_scanner_create(&scanner, (struct frame_limits){SIZE_MAX / 4, READING_DEPTH + 1, READING_VALUES});
    buffer_append(out, "\x93\x02\xA1x", 4);
    buffer_append(out, bytes.bytes, bytes.length);
    return frame_scan(&scanner, (const uint8_t *)out->bytes, out->length) == FRAME_COMPLETE &&
           scanner.position == out->length;
}

bool reading_is_one_value(struct text bytes)
{
    struct buffer message;
    buffer_create(&message);
    bool is = frame(bytes, &message);
    buffer_destroy(&message);
    return is;
}

const msgpack_object *reading_decode(struct text bytes)
{
    static msgpack_zone zones[2];
    static msgpack_object values[2];
    static unsigned turn;
    size_t end = 0;
    if (!reading_is_one_value(bytes))
        return NULL;
    turn = !turn;
    if (zones[turn].chunk_size == 0)
        REQUIRE(msgpack_zone_init(&zones[turn], ZONE_CHUNK));
    msgpack_zone_clear(&zones[turn]);
    REQUIRE(msgpack_unpack(bytes.bytes, bytes.length, &end, &zones[turn], &values[turn]) ==
            MSGPACK_UNPACK_SUCCESS);
    REQUIRE(end == bytes.length);
    return &values[turn];
}

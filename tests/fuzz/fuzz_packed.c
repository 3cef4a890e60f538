/*
 * Walking over MessagePack maps without decoding them: what is walked over to its end is what msgpack-c
 * reads, entry by entry, and built again from its entries it is walked over in the same way.
 */
#include "base/buffer.h"
#include "fuzz.h"
#include "model/packed.h"
#include "reading.h"
#include "wire/value.h"

/* The entries, put together anew; false where the walk failed. */
static bool walk(struct text bytes, struct buffer *out, uint32_t *count)
{
    struct packed_map map;
    struct text key, value;
    packed_map_open(&map, bytes);
    *count = map.left;
    packed_put_map(out, map.left);
    while (packed_map_next(&map, &key, &value)) {
        REQUIRE(key.bytes >= bytes.bytes && key.bytes + key.length <= value.bytes && value.length > 0);
        REQUIRE(value.bytes + value.length <= bytes.bytes + bytes.length);
        REQUIRE(packed_is_nil(value) == (value.length == 1 && (uint8_t)value.bytes[0] == 0xC0));
        packed_put_str(out, key);
        buffer_append(out, value.bytes, value.length);
    }
    return !map.failed;
}

static bool has_texts_as_keys(const msgpack_object *map)
{
    struct text key;
    for (uint32_t i = 0; i < map->via.map.size; i++)
        if (!value_text(&map->via.map.ptr[i].key, &key))
            return false;
    return true;
}

/* Where msgpack-c may be asked at all, both say the same. */
static void compare(struct text bytes, bool walked)
{
    struct packed_map map;
    struct text key, value, other;
    const msgpack_object *decoded = reading_decode(bytes);
    if (decoded == NULL)
        return;
    REQUIRE(packed_is_value(bytes));
    REQUIRE(walked == (decoded->type == MSGPACK_OBJECT_MAP && has_texts_as_keys(decoded)));
    packed_map_open(&map, bytes);
    for (uint32_t i = 0; walked && packed_map_next(&map, &key, &value); i++) {
        REQUIRE(value_text(&decoded->via.map.ptr[i].key, &other) && text_equal(key, other));
        REQUIRE(reading_is_one_value(value));
    }
}

static void check_again(const struct buffer *once, uint32_t count)
{
    struct buffer twice;
    uint32_t again;
    buffer_create(&twice);
    REQUIRE(walk((struct text){once->bytes, once->length}, &twice, &again) && again == count);
    REQUIRE(twice.length == once->length && memcmp(twice.bytes, once->bytes, twice.length) == 0);
    buffer_destroy(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    struct text bytes = {(const char *)input, length};
    struct buffer once;
    uint32_t count;
    buffer_create(&once);
    bool walked = walk(bytes, &once, &count);
    if (walked)
        check_again(&once, count);
    if (length > 0)
        compare(bytes, walked);
    buffer_destroy(&once);
    return 0;
}

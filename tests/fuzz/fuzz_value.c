/*
 * Values that clients send: what value_check takes is kept in the plain form, which is canonical and stays as
 * it is when it is read again; what it refuses has a reason that names the argument.
 */
#include <math.h>

#include "base/buffer.h"
#include "fuzz.h"
#include "plain_check.h"
#include "reading.h"
#include "wire/plain.h"
#include "wire/reply.h"
#include "wire/value.h"

/* Whether the contract allows it, in its own words: text is UTF-8, keys are text, numbers are finite. */
static bool is_allowed(const msgpack_object *value)
{
    struct text text;
    double number;
    if (value_text(value, &text))
        return text_is_utf8(text);
    if (value->type == MSGPACK_OBJECT_EXT)
        return value_number(value, &number);
    if (value->type == MSGPACK_OBJECT_FLOAT32 || value->type == MSGPACK_OBJECT_FLOAT64)
        return isfinite(value->via.f64);
    for (uint32_t i = 0; value->type == MSGPACK_OBJECT_ARRAY && i < value->via.array.size; i++)
        if (!is_allowed(&value->via.array.ptr[i]))
            return false;
    for (uint32_t i = 0; value->type == MSGPACK_OBJECT_MAP && i < value->via.map.size; i++)
        if (!value_text(&value->via.map.ptr[i].key, &text) || !text_is_utf8(text) ||
            !is_allowed(&value->via.map.ptr[i].val))
            return false;
    return true;
}

/* What each key of a map leads to is the last value that stood under it. */
static void check_lookups(const msgpack_object *map, const msgpack_object *plain)
{
    for (uint32_t i = 0; map->type == MSGPACK_OBJECT_MAP && i < map->via.map.size; i++) {
        struct text key;
        double before, now;
        REQUIRE(value_text(&map->via.map.ptr[i].key, &key));
        const msgpack_object *kept = value_map_get(plain, key), *last = value_map_get(map, key);
        REQUIRE(kept != NULL && last != NULL);
        REQUIRE(value_number(kept, &now) == value_number(last, &before));
        REQUIRE(!value_number(kept, &now) || now == before);
    }
}

static void check_timestamp(const msgpack_object *value, double number)
{
    if (value->type == MSGPACK_OBJECT_EXT)
        REQUIRE(value->via.ext.type == -1 && isfinite(number));
}

static void check_plain(const msgpack_object *value)
{
    struct buffer once, twice, map;
    buffer_create(&once);
    buffer_create(&twice);
    buffer_create(&map);
    plain_put(&once, value);
    plain_put_map(&map, value);
    plain_check_bytes((struct text){once.bytes, once.length});
    plain_check_bytes((struct text){map.bytes, map.length});
    check_lookups(value, reading_decode((struct text){once.bytes, once.length}));
    const msgpack_object *again = reading_decode((struct text){once.bytes, once.length});
    REQUIRE(again != NULL);
    plain_put(&twice, again);
    REQUIRE(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
    buffer_clear(&twice, SIZE_MAX);
    reply_object(&twice, again);
    REQUIRE(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
    buffer_destroy(&once);
    buffer_destroy(&twice);
    buffer_destroy(&map);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char name[] = "traits";
    struct error error = {0};
    double number;
    const msgpack_object *value = reading_decode((struct text){(const char *)bytes, length});
    if (value == NULL)
        return 0;
    REQUIRE(value_type_name(value)[0] != '\0');
    if (value_number(value, &number))
        check_timestamp(value, number);
    bool taken = value_check(value, name, &error);
    REQUIRE(taken == is_allowed(value));
    REQUIRE(taken || strncmp(error.message, name, sizeof name - 1) == 0);
    REQUIRE(taken || (error.code == ERROR_INVALID && text_is_utf8(text_from(error.message))));
    if (taken)
        check_plain(value);
    return 0;
}

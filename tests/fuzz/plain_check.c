/* Decoding what senda wrote, and encoding it with msgpack-c again. */
#include "plain_check.h"

#include <math.h>
#include <msgpack/pack.h>
#include <msgpack/sbuffer.h>
#include <msgpack/unpack.h>

#include "fuzz.h"

static bool is_text(const msgpack_object *value)
{
    return value->type == MSGPACK_OBJECT_STR &&
           text_is_utf8((struct text){value->via.str.ptr, value->via.str.size});
}

static void check_map(const msgpack_object_map *map)
{
    for (uint32_t i = 0; i < map->size; i++) {
        REQUIRE(is_text(&map->ptr[i].key));
        plain_check_value(&map->ptr[i].val);
    }
}

void plain_check_value(const msgpack_object *value)
{
    switch (value->type) {
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_BOOLEAN:
        return;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        REQUIRE(value->via.u64 <= UINT64_C(1) << 53);
        return;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        REQUIRE(value->via.i64 >= -(INT64_C(1) << 53));
        return;
    case MSGPACK_OBJECT_FLOAT64:
        REQUIRE(isfinite(value->via.f64));
        return;
    case MSGPACK_OBJECT_STR:
        REQUIRE(is_text(value));
        return;
    case MSGPACK_OBJECT_ARRAY:
        for (uint32_t i = 0; i < value->via.array.size; i++)
            plain_check_value(&value->via.array.ptr[i]);
        return;
    case MSGPACK_OBJECT_MAP:
        check_map(&value->via.map);
        return;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_BIN:
    case MSGPACK_OBJECT_EXT:
        break;
    }
    REQUIRE(!"a type that is never sent");
}

static bool same_key(const msgpack_object_map *map, uint32_t a, uint32_t b)
{
    return msgpack_object_equal(map->ptr[a].key, map->ptr[b].key);
}

static void check_keys(const msgpack_object *value)
{
    for (uint32_t i = 0; value->type == MSGPACK_OBJECT_ARRAY && i < value->via.array.size; i++)
        check_keys(&value->via.array.ptr[i]);
    for (uint32_t i = 0; value->type == MSGPACK_OBJECT_MAP && i < value->via.map.size; i++) {
        for (uint32_t j = 0; j < i; j++)
            REQUIRE(!same_key(&value->via.map, i, j));
        check_keys(&value->via.map.ptr[i].val);
    }
}

void plain_check_bytes(struct text bytes)
{
    msgpack_unpacked unpacked;
    msgpack_sbuffer again;
    msgpack_packer packer;
    size_t end = 0;
    msgpack_unpacked_init(&unpacked);
    msgpack_sbuffer_init(&again);
    msgpack_packer_init(&packer, &again, msgpack_sbuffer_write);
    REQUIRE(msgpack_unpack_next(&unpacked, bytes.bytes, bytes.length, &end) == MSGPACK_UNPACK_SUCCESS);
    REQUIRE(end == bytes.length);
    plain_check_value(&unpacked.data);
    check_keys(&unpacked.data);
    REQUIRE(msgpack_pack_object(&packer, unpacked.data) == 0);
    REQUIRE(again.size == bytes.length && memcmp(again.data, bytes.bytes, again.size) == 0);
    msgpack_sbuffer_destroy(&again);
    msgpack_unpacked_destroy(&unpacked);
}

/* Reading values within a reply. */
#include "client/value.h"

#include <math.h>
#include <string.h>

enum senda_type senda_value_type(const senda_value *value)
{
    if (value == NULL)
        return SENDA_TYPE_NIL;
    switch (value->object.type) {
    case MSGPACK_OBJECT_NIL:
        return SENDA_TYPE_NIL;
    case MSGPACK_OBJECT_BOOLEAN:
        return SENDA_TYPE_BOOLEAN;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        return value->object.via.u64 <= INT64_MAX ? SENDA_TYPE_INTEGER : SENDA_TYPE_NUMBER;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return SENDA_TYPE_INTEGER;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        return SENDA_TYPE_NUMBER;
    case MSGPACK_OBJECT_STR:
    case MSGPACK_OBJECT_BIN:
        return SENDA_TYPE_STRING;
    case MSGPACK_OBJECT_ARRAY:
        return SENDA_TYPE_LIST;
    case MSGPACK_OBJECT_MAP:
        return SENDA_TYPE_MAP;
    case MSGPACK_OBJECT_EXT:
        return SENDA_TYPE_OTHER;
    }
    return SENDA_TYPE_OTHER;
}

const char *senda_value_string(const senda_value *value, size_t *length)
{
    if (length != NULL)
        *length = 0;
    if (senda_value_type(value) != SENDA_TYPE_STRING)
        return NULL;
    /* bin and str share their layout in msgpack-c, but that is not promised. */
    bool text = value->object.type == MSGPACK_OBJECT_STR;
    if (length != NULL)
        *length = text ? value->object.via.str.size : value->object.via.bin.size;
    return text ? value->object.via.str.ptr : value->object.via.bin.ptr;
}

const senda_value *senda_value_get(const senda_value *map, const char *key)
{
    size_t wanted = key != NULL ? strlen(key) : 0;
    if (key == NULL || senda_value_type(map) != SENDA_TYPE_MAP)
        return NULL;
    const msgpack_object_map *entries = &map->object.via.map;
    for (uint32_t i = 0; i < entries->size; i++) {
        size_t length;
        const char *name = senda_value_string(client_value_of(&entries->ptr[i].key), &length);
        if (name != NULL && length == wanted && memcmp(name, key, length) == 0)
            return client_value_of(&entries->ptr[i].val);
    }
    return NULL;
}

size_t senda_value_count(const senda_value *value)
{
    enum senda_type type = senda_value_type(value);
    if (type == SENDA_TYPE_LIST)
        return value->object.via.array.size;
    return type == SENDA_TYPE_MAP ? value->object.via.map.size : 0;
}

const senda_value *senda_value_at(const senda_value *value, size_t index)
{
    if (index >= senda_value_count(value))
        return NULL;
    if (value->object.type == MSGPACK_OBJECT_ARRAY)
        return client_value_of(&value->object.via.array.ptr[index]);
    return client_value_of(&value->object.via.map.ptr[index].val);
}

const senda_value *senda_value_key_at(const senda_value *map, size_t index)
{
    if (senda_value_type(map) != SENDA_TYPE_MAP || index >= map->object.via.map.size)
        return NULL;
    return client_value_of(&map->object.via.map.ptr[index].key);
}

int64_t senda_value_integer(const senda_value *value, int64_t otherwise)
{
    enum senda_type type = senda_value_type(value);
    if (type == SENDA_TYPE_INTEGER)
        return value->object.via.i64; /* the positive ones fit: see senda_value_type */
    if (type != SENDA_TYPE_NUMBER || value->object.type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        return otherwise;
    double number = value->object.via.f64;
    bool whole = number >= -0x1.0p63 && number < 0x1.0p63 && trunc(number) == number;
    return whole ? (int64_t)number : otherwise;
}

double senda_value_number(const senda_value *value, double otherwise)
{
    if (value == NULL)
        return otherwise;
    switch (value->object.type) {
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        return (double)value->object.via.u64;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return (double)value->object.via.i64;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        return value->object.via.f64;
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_BOOLEAN:
    case MSGPACK_OBJECT_STR:
    case MSGPACK_OBJECT_BIN:
    case MSGPACK_OBJECT_ARRAY:
    case MSGPACK_OBJECT_MAP:
    case MSGPACK_OBJECT_EXT:
        return otherwise;
    }
    return otherwise;
}

bool senda_value_boolean(const senda_value *value, bool otherwise)
{
    return senda_value_type(value) == SENDA_TYPE_BOOLEAN ? value->object.via.boolean : otherwise;
}

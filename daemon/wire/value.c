/* Reading and checking decoded values. */
#include "wire/value.h"

#include <math.h>
#include <stdio.h>

enum { EXT_TIMESTAMP = -1 };

const char *value_type_name(const msgpack_object *value)
{
    static char ext[48];
    switch (value->type) {
    case MSGPACK_OBJECT_NIL:
        return "nil";
    case MSGPACK_OBJECT_BOOLEAN:
        return "true or false";
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        return "a number";
    case MSGPACK_OBJECT_STR:
    case MSGPACK_OBJECT_BIN:
        return "text";
    case MSGPACK_OBJECT_ARRAY:
        return "a list";
    case MSGPACK_OBJECT_MAP:
        return "a map";
    case MSGPACK_OBJECT_EXT:
        snprintf(ext, sizeof ext, "an ext of type %d", value->via.ext.type);
        return ext;
    }
    return "something unknown";
}

static uint64_t big_endian(const char *bytes, unsigned width)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < width; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

/* The three layouts of the MessagePack specification's timestamp extension. */
static bool timestamp_seconds(const msgpack_object_ext *ext, double *out)
{
    if (ext->type != EXT_TIMESTAMP)
        return false;
    if (ext->size == 4) {
        *out = (double)big_endian(ext->ptr, 4);
        return true;
    }
    if (ext->size == 8) {
        uint64_t both = big_endian(ext->ptr, 8);
        *out = (double)(both & UINT64_C(0x3FFFFFFFF)) + (double)(both >> 34) * 1e-9;
        return both >> 34 < 1000000000;
    }
    if (ext->size == 12) {
        uint64_t nanoseconds = big_endian(ext->ptr, 4);
        *out = (double)(int64_t)big_endian(ext->ptr + 4, 8) + (double)nanoseconds * 1e-9;
        return nanoseconds < 1000000000;
    }
    return false;
}

bool value_number(const msgpack_object *value, double *out)
{
    switch (value->type) {
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        *out = (double)value->via.u64;
        return true;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        *out = (double)value->via.i64;
        return true;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        *out = value->via.f64;
        return isfinite(value->via.f64);
    case MSGPACK_OBJECT_EXT:
        return timestamp_seconds(&value->via.ext, out);
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_BOOLEAN:
    case MSGPACK_OBJECT_STR:
    case MSGPACK_OBJECT_BIN:
    case MSGPACK_OBJECT_ARRAY:
    case MSGPACK_OBJECT_MAP:
        return false;
    }
    return false;
}

static bool check_text(struct text text, const char *name, struct error *error)
{
    return text_is_utf8(text) || error_set(error, ERROR_INVALID, "%s: not well-formed UTF-8", name);
}

static bool check_map(const msgpack_object_map *map, const char *name, struct error *error)
{
    struct text key;
    for (uint32_t i = 0; i < map->size; i++) {
        if (!value_text(&map->ptr[i].key, &key))
            return error_set(error, ERROR_INVALID, "%s: expected text as key, got %s", name,
                             value_type_name(&map->ptr[i].key));
        if (!check_text(key, name, error) || !value_check(&map->ptr[i].val, name, error))
            return false;
    }
    return true;
}

/* Recursion is bounded by the scanner's limit on depth. */
bool value_check(const msgpack_object *value, const char *name, struct error *error)
{
    struct text text;
    double number;
    switch (value->type) {
    case MSGPACK_OBJECT_STR:
    case MSGPACK_OBJECT_BIN:
        return value_text(value, &text) && check_text(text, name, error);
    case MSGPACK_OBJECT_EXT:
        if (!value_number(value, &number))
            return error_set(error, ERROR_INVALID, "%s: expected a value, got %s", name,
                             value_type_name(value));
        return true;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        if (!isfinite(value->via.f64))
            return error_set(error, ERROR_INVALID, "%s: expected a finite number", name);
        return true;
    case MSGPACK_OBJECT_ARRAY:
        for (uint32_t i = 0; i < value->via.array.size; i++)
            if (!value_check(&value->via.array.ptr[i], name, error))
                return false;
        return true;
    case MSGPACK_OBJECT_MAP:
        return check_map(&value->via.map, name, error);
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_BOOLEAN:
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return true;
    }
    return error_set(error, ERROR_INVALID, "%s: a value of no known type", name);
}

const msgpack_object *value_map_get(const msgpack_object *map, struct text key)
{
    struct text name;
    for (uint32_t i = map->via.map.size; i-- > 0;)
        if (value_text(&map->via.map.ptr[i].key, &name) && text_equal(name, key))
            return &map->via.map.ptr[i].val;
    return NULL;
}

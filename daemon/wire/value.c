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

/* Where a value stands, for errors to name. */
struct place {
    const char *argument;   /* borrowed */
    const struct text *key; /* of the map that is next around the value; borrowed; NULL: there is none */
};

static bool refuse(const struct place *place, const char *what, struct error *error)
{
    char key[64];
    if (place->key == NULL)
        return error_set(error, ERROR_INVALID, "%s: %s", place->argument, what);
    return error_set(error, ERROR_INVALID, "%s: %s under '%s'", place->argument, what,
                     text_escape(*place->key, key, sizeof key));
}

static bool refuse_type(const struct place *place, const char *expected, const msgpack_object *value,
                        struct error *error)
{
    char what[80];
    snprintf(what, sizeof what, "expected %s, got %s", expected, value_type_name(value));
    return refuse(place, what, error);
}

static bool check_text(struct text text, const struct place *place, struct error *error)
{
    return text_is_utf8(text) || refuse(place, "not well-formed UTF-8", error);
}

static bool check(const msgpack_object *value, const struct place *place, struct error *error);

static bool check_map(const msgpack_object_map *map, const struct place *place, struct error *error)
{
    struct text key;
    struct place within = {place->argument, &key};
    for (uint32_t i = 0; i < map->size; i++) {
        if (!value_text(&map->ptr[i].key, &key))
            return refuse_type(place, "text as key", &map->ptr[i].key, error);
        if (!check_text(key, place, error) || !check(&map->ptr[i].val, &within, error))
            return false;
    }
    return true;
}

static bool check_list(const msgpack_object_array *list, const struct place *place, struct error *error)
{
    for (uint32_t i = 0; i < list->size; i++)
        if (!check(&list->ptr[i], place, error))
            return false;
    return true;
}

/* Recursion is bounded by the scanner's limit on depth. */
static bool check(const msgpack_object *value, const struct place *place, struct error *error)
{
    struct text text;
    double number;
    switch (value->type) {
    case MSGPACK_OBJECT_STR:
    case MSGPACK_OBJECT_BIN:
        return value_text(value, &text) && check_text(text, place, error);
    case MSGPACK_OBJECT_EXT:
        return value_number(value, &number) || refuse_type(place, "a value", value, error);
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        return isfinite(value->via.f64) || refuse(place, "expected a finite number", error);
    case MSGPACK_OBJECT_ARRAY:
        return check_list(&value->via.array, place, error);
    case MSGPACK_OBJECT_MAP:
        return check_map(&value->via.map, place, error);
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_BOOLEAN:
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return true;
    }
    return refuse(place, "a value of no known type", error);
}

bool value_check(const msgpack_object *value, const char *name, struct error *error)
{
    return check(value, &(struct place){name, NULL}, error);
}

const msgpack_object *value_map_get(const msgpack_object *map, struct text key)
{
    struct text name;
    for (uint32_t i = map->via.map.size; i-- > 0;)
        if (value_text(&map->via.map.ptr[i].key, &name) && text_equal(name, key))
            return &map->via.map.ptr[i].val;
    return NULL;
}

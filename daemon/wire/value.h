/* Reading decoded MessagePack values the way the contract wants: str like bin, integral floats like integers.
 */
#ifndef SENDA_WIRE_VALUE_H
#define SENDA_WIRE_VALUE_H

#include <msgpack/object.h>

#include "base/error.h"
#include "base/text.h"

/* "a map", "nil", "an ext of type 5": for error messages. The ext's text lives until the next call. */
const char *value_type_name(const msgpack_object *value);

/* str or bin; borrowed. False for anything else. */
static inline bool value_text(const msgpack_object *value, struct text *out)
{
    if (value->type == MSGPACK_OBJECT_STR) {
        *out = (struct text){value->via.str.ptr, value->via.str.size};
        return true;
    }
    if (value->type == MSGPACK_OBJECT_BIN) {
        *out = (struct text){value->via.bin.ptr, value->via.bin.size};
        return true;
    }
    return false;
}

/* Any finite number, or a timestamp (ext -1) as seconds. False for anything else. */
bool value_number(const msgpack_object *value, double *out);

/*
 * True where everything inside can be used: strings are UTF-8, ext types are timestamps, keys of maps are
 * text, numbers are finite. `name` is the argument that errors speak of; they name
 * the key as well, where the value lies within a map.
 */
MUST_CHECK bool value_check(const msgpack_object *value, const char *name, struct error *error);

/* The value behind `key` in a map, the last where it stands twice; NULL where it is missing. */
const msgpack_object *value_map_get(const msgpack_object *map, struct text key);

#endif

/* Joining two maps, the second one's entries first. */
#include "flow/overlay.h"

#include <msgpack/unpack.h>

#include "model/packed.h"
#include "wire/value.h"

static bool is_given(const msgpack_object *given, const msgpack_object *key)
{
    struct text name = {NULL, 0};
    return given != NULL && value_text(key, &name) && value_map_get(given, name) != NULL;
}

/* Room for all entries of both; NULL: out of memory. */
static msgpack_object *begin(msgpack_zone *zone, const msgpack_object *given, uint32_t stored)
{
    uint32_t count = stored + (given == NULL ? 0 : given->via.map.size);
    msgpack_object *map = msgpack_zone_malloc(zone, sizeof *map);
    if (map == NULL)
        return NULL;
    map->type = MSGPACK_OBJECT_MAP;
    map->via.map.size = 0;
    map->via.map.ptr = msgpack_zone_malloc(zone, count * sizeof *map->via.map.ptr);
    return map->via.map.ptr == NULL ? NULL : map;
}

static void add(msgpack_object *map, msgpack_object key, msgpack_object value)
{
    map->via.map.ptr[map->via.map.size++] = (msgpack_object_kv){key, value};
}

static void add_given(msgpack_object *map, const msgpack_object *given)
{
    for (uint32_t i = 0; given != NULL && i < given->via.map.size; i++)
        if (given->via.map.ptr[i].val.type != MSGPACK_OBJECT_NIL)
            add(map, given->via.map.ptr[i].key, given->via.map.ptr[i].val);
}

static bool unpack(msgpack_zone *zone, struct text bytes, msgpack_object *out)
{
    size_t offset = 0;
    return packed_is_value(bytes) &&
           msgpack_unpack(bytes.bytes, bytes.length, &offset, zone, out) == MSGPACK_UNPACK_SUCCESS &&
           out->type == MSGPACK_OBJECT_MAP;
}

const msgpack_object *overlay_traits(msgpack_zone *zone, const struct customer *known,
                                     const msgpack_object *given)
{
    msgpack_object stored;
    if (known == NULL || !unpack(zone, known->traits, &stored))
        return given;
    msgpack_object *map = begin(zone, given, stored.via.map.size);
    if (map == NULL)
        return given;
    add_given(map, given);
    for (uint32_t i = 0; i < stored.via.map.size; i++)
        if (!is_given(given, &stored.via.map.ptr[i].key))
            add(map, stored.via.map.ptr[i].key, stored.via.map.ptr[i].val);
    return map;
}

static msgpack_object text_object(struct text text)
{
    msgpack_object object = {.type = MSGPACK_OBJECT_STR};
    object.via.str.ptr = text.bytes;
    object.via.str.size = (uint32_t)text.length;
    return object;
}

static msgpack_object bool_object(bool value)
{
    msgpack_object object = {.type = MSGPACK_OBJECT_BOOLEAN};
    object.via.boolean = value;
    return object;
}

const msgpack_object *overlay_consents(msgpack_zone *zone, const struct customer *known,
                                       const msgpack_object *given)
{
    if (known == NULL || known->consent_count == 0)
        return given;
    msgpack_object *map = begin(zone, given, known->consent_count);
    if (map == NULL)
        return given;
    add_given(map, given);
    for (uint32_t i = 0; i < known->consent_count; i++) {
        msgpack_object key = text_object(known->consents[i].name);
        if (!is_given(given, &key))
            add(map, key, bool_object(known->consents[i].granted));
    }
    return map;
}

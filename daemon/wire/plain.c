/* Writing values again; see plain.h. */
#include "wire/plain.h"

#include "wire/reply.h"
#include "wire/value.h"

static struct text key_at(const msgpack_object_map *map, uint32_t index)
{
    struct text key = {NULL, 0};
    value_text(&map->ptr[index].key, &key);
    return key;
}

/* True where the same key stands again behind `index`. */
static bool is_overridden(const msgpack_object_map *map, uint32_t index)
{
    struct text key = key_at(map, index);
    for (uint32_t i = index + 1; i < map->size; i++)
        if (text_equal(key, key_at(map, i)))
            return true;
    return false;
}

static void put_map(struct buffer *out, const msgpack_object_map *map)
{
    size_t count = 0;
    for (uint32_t i = 0; i < map->size; i++)
        count += !is_overridden(map, i);
    reply_map(out, count);
    for (uint32_t i = 0; i < map->size; i++) {
        if (count < map->size && is_overridden(map, i))
            continue;
        reply_text(out, key_at(map, i));
        plain_put(out, &map->ptr[i].val);
    }
}

static void put_array(struct buffer *out, const msgpack_object_array *array)
{
    reply_array(out, array->size);
    for (uint32_t i = 0; i < array->size; i++)
        plain_put(out, &array->ptr[i]);
}

/* Recursion is bounded by the scanner's limit on depth. */
void plain_put(struct buffer *out, const msgpack_object *value)
{
    struct text text;
    double number;
    if (value_text(value, &text))
        reply_text(out, text);
    else if (value_number(value, &number))
        reply_number(out, number);
    else if (value->type == MSGPACK_OBJECT_BOOLEAN)
        reply_bool(out, value->via.boolean);
    else if (value->type == MSGPACK_OBJECT_ARRAY)
        put_array(out, &value->via.array);
    else if (value->type == MSGPACK_OBJECT_MAP)
        put_map(out, &value->via.map);
    else
        reply_nil(out);
}

void plain_put_map(struct buffer *out, const msgpack_object *value)
{
    if (value->type == MSGPACK_OBJECT_MAP)
        put_map(out, &value->via.map);
    else
        reply_map(out, 0);
}

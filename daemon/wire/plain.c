/* Writing values again; see plain.h. */
#include "wire/plain.h"

#include <stdlib.h>

#include "wire/reply.h"
#include "wire/value.h"

enum { FEW_KEYS = 16 }; /* so many are compared each with each */

static struct text key_at(const msgpack_object_map *map, uint32_t index)
{
    struct text key = {NULL, 0};
    value_text(&map->ptr[index].key, &key);
    return key;
}

/* True where the same key stands again behind `index`. */
static bool stands_again(const msgpack_object_map *map, uint32_t index)
{
    struct text key = key_at(map, index);
    for (uint32_t i = index + 1; i < map->size; i++)
        if (text_equal(key, key_at(map, i)))
            return true;
    return false;
}

/* A key, and where it stands. */
struct place {
    struct text key;
    uint32_t index;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    int order = text_compare(left->key, right->key);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

/* Of many keys, which stand again: comparing each with each would let one message keep a worker busy. */
static void mark_sorted(const msgpack_object_map *map, struct place *places, bool *overridden)
{
    for (uint32_t i = 0; i < map->size; i++)
        places[i] = (struct place){key_at(map, i), i};
    qsort(places, map->size, sizeof *places, compare_places);
    for (uint32_t i = 0; i < map->size; i++)
        overridden[places[i].index] = i + 1 < map->size && text_equal(places[i].key, places[i + 1].key);
}

/* False where memory is out. */
static bool mark_overridden(const msgpack_object_map *map, bool *overridden)
{
    if (map->size > FEW_KEYS) {
        struct place *places = malloc(map->size * sizeof *places);
        if (places == NULL)
            return false;
        mark_sorted(map, places, overridden);
        free(places);
        return true;
    }
    for (uint32_t i = 0; i < map->size; i++)
        overridden[i] = stands_again(map, i);
    return true;
}

static void put_entries(struct buffer *out, const msgpack_object_map *map, const bool *overridden)
{
    size_t count = 0;
    for (uint32_t i = 0; i < map->size; i++)
        count += !overridden[i];
    reply_map(out, count);
    for (uint32_t i = 0; i < map->size; i++) {
        if (overridden[i])
            continue;
        reply_text(out, key_at(map, i));
        plain_put(out, &map->ptr[i].val);
    }
}

static void put_map(struct buffer *out, const msgpack_object_map *map)
{
    bool few[FEW_KEYS], *many = map->size > FEW_KEYS ? malloc(map->size) : NULL;
    bool *overridden = map->size > FEW_KEYS ? many : few;
    if (overridden != NULL && mark_overridden(map, overridden))
        put_entries(out, map, overridden);
    else
        out->failed = true;
    free(many);
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

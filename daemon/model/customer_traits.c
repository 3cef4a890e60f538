/* A customer's traits: MessagePack maps laid over each other, key by key. */
#include "model/customer_internal.h"

#include <stdlib.h>

#include "model/packed.h"

struct trait {
    struct text key, value; /* the value as MessagePack; borrowed from the maps */
    uint32_t order;         /* a later one replaces an earlier one of its key */
};

struct traits {
    struct trait *list; /* in the arena */
    uint32_t count, room;
};

/* Adds a map's entries behind those that are there. */
static bool collect(struct customer *customer, struct traits *traits, struct text bytes, struct error *error)
{
    struct packed_map map;
    struct text key, value;
    packed_map_open(&map, bytes);
    while (packed_map_next(&map, &key, &value)) {
        struct trait *list =
            customer_grow(customer, traits->list, traits->count, &traits->room, sizeof *list);
        if (list == NULL)
            return error_set(error, ERROR_INTERNAL, "out of memory");
        traits->list = list;
        list[traits->count] = (struct trait){key, value, traits->count};
        traits->count++;
    }
    return !map.failed || error_set(error, ERROR_INVALID, "traits: expected a map with text for keys");
}

static int compare(const void *a, const void *b)
{
    const struct trait *left = a, *right = b;
    int order = text_compare(left->key, right->key);
    return order != 0 ? order : left->order < right->order ? -1 : 1;
}

/* Sorts by key; keeps the last of each, and that only where it is not nil. */
static void settle(struct traits *traits)
{
    uint32_t kept = 0;
    if (traits->count > 1)
        qsort(traits->list, traits->count, sizeof *traits->list, compare);
    for (uint32_t i = 0; i < traits->count; i++) {
        bool last = i + 1 == traits->count || !text_equal(traits->list[i].key, traits->list[i + 1].key);
        if (last && !packed_is_nil(traits->list[i].value))
            traits->list[kept++] = traits->list[i];
    }
    traits->count = kept;
}

static void write(const struct traits *traits, struct buffer *out)
{
    packed_put_map(out, traits->count);
    for (uint32_t i = 0; i < traits->count; i++) {
        packed_put_str(out, traits->list[i].key);
        buffer_append(out, traits->list[i].value.bytes, traits->list[i].value.length);
    }
}

/* Makes the written map the customer's, if it is not too large. */
static bool keep(struct customer *customer, const struct buffer *map, struct error *error)
{
    if (!map->failed && map->length > CUSTOMER_TRAITS_BYTES)
        return error_set(error, ERROR_INVALID, "traits: %zu bytes in all, at most %d are kept", map->length,
                         CUSTOMER_TRAITS_BYTES);
    const char *copy = map->failed ? NULL : arena_copy(customer->arena, map->bytes, map->length);
    if (copy == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    customer->traits = (struct text){copy, map->length};
    return true;
}

bool customer_overlay_traits(struct customer *customer, struct text below, struct text above,
                             struct error *error)
{
    struct traits traits = {NULL, 0, 0};
    struct buffer map;
    if (!collect(customer, &traits, below, error) || !collect(customer, &traits, above, error))
        return false;
    settle(&traits);
    if (traits.count == 0) {
        customer->traits = (struct text){NULL, 0};
        return true;
    }
    buffer_create(&map);
    write(&traits, &map);
    bool done = keep(customer, &map, error);
    buffer_destroy(&map);
    return done;
}

bool customer_merge_traits(struct customer *customer, struct text map, struct error *error)
{
    return customer_overlay_traits(customer, customer->traits, map, error);
}

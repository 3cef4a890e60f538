/* Told when they are found, put into order at the end; see logged_list.h. */
#include "flow/logged_list.h"

#include <stdlib.h>

#include "flow/logged_reply.h"
#include "wire/reply.h"

struct logged_place {
    int64_t clock_us;
    size_t offset, length; /* in list->told */
};

void logged_list_create(struct logged_list *list)
{
    *list = (struct logged_list){.count = 0};
}

void logged_list_destroy(struct logged_list *list)
{
    buffer_destroy(&list->told);
    buffer_destroy(&list->places);
}

bool logged_list_add(struct logged_list *list, const struct record *record, msgpack_zone *zone,
                     struct error *error)
{
    struct logged_place place = {record->clock_us, list->told.length, 0};
    if (list->left_out == 0) {
        logged_reply_decision(record, zone, &list->told);
        msgpack_zone_clear(zone);
    }
    place.length = list->told.length - place.offset;
    if (list->left_out > 0 || list->told.length > LOGGED_LIST_BYTES) {
        list->told.length = place.offset;
        list->left_out++;
        return true;
    }
    buffer_append(&list->places, &place, sizeof place);
    list->count++;
    return (!list->told.failed && !list->places.failed) ||
           error_set(error, ERROR_INTERNAL, "out of memory for the decisions");
}

static int compare(const void *a, const void *b)
{
    const struct logged_place *left = a, *right = b;
    int order = (left->clock_us > right->clock_us) - (left->clock_us < right->clock_us);
    return order != 0 ? order : (left->offset > right->offset) - (left->offset < right->offset);
}

/* The log has them nearly in the order of their clocks. */
void logged_list_put(struct logged_list *list, struct buffer *out)
{
    struct logged_place *places = (struct logged_place *)(void *)list->places.bytes;
    if (list->count > 0)
        qsort(places, list->count, sizeof *places, compare);
    reply_array(out, list->count);
    for (size_t i = 0; i < list->count; i++)
        buffer_append(out, list->told.bytes + places[i].offset, places[i].length);
}

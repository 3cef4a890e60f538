/* Adding to a set of texts, and finding in it. */
#include "base/text_set.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    ARENA_BLOCK = 1024,
    FIRST_ROOM = 8, /* texts; a power of two */
};

void text_set_create(struct text_set *set)
{
    *set = (struct text_set){.count = 0};
    arena_create(&set->arena, ARENA_BLOCK);
}

void text_set_destroy(struct text_set *set)
{
    arena_destroy(&set->arena);
    free(set->texts);
    free(set->places);
    text_set_create(set);
}

/* Where the text stands, or would. There always is a free place. */
static size_t *place_of(const struct text_set *set, struct text text)
{
    size_t place = XXH3_64bits(text.bytes, text.length) & (set->place_count - 1);
    while (set->places[place] != 0 && !text_equal(set->texts[set->places[place] - 1], text))
        place = (place + 1) & (set->place_count - 1);
    return &set->places[place];
}

bool text_set_has(const struct text_set *set, struct text text)
{
    return set->count > 0 && *place_of(set, text) != 0;
}

static bool make_room(struct text_set *set)
{
    size_t room = set->room == 0 ? FIRST_ROOM : 2 * set->room;
    if (set->count < set->room)
        return true;
    struct text *texts = realloc(set->texts, room * sizeof *texts);
    if (texts == NULL)
        return false;
    set->texts = texts;
    size_t *places = calloc(2 * room, sizeof *places);
    if (places == NULL)
        return false;
    free(set->places);
    set->places = places;
    set->place_count = 2 * room;
    set->room = room;
    for (size_t i = 0; i < set->count; i++)
        *place_of(set, set->texts[i]) = i + 1;
    return true;
}

bool text_set_add(struct text_set *set, struct text text)
{
    if (text_set_has(set, text))
        return true;
    char *copy = make_room(set) ? arena_copy(&set->arena, text.bytes, text.length) : NULL;
    if (copy == NULL)
        return false;
    *place_of(set, text) = set->count + 1;
    set->texts[set->count++] = (struct text){copy, text.length};
    return true;
}

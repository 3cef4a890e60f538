/* Making a snapshot, and finding things in it by name. */
#include "catalogue/snapshot.h"

#include <stdlib.h>

#include "catalogue/index.h"
#include "catalogue/item.h"

enum { ARENA_BLOCK = 64 * 1024 };

struct snapshot *snapshot_new(void)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (snapshot != NULL)
        arena_create(&snapshot->arena, ARENA_BLOCK);
    return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    arena_destroy(&snapshot->arena);
    free(snapshot);
}

/* Names of an array of things whose first member is their name. */
#define NAME_THINGS(symbols, array, count, member)                                                           \
    do {                                                                                                     \
        if (!symbols_create(&snapshot->symbols, &snapshot->arena, snapshot->count))                          \
            return false;                                                                                    \
        for (uint32_t i = 0; i < snapshot->count; i++)                                                       \
            symbols_add(&snapshot->symbols, snapshot->array[i].member, i);                                   \
    } while (0)

static bool name_stages(struct snapshot *snapshot, uint32_t journey_number)
{
    const struct journey *journey = &snapshot->journeys[journey_number];
    const struct stage *stages = snapshot->stages + journey->first_stage;
    struct symbols *names = &snapshot->stage_names[journey_number];
    uint32_t count = journey->stage_count;
    for (uint32_t i = 0; i < journey->stage_count; i++)
        count += stages[i].alias_count;
    if (!symbols_create(names, &snapshot->arena, count))
        return false;
    for (uint32_t i = 0; i < journey->stage_count; i++)
        symbols_add(names, stages[i].name, journey->first_stage + i);
    for (uint32_t i = 0; i < journey->stage_count; i++)
        for (uint32_t j = 0; j < stages[i].alias_count; j++)
            symbols_add(names, stages[i].aliases[j], journey->first_stage + i);
    return true;
}

static bool name_everything(struct snapshot *snapshot)
{
    NAME_THINGS(journey_names, journeys, journey_count, name);
    NAME_THINGS(persona_names, personas, persona_count, name);
    NAME_THINGS(placement_names, placements, placement_count, name);
    NAME_THINGS(offer_names, offers, offer_count, id);
    snapshot->stage_names =
        arena_allocate_zeroed(&snapshot->arena, snapshot->journey_count, sizeof *snapshot->stage_names);
    if (snapshot->stage_names == NULL)
        return false;
    for (uint32_t i = 0; i < snapshot->journey_count; i++)
        if (!name_stages(snapshot, i))
            return false;
    return true;
}

static void count_limited(struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->limit_count; i++)
        snapshot->limits[i].offers = (struct number_list){.restricts = true};
    for (uint32_t i = 0; i < snapshot->offer_count; i++)
        for (uint32_t j = 0; j < snapshot->offers[i].limit_count; j++)
            snapshot->limits[snapshot->offers[i].limits[j]].offers.count++;
}

/* The other way round than offers tell it: for each limit the offers that are under it. */
static bool list_limited(struct snapshot *snapshot)
{
    uint32_t **ends = arena_allocate_zeroed(&snapshot->arena, snapshot->limit_count, sizeof *ends);
    if (ends == NULL)
        return false;
    count_limited(snapshot);
    for (uint32_t i = 0; i < snapshot->limit_count; i++) {
        struct number_list *offers = &snapshot->limits[i].offers;
        offers->numbers = ends[i] = arena_allocate_zeroed(&snapshot->arena, offers->count, sizeof *ends[i]);
        if (ends[i] == NULL)
            return false;
    }
    for (uint32_t i = 0; i < snapshot->offer_count; i++)
        for (uint32_t j = 0; j < snapshot->offers[i].limit_count; j++)
            *ends[snapshot->offers[i].limits[j]]++ = i;
    return true;
}

bool snapshot_finish(struct snapshot *snapshot, struct error *error)
{
    if (!name_everything(snapshot) || !list_limited(snapshot))
        return error_set(error, ERROR_INTERNAL, "out of memory");
    for (uint32_t i = 0; i < snapshot->offer_count; i++)
        if (!item_encode(snapshot, &snapshot->offers[i], error))
            return false;
    return index_build(snapshot, error);
}

/* Tags have no case (RFC 5646), and operating systems write them with another sign between the parts. */
static char tag_sign(char byte)
{
    if (byte == '_')
        return '-';
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool is_same_tag(struct text a, struct text b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (tag_sign(a.bytes[i]) != tag_sign(b.bytes[i]))
            return false;
    return true;
}

static uint32_t find_exact_locale(const struct snapshot *snapshot, struct text tag)
{
    for (uint32_t i = 0; i < snapshot->locale_count; i++)
        if (is_same_tag(snapshot->locales[i], tag))
            return i;
    return SNAPSHOT_NONE;
}

uint32_t snapshot_find_locale(const struct snapshot *snapshot, struct text tag)
{
    uint32_t exact = find_exact_locale(snapshot, tag);
    if (exact != SNAPSHOT_NONE)
        return exact;
    for (size_t length = 0; length < tag.length; length++)
        if (tag.bytes[length] == '-' || tag.bytes[length] == '_')
            return find_exact_locale(snapshot, (struct text){tag.bytes, length});
    return SNAPSHOT_NONE;
}

struct text localized_get(struct localized localized, uint32_t locale, uint32_t otherwise)
{
    if (localized.by_locale == NULL)
        return (struct text){NULL, 0};
    if (localized.by_locale[locale].bytes != NULL)
        return localized.by_locale[locale];
    return localized.by_locale[otherwise];
}

bool number_list_takes(const struct number_list *list, uint32_t number)
{
    if (!list->restricts)
        return true;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->numbers[i] == number)
            return true;
    return false;
}

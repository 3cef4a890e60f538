/* The parts of finishing, and going through them. */
#include "catalogue/finishing.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/clock.h"
#include "catalogue/index.h"
#include "catalogue/item.h"

enum { THINGS_A_PIECE = 32 };

struct finishing {
    struct snapshot *snapshot;   /* borrowed */
    size_t part;                 /* of `parts`; behind the last comes the index */
    uint32_t next;               /* thing of the part that is to be taken */
    uint32_t **ends;             /* for each limit, where its next offer goes; in the arena */
    struct index_builder *index; /* owned; NULL before the parts are done */
};

/* Making room for names of things, and naming one. */
#define NAME_THINGS(thing, member)                                                                           \
    static bool begin_##thing##s(struct finishing *finishing)                                                \
    {                                                                                                        \
        struct snapshot *snapshot = finishing->snapshot;                                                     \
        return symbols_create(&snapshot->thing##_names, &snapshot->arena, snapshot->thing##_count);          \
    }                                                                                                        \
    static bool name_##thing(struct finishing *finishing, uint32_t number)                                   \
    {                                                                                                        \
        struct snapshot *snapshot = finishing->snapshot;                                                     \
        symbols_add(&snapshot->thing##_names, snapshot->thing##s[number].member, number);                    \
        return true;                                                                                         \
    }

NAME_THINGS(journey, name)
NAME_THINGS(persona, name)
NAME_THINGS(placement, name)
NAME_THINGS(offer, id)

static bool begin_stages(struct finishing *finishing)
{
    struct snapshot *snapshot = finishing->snapshot;
    snapshot->stage_names =
        arena_allocate_zeroed(&snapshot->arena, snapshot->journey_count, sizeof *snapshot->stage_names);
    return snapshot->stage_names != NULL;
}

/* Of one journey; a name goes before an alias. */
static bool name_stages(struct finishing *finishing, uint32_t journey_number)
{
    struct snapshot *snapshot = finishing->snapshot;
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

/* Offers say which limits they are under; here it becomes the other way round. */
static bool begin_limits(struct finishing *finishing)
{
    struct snapshot *snapshot = finishing->snapshot;
    finishing->ends = arena_allocate_zeroed(&snapshot->arena, snapshot->limit_count, sizeof *finishing->ends);
    return finishing->ends != NULL;
}

static bool clear_limit(struct finishing *finishing, uint32_t number)
{
    finishing->snapshot->limits[number].offers = (struct number_list){.restricts = true};
    return true;
}

static bool count_limits(struct finishing *finishing, uint32_t number)
{
    const struct offer *offer = &finishing->snapshot->offers[number];
    for (uint32_t i = 0; i < offer->limit_count; i++)
        finishing->snapshot->limits[offer->limits[i]].offers.count++;
    return true;
}

static bool make_limit(struct finishing *finishing, uint32_t number)
{
    struct snapshot *snapshot = finishing->snapshot;
    struct number_list *offers = &snapshot->limits[number].offers;
    finishing->ends[number] =
        arena_allocate_zeroed(&snapshot->arena, offers->count, sizeof *finishing->ends[number]);
    offers->numbers = finishing->ends[number];
    return offers->numbers != NULL;
}

static bool list_limits(struct finishing *finishing, uint32_t number)
{
    const struct offer *offer = &finishing->snapshot->offers[number];
    for (uint32_t i = 0; i < offer->limit_count; i++)
        *finishing->ends[offer->limits[i]]++ = number;
    return true;
}

static bool encode_offer(struct finishing *finishing, uint32_t number)
{
    return item_encode(finishing->snapshot, &finishing->snapshot->offers[number]);
}

/* In this order: later ones read what earlier ones have made. */
static const struct part {
    bool (*begin)(struct finishing *finishing);                 /* NULL: nothing to prepare */
    bool (*take)(struct finishing *finishing, uint32_t number); /* one of the things */
    size_t count;                                               /* where the snapshot says how many things */
} parts[] = {
    {begin_journeys, name_journey, offsetof(struct snapshot, journey_count)},
    {begin_personas, name_persona, offsetof(struct snapshot, persona_count)},
    {begin_placements, name_placement, offsetof(struct snapshot, placement_count)},
    {begin_offers, name_offer, offsetof(struct snapshot, offer_count)},
    {begin_stages, name_stages, offsetof(struct snapshot, journey_count)},
    {begin_limits, clear_limit, offsetof(struct snapshot, limit_count)},
    {NULL, count_limits, offsetof(struct snapshot, offer_count)},
    {NULL, make_limit, offsetof(struct snapshot, limit_count)},
    {NULL, list_limits, offsetof(struct snapshot, offer_count)},
    {NULL, encode_offer, offsetof(struct snapshot, offer_count)},
};
enum { PART_COUNT = sizeof parts / sizeof parts[0] };

struct finishing *finishing_new(struct snapshot *snapshot)
{
    struct finishing *finishing = calloc(1, sizeof *finishing);
    if (finishing != NULL)
        finishing->snapshot = snapshot;
    return finishing;
}

/* Some things of the part at work. */
static bool take_things(struct finishing *finishing)
{
    const struct part *part = &parts[finishing->part];
    uint32_t count;
    memcpy(&count, (const char *)finishing->snapshot + part->count, sizeof count);
    if (finishing->next == 0 && part->begin != NULL && !part->begin(finishing))
        return false;
    for (uint32_t i = 0; i < THINGS_A_PIECE && finishing->next < count; i++)
        if (!part->take(finishing, finishing->next++))
            return false;
    if (finishing->next == count) {
        finishing->part++;
        finishing->next = 0;
    }
    return true;
}

static bool begin_index(struct finishing *finishing)
{
    finishing->snapshot->indexed = true;
    finishing->index = index_builder_new(finishing->snapshot);
    return finishing->index != NULL;
}

static bool take_piece(struct finishing *finishing)
{
    if (finishing->part < PART_COUNT)
        return take_things(finishing);
    return finishing->index == NULL ? begin_index(finishing) : index_builder_go_on(finishing->index);
}

enum finishing_step finishing_step(struct finishing *finishing, uint64_t ns)
{
    uint64_t until = clock_monotonic_ns() + ns;
    do {
        if (!take_piece(finishing))
            return FINISHING_FAILED;
        if (finishing->index != NULL && index_builder_is_done(finishing->index))
            return FINISHING_DONE;
    } while (clock_monotonic_ns() < until);
    return FINISHING_MORE;
}

void finishing_free(struct finishing *finishing)
{
    if (finishing == NULL)
        return;
    index_builder_free(finishing->index);
    free(finishing);
}

/* Building the candidate index. */
#include "catalogue/index.h"

#include <math.h>
#include <stdlib.h>

#include "catalogue/item.h"
#include "wire/reply.h"

bool index_fits_placement(const struct snapshot *snapshot, const struct offer *offer, uint32_t placement)
{
    return number_list_takes(&offer->placements, placement) &&
           number_list_takes(&snapshot->placements[placement].kinds, offer->kind);
}

bool index_fits_stage(const struct snapshot *snapshot, const struct offer *offer, uint32_t stage)
{
    return number_list_takes(&offer->stages, stage) &&
           number_list_takes(&snapshot->stages[stage].kinds, offer->kind);
}

bool index_fits_persona(const struct offer *offer, uint32_t persona)
{
    return !offer->personas.restricts ||
           (persona != SNAPSHOT_NONE && number_list_takes(&offer->personas, persona));
}

bool index_fits_locale(const struct offer *offer, uint32_t asked, uint32_t otherwise)
{
    return item_locale(offer, asked, otherwise) != SNAPSHOT_NONE && number_list_takes(&offer->locales, asked);
}

/* Priority before propensity and score: value × (1 + levers / 100), levers never below -100 %. */
static double priority_of(const struct snapshot *snapshot, const struct offer *offer,
                          const struct journey *journey)
{
    double levers = journey->weight + snapshot->kinds[offer->kind].weight + offer->weight;
    return offer->value * fmax(0.0, 1.0 + levers / 100.0);
}

/* An offer on its way into a cell. */
struct entry {
    uint32_t offer;
    double priority;
};

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->priority != b->priority)
        return a->priority < b->priority ? 1 : -1;
    return (a->offer > b->offer) - (a->offer < b->offer);
}

/* What building one cell needs at hand. */
struct cell_build {
    struct snapshot *snapshot;
    struct cell *cell;
    const struct journey *journey;
    struct entry *entries; /* cell->count of them, sorted */
};

static const struct offer *entry_offer(const struct cell_build *build, uint32_t i)
{
    return &build->snapshot->offers[build->entries[i].offer];
}

static uint64_t *new_bitmap(const struct cell_build *build)
{
    return arena_allocate_zeroed(&build->snapshot->arena, build->cell->words, sizeof(uint64_t));
}

static const uint64_t **new_bitmaps(const struct cell_build *build, uint32_t count)
{
    return arena_allocate_zeroed(&build->snapshot->arena, count, sizeof(uint64_t *));
}

static void set_bit(uint64_t *bitmap, uint32_t bit)
{
    bitmap[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static bool build_offers(struct cell_build *build)
{
    struct arena *arena = &build->snapshot->arena;
    struct cell *cell = build->cell;
    uint32_t *offers = arena_allocate_zeroed(arena, cell->count, sizeof *offers);
    double *priorities = arena_allocate_zeroed(arena, cell->count, sizeof *priorities);
    uint64_t *dated = new_bitmap(build);
    if (offers == NULL || priorities == NULL || dated == NULL)
        return false;
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct offer *offer = entry_offer(build, i);
        offers[i] = build->entries[i].offer;
        priorities[i] = build->entries[i].priority;
        if (isfinite(offer->starts) || isfinite(offer->ends))
            set_bit(dated, i);
    }
    cell->offers = offers;
    cell->priorities = priorities;
    cell->dated = dated;
    return true;
}

static bool is_bounded(const struct offer *offer)
{
    return offer->stocked || offer->limit_count > 0;
}

static bool is_stocked(const struct offer *offer)
{
    return offer->stocked;
}

/* The bitmap of the offers that `has` something; NULL where none has. False where memory is out. */
static bool build_some(struct cell_build *build, bool (*has)(const struct offer *), const uint64_t **out)
{
    uint64_t *bitmap = NULL;
    for (uint32_t i = 0; i < build->cell->count; i++) {
        if (!has(entry_offer(build, i)))
            continue;
        if (bitmap == NULL && (bitmap = new_bitmap(build)) == NULL)
            return false;
        set_bit(bitmap, i);
    }
    *out = bitmap;
    return true;
}

static bool build_bounds(struct cell_build *build)
{
    return build_some(build, is_bounded, &build->cell->bounded) &&
           build_some(build, is_stocked, &build->cell->stocked);
}

static bool build_personas(struct cell_build *build)
{
    uint32_t count = build->snapshot->persona_count;
    const uint64_t **bitmaps = new_bitmaps(build, count + 1);
    for (uint32_t persona = 0; bitmaps != NULL && persona <= count; persona++) {
        uint64_t *bitmap = new_bitmap(build);
        if (bitmap == NULL)
            return false;
        for (uint32_t i = 0; i < build->cell->count; i++)
            if (index_fits_persona(entry_offer(build, i), persona < count ? persona : SNAPSHOT_NONE))
                set_bit(bitmap, i);
        bitmaps[persona] = bitmap;
    }
    build->cell->by_persona = bitmaps;
    return bitmaps != NULL;
}

static bool build_locales(struct cell_build *build)
{
    uint32_t count = build->snapshot->locale_count;
    const uint64_t **bitmaps = new_bitmaps(build, count);
    for (uint32_t locale = 0; bitmaps != NULL && locale < count; locale++) {
        uint64_t *bitmap = new_bitmap(build);
        if (bitmap == NULL)
            return false;
        for (uint32_t i = 0; i < build->cell->count; i++)
            if (index_fits_locale(entry_offer(build, i), locale, build->journey->locale))
                set_bit(bitmap, i);
        bitmaps[locale] = bitmap;
    }
    build->cell->by_locale = bitmaps;
    return bitmaps != NULL;
}

static bool build_consents(struct cell_build *build)
{
    uint32_t count = build->snapshot->consent_count;
    const uint64_t **bitmaps = new_bitmaps(build, count);
    for (uint32_t consent = 0; bitmaps != NULL && consent < count; consent++) {
        uint64_t *bitmap = new_bitmap(build);
        if (bitmap == NULL)
            return false;
        for (uint32_t i = 0; i < build->cell->count; i++)
            if (entry_offer(build, i)->consent == consent)
                set_bit(bitmap, i);
        bitmaps[consent] = bitmap;
    }
    build->cell->by_consent = bitmaps;
    return bitmaps != NULL;
}

static bool build_strategies(struct cell_build *build, uint32_t placement, uint32_t stage)
{
    const struct snapshot *snapshot = build->snapshot;
    uint32_t *numbers =
        arena_allocate_zeroed(&build->snapshot->arena, snapshot->strategy_count, sizeof *numbers);
    if (numbers == NULL)
        return false;
    for (uint32_t i = 0; i < snapshot->strategy_count; i++)
        if (number_list_takes(&snapshot->strategies[i].stages, stage) &&
            number_list_takes(&snapshot->strategies[i].placements, placement))
            numbers[build->cell->strategy_count++] = i;
    build->cell->strategies = numbers;
    return true;
}

/* What every reply from this cell says of where the customer is. */
static bool build_place(struct cell_build *build, uint32_t placement, uint32_t stage)
{
    const struct snapshot *snapshot = build->snapshot;
    struct buffer buffer;
    buffer_create(&buffer);
    reply_word(&buffer, "journey");
    reply_text(&buffer, build->journey->name);
    reply_word(&buffer, "stage");
    reply_text(&buffer, snapshot->stages[stage].name);
    reply_word(&buffer, "placement");
    reply_text(&buffer, snapshot->placements[placement].name);
    reply_word(&buffer, "version");
    reply_text(&buffer, text_from(snapshot->version));
    const char *copy =
        buffer.failed ? NULL : arena_copy(&build->snapshot->arena, buffer.bytes, buffer.length);
    build->cell->place = (struct text){copy, buffer.length};
    buffer_destroy(&buffer);
    return copy != NULL;
}

static bool build_cell(struct snapshot *snapshot, struct entry *entries, const uint32_t *at_placement,
                       uint32_t at_placement_count, uint32_t placement, uint32_t stage)
{
    struct cell *cell = &snapshot->cells[(size_t)placement * snapshot->stage_count + stage];
    const struct journey *journey = &snapshot->journeys[snapshot->stages[stage].journey];
    struct cell_build build = {snapshot, cell, journey, entries};
    for (uint32_t i = 0; i < at_placement_count && !snapshot->stages[stage].wants_no_offer; i++) {
        const struct offer *offer = &snapshot->offers[at_placement[i]];
        if (index_fits_stage(snapshot, offer, stage))
            entries[cell->count++] = (struct entry){at_placement[i], priority_of(snapshot, offer, journey)};
    }
    qsort(entries, cell->count, sizeof *entries, compare_entries);
    cell->words = (cell->count + 63) / 64;
    return build_offers(&build) && build_personas(&build) && build_locales(&build) &&
           build_consents(&build) && build_bounds(&build) && build_strategies(&build, placement, stage) &&
           build_place(&build, placement, stage);
}

static bool build_placement(struct snapshot *snapshot, struct entry *entries, uint32_t *fitting,
                            uint32_t placement)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < snapshot->offer_count; i++)
        if (index_fits_placement(snapshot, &snapshot->offers[i], placement))
            fitting[count++] = i;
    for (uint32_t stage = 0; stage < snapshot->stage_count; stage++)
        if (!build_cell(snapshot, entries, fitting, count, placement, stage))
            return false;
    return true;
}

bool index_build(struct snapshot *snapshot, struct error *error)
{
    size_t cells = (size_t)snapshot->placement_count * snapshot->stage_count;
    size_t offers = snapshot->offer_count > 0 ? snapshot->offer_count : 1;
    struct entry *entries = calloc(offers, sizeof *entries);
    uint32_t *fitting = calloc(offers, sizeof *fitting);
    snapshot->cells = arena_allocate_zeroed(&snapshot->arena, cells, sizeof *snapshot->cells);
    bool built = entries != NULL && fitting != NULL && snapshot->cells != NULL;
    for (uint32_t placement = 0; built && placement < snapshot->placement_count; placement++)
        built = build_placement(snapshot, entries, fitting, placement);
    free(entries);
    free(fitting);
    return built || error_set(error, ERROR_INTERNAL, "out of memory");
}

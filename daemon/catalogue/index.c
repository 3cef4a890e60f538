/* Building the candidate index. */
#include "catalogue/index.h"

#include <math.h>
#include <stdlib.h>

#include "catalogue/item.h"
#include "catalogue/ranking.h"
#include "wire/reply.h"

enum { OFFERS_A_PIECE = 1024 };

/* Where a builder stands; each is one kind of piece. */
enum phase {
    PHASE_RANK,  /* the journey's order */
    PHASE_PLACE, /* what of it fits the placement */
    PHASE_STAGE, /* what of that fits the stage */
    PHASE_CELL,  /* room for that */
    PHASE_FILL,
    PHASE_DONE,
};

/* Offers of a list that were found to fit, best first. */
struct fitting {
    struct ranked *list; /* owned; room for all offers */
    uint32_t count;
};

struct index_builder {
    struct snapshot *snapshot; /* borrowed */
    enum phase phase;
    uint32_t journey, placement, stage; /* numbers of those at work */
    uint32_t next;                      /* offer of the list that the phase goes through */
    struct ranking ranking;
    struct fitting at_placement, in_cell;
    struct cell *cell; /* at work; the snapshot's */
};

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

static struct arena *arena_of(const struct index_builder *builder)
{
    return &builder->snapshot->arena;
}

/* Where a piece that goes through `count` offers has to stop. */
static uint32_t piece_end(const struct index_builder *builder, uint32_t count)
{
    uint32_t left = count - builder->next;
    return builder->next + (left < OFFERS_A_PIECE ? left : OFFERS_A_PIECE);
}

static void begin_phase(struct index_builder *builder, enum phase phase)
{
    builder->phase = phase;
    builder->next = 0;
}

static void begin_stage(struct index_builder *builder)
{
    builder->in_cell.count = 0;
    begin_phase(builder, PHASE_STAGE);
}

static void begin_placement(struct index_builder *builder)
{
    builder->stage = builder->snapshot->journeys[builder->journey].first_stage;
    builder->at_placement.count = 0;
    begin_phase(builder, PHASE_PLACE);
}

/* The journey at work, or the next one that has cells. */
static void begin_journey(struct index_builder *builder)
{
    const struct snapshot *snapshot = builder->snapshot;
    while (builder->journey < snapshot->journey_count &&
           (snapshot->journeys[builder->journey].stage_count == 0 || snapshot->placement_count == 0))
        builder->journey++;
    builder->placement = 0;
    begin_phase(builder, builder->journey < snapshot->journey_count ? PHASE_RANK : PHASE_DONE);
    if (builder->phase == PHASE_RANK)
        ranking_begin(&builder->ranking, &snapshot->journeys[builder->journey]);
}

static void begin_next_cell(struct index_builder *builder)
{
    const struct snapshot *snapshot = builder->snapshot;
    const struct journey *journey = &snapshot->journeys[builder->journey];
    if (++builder->stage < journey->first_stage + journey->stage_count) {
        begin_stage(builder);
    } else if (++builder->placement < snapshot->placement_count) {
        begin_placement(builder);
    } else {
        builder->journey++;
        begin_journey(builder);
    }
}

static void fit_placement(struct index_builder *builder)
{
    const struct snapshot *snapshot = builder->snapshot;
    uint32_t end = piece_end(builder, snapshot->offer_count);
    for (; builder->next < end; builder->next++) {
        struct ranked ranked = builder->ranking.list[builder->next];
        if (index_fits_placement(snapshot, &snapshot->offers[ranked.offer], builder->placement))
            builder->at_placement.list[builder->at_placement.count++] = ranked;
    }
    if (end == snapshot->offer_count)
        begin_stage(builder);
}

static void fit_stage(struct index_builder *builder)
{
    const struct snapshot *snapshot = builder->snapshot;
    uint32_t count = snapshot->stages[builder->stage].wants_no_offer ? 0 : builder->at_placement.count;
    uint32_t end = piece_end(builder, count);
    for (; builder->next < end; builder->next++) {
        struct ranked ranked = builder->at_placement.list[builder->next];
        if (index_fits_stage(snapshot, &snapshot->offers[ranked.offer], builder->stage))
            builder->in_cell.list[builder->in_cell.count++] = ranked;
    }
    if (end == count)
        begin_phase(builder, PHASE_CELL);
}

static uint64_t *new_bitmap(const struct index_builder *builder)
{
    return arena_allocate_zeroed(arena_of(builder), builder->cell->words, sizeof(uint64_t));
}

/* NULL when memory is out. */
static uint64_t **new_bitmaps(const struct index_builder *builder, uint32_t count)
{
    uint64_t **bitmaps = arena_allocate_zeroed(arena_of(builder), count, sizeof *bitmaps);
    for (uint32_t i = 0; bitmaps != NULL && i < count; i++)
        if ((bitmaps[i] = new_bitmap(builder)) == NULL)
            return NULL;
    return bitmaps;
}

static bool make_lists(const struct index_builder *builder)
{
    struct cell *cell = builder->cell;
    cell->offers = arena_allocate_zeroed(arena_of(builder), cell->count, sizeof *cell->offers);
    cell->priorities = arena_allocate_zeroed(arena_of(builder), cell->count, sizeof *cell->priorities);
    return cell->offers != NULL && cell->priorities != NULL;
}

static bool make_bitmaps(const struct index_builder *builder)
{
    const struct snapshot *snapshot = builder->snapshot;
    struct cell *cell = builder->cell;
    cell->dated = new_bitmap(builder);
    cell->by_persona = new_bitmaps(builder, snapshot->persona_count + 1);
    cell->by_locale = new_bitmaps(builder, snapshot->locale_count);
    cell->by_consent = new_bitmaps(builder, snapshot->consent_count);
    return cell->dated != NULL && cell->by_persona != NULL && cell->by_locale != NULL &&
           cell->by_consent != NULL;
}

static bool list_strategies(const struct index_builder *builder)
{
    const struct snapshot *snapshot = builder->snapshot;
    uint32_t *numbers = arena_allocate_zeroed(arena_of(builder), snapshot->strategy_count, sizeof *numbers);
    if (numbers == NULL)
        return false;
    builder->cell->strategy_count = 0;
    for (uint32_t i = 0; i < snapshot->strategy_count; i++)
        if (number_list_takes(&snapshot->strategies[i].stages, builder->stage) &&
            number_list_takes(&snapshot->strategies[i].placements, builder->placement))
            numbers[builder->cell->strategy_count++] = i;
    builder->cell->strategies = numbers;
    return true;
}

/* What every reply from this cell says of where the customer is. */
static bool write_place(const struct index_builder *builder)
{
    const struct snapshot *snapshot = builder->snapshot;
    struct buffer buffer;
    buffer_create(&buffer);
    reply_word(&buffer, "journey");
    reply_text(&buffer, snapshot->journeys[builder->journey].name);
    reply_word(&buffer, "stage");
    reply_text(&buffer, snapshot->stages[builder->stage].name);
    reply_word(&buffer, "placement");
    reply_text(&buffer, snapshot->placements[builder->placement].name);
    reply_word(&buffer, "version");
    reply_text(&buffer, text_from(snapshot->version));
    const char *copy = buffer.failed ? NULL : arena_copy(arena_of(builder), buffer.bytes, buffer.length);
    builder->cell->place = (struct text){copy, buffer.length};
    buffer_destroy(&buffer);
    return copy != NULL;
}

static bool lists_the_same(const struct cell *cell, const struct fitting *fitting)
{
    if (cell->count != fitting->count)
        return false;
    for (uint32_t i = 0; i < cell->count; i++)
        if (cell->offers[i] != fitting->list[i].offer)
            return false;
    return true;
}

/*
 * A cell of this journey with just these offers, so that its lists can be used twice; NULL where its
 * neighbours have others. Most offers of most sites fit many placements and stages alike.
 */
static const struct cell *find_like(const struct index_builder *builder)
{
    const struct snapshot *snapshot = builder->snapshot;
    const struct cell *above = builder->cell - snapshot->stage_count, *before = builder->cell - 1;
    if (builder->placement > 0 && lists_the_same(above, &builder->in_cell))
        return above;
    bool first = builder->stage == snapshot->journeys[builder->journey].first_stage;
    return !first && lists_the_same(before, &builder->in_cell) ? before : NULL;
}

/* One of its own, or one that shares lists and bitmaps; what is of the place alone comes on top. */
static bool make_cell(struct index_builder *builder)
{
    uint32_t count = builder->in_cell.count, stage_count = builder->snapshot->stage_count;
    builder->cell = &builder->snapshot->cells[(size_t)builder->placement * stage_count + builder->stage];
    const struct cell *like = find_like(builder);
    if (like != NULL)
        *builder->cell = *like;
    else
        *builder->cell = (struct cell){.count = count, .words = (count + 63) / 64};
    if (like == NULL && !(make_lists(builder) && make_bitmaps(builder)))
        return false;
    if (!list_strategies(builder) || !write_place(builder))
        return false;
    if (like != NULL)
        begin_next_cell(builder);
    else
        begin_phase(builder, PHASE_FILL);
    return true;
}

static void set_bit(uint64_t *bitmap, uint32_t bit)
{
    bitmap[bit / 64] |= UINT64_C(1) << (bit % 64);
}

/* For a bitmap that is there only if some offer is in it. False where memory is out. */
static bool set_rare_bit(const struct index_builder *builder, uint64_t **bitmap, uint32_t bit)
{
    if (*bitmap == NULL && (*bitmap = new_bitmap(builder)) == NULL)
        return false;
    set_bit(*bitmap, bit);
    return true;
}

static bool mark_bounds(const struct index_builder *builder, const struct offer *offer, uint32_t bit)
{
    if ((offer->stocked || offer->limit_count > 0) && !set_rare_bit(builder, &builder->cell->bounded, bit))
        return false;
    return !offer->stocked || set_rare_bit(builder, &builder->cell->stocked, bit);
}

static void mark_customers(const struct index_builder *builder, const struct offer *offer, uint32_t bit)
{
    const struct snapshot *snapshot = builder->snapshot;
    const struct cell *cell = builder->cell;
    uint32_t otherwise = snapshot->journeys[builder->journey].locale;
    for (uint32_t i = 0; i < snapshot->persona_count; i++)
        if (index_fits_persona(offer, i))
            set_bit(cell->by_persona[i], bit);
    if (index_fits_persona(offer, SNAPSHOT_NONE))
        set_bit(cell->by_persona[snapshot->persona_count], bit);
    for (uint32_t i = 0; i < snapshot->locale_count; i++)
        if (index_fits_locale(offer, i, otherwise))
            set_bit(cell->by_locale[i], bit);
    if (offer->consent != SNAPSHOT_NONE)
        set_bit(cell->by_consent[offer->consent], bit);
}

static bool fill_cell(struct index_builder *builder)
{
    struct cell *cell = builder->cell;
    uint32_t end = piece_end(builder, cell->count);
    for (; builder->next < end; builder->next++) {
        struct ranked ranked = builder->in_cell.list[builder->next];
        const struct offer *offer = &builder->snapshot->offers[ranked.offer];
        cell->offers[builder->next] = ranked.offer;
        cell->priorities[builder->next] = ranked.priority;
        if (isfinite(offer->starts) || isfinite(offer->ends))
            set_bit(cell->dated, builder->next);
        mark_customers(builder, offer, builder->next);
        if (!mark_bounds(builder, offer, builder->next))
            return false;
    }
    if (end == cell->count)
        begin_next_cell(builder);
    return true;
}

/* Not zeroed, for there may be very many: each is when it is made. */
static struct cell *new_cells(struct snapshot *snapshot)
{
    size_t count = (size_t)snapshot->placement_count * snapshot->stage_count, bytes;
    if (__builtin_mul_overflow(count, sizeof *snapshot->cells, &bytes))
        return NULL;
    return arena_allocate(&snapshot->arena, bytes);
}

struct index_builder *index_builder_new(struct snapshot *snapshot)
{
    size_t offers = snapshot->offer_count > 0 ? snapshot->offer_count : 1;
    struct index_builder *builder = calloc(1, sizeof *builder);
    if (builder == NULL)
        return NULL;
    builder->snapshot = snapshot;
    builder->at_placement.list = calloc(offers, sizeof *builder->at_placement.list);
    builder->in_cell.list = calloc(offers, sizeof *builder->in_cell.list);
    snapshot->cells = new_cells(snapshot);
    if (ranking_create(&builder->ranking, snapshot) && builder->at_placement.list != NULL &&
        builder->in_cell.list != NULL && snapshot->cells != NULL) {
        begin_journey(builder);
        return builder;
    }
    index_builder_free(builder);
    return NULL;
}

bool index_builder_go_on(struct index_builder *builder)
{
    switch (builder->phase) {
    case PHASE_RANK:
        if (!ranking_go_on(&builder->ranking))
            begin_placement(builder);
        return true;
    case PHASE_PLACE:
        fit_placement(builder);
        return true;
    case PHASE_STAGE:
        fit_stage(builder);
        return true;
    case PHASE_CELL:
        return make_cell(builder);
    case PHASE_FILL:
        return fill_cell(builder);
    case PHASE_DONE:
        break;
    }
    return true;
}

bool index_builder_is_done(const struct index_builder *builder)
{
    return builder->phase == PHASE_DONE;
}

void index_builder_free(struct index_builder *builder)
{
    if (builder == NULL)
        return;
    ranking_destroy(&builder->ranking);
    free(builder->at_placement.list);
    free(builder->in_cell.list);
    free(builder);
}

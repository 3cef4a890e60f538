/*
 * The candidate index: for each placement and stage, the offers that could be shown there, best first, with
 * one bitmap for each persona, locale and consent. What a decision costs follows the offers that fit, 64 at a
 * time where they do not.
 */
#ifndef SENDA_CATALOGUE_INDEX_H
#define SENDA_CATALOGUE_INDEX_H

#include "catalogue/snapshot.h"

enum { CELL_PLACE_FIELDS = 4 };

struct cell {
    uint32_t count;        /* offers below */
    uint32_t words;        /* 64-bit words of a bitmap over them */
    uint32_t *offers;      /* numbers, by priority without a strategy's score, then as declared */
    double *priorities;    /* of those offers: value × levers */
    uint64_t *dated;       /* those with a start or an end */
    uint64_t *bounded;     /* those with limits or a stock; NULL: none */
    uint64_t *stocked;     /* those with a stock; NULL: none */
    uint64_t **by_persona; /* persona_count + 1 bitmaps; the last: persona unknown */
    uint64_t **by_locale;  /* locale_count bitmaps, for the locale asked for */
    uint64_t **by_consent; /* consent_count bitmaps of those that need it */
    struct text place;     /* journey, stage, placement and version as entries of a reply's map, packed */
    const uint32_t *strategies; /* that speak for this cell, in file order */
    uint32_t strategy_count;
};

/*
 * Builds the snapshot's cells in pieces of a thousand offers at most. Journey by journey, as that decides the
 * order of offers: they are sorted once for each, and cells take from that what fits.
 */
struct index_builder;

/* Borrows the snapshot, whose arrays and items are filled; NULL when memory is out. */
struct index_builder *index_builder_new(struct snapshot *snapshot);

/* One piece; false when memory is out. */
MUST_CHECK bool index_builder_go_on(struct index_builder *builder);
bool index_builder_is_done(const struct index_builder *builder);
void index_builder_free(struct index_builder *builder);

static inline const struct cell *index_cell(const struct snapshot *snapshot, uint32_t placement,
                                            uint32_t stage)
{
    return &snapshot->cells[(size_t)placement * snapshot->stage_count + stage];
}

/* The gates that are folded into a cell; true where the offer is in it. */
bool index_fits_placement(const struct snapshot *snapshot, const struct offer *offer, uint32_t placement);
bool index_fits_stage(const struct snapshot *snapshot, const struct offer *offer, uint32_t stage);

/* Those folded into its bitmaps. `persona` may be SNAPSHOT_NONE. */
bool index_fits_persona(const struct offer *offer, uint32_t persona);
bool index_fits_locale(const struct offer *offer, uint32_t asked, uint32_t otherwise);

#endif

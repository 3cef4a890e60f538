/* Intersecting a cell's bitmaps, 64 offers at a time. */
#include "decide/candidates.h"

#include <stdlib.h>
#include <string.h>

bool candidates_create(struct candidates *candidates, const struct snapshot *snapshot, struct error *error)
{
    uint32_t most = 1;
    for (size_t i = 0; i < (size_t)snapshot->placement_count * snapshot->stage_count; i++)
        if (snapshot->cells[i].count > most)
            most = snapshot->cells[i].count;
    *candidates = (struct candidates){
        .offers = calloc(most, sizeof *candidates->offers),
        .priorities = calloc(most, sizeof *candidates->priorities),
        .scores = calloc(most, sizeof *candidates->scores),
        .notes = calloc(most, sizeof *candidates->notes),
        .capacity = most,
        .words = snapshot->offer_count / 64 + 1,
    };
    candidates->excluded = calloc(candidates->words, sizeof *candidates->excluded);
    if (candidates->offers != NULL && candidates->priorities != NULL && candidates->scores != NULL &&
        candidates->notes != NULL && candidates->excluded != NULL)
        return true;
    candidates_destroy(candidates);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

void candidates_destroy(struct candidates *candidates)
{
    free(candidates->offers);
    free(candidates->priorities);
    free(candidates->scores);
    free(candidates->notes);
    free(candidates->excluded);
    *candidates = (struct candidates){0};
}

void candidates_exclude(struct candidates *candidates, const struct situation *situation)
{
    if (candidates->excludes)
        memset(candidates->excluded, 0, candidates->words * sizeof *candidates->excluded);
    candidates->excludes = situation->excluded_count > 0;
    for (uint32_t i = 0; i < situation->excluded_count; i++) {
        uint32_t offer = situation->excluded[i];
        candidates->excluded[offer / 64] |= UINT64_C(1) << (offer % 64);
    }
}

static uint64_t fitting_word(const struct cell *cell, const struct situation *situation,
                             const struct snapshot *snapshot, const uint64_t *running, uint32_t word)
{
    uint32_t persona = situation->persona == SNAPSHOT_NONE ? snapshot->persona_count : situation->persona;
    uint64_t fits =
        running[word] & cell->by_persona[persona][word] & cell->by_locale[situation->locale][word];
    for (uint32_t consent = 0; consent < snapshot->consent_count; consent++)
        if (!(situation->consented >> consent & 1))
            fits &= ~cell->by_consent[consent][word];
    return fits;
}

static uint64_t keep_not_excluded(const struct candidates *candidates, const struct cell *cell, uint64_t fits,
                                  uint32_t word)
{
    for (uint64_t left = fits; left != 0; left &= left - 1)
        if (candidates_is_excluded(candidates, cell->offers[word * 64 + (uint32_t)__builtin_ctzll(left)]))
            fits &= ~(left & -left);
    return fits;
}

/* Without those of the `bounded` that are out of bounds. */
static uint64_t keep_to_bounds(struct candidates *candidates, const struct cell *cell, struct bounds *bounds,
                               uint64_t fits, uint64_t bounded, uint32_t word)
{
    for (uint64_t left = fits & bounded; left != 0; left &= left - 1) {
        uint32_t offer = cell->offers[word * 64 + (uint32_t)__builtin_ctzll(left)];
        enum decision_gate gate = bounds_admit(bounds, offer);
        if (gate == DECISION_GATE_CHOSEN)
            continue;
        fits &= ~(left & -left);
        candidates->notes[candidates->capacity - ++candidates->out_of_bounds] =
            (struct decision_note){.offer = offer, .gate = gate};
    }
    return fits;
}

void candidates_select(struct candidates *candidates, const struct cell *cell,
                       const struct situation *situation, const struct snapshot *snapshot,
                       const uint64_t *running, struct bounds *bounds)
{
    const uint64_t *bounded = bounds->limits_hold ? cell->bounded : cell->stocked;
    candidates_clear(candidates);
    for (uint32_t word = 0; word < cell->words; word++) {
        uint64_t fits = fitting_word(cell, situation, snapshot, running, word);
        if (candidates->excludes)
            fits = keep_not_excluded(candidates, cell, fits, word);
        if (bounds->held_count > 0)
            fits = keep_to_bounds(candidates, cell, bounds, fits, UINT64_MAX, word);
        else if (bounded != NULL)
            fits = keep_to_bounds(candidates, cell, bounds, fits, bounded[word], word);
        for (; fits != 0; fits &= fits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(fits);
            candidates->offers[candidates->count] = cell->offers[place];
            candidates->notes[candidates->noted++] =
                (struct decision_note){.offer = cell->offers[place], .gate = DECISION_GATE_STRATEGY};
            candidates->priorities[candidates->count++] = cell->priorities[place];
        }
    }
}

/* What is listed still is in the order of the notes, though there may be less of it. */
void candidates_note(struct candidates *candidates, const double *scores)
{
    struct decision_note *note = candidates->notes;
    for (uint32_t i = 0; i < candidates->count; i++) {
        while (note->offer != candidates->offers[i])
            note++;
        bool passed = scores == NULL || !(scores[i] < 0.0);
        note->gate = passed ? DECISION_GATE_RANK : DECISION_GATE_STRATEGY;
        note->score = scores == NULL     ? candidates->priorities[i]
                      : scores[i] >= 0.0 ? candidates->priorities[i] * scores[i]
                                         : 0.0;
    }
}

static void note_chosen(struct candidates *candidates, const struct decision_item *item)
{
    for (uint32_t i = 0; i < candidates->noted; i++)
        if (candidates->notes[i].offer == item->offer) {
            candidates->notes[i].gate = DECISION_GATE_CHOSEN;
            candidates->notes[i].score = item->score;
            return;
        }
}

void candidates_finish_notes(struct candidates *candidates, struct decision *out)
{
    for (uint32_t i = 0; i < out->count; i++)
        if (!out->items[i].fallback)
            note_chosen(candidates, &out->items[i]);
    memmove(candidates->notes + candidates->noted,
            candidates->notes + candidates->capacity - candidates->out_of_bounds,
            candidates->out_of_bounds * sizeof *candidates->notes);
    out->notes = candidates->notes;
    out->note_count = candidates->noted + candidates->out_of_bounds;
}

static bool is_among(const uint32_t *offers, uint32_t count, uint32_t offer)
{
    for (uint32_t i = 0; i < count; i++)
        if (offers[i] == offer)
            return true;
    return false;
}

void candidates_remove(struct candidates *candidates, const uint32_t *offers, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < candidates->count; i++) {
        if (is_among(offers, count, candidates->offers[i]))
            continue;
        candidates->offers[kept] = candidates->offers[i];
        candidates->priorities[kept++] = candidates->priorities[i];
    }
    candidates->count = kept;
}

void candidates_bound(struct candidates *candidates, struct bounds *bounds)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < candidates->count; i++) {
        if (!bounds_fits(bounds, candidates->offers[i]))
            continue;
        candidates->offers[kept] = candidates->offers[i];
        candidates->priorities[kept++] = candidates->priorities[i];
    }
    candidates->count = kept;
}

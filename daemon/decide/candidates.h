/* The offers of a cell that pass every gate that data can decide. */
#ifndef SENDA_DECIDE_CANDIDATES_H
#define SENDA_DECIDE_CANDIDATES_H

#include "catalogue/index.h"
#include "decide/bounds.h"
#include "decide/situation.h"

struct candidates {
    uint32_t *offers;   /* numbers, by priority; owned */
    double *priorities; /* of those; owned */
    double *scores;     /* what a strategy gave them; owned */
    uint32_t count;
    uint32_t capacity; /* of each array */
    struct decision_note
        *notes; /* of those listed, in their order; from the end on, of those out of bounds; owned */
    uint32_t noted, out_of_bounds; /* how many of both */
    uint64_t *excluded;            /* a bit for each offer of the snapshot; owned */
    uint32_t words;                /* of those bits */
    bool excludes;                 /* some bit is set */
};

MUST_CHECK bool candidates_create(struct candidates *candidates, const struct snapshot *snapshot,
                                  struct error *error);
void candidates_destroy(struct candidates *candidates);

/* Notes which offers the situation leaves out; for whatever is asked until the next time. */
void candidates_exclude(struct candidates *candidates, const struct situation *situation);

static inline bool candidates_is_excluded(const struct candidates *candidates, uint32_t offer)
{
    return candidates->excluded[offer / 64] >> (offer % 64) & 1;
}

/*
 * Fills the list with what candidates_exclude and the bounds leave; `running` is the cell's bitmap of offers
 * within their dates.
 */
void candidates_select(struct candidates *candidates, const struct cell *cell,
                       const struct situation *situation, const struct snapshot *snapshot,
                       const uint64_t *running, struct bounds *bounds);

/*
 * Notes what a strategy made of the candidates: those with a score of at least 0 passed it. NULL scores: all
 * did.
 */
void candidates_note(struct candidates *candidates, const double *scores);

/* All notes together, with the chosen marked; sets those of `out`. */
void candidates_finish_notes(struct candidates *candidates, struct decision *out);

/* Takes out what no longer fits once others were chosen. */
void candidates_bound(struct candidates *candidates, struct bounds *bounds);

static inline void candidates_clear(struct candidates *candidates)
{
    candidates->count = candidates->noted = candidates->out_of_bounds = 0;
}

/* Takes out the offers named, keeping the order. */
void candidates_remove(struct candidates *candidates, const uint32_t *offers, uint32_t count);

#endif

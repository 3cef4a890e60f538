/*
 * A site's offers in the order of one journey: best first. Sorted in pieces, so that whoever serves meanwhile
 * is kept waiting for none of them.
 */
#ifndef SENDA_CATALOGUE_RANKING_H
#define SENDA_CATALOGUE_RANKING_H

#include "catalogue/snapshot.h"

struct ranked {
    uint32_t offer;  /* number */
    double priority; /* before propensity and score: value × levers */
};

struct ranking {
    const struct snapshot *snapshot; /* borrowed */
    const struct journey *journey;   /* that the order is for; borrowed */
    struct ranked *list;   /* owned; snapshot->offer_count of them, sorted once there is no more to do */
    struct ranked *merged; /* owned; as many: where two sorted runs become one */
    size_t width;          /* offers of a sorted run in the list; 0: runs are being made */
    size_t done;           /* offers that this round has put in their place */
    size_t left, right;    /* next ones of the two runs that are being merged */
};

/* False when memory is out. */
MUST_CHECK bool ranking_create(struct ranking *ranking, const struct snapshot *snapshot);
void ranking_destroy(struct ranking *ranking);

/* Forgets the order there was. */
void ranking_begin(struct ranking *ranking, const struct journey *journey);

/* One bounded piece; true while there is more to do. */
bool ranking_go_on(struct ranking *ranking);

#endif

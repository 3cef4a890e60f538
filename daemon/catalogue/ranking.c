/* Sorting offers by priority: short runs first, then merging them two by two. */
#include "catalogue/ranking.h"

#include <math.h>
#include <stdlib.h>

enum { OFFERS_A_PIECE = 1024 };

bool ranking_create(struct ranking *ranking, const struct snapshot *snapshot)
{
    size_t count = snapshot->offer_count > 0 ? snapshot->offer_count : 1;
    *ranking = (struct ranking){.snapshot = snapshot,
                                .list = calloc(count, sizeof *ranking->list),
                                .merged = calloc(count, sizeof *ranking->merged)};
    if (ranking->list != NULL && ranking->merged != NULL)
        return true;
    ranking_destroy(ranking);
    return false;
}

void ranking_destroy(struct ranking *ranking)
{
    free(ranking->list);
    free(ranking->merged);
    ranking->list = ranking->merged = NULL;
}

void ranking_begin(struct ranking *ranking, const struct journey *journey)
{
    ranking->journey = journey;
    ranking->width = ranking->done = 0;
}

/* Levers are never below -100 %. */
static double priority_of(const struct ranking *ranking, const struct offer *offer)
{
    double levers = ranking->journey->weight + ranking->snapshot->kinds[offer->kind].weight + offer->weight;
    return offer->value * fmax(0.0, 1.0 + levers / 100.0);
}

static int compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->priority != b->priority)
        return a->priority < b->priority ? 1 : -1;
    return (a->offer > b->offer) - (a->offer < b->offer);
}

static size_t at_most(size_t number, size_t most)
{
    return number < most ? number : most;
}

/* Whether the round is over; the next one begins at the first offer. */
static bool ends_round(struct ranking *ranking)
{
    if (ranking->done < ranking->snapshot->offer_count)
        return false;
    ranking->done = 0;
    return true;
}

static void make_run(struct ranking *ranking)
{
    const struct snapshot *snapshot = ranking->snapshot;
    size_t from = ranking->done, end = at_most(from + OFFERS_A_PIECE, snapshot->offer_count);
    for (size_t i = from; i < end; i++)
        ranking->list[i] = (struct ranked){(uint32_t)i, priority_of(ranking, &snapshot->offers[i])};
    qsort(ranking->list + from, end - from, sizeof *ranking->list, compare);
    ranking->done = end;
    if (ends_round(ranking))
        ranking->width = OFFERS_A_PIECE;
}

static void merge_some(struct ranking *ranking)
{
    size_t count = ranking->snapshot->offer_count, width = ranking->width;
    size_t begin = ranking->done / (2 * width) * (2 * width);
    size_t middle = at_most(begin + width, count), end = at_most(begin + 2 * width, count);
    size_t until = at_most(ranking->done + OFFERS_A_PIECE, end);
    if (ranking->done == begin) {
        ranking->left = begin;
        ranking->right = middle;
    }
    while (ranking->done < until) {
        bool left = ranking->left < middle &&
                    (ranking->right == end ||
                     compare(&ranking->list[ranking->left], &ranking->list[ranking->right]) < 0);
        ranking->merged[ranking->done++] = ranking->list[left ? ranking->left++ : ranking->right++];
    }
    if (ends_round(ranking)) {
        struct ranked *merged = ranking->merged;
        ranking->merged = ranking->list;
        ranking->list = merged;
        ranking->width *= 2;
    }
}

bool ranking_go_on(struct ranking *ranking)
{
    if (ranking->width == 0)
        make_run(ranking);
    else if (ranking->width < ranking->snapshot->offer_count)
        merge_some(ranking);
    return ranking->width == 0 || ranking->width < ranking->snapshot->offer_count;
}

/* Recomputing a cell's running offers when a start or an end was passed. */
#include "decide/live.h"

#include <math.h>
#include <stdlib.h>

bool live_create(struct live *live, const struct snapshot *snapshot, struct error *error)
{
    size_t count = (size_t)snapshot->placement_count * snapshot->stage_count;
    live->snapshot = snapshot;
    live->cells = calloc(count > 0 ? count : 1, sizeof *live->cells);
    return live->cells != NULL || error_set(error, ERROR_INTERNAL, "out of memory");
}

void live_destroy(struct live *live)
{
    size_t count = (size_t)live->snapshot->placement_count * live->snapshot->stage_count;
    for (size_t i = 0; i < count; i++)
        free(live->cells[i].running);
    free(live->cells);
}

/* Moves the interval's ends to the offer's dates where they are nearer. */
static void narrow(struct live_cell *live, const struct offer *offer, double now)
{
    const double moments[] = {offer->starts, offer->ends};
    for (size_t i = 0; i < 2; i++) {
        if (moments[i] <= now)
            live->from = fmax(live->from, moments[i]);
        else
            live->until = fmin(live->until, moments[i]);
    }
}

static void compute(struct live_cell *live, const struct snapshot *snapshot, const struct cell *cell,
                    double now)
{
    live->from = -INFINITY;
    live->until = INFINITY;
    for (uint32_t word = 0; word < cell->words; word++)
        live->running[word] = UINT64_MAX;
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct offer *offer = &snapshot->offers[cell->offers[i]];
        if (!(cell->dated[i / 64] >> (i % 64) & 1))
            continue;
        narrow(live, offer, now);
        if (now < offer->starts || now >= offer->ends)
            live->running[i / 64] &= ~(UINT64_C(1) << (i % 64));
    }
}

const uint64_t *live_get(struct live *live, const struct cell *cell, double now)
{
    struct live_cell *mine = &live->cells[cell - live->snapshot->cells];
    if (mine->running != NULL && now >= mine->from && now < mine->until)
        return mine->running;
    if (mine->running == NULL)
        mine->running = calloc(cell->words > 0 ? cell->words : 1, sizeof(uint64_t));
    if (mine->running != NULL)
        compute(mine, live->snapshot, cell, now);
    return mine->running;
}

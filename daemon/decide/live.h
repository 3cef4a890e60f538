/* Which dated offers of a cell are running now, remembered for as long as that does not change. */
#ifndef SENDA_DECIDE_LIVE_H
#define SENDA_DECIDE_LIVE_H

#include "catalogue/index.h"

struct live_cell {
    double from, until; /* seconds since the epoch in which `running` holds, [from, until) */
    uint64_t *running;  /* bitmap over the cell's offers; owned; NULL before the first use */
};

struct live {
    const struct snapshot *snapshot; /* borrowed */
    struct live_cell *cells;         /* as snapshot->cells; owned */
};

MUST_CHECK bool live_create(struct live *live, const struct snapshot *snapshot, struct error *error);
void live_destroy(struct live *live);

/* The bitmap for that moment, valid until the next call for the cell; NULL when memory is out. */
const uint64_t *live_get(struct live *live, const struct cell *cell, double now);

#endif

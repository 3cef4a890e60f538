/*
 * Reading the funnel of one journey over a window of days: the figures of a living journey map.
 *
 * The window may hold many rows, and whoever asks has other things to do. So reading goes in steps of one
 * bounded scan, and the caller decides when to take the next.
 *
 * Counters under any of a stage's names count for that stage. What the site no longer has is told, too,
 * behind what it has: so the figures of a window stay the same when a site changes. What nobody was given is
 * told by its name for a bounded number of names.
 */
#ifndef SENDA_LEDGER_MAP_H
#define SENDA_LEDGER_MAP_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "catalogue/snapshot.h"
#include "ledger/funnel.h"
#include "store/store.h"

enum {
    MAP_SCAN_ROWS = 256, /* that one step looks at, at most */
    MAP_STRANGERS_MOST =
        1000, /* offers of which the site and decisions know nothing; the rest is FUNNEL_OTHER */
};

/* What became of one offer, wherever it was placed. */
struct map_offer {
    struct text id;
    uint32_t number; /* in the site; SNAPSHOT_NONE: no longer there */
    int64_t touches[TOUCH_KINDS];
    double value; /* sum of what conversions were worth */
};

struct map_stage {
    struct text name;                   /* no bytes: where customers stood nowhere */
    uint32_t number;                    /* in the site; SNAPSHOT_NONE: no longer there */
    int64_t entered, advanced, dropped; /* customers who entered within the window */
    int64_t inside;                     /* of them: who is still there. entered - advanced - dropped */
    const struct map_offer *offers;     /* in the site's order, then by id; none that nothing happened to */
    uint32_t offer_count;
};

struct map {
    uint32_t journey;               /* number in the site */
    uint32_t from, to;              /* yyyymmdd, both within */
    const struct map_stage *stages; /* all of the journey in their order, then those that are gone, by name */
    uint32_t stage_count;
    const struct map_offer *offers; /* of all stages together */
    uint32_t offer_count;
    uint64_t damaged; /* rows that could not be read and are missing */
};

struct map_reading;

/*
 * Begins. Borrows the site until map_reading_free. `from` and `to` are days as yyyymmdd. NULL with
 * ERROR_INVALID, naming the argument, where they are no days, in the wrong order or too far apart.
 */
struct map_reading *map_reading_new(const struct snapshot *site, uint32_t journey, uint32_t from, uint32_t to,
                                    struct error *error);

/* `error` is NULL on success. Without an error and without a map: take another step. May free the reading. */
typedef void (*map_step_cb)(void *context, const struct map *map, const struct error *error);

/* One scan of the store, which may call back at once. The map lives until map_reading_free. */
void map_reading_step(struct map_reading *reading, struct store *store, map_step_cb done, void *context);

/* Never while a step is under way, but in its callback. */
void map_reading_free(struct map_reading *reading);

#endif

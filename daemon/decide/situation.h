/* All that a decision depends on besides the site: who asks, where, when, and the seed of chance. */
#ifndef SENDA_DECIDE_SITUATION_H
#define SENDA_DECIDE_SITUATION_H

#include <msgpack/object.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "catalogue/snapshot.h"
#include "model/customer.h"

/* How much was given away of offers that there is an end of. */
struct situation_stock {
    void *context;
    /* Units confirmed and reserved; false where that cannot be told now. NULL: none of anything was given. */
    bool (*given)(void *context, uint32_t offer, uint64_t *given);
};

/* What others have promised by now that neither history nor stock tell of yet. */
struct situation_claims {
    void *context;
    /* How many promises with this hash (decide/bounds.h). NULL: nobody asks; enough where nothing was lost.
     */
    uint32_t (*open)(void *context, uint64_t hash);
};

/* Whom a decision is for. It comes out the same; but what scripts do counts for or against them only where a
 * visitor gets it, not where somebody tries or asks as often as they please. */
enum situation_purpose {
    SITUATION_SERVED,  /* a visitor */
    SITUATION_DRY_RUN, /* whoever tries what would be decided */
    SITUATION_AGAIN,   /* whoever asks how it was decided */
};

struct situation {
    uint32_t placement, journey, stage; /* numbers in the snapshot */
    uint32_t persona;                   /* number, or SNAPSHOT_NONE: unknown */
    uint32_t locale;                    /* number of the locale to answer in */
    uint32_t count;                     /* slots to fill */
    struct text customer;               /* id; no bytes: anonymous */
    struct text touchpoint;             /* no bytes: not told */
    const msgpack_object *traits;       /* maps of the request; NULL: not given */
    const msgpack_object *consents;
    const msgpack_object *context;
    uint64_t consented;       /* bit n: agreed to the snapshot's consent n */
    const uint32_t *excluded; /* offers not to show */
    uint32_t excluded_count;
    const struct customer *known; /* what is remembered of the customer; NULL: nothing */
    int64_t reserved_ms;          /* how long a decision counts as an impression on its way */
    struct situation_stock stock;
    struct situation_claims claims;
    const uint32_t *held; /* offers to do without: others had what a limit left of them, so a log says */
    uint32_t held_count;
    bool unpromised;        /* nothing can be promised now: what would have to be claimed is not given */
    bool restricted;        /* nothing of the customer may be used: the placement's fallback alone */
    bool store_unavailable; /* what is remembered of the customer cannot be read: likewise */
    int64_t now_us;         /* the clock, microseconds since the epoch */
    uint64_t seed;
    bool explain; /* a trace is wanted */
    enum situation_purpose purpose;
    bool retaken; /* the decision taken last was for the same request, and is not given away */
};

static inline double situation_seconds(const struct situation *situation)
{
    return (double)situation->now_us / 1e6;
}

#endif

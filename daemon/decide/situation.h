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

/* What a decision taken before needed of an offer, and did not get. */
enum situation_loss {
    SITUATION_LOST_LIMIT, /* others have all that a limit leaves */
    SITUATION_LOST_STOCK, /* others have all that is left of the stock */
};

/* An offer to do without. */
struct situation_held {
    uint32_t offer; /* number */
    enum situation_loss loss;
    uint32_t limit; /* number of the limit lost; SNAPSHOT_NONE: it is not known which, or it is none */
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
    const struct situation_held *held; /* lost when this decision was taken before; each offer once */
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

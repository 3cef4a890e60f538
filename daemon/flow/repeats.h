/*
 * Answers to requests that come again.
 *
 * A decision is a pure function of the site, the request, who asks, clock and chance. One about nobody in
 * particular that came of the request and the site alone is the same whenever the same bytes come, until an
 * offer starts or ends. What has come twice is kept, so that requests that never come again take no room.
 */
#ifndef SENDA_FLOW_REPEATS_H
#define SENDA_FLOW_REPEATS_H

#include "base/cache.h"
#include "script/trail.h"

/* An answer as it is kept. What it points to lives until the next one is kept or all are forgotten. */
struct repeat {
    double from, until;               /* seconds since the epoch in which it holds, [from, until) */
    struct text reply;                /* the result as a MessagePack map */
    struct text record;               /* of the decision, see model/record.h; no bytes: none is made */
    uint32_t items;                   /* recommended */
    const struct script_trail *trail; /* what was asked of scripts; never NULL */
};

struct repeats_bucket;

struct repeats {
    struct cache answers;
    struct repeats_bucket *seen; /* what came once; owned; NULL: nothing is kept */
};

/* `limit`: bytes of answers; 0: none are kept. */
MUST_CHECK bool repeats_create(struct repeats *repeats, size_t limit, struct error *error);
void repeats_destroy(struct repeats *repeats);

/* False where there is no answer to this request, or none that holds at `now`. */
bool repeats_find(const struct repeats *repeats, struct text request, double now, struct repeat *out);

/* Whether the request's answer is to be kept: it came before. */
bool repeats_wants(struct repeats *repeats, struct text request);

/* Keeps a copy, if there is room and memory. */
void repeats_keep(struct repeats *repeats, struct text request, const struct repeat *answer);

void repeats_forget(struct repeats *repeats);

#endif

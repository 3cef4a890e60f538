/* Listing what chosen offers use up. */
#include "decide/promises.h"

static const struct offer *offer_of(const struct decider *decider, const struct decision *decision,
                                    uint32_t item)
{
    return &decider->snapshot->offers[decision->items[item].offer];
}

static uint32_t add_limits(struct decider *decider, const struct decision *decision, uint32_t item,
                           struct promise *out)
{
    struct bounds *bounds = &decider->bounds;
    const struct offer *offer = offer_of(decider, decision, item);
    uint32_t count = 0;
    for (uint32_t i = 0; bounds->limits_hold && i < offer->limit_count; i++) {
        const struct limit *limit = &decider->snapshot->limits[offer->limits[i]];
        if (limits_are_taken(limit))
            out[count++] = (struct promise){.hash = bounds_limit_hash(bounds->customer, limit),
                                            .room = limits_left(&bounds->limits, offer->limits[i]),
                                            .item = item,
                                            .limit = offer->limits[i]};
    }
    return count;
}

static uint32_t add_stock(struct decider *decider, const struct decision *decision, uint32_t item,
                          struct promise *out)
{
    const struct offer *offer = offer_of(decider, decision, item);
    uint64_t left;
    if (!offer->stocked)
        return 0;
    if (!bounds_stock_left(&decider->bounds, decision->items[item].offer, &left))
        left = 0;
    *out = (struct promise){
        .hash = bounds_stock_hash(offer->id), .room = left, .item = item, .limit = SNAPSHOT_NONE};
    return 1;
}

bool promises_list(struct decider *decider, const struct decision *decision, const struct promise **promises,
                   uint32_t *count, struct error *error)
{
    size_t most = 0;
    for (uint32_t i = 0; i < decision->count; i++)
        most += offer_of(decider, decision, i)->limit_count + 1;
    struct promise *list = arena_allocate_zeroed(&decider->arena, most, sizeof *list);
    *promises = list;
    *count = 0;
    if (list == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    for (uint32_t i = 0; i < decision->count; i++) {
        *count += add_limits(decider, decision, i, list + *count);
        *count += add_stock(decider, decision, i, list + *count);
    }
    return true;
}

bool promises_reserve(const struct snapshot *snapshot, uint32_t number)
{
    const struct offer *offer = &snapshot->offers[number];
    for (uint32_t i = 0; i < offer->limit_count; i++)
        if (snapshot->limits[offer->limits[i]].counts == LIMIT_IMPRESSIONS)
            return true;
    return false;
}

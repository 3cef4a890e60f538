/* Asking limits and stock, in the order of the gates. */
#include "decide/bounds.h"

bool bounds_create(struct bounds *bounds, const struct snapshot *snapshot, struct error *error)
{
    *bounds = (struct bounds){.snapshot = snapshot};
    return limits_create(&bounds->limits, snapshot, error);
}

void bounds_destroy(struct bounds *bounds)
{
    limits_destroy(&bounds->limits);
}

void bounds_begin(struct bounds *bounds, const struct situation *situation)
{
    bounds->stock = situation->stock;
    bool canonical = situation->known != NULL && situation->known->id.length > 0;
    bounds->customer = canonical ? situation->known->id : situation->customer;
    bounds->held = situation->held;
    bounds->held_count = situation->held_count;
    bounds->slots = situation->count;
    bounds->tight = 0;
    bounds->limits_hold =
        (situation->customer.length > 0 || situation->known != NULL) && !situation->restricted;
    bounds->unknown = situation->store_unavailable || situation->unpromised;
    limits_begin(&bounds->limits, situation->known, situation->now_us / 1000, situation->reserved_ms);
}

/* Whether one of the offer's limits is in that state. */
static bool is_stopped(struct bounds *bounds, const struct offer *offer, enum decision_gate gate)
{
    for (uint32_t i = 0; bounds->limits_hold && i < offer->limit_count; i++)
        if (limits_standing(&bounds->limits, offer->limits[i])->gate == gate)
            return true;
    return false;
}

bool bounds_stock_left(const struct bounds *bounds, uint32_t offer, uint64_t *left)
{
    uint64_t stock = bounds->snapshot->offers[offer].stock, given = 0;
    if (bounds->stock.given != NULL && !bounds->stock.given(bounds->stock.context, offer, &given))
        return false;
    *left = given < stock ? stock - given : 0;
    return true;
}

enum decision_gate bounds_gate(struct bounds *bounds, uint32_t number)
{
    const struct offer *offer = &bounds->snapshot->offers[number];
    const struct situation_held *held = bounds_find_held(bounds, number);
    bool sold_out = held != NULL && held->loss == SITUATION_LOST_STOCK;
    uint64_t left;
    if (bounds->limits_hold && bounds->unknown && offer->limit_count > 0)
        return DECISION_GATE_LIMIT;
    if (is_stopped(bounds, offer, DECISION_GATE_LIMIT) || (held != NULL && !sold_out))
        return DECISION_GATE_LIMIT;
    if (sold_out || (offer->stocked && (!bounds_stock_left(bounds, number, &left) || left == 0)))
        return DECISION_GATE_STOCK;
    return is_stopped(bounds, offer, DECISION_GATE_RESTED) ? DECISION_GATE_RESTED : DECISION_GATE_CHOSEN;
}

/* Whether the offers chosen together could be too many for one of its policies. */
static bool is_tight(struct bounds *bounds, const struct offer *offer)
{
    for (uint32_t i = 0; bounds->limits_hold && i < offer->limit_count; i++) {
        const struct limit *limit = &bounds->snapshot->limits[offer->limits[i]];
        if (limit->offers.count > 1 && limits_are_taken(limit) &&
            limits_room(&bounds->limits, offer->limits[i]) < bounds->slots)
            return true;
    }
    return false;
}

bool bounds_admit(struct bounds *bounds, uint32_t offer)
{
    if (bounds_gate(bounds, offer) != DECISION_GATE_CHOSEN)
        return false;
    bounds->tight += is_tight(bounds, &bounds->snapshot->offers[offer]);
    return true;
}

void bounds_take(struct bounds *bounds, uint32_t number)
{
    const struct offer *offer = &bounds->snapshot->offers[number];
    for (uint32_t i = 0; bounds->limits_hold && i < offer->limit_count; i++)
        if (limits_are_taken(&bounds->snapshot->limits[offer->limits[i]]))
            limits_standing(&bounds->limits, offer->limits[i])->taken++;
}

bool bounds_fits(struct bounds *bounds, uint32_t number)
{
    const struct offer *offer = &bounds->snapshot->offers[number];
    for (uint32_t i = 0; bounds->limits_hold && i < offer->limit_count; i++)
        if (limits_room(&bounds->limits, offer->limits[i]) == 0)
            return false;
    return true;
}

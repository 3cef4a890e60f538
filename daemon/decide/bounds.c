/* Asking limits and stock, in the order of the gates. */
#include "decide/bounds.h"

#include <xxhash.h>

#include "decide/decision.h"
#include "model/record.h"

_Static_assert((int)DECISION_ITEMS_MAX <= (int)RECORD_CLAIMS_MOST,
               "a unit of stock for each item can be claimed");

/* How many choosing the offer makes, for a customer. */
static uint32_t promises_of(const struct snapshot *snapshot, uint32_t number)
{
    const struct offer *offer = &snapshot->offers[number];
    uint32_t count = offer->stocked;
    for (uint32_t i = 0; i < offer->limit_count; i++)
        count += limits_are_taken(&snapshot->limits[offer->limits[i]]);
    return count;
}

bool bounds_create(struct bounds *bounds, const struct snapshot *snapshot, struct error *error)
{
    *bounds = (struct bounds){.snapshot = snapshot};
    for (uint32_t i = 0; i < snapshot->offer_count; i++)
        if (promises_of(snapshot, i) > bounds->promises_most)
            bounds->promises_most = promises_of(snapshot, i);
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
    bounds->claims = situation->claims;
    bounds->held = situation->held;
    bounds->held_count = situation->held_count;
    bounds->slots = situation->count;
    bounds->tight = bounds->promises_each = bounds->promising = bounds->promised = 0;
    bounds->limits_hold =
        (situation->customer.length > 0 || situation->known != NULL) && !situation->restricted;
    bounds->unknown = situation->store_unavailable || situation->unpromised;
    limits_begin(&bounds->limits, situation->known, situation->now_us / 1000, situation->reserved_ms);
}

uint64_t bounds_limit_hash(struct text customer, const struct limit *limit)
{
    return XXH3_64bits_withSeed(customer.bytes, customer.length, limit->hash);
}

uint64_t bounds_stock_hash(struct text offer)
{
    static const char stock[] = "stock";
    return XXH3_64bits_withSeed(offer.bytes, offer.length, XXH3_64bits(stock, sizeof stock - 1));
}

/* Once for each limit, so that whatever asks later in this decision is told the same. */
static void ask_claims(struct bounds *bounds, uint32_t number)
{
    const struct limit *limit = &bounds->snapshot->limits[number];
    struct limits_standing *standing = limits_standing(&bounds->limits, number);
    if (standing->asked)
        return;
    standing->asked = true;
    if (limits_are_taken(limit))
        standing->claimed =
            bounds->claims.open(bounds->claims.context, bounds_limit_hash(bounds->customer, limit));
}

/* LIMIT if one of the offer's limits says so, else RESTED if one does; CHOSEN: none stops it. */
static enum decision_gate limit_gate(struct bounds *bounds, const struct offer *offer)
{
    enum decision_gate worst = DECISION_GATE_CHOSEN;
    for (uint32_t i = 0; bounds->limits_hold && i < offer->limit_count; i++) {
        if (bounds->claims.open != NULL)
            ask_claims(bounds, offer->limits[i]);
        enum decision_gate gate = limits_gate(&bounds->limits, offer->limits[i]);
        if (gate == DECISION_GATE_LIMIT)
            return gate;
        if (gate != DECISION_GATE_CHOSEN)
            worst = gate;
    }
    return worst;
}

static bool is_held(const struct bounds *bounds, uint32_t offer)
{
    for (uint32_t i = 0; i < bounds->held_count; i++)
        if (bounds->held[i] == offer)
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

/* The claims first: what is written down meanwhile counts twice then, not never. */
static bool is_in_stock(const struct bounds *bounds, uint32_t number)
{
    uint64_t hash, left, claimed = 0;
    if (bounds->claims.open != NULL) {
        hash = bounds_stock_hash(bounds->snapshot->offers[number].id);
        claimed = bounds->claims.open(bounds->claims.context, hash);
    }
    return bounds_stock_left(bounds, number, &left) && left > claimed;
}

enum decision_gate bounds_gate(struct bounds *bounds, uint32_t number)
{
    const struct offer *offer = &bounds->snapshot->offers[number];
    if (bounds->limits_hold && bounds->unknown && offer->limit_count > 0)
        return DECISION_GATE_LIMIT;
    enum decision_gate gate = limit_gate(bounds, offer);
    if (gate == DECISION_GATE_LIMIT || is_held(bounds, number))
        return DECISION_GATE_LIMIT;
    if (offer->stocked && !is_in_stock(bounds, number))
        return DECISION_GATE_STOCK;
    return gate;
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

/* Whether so many slots might be filled with more promises than can be claimed at once. */
static bool might_overpromise(const struct bounds *bounds, uint32_t promises_each)
{
    return bounds->limits_hold && (uint64_t)bounds->slots * promises_each > RECORD_CLAIMS_MOST;
}

/* Only of a decision that could come to so many on this site at all. */
static void count_promises(struct bounds *bounds, uint32_t offer)
{
    uint32_t count = promises_of(bounds->snapshot, offer);
    bounds->promising += count > 0;
    if (count > bounds->promises_each)
        bounds->promises_each = count;
}

enum decision_gate bounds_admit(struct bounds *bounds, uint32_t offer)
{
    enum decision_gate gate = bounds_gate(bounds, offer);
    if (gate != DECISION_GATE_CHOSEN)
        return gate;
    bounds->tight += is_tight(bounds, &bounds->snapshot->offers[offer]);
    if (might_overpromise(bounds, bounds->promises_most))
        count_promises(bounds, offer);
    return gate;
}

uint32_t bounds_tight(const struct bounds *bounds)
{
    return might_overpromise(bounds, bounds->promises_each) ? bounds->promising : bounds->tight;
}

void bounds_take(struct bounds *bounds, uint32_t number)
{
    const struct offer *offer = &bounds->snapshot->offers[number];
    for (uint32_t i = 0; bounds->limits_hold && i < offer->limit_count; i++)
        if (limits_are_taken(&bounds->snapshot->limits[offer->limits[i]]))
            limits_standing(&bounds->limits, offer->limits[i])->taken++;
    if (might_overpromise(bounds, bounds->promises_most))
        bounds->promised += promises_of(bounds->snapshot, number);
}

bool bounds_overpromises(const struct bounds *bounds, uint32_t number)
{
    return might_overpromise(bounds, bounds->promises_most) &&
           bounds->promised + promises_of(bounds->snapshot, number) > RECORD_CLAIMS_MOST;
}

bool bounds_fits(struct bounds *bounds, uint32_t number)
{
    const struct offer *offer = &bounds->snapshot->offers[number];
    for (uint32_t i = 0; bounds->limits_hold && i < offer->limit_count; i++)
        if (limits_room(&bounds->limits, offer->limits[i]) == 0)
            return false;
    return !bounds_overpromises(bounds, number);
}

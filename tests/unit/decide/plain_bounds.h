/* A plain reading of what bounds offers: limits, stock, what is held; without any index, pass or memory. */
#ifndef SENDA_TESTS_DECIDE_PLAIN_BOUNDS_H
#define SENDA_TESTS_DECIDE_PLAIN_BOUNDS_H

#include <math.h>

#include "decide/bounds.h"

/* One limit of one customer. */
struct plain_limit {
    const struct snapshot *site;
    const struct situation *situation;
    const struct limit *limit;
};

static inline bool plain_is_about(const struct plain_limit *plain, customer_moment touch)
{
    static const enum touch_kind kinds[] = {[LIMIT_DECISIONS] = TOUCH_DECISION,
                                            [LIMIT_IMPRESSIONS] = TOUCH_IMPRESSION,
                                            [LIMIT_CLICKS] = TOUCH_CLICK,
                                            [LIMIT_DISMISSALS] = TOUCH_DISMISSAL,
                                            [LIMIT_CONVERSIONS] = TOUCH_CONVERSION};
    struct text id = plain->situation->known->offers[customer_moment_position(touch)].offer;
    if (customer_moment_kind(touch) != kinds[plain->limit->counts])
        return false;
    for (uint32_t i = 0; i < plain->limit->offers.count; i++)
        if (text_equal(plain->site->offers[plain->limit->offers.numbers[i]].id, id))
            return true;
    return false;
}

static inline int64_t plain_at(const struct plain_limit *plain, int64_t at_ms)
{
    int64_t now_ms = plain->situation->now_us / 1000;
    return at_ms < now_ms ? at_ms : now_ms;
}

/* Touches of the window that ends at `until_ms`, and of these those of its last moment. */
static inline uint32_t plain_touches(const struct plain_limit *plain, int64_t until_ms, uint32_t *last)
{
    const struct customer *known = plain->situation->known;
    uint32_t count = 0;
    *last = 0;
    for (uint32_t i = 0; known != NULL && i < known->touch_count; i++) {
        int64_t at_ms = plain_at(plain, customer_moment_at(known->touches[i]));
        bool inside = at_ms <= until_ms && (double)(until_ms - at_ms) / 1000.0 < plain->limit->within;
        if (!inside || !plain_is_about(plain, known->touches[i]))
            continue;
        count++;
        *last += at_ms == until_ms;
    }
    return count;
}

static inline uint32_t plain_promises(const struct plain_limit *plain)
{
    const struct customer *known = plain->situation->known;
    int64_t now_ms = plain->situation->now_us / 1000;
    uint32_t count = 0;
    for (uint32_t i = 0; known != NULL && i < known->reservation_count; i++) {
        const struct customer_reservation *reservation = &known->reservations[i];
        if (now_ms < plain_at(plain, reservation->at_ms) + plain->situation->reserved_ms)
            count += plain_is_about(
                plain, customer_moment_make(reservation->at_ms, TOUCH_IMPRESSION, reservation->offer));
    }
    return count;
}

/* Without a window a limit that rests counts from rest to rest; `rests` is whether it does now. */
static inline uint32_t plain_anew(const struct plain_limit *plain, bool *rests)
{
    const struct customer *known = plain->situation->known;
    int64_t rest_ms = (int64_t)(plain->limit->rest * 1000.0), rests_until = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; known != NULL && i < known->touch_count; i++) {
        int64_t at_ms = plain_at(plain, customer_moment_at(known->touches[i]));
        if (!plain_is_about(plain, known->touches[i]) || at_ms < rests_until || ++count < plain->limit->times)
            continue;
        rests_until = at_ms + rest_ms;
        count = 0;
    }
    *rests = plain->situation->now_us / 1000 < rests_until;
    return count;
}

static inline bool plain_is_anew(const struct plain_limit *plain)
{
    return isinf(plain->limit->within) && plain->limit->rest > 0;
}

/* Some touch, to the end of whose rest it is still a while, found room in the window and left none. */
static inline bool plain_rests(const struct plain_limit *plain)
{
    const struct customer *known = plain->situation->known;
    int64_t now_ms = plain->situation->now_us / 1000;
    int64_t latest_ms = -1;
    bool rests;
    if (plain_is_anew(plain)) {
        plain_anew(plain, &rests);
        return rests;
    }
    for (uint32_t i = 0; known != NULL && i < known->touch_count; i++) {
        uint32_t here;
        int64_t at_ms = plain_at(plain, customer_moment_at(known->touches[i]));
        uint32_t count = plain_touches(plain, at_ms, &here);
        if (here > 0 && count >= plain->limit->times && count - here < plain->limit->times)
            latest_ms = at_ms;
    }
    return latest_ms >= 0 && (double)(now_ms - latest_ms) < plain->limit->rest * 1000.0;
}

static inline bool plain_limits_hold(const struct situation *situation)
{
    return situation->customer.length > 0 && !situation->restricted;
}

static inline uint32_t plain_open(const struct situation *situation, uint64_t hash)
{
    return situation->claims.open == NULL ? 0 : situation->claims.open(situation->claims.context, hash);
}

/* Of limits that choosing alone uses up. */
static inline uint32_t plain_claims(const struct plain_limit *plain)
{
    const struct customer *known = plain->situation->known;
    struct text customer = known != NULL && known->id.length > 0 ? known->id : plain->situation->customer;
    if (plain->limit->counts != LIMIT_DECISIONS && plain->limit->counts != LIMIT_IMPRESSIONS)
        return 0;
    return plain_open(plain->situation, bounds_limit_hash(customer, plain->limit));
}

/* How many more, without what the decision itself takes. */
static inline uint32_t plain_room(const struct plain_limit *plain)
{
    uint32_t here;
    bool rests;
    uint32_t gone = plain_promises(plain) + plain_claims(plain);
    gone += plain_is_anew(plain) ? plain_anew(plain, &rests)
                                 : plain_touches(plain, plain->situation->now_us / 1000, &here);
    return gone < plain->limit->times ? plain->limit->times - gone : 0;
}

static inline enum decision_gate plain_gate(const struct snapshot *site, const struct situation *situation,
                                            uint32_t number)
{
    const struct offer *offer = &site->offers[number];
    bool lost = false, full = false, rests = false;
    uint64_t given = 0;
    for (uint32_t i = 0; i < situation->held_count; i++)
        lost |= situation->held[i] == number;
    for (uint32_t i = 0; plain_limits_hold(situation) && i < offer->limit_count; i++) {
        const struct plain_limit plain = {site, situation, &site->limits[offer->limits[i]]};
        full |= situation->store_unavailable || plain_room(&plain) == 0;
        rests |= plain_rests(&plain);
    }
    if (full || lost)
        return DECISION_GATE_LIMIT;
    bool told =
        situation->stock.given == NULL || situation->stock.given(situation->stock.context, number, &given);
    uint64_t claimed = plain_open(situation, bounds_stock_hash(offer->id));
    if (offer->stocked && (!told || given + claimed >= offer->stock))
        return DECISION_GATE_STOCK;
    return rests ? DECISION_GATE_RESTED : DECISION_GATE_CHOSEN;
}

#endif

/* Keeping a customer within its bounds: what is forgotten first, so that rules still count right. */
#include "model/customer_internal.h"

enum {
    PAIRS = CUSTOMER_OFFERS_MOST * TOUCH_KINDS, /* of position and kind, once offers are within their bound */
    TOUCHES_KEPT = CUSTOMER_TOUCHES_MOST * 7 / 8, /* what thinning leaves, so that it is done seldom */
};

_Static_assert(PAIRS <= TOUCHES_KEPT, "thinned touches need room for one of each offer and kind");
_Static_assert(CUSTOMER_EVENTS_MOST <= CUSTOMER_OFFERS_MOST, "moments of events are thinned as touches are");

/* A number for each position and kind. */
static uint32_t pair_of(customer_moment moment)
{
    return customer_moment_position(moment) * TOUCH_KINDS + customer_moment_kind(moment);
}

uint32_t customer_thin(customer_moment *moments, uint32_t count, uint32_t most, int64_t after_ms)
{
    uint16_t seen[PAIRS] = {0};
    uint32_t place = count;
    for (uint32_t i = count; i-- > 0;) {
        uint16_t *newer = &seen[pair_of(moments[i])];
        if (*newer > 0 && (*newer >= most || customer_moment_at(moments[i]) <= after_ms))
            continue;
        (*newer)++;
        moments[--place] = moments[i];
    }
    if (place > 0)
        memmove(moments, moments + place, (count - place) * sizeof *moments);
    return count - place;
}

/* How many touches are left where each offer and kind keeps its newest `most`. */
static uint32_t left_of(const uint16_t *counts, uint32_t most)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < PAIRS; i++)
        left += counts[i] < most ? counts[i] : most;
    return left;
}

static void thin_touches(struct customer *customer)
{
    uint16_t counts[PAIRS] = {0};
    for (uint32_t i = 0; i < customer->touch_count; i++)
        counts[pair_of(customer->touches[i])]++;
    /* The largest number that fits: one always does, more than all that are kept never. */
    uint32_t fits = 1, too_many = TOUCHES_KEPT + 1;
    while (too_many - fits > 1) {
        uint32_t middle = fits + (too_many - fits) / 2;
        if (left_of(counts, middle) <= TOUCHES_KEPT)
            fits = middle;
        else
            too_many = middle;
    }
    customer->touch_count = customer_thin(customer->touches, customer->touch_count, fits, INT64_MIN);
}

/* Asked after every touch: what hardly ever comes is apart, with its large arrays. */
void customer_trim_touches(struct customer *customer)
{
    if (customer->touch_count > CUSTOMER_TOUCHES_MOST)
        thin_touches(customer);
}

void customer_forget_moment(struct customer *customer, uint32_t event)
{
    customer_moment *moments = customer->moments;
    uint32_t place = 0, count = customer->moment_count;
    while (place < count && customer_moment_position(moments[place]) != event)
        place++;
    if (place == count)
        return;
    memmove(moments + place, moments + place + 1, (count - place - 1) * sizeof *moments);
    customer->moment_count--;
}

void customer_trim_reservations(struct customer *customer)
{
    uint32_t count = customer->reservation_count, excess = count - CUSTOMER_RESERVATIONS_MOST;
    if (count <= CUSTOMER_RESERVATIONS_MOST)
        return;
    memmove(customer->reservations, customer->reservations + excess,
            (count - excess) * sizeof *customer->reservations);
    customer->reservation_count -= excess;
}

/* What becomes of an offer that is beyond the bound. */
struct fate {
    bool reserved;     /* has an open reservation */
    bool gone;         /* is forgotten */
    uint32_t position; /* the new one where it stays */
};

static bool forget_before(const struct customer *customer, const struct fate *fates, uint32_t a, uint32_t b)
{
    if (fates[a].reserved != fates[b].reserved)
        return fates[b].reserved;
    return customer->offers[a].last_ms < customer->offers[b].last_ms;
}

static void choose_gone(const struct customer *customer, struct fate *fates)
{
    for (uint32_t i = 0; i < customer->reservation_count; i++)
        fates[customer->reservations[i].offer].reserved = true;
    for (uint32_t excess = customer->offer_count - CUSTOMER_OFFERS_MOST; excess > 0; excess--) {
        uint32_t first = UINT32_MAX;
        for (uint32_t i = 0; i < customer->offer_count; i++)
            if (!fates[i].gone && (first == UINT32_MAX || forget_before(customer, fates, i, first)))
                first = i;
        fates[first].gone = true;
    }
}

/* Those that stay keep their order, and so do the touches that speak of them. */
static void move_offers(struct customer *customer, struct fate *fates)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < customer->offer_count; i++) {
        fates[i].position = kept;
        if (!fates[i].gone)
            customer->offers[kept++] = customer->offers[i];
    }
    customer->offer_count = kept;
}

static void move_touches(struct customer *customer, const struct fate *fates)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < customer->touch_count; i++) {
        customer_moment touch = customer->touches[i];
        const struct fate *fate = &fates[customer_moment_position(touch)];
        if (!fate->gone)
            customer->touches[kept++] =
                customer_moment_make(customer_moment_at(touch), customer_moment_kind(touch), fate->position);
    }
    customer->touch_count = kept;
}

static void move_reservations(struct customer *customer, const struct fate *fates)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < customer->reservation_count; i++) {
        struct customer_reservation reservation = customer->reservations[i];
        const struct fate *fate = &fates[reservation.offer];
        reservation.offer = fate->position;
        if (!fate->gone)
            customer->reservations[kept++] = reservation;
    }
    customer->reservation_count = kept;
}

static void forget_offers(struct customer *customer)
{
    struct fate fates[CUSTOMER_OFFERS_ROOM] = {{.gone = false}};
    choose_gone(customer, fates);
    move_offers(customer, fates);
    move_touches(customer, fates);
    move_reservations(customer, fates);
}

void customer_trim_offers(struct customer *customer)
{
    if (customer->offer_count > CUSTOMER_OFFERS_MOST)
        forget_offers(customer);
}

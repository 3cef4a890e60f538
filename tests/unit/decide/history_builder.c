/* Filling in customers; see history_builder.h. */
#include "history_builder.h"

#include "../cmocka_all.h"

void history_create(struct history *history)
{
    *history = (struct history){.customer = {.id = TEXT("ana")}};
    history->customer.offers = history->offers;
    history->customer.touches = history->touches;
    history->customer.reservations = history->reservations;
}

static uint32_t place_of(struct history *history, const struct offer *offer)
{
    struct customer *customer = &history->customer;
    uint32_t place = 0;
    while (place < customer->offer_count && !text_equal(customer->offers[place].offer, offer->id))
        place++;
    assert_true(place < HISTORY_MOST);
    if (place == customer->offer_count)
        customer->offers[customer->offer_count++] = (struct customer_offer){.offer = offer->id};
    return place;
}

void history_touch(struct history *history, const struct offer *offer, enum touch_kind kind, int64_t at_ms)
{
    struct customer *customer = &history->customer;
    uint32_t offer_place = place_of(history, offer);
    customer_moment moment = customer_moment_make(at_ms, kind, offer_place);
    uint32_t place = customer->touch_count++;
    assert_true(place < HISTORY_MOST);
    for (; place > 0 && customer->touches[place - 1] > moment; place--)
        customer->touches[place] = customer->touches[place - 1];
    customer->touches[place] = moment;
    customer->offers[offer_place].counts[kind]++;
}

void history_reserve(struct history *history, const struct offer *offer, int64_t at_ms)
{
    struct customer *customer = &history->customer;
    assert_true(customer->reservation_count < HISTORY_MOST);
    customer->reservations[customer->reservation_count++] =
        (struct customer_reservation){.offer = place_of(history, offer), .at_ms = at_ms};
}

/* What happened to a customer, in order of time, and how often it did within a window. */
#include "model/customer_internal.h"

static bool push(struct customer *customer, customer_moment **list, uint32_t *count, uint32_t *room,
                 customer_moment moment)
{
    customer_moment *grown = customer_grow(customer, *list, *count, room, sizeof *grown);
    if (grown == NULL)
        return false;
    *list = grown;
    grown[(*count)++] = moment;
    return true;
}

bool customer_push_touch(struct customer *customer, customer_moment moment)
{
    return push(customer, &customer->touches, &customer->touch_count, &customer->touch_room, moment);
}

bool customer_push_moment(struct customer *customer, customer_moment moment)
{
    return push(customer, &customer->moments, &customer->moment_count, &customer->moment_room, moment);
}

/* Brings the last moment to its place among the others, which are in order; mostly it is there. */
static void settle_last(customer_moment *moments, uint32_t count)
{
    customer_moment moment = moments[count - 1];
    uint32_t place = count - 1;
    for (; place > 0 && moments[place - 1] > moment; place--)
        moments[place] = moments[place - 1];
    moments[place] = moment;
}

static uint32_t new_event(struct customer *customer, struct text name)
{
    struct text copy;
    uint32_t count = customer->event_count;
    struct customer_event *events =
        customer_grow(customer, customer->events, count, &customer->event_room, sizeof *events);
    if (events == NULL || !customer_copy_name(customer, name, &copy))
        return UINT32_MAX;
    customer->events = events;
    events[count] = (struct customer_event){.name = copy, .count = 0};
    return customer->event_count++;
}

/* The last place is kept for the rest. A record that has it taken was written by somebody else: the event
 * there becomes the first of the rest. */
static uint32_t meet_other(struct customer *customer)
{
    uint32_t position = customer_find_event(customer, CUSTOMER_EVENT_OTHER);
    if (position != UINT32_MAX)
        return position;
    if (customer->event_count < CUSTOMER_EVENTS_MOST)
        return new_event(customer, CUSTOMER_EVENT_OTHER);
    customer->events[CUSTOMER_EVENTS_MOST - 1].name = CUSTOMER_EVENT_OTHER;
    return CUSTOMER_EVENTS_MOST - 1;
}

uint32_t customer_meet_event(struct customer *customer, struct text name)
{
    uint32_t position = customer_find_event(customer, name);
    if (position != UINT32_MAX)
        return position;
    bool has_other = customer_find_event(customer, CUSTOMER_EVENT_OTHER) != UINT32_MAX;
    if (customer->event_count + !has_other < CUSTOMER_EVENTS_MOST)
        return new_event(customer, name);
    return meet_other(customer);
}

static bool has_too_many(const struct customer *customer, uint32_t event)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < customer->moment_count; i++)
        count += customer_moment_position(customer->moments[i]) == event;
    return count > CUSTOMER_MOMENTS_MOST;
}

bool customer_add_event(struct customer *customer, struct text name, int64_t at_ms, double value)
{
    uint32_t position = customer_meet_event(customer, name);
    if (position == UINT32_MAX || !customer_push_moment(customer, customer_moment_make(at_ms, 0, position)))
        return false;
    struct customer_event *event = &customer->events[position];
    at_ms = customer_bound_time(at_ms);
    event->count++;
    event->last_ms = at_ms > event->last_ms ? at_ms : event->last_ms;
    event->value = customer_add_values(event->value, value);
    customer->last_ms = at_ms > customer->last_ms ? at_ms : customer->last_ms;
    settle_last(customer->moments, customer->moment_count);
    if (has_too_many(customer, position))
        customer_forget_moment(customer, position);
    return true;
}

static uint32_t new_offer(struct customer *customer, struct text offer, struct text kind)
{
    uint32_t count = customer->offer_count;
    struct customer_offer new = {.last_ms = 0}, *offers;
    offers = customer_grow(customer, customer->offers, count, &customer->offer_room, sizeof *offers);
    if (offers == NULL || !customer_copy_name(customer, offer, &new.offer) ||
        !customer_copy_name(customer, kind, &new.kind))
        return UINT32_MAX;
    customer->offers = offers;
    offers[count] = new;
    return customer->offer_count++;
}

uint32_t customer_meet_offer(struct customer *customer, struct text offer, struct text kind, int64_t at_ms)
{
    struct text copy;
    uint32_t position = customer_find_offer(customer, offer);
    if (position == UINT32_MAX)
        position = new_offer(customer, offer, kind);
    if (position == UINT32_MAX)
        return UINT32_MAX;
    struct customer_offer *met = &customer->offers[position];
    if (kind.length > 0 && !text_equal(met->kind, customer_name(kind))) {
        if (!customer_copy_name(customer, kind, &copy))
            return UINT32_MAX;
        met->kind = copy;
    }
    at_ms = customer_bound_time(at_ms);
    met->last_ms = at_ms > met->last_ms ? at_ms : met->last_ms;
    return position;
}

bool customer_add_touch(struct customer *customer, struct text offer, struct text kind, enum touch_kind touch,
                        int64_t at_ms)
{
    uint32_t position = customer_meet_offer(customer, offer, kind, at_ms);
    if (position == UINT32_MAX ||
        !customer_push_touch(customer, customer_moment_make(at_ms, touch, position)))
        return false;
    uint32_t *count = &customer->offers[position].counts[touch];
    *count = customer_add_counts(*count, 1);
    settle_last(customer->touches, customer->touch_count);
    customer_trim_offers(customer);
    customer_trim_touches(customer);
    return true;
}

/* Those behind `begin_ms` are the last of the list: returns where they begin. */
static uint32_t first_after(const customer_moment *moments, uint32_t count, int64_t begin_ms)
{
    while (count > 0 && customer_moment_at(moments[count - 1]) > begin_ms)
        count--;
    return count;
}

uint64_t customer_count_events(const struct customer *customer, struct text name, int64_t within_ms,
                               int64_t now_ms)
{
    uint32_t position = customer_find_event(customer, name);
    int64_t begin_ms = customer_window_begin(within_ms, now_ms);
    uint64_t count = 0;
    if (position == UINT32_MAX || begin_ms == INT64_MIN)
        return position == UINT32_MAX ? 0 : customer->events[position].count;
    for (uint32_t i = first_after(customer->moments, customer->moment_count, begin_ms);
         i < customer->moment_count; i++)
        count += customer_moment_position(customer->moments[i]) == position;
    return count;
}

/* Marks the offers of that name or kind; how often all of them were touched since ever. */
static uint64_t select_offers(const struct customer *customer, enum touch_kind kind, struct text name,
                              bool *selected)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < customer->offer_count; i++) {
        const struct customer_offer *offer = &customer->offers[i];
        selected[i] =
            text_equal(offer->offer, name) || (offer->kind.length > 0 && text_equal(offer->kind, name));
        count += selected[i] ? offer->counts[kind] : 0;
    }
    return count;
}

uint64_t customer_count_touches(const struct customer *customer, enum touch_kind kind,
                                struct text offer_or_kind, int64_t within_ms, int64_t now_ms)
{
    bool selected[CUSTOMER_OFFERS_MOST];
    int64_t begin_ms = customer_window_begin(within_ms, now_ms);
    uint64_t ever = select_offers(customer, kind, customer_name(offer_or_kind), selected), count = 0;
    if (ever == 0 || begin_ms == INT64_MIN)
        return ever;
    for (uint32_t i = first_after(customer->touches, customer->touch_count, begin_ms);
         i < customer->touch_count; i++)
        count += customer_moment_kind(customer->touches[i]) == kind &&
                 selected[customer_moment_position(customer->touches[i])];
    return count;
}

bool customer_push_reservation(struct customer *customer, struct customer_reservation reservation)
{
    uint32_t place = customer->reservation_count;
    struct customer_reservation *list =
        customer_grow(customer, customer->reservations, place, &customer->reservation_room, sizeof *list);
    if (list == NULL)
        return false;
    customer->reservations = list;
    customer->reservation_count++;
    for (; place > 0 && list[place - 1].at_ms > reservation.at_ms; place--)
        list[place] = list[place - 1];
    list[place] = reservation;
    return true;
}

static uint32_t find_reservation(const struct customer *customer, uint64_t decision, uint32_t offer)
{
    for (uint32_t i = 0; i < customer->reservation_count; i++)
        if (customer->reservations[i].decision == decision && customer->reservations[i].offer == offer)
            return i;
    return UINT32_MAX;
}

bool customer_take_reservation(struct customer *customer, uint64_t decision, struct text offer)
{
    uint32_t place = find_reservation(customer, decision, customer_find_offer(customer, offer));
    if (place == UINT32_MAX)
        return false;
    struct customer_reservation *taken = &customer->reservations[place];
    memmove(taken, taken + 1, (--customer->reservation_count - place) * sizeof *taken);
    return true;
}

bool customer_add_reservation(struct customer *customer, uint64_t decision, struct text offer,
                              struct text kind, int64_t at_ms)
{
    uint32_t position = customer_meet_offer(customer, offer, kind, at_ms);
    if (position == UINT32_MAX)
        return false;
    if (find_reservation(customer, decision, position) == UINT32_MAX &&
        !customer_push_reservation(
            customer, (struct customer_reservation){decision, position, customer_bound_time(at_ms)}))
        return false;
    customer_trim_offers(customer);
    customer_trim_reservations(customer);
    return true;
}

/* Looking at a customer's history as of an earlier moment. */
#include "model/customer_internal.h"

/* Those later than `at_ms` are the last of the list. */
static uint32_t count_until(const customer_moment *moments, uint32_t count, int64_t at_ms)
{
    while (count > 0 && customer_moment_at(moments[count - 1]) > at_ms)
        count--;
    return count;
}

static void rewind_touches(struct customer *customer, int64_t at_ms)
{
    uint32_t kept = count_until(customer->touches, customer->touch_count, at_ms);
    for (uint32_t i = kept; i < customer->touch_count; i++) {
        customer_moment touch = customer->touches[i];
        struct customer_offer *offer = &customer->offers[customer_moment_position(touch)];
        offer->counts[customer_moment_kind(touch)] -= offer->counts[customer_moment_kind(touch)] > 0;
    }
    customer->touch_count = kept;
}

static void rewind_reservations(struct customer *customer, int64_t at_ms)
{
    uint32_t kept = customer->reservation_count;
    while (kept > 0 && customer->reservations[kept - 1].at_ms > at_ms)
        kept--;
    customer->reservation_count = kept;
}

/* 0: of none of those left the moment is known. */
static int64_t last_known(const struct customer *customer, uint32_t event)
{
    for (uint32_t i = customer->moment_count; i > 0; i--)
        if (customer_moment_position(customer->moments[i - 1]) == event)
            return customer_moment_at(customer->moments[i - 1]);
    return 0;
}

static void rewind_events(struct customer *customer, int64_t at_ms)
{
    uint32_t kept = count_until(customer->moments, customer->moment_count, at_ms);
    for (uint32_t i = kept; i < customer->moment_count; i++) {
        struct customer_event *event = &customer->events[customer_moment_position(customer->moments[i])];
        event->count -= event->count > 0;
    }
    customer->moment_count = kept;
    for (uint32_t i = 0; i < customer->event_count; i++) {
        struct customer_event *event = &customer->events[i];
        int64_t known_ms = last_known(customer, i);
        if (event->last_ms > at_ms)
            event->last_ms = event->count == 0 ? 0 : known_ms > 0 ? known_ms : at_ms;
    }
}

void customer_rewind(struct customer *customer, int64_t at_ms)
{
    rewind_touches(customer, at_ms);
    rewind_reservations(customer, at_ms);
    rewind_events(customer, at_ms);
}

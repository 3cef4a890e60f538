/* Joining another person into a customer: what was two histories is one. */
#include <stdlib.h>

#include "model/customer_internal.h"

static bool is_joined(const struct customer *into, struct text id)
{
    if (text_equal(into->id, id))
        return true;
    for (uint32_t i = 0; i < into->alias_count; i++)
        if (text_equal(into->aliases[i], id))
            return true;
    return false;
}

static bool has_room_for_aliases(const struct customer *into, const struct customer *from)
{
    uint32_t more = 1;
    for (uint32_t i = 0; i < from->alias_count; i++)
        more += !is_joined(into, from->aliases[i]);
    return into->alias_count + more <= CUSTOMER_ALIASES_MOST;
}

static bool join_aliases(struct customer *into, const struct customer *from)
{
    if (!customer_add_alias(into, from->id))
        return false;
    for (uint32_t i = 0; i < from->alias_count; i++)
        if (!customer_add_alias(into, from->aliases[i]))
            return false;
    return true;
}

static int compare_moments(const void *a, const void *b)
{
    customer_moment left = *(const customer_moment *)a, right = *(const customer_moment *)b;
    return (left > right) - (left < right);
}

static void sort_moments(customer_moment *moments, uint32_t count)
{
    if (count > 1)
        qsort(moments, count, sizeof *moments, compare_moments);
}

static customer_moment at_position(customer_moment moment, uint32_t position)
{
    return customer_moment_make(customer_moment_at(moment), customer_moment_kind(moment), position);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* `positions` tells where each event of `from` went; several may have become "other". */
static bool join_events(struct customer *into, const struct customer *from, uint32_t *positions)
{
    for (uint32_t i = 0; i < from->event_count; i++) {
        const struct customer_event *event = &from->events[i];
        positions[i] = customer_meet_event(into, event->name);
        if (positions[i] == UINT32_MAX)
            return false;
        struct customer_event *same = &into->events[positions[i]];
        same->count += event->count;
        same->value = customer_add_values(same->value, event->value);
        same->last_ms = later(same->last_ms, event->last_ms);
    }
    return true;
}

static bool join_moments(struct customer *into, const struct customer *from)
{
    uint32_t positions[CUSTOMER_EVENTS_MOST];
    if (!join_events(into, from, positions))
        return false;
    for (uint32_t i = 0; i < from->moment_count; i++) {
        customer_moment moment = from->moments[i];
        if (!customer_push_moment(into, at_position(moment, positions[customer_moment_position(moment)])))
            return false;
    }
    sort_moments(into->moments, into->moment_count);
    into->moment_count = customer_thin(into->moments, into->moment_count, CUSTOMER_MOMENTS_MOST, INT64_MIN);
    return true;
}

/* The kind is what whoever met the offer later knows of it. */
static bool join_offers(struct customer *into, const struct customer *from, uint32_t *positions)
{
    for (uint32_t i = 0; i < from->offer_count; i++) {
        const struct customer_offer *offer = &from->offers[i];
        uint32_t known = customer_find_offer(into, offer->offer);
        bool newer = known == UINT32_MAX || into->offers[known].kind.length == 0 ||
                     into->offers[known].last_ms < offer->last_ms;
        positions[i] = customer_meet_offer(into, offer->offer, newer ? offer->kind : (struct text){NULL, 0},
                                           offer->last_ms);
        if (positions[i] == UINT32_MAX)
            return false;
        uint32_t *counts = into->offers[positions[i]].counts;
        for (unsigned kind = 0; kind < TOUCH_KINDS; kind++)
            counts[kind] = customer_add_counts(counts[kind], offer->counts[kind]);
    }
    return true;
}

static bool has_reservation(const struct customer *customer, const struct customer_reservation *reservation)
{
    for (uint32_t i = 0; i < customer->reservation_count; i++)
        if (customer->reservations[i].decision == reservation->decision &&
            customer->reservations[i].offer == reservation->offer)
            return true;
    return false;
}

static bool join_reservations(struct customer *into, const struct customer *from, const uint32_t *positions)
{
    for (uint32_t i = 0; i < from->reservation_count; i++) {
        struct customer_reservation reservation = from->reservations[i];
        reservation.offer = positions[reservation.offer];
        if (!has_reservation(into, &reservation) && !customer_push_reservation(into, reservation))
            return false;
    }
    return true;
}

static bool join_touches(struct customer *into, const struct customer *from)
{
    uint32_t positions[CUSTOMER_OFFERS_MOST];
    if (!join_offers(into, from, positions) || !join_reservations(into, from, positions))
        return false;
    for (uint32_t i = 0; i < from->touch_count; i++) {
        customer_moment touch = from->touches[i];
        if (!customer_push_touch(into, at_position(touch, positions[customer_moment_position(touch)])))
            return false;
    }
    sort_moments(into->touches, into->touch_count);
    customer_trim_offers(into);
    customer_trim_touches(into);
    customer_trim_reservations(into);
    return true;
}

/* The later word; of two at the same time the refusal, whichever way round they are joined. */
static void join_consent(struct customer_consent *into, const struct customer_consent *from)
{
    if (from->at_ms > into->at_ms)
        into->granted = from->granted;
    else if (from->at_ms == into->at_ms)
        into->granted = into->granted && from->granted;
    into->at_ms = later(into->at_ms, from->at_ms);
    if (into->first_ms == 0 || (from->first_ms != 0 && from->first_ms < into->first_ms))
        into->first_ms = from->first_ms;
}

static bool join_consents(struct customer *into, const struct customer *from)
{
    for (uint32_t i = 0; i < from->consent_count; i++) {
        const struct customer_consent *consent = &from->consents[i];
        uint32_t position = customer_find_consent(into, consent->name);
        if (position != UINT32_MAX) {
            join_consent(&into->consents[position], consent);
            continue;
        }
        struct customer_consent *new = customer_new_consent(into, consent->name);
        if (new == NULL)
            return false;
        new->granted = consent->granted;
        new->at_ms = consent->at_ms;
        new->first_ms = consent->first_ms;
    }
    return true;
}

static bool join_visits(struct customer *into, const struct customer *from)
{
    for (uint32_t i = 0; i < from->visit_count; i++) {
        const struct customer_visit *visit = &from->visits[i];
        struct customer_visit *same = customer_new_visit(into, visit->journey, visit->stage);
        if (same == NULL)
            return false;
        same->left_ms = later(same->left_ms, visit->left_ms);
    }
    return true;
}

static bool join_progress(struct customer *into, const struct customer *from)
{
    for (uint32_t i = 0; i < from->progress_count; i++)
        for (uint32_t j = 0; j < from->progress[i].count; j++)
            if (!customer_add_progress(into, from->progress[i].rule, from->progress[i].times_ms[j],
                                       CUSTOMER_PROGRESS_TIMES))
                return false;
    return true;
}

/* What is too large together stays apart. */
static bool join_traits(struct customer *into, const struct customer *from)
{
    struct error error;
    struct text kept = into->traits;
    if (from->traits.length == 0 || customer_overlay_traits(into, from->traits, into->traits, &error))
        return true;
    into->traits = kept;
    return error.code == ERROR_INVALID;
}

static bool join_name(struct customer *into, struct text *name, struct text other)
{
    return name->length > 0 || customer_copy_name(into, other, name);
}

static bool join_rest(struct customer *into, const struct customer *from)
{
    into->restricted |= from->restricted;
    into->revision = into->revision > from->revision ? into->revision : from->revision;
    into->created_ms = earlier(into->created_ms, from->created_ms);
    into->last_ms = later(into->last_ms, from->last_ms);
    return join_name(into, &into->persona, from->persona) && join_name(into, &into->locale, from->locale);
}

bool customer_join(struct customer *into, const struct customer *from, struct error *error)
{
    if (is_joined(into, from->id))
        return true;
    if (!has_room_for_aliases(into, from))
        return error_set(error, ERROR_INVALID, "customer: at most %d other ids of one customer are kept",
                         CUSTOMER_ALIASES_MOST);
    bool joined = join_aliases(into, from) && join_moments(into, from) && join_touches(into, from) &&
                  join_consents(into, from) && join_visits(into, from) && join_progress(into, from) &&
                  join_traits(into, from) && join_rest(into, from);
    return joined || error_set(error, ERROR_INTERNAL, "out of memory");
}

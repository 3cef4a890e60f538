/* Encoding everything held of a customer; see profile_reply.h. */
#include "flow/profile_reply.h"

#include <inttypes.h>
#include <stdio.h>

#include "flow/profile_reply_parts.h"

enum { FIELDS = 14 + PROFILE_TRAIT_FIELDS };

static void put_time(struct buffer *out, const char *name, int64_t at_ms)
{
    reply_text(out, text_from(name));
    profile_put_time(out, at_ms);
}

static void put_count(struct buffer *out, const char *name, uint64_t count)
{
    reply_text(out, text_from(name));
    reply_number(out, (double)count);
}

static void put_text(struct buffer *out, const char *name, struct text text)
{
    reply_text(out, text_from(name));
    reply_text_or_nil(out, text.length > 0 ? text : (struct text){NULL, 0});
}

static void put_bool(struct buffer *out, const char *name, bool value)
{
    reply_text(out, text_from(name));
    reply_bool(out, value);
}

/* A hash: as text, for no client could hold it as a number. */
static void put_hash(struct buffer *out, const char *name, uint64_t hash)
{
    char digits[17];
    snprintf(digits, sizeof digits, "%016" PRIx64, hash);
    put_text(out, name, text_from(digits));
}

static void put_aliases(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "aliases");
    reply_array(out, customer->alias_count);
    for (uint32_t i = 0; i < customer->alias_count; i++)
        reply_text(out, customer->aliases[i]);
}

static void put_consents(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "consents");
    reply_map(out, customer->consent_count);
    for (uint32_t i = 0; i < customer->consent_count; i++) {
        const struct customer_consent *consent = &customer->consents[i];
        reply_text(out, consent->name);
        reply_map(out, 3);
        put_bool(out, "granted", consent->granted);
        put_time(out, "at", consent->at_ms);
        put_time(out, "first", consent->first_ms);
    }
}

static void put_journeys(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "journeys");
    reply_map(out, customer->journey_count);
    for (uint32_t i = 0; i < customer->journey_count; i++) {
        const struct customer_journey *place = &customer->journeys[i];
        reply_text(out, place->journey);
        reply_map(out, 6);
        put_text(out, "stage", place->stage);
        put_time(out, "since", place->since_ms);
        put_time(out, "active", place->active_ms);
        put_count(out, "entered_day", place->entered_day);
        put_bool(out, "dropped", place->dropped);
        put_bool(out, "fixed", place->fixed);
    }
}

static void put_visits(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "visits");
    reply_array(out, customer->visit_count);
    for (uint32_t i = 0; i < customer->visit_count; i++) {
        reply_map(out, 3);
        put_text(out, "journey", customer->visits[i].journey);
        put_text(out, "stage", customer->visits[i].stage);
        put_time(out, "left", customer->visits[i].left_ms);
    }
}

static void put_progress(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "progress");
    reply_array(out, customer->progress_count);
    for (uint32_t i = 0; i < customer->progress_count; i++) {
        const struct customer_progress *progress = &customer->progress[i];
        reply_map(out, 2);
        put_hash(out, "rule", progress->rule);
        reply_word(out, "times");
        reply_array(out, progress->count);
        for (uint32_t j = 0; j < progress->count; j++)
            profile_put_time(out, progress->times_ms[j]);
    }
}

static void put_events(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "events");
    reply_map(out, customer->event_count);
    for (uint32_t i = 0; i < customer->event_count; i++) {
        const struct customer_event *event = &customer->events[i];
        reply_text(out, event->name);
        reply_map(out, 3);
        put_count(out, "count", event->count);
        put_time(out, "last", event->last_ms);
        reply_word(out, "value");
        reply_number(out, event->value);
    }
}

static void put_offers(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "offers");
    reply_map(out, customer->offer_count);
    for (uint32_t i = 0; i < customer->offer_count; i++) {
        const struct customer_offer *offer = &customer->offers[i];
        reply_text(out, offer->offer);
        reply_map(out, PROFILE_OFFER_FIELDS + 1);
        put_text(out, "kind", offer->kind);
        profile_put_offer(out, offer);
    }
}

static struct text event_name(const struct customer *customer, uint32_t position)
{
    return position < customer->event_count ? customer->events[position].name : (struct text){NULL, 0};
}

static struct text offer_name(const struct customer *customer, uint32_t position)
{
    return position < customer->offer_count ? customer->offers[position].offer : (struct text){NULL, 0};
}

static struct text touch_name(unsigned kind)
{
    static const struct text names[TOUCH_KINDS] = {
        [TOUCH_DECISION] = TEXT("decision"),     [TOUCH_IMPRESSION] = TEXT("impression"),
        [TOUCH_CLICK] = TEXT("click"),           [TOUCH_DISMISSAL] = TEXT("dismissal"),
        [TOUCH_CONVERSION] = TEXT("conversion"),
    };
    return kind < TOUCH_KINDS ? names[kind] : (struct text){NULL, 0};
}

static void put_touches(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "touches");
    reply_array(out, customer->touch_count);
    for (uint32_t i = 0; i < customer->touch_count; i++) {
        customer_moment moment = customer->touches[i];
        reply_map(out, 3);
        put_text(out, "offer", offer_name(customer, customer_moment_position(moment)));
        put_text(out, "what", touch_name(customer_moment_kind(moment)));
        put_time(out, "at", customer_moment_at(moment));
    }
}

static void put_moments(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "moments");
    reply_array(out, customer->moment_count);
    for (uint32_t i = 0; i < customer->moment_count; i++) {
        customer_moment moment = customer->moments[i];
        reply_map(out, 2);
        put_text(out, "event", event_name(customer, customer_moment_position(moment)));
        put_time(out, "at", customer_moment_at(moment));
    }
}

static void put_reservations(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "reservations");
    reply_array(out, customer->reservation_count);
    for (uint32_t i = 0; i < customer->reservation_count; i++) {
        reply_map(out, 3);
        put_text(out, "offer", offer_name(customer, customer->reservations[i].offer));
        put_hash(out, "decision", customer->reservations[i].decision);
        put_time(out, "at", customer->reservations[i].at_ms);
    }
}

void profile_reply_export(const struct customer *customer, size_t more, struct buffer *out)
{
    reply_map(out, FIELDS + more);
    put_text(out, "customer", customer->id);
    put_count(out, "revision", customer->revision);
    put_time(out, "created", customer->created_ms);
    put_time(out, "last", customer->last_ms);
    profile_put_traits(out, customer);
    put_aliases(out, customer);
    put_consents(out, customer);
    put_journeys(out, customer);
    put_visits(out, customer);
    put_progress(out, customer);
    put_events(out, customer);
    put_offers(out, customer);
    put_touches(out, customer);
    put_moments(out, customer);
    put_reservations(out, customer);
}

/* Encoding a customer as profile.get answers; see profile_reply.h. */
#include "flow/profile_reply.h"

#include "flow/profile_reply_parts.h"

enum { FIELDS = 12 };

/* The place that is told first; NULL where the customer walks no journey. */
static const struct customer_journey *main_place(const struct customer *customer,
                                                 const struct snapshot *snapshot)
{
    const struct customer_journey *latest = NULL;
    struct text first = {NULL, 0};
    if (snapshot != NULL)
        first = snapshot->journeys[snapshot->default_journey].name;
    for (uint32_t i = 0; i < customer->journey_count; i++) {
        const struct customer_journey *place = &customer->journeys[i];
        if (text_equal(place->journey, first))
            return place;
        if (latest == NULL || place->active_ms > latest->active_ms)
            latest = place;
    }
    return latest;
}

static void put_place(struct buffer *out, const struct customer_journey *place)
{
    struct text none = {NULL, 0};
    reply_word(out, "journey");
    reply_text_or_nil(out, place == NULL ? none : place->journey);
    reply_word(out, "stage");
    reply_text_or_nil(out, place == NULL ? none : place->stage);
    reply_word(out, "since");
    profile_put_time(out, place == NULL ? 0 : place->since_ms);
}

static void put_consents(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "consents");
    reply_map(out, customer->consent_count);
    for (uint32_t i = 0; i < customer->consent_count; i++) {
        reply_text(out, customer->consents[i].name);
        reply_bool(out, customer->consents[i].granted);
    }
}

static void put_journeys(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "journeys");
    reply_map(out, customer->journey_count);
    for (uint32_t i = 0; i < customer->journey_count; i++) {
        const struct customer_journey *place = &customer->journeys[i];
        reply_text(out, place->journey);
        reply_map(out, 2);
        reply_word(out, "stage");
        reply_text(out, place->stage);
        reply_word(out, "since");
        profile_put_time(out, place->since_ms);
    }
}

static void put_counts(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "counts");
    reply_map(out, customer->event_count);
    for (uint32_t i = 0; i < customer->event_count; i++) {
        reply_text(out, customer->events[i].name);
        reply_number(out, (double)customer->events[i].count);
    }
}

static void put_offers(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "offers");
    reply_map(out, customer->offer_count);
    for (uint32_t i = 0; i < customer->offer_count; i++) {
        reply_text(out, customer->offers[i].offer);
        reply_map(out, PROFILE_OFFER_FIELDS);
        profile_put_offer(out, &customer->offers[i]);
    }
}

void profile_reply_get(const struct customer *customer, const struct snapshot *snapshot, struct buffer *out)
{
    reply_map(out, FIELDS);
    reply_word(out, "customer");
    reply_text(out, customer->id);
    put_place(out, main_place(customer, snapshot));
    profile_put_traits(out, customer);
    put_consents(out, customer);
    put_journeys(out, customer);
    put_counts(out, customer);
    put_offers(out, customer);
}

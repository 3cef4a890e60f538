/* From a customer to a record's bytes; see customer_format.h. */
#include "model/bytes.h"
#include "model/customer_format.h"
#include "model/customer_internal.h"

/* A record that is being written: there is room for all of it. */
struct output {
    char *fixed; /* where the next element goes */
    char *text;  /* where the next text goes */
};

/* What of the progress is kept. */
struct kept {
    uint32_t progress; /* rules with times */
    uint32_t times;    /* of all of them */
};

static struct kept kept_of(const struct customer *customer)
{
    struct kept kept = {0, 0};
    for (uint32_t i = 0; i < customer->progress_count; i++) {
        kept.progress += customer->progress[i].count > 0;
        kept.times += customer->progress[i].count;
    }
    return kept;
}

static size_t length_of(struct text name)
{
    return customer_name(name).length;
}

static size_t texts_of(const struct customer *c)
{
    size_t size = length_of(c->id) + length_of(c->persona) + length_of(c->locale) + c->traits.length;
    for (uint32_t i = 0; i < c->alias_count; i++)
        size += length_of(c->aliases[i]);
    for (uint32_t i = 0; i < c->offer_count; i++)
        size += length_of(c->offers[i].offer) + length_of(c->offers[i].kind);
    for (uint32_t i = 0; i < c->event_count; i++)
        size += length_of(c->events[i].name);
    for (uint32_t i = 0; i < c->journey_count; i++)
        size += length_of(c->journeys[i].journey) + length_of(c->journeys[i].stage);
    for (uint32_t i = 0; i < c->visit_count; i++)
        size += length_of(c->visits[i].journey) + length_of(c->visits[i].stage);
    for (uint32_t i = 0; i < c->consent_count; i++)
        size += length_of(c->consents[i].name);
    return size;
}

static void put_text(struct output *out, struct text text)
{
    if (text.length > 0)
        memcpy(out->text, text.bytes, text.length);
    out->text += text.length;
}

/* Its length among the elements, its bytes among the texts. */
static void put_name(struct output *out, struct text name)
{
    name = customer_name(name);
    bytes_put_u8(&out->fixed, (uint8_t)name.length);
    put_text(out, name);
}

static void put_header(struct output *out, const struct customer *customer, struct kept kept)
{
    const uint32_t counts[] = {customer->touch_count,  customer->moment_count,  customer->reservation_count,
                               kept.progress,          customer->alias_count,   customer->offer_count,
                               customer->event_count,  customer->journey_count, customer->visit_count,
                               customer->consent_count};
    bytes_put_u8(&out->fixed, CUSTOMER_FORMAT);
    bytes_put_u8(&out->fixed, customer->restricted ? CUSTOMER_FLAG_RESTRICTED : 0);
    put_name(out, customer->id);
    put_name(out, customer->persona);
    put_name(out, customer->locale);
    bytes_put_u32(&out->fixed, (uint32_t)customer->traits.length);
    put_text(out, customer->traits);
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++)
        bytes_put_u16(&out->fixed, (uint16_t)counts[i]);
    bytes_put_u32(&out->fixed, kept.times);
    bytes_put_u64(&out->fixed, customer->revision);
    bytes_put_u64(&out->fixed, (uint64_t)customer->created_ms);
    bytes_put_u64(&out->fixed, (uint64_t)customer->last_ms);
}

static void put_moments(struct output *out, const customer_moment *moments, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        bytes_put_u64(&out->fixed, moments[i]);
}

static void put_reservations(struct output *out, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->reservation_count; i++) {
        bytes_put_u64(&out->fixed, customer->reservations[i].decision);
        bytes_put_u64(&out->fixed, (uint64_t)customer->reservations[i].at_ms);
        bytes_put_u16(&out->fixed, (uint16_t)customer->reservations[i].offer);
    }
}

static void put_progress(struct output *out, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->progress_count; i++) {
        if (customer->progress[i].count == 0)
            continue;
        bytes_put_u64(&out->fixed, customer->progress[i].rule);
        bytes_put_u16(&out->fixed, (uint16_t)customer->progress[i].count);
    }
    for (uint32_t i = 0; i < customer->progress_count; i++)
        for (uint32_t j = 0; j < customer->progress[i].count; j++)
            bytes_put_u64(&out->fixed, (uint64_t)customer->progress[i].times_ms[j]);
}

static void put_aliases(struct output *out, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->alias_count; i++)
        put_name(out, customer->aliases[i]);
}

static void put_offers(struct output *out, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->offer_count; i++) {
        const struct customer_offer *offer = &customer->offers[i];
        put_name(out, offer->offer);
        put_name(out, offer->kind);
        for (unsigned j = 0; j < TOUCH_KINDS; j++)
            bytes_put_u32(&out->fixed, offer->counts[j]);
        bytes_put_u64(&out->fixed, (uint64_t)offer->last_ms);
    }
}

static void put_events(struct output *out, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->event_count; i++) {
        const struct customer_event *event = &customer->events[i];
        put_name(out, event->name);
        bytes_put_u64(&out->fixed, event->count);
        bytes_put_u64(&out->fixed, (uint64_t)event->last_ms);
        bytes_put_double(&out->fixed, event->value);
    }
}

static void put_journeys(struct output *out, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->journey_count; i++) {
        const struct customer_journey *journey = &customer->journeys[i];
        put_name(out, journey->journey);
        put_name(out, journey->stage);
        bytes_put_u8(&out->fixed, (uint8_t)((journey->dropped ? CUSTOMER_JOURNEY_DROPPED : 0) |
                                            (journey->fixed ? CUSTOMER_JOURNEY_FIXED : 0)));
        bytes_put_u32(&out->fixed, journey->entered_day);
        bytes_put_u64(&out->fixed, (uint64_t)journey->since_ms);
        bytes_put_u64(&out->fixed, (uint64_t)journey->active_ms);
    }
}

static void put_visits(struct output *out, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->visit_count; i++) {
        put_name(out, customer->visits[i].journey);
        put_name(out, customer->visits[i].stage);
        bytes_put_u64(&out->fixed, (uint64_t)customer->visits[i].left_ms);
    }
}

static void put_consents(struct output *out, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->consent_count; i++) {
        const struct customer_consent *consent = &customer->consents[i];
        put_name(out, consent->name);
        bytes_put_u8(&out->fixed, consent->granted);
        bytes_put_u64(&out->fixed, (uint64_t)consent->at_ms);
        bytes_put_u64(&out->fixed, (uint64_t)consent->first_ms);
    }
}

void customer_encode(const struct customer *customer, struct buffer *out)
{
    struct kept kept = kept_of(customer);
    size_t fixed = customer_format_fixed(customer, kept.progress, kept.times);
    char *bytes = buffer_extend(out, fixed + texts_of(customer));
    if (bytes == NULL)
        return;
    struct output output = {bytes, bytes + fixed};
    put_header(&output, customer, kept);
    put_moments(&output, customer->touches, customer->touch_count);
    put_moments(&output, customer->moments, customer->moment_count);
    put_reservations(&output, customer);
    put_progress(&output, customer);
    put_aliases(&output, customer);
    put_offers(&output, customer);
    put_events(&output, customer);
    put_journeys(&output, customer);
    put_visits(&output, customer);
    put_consents(&output, customer);
}

void customer_encode_alias(struct text canonical, struct buffer *out)
{
    char format = CUSTOMER_FORMAT_ALIAS;
    buffer_append(out, &format, 1);
    buffer_append(out, canonical.bytes, canonical.length);
}

/* A customer's names and states: finding them, and adding new ones within the bounds. */
#include "model/customer.h"

#include "model/customer_internal.h"

enum { SMALLEST_ROOM = 4 };

void customer_create(struct customer *customer, struct arena *arena, struct text id, int64_t now_ms)
{
    *customer =
        (struct customer){.arena = arena, .id = customer_name(id), .created_ms = customer_bound_time(now_ms)};
}

struct text customer_name(struct text name)
{
    if (name.length <= CUSTOMER_NAME_MOST)
        return name;
    return text_drop_cut_character((struct text){name.bytes, CUSTOMER_NAME_MOST});
}

bool customer_copy_name(struct customer *customer, struct text name, struct text *copy)
{
    name = customer_name(name);
    *copy = (struct text){NULL, name.length};
    if (name.length > 0)
        copy->bytes = arena_copy(customer->arena, name.bytes, name.length);
    return name.length == 0 || copy->bytes != NULL;
}

void *customer_grow(struct customer *customer, void *array, uint32_t count, uint32_t *room, size_t element)
{
    if (count < *room)
        return array;
    uint32_t larger = count < SMALLEST_ROOM ? SMALLEST_ROOM : count * 2;
    void *copy = arena_allocate(customer->arena, larger * element);
    if (copy == NULL)
        return NULL;
    if (count > 0)
        memcpy(copy, array, count * element);
    *room = larger;
    return copy;
}

uint32_t customer_find_journey(const struct customer *customer, struct text journey)
{
    journey = customer_name(journey);
    for (uint32_t i = 0; i < customer->journey_count; i++)
        if (text_equal(customer->journeys[i].journey, journey))
            return i;
    return UINT32_MAX;
}

uint32_t customer_find_offer(const struct customer *customer, struct text offer)
{
    offer = customer_name(offer);
    for (uint32_t i = 0; i < customer->offer_count; i++)
        if (text_equal(customer->offers[i].offer, offer))
            return i;
    return UINT32_MAX;
}

uint32_t customer_find_event(const struct customer *customer, struct text name)
{
    name = customer_name(name);
    for (uint32_t i = 0; i < customer->event_count; i++)
        if (text_equal(customer->events[i].name, name))
            return i;
    return UINT32_MAX;
}

uint32_t customer_find_consent(const struct customer *customer, struct text name)
{
    name = customer_name(name);
    for (uint32_t i = 0; i < customer->consent_count; i++)
        if (text_equal(customer->consents[i].name, name))
            return i;
    return UINT32_MAX;
}

/* The place of a new journey: behind the others, or that of the one longest without a sign of life. */
static struct customer_journey *place_journey(struct customer *customer)
{
    uint32_t count = customer->journey_count, oldest = 0;
    if (count < CUSTOMER_JOURNEYS_MOST) {
        struct customer_journey *journeys =
            customer_grow(customer, customer->journeys, count, &customer->journey_room, sizeof *journeys);
        if (journeys == NULL)
            return NULL;
        customer->journeys = journeys;
        customer->journey_count++;
        return &journeys[count];
    }
    for (uint32_t i = 1; i < count; i++)
        if (customer->journeys[i].active_ms < customer->journeys[oldest].active_ms)
            oldest = i;
    return &customer->journeys[oldest];
}

struct customer_journey *customer_new_journey(struct customer *customer, struct text journey)
{
    struct text name;
    uint32_t position = customer_find_journey(customer, journey);
    if (position != UINT32_MAX)
        return &customer->journeys[position];
    if (!customer_copy_name(customer, journey, &name))
        return NULL;
    struct customer_journey *place = place_journey(customer);
    if (place != NULL)
        *place = (struct customer_journey){.journey = name};
    return place;
}

static struct customer_visit *find_visit(struct customer *customer, struct text journey, struct text stage)
{
    journey = customer_name(journey);
    stage = customer_name(stage);
    for (uint32_t i = 0; i < customer->visit_count; i++)
        if (text_equal(customer->visits[i].stage, stage) && text_equal(customer->visits[i].journey, journey))
            return &customer->visits[i];
    return NULL;
}

/* The place of a new visit: behind the others, or that of the one left longest ago. */
static struct customer_visit *place_visit(struct customer *customer)
{
    uint32_t count = customer->visit_count, oldest = 0;
    if (count < CUSTOMER_VISITS_MOST) {
        struct customer_visit *visits =
            customer_grow(customer, customer->visits, count, &customer->visit_room, sizeof *visits);
        if (visits == NULL)
            return NULL;
        customer->visits = visits;
        customer->visit_count++;
        return &visits[count];
    }
    for (uint32_t i = 1; i < count; i++)
        if (customer->visits[i].left_ms < customer->visits[oldest].left_ms)
            oldest = i;
    return &customer->visits[oldest];
}

struct customer_visit *customer_new_visit(struct customer *customer, struct text journey, struct text stage)
{
    struct customer_visit *visit = find_visit(customer, journey, stage), new = {.left_ms = 0};
    if (visit != NULL)
        return visit;
    if (!customer_copy_name(customer, journey, &new.journey) ||
        !customer_copy_name(customer, stage, &new.stage))
        return NULL;
    visit = place_visit(customer);
    if (visit != NULL)
        *visit = new;
    return visit;
}

/* What is not granted is as if nobody had ever asked, so that goes first. */
static bool forget_before(const struct customer_consent *a, const struct customer_consent *b)
{
    return a->granted != b->granted ? !a->granted : a->at_ms < b->at_ms;
}

static struct customer_consent *place_consent(struct customer *customer)
{
    uint32_t count = customer->consent_count, first = 0;
    if (count < CUSTOMER_CONSENTS_MOST) {
        struct customer_consent *consents =
            customer_grow(customer, customer->consents, count, &customer->consent_room, sizeof *consents);
        if (consents == NULL)
            return NULL;
        customer->consents = consents;
        customer->consent_count++;
        return &consents[count];
    }
    for (uint32_t i = 1; i < count; i++)
        if (forget_before(&customer->consents[i], &customer->consents[first]))
            first = i;
    return &customer->consents[first];
}

struct customer_consent *customer_new_consent(struct customer *customer, struct text name)
{
    struct text copy;
    if (!customer_copy_name(customer, name, &copy))
        return NULL;
    struct customer_consent *consent = place_consent(customer);
    if (consent != NULL)
        *consent = (struct customer_consent){.name = copy, .at_ms = 0};
    return consent;
}

bool customer_set_consent(struct customer *customer, struct text name, bool granted, int64_t at_ms)
{
    uint32_t position = customer_find_consent(customer, name);
    struct customer_consent *consent =
        position == UINT32_MAX ? customer_new_consent(customer, name) : &customer->consents[position];
    if (consent == NULL)
        return false;
    if (position == UINT32_MAX || at_ms >= consent->at_ms) {
        consent->granted = granted;
        consent->at_ms = at_ms;
    }
    if (granted && (consent->first_ms == 0 || at_ms < consent->first_ms))
        consent->first_ms = at_ms;
    return true;
}

static bool is_known_as(const struct customer *customer, struct text alias)
{
    if (text_equal(alias, customer->id))
        return true;
    for (uint32_t i = 0; i < customer->alias_count; i++)
        if (text_equal(customer->aliases[i], alias))
            return true;
    return false;
}

bool customer_add_alias(struct customer *customer, struct text alias)
{
    uint32_t count = customer->alias_count;
    struct text copy;
    if (is_known_as(customer, customer_name(alias)))
        return true;
    if (count == CUSTOMER_ALIASES_MOST || !customer_copy_name(customer, alias, &copy))
        return false;
    struct text *aliases =
        customer_grow(customer, customer->aliases, count, &customer->alias_room, sizeof *aliases);
    if (aliases == NULL)
        return false;
    customer->aliases = aliases;
    aliases[customer->alias_count++] = copy;
    return true;
}

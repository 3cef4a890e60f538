/* From a record's bytes to a customer; see customer_format.h. Nothing that the bytes say is believed. */
#include "model/bytes.h"
#include "model/customer_format.h"

/* A record that is being read. */
struct input {
    const char *fixed; /* the next element; all of them are known to be there */
    const char *text;  /* the next text */
    const char *end;   /* of the record */
    uint32_t times;    /* of progress, in all, that are not yet read */
    bool damaged;
};

/* Lengths of the header's texts. */
struct lengths {
    size_t id, persona, locale, traits;
};

static inline struct text take_text(struct input *in, size_t length)
{
    struct text text = {in->text, length};
    if (length == 0)
        return (struct text){NULL, 0};
    if ((size_t)(in->end - in->text) < length) {
        in->damaged = true;
        return (struct text){NULL, 0};
    }
    in->text += length;
    return text;
}

static uint32_t take_count(struct input *in, uint32_t most)
{
    uint32_t count = bytes_take_u16(&in->fixed);
    in->damaged |= count > most;
    return count;
}

/* What cannot be is brought to where times can be reckoned with. */
static int64_t take_time(const char **at)
{
    return customer_bound_time((int64_t)bytes_take_u64(at));
}

static void take_header(struct input *in, struct customer *customer, struct lengths *lengths)
{
    uint8_t flags = bytes_take_u8(&in->fixed);
    lengths->id = bytes_take_u8(&in->fixed);
    lengths->persona = bytes_take_u8(&in->fixed);
    lengths->locale = bytes_take_u8(&in->fixed);
    lengths->traits = bytes_take_u32(&in->fixed);
    customer->restricted = flags & CUSTOMER_FLAG_RESTRICTED;
    customer->touch_count = take_count(in, CUSTOMER_TOUCHES_MOST);
    customer->moment_count = take_count(in, CUSTOMER_MOMENTS_IN_ALL);
    customer->reservation_count = take_count(in, CUSTOMER_RESERVATIONS_MOST);
    customer->progress_count = take_count(in, CUSTOMER_PROGRESS_MOST);
    customer->alias_count = take_count(in, CUSTOMER_ALIASES_MOST);
    customer->offer_count = take_count(in, CUSTOMER_OFFERS_MOST);
    customer->event_count = take_count(in, CUSTOMER_EVENTS_MOST);
    customer->journey_count = take_count(in, CUSTOMER_JOURNEYS_MOST);
    customer->visit_count = take_count(in, CUSTOMER_VISITS_MOST);
    customer->consent_count = take_count(in, CUSTOMER_CONSENTS_MOST);
    in->times = bytes_take_u32(&in->fixed);
    customer->revision = bytes_take_u64(&in->fixed);
    customer->created_ms = take_time(&in->fixed);
    customer->last_ms = take_time(&in->fixed);
    in->damaged |= flags > CUSTOMER_FLAG_RESTRICTED || in->times > CUSTOMER_PROGRESS_IN_ALL;
}

/* A piece of the memory that make_room() took; counts are within bounds, so sizes cannot overflow. */
static void *cut(char **memory, uint32_t count, uint32_t *room, size_t element)
{
    void *piece = *memory;
    *memory += count * element;
    *room = count;
    return piece;
}

/* All arrays in one piece: each is of elements that are multiples of eight bytes. */
static int64_t *make_room(struct customer *c, uint32_t times)
{
    size_t size = (c->touch_count + c->moment_count) * sizeof(customer_moment) + times * sizeof(int64_t) +
                  c->reservation_count * sizeof *c->reservations + c->progress_count * sizeof *c->progress +
                  c->alias_count * sizeof *c->aliases + c->offer_count * sizeof *c->offers +
                  c->event_count * sizeof *c->events + c->journey_count * sizeof *c->journeys +
                  c->visit_count * sizeof *c->visits + c->consent_count * sizeof *c->consents;
    char *memory = arena_allocate(c->arena, size);
    if (memory == NULL)
        return NULL;
    c->touches = cut(&memory, c->touch_count, &c->touch_room, sizeof *c->touches);
    c->moments = cut(&memory, c->moment_count, &c->moment_room, sizeof *c->moments);
    c->reservations = cut(&memory, c->reservation_count, &c->reservation_room, sizeof *c->reservations);
    c->progress = cut(&memory, c->progress_count, &c->progress_room, sizeof *c->progress);
    c->aliases = cut(&memory, c->alias_count, &c->alias_room, sizeof *c->aliases);
    c->offers = cut(&memory, c->offer_count, &c->offer_room, sizeof *c->offers);
    c->events = cut(&memory, c->event_count, &c->event_room, sizeof *c->events);
    c->journeys = cut(&memory, c->journey_count, &c->journey_room, sizeof *c->journeys);
    c->visits = cut(&memory, c->visit_count, &c->visit_room, sizeof *c->visits);
    c->consents = cut(&memory, c->consent_count, &c->consent_room, sizeof *c->consents);
    return (int64_t *)memory;
}

_Static_assert(sizeof(struct customer_reservation) % 8 == 0 && sizeof(struct customer_progress) % 8 == 0 &&
                   sizeof(struct customer_journey) % 8 == 0 && sizeof(struct customer_visit) % 8 == 0 &&
                   sizeof(struct customer_consent) % 8 == 0 && sizeof(struct customer_event) % 8 == 0 &&
                   sizeof(struct customer_offer) % 8 == 0 && sizeof(struct text) % 8 == 0,
               "arrays in one piece of memory stay aligned");

/* Whether one is in no order, of no kind, or of no position; without a branch for each. */
static bool are_damaged(const customer_moment *moments, uint32_t count, unsigned kinds, uint32_t positions)
{
    customer_moment previous = 0;
    uint32_t beyond = 0; /* the highest bit is set where something was too large */
    bool disorder = false;
    for (uint32_t i = 0; i < count; i++) {
        customer_moment moment = moments[i];
        disorder |= moment < previous;
        beyond |=
            (kinds - 1 - customer_moment_kind(moment)) | (positions - 1 - customer_moment_position(moment));
        previous = moment;
    }
    return disorder || beyond >> 31 != 0;
}

static void take_moments(struct input *in, customer_moment *out, uint32_t count, unsigned kinds,
                         uint32_t positions)
{
    bytes_take_u64s(&in->fixed, out, count);
    in->damaged |= are_damaged(out, count, kinds, positions);
}

static void take_reservations(struct input *in, const struct customer *customer)
{
    int64_t previous_ms = INT64_MIN;
    for (uint32_t i = 0; i < customer->reservation_count; i++) {
        struct customer_reservation *reservation = &customer->reservations[i];
        reservation->decision = bytes_take_u64(&in->fixed);
        reservation->at_ms = take_time(&in->fixed);
        reservation->offer = bytes_take_u16(&in->fixed);
        in->damaged |= reservation->offer >= customer->offer_count || reservation->at_ms < previous_ms;
        previous_ms = reservation->at_ms;
    }
}

/* Cuts the times to the rules; they must come out even. */
static void take_progress(struct input *in, const struct customer *customer, int64_t *times)
{
    uint32_t left = in->times;
    for (uint32_t i = 0; i < customer->progress_count; i++) {
        struct customer_progress *progress = &customer->progress[i];
        progress->rule = bytes_take_u64(&in->fixed);
        progress->count = progress->room = bytes_take_u16(&in->fixed);
        progress->times_ms = times;
        if (progress->count == 0 || progress->count > left) {
            in->damaged = true;
            return;
        }
        times += progress->count;
        left -= progress->count;
    }
    in->damaged |= left > 0;
}

/* All of them are read before take_progress() says whose they are. */
static void take_times(struct input *in, int64_t *times)
{
    for (uint32_t i = 0; i < in->times; i++)
        times[i] = take_time(&in->fixed);
}

static void check_times(struct input *in, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->progress_count; i++)
        for (uint32_t j = 1; j < customer->progress[i].count; j++)
            in->damaged |= customer->progress[i].times_ms[j] < customer->progress[i].times_ms[j - 1];
}

static void take_aliases(struct input *in, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->alias_count; i++)
        customer->aliases[i] = take_text(in, bytes_take_u8(&in->fixed));
}

static void take_offers(struct input *in, const struct customer *customer)
{
    const char *at = in->fixed;
    for (uint32_t i = 0; i < customer->offer_count; i++) {
        struct customer_offer *offer = &customer->offers[i];
        uint8_t name = bytes_take_u8(&at), kind = bytes_take_u8(&at);
        offer->offer = take_text(in, name);
        offer->kind = take_text(in, kind);
        bytes_take_u32s(&at, offer->counts, TOUCH_KINDS);
        offer->last_ms = take_time(&at);
    }
    in->fixed = at;
}

static void take_events(struct input *in, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->event_count; i++) {
        struct customer_event *event = &customer->events[i];
        event->name = take_text(in, bytes_take_u8(&in->fixed));
        event->count = bytes_take_u64(&in->fixed);
        event->last_ms = take_time(&in->fixed);
        event->value = bytes_take_double(&in->fixed);
    }
}

static void take_journeys(struct input *in, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->journey_count; i++) {
        struct customer_journey *journey = &customer->journeys[i];
        uint8_t name = bytes_take_u8(&in->fixed), stage = bytes_take_u8(&in->fixed);
        uint8_t flags = bytes_take_u8(&in->fixed);
        journey->journey = take_text(in, name);
        journey->stage = take_text(in, stage);
        journey->dropped = flags & CUSTOMER_JOURNEY_DROPPED;
        journey->fixed = flags & CUSTOMER_JOURNEY_FIXED;
        journey->entered_day = bytes_take_u32(&in->fixed);
        journey->since_ms = take_time(&in->fixed);
        journey->active_ms = take_time(&in->fixed);
        in->damaged |= flags > CUSTOMER_JOURNEY_FLAGS;
    }
}

static void take_visits(struct input *in, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->visit_count; i++) {
        struct customer_visit *visit = &customer->visits[i];
        uint8_t journey = bytes_take_u8(&in->fixed), stage = bytes_take_u8(&in->fixed);
        visit->journey = take_text(in, journey);
        visit->stage = take_text(in, stage);
        visit->left_ms = take_time(&in->fixed);
    }
}

static void take_consents(struct input *in, const struct customer *customer)
{
    for (uint32_t i = 0; i < customer->consent_count; i++) {
        struct customer_consent *consent = &customer->consents[i];
        consent->name = take_text(in, bytes_take_u8(&in->fixed));
        uint8_t granted = bytes_take_u8(&in->fixed);
        consent->granted = granted & 1;
        consent->at_ms = take_time(&in->fixed);
        consent->first_ms = take_time(&in->fixed);
        in->damaged |= granted > 1;
    }
}

/* In the order of customer_format.h; `times` is where the progress' times go. */
static void take_arrays(struct input *in, struct customer *customer, int64_t *times)
{
    take_moments(in, customer->touches, customer->touch_count, TOUCH_KINDS, customer->offer_count);
    take_moments(in, customer->moments, customer->moment_count, 1, customer->event_count);
    take_reservations(in, customer);
    take_progress(in, customer, times);
    if (in->damaged)
        return;
    take_times(in, times);
    check_times(in, customer);
    take_aliases(in, customer);
    take_offers(in, customer);
    take_events(in, customer);
    take_journeys(in, customer);
    take_visits(in, customer);
    take_consents(in, customer);
}

static bool damaged(struct error *error)
{
    return error_set(error, ERROR_INTERNAL, "a customer's record is damaged");
}

static bool check_format(struct text bytes, struct error *error)
{
    uint8_t format = bytes.length > 0 ? (uint8_t)bytes.bytes[0] : 0;
    if (format == CUSTOMER_FORMAT_ALIAS)
        return error_set(error, ERROR_INTERNAL, "a customer's record is the alias of another one");
    if (format > CUSTOMER_FORMAT_ALIAS)
        return error_set(error, ERROR_INTERNAL,
                         "a customer's record has format %u, which is newer than this program's", format);
    return (format == CUSTOMER_FORMAT && bytes.length >= CUSTOMER_HEADER_SIZE) || damaged(error);
}

bool customer_decode(struct customer *customer, struct arena *arena, struct text bytes, struct error *error)
{
    struct lengths lengths;
    if (!check_format(bytes, error))
        return false;
    struct input in = {.fixed = bytes.bytes + 1, .end = bytes.bytes + bytes.length};
    *customer = (struct customer){.arena = arena};
    take_header(&in, customer, &lengths);
    size_t fixed = customer_format_fixed(customer, customer->progress_count, in.times);
    if (in.damaged || fixed > bytes.length)
        return damaged(error);
    in.text = bytes.bytes + fixed;
    int64_t *times = make_room(customer, in.times);
    if (times == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "out of memory");
    customer->id = take_text(&in, lengths.id);
    customer->persona = take_text(&in, lengths.persona);
    customer->locale = take_text(&in, lengths.locale);
    customer->traits = take_text(&in, lengths.traits);
    take_arrays(&in, customer, times);
    return (!in.damaged && in.text == in.end) || damaged(error);
}

struct text customer_record_alias(struct text bytes)
{
    if (bytes.length < 2 || bytes.length > 1 + CUSTOMER_ID_MOST ||
        (uint8_t)bytes.bytes[0] != CUSTOMER_FORMAT_ALIAS)
        return (struct text){NULL, 0};
    return (struct text){bytes.bytes + 1, bytes.length - 1};
}

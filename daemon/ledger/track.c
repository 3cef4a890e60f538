/* Applying one event. All that can be wrong with it is found before anything is changed. */
#include "ledger/track.h"

#include <endian.h>
#include <inttypes.h>

#include "ledger/known.h"
#include "ledger/stock.h"

#define YEAR_2000_MS INT64_C(946684800000)
#define DAY_MS INT64_C(86400000)

static enum touch_kind touch_of(struct text name)
{
    static const struct {
        struct text name;
        enum touch_kind touch;
    } touches[] = {
        {{"impression", 10}, TOUCH_IMPRESSION}, {{"click", 5}, TOUCH_CLICK},
        {{"dismiss", 7}, TOUCH_DISMISSAL},      {{"conversion", 10}, TOUCH_CONVERSION},
        {{"purchase", 8}, TOUCH_CONVERSION},
    };
    for (size_t i = 0; i < sizeof touches / sizeof *touches; i++) {
        if (text_equal(touches[i].name, name))
            return touches[i].touch;
    }
    return TOUCH_KINDS;
}

/* What the site says of the event's offer. An offer that it does not know may have been stocked before. */
static void look_at_offer(const struct work *work, struct step *step)
{
    const struct snapshot *site = work->path.site;
    step->touch = step->command.offer.length > 0 ? touch_of(step->command.name) : TOUCH_KINDS;
    step->stocked = false;
    if (site == NULL || step->touch == TOUCH_KINDS)
        return;
    uint32_t number = symbols_find(&site->offer_names, step->command.offer);
    if (number == UINT32_MAX)
        return;
    step->stocked = site->offers[number].stocked;
    step->kind = site->kinds[site->offers[number].kind].name;
}

static bool is_unknown_offer(const struct work *work, const struct step *step)
{
    return work->path.site == NULL ||
           symbols_find(&work->path.site->offer_names, step->command.offer) == UINT32_MAX;
}

static void collect_stock(struct work *work, struct step *step)
{
    struct text offer = step->command.offer;
    if (step->touch != TOUCH_IMPRESSION || !(step->stocked || is_unknown_offer(work, step)))
        return;
    if (step->has_moment)
        step->reserved = stock_want_promise(work, step->moment.clock_us, step->moment.seed, offer);
    if (step->has_moment || step->stocked)
        step->stock = stock_want(work, offer);
}

/* Their own open reservation says as much as the store would. */
static bool is_own_decision(const struct customer *customer, const struct decision_id *moment)
{
    uint64_t decision = key_hash_decision(moment->clock_us, moment->seed);
    for (uint32_t i = 0; i < customer->reservation_count; i++) {
        if (customer->reservations[i].decision == decision)
            return true;
    }
    return false;
}

static void collect_decision(struct work *work, struct step *step, const struct document *document)
{
    if (!step->has_moment || document == NULL ||
        (document->state == DOCUMENT_PRESENT && is_own_decision(&document->customer, &step->moment)))
        return;
    struct key key;
    key_decision(&key, step->moment.clock_us, step->moment.seed);
    step->decision = entries_want(&work->entries, key_text(&key));
}

static void collect_event(struct work *work, struct step *step, struct document *document)
{
    struct key key;
    if (step->command.id.length == 0)
        return;
    if (document != NULL) {
        known_collect(work, document);
        return;
    }
    key_event(&key, TEXT(""), step->command.id);
    step->event = entries_want(&work->entries, key_text(&key));
}

void track_collect(struct work *work, struct step *step)
{
    struct document *document = step->customer == NULL ? NULL : document_canonical(step->customer);
    look_at_offer(work, step);
    step->has_moment =
        step->command.decision.length > 0 && decision_id_read(step->command.decision, &step->moment);
    collect_event(work, step, document);
    collect_decision(work, step, document);
    collect_stock(work, step);
}

static bool check_time(struct work *work, struct step *step)
{
    int64_t at_ms = step->command.at_ms;
    if (at_ms < YEAR_2000_MS)
        step_fail(work, step, ERROR_INVALID, "at: before the year 2000");
    else if (at_ms > work->now_ms + DAY_MS)
        step_fail(work, step, ERROR_INVALID, "at: more than a day in the future");
    return step->outcome->outcome.code == ERROR_NONE;
}

static bool is_duplicate(struct work *work, const struct step *step, struct document *document)
{
    if (document != NULL)
        return step->command.id.length > 0 && known_has(work, document, step->command.id);
    if (step->event == NULL || step->event->value.bytes == NULL)
        return false;
    return work->now_ms - (int64_t)entry_number(step->event, 0) <= work->options.id_ms;
}

static void remember_event(struct work *work, const struct step *step, struct document *document)
{
    if (document != NULL && step->command.id.length > 0)
        known_add(work, document, step->command.id, step->command.received_ms);
    else if (step->event != NULL)
        entries_put_number(&work->entries, step->event, (uint64_t)step->command.received_ms);
}

/* A decision that the store knows nothing of is taken as it is. */
static bool check_decision(struct work *work, struct step *step, const struct document *document)
{
    if (step->decision == NULL || step->decision->value.bytes == NULL ||
        document_is_hash(document, entry_number(step->decision, 0)))
        return true;
    step_fail(work, step, ERROR_INVALID, "decision: of another customer");
    return false;
}

/* Offers are counted where the customer stood when it happened; visitors stand nowhere. */
static void count_touch(struct work *work, const struct step *step, struct path_place place)
{
    const struct command *command = &step->command;
    struct funnel_names names = {place.journey, place.stage, command->offer, command->placement};
    if (step->touch == TOUCH_KINDS)
        return;
    if (place.stage.bytes == NULL)
        names.journey = (struct text){NULL, 0};
    bool worth = step->touch == TOUCH_CONVERSION && command->has_value;
    funnel_touch(&work->funnel, day_of(&work->calendar, command->at_ms), &names, step->touch,
                 worth ? command->value : 0.0);
}

static void show_stock(struct work *work, const struct step *step)
{
    if (step->touch == TOUCH_IMPRESSION)
        stock_show(work, step->reserved, step->stock, step->stocked);
}

/* The oldest decision on the offer that still waits for its impression; NULL: there is none. */
static const struct customer_reservation *find_waiting(const struct work *work, const struct step *step,
                                                       const struct customer *customer)
{
    uint32_t offer = customer_find_offer(customer, step->command.offer);
    for (uint32_t i = 0; offer != UINT32_MAX && i < customer->reservation_count; i++) {
        const struct customer_reservation *reservation = &customer->reservations[i];
        if (reservation->offer == offer && reservation->at_ms > work->now_ms - work->options.reserve_ms)
            return reservation;
    }
    return NULL;
}

/* An impression that names no decision is taken for the oldest one's that waits. */
static void take_reservation(const struct work *work, const struct step *step, struct customer *customer)
{
    if (step->has_moment) {
        uint64_t decision = key_hash_decision(step->moment.clock_us, step->moment.seed);
        customer_take_reservation(customer, decision, step->command.offer);
        return;
    }
    const struct customer_reservation *waiting = find_waiting(work, step, customer);
    if (waiting != NULL)
        customer_take_reservation(customer, waiting->decision, step->command.offer);
}

static void add_history(struct work *work, const struct step *step, struct customer *customer)
{
    const struct command *command = &step->command;
    if (step->touch != TOUCH_KINDS &&
        !customer_add_touch(customer, command->offer, step->kind, step->touch, command->at_ms))
        work_run_out(work);
    if (step->touch == TOUCH_IMPRESSION)
        take_reservation(work, step, customer);
    if (!customer_add_event(customer, command->name, command->at_ms,
                            command->has_value ? command->value : 0.0))
        work_run_out(work);
}

static struct path_outcome walk(struct work *work, const struct step *step, struct customer *customer)
{
    const struct command *command = &step->command;
    struct path_outcome outcome;
    struct path_event event = {
        .name = command->name,
        .at_ms = command->at_ms,
        .offer = command->offer,
        .kind = step->kind,
        .placement = command->placement,
        .touchpoint = command->touchpoint,
        .has_value = command->has_value,
        .value = command->value,
        .properties = command->properties,
    };
    if (!path_apply(&work->path, customer, &event, SNAPSHOT_NONE, &outcome, NULL))
        work_run_out(work);
    return outcome;
}

static void apply_to_customer(struct work *work, struct step *step, struct document *document)
{
    struct customer *customer = &document->customer;
    work_meet_customer(work, document, step->command.at_ms);
    uint64_t before = work_places(customer);
    add_history(work, step, customer);
    struct path_outcome outcome = walk(work, step, customer);
    document->changed = true;
    document->moved |= work_places(customer) != before;
    count_touch(work, step, outcome.before);
    step->outcome->outcome.moved = outcome.moved;
    step->outcome->outcome.journey = outcome.now.journey;
    step->outcome->outcome.stage = outcome.now.stage;
}

static void answer_duplicate(const struct work *work, struct step *step, const struct document *document)
{
    step->outcome->outcome.duplicate = step->outcome->outcome.accepted = true;
    if (document != NULL && document->state == DOCUMENT_PRESENT)
        step_tell_place(work, step, &document->customer);
}

static void apply_anonymous(struct work *work, struct step *step)
{
    count_touch(work, step, (struct path_place){{NULL, 0}, {NULL, 0}, 0, false});
}

/* Of restricted customers nothing is kept; but what was promised to them was shown. */
static void apply_restricted(struct work *work, struct step *step)
{
    if (step->touch == TOUCH_IMPRESSION)
        stock_show(work, step->reserved, step->stock, false);
}

static void apply_new(struct work *work, struct step *step, struct document *document)
{
    remember_event(work, step, document);
    show_stock(work, step);
    if (document == NULL)
        apply_anonymous(work, step);
    else
        apply_to_customer(work, step, document);
    step->outcome->outcome.accepted = true;
}

void track_apply(struct work *work, struct step *step)
{
    struct document *document = NULL;
    if (!check_time(work, step))
        return;
    if (step->customer != NULL && (document = step_canonical(work, step, step->customer)) == NULL)
        return;
    if (document != NULL && document->state == DOCUMENT_PRESENT && document->customer.restricted)
        apply_restricted(work, step);
    else if (is_duplicate(work, step, document))
        answer_duplicate(work, step, document);
    else if (document == NULL || check_decision(work, step, document))
        apply_new(work, step, document);
}

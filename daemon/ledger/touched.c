/* Offers of events. */
#include "ledger/touched.h"

#include "ledger/decided.h"
#include "ledger/stock.h"
#include "ledger/trail.h"

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

/* ---- Finding ---- */

/* What the site says of it. An offer that it does not know may have been stocked before. */
static void look_at(const struct work *work, struct touched *touched)
{
    const struct snapshot *site = work->path.site;
    uint32_t number = site == NULL ? SNAPSHOT_NONE : symbols_find(&site->offer_names, touched->offer);
    touched->known = number != SNAPSHOT_NONE;
    if (!touched->known)
        return;
    const struct offer *offer = &site->offers[number];
    touched->stocked = offer->stocked;
    touched->kind = site->kinds[offer->kind].name;
}

static void collect_stock(struct work *work, const struct step *step, struct touched *touched)
{
    struct text offer = touched->offer;
    if (step->touch != TOUCH_IMPRESSION || !(touched->stocked || !touched->known))
        return;
    if (step->has_moment)
        touched->reserved = stock_want_promise(work, step->moment.clock_us, step->moment.seed, offer);
    if (step->has_moment || touched->stocked)
        touched->stock = stock_want(work, offer);
}

static void add(struct work *work, struct step *step, struct text offer)
{
    struct touched *touched = &step->touched[step->touched_count++];
    *touched = (struct touched){.offer = offer};
    look_at(work, touched);
    collect_stock(work, step, touched);
}

static bool make_room(struct work *work, struct step *step, uint32_t count)
{
    step->touched = arena_allocate(&work->arena, count * sizeof *step->touched);
    if (step->touched == NULL)
        work_run_out(work);
    return step->touched != NULL;
}

static uint32_t count_offers(struct text offers)
{
    uint32_t count = 0;
    struct text offer;
    while (decided_next(&offers, &offer))
        count++;
    return count;
}

/* The only one is as good as named, whatever the event: rules ask for it and its kind. */
static void infer_offer(struct step *step, struct text offers, uint32_t count)
{
    step->inferred = true;
    step->ambiguous = count > 1 && step->touch != TOUCH_IMPRESSION && step->touch != TOUCH_KINDS;
    if (count == 1)
        decided_next(&offers, &step->command.offer);
}

static void add_decided(struct work *work, struct step *step, struct text offers)
{
    struct text offer;
    uint32_t count = count_offers(offers);
    infer_offer(step, offers, count);
    if (step->touch == TOUCH_KINDS || count == 0 || step->ambiguous || !make_room(work, step, count))
        return;
    while (decided_next(&offers, &offer))
        add(work, step, offer);
}

/* What is shown without saying by which decision is what was promised to them before. */
static void collect_promises(struct work *work, const struct step *step, struct document *document)
{
    if (step->touch != TOUCH_IMPRESSION || step->has_moment || document == NULL ||
        document->state != DOCUMENT_PRESENT || document->trailed || !step->touched->stocked)
        return;
    document->trailed = true;
    trail_collect(work, document, work->now_ms - work->options.reserve_ms + 1);
}

static void add_named(struct work *work, struct step *step, struct document *document)
{
    if (step->touch == TOUCH_KINDS || !make_room(work, step, 1))
        return;
    add(work, step, step->command.offer);
    collect_promises(work, step, document);
}

void touched_collect(struct work *work, struct step *step, struct document *document)
{
    step->touch = touch_of(step->command.name);
    step->touched_count = 0;
    if (step->command.offer.length > 0)
        add_named(work, step, document);
    else if (step->decision != NULL)
        add_decided(work, step, decided_read(step->decision->value).offers);
}

void touched_forget_decision(struct step *step)
{
    if (!step->inferred)
        return;
    step->touched_count = 0;
    step->ambiguous = false;
    step->command.offer = (struct text){NULL, 0};
}

/* ---- Doing ---- */

static struct entry *find_promise(const struct work *work, const struct step *step,
                                  const struct document *document, const struct touched *touched)
{
    if (step->has_moment || document == NULL)
        return touched->reserved;
    return trail_find_promise(document, touched->offer, work->now_ms - work->options.reserve_ms + 1);
}

void touched_show(struct work *work, const struct step *step, const struct document *document, bool counts)
{
    if (step->touch != TOUCH_IMPRESSION)
        return;
    for (uint32_t i = 0; i < step->touched_count; i++) {
        const struct touched *touched = &step->touched[i];
        stock_show(work, find_promise(work, step, document, touched), touched->stock,
                   counts && touched->stocked);
    }
}

/* The oldest decision on the offer that still waits for its impression; NULL: there is none. */
static const struct customer_reservation *find_waiting(const struct work *work, struct text id,
                                                       const struct customer *customer)
{
    uint32_t offer = customer_find_offer(customer, id);
    for (uint32_t i = 0; offer != UINT32_MAX && i < customer->reservation_count; i++) {
        const struct customer_reservation *reservation = &customer->reservations[i];
        if (reservation->offer == offer && reservation->at_ms > work->now_ms - work->options.reserve_ms)
            return reservation;
    }
    return NULL;
}

/* An impression that names no decision is taken for the oldest one's that waits. */
static void take_reservation(const struct work *work, const struct step *step, struct text offer,
                             struct customer *customer)
{
    if (step->has_moment) {
        uint64_t decision = key_hash_decision(step->moment.clock_us, step->moment.seed);
        customer_take_reservation(customer, decision, offer);
        return;
    }
    const struct customer_reservation *waiting = find_waiting(work, offer, customer);
    if (waiting != NULL)
        customer_take_reservation(customer, waiting->decision, offer);
}

void touched_remember(struct work *work, const struct step *step, struct customer *customer)
{
    for (uint32_t i = 0; i < step->touched_count; i++) {
        const struct touched *touched = &step->touched[i];
        if (!customer_add_touch(customer, touched->offer, touched->kind, step->touch, step->command.at_ms))
            work_run_out(work);
        if (step->touch == TOUCH_IMPRESSION)
            take_reservation(work, step, touched->offer, customer);
    }
}

/* Nobody makes rows of their own by inventing names: what the site does not have counts together. */
static struct text placement_of(const struct work *work, struct text placement)
{
    const struct snapshot *site = work->path.site;
    if (placement.length == 0 ||
        (site != NULL && symbols_find(&site->placement_names, placement) != SNAPSHOT_NONE))
        return placement;
    return FUNNEL_OTHER;
}

/* An offer that a reload took away is still known where it was decided before. */
static struct text offer_of(const struct touched *touched, const struct decided *decided)
{
    return touched->known || decided_has(decided, touched->offer) ? touched->offer : FUNNEL_OTHER;
}

/* Where its decision was counted, as far as that is remembered; else where the customer stood. */
static struct funnel_names names_of(const struct work *work, const struct step *step,
                                    const struct decided *decided, struct path_place place)
{
    if (decided->stage.length > 0)
        return (struct funnel_names){decided->journey, decided->stage, {NULL, 0}, decided->placement};
    struct text placement = placement_of(work, step->command.placement);
    if (place.stage.bytes == NULL)
        return (struct funnel_names){.placement = placement};
    return (struct funnel_names){place.journey, place.stage, {NULL, 0}, placement};
}

void touched_count_in(struct work *work, const struct step *step, struct path_place place)
{
    const struct command *command = &step->command;
    struct decided decided = {.owner = 0};
    if (step->touched_count == 0)
        return;
    if (step->decision != NULL)
        decided = decided_read(step->decision->value);
    struct funnel_names names = names_of(work, step, &decided, place);
    bool worth = step->touch == TOUCH_CONVERSION && command->has_value;
    for (uint32_t i = 0; i < step->touched_count; i++) {
        names.offer = offer_of(&step->touched[i], &decided);
        funnel_touch(&work->funnel, day_of(&work->calendar, command->at_ms), &names, step->touch,
                     worth ? command->value : 0.0);
    }
}

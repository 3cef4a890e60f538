/* Applying one event. All that can be wrong with it is found before anything is changed. */
#include "ledger/track.h"

#include "ledger/decided.h"
#include "ledger/known.h"
#include "ledger/known_piece.h"
#include "ledger/touched.h"

#define YEAR_2000_MS INT64_C(946684800000)
#define DAY_MS INT64_C(86400000)

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

static void want_decision(struct work *work, struct step *step)
{
    struct key key;
    key_decision(&key, step->moment.clock_us, step->moment.seed);
    step->decision = entries_want(&work->entries, key_text(&key));
}

/* What the event does not name itself is to be known when track_collect looks for what else it needs. */
bool track_begin(struct work *work, struct step *step)
{
    if (step->command.decision.length == 0)
        return true;
    step->has_moment = decision_id_read(step->command.decision, &step->moment);
    if (!step->has_moment) {
        step_fail(work, step, ERROR_INVALID, "decision: not one of those that recommend names");
        return false;
    }
    want_decision(work, step);
    return true;
}

void track_collect(struct work *work, struct step *step)
{
    struct document *document = step->customer == NULL ? NULL : document_canonical(step->customer);
    collect_event(work, step, document);
    touched_collect(work, step, document);
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
    return work->now_ms - piece_newest_ms(step->event->value) <= work->options.id_ms;
}

static void remember_event(struct work *work, const struct step *step, struct document *document)
{
    if (document != NULL && step->command.id.length > 0)
        known_add(work, document, step->command.id, step->command.received_ms);
    else if (step->event != NULL)
        entries_put_number(&work->entries, step->event, (uint64_t)step->command.received_ms);
}

static bool check_offer(struct work *work, struct step *step, const struct decided *decided)
{
    struct text offer = step->command.offer;
    char shown[200];
    if (step->ambiguous) {
        step_fail(work, step, ERROR_INVALID, "offer: missing, and the decision has several");
        return false;
    }
    if (offer.length == 0 || decided->offers.length == 0 || decided_has(decided, offer))
        return true;
    step_fail(work, step, ERROR_INVALID, "offer: '%s' was not in that decision",
              text_escape(offer, shown, sizeof shown));
    return false;
}

/* A decision that the store knows nothing of is taken as it is; so is one of nobody's by anybody. */
static bool check_decision(struct work *work, struct step *step, const struct document *document)
{
    if (step->decision == NULL || step->decision->value.bytes == NULL) {
        touched_forget_decision(step);
        return true;
    }
    struct decided decided = decided_read(step->decision->value);
    if (document == NULL || decided.owner == 0 || document_is_hash(document, decided.owner))
        return check_offer(work, step, &decided);
    step_fail(work, step, ERROR_INVALID, "decision: of another customer");
    return false;
}

static void add_history(struct work *work, const struct step *step, struct customer *customer)
{
    const struct command *command = &step->command;
    touched_remember(work, step, customer);
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
        .kind = step->touched_count == 1 ? step->touched->kind : (struct text){NULL, 0},
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
    touched_count_in(work, step, outcome.before);
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
    touched_count_in(work, step, (struct path_place){{NULL, 0}, {NULL, 0}, 0, false});
}

static void apply_new(struct work *work, struct step *step, struct document *document)
{
    remember_event(work, step, document);
    touched_show(work, step, document, true);
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
    /* Of restricted customers nothing is kept; but what was promised to them was shown. */
    if (document != NULL && document->state == DOCUMENT_PRESENT && document->customer.restricted)
        touched_show(work, step, document, false);
    else if (is_duplicate(work, step, document))
        answer_duplicate(work, step, document);
    else if (check_decision(work, step, document))
        apply_new(work, step, document);
}

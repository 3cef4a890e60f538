/* Resolving a recommend request against the site. */
#include "flow/recommend.h"

#include <math.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/names.h"
#include "flow/recommend_reply.h"
#include "script/site.h"
#include "wire/value.h"

/* Arguments of recommend by name. */
#define ARGUMENT(name) (arguments->values[RECOMMEND_##name])

static struct text argument_text(const msgpack_object *value)
{
    struct text text = {NULL, 0};
    if (value != NULL)
        value_text(value, &text);
    return text;
}

static bool argument_true(const msgpack_object *value)
{
    return value != NULL && value->via.boolean;
}

static const msgpack_object *argument_map(const msgpack_object *value)
{
    return value != NULL && value->type == MSGPACK_OBJECT_MAP ? value : NULL;
}

static bool resolve(const char *field, const msgpack_object *value, const struct symbols *symbols,
                    uint32_t *number, struct error *error)
{
    return names_find(field, argument_text(value), symbols, number, error);
}

static bool resolve_stage(const struct snapshot *snapshot, const msgpack_object *value,
                          struct situation *situation, struct error *error)
{
    situation->stage = snapshot->journeys[situation->journey].first_stage;
    return value == NULL ||
           names_find_stage(snapshot, situation->journey, argument_text(value), &situation->stage, error);
}

/* Where on the journey, and where on the page. */
static bool resolve_place(const struct snapshot *snapshot, const struct arguments *arguments,
                          struct situation *situation, struct error *error)
{
    if (!resolve("placement", ARGUMENT(placement), &snapshot->placement_names, &situation->placement, error))
        return false;
    situation->journey = snapshot->default_journey;
    if (ARGUMENT(journey) != NULL &&
        !resolve("journey", ARGUMENT(journey), &snapshot->journey_names, &situation->journey, error))
        return false;
    situation->persona = SNAPSHOT_NONE;
    if (ARGUMENT(persona) != NULL &&
        !resolve("persona", ARGUMENT(persona), &snapshot->persona_names, &situation->persona, error))
        return false;
    return resolve_stage(snapshot, ARGUMENT(stage), situation, error);
}

static uint32_t resolve_locale(const struct snapshot *snapshot, const msgpack_object *value, uint32_t journey)
{
    uint32_t locale = SNAPSHOT_NONE;
    if (value != NULL)
        locale = snapshot_find_locale(snapshot, argument_text(value));
    return locale != SNAPSHOT_NONE ? locale : snapshot->journeys[journey].locale;
}

static bool resolve_consents(const struct snapshot *snapshot, struct situation *situation,
                             struct error *error)
{
    const msgpack_object *map = situation->consents;
    situation->consented = 0;
    for (uint32_t i = 0; map != NULL && i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        struct text name = argument_text(&pair->key);
        char shown[80];
        if (pair->val.type != MSGPACK_OBJECT_BOOLEAN)
            return error_set(error, ERROR_INVALID, "consents: %s: expected true or false, got %s",
                             text_escape(name, shown, sizeof shown), value_type_name(&pair->val));
        for (uint32_t consent = 0; consent < snapshot->consent_count; consent++)
            if (text_equal(name, snapshot->consents[consent]))
                situation->consented = pair->val.via.boolean
                                           ? situation->consented | UINT64_C(1) << consent
                                           : situation->consented & ~(UINT64_C(1) << consent);
    }
    return true;
}

/* Offers that the site no longer knows need no excluding. */
static void resolve_excluded(struct flow *flow, const struct snapshot *snapshot, const msgpack_object *list,
                             struct situation *situation)
{
    situation->excluded = flow->excluded;
    for (uint32_t i = 0; list != NULL && i < list->via.array.size; i++) {
        uint32_t offer = symbols_find(&snapshot->offer_names, argument_text(&list->via.array.ptr[i]));
        if (offer != SNAPSHOT_NONE)
            flow->excluded[situation->excluded_count++] = offer;
    }
}

/* Clock and seed: the daemon's own, but in a dry run those that the caller wants to assume. */
static bool resolve_chance(struct flow *flow, const struct arguments *arguments, struct situation *situation,
                           struct error *error)
{
    bool dry = argument_true(ARGUMENT(dry_run));
    double number;
    if (!dry && (ARGUMENT(at) != NULL || ARGUMENT(seed) != NULL))
        return error_set(error, ERROR_INVALID, "%s: only taken with dry_run",
                         ARGUMENT(at) != NULL ? "at" : "seed");
    situation->now_us = clock_wall_us();
    situation->seed = random_next(&flow->seeds);
    if (ARGUMENT(at) != NULL && value_number(ARGUMENT(at), &number))
        situation->now_us = llround(number * 1e6);
    if (ARGUMENT(seed) != NULL && value_number(ARGUMENT(seed), &number))
        situation->seed = (uint64_t)number;
    return true;
}

static uint32_t resolve_count(const struct snapshot *snapshot, const msgpack_object *value,
                              uint32_t placement)
{
    double number;
    return value != NULL && value_number(value, &number) ? (uint32_t)number
                                                         : snapshot->placements[placement].count;
}

static bool resolve_situation(struct flow *flow, const struct arguments *arguments,
                              struct situation *situation, struct error *error)
{
    const struct snapshot *snapshot = engine_snapshot(flow->engine);
    *situation = (struct situation){.customer = argument_text(ARGUMENT(customer)),
                                    .known = flow->assumed,
                                    .touchpoint = argument_text(ARGUMENT(touchpoint)),
                                    .traits = argument_map(ARGUMENT(traits)),
                                    .consents = argument_map(ARGUMENT(consents)),
                                    .context = argument_map(ARGUMENT(context)),
                                    .explain = argument_true(ARGUMENT(explain))};
    if (!resolve_place(snapshot, arguments, situation, error) ||
        !resolve_consents(snapshot, situation, error) || !resolve_chance(flow, arguments, situation, error))
        return false;
    situation->locale = resolve_locale(snapshot, ARGUMENT(locale), situation->journey);
    situation->count = resolve_count(snapshot, ARGUMENT(count), situation->placement);
    resolve_excluded(flow, snapshot, ARGUMENT(exclude), situation);
    return true;
}

static void count_decision(struct flow *flow, const struct decision *decision, bool dry)
{
    struct metrics_slot *slot = &flow->options.slots[flow->options.own_slot];
    metrics_add(slot, METRICS_recommends, 1);
    metrics_add(slot, METRICS_dry_runs, dry);
    metrics_add(slot, METRICS_items, decision->count);
    metrics_add(slot, METRICS_empty_answers, decision->count == 0);
    switch (decision->fallback) {
    case DECISION_FALLBACK_NONE:
        break;
    case DECISION_FALLBACK_NO_OFFER_FITS:
        metrics_add(slot, METRICS_fallback_no_offer_fits, 1);
        break;
    case DECISION_FALLBACK_STRATEGY_ERROR:
        metrics_add(slot, METRICS_fallback_strategy_error, 1);
        break;
    case DECISION_FALLBACK_DEADLINE:
        metrics_add(slot, METRICS_fallback_deadline, 1);
        break;
    case DECISION_FALLBACK_STORE_UNAVAILABLE:
        metrics_add(slot, METRICS_fallback_store_unavailable, 1);
        break;
    case DECISION_FALLBACK_RESTRICTED:
        metrics_add(slot, METRICS_fallback_restricted, 1);
        break;
    }
}

/* The operator gets the reason that the visitor does not: file, line, strategy and decision. */
static void report_failure(struct flow *flow, const struct situation *situation)
{
    struct script_failure failure;
    char id[DECISION_ID_LENGTH + 1];
    if (!script_site_failure(engine_scripts(flow->engine), &failure))
        return;
    decision_id(engine_snapshot(flow->engine), situation, id);
    log_warning("strategy failed", LOG_TEXT("strategy", failure.strategy), LOG_TEXT("decision", id),
                LOG_TEXT("error", failure.message));
    if (!failure.set_aside)
        return;
    log_error("strategy set aside until the next reload", LOG_TEXT("strategy", failure.strategy),
              LOG_TEXT("error", failure.message));
    metrics_add(&flow->options.slots[flow->options.own_slot], METRICS_strategies_set_aside, 1);
}

bool recommend_answer(struct flow *flow, const struct arguments *arguments, struct buffer *out,
                      struct error *error)
{
    struct situation situation;
    struct decision decision;
    if (flow->engine == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "the site is not loaded yet");
    if (!resolve_situation(flow, arguments, &situation, error))
        return false;
    engine_decide(flow->engine, &situation, &decision);
    report_failure(flow, &situation);
    count_decision(flow, &decision, argument_true(ARGUMENT(dry_run)));
    recommend_reply(engine_snapshot(flow->engine), &situation, &decision, out);
    return true;
}

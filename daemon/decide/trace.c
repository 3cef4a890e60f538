/* Explaining a decision, offer by offer. */
#include "decide/trace.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "catalogue/item.h"
#include "decide/reason.h"

/* "a, b, c" of the names behind numbers; ends with "…" where not all fit. */
struct name_list {
    char bytes[256];
    size_t length;
    bool full; /* one did not fit */
};

static void add_name(struct name_list *list, struct text name)
{
    static const char more[] = ", …";
    const char *comma = list->length > 0 ? ", " : "";
    size_t room = sizeof list->bytes - list->length;
    if (list->full)
        return;
    list->full = strlen(comma) + name.length + sizeof more > room;
    int written = list->full ? snprintf(list->bytes + list->length, room, "%s", more)
                             : snprintf(list->bytes + list->length, room, "%s%.*s", comma, (int)name.length,
                                        name.bytes);
    list->length += (size_t)written;
}

static struct text placement_reason(struct decider *decider, const struct offer *offer, uint32_t placement)
{
    if (!number_list_takes(&offer->placements, placement))
        return TEXT("only a fallback in this placement");
    return reason_say(&decider->arena, "the placement does not take the kind '%s'",
                      decider->snapshot->kinds[offer->kind].name.bytes);
}

static struct text stage_reason(struct decider *decider, const struct offer *offer, uint32_t stage)
{
    const struct snapshot *snapshot = decider->snapshot;
    const struct stage *here = &snapshot->stages[stage];
    struct name_list names = {.length = 0};
    if (here->wants_no_offer)
        return reason_say(&decider->arena, "stage '%s' wants no offer", here->name.bytes);
    if (!number_list_takes(&here->kinds, offer->kind))
        return reason_say(&decider->arena, "stage '%s' does not take the kind '%s'", here->name.bytes,
                          snapshot->kinds[offer->kind].name.bytes);
    for (uint32_t i = 0; i < offer->stages.count; i++)
        add_name(&names, snapshot->stages[offer->stages.numbers[i]].name);
    return reason_say(&decider->arena, "the customer is in '%s'; the offer is for %s", here->name.bytes,
                      names.bytes);
}

static struct text persona_reason(struct decider *decider, const struct offer *offer, uint32_t persona)
{
    const struct snapshot *snapshot = decider->snapshot;
    struct name_list names = {.length = 0};
    for (uint32_t i = 0; i < offer->personas.count; i++)
        add_name(&names, snapshot->personas[offer->personas.numbers[i]].name);
    if (persona == SNAPSHOT_NONE)
        return reason_say(&decider->arena, "the customer's persona is unknown; the offer is for %s",
                          names.bytes);
    return reason_say(&decider->arena, "the customer is '%s'; the offer is for %s",
                      snapshot->personas[persona].name.bytes, names.bytes);
}

static struct text locale_reason(struct decider *decider, const struct offer *offer, uint32_t locale)
{
    const struct snapshot *snapshot = decider->snapshot;
    struct name_list names = {.length = 0};
    if (!offer->locales.restricts)
        return reason_say(&decider->arena, "no title in '%s'", snapshot->locales[locale].bytes);
    for (uint32_t i = 0; i < offer->locales.count; i++)
        add_name(&names, snapshot->locales[offer->locales.numbers[i]]);
    return reason_say(&decider->arena, "the locale is '%s'; the offer is for %s",
                      snapshot->locales[locale].bytes, names.bytes);
}

static struct text dates_reason(struct decider *decider, const struct offer *offer, double now)
{
    bool early = now < offer->starts;
    time_t moment = (time_t)(early ? offer->starts : offer->ends);
    struct tm parts;
    char stamp[32];
    gmtime_r(&moment, &parts);
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M", &parts);
    return reason_say(&decider->arena, early ? "starts %s UTC" : "ended %s UTC", stamp);
}

static bool is_fallback(const struct snapshot *snapshot, uint32_t number, uint32_t placement)
{
    const struct number_list *fallback = &snapshot->placements[placement].fallback;
    return fallback->restricts && number_list_takes(fallback, number);
}

/*
 * Where and for whom it is: gates that a fallback need not pass. Only a stage that wants no offer wants no
 * fallback either.
 */
static enum decision_gate pass_targets(struct decider *decider, const struct situation *situation,
                                       uint32_t number, struct text *because)
{
    const struct snapshot *snapshot = decider->snapshot;
    const struct offer *offer = &snapshot->offers[number];
    bool quiet = snapshot->stages[situation->stage].wants_no_offer;
    if (!index_fits_placement(snapshot, offer, situation->placement) &&
        !(quiet && is_fallback(snapshot, number, situation->placement))) {
        *because = placement_reason(decider, offer, situation->placement);
        return DECISION_GATE_PLACEMENT;
    }
    if (quiet || !index_fits_stage(snapshot, offer, situation->stage)) {
        *because = stage_reason(decider, offer, situation->stage);
        return DECISION_GATE_STAGE;
    }
    if (!index_fits_persona(offer, situation->persona)) {
        *because = persona_reason(decider, offer, situation->persona);
        return DECISION_GATE_PERSONA;
    }
    return DECISION_GATE_CHOSEN;
}

/* The gates for every offer that is shown. */
static enum decision_gate pass_showing(struct decider *decider, const struct situation *situation,
                                       uint32_t number, struct text *because)
{
    const struct snapshot *snapshot = decider->snapshot;
    const struct offer *offer = &snapshot->offers[number];
    double now = situation_seconds(situation);
    if (!index_fits_locale(offer, situation->locale, snapshot->journeys[situation->journey].locale)) {
        *because = locale_reason(decider, offer, situation->locale);
        return DECISION_GATE_LOCALE;
    }
    if (now < offer->starts || now >= offer->ends) {
        *because = dates_reason(decider, offer, now);
        return DECISION_GATE_DATES;
    }
    if (offer->consent != SNAPSHOT_NONE && !(situation->consented >> offer->consent & 1)) {
        *because = reason_say(&decider->arena, "needs the customer's consent to '%s'",
                              snapshot->consents[offer->consent].bytes);
        return DECISION_GATE_CONSENT;
    }
    enum decision_gate bounded = bounds_gate(&decider->bounds, number);
    if (bounded != DECISION_GATE_CHOSEN) {
        *because = reason_bounds(&decider->bounds, &decider->arena, number, bounded);
        return bounded;
    }
    if (candidates_is_excluded(&decider->candidates, number)) {
        *because = TEXT("excluded by the request");
        return DECISION_GATE_EXCLUDED;
    }
    return DECISION_GATE_CHOSEN;
}

/* The first gate that data decides, with its reason; DECISION_GATE_CHOSEN where all are passed. */
static enum decision_gate pass_gates(struct decider *decider, const struct situation *situation,
                                     uint32_t number, struct text *because)
{
    enum decision_gate gate = pass_targets(decider, situation, number, because);
    return gate != DECISION_GATE_CHOSEN ? gate : pass_showing(decider, situation, number, because);
}

/* The placement could show it, by the offer's own wish or as its fallback. */
static bool may_show(const struct snapshot *snapshot, uint32_t number, uint32_t placement)
{
    return number_list_takes(&snapshot->offers[number].placements, placement) ||
           is_fallback(snapshot, number, placement);
}

void trace_begin(struct decider *decider, const struct situation *situation, struct decision *out)
{
    const struct snapshot *snapshot = decider->snapshot;
    decider->traces = arena_allocate_zeroed(&decider->arena, snapshot->offer_count, sizeof *decider->traces);
    out->traces = arena_allocate_zeroed(&decider->arena, snapshot->offer_count, sizeof *out->traces);
    if (decider->traces == NULL || out->traces == NULL)
        return;
    for (uint32_t i = 0; i < snapshot->offer_count; i++) {
        if (!may_show(snapshot, i, situation->placement))
            continue;
        struct decision_trace *trace = &out->traces[out->trace_count++];
        *trace = (struct decision_trace){.offer = i};
        trace->gate = pass_gates(decider, situation, i, &trace->because);
        decider->traces[i] = trace;
    }
}

/* Where nothing stops it but what was chosen, trace_finish says so. */
void trace_fallback(struct decider *decider, const struct situation *situation, uint32_t offer)
{
    struct decision_trace *trace = decider->traces != NULL ? decider->traces[offer] : NULL;
    if (trace == NULL)
        return;
    trace->because = (struct text){NULL, 0};
    trace->gate = pass_showing(decider, situation, offer, &trace->because);
}

static struct text no_reason(struct decider *decider, const struct hooks_call *call)
{
    const char *name = decider->snapshot->strategies[call->strategy].name.bytes;
    if (!call->applies)
        return reason_say(&decider->arena, "strategy '%s' does not apply to this customer", name);
    return reason_say(&decider->arena, "strategy '%s' finds it not eligible", name);
}

/* What the strategy asked last takes; no reason yet, whatever one asked before it said. */
static void trace_fitting(struct decision_trace *trace, double score)
{
    trace->gate = DECISION_GATE_RANK;
    trace->score = score;
    trace->because = (struct text){NULL, 0};
}

void trace_strategy(struct decider *decider, const struct hooks_call *call, bool asked)
{
    const struct candidates *candidates = &decider->candidates;
    bool scored = asked && call->applies;
    for (uint32_t i = 0; decider->traces != NULL && i < call->count; i++) {
        struct decision_trace *trace = decider->traces[call->offers[i]];
        double score = scored ? call->scores[i] : 1.0;
        if (trace == NULL)
            continue;
        if (call->applies &&
            !(score < 0.0)) { /* not looked at is as good as fitting: others filled the slots */
            trace_fitting(trace, candidates->priorities[i] * (isnan(score) ? 1.0 : score));
            continue;
        }
        struct text given =
            scored ? decider->hooks.reason(decider->hooks.context, i) : (struct text){NULL, 0};
        trace->gate = DECISION_GATE_STRATEGY;
        trace->because = given.bytes != NULL ? reason_keep(&decider->arena, given) : no_reason(decider, call);
    }
}

static struct text fits_because(struct decider *decider, const struct decision_item *item)
{
    if (item->because.bytes != NULL)
        return item->because;
    if (item->strategy == SNAPSHOT_NONE)
        return TEXT("highest priority");
    return reason_say(&decider->arena, "chosen by strategy '%s'",
                      decider->snapshot->strategies[item->strategy].name.bytes);
}

static void mark_chosen(struct decider *decider, const struct decision_item *item)
{
    struct decision_trace *trace = decider->traces[item->offer];
    if (trace == NULL)
        return;
    trace->gate = DECISION_GATE_CHOSEN;
    trace->score = item->score;
    trace->propensity = item->propensity;
    trace->because = fits_because(decider, item);
}

/* What nothing stopped so far and was not chosen: no room beside the others, a failure, or outranked. */
static void trace_outdone(struct decider *decider, const struct decision *out, struct decision_trace *trace)
{
    if (!bounds_fits(&decider->bounds, trace->offer)) {
        trace->gate = DECISION_GATE_LIMIT;
        trace->because = reason_taken(&decider->bounds, &decider->arena, trace->offer);
    } else if (out->fallback > DECISION_FALLBACK_NO_OFFER_FITS) {
        trace->gate = DECISION_GATE_STRATEGY;
        trace->because = out->because;
    } else {
        trace->gate = DECISION_GATE_RANK;
        trace->because = out->count > 0
                             ? reason_say(&decider->arena, "priority %.6g; the last one chosen has %.6g",
                                          trace->score, out->items[out->count - 1].score)
                             : TEXT("no slot left");
    }
}

void trace_finish(struct decider *decider, struct decision *out)
{
    if (decider->traces == NULL || out->traces == NULL)
        return;
    for (uint32_t i = 0; i < out->trace_count; i++)
        if (out->traces[i].because.bytes == NULL)
            trace_outdone(decider, out, &out->traces[i]);
    for (uint32_t i = 0; i < out->count; i++)
        mark_chosen(decider, &out->items[i]);
    decider->traces = NULL;
}

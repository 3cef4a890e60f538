/* The path of one decision: gates, strategies in file order, ranking, fallback. */
#include "decide/decider.h"

#include <math.h>

#include "catalogue/item.h"
#include "decide/trace.h"

enum { ARENA_BLOCK = 16 * 1024 };

/* The decision being taken. */
struct taking {
    struct decider *decider;
    const struct situation *situation;
    const struct cell *cell;
    struct decision *out;
};

bool decider_create(struct decider *decider, const struct snapshot *snapshot, struct hooks hooks,
                    struct error *error)
{
    *decider = (struct decider){.snapshot = snapshot, .hooks = hooks};
    if (!candidates_create(&decider->candidates, snapshot, error))
        return false;
    if (bounds_create(&decider->bounds, snapshot, error)) {
        if (live_create(&decider->live, snapshot, error)) {
            arena_create(&decider->arena, ARENA_BLOCK);
            return true;
        }
        bounds_destroy(&decider->bounds);
    }
    candidates_destroy(&decider->candidates);
    return false;
}

void decider_destroy(struct decider *decider)
{
    candidates_destroy(&decider->candidates);
    bounds_destroy(&decider->bounds);
    live_destroy(&decider->live);
    arena_destroy(&decider->arena);
}

/* True where candidate i, whose priority is known, ranks before the item. */
static bool ranks_before(double score, uint32_t offer, const struct decision_item *item)
{
    return score != item->score ? score > item->score : offer < item->offer;
}

/* Puts a candidate among out->items[first…], where there is room for it, best first. */
static void rank(struct decision *out, uint32_t first, uint32_t slots, const struct decision_item *item)
{
    uint32_t place = out->count - first == slots ? out->count - 1 : out->count++;
    for (; place > first && ranks_before(item->score, item->offer, &out->items[place - 1]); place--)
        out->items[place] = out->items[place - 1];
    out->items[place] = *item;
}

static struct text keep_text(struct decider *decider, struct text text)
{
    if (text.bytes == NULL)
        return text;
    char *copy = arena_copy(&decider->arena, text.bytes, text.length);
    decider->starved |= copy == NULL;
    return (struct text){copy, text.length};
}

/* The candidate's place in the last call, needed to ask for its reason. */
static uint32_t candidate_of(const struct candidates *candidates, uint32_t offer)
{
    uint32_t i = 0;
    while (candidates->offers[i] != offer)
        i++;
    return i;
}

/* The reason that the strategy gave, else the author's own sentence. */
static void give_reasons(struct taking *taking, uint32_t first, const struct strategy *strategy, bool asked)
{
    struct decider *decider = taking->decider;
    uint32_t journey = taking->situation->journey;
    for (uint32_t i = first; i < taking->out->count; i++) {
        struct decision_item *item = &taking->out->items[i];
        if (asked)
            item->because =
                keep_text(decider, decider->hooks.reason(decider->hooks.context,
                                                         candidate_of(&decider->candidates, item->offer)));
        if (item->because.bytes == NULL && strategy != NULL)
            item->because = localized_get(strategy->because, taking->situation->locale,
                                          decider->snapshot->journeys[journey].locale);
    }
}

/* Below 0, or NAN, where the strategy does not take candidate i. */
static double score_of(const struct candidates *candidates, uint32_t i, const double *scores)
{
    double score = scores == NULL ? 1.0 : scores[i];
    return score >= 0.0 ? candidates->priorities[i] * score : score;
}

static struct decision_item item_of(uint32_t offer, uint32_t strategy, double score)
{
    return (struct decision_item){.offer = offer, .strategy = strategy, .score = score, .propensity = 1.0};
}

/* All that fit are ranked at once. Most rank behind those that fill the slots already. */
static void fill_at_once(struct taking *taking, uint32_t strategy, const double *scores)
{
    struct candidates *candidates = &taking->decider->candidates;
    struct decision *out = taking->out;
    uint32_t first = out->count, slots = taking->situation->count - first;
    for (uint32_t i = 0; slots > 0 && i < candidates->count; i++) {
        double score = score_of(candidates, i, scores);
        uint32_t offer = candidates->offers[i];
        bool full = out->count - first == slots;
        if (!(score >= 0.0) || (full && !ranks_before(score, offer, &out->items[out->count - 1])))
            continue;
        struct decision_item item = item_of(offer, strategy, score);
        rank(out, first, slots, &item);
    }
    for (uint32_t i = first; i < out->count; i++)
        bounds_take(&taking->decider->bounds, out->items[i].offer);
}

static bool is_item(const struct decision *out, uint32_t offer)
{
    for (uint32_t i = 0; i < out->count; i++)
        if (out->items[i].offer == offer)
            return true;
    return false;
}

/* What is chosen may leave no room for what ranks next: slot by slot, the best that still fits. */
static void fill_one_by_one(struct taking *taking, uint32_t strategy, const double *scores)
{
    struct candidates *candidates = &taking->decider->candidates;
    struct bounds *bounds = &taking->decider->bounds;
    struct decision *out = taking->out;
    for (bool found = true; found && out->count < taking->situation->count;) {
        struct decision_item best = {.score = -1.0};
        for (uint32_t i = 0; i < candidates->count; i++) {
            double score = score_of(candidates, i, scores);
            uint32_t offer = candidates->offers[i];
            if (score >= 0.0 && ranks_before(score, offer, &best) && !is_item(out, offer) &&
                bounds_fits(bounds, offer))
                best = item_of(offer, strategy, score);
        }
        found = best.score >= 0.0;
        if (found) {
            out->items[out->count++] = best;
            bounds_take(bounds, best.offer);
        }
    }
}

/* Ranks what the scores let through into the slots left; NULL scores let everything through. */
static void fill_slots(struct taking *taking, uint32_t strategy, const double *scores)
{
    if (bounds_tight(&taking->decider->bounds) > 0)
        fill_one_by_one(taking, strategy, scores);
    else
        fill_at_once(taking, strategy, scores);
}

static void set_fallback(struct decision *out, enum hooks_result result)
{
    switch (result) {
    case HOOKS_DONE:
        return;
    case HOOKS_FAILED:
        out->fallback = DECISION_FALLBACK_STRATEGY_ERROR;
        return;
    case HOOKS_DEADLINE:
        out->fallback = DECISION_FALLBACK_DEADLINE;
        return;
    }
}

static bool has_functions(const struct strategy *strategy)
{
    return strategy->has_when || strategy->has_eligible || strategy->has_score;
}

/* One strategy fills what it can. */
static enum hooks_result ask_strategy(struct taking *taking, uint32_t number)
{
    struct decider *decider = taking->decider;
    const struct strategy *strategy = &decider->snapshot->strategies[number];
    struct candidates *candidates = &decider->candidates;
    uint32_t first = taking->out->count;
    /* Those that share a policy, or promise much, may turn out not to fit beside one another. */
    uint32_t wanted = taking->situation->count - first + bounds_tight(&decider->bounds);
    struct hooks_call call = {number, candidates->offers, candidates->count, wanted,
                              true,   candidates->scores};
    bool asked = has_functions(strategy);
    if (asked) {
        enum hooks_result result = decider->hooks.evaluate(decider->hooks.context, &call);
        if (result != HOOKS_DONE)
            return result;
    }
    if (taking->situation->explain)
        trace_strategy(decider, &call, asked);
    if (!call.applies)
        return HOOKS_DONE;
    candidates_note(candidates, asked ? candidates->scores : NULL);
    fill_slots(taking, number, asked ? candidates->scores : NULL);
    give_reasons(taking, first, strategy, asked);
    if (taking->out->strategy == SNAPSHOT_NONE && taking->out->count > 0)
        taking->out->strategy = number;
    return HOOKS_DONE;
}

static void drop_chosen(struct taking *taking, uint32_t first)
{
    uint32_t offers[DECISION_ITEMS_MAX];
    for (uint32_t i = first; i < taking->out->count; i++)
        offers[i - first] = taking->out->items[i].offer;
    candidates_remove(&taking->decider->candidates, offers, taking->out->count - first);
    if (bounds_tight(&taking->decider->bounds) > 0)
        candidates_bound(&taking->decider->candidates, &taking->decider->bounds);
}

/* All candidates fit, best first. */
static void choose_by_priority(struct taking *taking)
{
    struct candidates *candidates = &taking->decider->candidates;
    const struct hooks_call call = {
        .strategy = SNAPSHOT_NONE, .offers = candidates->offers, .count = candidates->count, .applies = true};
    if (taking->situation->explain)
        trace_strategy(taking->decider, &call, false);
    candidates_note(candidates, NULL);
    fill_slots(taking, SNAPSHOT_NONE, NULL);
}

/* Strategies in file order; where none speaks for the cell, priority alone decides. */
static void ask_strategies(struct taking *taking)
{
    const struct cell *cell = taking->cell;
    if (cell->strategy_count == 0)
        choose_by_priority(taking);
    for (uint32_t i = 0; i < cell->strategy_count && taking->out->count < taking->situation->count; i++) {
        uint32_t first = taking->out->count;
        enum hooks_result result = ask_strategy(taking, cell->strategies[i]);
        set_fallback(taking->out, result);
        if (result != HOOKS_DONE)
            return;
        if (taking->out->count > first && taking->out->count < taking->situation->count)
            drop_chosen(taking, first);
    }
}

/* What even a fallback has to pass. */
static bool may_fall_back_on(const struct taking *taking, uint32_t number)
{
    const struct situation *situation = taking->situation;
    const struct snapshot *snapshot = taking->decider->snapshot;
    const struct offer *offer = &snapshot->offers[number];
    struct bounds *bounds = &taking->decider->bounds;
    double now = situation_seconds(situation);
    return now >= offer->starts && now < offer->ends &&
           (offer->consent == SNAPSHOT_NONE || situation->consented >> offer->consent & 1) &&
           index_fits_locale(offer, situation->locale, snapshot->journeys[situation->journey].locale) &&
           !candidates_is_excluded(&taking->decider->candidates, number) &&
           bounds_gate(bounds, number) == DECISION_GATE_CHOSEN && bounds_fits(bounds, number);
}

static void fall_back(struct taking *taking)
{
    struct decision *out = taking->out;
    const struct placement *placement = &taking->decider->snapshot->placements[taking->situation->placement];
    if (out->count == 0 && out->fallback == DECISION_FALLBACK_NONE)
        out->fallback = DECISION_FALLBACK_NO_OFFER_FITS;
    for (uint32_t i = 0; i < placement->fallback.count && out->count < taking->situation->count; i++) {
        uint32_t offer = placement->fallback.numbers[i];
        if (is_item(out, offer))
            continue;
        if (!may_fall_back_on(taking, offer)) {
            if (taking->situation->explain)
                trace_fallback(taking->decider, taking->situation, offer);
            continue;
        }
        out->items[out->count++] = (struct decision_item){.offer = offer,
                                                          .strategy = SNAPSHOT_NONE,
                                                          .propensity = 1.0,
                                                          .fallback = true,
                                                          .because = TEXT("the placement's fallback")};
        bounds_take(&taking->decider->bounds, offer);
    }
}

/* A top-level reason where the answer is not simply what a strategy chose. */
static void explain_outcome(struct decision *out)
{
    switch (out->fallback) {
    case DECISION_FALLBACK_NONE:
        return;
    case DECISION_FALLBACK_NO_OFFER_FITS:
        out->because = out->count > 0 ? TEXT("no offer fits; the placement's fallback is shown")
                                      : TEXT("no offer fits, nor does the placement's fallback");
        return;
    case DECISION_FALLBACK_STRATEGY_ERROR:
        out->because = TEXT("a strategy failed; the daemon's log says where");
        return;
    case DECISION_FALLBACK_DEADLINE:
        out->because = TEXT("a strategy took too long; the daemon's log says which");
        return;
    case DECISION_FALLBACK_STORE_UNAVAILABLE:
        out->because =
            TEXT("what is remembered of the customer cannot be read now: only the placement's fallback");
        return;
    case DECISION_FALLBACK_RESTRICTED:
        out->because = TEXT("the customer's data may not be used: only the placement's fallback");
        return;
    }
}

static struct text no_offer_reason(const struct taking *taking)
{
    const struct snapshot *snapshot = taking->decider->snapshot;
    const struct situation *situation = taking->situation;
    struct text reason = localized_get(snapshot->stages[situation->stage].no_offer, situation->locale,
                                       snapshot->journeys[situation->journey].locale);
    return reason.bytes != NULL ? reason : TEXT("this stage wants no offer");
}

static void choose(struct taking *taking)
{
    struct decider *decider = taking->decider;
    const uint64_t *running = live_get(&decider->live, taking->cell, situation_seconds(taking->situation));
    candidates_clear(&decider->candidates);
    if (running != NULL)
        candidates_select(&decider->candidates, taking->cell, taking->situation, decider->snapshot, running,
                          &decider->bounds);
    if (decider->candidates.count > 0)
        ask_strategies(taking);
    fall_back(taking);
    candidates_finish_notes(&decider->candidates, taking->out);
    explain_outcome(taking->out);
}

static void clear_decision(struct decision *out)
{
    out->count = 0;
    out->fallback = DECISION_FALLBACK_NONE;
    out->strategy = SNAPSHOT_NONE;
    out->because = (struct text){NULL, 0};
    out->notes = NULL;
    out->note_count = 0;
    out->traces = NULL;
    out->trace_count = 0;
}

/* Without a look at the customer: what the placement shows to anybody. */
static void choose_for_anybody(struct taking *taking)
{
    taking->out->fallback =
        taking->situation->restricted ? DECISION_FALLBACK_RESTRICTED : DECISION_FALLBACK_STORE_UNAVAILABLE;
    fall_back(taking);
    explain_outcome(taking->out);
}

static void take(struct taking *taking)
{
    const struct situation *situation = taking->situation;
    if (situation->restricted || situation->store_unavailable)
        choose_for_anybody(taking);
    else if (taking->decider->snapshot->stages[situation->stage].wants_no_offer)
        taking->out->because = no_offer_reason(taking);
    else
        choose(taking);
}

void decider_running(const struct decider *decider, const struct situation *situation, double *from,
                     double *until)
{
    const struct cell *cell = index_cell(decider->snapshot, situation->placement, situation->stage);
    const struct live_cell *live = &decider->live.cells[cell - decider->snapshot->cells];
    *from = live->from;
    *until = decider->starved ? live->from : live->until;
}

void decider_decide(struct decider *decider, const struct situation *situation, struct decision *out)
{
    struct situation without;
    if (situation->restricted) {
        without = *situation;
        without.consented = 0; /* what was agreed to is not looked at, either */
        situation = &without;
    }
    struct taking taking = {decider, situation,
                            index_cell(decider->snapshot, situation->placement, situation->stage), out};
    arena_clear(&decider->arena);
    decider->starved = false;
    candidates_exclude(&decider->candidates, situation);
    bounds_begin(&decider->bounds, situation);
    clear_decision(out);
    if (situation->explain)
        trace_begin(decider, situation, out);
    take(&taking);
    if (situation->explain)
        trace_finish(decider, out);
}

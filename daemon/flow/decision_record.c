/* Numbers of the snapshot become names. */
#include "flow/decision_record.h"

static struct text name_of_strategy(const struct snapshot *snapshot, uint32_t strategy)
{
    return strategy == SNAPSHOT_NONE ? (struct text){NULL, 0} : snapshot->strategies[strategy].name;
}

static void fill_items(struct decision_record *out, const struct snapshot *snapshot,
                       const struct situation *situation, const struct decision *decision)
{
    bool known = situation->customer.length > 0 && !situation->restricted;
    for (uint32_t i = 0; i < decision->count; i++) {
        const struct decision_item *item = &decision->items[i];
        const struct offer *offer = &snapshot->offers[item->offer];
        out->items[i] = (struct record_item){.offer = offer->id,
                                             .kind = snapshot->kinds[offer->kind].name,
                                             .strategy = name_of_strategy(snapshot, item->strategy),
                                             .score = item->score,
                                             .propensity = item->propensity,
                                             .stocked = offer->stocked,
                                             .reserves = known && promises_reserve(snapshot, item->offer)};
    }
    out->record.items = out->items;
    out->record.item_count = decision->count;
}

static void fill_candidates(struct decision_record *out, const struct snapshot *snapshot,
                            const struct decision *decision)
{
    uint32_t count =
        decision->note_count < RECORD_CANDIDATES_MOST ? decision->note_count : RECORD_CANDIDATES_MOST;
    for (uint32_t i = 0; i < count; i++) {
        const struct decision_note *note = &decision->notes[i];
        out->candidates[i] =
            (struct record_candidate){snapshot->offers[note->offer].id, (uint8_t)note->gate, note->score};
    }
    out->record.candidates = out->candidates;
    out->record.candidate_count = count;
}

void decision_record_fill(struct decision_record *out, const struct snapshot *snapshot,
                          const struct situation *situation, const struct decision *decision,
                          const struct promise_claims *claims, struct text request, struct text state)
{
    static const struct text none = {NULL, 0};
    bool restricted = situation->restricted;
    out->record = (struct record){
        .clock_us = situation->now_us,
        .seed = situation->seed,
        .version = text_from(snapshot->version),
        .customer = restricted ? none : situation->customer,
        .journey = snapshot->journeys[situation->journey].name,
        .stage = snapshot->stages[situation->stage].name,
        .persona = situation->persona == SNAPSHOT_NONE ? none : snapshot->personas[situation->persona].name,
        .placement = snapshot->placements[situation->placement].name,
        .locale = snapshot->locales[situation->locale],
        .strategy = name_of_strategy(snapshot, decision->strategy),
        .fallback = text_from(decision_fallback_name(decision->fallback)),
        .because = decision->because,
        .request = restricted ? none : request,
        .state = restricted ? none : state,
        .claims = claims == NULL ? NULL : claims->places,
        .claim_count = claims == NULL ? 0 : claims->count,
    };
    fill_items(out, snapshot, situation, decision);
    fill_candidates(out, snapshot, decision);
}

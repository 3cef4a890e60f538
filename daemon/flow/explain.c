/*
 * Telling of a decision from its record. It is taken once more, from the same request, customer, clock and
 * seed, so that the trace is whole. That counts only where it comes out just as it was logged; else the
 * record alone tells: the site may be another now, or a strategy that decided then is set aside. A strategy
 * that fails once more was reported then.
 */
#include "flow/explain.h"

#include "flow/logged_reply.h"
#include "flow/names.h"
#include "flow/recommend_reply.h"
#include "flow/resolve.h"
#include "wire/value.h"

enum { ARENA_BLOCK = 64 * 1024, FIELDS = LOGGED_REPLY_HEAD_FIELDS + 4 };

/* A decision being explained. */
struct explaining {
    struct flow *flow;
    struct arena arena; /* of the record and the customer */
    struct record record;
    struct customer customer; /* as they were, where that is kept */
    struct situation situation;
    struct decision decision; /* taken once more */
};

/* Nothing of an offer was left where the record says so; else there was some. */
static bool stock_given_cb(void *context, uint32_t offer, uint64_t *given)
{
    const struct explaining *explaining = context;
    struct text id = engine_snapshot(explaining->flow->engine)->offers[offer].id;
    *given = 0;
    for (uint32_t i = 0; i < explaining->record.candidate_count; i++)
        if (explaining->record.candidates[i].gate == DECISION_GATE_STOCK &&
            text_equal(explaining->record.candidates[i].offer, id))
            *given = UINT64_MAX;
    return true;
}

static bool unpack_request(struct explaining *explaining, msgpack_object *request,
                           struct arguments *arguments)
{
    bool failed;
    return logged_reply_read_request(&explaining->record, &explaining->flow->zone, request, &failed) &&
           method_read_arguments(METHOD_RECOMMEND, request, arguments, NULL);
}

static bool had_fallback(const struct record *record, enum decision_fallback fallback)
{
    return text_equal(record->fallback, text_from(decision_fallback_name(fallback)));
}

static void complete_situation(struct explaining *explaining)
{
    struct situation *situation = &explaining->situation;
    situation->explain = true;
    situation->purpose = SITUATION_AGAIN;
    situation->reserved_ms = explaining->flow->options.reserve_ms;
    situation->store_unavailable = had_fallback(&explaining->record, DECISION_FALLBACK_STORE_UNAVAILABLE);
    situation->stock = (struct situation_stock){explaining, stock_given_cb};
}

static bool resolve_request(struct explaining *explaining, const struct arguments *arguments)
{
    struct flow *flow = explaining->flow;
    struct text state = explaining->record.state;
    bool known = state.length > 0 && customer_decode(&explaining->customer, &explaining->arena, state, NULL);
    struct resolving resolving = {.snapshot = engine_snapshot(flow->engine),
                                  .arguments = arguments,
                                  .known = known ? &explaining->customer : NULL,
                                  .zone = &flow->zone,
                                  .excluded = flow->excluded,
                                  .now_us = explaining->record.clock_us,
                                  .seed = explaining->record.seed};
    return resolve_situation(&resolving, &explaining->situation, NULL);
}

/* The request of a restricted customer is not kept; but next to nothing of it counted. */
static bool resolve_restricted(struct explaining *explaining)
{
    const struct record *record = &explaining->record;
    const struct snapshot *snapshot = engine_snapshot(explaining->flow->engine);
    struct situation *situation = &explaining->situation;
    *situation = (struct situation){.placement = symbols_find(&snapshot->placement_names, record->placement),
                                    .journey = symbols_find(&snapshot->journey_names, record->journey),
                                    .persona = symbols_find(&snapshot->persona_names, record->persona),
                                    .locale = snapshot_find_locale(snapshot, record->locale),
                                    .count = record->item_count,
                                    .restricted = true,
                                    .now_us = record->clock_us,
                                    .seed = record->seed};
    return situation->placement != SNAPSHOT_NONE && situation->locale != SNAPSHOT_NONE &&
           situation->journey != SNAPSHOT_NONE &&
           names_find_stage(snapshot, situation->journey, record->stage, &situation->stage, NULL);
}

static bool resolve_again(struct explaining *explaining)
{
    msgpack_object request;
    struct arguments arguments;
    bool resolved =
        had_fallback(&explaining->record, DECISION_FALLBACK_RESTRICTED)
            ? resolve_restricted(explaining)
            : unpack_request(explaining, &request, &arguments) && resolve_request(explaining, &arguments);
    complete_situation(explaining);
    return resolved;
}

static bool is_name(const struct text *names, uint32_t number, struct text name)
{
    return number == SNAPSHOT_NONE ? name.length == 0 : text_equal(names[number], name);
}

/* Where it was taken, for whom and in which language. */
static bool is_the_same_place(const struct snapshot *snapshot, const struct situation *situation,
                              const struct record *record)
{
    struct text persona = {NULL, 0};
    if (situation->persona != SNAPSHOT_NONE)
        persona = snapshot->personas[situation->persona].name;
    return text_equal(snapshot->journeys[situation->journey].name, record->journey) &&
           text_equal(snapshot->stages[situation->stage].name, record->stage) &&
           text_equal(snapshot->placements[situation->placement].name, record->placement) &&
           is_name(snapshot->locales, situation->locale, record->locale) &&
           text_equal(persona, record->persona);
}

static bool was_chosen_so(const struct snapshot *snapshot, const struct decision_item *item,
                          const struct record_item *logged)
{
    struct text strategy = {NULL, 0};
    if (item->strategy != SNAPSHOT_NONE)
        strategy = snapshot->strategies[item->strategy].name;
    return text_equal(snapshot->offers[item->offer].id, logged->offer) &&
           text_equal(strategy, logged->strategy) && item->score == logged->score &&
           item->propensity == logged->propensity &&
           text_equal(snapshot->kinds[snapshot->offers[item->offer].kind].name, logged->kind);
}

static bool was_stopped_so(const struct snapshot *snapshot, const struct decision_note *note,
                           const struct record *record)
{
    struct text id = snapshot->offers[note->offer].id;
    for (uint32_t i = 0; i < record->candidate_count; i++) {
        const struct record_candidate *logged = &record->candidates[i];
        if (text_equal(logged->offer, id))
            return logged->gate == note->gate && logged->score == note->score;
    }
    return false;
}

/*
 * Of the candidates that the record has. It has no room for more than the first RECORD_CANDIDATES_MOST: the
 * rest is known from the same site alone.
 */
static bool are_stopped_so(const struct explaining *explaining)
{
    const struct engine *engine = explaining->flow->engine;
    const struct decision *decision = &explaining->decision;
    const struct record *record = &explaining->record;
    bool whole = decision->note_count <= RECORD_CANDIDATES_MOST;
    uint32_t kept = whole ? decision->note_count : RECORD_CANDIDATES_MOST;
    if (record->candidate_count != kept ||
        !(whole || text_equal(record->version, text_from(engine_version(engine)))))
        return false;
    for (uint32_t i = 0; i < kept; i++)
        if (!was_stopped_so(engine_snapshot(engine), &decision->notes[i], record))
            return false;
    return true;
}

/* Everything that the log keeps of it has come out again. */
static bool is_as_logged(const struct explaining *explaining)
{
    const struct snapshot *snapshot = engine_snapshot(explaining->flow->engine);
    const struct decision *decision = &explaining->decision;
    const struct record *record = &explaining->record;
    struct text fallback = text_from(decision_fallback_name(decision->fallback));
    if (!is_the_same_place(snapshot, &explaining->situation, record) ||
        !text_equal(fallback, record->fallback) || decision->count != record->item_count)
        return false;
    for (uint32_t i = 0; i < decision->count; i++)
        if (!was_chosen_so(snapshot, &decision->items[i], &record->items[i]))
            return false;
    return are_stopped_so(explaining);
}

/* Offers that reached a limit, so the record says: other requests may have taken what was left of it. */
static bool hold_limited(struct explaining *explaining)
{
    const struct record *record = &explaining->record;
    const struct snapshot *snapshot = engine_snapshot(explaining->flow->engine);
    uint32_t count = 0;
    uint32_t *held = arena_allocate(&explaining->arena, (record->candidate_count + 1) * sizeof *held);
    for (uint32_t i = 0; held != NULL && i < record->candidate_count; i++) {
        uint32_t offer = symbols_find(&snapshot->offer_names, record->candidates[i].offer);
        if (record->candidates[i].gate == DECISION_GATE_LIMIT && offer != SNAPSHOT_NONE)
            held[count++] = offer;
    }
    explaining->situation.held = held;
    explaining->situation.held_count = count;
    return count > 0;
}

static bool decide_again(struct explaining *explaining)
{
    engine_decide(explaining->flow->engine, &explaining->situation, &explaining->decision);
    return is_as_logged(explaining);
}

static bool take_again(struct explaining *explaining)
{
    return explaining->flow->engine != NULL && resolve_again(explaining) &&
           (decide_again(explaining) || (hold_limited(explaining) && decide_again(explaining)));
}

static void put_choice(struct buffer *out, const struct explaining *explaining, bool again)
{
    const struct engine *engine = explaining->flow->engine;
    const struct snapshot *snapshot = engine == NULL ? NULL : engine_snapshot(engine);
    reply_word(out, "items");
    if (again)
        recommend_reply_items(snapshot, &explaining->situation, &explaining->decision, out);
    else
        logged_reply_items(&explaining->record, snapshot, out);
    reply_word(out, "experiments");
    reply_map(out, 0);
    reply_word(out, "trace");
    if (again)
        recommend_reply_traces(snapshot, &explaining->decision, out);
    else
        logged_reply_trace(&explaining->record, out);
}

static void put_decision(struct buffer *out, struct explaining *explaining)
{
    const struct record *record = &explaining->record;
    bool again = take_again(explaining);
    reply_map(out, FIELDS);
    logged_reply_head(record, out);
    reply_word(out, "known");
    reply_bool(out, record->state.length > 0 || had_fallback(record, DECISION_FALLBACK_RESTRICTED));
    put_choice(out, explaining, again);
}

bool explain_answer(struct flow *flow, struct text record, struct buffer *out, struct error *error)
{
    struct explaining explaining = {.flow = flow};
    arena_create(&explaining.arena, ARENA_BLOCK);
    bool decoded = record_decode(&explaining.record, &explaining.arena, record, error);
    if (decoded)
        put_decision(out, &explaining);
    msgpack_zone_clear(&flow->zone);
    arena_destroy(&explaining.arena);
    return decoded;
}

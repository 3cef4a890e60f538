/*
 * Telling of a decision from its record. While the site is the one that it was taken with, it is taken once
 * more, from the same request, customer, clock and seed, so that the trace is whole; else the trace is what
 * the record says of the candidates.
 */
#include "flow/explain.h"

#include <msgpack/unpack.h>

#include "decisionlog/log_reader.h"
#include "flow/recommend_reply.h"
#include "flow/resolve.h"
#include "model/packed.h"
#include "wire/value.h"

enum { ARENA_BLOCK = 64 * 1024, FIELDS = 16, ITEM_FIELDS = 5, TRACE_FIELDS = 5 };

/* A decision being explained. */
struct explaining {
    struct flow *flow;
    struct text id;
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
    struct text bytes = explaining->record.request;
    size_t offset = 0;
    return packed_is_value(bytes) &&
           msgpack_unpack(bytes.bytes, bytes.length, &offset, &explaining->flow->zone, request) ==
               MSGPACK_UNPACK_SUCCESS &&
           method_read_arguments(METHOD_RECOMMEND, request, arguments, NULL);
}

static bool resolve_again(struct explaining *explaining, const struct arguments *arguments)
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
    if (!resolve_situation(&resolving, &explaining->situation, NULL))
        return false;
    explaining->situation.explain = true;
    explaining->situation.reserved_ms = flow->options.reserve_ms;
    explaining->situation.stock = (struct situation_stock){explaining, stock_given_cb};
    return true;
}

static bool is_the_same(const struct explaining *explaining)
{
    const struct snapshot *snapshot = engine_snapshot(explaining->flow->engine);
    const struct decision *decision = &explaining->decision;
    if (decision->count != explaining->record.item_count)
        return false;
    for (uint32_t i = 0; i < decision->count; i++)
        if (!text_equal(snapshot->offers[decision->items[i].offer].id, explaining->record.items[i].offer))
            return false;
    return true;
}

/* Offers that reached a limit, so the record says: other requests may have taken what was left of it. */
static bool hold_limited(struct explaining *explaining)
{
    const struct record *record = &explaining->record;
    const struct snapshot *snapshot = engine_snapshot(explaining->flow->engine);
    uint32_t count = 0;
    struct situation_held *held =
        arena_allocate(&explaining->arena, (record->candidate_count + 1) * sizeof *held);
    for (uint32_t i = 0; held != NULL && i < record->candidate_count; i++) {
        uint32_t offer = symbols_find(&snapshot->offer_names, record->candidates[i].offer);
        if (record->candidates[i].gate == DECISION_GATE_LIMIT && offer != SNAPSHOT_NONE)
            held[count++] = (struct situation_held){offer, SITUATION_LOST_LIMIT, SNAPSHOT_NONE};
    }
    explaining->situation.held = held;
    explaining->situation.held_count = count;
    return count > 0;
}

static bool decide_again(struct explaining *explaining)
{
    engine_decide(explaining->flow->engine, &explaining->situation, &explaining->decision);
    return is_the_same(explaining);
}

static bool take_again(struct explaining *explaining)
{
    struct flow *flow = explaining->flow;
    msgpack_object request;
    struct arguments arguments;
    return flow->engine != NULL &&
           text_equal(explaining->record.version, text_from(engine_version(flow->engine))) &&
           unpack_request(explaining, &request, &arguments) && resolve_again(explaining, &arguments) &&
           (decide_again(explaining) || (hold_limited(explaining) && decide_again(explaining)));
}

static void put_item(struct buffer *out, const struct record_item *item)
{
    reply_map(out, ITEM_FIELDS);
    reply_word(out, "offer");
    reply_text(out, item->offer);
    reply_word(out, "kind");
    reply_filled_text(out, item->kind);
    reply_word(out, "strategy");
    reply_filled_text(out, item->strategy);
    reply_word(out, "score");
    reply_number(out, item->score);
    reply_word(out, "propensity");
    reply_number(out, item->propensity);
}

static const struct record_item *find_item(const struct record *record, struct text offer)
{
    for (uint32_t i = 0; i < record->item_count; i++)
        if (text_equal(record->items[i].offer, offer))
            return &record->items[i];
    return NULL;
}

static void put_candidate(struct buffer *out, const struct record *record,
                          const struct record_candidate *candidate)
{
    const struct record_item *item = find_item(record, candidate->offer);
    reply_map(out, TRACE_FIELDS);
    reply_word(out, "offer");
    reply_text(out, candidate->offer);
    reply_word(out, "gate");
    reply_text_or_nil(out, text_from(decision_gate_name((enum decision_gate)candidate->gate)));
    reply_word(out, "because");
    reply_nil(out);
    reply_word(out, "score");
    reply_number(out, candidate->score);
    reply_word(out, "propensity");
    reply_number(out, item == NULL ? 0 : item->propensity);
}

static bool is_candidate(const struct record *record, struct text offer)
{
    for (uint32_t i = 0; i < record->candidate_count; i++)
        if (text_equal(record->candidates[i].offer, offer))
            return true;
    return false;
}

/* Fallbacks were chosen without being candidates. */
static void put_candidates(struct buffer *out, const struct record *record)
{
    uint32_t count = record->candidate_count;
    for (uint32_t i = 0; i < record->item_count; i++)
        count += !is_candidate(record, record->items[i].offer);
    reply_array(out, count);
    for (uint32_t i = 0; i < record->candidate_count; i++)
        put_candidate(out, record, &record->candidates[i]);
    for (uint32_t i = 0; i < record->item_count; i++) {
        const struct record_item *item = &record->items[i];
        struct record_candidate chosen = {item->offer, DECISION_GATE_CHOSEN, item->score};
        if (!is_candidate(record, item->offer))
            put_candidate(out, record, &chosen);
    }
}

static void put_head(struct buffer *out, const struct explaining *explaining)
{
    const struct record *record = &explaining->record;
    reply_word(out, "decision");
    reply_text(out, explaining->id);
    reply_word(out, "at");
    reply_number(out, (double)record->clock_us / 1e6);
    reply_word(out, "customer");
    reply_filled_text(out, record->customer);
    reply_word(out, "known");
    reply_bool(out, record->state.length > 0);
    reply_word(out, "journey");
    reply_filled_text(out, record->journey);
    reply_word(out, "stage");
    reply_filled_text(out, record->stage);
    reply_word(out, "persona");
    reply_filled_text(out, record->persona);
    reply_word(out, "placement");
    reply_filled_text(out, record->placement);
    reply_word(out, "locale");
    reply_filled_text(out, record->locale);
    reply_word(out, "strategy");
    reply_filled_text(out, record->strategy);
    reply_word(out, "version");
    reply_filled_text(out, record->version);
    reply_word(out, "fallback");
    reply_filled_text(out, record->fallback);
    reply_word(out, "because");
    reply_filled_text(out, record->because);
}

static void put_items(struct buffer *out, const struct explaining *explaining, bool again)
{
    const struct record *record = &explaining->record;
    reply_word(out, "items");
    if (again) {
        recommend_reply_items(engine_snapshot(explaining->flow->engine), &explaining->situation,
                              &explaining->decision, out);
        return;
    }
    reply_array(out, record->item_count);
    for (uint32_t i = 0; i < record->item_count; i++)
        put_item(out, &record->items[i]);
}

static void put_trace(struct buffer *out, const struct explaining *explaining, bool again)
{
    reply_word(out, "trace");
    if (again) {
        recommend_reply_traces(engine_snapshot(explaining->flow->engine), &explaining->decision, out);
        return;
    }
    put_candidates(out, &explaining->record);
}

static void put_decision(struct buffer *out, struct explaining *explaining)
{
    bool again = take_again(explaining);
    reply_map(out, FIELDS);
    put_head(out, explaining);
    put_items(out, explaining, again);
    reply_word(out, "experiments");
    reply_map(out, 0);
    put_trace(out, explaining, again);
}

static bool find(struct explaining *explaining, struct buffer *bytes, struct error *error)
{
    struct decision_id id;
    char shown[200];
    if (!decision_id_read(explaining->id, &id))
        return error_set(error, ERROR_NOT_FOUND, "decision: no decision '%s'",
                         text_escape(explaining->id, shown, sizeof shown));
    bool logged = log_find(explaining->flow->recall->directory, &id, bytes, error);
    if (!logged && error->code == ERROR_NOT_FOUND)
        error_set(error, ERROR_NOT_FOUND, "decision: the log of decisions does not have '%s'",
                  text_escape(explaining->id, shown, sizeof shown));
    return logged && record_decode(&explaining->record, &explaining->arena,
                                   (struct text){bytes->bytes, bytes->length}, error);
}

bool explain_answer(struct flow *flow, struct text decision, struct buffer *out, struct error *error)
{
    struct explaining explaining = {.flow = flow, .id = decision};
    struct buffer bytes;
    buffer_create(&bytes);
    arena_create(&explaining.arena, ARENA_BLOCK);
    bool found = find(&explaining, &bytes, error);
    if (found)
        put_decision(out, &explaining);
    msgpack_zone_clear(&flow->zone);
    arena_destroy(&explaining.arena);
    buffer_destroy(&bytes);
    return found;
}

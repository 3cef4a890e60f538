/* Encoding a decision: fixed parts were encoded when the site was loaded. */
#include "flow/recommend_reply.h"

#include "catalogue/index.h"
#include "catalogue/item.h"
#include "wire/reply.h"

enum { FIELDS = 8 + CELL_PLACE_FIELDS, ITEM_FIELDS = ITEM_FIXED_FIELDS + 3, TRACE_FIELDS = 5 };

/* Heads of the map, of the word "decision" with its characters, and of the name. */
_Static_assert(FIELDS + 1 < 16 && RECOMMEND_REPLY_NAME_AT == 1 + 1 + 8 + 1 && DECISION_ID_LENGTH < 32,
               "each head takes one byte");

void decision_id(const struct snapshot *snapshot, const struct situation *situation,
                 char out[DECISION_ID_LENGTH + 1])
{
    struct decision_id id = decision_id_of(situation->now_us, situation->seed, text_from(snapshot->version));
    decision_id_write(&id, out);
}

static void put_name(struct buffer *out, bool known, struct text name)
{
    if (known)
        reply_text(out, name);
    else
        reply_nil(out);
}

static struct text item_because(const struct snapshot *snapshot, const struct decision_item *item)
{
    if (item->because.bytes != NULL)
        return item->because;
    if (item->strategy == SNAPSHOT_NONE)
        return TEXT("highest priority");
    return snapshot->strategies[item->strategy].name;
}

static void put_item(struct buffer *out, const struct snapshot *snapshot, const struct situation *situation,
                     const struct decision_item *item)
{
    const struct offer *offer = &snapshot->offers[item->offer];
    uint32_t locale = item_locale(offer, situation->locale, snapshot->journeys[situation->journey].locale);
    reply_map(out, ITEM_FIELDS);
    buffer_append(out, offer->items[locale].bytes, offer->items[locale].length);
    reply_word(out, "score");
    reply_number(out, item->score);
    reply_word(out, "propensity");
    reply_number(out, item->propensity);
    reply_word(out, "because");
    reply_text(out, item_because(snapshot, item));
}

void recommend_reply_items(const struct snapshot *snapshot, const struct situation *situation,
                           const struct decision *decision, struct buffer *out)
{
    reply_array(out, decision->count);
    for (uint32_t i = 0; i < decision->count; i++)
        put_item(out, snapshot, situation, &decision->items[i]);
}

static void put_place(struct buffer *out, const struct snapshot *snapshot, const struct situation *situation,
                      bool known)
{
    const struct cell *cell = index_cell(snapshot, situation->placement, situation->stage);
    char id[DECISION_ID_LENGTH + 1];
    decision_id(snapshot, situation, id);
    reply_word(out, "decision");
    reply_text(out, (struct text){id, DECISION_ID_LENGTH});
    reply_word(out, "known");
    reply_bool(out, known);
    buffer_append(out, cell->place.bytes, cell->place.length);
    reply_word(out, "persona");
    put_name(out, situation->persona != SNAPSHOT_NONE,
             situation->persona == SNAPSHOT_NONE ? (struct text){NULL, 0}
                                                 : snapshot->personas[situation->persona].name);
}

static void put_trace(struct buffer *out, const struct snapshot *snapshot, const struct decision_trace *trace)
{
    const char *gate = decision_gate_name(trace->gate);
    reply_map(out, TRACE_FIELDS);
    reply_word(out, "offer");
    reply_text(out, snapshot->offers[trace->offer].id);
    reply_word(out, "gate");
    reply_text_or_nil(out, text_from(gate));
    reply_word(out, "because");
    reply_text(out, trace->because);
    reply_word(out, "score");
    reply_number(out, trace->score);
    reply_word(out, "propensity");
    reply_number(out, trace->propensity);
}

void recommend_reply_traces(const struct snapshot *snapshot, const struct decision *decision,
                            struct buffer *out)
{
    reply_array(out, decision->trace_count);
    for (uint32_t i = 0; i < decision->trace_count; i++)
        put_trace(out, snapshot, &decision->traces[i]);
}

void recommend_reply(const struct snapshot *snapshot, const struct situation *situation,
                     const struct decision *decision, bool known, struct buffer *out)
{
    reply_map(out, FIELDS + situation->explain);
    put_place(out, snapshot, situation, known);
    reply_word(out, "strategy");
    put_name(out, decision->strategy != SNAPSHOT_NONE,
             decision->strategy == SNAPSHOT_NONE ? (struct text){NULL, 0}
                                                 : snapshot->strategies[decision->strategy].name);
    reply_word(out, "items");
    recommend_reply_items(snapshot, situation, decision, out);
    reply_word(out, "fallback");
    reply_text_or_nil(out, text_from(decision_fallback_name(decision->fallback)));
    reply_word(out, "experiments");
    reply_map(out, 0);
    reply_word(out, "because");
    reply_text_or_nil(out, decision->because);
    if (!situation->explain)
        return;
    reply_word(out, "trace");
    recommend_reply_traces(snapshot, decision, out);
}

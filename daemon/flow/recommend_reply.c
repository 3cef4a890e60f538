/* Encoding a decision: fixed parts were encoded when the site was loaded. */
#include "flow/recommend_reply.h"

#include "catalogue/index.h"
#include "catalogue/item.h"
#include "wire/reply.h"

enum { FIELDS = 8 + CELL_PLACE_FIELDS, ITEM_FIELDS = ITEM_FIXED_FIELDS + 3, TRACE_FIELDS = 5 };

static void base64url(const uint8_t *bytes, size_t length, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < length; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            *out++ = digits[bits >> (held - 6) & 63];
    }
    if (held > 0)
        *out++ = digits[bits << (6 - held) & 63];
    *out = '\0';
}

static void put_u64(uint8_t *out, uint64_t number)
{
    for (int i = 7; i >= 0; i--, number >>= 8)
        out[i] = (uint8_t)number;
}

void decision_id(const struct snapshot *snapshot, const struct situation *situation,
                 char out[DECISION_ID_LENGTH + 1])
{
    uint8_t bytes[20];
    put_u64(bytes, (uint64_t)situation->now_us);
    put_u64(bytes + 8, situation->seed);
    memcpy(bytes + 16, snapshot->version, 4);
    base64url(bytes, sizeof bytes, out);
}

static void put_name(msgpack_packer *packer, bool known, struct text name)
{
    if (known)
        reply_text(packer, name);
    else
        msgpack_pack_nil(packer);
}

static struct text item_because(const struct snapshot *snapshot, const struct decision_item *item)
{
    if (item->because.bytes != NULL)
        return item->because;
    if (item->strategy == SNAPSHOT_NONE)
        return TEXT("highest priority");
    return snapshot->strategies[item->strategy].name;
}

static void put_item(msgpack_packer *packer, struct buffer *out, const struct snapshot *snapshot,
                     const struct situation *situation, const struct decision_item *item)
{
    const struct offer *offer = &snapshot->offers[item->offer];
    uint32_t locale = item_locale(offer, situation->locale, snapshot->journeys[situation->journey].locale);
    msgpack_pack_map(packer, ITEM_FIELDS);
    buffer_append(out, offer->items[locale].bytes, offer->items[locale].length);
    reply_word(packer, "score");
    reply_number(packer, item->score);
    reply_word(packer, "propensity");
    reply_number(packer, item->propensity);
    reply_word(packer, "because");
    reply_text(packer, item_because(snapshot, item));
}

static void put_items(msgpack_packer *packer, struct buffer *out, const struct snapshot *snapshot,
                      const struct situation *situation, const struct decision *decision)
{
    reply_word(packer, "items");
    msgpack_pack_array(packer, decision->count);
    for (uint32_t i = 0; i < decision->count; i++)
        put_item(packer, out, snapshot, situation, &decision->items[i]);
}

static void put_place(msgpack_packer *packer, struct buffer *out, const struct snapshot *snapshot,
                      const struct situation *situation)
{
    const struct cell *cell = index_cell(snapshot, situation->placement, situation->stage);
    char id[DECISION_ID_LENGTH + 1];
    decision_id(snapshot, situation, id);
    reply_word(packer, "decision");
    reply_text(packer, (struct text){id, DECISION_ID_LENGTH});
    reply_word(packer, "known");
    msgpack_pack_false(packer);
    buffer_append(out, cell->place.bytes, cell->place.length);
    reply_word(packer, "persona");
    put_name(packer, situation->persona != SNAPSHOT_NONE,
             situation->persona == SNAPSHOT_NONE ? (struct text){NULL, 0}
                                                 : snapshot->personas[situation->persona].name);
}

static void put_trace(msgpack_packer *packer, const struct snapshot *snapshot,
                      const struct decision_trace *trace)
{
    const char *gate = decision_gate_name(trace->gate);
    msgpack_pack_map(packer, TRACE_FIELDS);
    reply_word(packer, "offer");
    reply_text(packer, snapshot->offers[trace->offer].id);
    reply_word(packer, "gate");
    reply_text_or_nil(packer, text_from(gate));
    reply_word(packer, "because");
    reply_text(packer, trace->because);
    reply_word(packer, "score");
    reply_number(packer, trace->score);
    reply_word(packer, "propensity");
    reply_number(packer, trace->propensity);
}

static void put_traces(msgpack_packer *packer, const struct snapshot *snapshot,
                       const struct decision *decision)
{
    reply_word(packer, "trace");
    msgpack_pack_array(packer, decision->trace_count);
    for (uint32_t i = 0; i < decision->trace_count; i++)
        put_trace(packer, snapshot, &decision->traces[i]);
}

void recommend_reply(const struct snapshot *snapshot, const struct situation *situation,
                     const struct decision *decision, struct buffer *out)
{
    msgpack_packer packer;
    reply_packer(&packer, out);
    msgpack_pack_map(&packer, FIELDS + situation->explain);
    put_place(&packer, out, snapshot, situation);
    reply_word(&packer, "strategy");
    put_name(&packer, decision->strategy != SNAPSHOT_NONE,
             decision->strategy == SNAPSHOT_NONE ? (struct text){NULL, 0}
                                                 : snapshot->strategies[decision->strategy].name);
    put_items(&packer, out, snapshot, situation, decision);
    reply_word(&packer, "fallback");
    reply_text_or_nil(&packer, text_from(decision_fallback_name(decision->fallback)));
    reply_word(&packer, "experiments");
    msgpack_pack_map(&packer, 0);
    reply_word(&packer, "because");
    reply_text_or_nil(&packer, decision->because);
    if (situation->explain)
        put_traces(&packer, snapshot, decision);
}

/* Encoding what the log has of a decision. */
#include "flow/logged_reply.h"

#include <msgpack/unpack.h>
#include <stdio.h>

#include "catalogue/item.h"
#include "decide/decision.h"
#include "model/decision_id.h"
#include "model/packed.h"
#include "wire/plain.h"
#include "wire/reply.h"

enum {
    ITEM_FIELDS = ITEM_FIXED_FIELDS + 3,
    TRACE_FIELDS = 5,
    DECISION_FIELDS = LOGGED_REPLY_HEAD_FIELDS + 2,
    BARE_ITEM_FIELDS = 5,
};

/* ---- The head ---- */

static void put_id(struct buffer *out, const struct record *record)
{
    struct decision_id id = decision_id_of(record->clock_us, record->seed, record->version);
    char words[DECISION_ID_LENGTH + 1];
    decision_id_write(&id, words);
    reply_word(out, "decision");
    reply_text(out, (struct text){words, DECISION_ID_LENGTH});
}

void logged_reply_head(const struct record *record, struct buffer *out)
{
    put_id(out, record);
    reply_word(out, "at");
    reply_number(out, (double)record->clock_us / 1e6);
    reply_word(out, "customer");
    reply_filled_text(out, record->customer);
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

/* ---- The decision as it is kept ---- */

bool logged_reply_read_request(const struct record *record, msgpack_zone *zone, msgpack_object *request,
                               bool *failed)
{
    size_t offset = 0;
    *failed = false;
    if (!packed_is_value(record->request))
        return false;
    msgpack_unpack_return status =
        msgpack_unpack(record->request.bytes, record->request.length, &offset, zone, request);
    *failed = status == MSGPACK_UNPACK_NOMEM_ERROR;
    return status == MSGPACK_UNPACK_SUCCESS;
}

/* It is logged as it came: with bin for texts, say. */
static void put_request(struct buffer *out, const struct record *record, msgpack_zone *zone)
{
    msgpack_object request;
    bool failed;
    reply_word(out, "request");
    if (logged_reply_read_request(record, zone, &request, &failed))
        plain_put_map(out, &request);
    else
        reply_nil(out);
    out->failed |= failed;
}

static void put_bare_item(struct buffer *out, const struct record_item *item)
{
    reply_map(out, BARE_ITEM_FIELDS);
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

void logged_reply_decision(const struct record *record, msgpack_zone *zone, struct buffer *out)
{
    reply_map(out, DECISION_FIELDS);
    logged_reply_head(record, out);
    put_request(out, record, zone);
    reply_word(out, "items");
    reply_array(out, record->item_count);
    for (uint32_t i = 0; i < record->item_count; i++)
        put_bare_item(out, &record->items[i]);
}

/* ---- What is known of items and candidates ---- */

static const struct record_item *find_item(const struct record *record, struct text offer)
{
    for (uint32_t i = 0; i < record->item_count; i++)
        if (text_equal(record->items[i].offer, offer))
            return &record->items[i];
    return NULL;
}

static bool is_candidate(const struct record *record, struct text offer)
{
    for (uint32_t i = 0; i < record->candidate_count; i++)
        if (text_equal(record->candidates[i].offer, offer))
            return true;
    return false;
}

/* ---- Reasons ---- */

static void put_reason(struct buffer *out, const char *reason)
{
    char words[80];
    snprintf(words, sizeof words, "as logged: %s", reason);
    reply_text(out, text_from(words));
}

/* Fallbacks are shown without having been candidates. */
static void put_choosing_reason(struct buffer *out, const struct record *record, struct text offer)
{
    const struct record_item *item = find_item(record, offer);
    char words[400], name[300];
    if (item != NULL && item->strategy.length > 0) {
        text_escape(item->strategy, name, sizeof name);
        snprintf(words, sizeof words, "as logged: chosen by strategy '%s'", name);
        reply_text(out, text_from(words));
        return;
    }
    put_reason(out, is_candidate(record, offer) ? "highest priority" : "the placement's fallback");
}

/* The gate may stand in a record that some other program wrote. */
static const char *stopping_reason(uint8_t gate)
{
    static const char *const reasons[] = {
        [DECISION_GATE_LIMIT] = "a limit was reached",
        [DECISION_GATE_STOCK] = "all there were had been given",
        [DECISION_GATE_RESTED] = "a limit was reached, and its rest was not over",
        [DECISION_GATE_STRATEGY] = "no strategy took it",
        [DECISION_GATE_RANK] = "others were better, or filled the slots before",
    };
    const char *reason = gate < sizeof reasons / sizeof *reasons ? reasons[gate] : NULL;
    return reason != NULL ? reason : "stopped, nothing more is known";
}

/* ---- Items ---- */

/* Encoded by the present site in the language of then; no bytes where it does not have the offer. */
static struct text encoded_offer(const struct record *record, const struct snapshot *snapshot, struct text id)
{
    static const struct text none = {NULL, 0};
    uint32_t number = snapshot == NULL ? SNAPSHOT_NONE : symbols_find(&snapshot->offer_names, id);
    if (number == SNAPSHOT_NONE)
        return none;
    uint32_t journey = symbols_find(&snapshot->journey_names, record->journey);
    uint32_t otherwise =
        snapshot->journeys[journey == SNAPSHOT_NONE ? snapshot->default_journey : journey].locale;
    uint32_t asked = snapshot_find_locale(snapshot, record->locale);
    const struct offer *offer = &snapshot->offers[number];
    uint32_t locale = item_locale(offer, asked == SNAPSHOT_NONE ? otherwise : asked, otherwise);
    return locale == SNAPSHOT_NONE ? none : offer->items[locale];
}

static void put_lost_offer(struct buffer *out, const struct record_item *item)
{
    reply_word(out, "offer");
    reply_text(out, item->offer);
    reply_word(out, "kind");
    reply_filled_text(out, item->kind);
    reply_word(out, "title");
    reply_nil(out);
    reply_word(out, "url");
    reply_nil(out);
    reply_word(out, "data");
    reply_nil(out);
}

static void put_item(struct buffer *out, const struct record *record, const struct snapshot *snapshot,
                     const struct record_item *item)
{
    struct text encoded = encoded_offer(record, snapshot, item->offer);
    reply_map(out, ITEM_FIELDS);
    if (encoded.bytes != NULL)
        buffer_append(out, encoded.bytes, encoded.length);
    else
        put_lost_offer(out, item);
    reply_word(out, "score");
    reply_number(out, item->score);
    reply_word(out, "propensity");
    reply_number(out, item->propensity);
    reply_word(out, "because");
    put_choosing_reason(out, record, item->offer);
}

void logged_reply_items(const struct record *record, const struct snapshot *snapshot, struct buffer *out)
{
    reply_array(out, record->item_count);
    for (uint32_t i = 0; i < record->item_count; i++)
        put_item(out, record, snapshot, &record->items[i]);
}

/* ---- The trace ---- */

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
    if (candidate->gate == DECISION_GATE_CHOSEN)
        put_choosing_reason(out, record, candidate->offer);
    else
        put_reason(out, stopping_reason(candidate->gate));
    reply_word(out, "score");
    reply_number(out, candidate->score);
    reply_word(out, "propensity");
    reply_number(out, item == NULL ? 0 : item->propensity);
}

void logged_reply_trace(const struct record *record, struct buffer *out)
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

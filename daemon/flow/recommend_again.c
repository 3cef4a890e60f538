/* An answer is kept as its bytes, and given again under another name. */
#include "flow/recommend_again.h"

#include "base/clock.h"
#include "flow/decision_record.h"
#include "flow/recommend_reply.h"
#include "script/site.h"

static struct metrics_slot *own_slot(struct flow *flow)
{
    return &flow->options.slots[flow->options.own_slot];
}

/* Of anybody who is known by an id more may be known the next time. */
static bool is_about_anybody(const struct flow *flow, const struct situation *situation)
{
    return situation->customer.length == 0 && !situation->explain && flow->assumed == NULL &&
           flow->request.length > 0;
}

/* What the log is to get of it each time; false: memory is out. */
static bool encode_record(struct flow *flow, const struct situation *situation,
                          const struct decision *decision, struct buffer *out)
{
    struct decision_record record;
    if (flow->recall == NULL)
        return true;
    decision_record_fill(&record, engine_snapshot(flow->engine), situation, decision, NULL, flow->request,
                         (struct text){NULL, 0});
    size_t size = record_size(&record.record);
    buffer_clear(out, SIZE_MAX);
    if (!buffer_extend(out, size))
        return false;
    record_encode(&record.record, out->bytes);
    return true;
}

void recommend_keep(struct flow *flow, const struct situation *situation, const struct decision *decision,
                    struct text reply)
{
    struct repeats *repeats = engine_repeats(flow->engine);
    struct repeat answer = {.reply = reply, .items = decision->count};
    if (!is_about_anybody(flow, situation) ||
        !engine_is_steady(flow->engine, situation, decision, &answer.from, &answer.until) ||
        !repeats_wants(repeats, flow->request) || !encode_record(flow, situation, decision, &flow->packed))
        return;
    if (flow->recall != NULL)
        answer.record = (struct text){flow->packed.bytes, flow->packed.length};
    answer.trail = script_site_trail(engine_scripts(flow->engine));
    repeats_keep(repeats, flow->request, &answer);
}

static void put_again(struct flow *flow, const struct repeat *answer, const struct decision_id *id,
                      struct buffer *out)
{
    char name[DECISION_ID_LENGTH + 1];
    char *reply = buffer_extend(out, answer->reply.length);
    if (reply == NULL)
        return;
    memcpy(reply, answer->reply.bytes, answer->reply.length);
    decision_id_write(id, name);
    memcpy(reply + RECOMMEND_REPLY_NAME_AT, name, DECISION_ID_LENGTH);
    struct metrics_slot *slot = own_slot(flow);
    metrics_add(slot, METRICS_recommends, 1);
    metrics_add(slot, METRICS_recommends_remembered, 1);
    metrics_add(slot, METRICS_items, answer->items);
    metrics_add(slot, METRICS_empty_answers, answer->items == 0);
}

bool recommend_again(struct flow *flow, struct text request, struct buffer *out)
{
    struct repeat answer;
    if (flow->engine == NULL)
        return false;
    int64_t now_us = clock_wall_us();
    if (!repeats_find(engine_repeats(flow->engine), request, (double)now_us / 1e6, &answer))
        return false;
    const struct record_key key = {now_us, random_exact(&flow->seeds)};
    const struct decision_id id =
        decision_id_of(key.clock_us, key.seed, text_from(engine_version(flow->engine)));
    script_site_add_answers(engine_scripts(flow->engine), answer.trail);
    if (answer.record.length > 0 && !link_record_again(&flow->recall->link, answer.record, &key))
        metrics_add(own_slot(flow), METRICS_decisions_unrecorded, 1);
    put_again(flow, &answer, &id, out);
    return true;
}

/* Summing the slots of the metrics page. */
#include "flow/stats.h"

#include "base/clock.h"
#include "script/site.h"

static double sum(const struct flow *flow, enum metrics_counter counter)
{
    uint64_t total = 0;
    for (size_t i = 0; i < flow->options.slot_count; i++)
        total += flow->options.slots[i].values[counter];
    return (double)total;
}

static void put_counters(msgpack_packer *packer, const struct flow *flow)
{
    reply_word(packer, "counters");
    msgpack_pack_map(packer, METRICS_SUMMED);
    for (int i = 0; i < METRICS_SUMMED; i++) {
        reply_text(packer, text_from(metrics_name((enum metrics_counter)i)));
        reply_number(packer, sum(flow, (enum metrics_counter)i));
    }
}

static void put_set_aside(msgpack_packer *packer, struct engine *engine)
{
    const struct snapshot *snapshot = engine_snapshot(engine);
    struct script_site *scripts = engine_scripts(engine);
    reply_word(packer, "set_aside");
    msgpack_pack_array(packer, script_site_set_aside_count(scripts));
    for (uint32_t i = 0; i < snapshot->strategy_count; i++)
        if (script_site_is_set_aside(scripts, i))
            reply_text(packer, snapshot->strategies[i].name);
}

static void put_site(msgpack_packer *packer, struct engine *engine)
{
    const struct snapshot *snapshot = engine_snapshot(engine);
    reply_word(packer, "site");
    msgpack_pack_map(packer, 8);
    reply_word(packer, "name");
    reply_text(packer, snapshot->name);
    reply_word(packer, "version");
    reply_text(packer, text_from(snapshot->version));
    reply_word(packer, "journeys");
    msgpack_pack_uint32(packer, snapshot->journey_count);
    reply_word(packer, "stages");
    msgpack_pack_uint32(packer, snapshot->stage_count);
    reply_word(packer, "placements");
    msgpack_pack_uint32(packer, snapshot->placement_count);
    reply_word(packer, "offers");
    msgpack_pack_uint32(packer, snapshot->offer_count);
    reply_word(packer, "strategies");
    msgpack_pack_uint32(packer, snapshot->strategy_count);
    put_set_aside(packer, engine);
}

void stats_answer(struct flow *flow, struct buffer *out)
{
    msgpack_packer packer;
    reply_packer(&packer, out);
    msgpack_pack_map(&packer, flow->engine == NULL ? 3 : 4);
    reply_word(&packer, "uptime");
    reply_number(&packer, (double)(clock_monotonic_ms() - flow->started_ms) / 1000.0);
    reply_word(&packer, "workers");
    reply_number(&packer, (double)flow->options.workers);
    put_counters(&packer, flow);
    if (flow->engine != NULL)
        put_site(&packer, flow->engine);
}

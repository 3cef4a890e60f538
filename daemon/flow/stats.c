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

static double most(const struct flow *flow, enum metrics_counter counter)
{
    uint64_t greatest = 0;
    for (size_t i = 0; i < flow->options.slot_count; i++)
        if (flow->options.slots[i].values[counter] > greatest)
            greatest = flow->options.slots[i].values[counter];
    return (double)greatest;
}

static void put_counters(struct buffer *out, const struct flow *flow)
{
    reply_word(out, "counters");
    reply_map(out, METRICS_TOLD);
    for (int i = 0; i < METRICS_TOLD; i++) {
        enum metrics_counter counter = (enum metrics_counter)i;
        reply_text(out, text_from(metrics_name(counter)));
        reply_number(out, i < METRICS_SUMMED ? sum(flow, counter) : most(flow, counter));
    }
}

/* A persona may have a strategy's name. */
static void put_function(struct buffer *out, const struct snapshot *snapshot, uint32_t function)
{
    char name[400];
    if (function < snapshot->strategy_count) {
        reply_text(out, snapshot->strategies[function].name);
        return;
    }
    struct text persona = snapshot->personas[function - snapshot->strategy_count].name;
    snprintf(name, sizeof name, "persona %.*s", (int)persona.length, persona.bytes);
    reply_text(out, text_from(name));
}

static void put_set_aside(struct buffer *out, struct engine *engine)
{
    const struct snapshot *snapshot = engine_snapshot(engine);
    struct script_site *scripts = engine_scripts(engine);
    uint32_t functions = snapshot->strategy_count + snapshot->persona_count;
    reply_word(out, "set_aside");
    reply_array(out, script_site_set_aside_count(scripts));
    for (uint32_t i = 0; i < functions; i++)
        if (script_site_is_set_aside(scripts, i))
            put_function(out, snapshot, i);
    reply_word(out, "set_aside_because");
    reply_map(out, script_site_set_aside_count(scripts));
    for (uint32_t i = 0; i < functions; i++) {
        if (!script_site_is_set_aside(scripts, i))
            continue;
        put_function(out, snapshot, i);
        reply_text(out, text_from(script_site_why_set_aside(scripts, i)));
    }
}

static void put_site(struct buffer *out, struct engine *engine)
{
    const struct snapshot *snapshot = engine_snapshot(engine);
    reply_word(out, "site");
    reply_map(out, 9);
    reply_word(out, "name");
    reply_text(out, snapshot->name);
    reply_word(out, "version");
    reply_text(out, text_from(snapshot->version));
    reply_word(out, "journeys");
    reply_number(out, snapshot->journey_count);
    reply_word(out, "stages");
    reply_number(out, snapshot->stage_count);
    reply_word(out, "placements");
    reply_number(out, snapshot->placement_count);
    reply_word(out, "offers");
    reply_number(out, snapshot->offer_count);
    reply_word(out, "strategies");
    reply_number(out, snapshot->strategy_count);
    put_set_aside(out, engine);
}

void stats_answer(struct flow *flow, struct buffer *out)
{
    reply_map(out, flow->engine == NULL ? 3 : 4);
    reply_word(out, "uptime");
    reply_number(out, (double)(clock_monotonic_ms() - flow->started_ms) / 1000.0);
    reply_word(out, "workers");
    reply_number(out, (double)flow->options.workers);
    put_counters(out, flow);
    if (flow->engine != NULL)
        put_site(out, flow->engine);
}

/* The summary for machines; see demo_summary.h. */
#include "ctl/demo_summary.h"

#include "ctl/demo_feed.h"
#include "ctl/demo_view.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *json_of_site(const struct demo *demo)
{
    const struct snapshot *site = demo->plan->site;
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "folder", demo->site, "version", site->version,
                     "stages", (json_int_t)site->stage_count, "placements", (json_int_t)site->placement_count,
                     "offers", (json_int_t)site->offer_count, "strategies", (json_int_t)site->strategy_count);
}

static json_t *json_of_legend(const struct demo *demo)
{
    struct demo_legend legend[DEMO_LEGEND];
    json_t *list = json_array();
    demo_view_legend(demo, legend);
    for (size_t i = 0; i < DEMO_LEGEND; i++)
        json_array_append_new(list, json_pack("{s:s%, s:s}", "stage", legend[i].stage.bytes,
                                              legend[i].stage.length, "meaning", legend[i].meaning));
    return json_pack("{s:s, s:o, s:s}", "rule", "the first that holds", "stages", list, "notes",
                     demo_view_notes());
}

static json_t *json_of_customers(const struct demo *demo, const struct demo_outcome *outcome)
{
    const struct demo_walked *walked = &outcome->walked;
    const struct demo_tally *tally = &outcome->tally;
    return json_pack("{s:I, s:I, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "count",
                     (json_int_t)demo->customers, "seed", (json_int_t)demo->seed, "weeks", DEMO_WEEKS,
                     "walked", (json_int_t)walked->customers, "visits", (json_int_t)walked->visits,
                     "returned", (json_int_t)walked->returned, "inside", (json_int_t)walked->inside,
                     "decisions", (json_int_t)tally->answered, "errors", (json_int_t)tally->failed,
                     "fallbacks", (json_int_t)tally->fallbacks);
}

static json_t *json_of_events(const struct demo_outcome *outcome)
{
    const struct demo_walked *walked = &outcome->walked;
    return json_pack("{s:I, s:I, s:I}", "told", (json_int_t)walked->told, "acknowledged",
                     (json_int_t)walked->kept, "moves", (json_int_t)walked->moves);
}

static json_t *json_of_value(const senda_value *value)
{
    char *text = value != NULL ? senda_value_to_json(value, 0) : NULL;
    json_t *json = text != NULL ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    free(text);
    return json;
}

static json_t *json_of_rows(const struct demo_tally *tally)
{
    json_t *list = json_array();
    for (size_t i = 0; i < tally->row_count; i++) {
        const struct demo_row *row = &tally->rows[i];
        const char *kind = row->kind[0] != '\0' ? row->kind : NULL;
        json_array_append_new(list,
                              json_pack("{s:s, s:s?, s:I, s:I}", "stage", row->stage, "kind", kind, "count",
                                        (json_int_t)row->count, "fallbacks", (json_int_t)row->fallbacks));
    }
    return list;
}

static json_t *json_of_falls(const struct demo_tally *tally)
{
    json_t *list = json_array();
    for (size_t i = 0; i < tally->fall_count; i++) {
        const struct demo_fall *fall = &tally->falls[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:I}", "reason", fall->reason, "stage", fall->stage,
                                        "placement", fall->placement, "count", (json_int_t)fall->count));
    }
    return list;
}

static json_t *json_of_times(const struct histogram *times)
{
    return json_pack("{s:f, s:f, s:I, s:s}", "p50", (double)histogram_quantile(times, 0.5) / 1e3, "p99",
                     (double)histogram_quantile(times, 0.99) / 1e3, "requests", (json_int_t)times->count,
                     "measured", "at the client, from sending to the decoded answer, one request at a time");
}

static json_t *json_of_throughput(const struct demo_tally *tally, uint64_t events, int depth)
{
    return json_pack("{s:f, s:I, s:I, s:f, s:i, s:i, s:s}", "per_second", demo_summary_rate(tally),
                     "requests", (json_int_t)tally->together, "events", (json_int_t)events, "seconds",
                     (double)tally->elapsed / 1e9, "connections", 1, "on_their_way", depth, "measured",
                     "at the client, its own work included");
}

static json_t *json_of_examples(const struct demo_tally *tally)
{
    const struct demo_row *chosen[DEMO_EXAMPLES];
    size_t count = demo_summary_choose(tally, chosen);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:I, s:o?}", "visitor", (json_int_t)chosen[i]->example_number,
                                        "decision", json_of_value(senda_reply_result(chosen[i]->example))));
    return list;
}

static json_t *json_of_recorded(const struct demo *demo, struct demo_tally *tally)
{
    if (demo->sessions->count == 0)
        return NULL;
    demo_summary_sort(demo, tally);
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "source", demo->source, "count",
                     (json_int_t)demo->sessions->count, "answered", (json_int_t)tally->answered, "errors",
                     (json_int_t)tally->failed, "fallbacks", (json_int_t)tally->fallbacks, "latency_us",
                     json_of_times(&tally->latencies), "throughput",
                     json_of_throughput(tally, 0, DEMO_FEED_DEPTH), "decisions", json_of_rows(tally),
                     "fallen_back", json_of_falls(tally), "legend", json_of_legend(demo));
}

static const char *first_error(const struct demo_outcome *outcome)
{
    if (outcome->tally.first_error[0] != '\0')
        return outcome->tally.first_error;
    return outcome->recorded.first_error[0] != '\0' ? outcome->recorded.first_error : NULL;
}

void demo_summary_write_json(const struct demo *demo, struct demo_outcome *outcome, FILE *file)
{
    struct demo_tally *tally = &outcome->tally;
    demo_summary_sort(demo, tally);
    json_t *whole =
        json_pack("{s:b, s:o, s:o, s:o, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:o?, s:o?}", "good",
                  demo_summary_is_good(demo, outcome), "site", json_of_site(demo), "customers",
                  json_of_customers(demo, outcome), "events", json_of_events(outcome), "first_error",
                  first_error(outcome), "latency_us", json_of_times(&tally->latencies), "acknowledged_us",
                  json_of_times(&outcome->walked.writes), "throughput",
                  json_of_throughput(tally, outcome->walked.together, DEMO_CROWD), "decisions",
                  json_of_rows(tally), "fallbacks", json_of_falls(tally), "examples", json_of_examples(tally),
                  "map", json_of_value(demo_funnel_map(&outcome->funnel)), "recorded",
                  json_of_recorded(demo, &outcome->recorded));
    json_dumpf(whole, file, JSON_INDENT(2) | JSON_REAL_PRECISION(7));
    putc('\n', file);
    json_decref(whole);
}

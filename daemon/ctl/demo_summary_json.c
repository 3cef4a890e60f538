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
    size_t count = demo_view_legend(demo, legend);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s%, s:s}", "stage", legend[i].stage.bytes,
                                              legend[i].stage.length, "meaning", legend[i].meaning));
    return json_pack("{s:s, s:o, s:s}", "rule", "the first that holds", "stages", list, "notes",
                     demo_view_notes(demo));
}

static json_t *json_of_visitors(const struct demo *demo, const struct demo_tally *tally)
{
    return json_pack("{s:I, s:b, s:s?, s:I, s:I, s:I}", "count", (json_int_t)demo->sessions->count, "made_up",
                     demo->sessions->made_up, "source", demo->source, "answered", (json_int_t)tally->answered,
                     "errors", (json_int_t)tally->failed, "fallbacks", (json_int_t)tally->fallbacks);
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

static json_t *json_of_times(const struct demo_tally *tally)
{
    const struct histogram *times = &tally->latencies;
    return json_pack("{s:f, s:f, s:I, s:s}", "p50", (double)histogram_quantile(times, 0.5) / 1e3, "p99",
                     (double)histogram_quantile(times, 0.99) / 1e3, "requests", (json_int_t)times->count,
                     "measured", "at the client, from sending to the decoded answer, one request at a time");
}

static json_t *json_of_throughput(const struct demo_tally *tally)
{
    return json_pack("{s:f, s:I, s:f, s:i, s:i, s:s}", "per_second", demo_summary_rate(tally), "requests",
                     (json_int_t)tally->together, "seconds", (double)tally->elapsed / 1e9, "connections", 1,
                     "on_their_way", DEMO_FEED_DEPTH, "measured", "at the client, its own work included");
}

static json_t *json_of_examples(const struct demo *demo, const struct demo_tally *tally)
{
    const struct demo_row *chosen[DEMO_EXAMPLES];
    size_t count = demo_summary_choose(tally, chosen);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        size_t number = chosen[i]->example_number;
        char words[256];
        demo_session_describe(&demo->sessions->list[number - 1], words, sizeof words);
        char *text = senda_value_to_json(senda_reply_result(chosen[i]->example), 0);
        json_t *result = text != NULL ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
        json_array_append_new(list, json_pack("{s:I, s:s, s:o?}", "visitor", (json_int_t)number, "who", words,
                                              "decision", result));
        free(text);
    }
    return list;
}

void demo_summary_write_json(const struct demo *demo, struct demo_tally *tally, FILE *file)
{
    const char *error = tally->first_error[0] != '\0' ? tally->first_error : NULL;
    demo_summary_sort(demo, tally);
    json_t *whole = json_pack("{s:b, s:o, s:o, s:s?, s:o, s:o, s:o, s:o, s:o, s:o}", "good",
                              demo_summary_is_good(demo, tally), "site", json_of_site(demo), "visitors",
                              json_of_visitors(demo, tally), "first_error", error, "latency_us",
                              json_of_times(tally), "throughput", json_of_throughput(tally), "decisions",
                              json_of_rows(tally), "fallbacks", json_of_falls(tally), "examples",
                              json_of_examples(demo, tally), "legend", json_of_legend(demo));
    json_dumpf(whole, file, JSON_INDENT(2) | JSON_REAL_PRECISION(7));
    putc('\n', file);
    json_decref(whole);
}

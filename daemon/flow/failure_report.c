/* A line for each function that failed. */
#include "flow/failure_report.h"

#include "base/log.h"
#include "flow/recommend_reply.h"
#include "script/site.h"

/* The first ones, then ever fewer: whoever makes a strategy fail with every request shall not fill the disk.
 */
static bool is_worth_a_line(uint32_t times)
{
    enum { ALL_UP_TO = 8 };
    return times <= ALL_UP_TO || (times & (times - 1)) == 0;
}

static void write_line(const struct script_failure *failure, const char *decision)
{
    log_warning("strategy failed", LOG_TEXT("strategy", failure->strategy), LOG_TEXT("decision", decision),
                LOG_TEXT("error", failure->in_public), LOG_NUMBER("times", failure->times),
                LOG_NUMBER("ms", failure->ms), LOG_NUMBER("kib", (int64_t)failure->bytes / 1024));
    if (strcmp(failure->message, failure->in_public) != 0)
        log_debug("strategy failed, in its own words", LOG_TEXT("strategy", failure->strategy),
                  LOG_TEXT("decision", decision), LOG_TEXT("error", failure->message));
}

static void report(struct flow *flow, const struct script_failure *failure, const char *decision)
{
    if (is_worth_a_line(failure->times))
        write_line(failure, decision);
    if (!failure->set_aside)
        return;
    log_error("strategy set aside until the next reload", LOG_TEXT("strategy", failure->strategy),
              LOG_TEXT("error", failure->in_public));
    metrics_add(&flow->options.slots[flow->options.own_slot], METRICS_strategies_set_aside, 1);
}

void failure_report(struct flow *flow, const struct situation *situation)
{
    const struct script_site *scripts = engine_scripts(flow->engine);
    uint32_t count = script_site_failure_count(scripts);
    char id[DECISION_ID_LENGTH + 1];
    if (count == 0)
        return;
    decision_id(engine_snapshot(flow->engine), situation, id);
    for (uint32_t i = 0; i < count; i++) {
        const struct script_failure failure = script_site_failure(scripts, i);
        report(flow, &failure, id);
    }
}

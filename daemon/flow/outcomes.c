/* What is answered later: when the ledger has written down, when it has not for too long, and step by step.
 */
#include "base/clock.h"
#include "flow/flow.h"
#include "flow/remember.h"

enum {
    PATIENCE_MS = 5000,  /* of requests for a ledger that is not there */
    TAKING_NS = 1000000, /* of answers, between two looks at what else there is */
};

/* Answers being handed out. */
struct taking {
    struct flow *flow;
    flow_answer_cb give;
    void *context;
    struct buffer response;
};

/* What was asked is done, but nobody can be told what came of it. */
static void respond_without_memory(struct buffer *response, const struct waiting *waiting)
{
    buffer_clear(response, SIZE_MAX);
    reply_failure(response, waiting->message_id, waiting->peer.errors, ERROR_UNAVAILABLE,
                  TEXT("out of memory for the answer; it may be done, try again"));
}

static void begin_response(struct taking *taking)
{
    taking->response.length = 0;
    taking->response.failed = false;
}

/* Whoever asked is gone, or gets the whole response. */
static void give_response(struct taking *taking, struct waiting *waiting)
{
    if (taking->response.failed)
        respond_without_memory(&taking->response, waiting);
    if (waiting->owner != NULL)
        taking->give(taking->context, waiting, &taking->response);
    waiting_free(waiting);
}

static void take(struct taking *taking, struct waiting *waiting, uint32_t part, const struct outcome *outcome)
{
    const struct flow_options *options = &taking->flow->options;
    begin_response(taking);
    metrics_add(&options->slots[options->own_slot],
                outcome->code == ERROR_NONE ? METRICS_events : METRICS_events_refused, 1);
    if (remember_take(taking->flow, waiting, part, outcome, &taking->response))
        give_response(taking, waiting);
}

static bool take_outcome_cb(void *context, const struct outcome *outcome)
{
    struct taking *taking = context;
    uint32_t part;
    struct waiting *waiting = waiting_queue_take(&taking->flow->waiting, outcome->ticket, &part);
    if (waiting != NULL)
        take(taking, waiting, part, outcome);
    return waiting != NULL;
}

/* False: there are more, for which the loop will wake. */
static bool take_outcomes(struct taking *taking)
{
    return link_take(&taking->flow->recall->link, clock_monotonic_ns() + TAKING_NS, take_outcome_cb, taking);
}

void flow_take_outcomes(struct flow *flow, flow_answer_cb give, void *context)
{
    struct taking taking = {.flow = flow, .give = give, .context = context};
    if (flow->recall != NULL)
        take_outcomes(&taking);
    buffer_destroy(&taking.response);
}

/* Answers the one that has waited longest in place of the ledger. */
static void give_up(struct taking *taking, const char *message)
{
    struct flow *flow = taking->flow;
    const struct outcome outcome = {.code = ERROR_UNAVAILABLE, .payload = text_from(message)};
    uint32_t part;
    struct waiting *waiting =
        waiting_queue_take(&flow->waiting, waiting_queue_oldest(&flow->waiting)->ticket, &part);
    link_give_up(&flow->recall->link);
    take(taking, waiting, part, &outcome);
}

/* What a ledger held when it died is answered by nobody. */
static void give_up_abandoned(struct taking *taking)
{
    struct flow *flow = taking->flow;
    uint64_t abandoned = link_abandoned(&flow->recall->link);
    const struct waiting_ticket *oldest = waiting_queue_oldest(&flow->waiting);
    if (oldest == NULL || oldest->ticket >= abandoned)
        return;
    if (!take_outcomes(taking))
        return; /* those that have come are first; the rest is looked at again */
    while ((oldest = waiting_queue_oldest(&flow->waiting)) != NULL && oldest->ticket < abandoned)
        give_up(taking, "it was interrupted; try again");
}

/* It may be done all the same, once there is a ledger again: the id of an event makes a second try harmless.
 */
static void give_up_late(struct taking *taking)
{
    struct flow *flow = taking->flow;
    const struct waiting_ticket *oldest;
    uint64_t now_ms = clock_coarse_ms();
    while ((oldest = waiting_queue_oldest(&flow->waiting)) != NULL &&
           now_ms - oldest->waiting->since_ms >= PATIENCE_MS)
        give_up(taking, "it was not written down in time; try again");
}

void flow_expire(struct flow *flow, flow_answer_cb give, void *context)
{
    struct taking taking = {.flow = flow, .give = give, .context = context};
    if (flow->recall == NULL)
        return;
    give_up_abandoned(&taking);
    if (!link_is_served(&flow->recall->link))
        give_up_late(&taking);
    buffer_destroy(&taking.response);
}

bool flow_has_more(const struct flow *flow)
{
    return jobs_are_there(&flow->jobs);
}

void flow_go_on(struct flow *flow, flow_answer_cb give, void *context)
{
    struct taking taking = {.flow = flow, .give = give, .context = context};
    begin_response(&taking);
    struct waiting *waiting = jobs_step(&flow->jobs, flow, &taking.response);
    if (waiting != NULL)
        give_response(&taking, waiting);
    buffer_destroy(&taking.response);
}

void flow_disown(struct flow *flow, const void *owner)
{
    waiting_queue_disown(&flow->waiting, owner);
    jobs_disown(&flow->jobs, owner);
}

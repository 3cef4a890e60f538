/* Answering a recommend: the customer looked up, a decision taken, its promises claimed, and all of it
 * recorded. */
#include "flow/recommend.h"

#include "base/clock.h"
#include "flow/decision_record.h"
#include "flow/failure_report.h"
#include "flow/promise.h"
#include "flow/recommend_again.h"
#include "flow/recommend_reply.h"
#include "flow/resolve.h"

/* A decision is tried so often, and for so long, before it does without everything that has to be claimed. */
enum { TRIES = 16, TRIES_MS = 10 };

/* One recommend on its way. */
struct recommending {
    struct flow *flow;
    const struct arguments *arguments;
    bool dry;                 /* nothing is claimed or recorded */
    int64_t now_us;           /* the same for all tries */
    uint64_t seed;            /* likewise */
    enum recall_found found;  /* whether the customer is known */
    struct customer customer; /* if so */
    struct situation situation;
    struct decision decision;
    uint32_t tries;   /* that failed so far */
    uint64_t lost_ms; /* monotonic: when the first of them did */
    bool unpromised;  /* what would have to be claimed is done without */
    bool asked_stock; /* how much of a stock is left was of importance */
    struct promise_claims claims;
};

static struct metrics_slot *own_slot(struct flow *flow)
{
    return &flow->options.slots[flow->options.own_slot];
}

static void count_decision(struct flow *flow, const struct decision *decision, bool dry)
{
    struct metrics_slot *slot = own_slot(flow);
    metrics_add(slot, METRICS_recommends, 1);
    metrics_add(slot, METRICS_dry_runs, dry);
    metrics_add(slot, METRICS_items, decision->count);
    metrics_add(slot, METRICS_empty_answers, decision->count == 0);
    switch (decision->fallback) {
    case DECISION_FALLBACK_NONE:
        break;
    case DECISION_FALLBACK_NO_OFFER_FITS:
        metrics_add(slot, METRICS_fallback_no_offer_fits, 1);
        break;
    case DECISION_FALLBACK_STRATEGY_ERROR:
        metrics_add(slot, METRICS_fallback_strategy_error, 1);
        break;
    case DECISION_FALLBACK_DEADLINE:
        metrics_add(slot, METRICS_fallback_deadline, 1);
        break;
    case DECISION_FALLBACK_STORE_UNAVAILABLE:
        metrics_add(slot, METRICS_fallback_store_unavailable, 1);
        break;
    case DECISION_FALLBACK_RESTRICTED:
        metrics_add(slot, METRICS_fallback_restricted, 1);
        break;
    }
}

/* Whom the request is about, as the store knows them now; without what happened later than the time assumed.
 */
static void look_up(struct recommending *recommending)
{
    struct recall *recall = recommending->flow->recall;
    struct text id = resolve_customer(recommending->arguments);
    int64_t at_us;
    recommending->found = RECALL_UNKNOWN;
    if (recall == NULL)
        return;
    if (id.bytes == NULL)
        recall_begin(recall);
    else
        recommending->found = recall_find(recall, id, &recommending->customer);
    if (recommending->found == RECALL_FOUND && resolve_clock(recommending->arguments, &at_us))
        customer_rewind(&recommending->customer, at_us / 1000);
}

/* For tests of sites, somebody may be assumed in place of whom the store knows. */
static const struct customer *known_customer(const struct recommending *recommending)
{
    if (recommending->flow->assumed != NULL)
        return recommending->flow->assumed;
    return recommending->found == RECALL_FOUND && !recommending->customer.restricted ? &recommending->customer
                                                                                     : NULL;
}

static bool stock_given_cb(void *context, uint32_t offer, uint64_t *given)
{
    struct recommending *recommending = context;
    struct flow *flow = recommending->flow;
    recommending->asked_stock = true;
    return !recommending->unpromised &&
           recall_stock_given(flow->recall, engine_snapshot(flow->engine)->offers[offer].id, given);
}

static uint32_t claims_open_cb(void *context, uint64_t hash)
{
    const struct recommending *recommending = context;
    return promise_open(recommending->flow->recall, hash);
}

/* What only a decision has to know that is taken anew. */
static void look_around(struct recommending *recommending)
{
    struct situation *situation = &recommending->situation;
    situation->retaken = true;
    situation->claims = (struct situation_claims){recommending, claims_open_cb};
}

static bool resolve(struct recommending *recommending, struct error *error)
{
    struct flow *flow = recommending->flow;
    struct situation *situation = &recommending->situation;
    struct resolving resolving = {.snapshot = engine_snapshot(flow->engine),
                                  .arguments = recommending->arguments,
                                  .known = known_customer(recommending),
                                  .zone = &flow->zone,
                                  .excluded = flow->excluded,
                                  .now_us = recommending->now_us,
                                  .seed = recommending->seed};
    if (!resolve_situation(&resolving, situation, error))
        return false;
    situation->restricted = recommending->found == RECALL_FOUND && recommending->customer.restricted;
    situation->store_unavailable = recommending->found == RECALL_UNAVAILABLE;
    situation->unpromised = recommending->unpromised;
    situation->reserved_ms = flow->options.reserve_ms;
    if (flow->recall != NULL)
        situation->stock = (struct situation_stock){recommending, stock_given_cb};
    if (recommending->tries > 0)
        look_around(recommending);
    return true;
}

static bool is_tired(const struct recommending *recommending)
{
    return recommending->tries >= TRIES && clock_monotonic_ms() - recommending->lost_ms >= TRIES_MS;
}

/*
 * Claims what the decision promises; if that cannot be done for long, the decision has to do without. A dry
 * run looks whether it could; one at another time does not, because claims are of now.
 */
static enum promise_outcome claim(struct recommending *recommending)
{
    struct flow *flow = recommending->flow;
    const struct promise *promises;
    uint32_t count;
    int64_t at_us;
    bool elsewhen = recommending->dry && resolve_clock(recommending->arguments, &at_us);
    if (elsewhen || flow->recall == NULL || recommending->unpromised)
        return PROMISE_MADE;
    if (!engine_promises(flow->engine, &recommending->decision, &promises, &count, NULL)) {
        recommending->unpromised = true; /* out of memory */
        return PROMISE_LOST;
    }
    if (count == 0)
        return PROMISE_MADE;
    if (is_tired(recommending)) {
        recommending->unpromised = true;
        return PROMISE_LOST;
    }
    return promise_claim(flow->recall, engine_snapshot(flow->engine), &recommending->decision, promises,
                         count, recommending->dry ? NULL : &recommending->claims);
}

/* False: it could not be handed over, though it claims something. */
static bool record(struct recommending *recommending)
{
    struct flow *flow = recommending->flow;
    struct decision_record record;
    if (recommending->dry || flow->recall == NULL)
        return true;
    decision_record_fill(&record, engine_snapshot(flow->engine), &recommending->situation,
                         &recommending->decision, &recommending->claims, flow->request,
                         recommending->found == RECALL_FOUND ? flow->recall->record : (struct text){NULL, 0});
    if (link_record(&flow->recall->link, &record.record))
        return true;
    metrics_add(own_slot(flow), METRICS_decisions_unrecorded, 1);
    return recommending->claims.count == 0;
}

/* Nothing is promised that is not written down. */
static void withdraw(struct recommending *recommending)
{
    promise_withdraw(recommending->flow->recall, &recommending->claims);
    recommending->unpromised = true;
}

static void note_failure(struct recommending *recommending)
{
    if (recommending->tries++ == 0)
        recommending->lost_ms = clock_monotonic_ms();
}

/* A try fails only if somebody else got further meanwhile; the next one knows how far. */
static bool decide(struct recommending *recommending, struct error *error)
{
    for (;; note_failure(recommending)) {
        recommending->claims.count = 0;
        if (!resolve(recommending, error))
            return false;
        engine_decide(recommending->flow->engine, &recommending->situation, &recommending->decision);
        failure_report(recommending->flow, &recommending->situation);
        enum promise_outcome outcome = claim(recommending);
        if (outcome == PROMISE_MADE && record(recommending))
            return true;
        if (outcome == PROMISE_MADE)
            withdraw(recommending);
        if (outcome == PROMISE_CHANGED)
            look_up(recommending);
    }
}

/* Field by field: zeroing the lists in it, four kilobytes, would cost a twentieth of the whole answer. */
static void begin(struct recommending *recommending, struct flow *flow, const struct arguments *arguments)
{
    recommending->flow = flow;
    recommending->arguments = arguments;
    recommending->dry = resolve_is_dry_run(arguments);
    recommending->now_us = clock_wall_us();
    recommending->seed = random_exact(&flow->seeds);
    recommending->tries = 0;
    recommending->unpromised = false;
    recommending->asked_stock = false;
}

/* What is assumed is not what will be, and what is claimed is somebody's. */
static void keep(const struct recommending *recommending, struct text reply)
{
    if (!recommending->dry && !recommending->asked_stock && recommending->claims.count == 0)
        recommend_keep(recommending->flow, &recommending->situation, &recommending->decision, reply);
}

bool recommend_answer(struct flow *flow, const struct arguments *arguments, struct buffer *out,
                      struct error *error)
{
    struct recommending recommending;
    size_t before = out->length;
    if (flow->engine == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "the site is not loaded yet");
    begin(&recommending, flow, arguments);
    look_up(&recommending);
    if (!decide(&recommending, error))
        return false;
    count_decision(flow, &recommending.decision, recommending.dry);
    recommend_reply(engine_snapshot(flow->engine), &recommending.situation, &recommending.decision,
                    recommending.found == RECALL_FOUND, out);
    if (!out->failed)
        keep(&recommending, (struct text){out->bytes + before, out->length - before});
    return true;
}

/* Requests that are answered in steps, taken one by one. */
#ifndef SENDA_TESTS_FLOW_JOBBING_H
#define SENDA_TESTS_FLOW_JOBBING_H

#include "ledger/map.h"
#include "remembering.h"

enum { JOBBING_DAYS = MAP_SCAN_ROWS + 50 }; /* of a map that takes two steps */

/* It was asked, and the ledger has written down what came before; nothing is read yet. */
static inline void jobbing_begin(struct remembering *r, const char *method, const char *arguments)
{
    unsigned answers = r->answers;
    remembering_send(r, method, arguments);
    ledger_finish(r->ledger);
    remembering_take(r, remembering_give, r);
    assert_true(flow_has_more(&r->flowing->flow));
    assert_int_equal(r->answers, answers);
}

static inline void jobbing_step(struct remembering *r)
{
    flow_go_on(&r->flowing->flow, remembering_give, r);
}

/* A step after which somebody still waits for more. */
static inline void jobbing_step_on(struct remembering *r)
{
    unsigned answers = r->answers;
    jobbing_step(r);
    assert_int_equal(r->answers, answers);
    assert_true(flow_has_more(&r->flowing->flow));
}

/* The response to the one that is asked last, after all its steps. */
static inline const msgpack_object *jobbing_end(struct remembering *r)
{
    while (flow_has_more(&r->flowing->flow))
        jobbing_step(r);
    return flowing_decode(r->flowing);
}

/* A map with a row for each of the last days: a click of "ada" on "guide". */
static inline void jobbing_fill_map(struct remembering *r)
{
    char event[120];
    for (int day = 0; day < JOBBING_DAYS; day++) {
        snprintf(event, sizeof event, "{'event': 'click', 'customer': 'ada', 'offer': 'guide', 'at': %lld}",
                 (long long)time(NULL) - 86400LL * day);
        remembering_ask(r, "track", event);
    }
    r->answers = 0;
    buffer_clear(&r->flowing->out, SIZE_MAX);
}

/* So many decisions about the customer in the log, a second apart, with seeds from `seed` on. */
static inline void jobbing_log(struct remembering *r, const char *customer, uint64_t seed, size_t count)
{
    scratch_append_many(&r->log, customer, seed, count);
}

#endif

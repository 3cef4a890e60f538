/*
 * A flow that remembers: a ledger over the same store in memory, and its log in a folder, all in one process.
 * The ledger writes when the test says so.
 */
#ifndef SENDA_TESTS_FLOW_REMEMBERING_H
#define SENDA_TESTS_FLOW_REMEMBERING_H

#include "flowing.h"

#include <poll.h>

#include "../decisionlog/scratch.h"
#include "base/clock.h"
#include "ledger/ledger.h"

enum { REMEMBERING_RESERVE_MS = 300 * 1000, REMEMBERING_NEVER_MS = 1000000 };

struct remembering {
    struct flowing *flowing; /* owned */
    struct shared *shared;   /* owned */
    struct scratch *scratch; /* the folder; owned */
    struct store *store;     /* the flow's and the ledger's; the flow closes it */
    struct log_writer log;
    struct ledger *ledger; /* owned; NULL: it died */
    unsigned answers;      /* that came later, so far */
    void *owner;           /* of the last of them */
};

static inline void remembering_start_ledger(struct remembering *r)
{
    const int64_t day_ms = INT64_C(86400) * 1000;
    struct ledger_options options = {
        .batch = {.reserve_ms = REMEMBERING_RESERVE_MS, .keep_ms = 400 * day_ms, .id_ms = 7 * day_ms},
        .batch_events = 8192,
        .batch_ms = REMEMBERING_NEVER_MS,
        .log_directory = r->scratch->state,
        .metrics = &r->flowing->slots[0]};
    struct error error;
    r->ledger = ledger_new(r->shared, r->store, &r->log, &options, &error);
    if (r->ledger == NULL)
        fail_msg("%s", error.message);
    ledger_set_site(r->ledger, engine_snapshot(r->flowing->flow.engine));
}

/* As the supervisor sees it. */
static inline void remembering_kill_ledger(struct remembering *r)
{
    ledger_free(r->ledger);
    r->ledger = NULL;
    atomic_store(&r->shared->state->ledger_serves, false);
}

/* Fixture: *state is a struct remembering. `file` and `content` are added to the small site; NULL: nothing.
 */
static inline int remembering_setup_with(void **state, const char *file, const char *content)
{
    struct remembering *r = calloc(1, sizeof *r);
    struct error error;
    if (r == NULL || flowing_setup((void **)&r->flowing) != 0 || scratch_setup((void **)&r->scratch) != 0)
        return -1;
    if (file != NULL) {
        engine_built_destroy(&r->flowing->site);
        if (!engine_build_with(&r->flowing->site, &r->flowing->slots[FLOWING_OWN], file, content))
            return -1;
    }
    r->shared = shared_new(1, &error);
    r->store = store_memory_open(&error);
    flowing_set_options(r->flowing, (struct flow_options){.workers = 1,
                                                          .shared = r->shared,
                                                          .state = r->scratch->state,
                                                          .reserve_ms = REMEMBERING_RESERVE_MS});
    r->flowing->flow.recall->store = r->store;
    scratch_open(r->scratch, &r->log, SCRATCH_OPTIONS);
    remembering_start_ledger(r);
    *state = r;
    return 0;
}

static inline int remembering_setup(void **state)
{
    return remembering_setup_with(state, NULL, NULL);
}

static inline int remembering_teardown(void **state)
{
    struct remembering *r = *state;
    if (r->ledger != NULL)
        ledger_free(r->ledger);
    log_writer_destroy(&r->log);
    flowing_teardown((void **)&r->flowing);
    scratch_teardown((void **)&r->scratch);
    shared_free(r->shared);
    free(r);
    return 0;
}

static inline void remembering_give(void *context, const struct waiting *waiting,
                                    const struct buffer *response)
{
    struct remembering *r = context;
    r->answers++;
    r->owner = waiting->owner;
    assert_false(response->failed);
    buffer_append(&r->flowing->out, response->bytes, response->length);
}

/* A request that waits now; its id is flowing->id. */
static inline void remembering_send(struct remembering *r, const char *method, const char *arguments)
{
    struct buffer message;
    buffer_create(&message);
    request_put(&message, ++r->flowing->id, method, arguments);
    flowing_send(r->flowing, &message);
    buffer_destroy(&message);
    if (r->flowing->outcome == FLOW_WAITING)
        r->flowing->flow.asked->owner = r;
    flow_flush(&r->flowing->flow);
}

/* Whether outcomes have come that were not taken. */
static inline bool remembering_wakes(const struct remembering *r)
{
    struct pollfd wait = {.fd = flow_wake_fd(&r->flowing->flow), .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}

/* The outcomes that have come, however long that takes. */
static inline void remembering_take(struct remembering *r, flow_answer_cb give, void *context)
{
    do
        flow_take_outcomes(&r->flowing->flow, give, context);
    while (remembering_wakes(r));
}

/* The ledger writes, and answers come; those that are made in steps, too. */
static inline void remembering_write(struct remembering *r)
{
    if (r->ledger != NULL)
        ledger_finish(r->ledger);
    remembering_take(r, remembering_give, r);
    while (flow_has_more(&r->flowing->flow))
        flow_go_on(&r->flowing->flow, remembering_give, r);
}

/* The whole response, after the ledger's turn if it has to wait for that. */
static inline const msgpack_object *remembering_request(struct remembering *r, const char *method,
                                                        const char *arguments)
{
    remembering_send(r, method, arguments);
    if (r->flowing->outcome == FLOW_WAITING)
        remembering_write(r);
    return flowing_decode(r->flowing);
}

static inline const msgpack_object *remembering_ask(struct remembering *r, const char *method,
                                                    const char *arguments)
{
    const msgpack_object *elements = remembering_request(r, method, arguments);
    if (elements[2].type != MSGPACK_OBJECT_NIL)
        fail_msg("%s %s: %.*s", method, arguments, (int)elements[2].via.str.size, elements[2].via.str.ptr);
    return &elements[3];
}

#define assert_remembering_refuses(r, method, arguments, expected)                                           \
    assert_str(&remembering_request((r), (method), (arguments))[2], (expected))

#endif

/* flow/jobs: requests of several kinds in turns, between which others are answered, leave, or wait. */
#include "jobbing.h"

enum {
    DECISIONS = 400, /* of an export that takes two */
    EXPORTS = JOBS_HEAVY_MOST + 3,
};

/* Somebody to be handed over, and a map with a row for each of the last days. */
static void fill(struct remembering *r)
{
    jobbing_fill_map(r);
    jobbing_log(r, "ada", 0, DECISIONS);
}

static const struct {
    const char *method;
    const char *arguments;
} askings[] = {{"journey.map", "{}"}, {"profile.export", "{'customer': 'ada'}"}};

enum { ASKINGS = sizeof askings / sizeof *askings };

static void test_jobs_take_what_is_long(void **state)
{
    const struct flow_peer peer = {.scope = SCOPE_ADMIN};
    struct jobs jobs = {.turns = {NULL, NULL}};
    (void)state;
    for (int id = 0; id < METHOD_COUNT; id++) {
        struct waiting *waiting = waiting_new((enum method_id)id, &peer, 1, TEXT("ada"), 0);
        bool taken = jobs_add(&jobs, waiting);
        assert_int_equal(taken,
                         id == METHOD_JOURNEY_MAP || id == METHOD_PROFILE_EXPORT || id == METHOD_EXPLAIN);
        assert_int_equal(taken, jobs_answer((enum method_id)id));
        if (!taken)
            waiting_free(waiting);
    }
    jobs_destroy(&jobs);
}

static void test_jobs_let_others_in(void **state)
{
    struct remembering *r = *state;
    fill(r);
    for (int i = 0; i < ASKINGS; i++) {
        jobbing_begin(r, askings[i].method, askings[i].arguments);
        jobbing_step_on(r);
        assert_str(field(remembering_ask(r, "recommend", "{'placement': 'hero'}"), "placement"), "hero");
        buffer_clear(&r->flowing->out, SIZE_MAX);
        r->flowing->id--; /* of the job, which is decoded next */
        assert_nil(&jobbing_end(r)[2]);
    }
}

static void test_jobs_take_turns(void **state)
{
    struct remembering *r = *state;
    fill(r);
    for (int i = 0; i < ASKINGS; i++) {
        r->answers = 0;
        jobbing_begin(r, askings[i].method, askings[i].arguments);
        jobbing_begin(r, "journey.map", "{'from': '2020-01-01', 'to': '2020-01-02'}");
        jobbing_step_on(r);
        jobbing_step(r);
        assert_int_equal(r->answers, 1);
        jobbing_step(r);
        assert_int_equal(r->answers, 2);
        assert_false(flow_has_more(&r->flowing->flow));
    }
}

static void test_jobs_end_when_nobody_waits(void **state)
{
    struct remembering *r = *state;
    fill(r);
    for (int i = 0; i < ASKINGS; i++) {
        jobbing_begin(r, askings[i].method, askings[i].arguments);
        jobbing_step_on(r);
        flow_disown(&r->flowing->flow, r);
        assert_false(flow_has_more(&r->flowing->flow));
        assert_int_equal(r->answers, 0);
    }
}

/* The daemon ends in the midst of it: what is left is freed. */
static void test_jobs_end_with_the_flow(void **state)
{
    struct remembering *r = *state;
    fill(r);
    for (int i = 0; i < ASKINGS; i++)
        jobbing_begin(r, askings[i].method, askings[i].arguments);
    for (int i = 0; i < ASKINGS; i++)
        jobbing_step_on(r);
    for (int i = 0; i < EXPORTS; i++)
        jobbing_begin(r, "profile.export", "{'customer': 'ada'}");
}

/* Whoever asks for very many at once holds few descriptors and little memory. */
static void test_jobs_are_few_at_once_where_they_are_heavy(void **state)
{
    struct remembering *r = *state;
    const struct jobs *jobs = &r->flowing->flow.jobs;
    fill(r);
    for (int i = 0; i < EXPORTS; i++)
        jobbing_begin(r, "profile.export", "{'customer': 'ada'}");
    assert_int_equal(jobs->heavy[METHOD_PROFILE_EXPORT], JOBS_HEAVY_MOST);
    assert_non_null(jobs->later[METHOD_PROFILE_EXPORT].first);
    jobbing_begin(r, "journey.map", "{'from': '2020-01-01', 'to': '2020-01-02'}");
    for (int i = 0; i < JOBS_HEAVY_MOST; i++)
        jobbing_step_on(r);
    jobbing_step(r); /* the map waits for a step of each, not for their end */
    assert_int_equal(r->answers, 1);
    while (flow_has_more(&r->flowing->flow)) {
        assert_true(jobs->heavy[METHOD_PROFILE_EXPORT] <= JOBS_HEAVY_MOST);
        jobbing_step(r);
    }
    assert_int_equal(r->answers, 1 + EXPORTS);
    assert_int_equal(jobs->heavy[METHOD_PROFILE_EXPORT], 0);
}

static void test_jobs_that_wait_for_room_are_disowned_too(void **state)
{
    struct remembering *r = *state;
    const struct jobs *jobs = &r->flowing->flow.jobs;
    fill(r);
    for (int i = 0; i < EXPORTS; i++)
        jobbing_begin(r, "profile.export", "{'customer': 'ada'}");
    flow_disown(&r->flowing->flow, r);
    assert_false(flow_has_more(&r->flowing->flow));
    assert_null(jobs->later[METHOD_PROFILE_EXPORT].first);
    assert_int_equal(jobs->heavy[METHOD_PROFILE_EXPORT], 0);
    assert_int_equal(r->answers, 0);
}

/* Others go on as if whoever is gone had never asked. */
static void test_jobs_of_others_get_the_room(void **state)
{
    struct remembering *r = *state;
    const struct jobs *jobs = &r->flowing->flow.jobs;
    int other;
    fill(r);
    for (int i = 0; i < JOBS_HEAVY_MOST; i++)
        jobbing_begin(r, "profile.export", "{'customer': 'ada'}");
    jobbing_begin(r, "journey.map", "{}");
    remembering_send(r, "profile.export", "{'customer': 'ada'}");
    r->flowing->flow.asked->owner = &other;
    ledger_finish(r->ledger);
    remembering_take(r, remembering_give, r);
    assert_non_null(jobs->later[METHOD_PROFILE_EXPORT].first);
    flow_disown(&r->flowing->flow, r);
    assert_null(jobs->later[METHOD_PROFILE_EXPORT].first);
    assert_int_equal(jobs->heavy[METHOD_PROFILE_EXPORT], 1);
    assert_nil(&jobbing_end(r)[2]);
    assert_ptr_equal(r->owner, &other);
    assert_int_equal(r->answers, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_jobs_##name, remembering_setup, remembering_teardown)
        TEST(take_what_is_long),
        TEST(let_others_in),
        TEST(take_turns),
        TEST(end_when_nobody_waits),
        TEST(end_with_the_flow),
        TEST(are_few_at_once_where_they_are_heavy),
        TEST(that_wait_for_room_are_disowned_too),
        TEST(of_others_get_the_room),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/jobs", tests, NULL, NULL);
}

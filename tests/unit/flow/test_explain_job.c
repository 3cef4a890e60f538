/* flow/explain_job: a decision that has to be looked for, whatever happens meanwhile. */
#include "jobbing.h"

#include "wire/method.h"

enum { MANY = 5000 /* decisions that take several steps */, ASKED = 100 };

/* What is asked about the decision of that second and seed. */
static const char *of(uint64_t seed)
{
    static char arguments[DECISION_ID_LENGTH + 40];
    char text[DECISION_ID_LENGTH + 1];
    struct decision_id id =
        decision_id_of(SCRATCH_NOON + (int64_t)seed * SCRATCH_SECOND, seed, records_one().version);
    decision_id_write(&id, text);
    snprintf(arguments, sizeof arguments, "{'decision': '%s'}", text);
    return arguments;
}

static unsigned steps_of(struct remembering *r, const char *arguments)
{
    unsigned steps = 0;
    r->answers = 0;
    buffer_clear(&r->flowing->out, SIZE_MAX);
    jobbing_begin(r, "explain", arguments);
    for (; flow_has_more(&r->flowing->flow); steps++)
        jobbing_step(r);
    assert_int_equal(r->answers, 1);
    return steps;
}

/* A step goes through 1 MiB, and nobody waits for more. */
static void test_explain_job_takes_steps(void **state)
{
    struct remembering *r = *state;
    size_t bytes = MANY * scratch_frame_size();
    jobbing_log(r, "ada", 0, MANY);
    assert_int_equal(steps_of(r, of(0)), 1);
    assert_str(field(&flowing_decode(r->flowing)[3], "customer"), "ada");
    unsigned steps = steps_of(r, of(MANY - 1));
    assert_true(steps > 1 && steps >= bytes >> 20 && steps <= (bytes >> 20) + 2);
    assert_str(field(&flowing_decode(r->flowing)[3], "customer"), "ada");
}

static void test_explain_job_says_that_there_is_none(void **state)
{
    struct remembering *r = *state;
    char expected[200];
    jobbing_log(r, "ada", 0, MANY);
    assert_true(steps_of(r, of(MANY)) > 1);
    snprintf(expected, sizeof expected, "NOT_FOUND: decision: the log of decisions does not have '%.*s'",
             DECISION_ID_LENGTH, strchr(of(MANY), ':') + 3);
    assert_str(&flowing_decode(r->flowing)[2], expected);
}

/* Who asks for very many at once holds few descriptors, and nobody else's export waits for them. */
static void test_explain_job_is_one_of_few(void **state)
{
    struct remembering *r = *state;
    const struct jobs *jobs = &r->flowing->flow.jobs;
    jobbing_log(r, "ada", 0, MANY);
    for (int i = 0; i < ASKED; i++)
        jobbing_begin(r, "explain", of(MANY - 1));
    assert_int_equal(jobs->heavy[METHOD_EXPLAIN], JOBS_HEAVY_MOST);
    jobbing_begin(r, "profile.export", "{'customer': 'nobody'}");
    for (int i = 0; i < JOBS_HEAVY_MOST; i++)
        jobbing_step_on(r);
    assert_int_equal(jobs->heavy[METHOD_PROFILE_EXPORT], 1);
    while (flow_has_more(&r->flowing->flow)) {
        assert_true(jobs->heavy[METHOD_EXPLAIN] <= JOBS_HEAVY_MOST);
        jobbing_step(r);
    }
    assert_int_equal(r->answers, ASKED + 1);
    assert_int_equal(jobs->heavy[METHOD_EXPLAIN], 0);
}

/* It is told by the site that serves when it was found. */
static void test_explain_job_does_not_mind_another_site(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    jobbing_log(r, "ada", 0, MANY);
    assert_true(engine_build_with(&other, &r->flowing->slots[FLOWING_OWN], "offers/more.lua", "-- more\n"));
    jobbing_begin(r, "explain", of(MANY - 1));
    jobbing_step_on(r);
    struct engine *before = flow_set_engine(&r->flowing->flow, other.engine);
    assert_str(field(&jobbing_end(r)[3], "customer"), "ada");
    flow_set_engine(&r->flowing->flow, before);
    engine_built_destroy(&other);
}

static void test_explain_job_without_a_log(void **state)
{
    struct remembering *r = *state;
    size_t deleted;
    assert_true(log_folder_clear(r->scratch->state, &deleted, NULL));
    char folder[200];
    snprintf(folder, sizeof folder, "%s/" SEGMENT_FOLDER, r->scratch->state);
    assert_int_equal(rmdir(folder), 0);
    const msgpack_object *elements = remembering_request(r, "explain", of(0));
    assert_memory_equal(elements[2].via.str.ptr, "NOT_FOUND: decision: the log of decisions does not have '",
                        strlen("NOT_FOUND: decision: the log of decisions does not have '"));
}

/* It may be there: nobody is told that it is gone. */
static void test_explain_job_refuses_where_the_log_cannot_be_read(void **state)
{
    static const char said[] = "UNAVAILABLE: the log of decisions cannot be read: ";
    struct remembering *r = *state;
    char path[256];
    jobbing_log(r, "ada", 0, 5);
    strcpy(path, scratch_path(r->scratch, SCRATCH_NOON - 1));
    assert_int_equal(mkdir(path, 0700), 0);
    const msgpack_object *error = &remembering_request(r, "explain", of(5))[2];
    assert_int_equal(error->type, MSGPACK_OBJECT_STR);
    assert_memory_equal(error->via.str.ptr, said, strlen(said));
    assert_str(field(remembering_ask(r, "explain", of(4)), "customer"), "ada"); /* it is elsewhere */
    assert_int_equal(rmdir(path), 0);
    assert_memory_equal(remembering_request(r, "explain", of(5))[2].via.str.ptr, "NOT_FOUND: ", 11);
}

/* Of the folder itself. */
static void test_explain_job_refuses_where_the_log_cannot_be_opened(void **state)
{
    struct remembering *r = *state;
    size_t deleted;
    char folder[200], expected[300];
    assert_true(log_folder_clear(r->scratch->state, &deleted, NULL));
    snprintf(folder, sizeof folder, "%s/" SEGMENT_FOLDER, r->scratch->state);
    snprintf(expected, sizeof expected,
             "UNAVAILABLE: the log of decisions cannot be read: %s: Not a directory", folder);
    assert_int_equal(rmdir(folder), 0);
    scratch_write_file(folder, TEXT("not a folder"));
    assert_str(&remembering_request(r, "explain", of(0))[2], expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_explain_job_##name, remembering_setup, remembering_teardown)
        TEST(takes_steps),
        TEST(says_that_there_is_none),
        TEST(is_one_of_few),
        TEST(does_not_mind_another_site),
        TEST(without_a_log),
        TEST(refuses_where_the_log_cannot_be_read),
        TEST(refuses_where_the_log_cannot_be_opened),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/explain_job", tests, NULL, NULL);
}

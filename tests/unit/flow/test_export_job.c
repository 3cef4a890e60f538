/* flow/export_job: everything held of a customer with all their decisions, whatever happens meanwhile. */
#include "jobbing.h"

#include <sys/stat.h>

enum { STEP = 256, MANY = 2 * STEP + 100 /* decisions that take three steps */ };

static const msgpack_object *decisions_of(const msgpack_object *export)
{
    const msgpack_object *decisions = field(export, "decisions");
    assert_int_equal(decisions->type, MSGPACK_OBJECT_ARRAY);
    return decisions;
}

static void assert_count(const msgpack_object *export, uint32_t count)
{
    assert_int_equal(decisions_of(export)->via.array.size, count);
}

static void begin(struct remembering *r)
{
    r->answers = 0;
    buffer_clear(&r->flowing->out, SIZE_MAX);
    jobbing_begin(r, "profile.export", "{'customer': 'ada'}");
}

/* Ada, known to the store, with so many decisions. */
static void fill(struct remembering *r, size_t count)
{
    remembering_ask(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    jobbing_log(r, "ada", 0, count);
}

/* The change happens while the export waits; then its answer is what is to be decoded. */
static void meanwhile(struct remembering *r, const char *method, const char *arguments)
{
    struct flow *flow = &r->flowing->flow;
    struct jobs jobs = flow->jobs;
    flow->jobs = (struct jobs){.turns = {NULL, NULL}};
    remembering_ask(r, method, arguments);
    flow->jobs = jobs;
    r->flowing->id--;
    r->answers = 0;
    buffer_clear(&r->flowing->out, SIZE_MAX);
}

static void assert_decision(const msgpack_object *decision, const char *customer, const char *placement)
{
    const msgpack_object *request = field(decision, "request");
    assert_str(field(decision, "customer"), customer);
    assert_str(field(decision, "placement"), placement);
    assert_str(field(request, "customer"), customer);
    assert_str(field(request, "placement"), placement);
    assert_true(number(field(decision, "at")) > 0);
    assert_true(field(decision, "items")->via.array.size > 0);
}

static void test_export_job_has_decisions_under_every_id(void **state)
{
    struct remembering *r = *state;
    remembering_ask(r, "recommend", "{'placement': 'hero', 'customer': 'visitor'}");
    remembering_ask(r, "recommend", "{'placement': 'hero', 'customer': 'bo'}");
    remembering_ask(r, "recommend", "{'placement': 'list', 'customer': 'visitor'}");
    remembering_ask(r, "identify", "{'anonymous': 'visitor', 'customer': 'ada'}");
    remembering_ask(r, "recommend", "{'placement': 'list', 'customer': 'ada', 'context': {'page': 7}}");
    remembering_ask(r, "recommend", "{'placement': 'hero'}");
    remembering_ask(r, "recommend", "{'placement': 'hero', 'customer': 'ada', 'dry_run': true}");
    for (int alias = 0; alias < 2; alias++) {
        const msgpack_object *export = remembering_ask(
            r, "profile.export", alias != 0 ? "{'customer': 'visitor'}" : "{'customer': 'ada'}");
        assert_count(export, 3);
        assert_decision(element(decisions_of(export), 0), "visitor", "hero");
        assert_decision(element(decisions_of(export), 1), "visitor", "list");
        assert_decision(element(decisions_of(export), 2), "ada", "list");
        const msgpack_object *request = field(element(decisions_of(export), 2), "request");
        assert_true(number(field(field(request, "context"), "page")) == 7);
        assert_true(number(field(export, "decisions_left_out")) == 0);
    }
}

/* It is the id by which the decision may be explained. */
static void test_export_job_names_decisions(void **state)
{
    struct remembering *r = *state;
    char id[DECISION_ID_LENGTH + 1], arguments[200];
    const msgpack_object *name =
        field(remembering_ask(r, "recommend", "{'placement': 'hero', 'customer': 'ada'}"), "decision");
    snprintf(id, sizeof id, "%.*s", (int)name->via.str.size, name->via.str.ptr);
    const msgpack_object *export = remembering_ask(r, "profile.export", "{'customer': 'ada'}");
    assert_str(field(element(decisions_of(export), 0), "decision"), id);
    snprintf(arguments, sizeof arguments, "{'decision': '%s'}", id);
    assert_str(field(remembering_ask(r, "explain", arguments), "customer"), "ada");
}

static void test_export_job_takes_steps(void **state)
{
    struct remembering *r = *state;
    fill(r, MANY);
    begin(r);
    jobbing_step_on(r);
    jobbing_step_on(r);
    jobbing_step(r);
    assert_int_equal(r->answers, 1);
    assert_count(&flowing_decode(r->flowing)[3], MANY);
}

/* Others' decisions take steps, too. */
static void test_export_job_takes_steps_through_a_long_log(void **state)
{
    struct remembering *r = *state;
    size_t frames = 3 * (1 << 20) / scratch_frame_size();
    fill(r, 1);
    jobbing_log(r, "bo", 1, frames);
    jobbing_log(r, "ada", 1 + frames, 1);
    begin(r);
    jobbing_step_on(r);
    jobbing_step_on(r);
    assert_count(&jobbing_end(r)[3], 2);
}

/* What is decided meanwhile is for whoever asks later. */
static void test_export_job_ends_while_decisions_go_on(void **state)
{
    struct remembering *r = *state;
    fill(r, MANY);
    begin(r);
    jobbing_step_on(r);
    jobbing_log(r, "ada", MANY, MANY);
    assert_count(&jobbing_end(r)[3], MANY);
}

static void test_export_job_does_not_mind_another_site(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    fill(r, MANY);
    assert_true(engine_build(&other, &r->flowing->slots[FLOWING_OWN]));
    begin(r);
    jobbing_step_on(r);
    flow_set_engine(&r->flowing->flow, other.engine);
    jobbing_step_on(r);
    jobbing_step(r);
    assert_int_equal(r->answers, 1);
    assert_count(&flowing_decode(r->flowing)[3], MANY);
    flow_set_engine(&r->flowing->flow, r->flowing->site.engine);
    engine_built_destroy(&other);
}

/* ---- Erased, come back, joined ---- */

static void test_export_job_has_nothing_of_the_erased(void **state)
{
    struct remembering *r = *state;
    fill(r, MANY);
    begin(r);
    jobbing_step_on(r);
    meanwhile(r, "profile.erase", "{'customer': 'ada'}");
    assert_str(&jobbing_end(r)[2], "NOT_FOUND: customer: no customer 'ada'");
    assert_remembering_refuses(r, "profile.export", "{'customer': 'ada'}",
                               "NOT_FOUND: customer: no customer 'ada'");
}

static void written_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

/* As while the ledger goes through the log; false: it is through. */
static void note_erasure(struct remembering *r, const char *id, bool under_way)
{
    struct key key;
    key_forget(&key, text_from(id));
    struct store_write write = {key_text(&key), under_way ? TEXT("x") : (struct text){NULL, 0}};
    store_write(r->store, &write, 1, written_cb, NULL);
}

/* They may have come back already, but what was decided for them before is still to be overwritten. */
static void test_export_job_leaves_out_what_is_being_erased(void **state)
{
    struct remembering *r = *state;
    fill(r, 3);
    remembering_ask(r, "identify", "{'anonymous': 'visitor', 'customer': 'ada'}");
    jobbing_log(r, "visitor", 3, 2);
    note_erasure(r, "visitor", true);
    assert_count(remembering_ask(r, "profile.export", "{'customer': 'ada'}"), 3);
    note_erasure(r, "ada", true);
    assert_count(remembering_ask(r, "profile.export", "{'customer': 'ada'}"), 0);
    note_erasure(r, "visitor", false);
    assert_count(remembering_ask(r, "profile.export", "{'customer': 'ada'}"), 2);
}

static void test_export_job_of_nobody_has_nothing_that_is_being_erased(void **state)
{
    struct remembering *r = *state;
    jobbing_log(r, "zoe", 0, 2);
    note_erasure(r, "zoe", true);
    assert_remembering_refuses(r, "profile.export", "{'customer': 'zoe'}",
                               "NOT_FOUND: customer: no customer 'zoe'");
}

/* Some of it was read before, and some would be erased already. */
static void test_export_job_begins_anew_when_erasing_begins(void **state)
{
    struct remembering *r = *state;
    fill(r, MANY);
    begin(r);
    jobbing_step_on(r);
    note_erasure(r, "ada", true);
    assert_count(&jobbing_end(r)[3], 0);
    note_erasure(r, "ada", false);
    jobbing_log(r, "zoe", MANY, MANY);
    jobbing_begin(r, "profile.export", "{'customer': 'zoe'}");
    jobbing_step_on(r);
    note_erasure(r, "zoe", true);
    buffer_clear(&r->flowing->out, SIZE_MAX);
    assert_str(&jobbing_end(r)[2], "NOT_FOUND: customer: no customer 'zoe'");
}

static void test_export_job_begins_anew_for_who_comes_back(void **state)
{
    struct remembering *r = *state;
    fill(r, MANY);
    begin(r);
    jobbing_step_on(r);
    meanwhile(r, "profile.erase", "{'customer': 'ada'}");
    meanwhile(r, "track", "{'event': 'download', 'customer': 'ada'}");
    const msgpack_object *export = &jobbing_end(r)[3];
    assert_count(export, 0);
    assert_int_equal(field(export, "events")->via.map.size, 1);
}

static void test_export_job_begins_anew_for_who_is_joined(void **state)
{
    struct remembering *r = *state;
    fill(r, MANY);
    remembering_ask(r, "track", "{'event': 'page_view', 'customer': 'bo'}");
    jobbing_log(r, "bo", MANY, 10);
    begin(r);
    jobbing_step_on(r);
    meanwhile(r, "identify", "{'anonymous': 'ada', 'customer': 'bo'}");
    const msgpack_object *export = &jobbing_end(r)[3];
    assert_str(field(export, "customer"), "bo");
    assert_count(export, MANY + 10);
}

/* ---- Logs of every kind ---- */

static void test_export_job_without_a_log(void **state)
{
    struct remembering *r = *state;
    fill(r, 3);
    r->flowing->flow.recall->directory = "/nonexistent";
    assert_count(remembering_ask(r, "profile.export", "{'customer': 'ada'}"), 0);
}

static void test_export_job_without_a_ledger(void **state)
{
    struct remembering *r = *state;
    fill(r, 3);
    remembering_kill_ledger(r);
    remembering_send(r, "profile.export", "{'customer': 'ada'}");
    assert_count(&jobbing_end(r)[3], 3);
}

static void test_export_job_passes_over_damage(void **state)
{
    struct remembering *r = *state;
    fill(r, 5);
    scratch_turn_bits(scratch_path(r->scratch, SCRATCH_NOON),
                      (off_t)(SEGMENT_HEADER_BYTES + scratch_frame_size() + 99), 1);
    assert_count(remembering_ask(r, "profile.export", "{'customer': 'ada'}"), 4);
}

/* It may be theirs, so nobody is told that this was all. */
static void test_export_job_refuses_where_the_log_cannot_be_read(void **state)
{
    struct remembering *r = *state;
    char path[256];
    fill(r, 5);
    strcpy(path, scratch_path(r->scratch, SCRATCH_NOON - 1));
    assert_int_equal(mkdir(path, 0700), 0);
    const msgpack_object *error = &remembering_request(r, "profile.export", "{'customer': 'ada'}")[2];
    assert_int_equal(error->type, MSGPACK_OBJECT_STR);
    assert_memory_equal(error->via.str.ptr, "UNAVAILABLE: the log of decisions cannot be read: ", 50);
    assert_int_equal(rmdir(path), 0);
    assert_count(remembering_ask(r, "profile.export", "{'customer': 'ada'}"), 5);
}

/* An id that was asked about, but for which there was nothing to remember. */
static void test_export_job_has_what_the_log_alone_knows(void **state)
{
    struct remembering *r = *state;
    jobbing_log(r, "zoe", 0, 2);
    const msgpack_object *export = remembering_ask(r, "profile.export", "{'customer': 'zoe'}");
    assert_count(export, 2);
    assert_str(field(export, "customer"), "zoe");
    assert_nil(field(export, "created"));
    assert_int_equal(field(export, "events")->via.map.size, 0);
    assert_remembering_refuses(r, "profile.export", "{'customer': 'zo'}",
                               "NOT_FOUND: customer: no customer 'zo'");
}

/* Who becomes known to the store meanwhile is told as the store knows them. */
static void test_export_job_begins_anew_for_who_becomes_known(void **state)
{
    struct remembering *r = *state;
    jobbing_log(r, "ada", 0, MANY);
    begin(r);
    jobbing_step_on(r);
    meanwhile(r, "track", "{'event': 'download', 'customer': 'ada'}");
    const msgpack_object *export = &jobbing_end(r)[3];
    assert_count(export, MANY);
    assert_int_equal(field(export, "events")->via.map.size, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_export_job_##name, remembering_setup, remembering_teardown)
        TEST(has_decisions_under_every_id),
        TEST(names_decisions),
        TEST(takes_steps),
        TEST(takes_steps_through_a_long_log),
        TEST(ends_while_decisions_go_on),
        TEST(does_not_mind_another_site),
        TEST(has_nothing_of_the_erased),
        TEST(leaves_out_what_is_being_erased),
        TEST(of_nobody_has_nothing_that_is_being_erased),
        TEST(begins_anew_when_erasing_begins),
        TEST(begins_anew_for_who_comes_back),
        TEST(begins_anew_for_who_is_joined),
        TEST(without_a_log),
        TEST(without_a_ledger),
        TEST(passes_over_damage),
        TEST(refuses_where_the_log_cannot_be_read),
        TEST(has_what_the_log_alone_knows),
        TEST(begins_anew_for_who_becomes_known),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/export_job", tests, NULL, NULL);
}

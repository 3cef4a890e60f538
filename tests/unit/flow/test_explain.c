/* flow/explain: decisions of the log, told once more. */
#include "remembering.h"

#include <msgpack/pack.h>

#include "../base/capture.h"
#include "base/log.h"
#include "flow/explain.h"
#include "script/site.h"

#define ASK(method, arguments) remembering_ask(r, (method), (arguments))

static char decision[200];

static int write_to_buffer_cb(void *context, const char *bytes, size_t length)
{
    buffer_append(context, bytes, length);
    return 0;
}

/* Notes the decision's id for `explain`. */
static const msgpack_object *decide(struct remembering *r, const char *arguments)
{
    const msgpack_object *result = ASK("recommend", arguments);
    const msgpack_object *id = field(result, "decision");
    snprintf(decision, sizeof decision, "{'decision': '%.*s'}", (int)id->via.str.size, id->via.str.ptr);
    return result;
}

/* The gate of an offer in the trace; "" for one that was chosen, NULL where it is not there. */
static const char *gate_of(const msgpack_object *result, const char *offer)
{
    static char gate[40];
    const msgpack_object *trace = field(result, "trace");
    for (uint32_t i = 0; i < trace->via.array.size; i++) {
        const msgpack_object *name = field(element(trace, i), "offer");
        const msgpack_object *value = field(element(trace, i), "gate");
        if (name->via.str.size != strlen(offer) || memcmp(name->via.str.ptr, offer, strlen(offer)) != 0)
            continue;
        snprintf(gate, sizeof gate, "%.*s", value->type == MSGPACK_OBJECT_STR ? (int)value->via.str.size : 0,
                 value->type == MSGPACK_OBJECT_STR ? value->via.str.ptr : "");
        return gate;
    }
    return NULL;
}

static void test_explain_tells_the_whole_decision(void **state)
{
    struct remembering *r = *state;
    ASK("profile.set", "{'customer': 'ada', 'stage': 'choosing', 'persona': 'walker'}");
    decide(r, "{'placement': 'hero', 'customer': 'ada', 'locale': 'en', 'exclude': ['visit']}");
    const msgpack_object *result = ASK("explain", decision);
    assert_str(field(result, "customer"), "ada");
    assert_str(field(result, "stage"), "choosing");
    assert_str(field(result, "persona"), "walker");
    assert_str(field(result, "strategy"), "by-mood");
    assert_str(field(result, "locale"), "en");
    assert_true(field(result, "known")->via.boolean);
    assert_string_equal(offers_of(result), "ride house");
    assert_string_equal(gate_of(result, "ride"), "");
    assert_string_equal(gate_of(result, "visit"), "excluded");
    assert_string_equal(gate_of(result, "guide"), "stage");
}

/* As they were then, whatever became of them. */
static void test_explain_knows_the_customer_as_they_were(void **state)
{
    struct remembering *r = *state;
    ASK("profile.set", "{'customer': 'ada', 'stage': 'choosing'}");
    decide(r, "{'placement': 'hero', 'customer': 'ada'}");
    ASK("profile.set", "{'customer': 'ada', 'stage': 'curious'}");
    const msgpack_object *result = ASK("explain", decision);
    assert_str(field(result, "stage"), "choosing");
    assert_string_equal(gate_of(result, "ride"), "");
    ASK("profile.erase", "{'customer': 'ada'}");
    result = ASK("explain", decision);
    assert_nil(field(result, "customer"));
    assert_nil(field(result, "because"));
    assert_string_equal(offers_of(result), "ride visit");
    assert_str(field(element(field(result, "items"), 0), "title"), "Paseo");
    assert_str(field(element(field(result, "items"), 0), "because"),
               "as logged: chosen by strategy 'by-mood'");
}

static void test_explain_draws_the_same(void **state)
{
    struct remembering *r = *state;
    char chosen[200];
    for (int i = 0; i < 10; i++) {
        snprintf(
            chosen, sizeof chosen, "%s",
            offers_of(decide(
                r, "{'placement': 'hero', 'stage': 'choosing', 'context': {'dice': true}, 'count': 1}")));
        assert_string_equal(offers_of(ASK("explain", decision)), chosen);
    }
}

/* The site, with `content` in `file` as well, in place of the one that decided. */
static void change_site(struct remembering *r, struct engine_built *other, const char *file,
                        const char *content)
{
    assert_true(engine_build_with(other, &r->flowing->slots[FLOWING_OWN], file, content));
    assert_string_not_equal(engine_version(other->engine), engine_version(r->flowing->site.engine));
    r->flowing->flow.engine = other->engine;
}

static void change_back(struct remembering *r, struct engine_built *other)
{
    r->flowing->flow.engine = r->flowing->site.engine;
    engine_built_destroy(other);
}

/* The items and the trace of `explain`, byte by byte. Lives until the next call but one. */
static const struct buffer *told_choice(struct remembering *r)
{
    static struct buffer told[2];
    static int turn;
    struct buffer *out = &told[turn = !turn];
    msgpack_packer packer;
    const msgpack_object *result = ASK("explain", decision);
    buffer_clear(out, SIZE_MAX);
    msgpack_packer_init(&packer, out, write_to_buffer_cb);
    msgpack_pack_object(&packer, *field(result, "items"));
    msgpack_pack_object(&packer, *field(result, "trace"));
    return out;
}

static void assert_told_the_same(struct remembering *r, const struct buffer *before)
{
    const struct buffer *after = told_choice(r);
    assert_int_equal(after->length, before->length);
    assert_memory_equal(after->bytes, before->bytes, after->length);
}

/* Whatever decides as it did tells as it did, too. */
static void test_explain_after_a_change_that_changes_nothing(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    static const char *const asked[] = {
        "{'placement': 'hero', 'stage': 'choosing', 'count': 1, 'customer': 'ada'}",
        "{'placement': 'hero', 'exclude': ['guide'], 'locale': 'en'}",
        "{'placement': 'hero', 'stage': 'resting'}",
        "{'placement': 'hero', 'stage': 'choosing', 'context': {'dice': true, 'tired': true}}"};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        decide(r, asked[i]);
        const struct buffer *before = told_choice(r);
        change_site(r, &other, "offers/more.lua", "-- nothing but this remark\n");
        assert_told_the_same(r, before);
        assert_str(field(ASK("explain", decision), "version"), engine_version(r->flowing->site.engine));
        change_back(r, &other);
    }
}

/* One more offer fits: with it the decision would have come out otherwise, so that the record alone tells. */
static void test_explain_after_a_change_that_matters(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    decide(r, "{'placement': 'hero', 'stage': 'choosing', 'count': 1, 'locale': 'en'}");
    change_site(r, &other, "offers/more.lua",
                "offer 'more' { kind = 'demo', title = 'More', url = '/', stages = { 'walk/choosing' } }\n");
    const msgpack_object *result = ASK("explain", decision);
    const msgpack_object *item = element(field(result, "items"), 0);
    assert_str(field(result, "version"), engine_version(r->flowing->site.engine));
    assert_string_equal(offers_of(result), "ride");
    assert_int_equal(item->via.map.size, 8);
    assert_str(field(item, "kind"), "demo");
    assert_str(field(item, "title"), "Paseo");
    assert_str(field(item, "url"), "/ride");
    assert_int_equal(field(item, "data")->type, MSGPACK_OBJECT_MAP);
    assert_str(field(item, "because"), "as logged: chosen by strategy 'by-mood'");
    assert_string_equal(gate_of(result, "ride"), "");
    assert_string_equal(gate_of(result, "visit"), "rank");
    assert_null(gate_of(result, "guide"));
    assert_null(gate_of(result, "more"));
    change_back(r, &other);
}

/* One strategy more, whose choice is what its placement falls back on. */
static int setup_shelf(void **state)
{
    return remembering_setup_with(
        state, "placements.lua",
        "placement 'hero' { fallback = 'house' }\n"
        "placement 'banner' { fallback = 'house' }\n"
        "placement 'list' { count = 50, fallback = 'house' }\n"
        "placement 'shelf' { count = 1, fallback = 'ride' }\n"
        "strategy 'moody' { stage = 'walk/choosing', placements = { 'shelf' },\n"
        "  score = function(c, o) return c.context.bad and c.context.no.field or 10, "
        "'in the mood' end }\n");
}

/* With the same site, too: what runs may be another, though the same offer comes of it. */
static void test_explain_after_the_strategy_was_set_aside(void **state)
{
    struct remembering *r = *state;
    decide(r, "{'placement': 'shelf', 'stage': 'choosing'}");
    const msgpack_object *result = ASK("explain", decision);
    assert_str(field(element(field(result, "items"), 0), "because"), "in the mood");
    for (int i = 0; i < 3; i++)
        ASK("recommend", "{'placement': 'shelf', 'stage': 'choosing', 'context': {'bad': true}}");
    assert_int_equal(script_site_set_aside_count(engine_scripts(r->flowing->flow.engine)), 1);
    result = ASK("explain", decision);
    assert_str(field(result, "strategy"), "moody");
    assert_nil(field(result, "fallback"));
    assert_string_equal(offers_of(result), "ride");
    assert_float_equal(number(field(element(field(result, "items"), 0), "score")), 200, 1e-9);
    assert_str(field(element(field(result, "items"), 0), "because"), "as logged: chosen by strategy 'moody'");
    assert_string_equal(gate_of(result, "ride"), "");
    assert_string_equal(gate_of(result, "visit"), "rank");
}

enum { HUNDREDS = 300 };

static int setup_hundreds(void **state)
{
    return remembering_setup_with(state, "offers/more.lua",
                                  "for i = 1, 300 do offer('more-' .. i) { kind = 'demo', title = 'More',\n"
                                  "  url = '/', stages = { 'walk/choosing' }, value = 1 } end\n");
}

/* The record has no room for all of them; the site knows the rest, as long as it is the same. */
static void test_explain_of_more_than_a_record_holds(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    decide(r, "{'placement': 'hero', 'stage': 'choosing', 'locale': 'en'}");
    const msgpack_object *result = ASK("explain", decision);
    assert_str(field(element(field(result, "items"), 0), "because"), "a ride tells more");
    assert_in_range(field(result, "trace")->via.array.size, HUNDREDS, HUNDREDS + 20);
    assert_string_equal(gate_of(result, "more-300"), "rank");
    change_site(r, &other, "offers/more.lua",
                "for i = 1, 299 do offer('more-' .. i) { kind = 'demo', title = 'More',\n"
                "  url = '/', stages = { 'walk/choosing' }, value = 1 } end\n");
    result = ASK("explain", decision);
    assert_str(field(element(field(result, "items"), 0), "because"),
               "as logged: chosen by strategy 'by-mood'");
    assert_int_equal(field(result, "trace")->via.array.size, RECORD_CANDIDATES_MOST);
    change_back(r, &other);
}

/* With a place of another name it is not the decision that was taken, though all else is the same. */
static void test_explain_after_the_stage_was_renamed(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    decide(r, "{'placement': 'banner', 'stage': 'hello', 'journey': 'talk'}");
    change_site(r, &other, "journeys/talk.lua",
                "journey 'talk' { locale = 'en', stage 'hi' { names = { en = 'hello' } }, "
                "stage 'choosing' {} }\n");
    const msgpack_object *result = ASK("explain", decision);
    assert_str(field(result, "stage"), "hello");
    assert_string_equal(offers_of(result), "house");
    assert_str(field(element(field(result, "items"), 0), "because"), "as logged: the placement's fallback");
    change_back(r, &other);
}

/* Taken while they were restricted: nothing of the customer is in the log, and nothing is missing. */
static void test_explain_of_a_restricted_customer(void **state)
{
    struct remembering *r = *state;
    ASK("profile.restrict", "{'customer': 'ada', 'restricted': true}");
    const msgpack_object *result = decide(r, "{'placement': 'hero', 'customer': 'ada', 'explain': true}");
    uint32_t traced = field(result, "trace")->via.array.size;
    assert_true(traced > 1);
    result = ASK("explain", decision);
    assert_str(field(result, "fallback"), "restricted");
    assert_nil(field(result, "customer"));
    assert_true(field(result, "known")->via.boolean);
    assert_int_equal(field(result, "trace")->via.array.size, traced);
    assert_str(field(element(field(result, "items"), 0), "title"), "La casa");
    assert_str(field(element(field(result, "items"), 0), "because"), "the placement's fallback");
}

/* Restricted meanwhile: what was logged before stays, and tells all. */
static void test_explain_of_who_was_restricted_later(void **state)
{
    struct remembering *r = *state;
    decide(r, "{'placement': 'hero', 'customer': 'ada'}");
    const struct buffer *before = told_choice(r);
    ASK("profile.restrict", "{'customer': 'ada', 'restricted': true}");
    assert_told_the_same(r, before);
}

static void test_explain_of_what_is_not_there(void **state)
{
    struct remembering *r = *state;
    assert_remembering_refuses(r, "explain", "{'decision': 'nonsense'}",
                               "NOT_FOUND: decision: no decision 'nonsense'");
    decide(r, "{'placement': 'hero', 'dry_run': true}");
    const msgpack_object *elements = remembering_request(r, "explain", decision);
    assert_int_equal(elements[3].type, MSGPACK_OBJECT_NIL);
    assert_memory_equal(elements[2].via.str.ptr, "NOT_FOUND: ", 11);
}

/* While there is no ledger, what is in the log is told all the same. */
static void test_explain_without_a_ledger(void **state)
{
    struct remembering *r = *state;
    decide(r, "{'placement': 'hero', 'customer': 'ada', 'context': {'some': ['thing', 'deep']}}");
    ledger_finish(r->ledger);
    remembering_kill_ledger(r);
    for (int i = 0; i < 3; i++)
        assert_string_equal(offers_of(ASK("explain", decision)), "guide tool");
}

/* A record of some other program's: names and numbers that this one does not know. */
static void test_explain_of_a_strange_record(void **state)
{
    struct remembering *r = *state;
    struct record record = records_one();
    struct text bytes = records_encode(&record);
    struct decision_id id = decision_id_of(record.clock_us, record.seed, record.version);
    char text[DECISION_ID_LENGTH + 1], arguments[DECISION_ID_LENGTH + 40];
    log_writer_append(&r->log, bytes);
    decision_id_write(&id, text);
    snprintf(arguments, sizeof arguments, "{'decision': '%s'}", text);
    const msgpack_object *result = ASK("explain", arguments);
    assert_string_equal(gate_of(result, "rested-one"), "unknown");
    assert_string_equal(offers_of(result), "spring-sale house");
    free((char *)(uintptr_t)bytes.bytes);
}

/* However often somebody asks: the failure was reported when a visitor met it, and counted once. */
static void test_explain_of_a_failure_counts_and_reports_none(void **state)
{
    struct remembering *r = *state;
    struct capture capture;
    const struct script_site *scripts = engine_scripts(r->flowing->flow.engine);
    log_configure("", LOG_LEVEL_INFO);
    decide(r, "{'placement': 'hero', 'stage': 'failing'}");
    capture_begin(&capture);
    for (int i = 0; i < 20; i++) {
        const msgpack_object *result = ASK("explain", decision);
        assert_str(field(result, "fallback"), "strategy_error");
        assert_string_equal(gate_of(result, "boom"), "strategy");
    }
    assert_string_equal(capture_end(&capture), "");
    decide(r, "{'placement': 'hero', 'stage': 'failing'}");
    assert_int_equal(script_site_set_aside_count(scripts), 0);
    assert_int_equal(script_site_failure(scripts, 0).times, 2);
    decide(r, "{'placement': 'hero', 'stage': 'failing'}");
    assert_int_equal(script_site_set_aside_count(scripts), 1);
}

/* Nothing grows: neither with decisions told nor with messages answered in between. */
static void test_explain_keeps_nothing(void **state)
{
    struct remembering *r = *state;
    decide(r, "{'placement': 'hero', 'customer': 'ada', 'context': {'some': ['thing', 'deep']}}");
    ASK("explain", decision);
    msgpack_zone_chunk *chunk = r->flowing->flow.zone.chunk_list.head;
    size_t total = r->flowing->flow.recall->arena.total;
    for (int i = 0; i < 50; i++) {
        ASK("explain", decision);
        assert_ptr_equal(r->flowing->flow.zone.chunk_list.head, chunk);
    }
    assert_int_equal(r->flowing->flow.recall->arena.total, total);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_explain_##name, remembering_setup, remembering_teardown)
        TEST(tells_the_whole_decision),
        TEST(knows_the_customer_as_they_were),
        TEST(draws_the_same),
        TEST(after_a_change_that_changes_nothing),
        TEST(after_a_change_that_matters),
        TEST(after_the_stage_was_renamed),
        TEST(of_a_restricted_customer),
        TEST(of_who_was_restricted_later),
        TEST(of_what_is_not_there),
        TEST(without_a_ledger),
        TEST(of_a_strange_record),
        TEST(of_a_failure_counts_and_reports_none),
        TEST(keeps_nothing),
#undef TEST
        cmocka_unit_test_setup_teardown(test_explain_after_the_strategy_was_set_aside, setup_shelf,
                                        remembering_teardown),
        cmocka_unit_test_setup_teardown(test_explain_of_more_than_a_record_holds, setup_hundreds,
                                        remembering_teardown),
    };
    return cmocka_run_group_tests_name("flow/explain", tests, NULL, NULL);
}

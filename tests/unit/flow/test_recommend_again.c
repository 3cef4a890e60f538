/* Answers from memory: the same as those that are decided, for as long as that is so, counted and recorded.
 */
#include "remembering.h"

#include "base/random.h"
#include "model/decision_id.h"

#define ASK(arguments) flowing_ask(flowing, "recommend", (arguments))

static uint64_t counted(struct flowing *flowing, enum metrics_counter counter)
{
    return flowing->slots[FLOWING_OWN].values[counter];
}

static uint64_t remembered(struct flowing *flowing)
{
    return counted(flowing, METRICS_recommends_remembered);
}

/* How many of four requests, one after the other, are answered from memory. */
static unsigned remembered_of_four(struct flowing *flowing, const char *arguments)
{
    uint64_t before = remembered(flowing);
    for (unsigned i = 0; i < 4; i++)
        ASK(arguments);
    return (unsigned)(remembered(flowing) - before);
}

/* A result's bytes without the decision's name, which is noted. */
static struct buffer told(struct flowing *flowing, const char *arguments, struct decision_id *id)
{
    struct buffer bytes;
    const msgpack_object *name = field(ASK(arguments), "decision");
    buffer_create(&bytes);
    assert_true(decision_id_read((struct text){name->via.str.ptr, name->via.str.size}, id));
    buffer_append(&bytes, flowing->out.bytes, flowing->out.length);
    char *at = bytes.bytes + (name->via.str.ptr - flowing->out.bytes);
    memset(at, 'x', name->via.str.size);
    return bytes;
}

static void test_again_tells_the_same_of_another_decision(void **state)
{
    struct flowing *flowing = *state;
    struct decision_id first_id, id;
    flowing->id = 1000;
    struct buffer first = told(flowing, "{'placement': 'hero', 'locale': 'en'}", &first_id);
    for (unsigned i = 0; i < 3; i++) {
        flowing->id = 1000; /* so that the envelopes are alike, too */
        struct buffer again = told(flowing, "{'placement': 'hero', 'locale': 'en'}", &id);
        assert_int_equal(again.length, first.length);
        assert_memory_equal(again.bytes, first.bytes, first.length);
        assert_true(id.clock_us >= first_id.clock_us);
        assert_true(id.seed != first_id.seed);
        assert_memory_equal(id.version, first_id.version, DECISION_ID_VERSION);
        buffer_destroy(&again);
    }
    buffer_destroy(&first);
    assert_int_equal(remembered(flowing), 2);
    assert_int_equal(counted(flowing, METRICS_recommends), 4);
    assert_int_equal(counted(flowing, METRICS_requests), 4);
    assert_int_equal(counted(flowing, METRICS_items), 8);
}

static void test_again_asks_strategies_only_while_it_learns(void **state)
{
    struct flowing *flowing = *state;
    assert_int_equal(remembered_of_four(flowing, "{'placement': 'hero', 'stage': 'choosing'}"), 2);
    assert_int_equal(remembered_of_four(flowing, "{'placement': 'hero', 'stage': 'choosing'}"), 4);
    const msgpack_object *result = ASK("{'placement': 'hero', 'stage': 'choosing'}");
    assert_str(field(result, "strategy"), "by-mood");
    assert_str(field(element(field(result, "items"), 0), "because"), "a ride tells more");
    assert_str(field(element(field(result, "items"), 1), "because"), "they compare");
}

/* Each of these can be another the next time, though the request is the same. */
static void test_again_is_not_for_what_may_change(void **state)
{
    struct flowing *flowing = *state;
    static const char *const changing[] = {
        "{'placement': 'hero', 'customer': 'ada'}",
        "{'placement': 'hero', 'dry_run': true}",
        "{'placement': 'hero', 'explain': true}",
        "{'placement': 'hero', 'stage': 'choosing', 'context': {'dice': true}}",
        "{'placement': 'hero', 'stage': 'failing'}",
        "{'placement': 'hero', 'stage': 'choosing', 'context': {'tired': true}}", /* the house fills a slot */
        "{'placement': 'banner', 'stage': 'choosing'}",
    };
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
        if (remembered_of_four(flowing, changing[i]) != 0)
            fail_msg("answered from memory: %s", changing[i]);
}

static void test_again_holds_until_an_offer_starts_or_ends(void **state)
{
    struct flowing *flowing = *state;
    struct repeat found;
    struct buffer message;
    const double winter_starts = 3786912000, winter_ends = 3789504000; /* 2090-01-01 and 2090-01-31 */
    ASK("{'placement': 'hero'}");
    ASK("{'placement': 'hero'}");
    buffer_create(&message);
    request_put(&message, 1, "recommend", "{'placement': 'hero'}");
    const char *map = memmem(message.bytes, message.length, "\x81", 1);
    struct text request = {map, (size_t)(message.bytes + message.length - map)};
    const struct repeats *repeats = engine_repeats(flowing->flow.engine);
    assert_true(repeats_find(repeats, request, winter_starts - 1, &found));
    assert_true(found.until == winter_starts);
    assert_true(repeats_find(repeats, request, 0, &found));
    assert_false(repeats_find(repeats, request, winter_starts, &found));
    assert_false(repeats_find(repeats, request, winter_ends, &found));
    buffer_destroy(&message);
}

/* A token that is not there, or not enough, opens nothing. */
static void test_again_is_for_those_who_may_ask(void **state)
{
    struct flowing *flowing = *state;
    remembered_of_four(flowing, "{'placement': 'hero'}");
    flowing->peer.scope = SCOPE_NONE;
    assert_string_equal(flowing_refused(flowing, "recommend", "{'placement': 'hero'}"),
                        "UNAUTHORIZED: token: call auth {token} first");
    flowing->peer.scope = SCOPE_SITE;
    assert_int_equal(remembered_of_four(flowing, "{'placement': 'hero'}"), 4);
}

static void test_again_needs_a_request_not_a_notification(void **state)
{
    struct flowing *flowing = *state;
    struct buffer message;
    remembered_of_four(flowing, "{'placement': 'hero'}");
    uint64_t before = remembered(flowing);
    buffer_create(&message);
    request_put(&message, 1, "recommend", "{'placement': 'hero'}");
    char *bytes = message.bytes; /* [0, 1, …] becomes [2, …] */
    bytes[0] = (char)0x93;
    bytes[1] = 2;
    memmove(bytes + 2, bytes + 3, message.length - 3);
    message.length--;
    flowing_send(flowing, &message);
    assert_int_equal(flowing->out.length, 0);
    assert_int_equal(remembered(flowing), before);
    buffer_destroy(&message);
}

/* ---- Strategies that fail for some ---- */

static const char moody[] =
    "strategy 'moody' { stage = 'walk/choosing', placements = { 'hero' },\n"
    "  score = function(c, o) return c.context.bad and c.context.missing.field or 1 end }\n";

static int setup_moody(void **state)
{
    return flowing_setup_with(state, "strategies/all.lua", moody);
}

static const char good[] = "{'placement': 'hero', 'stage': 'choosing'}";
static const char bad[] = "{'placement': 'hero', 'stage': 'choosing', 'context': {'bad': true}}";

static void test_again_ends_when_a_strategy_is_set_aside(void **state)
{
    struct flowing *flowing = *state;
    assert_int_equal(remembered_of_four(flowing, good), 2);
    for (unsigned i = 0; i < 3; i++)
        assert_str(field(ASK(bad), "fallback"), "strategy_error");
    assert_int_equal(counted(flowing, METRICS_strategies_set_aside), 1);
    assert_str(field(ASK(good), "fallback"), "strategy_error");
    assert_int_equal(remembered_of_four(flowing, good), 0);
}

/* The strategy fails behind the persona, and is not set aside. */
static int setup_shaky(void **state)
{
    return flowing_setup_with(state, "personas/all.lua",
                              "persona 'rider' { match = function(c) return c.context.missing == true and "
                              "c.context.nothing.field end }\n"
                              "persona 'walker' { match = function(c) return true end }\n");
}

static void test_again_ends_when_a_persona_is_set_aside(void **state)
{
    struct flowing *flowing = *state;
    static const char fails[] = "{'placement': 'hero', 'stage': 'failing', 'context': {'missing': true}}";
    for (unsigned i = 0; i < 150; i++) /* it has proven itself, so that it is judged by failures in a row */
        ASK("{'placement': 'hero', 'stage': 'failing', 'persona': 'walker', 'context': {'missing': {'field': "
            "1}}}");
    assert_int_equal(remembered_of_four(flowing, good), 2);
    for (unsigned i = 0; i < 3; i++)
        ASK(fails);
    assert_int_equal(counted(flowing, METRICS_strategies_set_aside), 1);
    assert_int_equal(remembered_of_four(flowing, good), 3);
}

/* Who is asked often and answers well cannot be switched off by strangers, however the answers came about. */
static void test_again_counts_as_an_answer_of_the_strategy(void **state)
{
    struct flowing *flowing = *state;
    for (unsigned i = 0; i < 1000; i++)
        ASK(good);
    assert_int_equal(remembered(flowing), 998);
    for (unsigned i = 0; i < 50; i++)
        ASK(bad);
    assert_int_equal(counted(flowing, METRICS_strategies_set_aside), 0);
    assert_nil(field(ASK(good), "fallback"));
}

static int setup_curious(void **state)
{
    return flowing_setup_with(state, "personas/all.lua",
                              "persona 'rider' { match = function(c) return c.context.mood.wild end }\n"
                              "persona 'walker' {}\n");
}

static void test_again_counts_as_an_answer_of_the_persona(void **state)
{
    struct flowing *flowing = *state;
    static const char fine[] = "{'placement': 'hero', 'stage': 'choosing', 'context': {'mood': {'calm': 1}}}";
    for (unsigned i = 0; i < 1000; i++)
        ASK(fine);
    assert_int_equal(remembered(flowing), 998);
    for (unsigned i = 0; i < 50; i++)
        assert_nil(field(ASK(good), "persona"));
    assert_int_equal(counted(flowing, METRICS_strategies_set_aside), 0);
    for (unsigned i = 0; i < 50; i++)
        ASK(good);
    assert_int_equal(counted(flowing, METRICS_strategies_set_aside), 1);
}

/* ---- Fallbacks ---- */

static int setup_winter(void **state)
{
    return flowing_setup_with(state, "placements.lua",
                              "placement 'hero' { count = 2, fallback = 'winter' }\n"
                              "placement 'banner' { fallback = 'house' }\n");
}

/* The slot that is empty now will be filled one day. */
static void test_again_is_not_for_fallbacks_to_come(void **state)
{
    struct flowing *flowing = *state;
    static const char request[] = "{'placement': 'hero', 'stage': 'choosing', 'context': {'tired': true}}";
    assert_string_equal(offers_of(ASK(request)), "visit");
    assert_int_equal(remembered_of_four(flowing, request), 0);
    assert_int_equal(remembered_of_four(flowing, "{'placement': 'hero', 'stage': 'choosing'}"), 2);
}

/* ---- Against an engine that remembers nothing ---- */

static void test_again_tells_what_would_be_decided(void **state)
{
    struct flowing *flowing = *state;
    static const char *const placements[] = {"hero", "banner", "list"};
    static const char *const stages[] = {"curious", "choosing", "resting", "failing"};
    static const char *const rest[] = {"",
                                       ", 'locale': 'en'",
                                       ", 'persona': 'rider'",
                                       ", 'traits': {'bicycle': true}",
                                       ", 'consents': {'marketing': true}",
                                       ", 'exclude': ['guide', 'ride']",
                                       ", 'count': 1",
                                       ", 'context': {'tired': true}",
                                       ", 'context': {'tired': false, 'x': [1, {'y': 2.5}]}"};
    struct random_state random = {20261122};
    char request[256], dry[256];
    for (unsigned i = 0; i < 3000; i++) {
        snprintf(request, sizeof request, "{'placement': '%s', 'stage': '%s'%s}",
                 placements[random_next(&random) % 3], stages[random_next(&random) % 4],
                 rest[random_next(&random) % 9]);
        snprintf(dry, sizeof dry, "%.*s, 'dry_run': true}", (int)strlen(request) - 1, request);
        struct decision_id id;
        flowing->id = 1000;
        struct buffer decided = told(flowing, dry, &id);
        flowing->id = 1000;
        struct buffer answered = told(flowing, request, &id);
        assert_int_equal(answered.length, decided.length);
        assert_memory_equal(answered.bytes, decided.bytes, decided.length);
        buffer_destroy(&decided);
        buffer_destroy(&answered);
    }
    assert_in_range(remembered(flowing), 300, 3000);
}

/* ---- With a log, and with stock ---- */

static int setup_stocked(void **state)
{
    return remembering_setup_with(state, "offers/stocked.lua",
                                  "offer 'seat' { kind = 'demo', title = 'Seat', url = '/', stages = { "
                                  "'walk/choosing' }, value = 1000, stock = 3 }\n");
}

static void test_again_is_in_the_log(void **state)
{
    struct remembering *r = *state;
    char asked[80];
    for (unsigned i = 0; i < 6; i++) {
        const msgpack_object *result =
            remembering_ask(r, "recommend", "{'placement': 'hero', 'locale': 'en'}");
        const msgpack_object *name = field(result, "decision");
        snprintf(asked, sizeof asked, "{'decision': '%.*s'}", (int)name->via.str.size, name->via.str.ptr);
        remembering_write(r);
        result = remembering_ask(r, "explain", asked);
        assert_string_equal(offers_of(result), "guide tool");
        assert_str(field(result, "locale"), "en");
        assert_true(field(result, "trace")->via.array.size > 2);
    }
    assert_int_equal(remembered(r->flowing), 4);
    assert_int_equal(counted(r->flowing, METRICS_decisions_unrecorded), 0);
}

static void test_again_is_not_for_what_runs_out(void **state)
{
    struct remembering *r = *state;
    for (unsigned i = 0; i < 8; i++) {
        const msgpack_object *result =
            remembering_ask(r, "recommend", "{'placement': 'hero', 'stage': 'choosing'}");
        assert_string_equal(offers_of(result), i < 3 ? "seat ride" : "ride visit");
    }
    assert_int_equal(remembered(r->flowing), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_again_tells_the_same_of_another_decision, flowing_setup,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_asks_strategies_only_while_it_learns, flowing_setup,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_is_not_for_what_may_change, flowing_setup,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_holds_until_an_offer_starts_or_ends, flowing_setup,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_is_for_those_who_may_ask, flowing_setup, flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_needs_a_request_not_a_notification, flowing_setup,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_ends_when_a_strategy_is_set_aside, setup_moody,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_ends_when_a_persona_is_set_aside, setup_shaky,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_counts_as_an_answer_of_the_strategy, setup_moody,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_counts_as_an_answer_of_the_persona, setup_curious,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_is_not_for_fallbacks_to_come, setup_winter,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_tells_what_would_be_decided, flowing_setup,
                                        flowing_teardown),
        cmocka_unit_test_setup_teardown(test_again_is_in_the_log, remembering_setup, remembering_teardown),
        cmocka_unit_test_setup_teardown(test_again_is_not_for_what_runs_out, setup_stocked,
                                        remembering_teardown),
    };
    return cmocka_run_group_tests_name("flow/recommend_again", tests, NULL, NULL);
}

/* flow/journey_map: the funnel of a journey, as it is asked for and answered. */
#include "remembering.h"

#define ASK(arguments) remembering_ask(r, "journey.map", (arguments))

static const msgpack_object *stage_of(const msgpack_object *map, const char *name)
{
    const msgpack_object *stages = field(map, "stages");
    for (uint32_t i = 0; i < stages->via.array.size; i++) {
        const msgpack_object *stage = element(stages, i);
        const msgpack_object *value = field(stage, "stage");
        if (value->via.str.size == strlen(name) && memcmp(value->via.str.ptr, name, strlen(name)) == 0)
            return stage;
    }
    fail_msg("no stage '%s'", name);
    return NULL;
}

static void visit(struct remembering *r)
{
    remembering_ask(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    remembering_ask(r, "track", "{'event': 'page_view', 'customer': 'bo'}");
    remembering_ask(r, "profile.set", "{'customer': 'bo', 'stage': 'choosing'}");
}

static void test_journey_map_counts_who_went(void **state)
{
    struct remembering *r = *state;
    visit(r);
    const msgpack_object *map = ASK("{}");
    assert_str(field(map, "journey"), "walk");
    assert_int_equal(field(map, "stages")->via.array.size, 4);
    const msgpack_object *curious = stage_of(map, "curious");
    assert_int_equal(number(field(curious, "entered")), 2);
    assert_int_equal(number(field(curious, "advanced")), 1);
    assert_int_equal(number(field(curious, "inside")), 1);
    assert_int_equal(number(field(stage_of(map, "choosing"), "inside")), 1);
}

/* What was pushed before the question is in the answer. */
static void test_journey_map_reads_what_was_written_before(void **state)
{
    struct remembering *r = *state;
    struct buffer message;
    buffer_create(&message);
    request_put_notification(&message, "track", "{'event': 'page_view', 'customer': 'ada'}");
    flowing_send(r->flowing, &message);
    buffer_destroy(&message);
    assert_int_equal(number(field(stage_of(ASK("{}"), "curious"), "entered")), 1);
}

static void test_journey_map_of_other_days(void **state)
{
    struct remembering *r = *state;
    visit(r);
    const msgpack_object *map = ASK("{'from': '2020-01-01', 'to': '2020-01-31'}");
    assert_str(field(map, "from"), "2020-01-01");
    assert_str(field(map, "to"), "2020-01-31");
    assert_int_equal(number(field(stage_of(map, "curious"), "entered")), 0);
}

static void test_journey_map_of_another_journey(void **state)
{
    struct remembering *r = *state;
    visit(r);
    const msgpack_object *map = ASK("{'journey': 'talk'}");
    assert_str(field(map, "journey"), "talk");
    assert_int_equal(field(map, "stages")->via.array.size, 2);
    assert_remembering_refuses(r, "journey.map", "{'journey': 'tlak'}",
                               "INVALID: journey: no journey 'tlak'; did you mean 'talk'?");
}

/* Refused at once, without asking the ledger. */
static void test_journey_map_refuses_days_that_are_none(void **state)
{
    struct remembering *r = *state;
    remembering_send(r, "journey.map", "{'from': '2020-02-31'}");
    assert_int_equal(r->flowing->outcome, FLOW_DONE);
    assert_non_null(strstr(flowing_decode(r->flowing)[2].via.str.ptr, "from"));
    r->flowing->flow.engine = NULL;
    assert_remembering_refuses(r, "journey.map", "{}", "UNAVAILABLE: the site is not loaded yet");
    r->flowing->flow.engine = r->flowing->site.engine;
    assert_int_equal(r->flowing->flow.recall->link.open, 0);
}

/* A reload between question and answer may have taken the journey away. */
static void test_journey_map_of_a_journey_that_went(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    assert_true(engine_build_with(&other, &r->flowing->slots[FLOWING_OWN], "journeys/chat.lua",
                                  "journey 'chat' { locale = 'en', stage 'hello' {} }\n"));
    r->flowing->flow.engine = other.engine;
    remembering_send(r, "journey.map", "{'journey': 'chat'}");
    assert_int_equal(r->flowing->outcome, FLOW_WAITING);
    r->flowing->flow.engine = r->flowing->site.engine;
    remembering_write(r);
    const msgpack_object *error = &flowing_decode(r->flowing)[2];
    assert_memory_equal(error->via.str.ptr, "INVALID: journey: no journey 'chat'", 35);
    engine_built_destroy(&other);
}

/* The map of a store that was never made. */
static void test_journey_map_without_a_store(void **state)
{
    struct remembering *r = *state;
    remembering_kill_ledger(r);
    r->flowing->flow.recall->store = NULL;
    assert_remembering_refuses(r, "journey.map", "{}", "UNAVAILABLE: what happened cannot be read now");
    r->flowing->flow.recall->store = r->store;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_journey_map_##name, remembering_setup, remembering_teardown)
        TEST(counts_who_went),    TEST(reads_what_was_written_before), TEST(of_other_days),
        TEST(of_another_journey), TEST(refuses_days_that_are_none),    TEST(of_a_journey_that_went),
        TEST(without_a_store),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/journey_map", tests, NULL, NULL);
}

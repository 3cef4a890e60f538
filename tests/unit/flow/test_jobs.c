/* flow/map_jobs: a long map is read in steps, between which others are answered, leave, or load another site.
 */
#include "remembering.h"

#include "ledger/map.h"

enum { DAYS = MAP_SCAN_ROWS + 50 };

/* A row for each of the last days. */
static void click_each_day(struct remembering *r)
{
    char event[120];
    for (int day = 0; day < DAYS; day++) {
        snprintf(event, sizeof event, "{'event': 'click', 'customer': 'ada', 'offer': 'guide', 'at': %lld}",
                 (long long)time(NULL) - 86400LL * day);
        remembering_ask(r, "track", event);
    }
    r->answers = 0;
    buffer_clear(&r->flowing->out, SIZE_MAX);
}

/* It was asked, the ledger has been asked behind what; nothing is read yet. */
static void begin(struct remembering *r, const char *arguments)
{
    remembering_send(r, "journey.map", arguments);
    ledger_finish(r->ledger);
    flow_take_outcomes(&r->flowing->flow, remembering_give, r);
    assert_true(flow_has_more(&r->flowing->flow));
    assert_int_equal(r->answers, 0);
}

static void step(struct remembering *r)
{
    flow_go_on(&r->flowing->flow, remembering_give, r);
}

static double clicks(const msgpack_object *map)
{
    const msgpack_object *offers = field(map, "offers");
    double sum = 0;
    for (uint32_t i = 0; i < offers->via.array.size; i++)
        sum += number(field(element(offers, i), "clicks"));
    return sum;
}

static void test_map_jobs_lets_others_in(void **state)
{
    struct remembering *r = *state;
    click_each_day(r);
    begin(r, "{}");
    step(r);
    assert_int_equal(r->answers, 0);
    assert_str(field(remembering_ask(r, "recommend", "{'placement': 'hero'}"), "placement"), "hero");
    buffer_clear(&r->flowing->out, SIZE_MAX);
    r->flowing->id--; /* of the map, which is decoded next */
    step(r);
    assert_int_equal(r->answers, 1);
    assert_false(flow_has_more(&r->flowing->flow));
    assert_true(clicks(&flowing_decode(r->flowing)[3]) == DAYS);
}

static void test_map_jobs_take_turns(void **state)
{
    struct remembering *r = *state;
    click_each_day(r);
    begin(r, "{}");
    begin(r, "{'from': '2020-01-01', 'to': '2020-01-02'}");
    step(r);
    assert_int_equal(r->answers, 0);
    step(r);
    assert_int_equal(r->answers, 1);
    step(r);
    assert_int_equal(r->answers, 2);
    assert_false(flow_has_more(&r->flowing->flow));
}

static void test_map_jobs_begin_anew_with_another_site(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    click_each_day(r);
    assert_true(engine_build(&other, &r->flowing->slots[FLOWING_OWN]));
    begin(r, "{}");
    step(r);
    assert_ptr_equal(flow_set_engine(&r->flowing->flow, other.engine), r->flowing->site.engine);
    step(r);
    assert_int_equal(r->answers, 0);
    step(r);
    assert_int_equal(r->answers, 1);
    assert_true(clicks(&flowing_decode(r->flowing)[3]) == DAYS);
    flow_set_engine(&r->flowing->flow, r->flowing->site.engine);
    engine_built_destroy(&other);
}

static void test_map_jobs_end_when_nobody_waits(void **state)
{
    struct remembering *r = *state;
    click_each_day(r);
    begin(r, "{}");
    step(r);
    flow_disown(&r->flowing->flow, r);
    step(r);
    assert_int_equal(r->answers, 0);
    assert_false(flow_has_more(&r->flowing->flow));
}

/* The daemon ends in the midst of it: what is left is freed. */
static void test_map_jobs_end_with_the_flow(void **state)
{
    struct remembering *r = *state;
    click_each_day(r);
    begin(r, "{}");
    step(r);
    begin(r, "{}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_map_jobs_##name, remembering_setup, remembering_teardown)
        TEST(lets_others_in),        TEST(take_turns),        TEST(begin_anew_with_another_site),
        TEST(end_when_nobody_waits), TEST(end_with_the_flow),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/map_jobs", tests, NULL, NULL);
}

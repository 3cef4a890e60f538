/* flow/map_job: a long map is read in steps, whatever becomes of the site meanwhile. */
#include "jobbing.h"

static double clicks(const msgpack_object *map)
{
    const msgpack_object *offers = field(map, "offers");
    double sum = 0;
    for (uint32_t i = 0; i < offers->via.array.size; i++)
        sum += number(field(element(offers, i), "clicks"));
    return sum;
}

static void test_map_job_takes_steps(void **state)
{
    struct remembering *r = *state;
    jobbing_fill_map(r);
    jobbing_begin(r, "journey.map", "{}");
    jobbing_step_on(r);
    jobbing_step(r);
    assert_int_equal(r->answers, 1);
    assert_false(flow_has_more(&r->flowing->flow));
    assert_true(clicks(&flowing_decode(r->flowing)[3]) == JOBBING_DAYS);
}

static void test_map_job_begins_anew_with_another_site(void **state)
{
    struct remembering *r = *state;
    struct engine_built other;
    jobbing_fill_map(r);
    assert_true(engine_build(&other, &r->flowing->slots[FLOWING_OWN]));
    jobbing_begin(r, "journey.map", "{}");
    jobbing_step_on(r);
    assert_ptr_equal(flow_set_engine(&r->flowing->flow, other.engine), r->flowing->site.engine);
    jobbing_step_on(r);
    jobbing_step(r);
    assert_int_equal(r->answers, 1);
    assert_true(clicks(&flowing_decode(r->flowing)[3]) == JOBBING_DAYS);
    flow_set_engine(&r->flowing->flow, r->flowing->site.engine);
    engine_built_destroy(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_map_job_##name, remembering_setup, remembering_teardown)
        TEST(takes_steps),
        TEST(begins_anew_with_another_site),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/map_job", tests, NULL, NULL);
}

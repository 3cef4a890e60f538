/* flow/stats: sums over all processes, and what this one knows of the site. */
#include "flowing.h"

static void test_stats_sums_all_processes(void **state)
{
    struct flowing *flowing = *state;
    flowing->slots[0].values[METRICS_items] = 5;
    flowing->slots[FLOWING_OWN].values[METRICS_items] = 30;
    flowing->slots[2].values[METRICS_items] = 700;
    const msgpack_object *counters = field(flowing_ask(flowing, "stats", NULL), "counters");
    assert_int_equal(number(field(counters, "items")), 735);
    assert_int_equal(number(field(counters, "requests")), 1);
}

/* One process takes connections that another one counted as opened: the sum is what is right. */
static void test_stats_sums_what_goes_up_and_down(void **state)
{
    struct flowing *flowing = *state;
    flowing->slots[0].values[METRICS_connections_open] = UINT64_MAX;
    flowing->slots[2].values[METRICS_connections_open] = 3;
    const msgpack_object *counters = field(flowing_ask(flowing, "stats", NULL), "counters");
    assert_int_equal(number(field(counters, "connections_open")), 2);
}

static void test_stats_tells_the_most_of_peaks(void **state)
{
    struct flowing *flowing = *state;
    flowing->slots[0].values[METRICS_script_longest_ms] = 7;
    flowing->slots[2].values[METRICS_script_longest_ms] = 22;
    const msgpack_object *counters = field(flowing_ask(flowing, "stats", NULL), "counters");
    assert_int_equal(number(field(counters, "script_longest_ms")), 22);
}

static void test_stats_names_every_counter_and_no_watch(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *counters = field(flowing_ask(flowing, "stats", NULL), "counters");
    assert_int_equal(counters->via.map.size, METRICS_TOLD);
    for (int i = 0; i < METRICS_TOLD; i++)
        field(counters, metrics_name((enum metrics_counter)i));
    assert_null(value_map_get(counters, TEXT("loop_turned")));
}

static void test_stats_of_the_site(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = flowing_ask(flowing, "stats", NULL), *site = field(result, "site");
    assert_int_equal(result->via.map.size, 4);
    assert_int_equal(number(field(result, "workers")), 2);
    assert_true(number(field(result, "uptime")) >= 0.0);
    assert_int_equal(site->via.map.size, 9);
    assert_str(field(site, "name"), "probe");
    assert_str(field(site, "version"), engine_version(flowing->site.engine));
    assert_int_equal(number(field(site, "journeys")), 2);
    assert_int_equal(number(field(site, "stages")), 6);
    assert_int_equal(number(field(site, "placements")), 3);
    assert_int_equal(number(field(site, "offers")), 10);
    assert_int_equal(number(field(site, "strategies")), 2);
    assert_int_equal(field(site, "set_aside")->via.array.size, 0);
}

static void test_stats_before_a_site_is_there(void **state)
{
    struct flowing *flowing = *state;
    flowing->flow.engine = NULL;
    const msgpack_object *result = flowing_ask(flowing, "stats", NULL);
    assert_int_equal(result->via.map.size, 3);
    assert_null(value_map_get(result, TEXT("site")));
}

static void test_stats_names_what_was_set_aside(void **state)
{
    struct flowing *flowing = *state;
    for (int i = 0; i < 3; i++)
        flowing_ask(flowing, "recommend", "{'placement': 'hero', 'stage': 'failing'}");
    const msgpack_object *set_aside = field(field(flowing_ask(flowing, "stats", NULL), "site"), "set_aside");
    assert_int_equal(set_aside->via.array.size, 1);
    assert_str(element(set_aside, 0), "failing");
    const msgpack_object *because =
        field(field(flowing_ask(flowing, "stats", NULL), "site"), "set_aside_because");
    const msgpack_object *reason = field(because, "failing");
    assert_int_equal(reason->type, MSGPACK_OBJECT_STR);
    assert_memory_equal(reason->via.str.ptr, "strategies/all.lua:7: ", 22);
}

static int setup_shaky(void **state)
{
    return flowing_setup_with(state, "personas/all.lua",
                              "persona 'failing' { match = function(c) error('no idea') end }\n"
                              "persona 'rider' {}\npersona 'walker' {}\n");
}

/* The persona has the strategy's name. */
static void test_stats_names_personas_too(void **state)
{
    struct flowing *flowing = *state;
    for (int i = 0; i < 3; i++)
        flowing_ask(flowing, "recommend", "{'placement': 'hero', 'stage': 'failing'}");
    const msgpack_object *site = field(flowing_ask(flowing, "stats", NULL), "site");
    const msgpack_object *set_aside = field(site, "set_aside");
    assert_int_equal(set_aside->via.array.size, 2);
    assert_str(element(set_aside, 0), "failing");
    assert_str(element(set_aside, 1), "persona failing");
    const msgpack_object *because = field(site, "set_aside_because");
    assert_int_equal(because->via.map.size, 2);
    assert_str(field(because, "persona failing"), "personas/all.lua:1: the script called error()");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_stats_##name, flowing_setup, flowing_teardown)
        TEST(sums_all_processes),
        TEST(sums_what_goes_up_and_down),
        TEST(tells_the_most_of_peaks),
        TEST(names_every_counter_and_no_watch),
        TEST(of_the_site),
        TEST(before_a_site_is_there),
        TEST(names_what_was_set_aside),
        cmocka_unit_test_setup_teardown(test_stats_names_personas_too, setup_shaky, flowing_teardown),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/stats", tests, NULL, NULL);
}

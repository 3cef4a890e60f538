/* flow/failure_report: every function that failed has its line, and its place in the counters. */
#include "remembering.h"

#include "../base/capture.h"
#include "base/log.h"
#include "script/site.h"

static const char walkers[] =
    "persona 'rider' { match = function(c) return c.traits.bicycle.gears > 3 end }\n"
    "persona 'walker' { match = function(c) return c.traits.shoes.size > 3 end }\n";

static int setup(void **state)
{
    return flowing_setup_with(state, "personas/all.lua", walkers);
}

static unsigned count(const char *text, const char *part)
{
    unsigned times = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        times++;
    return times;
}

static uint64_t set_aside(const struct flowing *flowing)
{
    return flowing->slots[FLOWING_OWN].values[METRICS_strategies_set_aside];
}

static void test_failure_report_tells_of_each(void **state)
{
    struct flowing *flowing = *state;
    struct capture capture;
    log_configure("", LOG_LEVEL_INFO);
    capture_begin(&capture);
    flowing_ask(flowing, "recommend", "{'placement': 'hero', 'stage': 'failing'}");
    const char *log = capture_end(&capture);
    assert_int_equal(count(log, "level=warning msg=\"strategy failed\""), 3);
    assert_non_null(strstr(log, "strategy=rider decision="));
    assert_non_null(strstr(log, "error=\"personas/all.lua:2: attempt to index a nil value (field 'shoes')"));
    assert_non_null(strstr(log, "strategy=failing decision="));
    assert_int_equal(set_aside(flowing), 0);
}

static void test_failure_report_tells_who_is_set_aside(void **state)
{
    struct flowing *flowing = *state;
    struct capture capture;
    log_configure("", LOG_LEVEL_INFO);
    capture_begin(&capture);
    for (unsigned strike = 0; strike < 4; strike++)
        flowing_ask(flowing, "recommend", "{'placement': 'hero', 'stage': 'failing'}");
    const char *log = capture_end(&capture);
    static const char *const lines[] = {
        "level=error msg=\"strategy set aside until the next reload\" strategy=rider error=\"personas",
        "level=error msg=\"strategy set aside until the next reload\" strategy=walker error=\"personas",
        "level=error msg=\"strategy set aside until the next reload\" strategy=failing error=\"strategies"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_int_equal(count(log, lines[i]), 1);
    assert_int_equal(set_aside(flowing), 3);
}

/* Whoever tries what fails is told of it, and takes nothing from visitors. */
static void test_failure_report_sets_nobody_aside_in_dry_runs(void **state)
{
    struct flowing *flowing = *state;
    struct capture capture;
    log_configure("", LOG_LEVEL_INFO);
    capture_begin(&capture);
    for (unsigned i = 0; i < 100; i++)
        flowing_ask(flowing, "recommend", "{'placement': 'hero', 'stage': 'failing', 'dry_run': true}");
    const char *log = capture_end(&capture);
    assert_int_equal(count(log, "msg=\"strategy failed\" strategy=failing"), 8 + 3); /* 16, 32, 64 */
    assert_int_equal(count(log, "set aside"), 0);
    assert_int_equal(set_aside(flowing), 0);
    assert_int_equal(script_site_set_aside_count(engine_scripts(flowing->flow.engine)), 0);
}

/* Each for one of the customer's decisions; the persona's function fails for whoever asks. */
static const char scarce[] =
    "persona 'seeker' { match = function(c) return c.traits.seeks.much end }\n"
    "offer 'once-a' { kind = 'article', title = 'A', url = '/', stages = { 'walk/curious' }, value = 2000,\n"
    "  limit = { decisions = 1, within = '7d' } }\n"
    "offer 'once-b' { kind = 'article', title = 'B', url = '/', stages = { 'walk/curious' }, value = 1000,\n"
    "  limit = { decisions = 1, within = '7d' } }\n";

static int setup_scarce(void **state)
{
    return remembering_setup_with(state, "offers/scarce.lua", scarce);
}

/* One request is decided more than once where others were quicker. */
static void test_failure_report_tells_once_of_a_request(void **state)
{
    struct remembering *r = *state;
    struct capture capture;
    log_configure("", LOG_LEVEL_INFO);
    const msgpack_object *result = remembering_ask(
        r, "recommend", "{'placement': 'banner', 'customer': 'ada', 'persona': 'walker', 'count': 2}");
    assert_string_equal(offers_of(result), "once-a once-b");
    for (unsigned request = 1; request <= 3; request++) {
        assert_int_equal(set_aside(r->flowing), 0);
        capture_begin(&capture);
        result = remembering_ask(r, "recommend", "{'placement': 'banner', 'customer': 'ada'}");
        const char *log = capture_end(&capture);
        assert_string_equal(offers_of(result), "guide");
        assert_int_equal(count(log, "msg=\"strategy failed\" strategy=seeker"), 1);
    }
    assert_int_equal(set_aside(r->flowing), 1);
}

static void test_failure_report_is_silent_without_failures(void **state)
{
    struct flowing *flowing = *state;
    struct capture capture;
    log_configure("", LOG_LEVEL_INFO);
    capture_begin(&capture);
    flowing_ask(flowing, "recommend",
                "{'placement': 'hero', 'traits': {'bicycle': {'gears': 1}, 'shoes': {'size': 1}}}");
    assert_string_equal(capture_end(&capture), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_failure_report_##name, setup, flowing_teardown)
        TEST(tells_of_each),
        TEST(tells_who_is_set_aside),
        TEST(sets_nobody_aside_in_dry_runs),
        TEST(is_silent_without_failures),
#undef TEST
        cmocka_unit_test_setup_teardown(test_failure_report_tells_once_of_a_request, setup_scarce,
                                        remembering_teardown),
    };
    return cmocka_run_group_tests_name("flow/failure_report", tests, NULL, NULL);
}

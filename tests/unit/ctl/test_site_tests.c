/* ctl/site_tests: every kind of expectation, met and missed, and what is said of it. */
#include "folder.h"

#include "ctl/site_tests.h"

/* A test that fails leaves its timer running, which must not write to a stack that is gone. */
static struct local_site site;

/* Runs the tests of one file, which has to load; the outcome of the last one. */
static struct site_test_outcome run(const struct folder *folder, const char *tests)
{
    struct site_test_outcome outcome = {0};
    struct error error;
    folder_put(folder, "tests/all.lua", tests);
    assert_true(local_site_create(&site, folder->path, &error));
    if (site.engine == NULL)
        fail_msg("%.*s", (int)site.problems.list[0].message.length, site.problems.list[0].message.bytes);
    const struct snapshot *snapshot = engine_snapshot(site.engine);
    assert_true(snapshot->test_count > 0);
    for (uint32_t i = 0; i < snapshot->test_count; i++)
        site_test_run(&site, &snapshot->tests[i], &outcome);
    local_site_destroy(&site);
    return outcome;
}

static void assert_passes(const struct folder *folder, const char *tests)
{
    struct site_test_outcome outcome = run(folder, tests);
    if (!outcome.passed)
        fail_msg("%s: expected %s, got %s", tests, outcome.expected, outcome.got);
    assert_string_equal(outcome.expected, "");
    assert_string_equal(outcome.got, "");
}

static void assert_fails(const struct folder *folder, const char *tests, const char *expected,
                         const char *got)
{
    struct site_test_outcome outcome = run(folder, tests);
    assert_false(outcome.passed);
    assert_string_equal(outcome.expected, expected);
    assert_string_equal(outcome.got, got);
}

#define SMALL "offer 'small' (tool) by strategy 'careful'"

static void test_site_tests_offer(void **state)
{
    const struct folder *folder = *state;
    assert_passes(folder, "test 't' { at = 'hero', expect = { offer = 'small' } }");
    assert_fails(folder, "test 't' { at = 'hero', expect = { offer = 'big' } }", "offer 'big'", SMALL);
    assert_passes(folder, "test 't' { at = 'hero', expect = { not_offer = 'big' } }");
    assert_fails(folder, "test 't' { at = 'hero', expect = { not_offer = 'small' } }",
                 "anything but the offer 'small'", SMALL);
}

static void test_site_tests_kind_and_strategy(void **state)
{
    const struct folder *folder = *state;
    assert_passes(folder, "test 't' { at = 'hero', expect = { kind = 'tool', strategy = 'careful' } }");
    assert_fails(folder, "test 't' { at = 'hero', expect = { kind = 'article' } }", "kind 'article'", SMALL);
    folder_put(folder, "strategies/z.lua", "strategy 'other' { stage = 'start' }\n");
    assert_fails(folder, "test 't' { at = 'hero', expect = { strategy = 'other' } }", "strategy 'other'",
                 SMALL);
}

static void test_site_tests_none(void **state)
{
    const struct folder *folder = *state;
    assert_passes(folder, "test 't' { at = 'hero', given = { stage = 'end' }, expect = { none = true } }");
    assert_passes(folder, "test 't' { at = 'hero', expect = { none = false } }");
    assert_fails(folder, "test 't' { at = 'hero', expect = { none = true } }", "no offer at all", SMALL);
    assert_fails(folder, "test 't' { at = 'hero', given = { stage = 'end' }, expect = { none = false } }",
                 "some offer", "no offer");
}

static void test_site_tests_fallback(void **state)
{
    const struct folder *folder = *state;
    assert_passes(folder, "test 't' { at = 'foot', expect = { fallback = true } }");
    assert_passes(folder, "test 't' { at = 'foot', expect = { fallback = 'no_offer_fits' } }");
    assert_fails(folder, "test 't' { at = 'hero', expect = { fallback = true } }", "the fallback", SMALL);
    assert_fails(folder, "test 't' { at = 'foot', expect = { fallback = 'deadline' } }",
                 "fallback 'deadline'", "offer 'house' (article), fallback 'no_offer_fits'");
}

static void test_site_tests_count(void **state)
{
    const struct folder *folder = *state;
    assert_fails(folder,
                 "test 't' { at = 'hero', count = 2, given = { context = { brave = true } },"
                 " expect = { kind = 'article' } }",
                 "kind 'article'", "offer 'big' (tool), 'small' (tool) by strategy 'careful'");
    assert_passes(folder, "test 't' { at = 'hero', count = 2, given = { context = { brave = true } },"
                          " expect = { offer = 'small' } }");
}

static void test_site_tests_now(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "offers/dated.lua",
               "offer 'dated' { kind = 'tool', title = 'Dated', url = '/d', value = 99,\n"
               "  starts = '2090-05-01', ends = '2090-05-01' }\n");
    assert_passes(folder, "test 't' { at = 'hero', now = '2090-05-01 12:00', expect = { offer = 'dated' } }");
    assert_passes(folder,
                  "test 't' { at = 'hero', now = '2090-05-02 12:00', expect = { not_offer = 'dated' } }");
}

static void test_site_tests_say_what_stopped_the_offer(void **state)
{
    const struct folder *folder = *state;
    struct site_test_outcome outcome = run(folder, "test 't' { at = 'hero', expect = { offer = 'big' } }");
    assert_string_equal(outcome.why, "'big' was stopped at strategy: too big");
    folder_put(folder, "offers/dated.lua",
               "offer 'dated' { kind = 'tool', title = 'Dated', url = '/d', starts = '2090-05-01' }\n");
    outcome = run(folder, "test 't' { at = 'hero', expect = { offer = 'dated' } }");
    assert_non_null(strstr(outcome.why, "'dated' was stopped at dates: "));
    outcome = run(folder, "test 't' { at = 'hero', expect = { kind = 'article' } }");
    assert_string_equal(outcome.why, "");
}

/* Functions see it; the next test begins without. */
static void test_site_tests_history(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "strategies/all.lua",
               "strategy 'careful' { stage = 'start', placements = { 'hero' },\n"
               "  eligible = function(c, o)\n"
               "    if o.id ~= 'big' then return not c:seen('big', '7d') end\n"
               "    return c:did('purchase', '30d') and c:since('purchase') == 3 or c:days_in_stage() == 5\n"
               "  end }\n");
    assert_passes(folder, "test 't' { at = 'hero', expect = { offer = 'small' } }");
    assert_passes(folder, "test 't' { at = 'hero', given = { did = { purchase = { '3d', '90d' } } },\n"
                          " expect = { offer = 'big' } }");
    assert_passes(folder,
                  "test 't' { at = 'hero', now = '2027-03-28 12:00', given = { did = { purchase = '3d' } },\n"
                  " expect = { offer = 'big' } }");
    assert_passes(folder, "test 't' { at = 'hero', given = { did = { purchase = '31d' } },"
                          " expect = { offer = 'small' } }");
    assert_passes(folder,
                  "test 't' { at = 'hero', given = { in_stage_for = '5d' }, expect = { offer = 'big' } }");
    assert_passes(folder, "test 't' { at = 'hero', given = { seen = { big = '6d' } },"
                          " expect = { fallback = true } }");
    assert_passes(folder, "test 's' { at = 'hero', given = { did = { purchase = '3d' } },"
                          " expect = { offer = 'big' } }\n"
                          "test 't' { at = 'hero', expect = { offer = 'small' } }");
}

/* Limits count what was seen, and the outcome says so. */
static void test_site_tests_history_of_limits(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "offers/rare.lua",
               "offer 'rare' { kind = 'tool', title = 'Rare', url = '/rare', value = 5,\n"
               "  limit = { impressions = 2, within = '7d' } }\n");
    assert_passes(
        folder, "test 't' { at = 'hero', given = { seen = { rare = '1d' } }, expect = { offer = 'rare' } }");
    assert_passes(folder, "test 't' { at = 'hero', given = { seen = { rare = { '1d', '8d' } } },"
                          " expect = { offer = 'rare' } }");
    struct site_test_outcome outcome =
        run(folder, "test 't' { at = 'hero', given = { seen = { rare = { '1d', '2d' } } },"
                    " expect = { offer = 'rare' } }");
    assert_false(outcome.passed);
    assert_non_null(strstr(outcome.why, "'rare' was stopped at limit: "));
}

/* The same seed for every run: chance is no excuse. */
static void test_site_tests_are_the_same_each_time(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "strategies/all.lua",
               "strategy 'dice' { stage = 'start', score = function(c, o) return random() end }\n");
    const char *tests = "test 't' { at = 'hero', expect = { offer = 'big' } }";
    bool first = run(folder, tests).passed;
    for (int i = 0; i < 5; i++)
        assert_int_equal(run(folder, tests).passed, first);
}

static void test_site_tests_of_a_strategy_that_fails(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "strategies/all.lua",
               "strategy 'broken' { stage = 'start', score = function(c, o) return c.context.a.b end }\n");
    assert_fails(folder, "test 't' { at = 'hero', expect = { none = true } }", "no offer at all",
                 "offer 'house' (article), fallback 'strategy_error'");
}

/* What is not shown because a function failed was not refused by it. */
static void test_site_tests_of_a_failure_prove_nothing(void **state)
{
    const struct folder *folder = *state;
    folder_put(
        folder, "strategies/all.lua",
        "strategy 'broken' { stage = 'start',\n  eligible = function(c, o) return c.contxt.city end }\n");
    struct site_test_outcome outcome =
        run(folder, "test 't' { at = 'hero', expect = { not_offer = 'big' } }");
    assert_false(outcome.passed);
    assert_string_equal(outcome.expected, "no function that fails");
    assert_string_equal(outcome.got, "offer 'house' (article), fallback 'strategy_error'");
    assert_non_null(strstr(outcome.why, "'broken' failed: strategies/all.lua:2: "));
    assert_non_null(strstr(outcome.why, "'contxt'"));
    assert_passes(folder, "test 't' { at = 'hero', expect = { fallback = 'strategy_error' } }");
    assert_passes(folder, "test 't' { at = 'hero', expect = { not_offer = 'big', fallback = true } }");
}

/* Who is guessed would be another, had it not failed. */
static void test_site_tests_of_a_persona_that_fails(void **state)
{
    const struct folder *folder = *state;
    assert_int_equal(mkdir(folder_below(folder, "personas"), 0700), 0);
    folder_put(folder, "personas/ana.lua",
               "persona 'ana' { name = 'Ana', match = function(c) return c.traits.role.name == 'it' end }\n");
    struct site_test_outcome outcome = run(folder, "test 't' { at = 'hero', expect = { offer = 'small' } }");
    assert_false(outcome.passed);
    assert_string_equal(outcome.expected, "no function that fails");
    assert_non_null(strstr(outcome.why, "'ana' failed: personas/ana.lua:1: "));
    assert_passes(folder,
                  "test 't' { at = 'hero', given = { persona = 'ana' }, expect = { offer = 'small' } }");
}

static void test_site_tests_cut_what_is_long(void **state)
{
    const struct folder *folder = *state;
    char offers[8192];
    size_t used = 0;
    for (int i = 0; i < 50; i++)
        used += (size_t)snprintf(offers + used, sizeof offers - used,
                                 "offer 'a-name-that-is-rather-long-%d' { kind = 'tool', title = 'x', "
                                 "url = '/x', value = 50 }\n",
                                 i);
    folder_put(folder, "offers/many.lua", offers);
    struct site_test_outcome outcome =
        run(folder, "test 't' { at = 'hero', count = 50, expect = { none = true } }");
    assert_false(outcome.passed);
    assert_int_equal(strlen(outcome.got), sizeof outcome.got - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_site_tests_##name, folder_setup, folder_teardown)
        TEST(offer),
        TEST(kind_and_strategy),
        TEST(none),
        TEST(fallback),
        TEST(count),
        TEST(now),
        TEST(history),
        TEST(history_of_limits),
        TEST(say_what_stopped_the_offer),
        TEST(are_the_same_each_time),
        TEST(of_a_strategy_that_fails),
        TEST(of_a_failure_prove_nothing),
        TEST(of_a_persona_that_fails),
        TEST(cut_what_is_long),
#undef TEST
    };
    return cmocka_run_group_tests_name("ctl/site_tests", tests, NULL, NULL);
}

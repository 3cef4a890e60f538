/* engine: loading in steps, deciding with personas, and cleaning up behind decisions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "../script/served_builder.h"

static const char strategies[] =
    "strategy 's' { score = function(c, o) return o:tagged('red') and 3 or 1, c.id end }";

static void test_engine_loads_in_steps(void **state)
{
    (void)state;
    struct error error;
    struct engine_options options = served_options();
    struct bundle *bundle = site_of_texts(&(struct served_file){"strategies/s.lua", strategies}, 1);
    struct engine_loading *loading = engine_loading_new(bundle, "small", &options, &error);
    assert_non_null(loading);
    enum engine_step step;
    int steps = 0;
    while ((step = engine_loading_step(loading)) == ENGINE_MORE)
        steps++;
    assert_int_equal(step, ENGINE_LOADED);
    assert_true(steps > 8);
    assert_int_equal(engine_loading_problems(loading)->count, 0);
    struct engine *engine = engine_loading_finish(loading);
    assert_non_null(engine);
    assert_string_equal(engine_version(engine), bundle_version(bundle));
    bundle_unmap(bundle); /* what is loaded lives by itself */
    assert_string_equal(engine_snapshot(engine)->strategies[0].name.bytes, "s");
    engine_free(engine);
}

static void test_engine_may_be_given_up_at_any_step(void **state)
{
    (void)state;
    struct error error;
    struct engine_options options = served_options();
    struct bundle *bundle = site_of_texts(&(struct served_file){"strategies/s.lua", strategies}, 1);
    enum engine_step step = ENGINE_MORE;
    for (int steps = 0; step == ENGINE_MORE; steps++) {
        struct engine_loading *loading = engine_loading_new(bundle, "small", &options, &error);
        assert_non_null(loading);
        step = ENGINE_MORE;
        for (int i = 0; i < steps && step == ENGINE_MORE; i++)
            step = engine_loading_step(loading);
        engine_loading_free(loading);
    }
    assert_int_equal(step, ENGINE_LOADED);
    bundle_unmap(bundle);
}

static void test_engine_is_refused_with_its_problems(void **state)
{
    (void)state;
    struct served served;
    static const struct served_file broken[] = {{"offers/x.lua", "offer 'x' { kind = 5 }"}};
    served_begin_refused(&served, NULL, broken, 1);
    assert_int_equal(served.error.code, ERROR_INVALID);
    assert_string_equal(served.error.message, "the site has problems");
    assert_string_equal(served.problems.list[0].file.bytes, "offers/x.lua");
    served_end(&served);
}

static void assert_too_large(const struct served_file *files, size_t count, const char *message)
{
    struct served served;
    struct engine_options options = served_options();
    options.load_memory = 16 << 20;
    served_begin_refused(&served, &options, files, count);
    assert_int_equal(served.problems.errors, 1);
    const struct problem *problem = &served.problems.list[served.problems.count - 1];
    assert_non_null(strstr(problem->message.bytes, message));
    assert_non_null(strstr(problem->message.bytes, "more than 16 MiB"));
    assert_non_null(strstr(problem->hint.bytes, "load_memory"));
    served_end(&served);
}

/* A few lines: no two neighbours among placements and stages have the same offers. */
static void test_engine_refuses_a_product_that_is_too_large(void **state)
{
    (void)state;
    static const struct served_file files[] = {
        {"journeys/long.lua", "local j = { model = 'b2c' }\n"
                              "for i = 1, 100 do j[i] = stage('s' .. i) {} end\n"
                              "journey 'long' (j)"},
        {"offers/places.lua", "for i = 1, 100 do placement('p' .. i) { fallback = 'house' } end"},
        {"offers/many.lua", "for i = 1, 300 do\n"
                            "  local stages, placements = {}, {}\n"
                            "  for n = 1, 100 do\n"
                            "    if n % 3 ~= i % 3 then stages[#stages + 1] = 's' .. n end\n"
                            "    if n % 5 ~= i % 5 then placements[#placements + 1] = 'p' .. n end\n"
                            "  end\n"
                            "  offer('o' .. i) { kind = 'guide', title = 'O', stages = stages,\n"
                            "    placements = placements }\n"
                            "end"}};
    assert_too_large(files, 3, "placements (102) × stages (104) × offers (309)");
}

/* One text in Lua, but a copy for each offer in each language. */
static void test_engine_refuses_texts_that_are_too_large(void **state)
{
    (void)state;
    static const struct served_file files[] = {
        {"offers/many.lua",
         "local long = string.rep('x', 20000)\n"
         "for i = 1, 1000 do\n"
         "  offer('o' .. i) { kind = 'guide', title = { en = 'O', es = 'O' }, data = { t = long } }\n"
         "end"}};
    assert_too_large(files, 1, "offers (1009) × languages (2)");
}

static void test_engine_needs_memory_for_a_state(void **state)
{
    (void)state;
    struct error error;
    struct engine_options options = served_options();
    struct bundle *bundle = site_of_texts(NULL, 0);
    options.load_memory = 1000;
    assert_null(engine_loading_new(bundle, "small", &options, &error));
    assert_string_equal(error.message, "not enough memory for a state of Lua");
    struct problems problems;
    problems_create(&problems);
    assert_null(engine_load(bundle, "small", &options, &problems, &error));
    problems_destroy(&problems);
    bundle_unmap(bundle);
}

static void test_engine_decides(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, strategies);
    served.situation.customer = TEXT("c-1");
    const struct decision *decision = served_decide(&served);
    assert_string_equal(served_items(&served), "a c");
    assert_float_equal(decision->items[0].score, 30, 1e-9);
    assert_string_equal(served_reason(&served), "c-1");
    served.situation.stage += 2;
    served_decide(&served);
    assert_string_equal(served_items(&served),
                        "a b"); /* h, in red, is worth no more than b: declared later */
    served_end(&served);
}

/* The persona is looked for where it is not told, and the offers that are for it are among the candidates. */
static void test_engine_finds_the_persona_first(void **state)
{
    (void)state;
    struct served served;
    const struct served_file files[] = {
        {"personas/p.lua",
         "persona 'buyer' { name = 'B', summary = 'b', match = function(c) return c.context.buys end }"},
        {"strategies/s.lua", "strategy 's' { eligible = function(c, o) return o.id == 'd' end }"}};
    served_begin(&served, NULL, files, 2);
    served_decide(&served);
    assert_int_equal(served.situation.persona, SNAPSHOT_NONE);
    assert_string_equal(served_items(&served), "house");
    served.situation.context = served_map(&served, "{ buys = true }");
    served_decide(&served);
    assert_int_equal(served.situation.persona, 0);
    assert_string_equal(served_items(&served), "d house");
    served_end(&served);
}

/* Without a function that could tell, nobody is asked. */
static void test_engine_leaves_personas_alone_that_are_told(void **state)
{
    (void)state;
    struct served served;
    const struct served_file files[] = {
        {"personas/p.lua",
         "persona 'buyer' { name = 'B', summary = 'b', match = function(c) error('asked') end }\n"
         "persona 'dreamer' { name = 'D', summary = 'd' }"}};
    served_begin(&served, NULL, files, 1);
    served.situation.persona = 1;
    served_decide(&served);
    assert_string_equal(served_failure(&served), "");
    assert_int_equal(served.situation.persona, 1);
    served.situation.persona = SNAPSHOT_NONE;
    served_decide(&served);
    assert_string_equal(served_failure(&served), "buyer: personas/p.lua:1: asked");
    served_end(&served);
}

/* Of whom nothing may be used, or of whom nothing can be read, nothing is guessed. */
static void test_engine_guesses_no_persona_of_whom_it_may_not_know(void **state)
{
    (void)state;
    struct served served;
    const struct served_file files[] = {
        {"personas/p.lua",
         "persona 'buyer' { name = 'B', summary = 'b', match = function(c) return true end }"},
        {"offers/x.lua", "offer 'x' { kind = 'guide', title = 'X', value = 90, personas = { 'buyer' } }"},
        {"personas/q.lua", "persona 'dreamer' { name = 'D', summary = 'd' }"}};
    served_begin(&served, NULL, files, 3);
    served.situation.restricted = true;
    assert_int_equal(served_decide(&served)->fallback, DECISION_FALLBACK_RESTRICTED);
    assert_int_equal(served.situation.persona, SNAPSHOT_NONE);
    assert_string_equal(served_items(&served), "house");
    served.situation.restricted = false;
    served.situation.store_unavailable = true;
    assert_int_equal(served_decide(&served)->fallback, DECISION_FALLBACK_STORE_UNAVAILABLE);
    assert_int_equal(served.situation.persona, SNAPSHOT_NONE);
    assert_string_equal(served_items(&served), "house");
    served.situation.store_unavailable = false;
    served_decide(&served);
    assert_int_equal(served.situation.persona, 0);
    served_end(&served);
}

static void test_engine_lists_what_it_promises(void **state)
{
    (void)state;
    struct served served;
    const struct promise *promises;
    uint32_t count;
    served_begin(&served, NULL,
                 &(struct served_file){"offers/x.lua",
                                       "offer 'x' { kind = 'guide', title = 'X', value = 90, stock = 7 }"},
                 1);
    served_decide(&served);
    assert_string_equal(served_items(&served), "x a");
    assert_true(engine_promises(served.engine, &served.decision, &promises, &count, &served.error));
    assert_int_equal(count, 1);
    assert_true(promises[0].limit == SNAPSHOT_NONE && promises[0].item == 0 && promises[0].room == 7);
    served_end(&served);
}

/* Strategies never see what limits hold back. */
static void test_engine_asks_strategies_only_about_what_is_free(void **state)
{
    (void)state;
    struct served served;
    struct customer_offer offers[] = {{.offer = TEXT("a")}};
    customer_moment touches[] = {customer_moment_make(1790000000000 - 1000, TOUCH_IMPRESSION, 0)};
    struct customer known = {
        .id = TEXT("c-1"), .offers = offers, .offer_count = 1, .touches = touches, .touch_count = 1};
    const struct served_file files[] = {
        {"policies.lua", "policy 'p' { kinds = { 'guide' }, limit = { impressions = 1, within = '1d' } }"},
        {"strategies/s.lua", "strategy 's' { eligible = function(c, o)\n"
                             " if o.kind == 'guide' then error('seen') end return true end }"}};
    served_begin(&served, NULL, files, 2);
    served.situation.customer = known.id;
    served_decide(&served);
    assert_string_equal(served_failure(&served), "s: strategies/s.lua:2: seen");
    served.situation.known = &known;
    served_decide(&served);
    assert_string_equal(served_failure(&served), "");
    assert_string_equal(served_items(&served), "b");
    served_end(&served);
}

/* What decisions leave behind is collected from a certain amount on. */
static void test_engine_collects_behind_decisions(void **state)
{
    (void)state;
    struct served served;
    size_t first = 0, most = 0, last = 0;
    int collections = 0;
    served_begin_strategy(&served, "strategy 's' { score = function(c, o)\n"
                                   " local t = {} for i = 1, 500 do t[i] = { i } end return 1 end }");
    for (int i = 0; i < 200; i++) {
        served_decide(&served);
        size_t memory = served_memory(&served);
        first = i == 0 ? memory : first;
        most = memory > most ? memory : most;
        collections += memory < last;
        last = memory;
    }
    assert_true(most > first + (1 << 20)); /* not after each decision */
    assert_true(collections > 3);
    assert_true(most < first + (4 << 20));
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_NONE);
    served_end(&served);
}

/* An engine serves on while its successor loads, with the same deadline. */
static void test_engine_serves_while_another_loads(void **state)
{
    (void)state;
    struct served served;
    struct error error;
    struct engine_options options = served_options();
    struct bundle *bundle = site_of_texts(&(struct served_file){"strategies/s.lua", "strategy 't' { }"}, 1);
    served_begin_strategy(&served, strategies);
    struct engine_loading *loading = engine_loading_new(bundle, "small", &options, &error);
    assert_non_null(loading);
    while (engine_loading_step(loading) == ENGINE_MORE) {
        served_decide(&served);
        assert_string_equal(served_items(&served), "a c");
    }
    struct engine *next = engine_loading_finish(loading);
    served_end(&served);
    struct situation situation = served.situation;
    engine_decide(next, &situation, &served.decision);
    assert_int_equal(served.decision.count, 2);
    assert_int_equal(served.decision.strategy, 0);
    engine_free(next);
    bundle_unmap(bundle);
}

/* Warnings of a good site are the caller's to tell. */
static void test_engine_hands_warnings_on(void **state)
{
    (void)state;
    struct served served;
    served_begin(&served, NULL,
                 &(struct served_file){"offers/x.lua", "offer 'x' { kind = 'guide', title = 'X' }"}, 1);
    assert_true(served.problems.count > 0);
    assert_int_equal(served.problems.errors, 0);
    served_end(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_loads_in_steps),
        cmocka_unit_test(test_engine_may_be_given_up_at_any_step),
        cmocka_unit_test(test_engine_is_refused_with_its_problems),
        cmocka_unit_test(test_engine_refuses_a_product_that_is_too_large),
        cmocka_unit_test(test_engine_refuses_texts_that_are_too_large),
        cmocka_unit_test(test_engine_needs_memory_for_a_state),
        cmocka_unit_test(test_engine_decides),
        cmocka_unit_test(test_engine_finds_the_persona_first),
        cmocka_unit_test(test_engine_leaves_personas_alone_that_are_told),
        cmocka_unit_test(test_engine_guesses_no_persona_of_whom_it_may_not_know),
        cmocka_unit_test(test_engine_lists_what_it_promises),
        cmocka_unit_test(test_engine_asks_strategies_only_about_what_is_free),
        cmocka_unit_test(test_engine_collects_behind_decisions),
        cmocka_unit_test(test_engine_serves_while_another_loads),
        cmocka_unit_test(test_engine_hands_warnings_on),
    };
    return cmocka_run_group_tests_name("flow/engine", tests, NULL, NULL);
}

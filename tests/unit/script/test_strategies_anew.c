/* strategies, where a decision is taken anew for the same request: who is blamed, and how long it may take.
 */
#include <string.h>

#include "../cmocka_all.h"
#include "served_builder.h"

static const char *failure_of(struct served *served)
{
    served_decide(served);
    return served_failure(served);
}

static bool is_set_aside(struct served *served)
{
    return script_site_is_set_aside(engine_scripts(served->engine), 0);
}

/* Fails for those who ask for it. */
static const char fragile[] = "strategy 'fragile' { score = function(c, o)\n"
                              " if c.context.fail then error('failed') end return 2 end }\n";

static void serve_with_deadline(struct served *served, const char *strategies, const char *personas)
{
    struct engine_options options = served_options();
    const struct served_file files[] = {{"strategies/s.lua", strategies}, {"personas/p.lua", personas}};
    options.deadline_ms = 20;
    served_begin(served, &options, files, personas == NULL ? 1 : 2);
}

/* However often one request is decided, it is one strike, and one line. */
static void test_strategies_anew_count_once(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, fragile);
    served.situation.context = served_map(&served, "{ fail = true }");
    for (int strike = 1; strike <= 3; strike++) {
        assert_false(is_set_aside(&served));
        served.situation.retaken = false;
        assert_string_equal(failure_of(&served), "fragile: strategies/s.lua:2: failed");
        served.situation.retaken = true;
        for (int i = 0; i < 10; i++) {
            assert_string_equal(failure_of(&served), "");
            assert_int_equal(served.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
        }
    }
    assert_true(is_set_aside(&served));
    served_end(&served);
}

/* Answers do not count twice, either; what fails only then is told of. */
static void test_strategies_anew_count_nothing_else(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, fragile);
    const msgpack_object *fails = served_map(&served, "{ fail = true }"), *works = served_map(&served, "{}");
    for (int i = 0; i < 200; i++) {
        served.situation.context = works;
        served.situation.retaken = i > 0;
        assert_string_equal(failure_of(&served), "");
        served.situation.context = fails;
        served.situation.retaken = true;
        assert_string_equal(failure_of(&served), i > 0 ? "" : "fragile: strategies/s.lua:2: failed");
    }
    served.situation.retaken = false;
    for (int strike = 1; strike <= 3; strike++) {
        assert_false(is_set_aside(&served));
        assert_string_equal(failure_of(&served), "fragile: strategies/s.lua:2: failed");
    }
    assert_true(is_set_aside(&served));
    served_end(&served);
}

/* Who took too long once is not waited for again in the same request. */
static void test_strategies_anew_call_nobody_behind_a_deadline(void **state)
{
    (void)state;
    struct served served;
    serve_with_deadline(
        &served, "strategy 's' { when = function(c)\n while c.context.loop do end return true end }", NULL);
    served.situation.context = served_map(&served, "{ loop = true }");
    assert_non_null(strstr(failure_of(&served), "ran longer than the 20 milliseconds"));
    served.situation.context = served_map(&served, "{ loop = false }");
    served.situation.retaken = true;
    for (int i = 0; i < 10; i++) {
        assert_string_equal(failure_of(&served), "");
        assert_int_equal(served.decision.fallback, DECISION_FALLBACK_DEADLINE);
        assert_string_equal(served_items(&served), "house");
    }
    served.situation.retaken = false;
    assert_string_equal(failure_of(&served), "");
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_NONE);
    served_end(&served);
}

/* Each is far from the deadline; all that are taken anew come to it together, whoever has the last word. */
static void test_strategies_anew_share_a_deadline(void **state)
{
    (void)state;
    enum { MORE_THAN_FIT = 1000 };
    struct served served;
    serve_with_deadline(
        &served,
        "strategy 's' { score = function(c, o)\n local x = random()\n"
        " for i = 1, 20000 do x = x * 0.5 + i end return 1 end }",
        "persona 'buyer' { name = 'B', summary = 'b', match = function() return random() < 0 end }\n"
        "persona 'dreamer' { name = 'D', summary = 'd' }");
    for (int request = 0; request < 5; request++) {
        int tries = 0;
        served.situation.retaken = false;
        assert_string_equal(failure_of(&served), "");
        served.situation.retaken = true;
        for (const char *failure = ""; served.decision.fallback != DECISION_FALLBACK_DEADLINE; tries++) {
            failure = failure_of(&served);
            assert_true(tries < MORE_THAN_FIT);
            if (served.decision.fallback == DECISION_FALLBACK_DEADLINE)
                assert_non_null(strstr(failure, "ran longer than the 20 milliseconds"));
        }
        assert_string_equal(failure_of(&served), "");
        assert_int_equal(served.decision.fallback, DECISION_FALLBACK_DEADLINE);
    }
    assert_false(is_set_aside(&served)); /* it is no fault of theirs */
    served_end(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strategies_anew_count_once),
        cmocka_unit_test(test_strategies_anew_count_nothing_else),
        cmocka_unit_test(test_strategies_anew_call_nobody_behind_a_deadline),
        cmocka_unit_test(test_strategies_anew_share_a_deadline),
    };
    return cmocka_run_group_tests_name("script/strategies_anew", tests, NULL, NULL);
}

/* strategies: what their functions may answer, what becomes of those that fail, and who bears the blame. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "served_builder.h"

static const char *failure_of(struct served *served)
{
    served_decide(served);
    return served_failure(served);
}

static void assert_bad_score(const char *score, const char *got)
{
    struct served served;
    char source[512], line[600];
    snprintf(source, sizeof source, "local t = {}\nstrategy 's' {\n score = function(c, o) return %s end }",
             score);
    served_begin_strategy(&served, source);
    snprintf(line, sizeof line,
             "s: strategies/s.lua:3: score of offer 'a': expected a number, 0 or more, got %s", got);
    assert_string_equal(failure_of(&served), line);
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    assert_string_equal(served_items(&served), "house");
    served_end(&served);
}

static void test_strategies_refuse_bad_scores(void **state)
{
    (void)state;
    assert_bad_score("nil", "nothing: is a `return` missing?");
    assert_bad_score("'2'", "string");
    assert_bad_score("true", "boolean");
    assert_bad_score("{}", "table");
    assert_bad_score("o", "table");
    assert_bad_score("t", "table");
    assert_bad_score("tostring", "function");
}

/* A function that several files use is told of where it stands. */
static void test_strategies_tell_where_shared_functions_stand(void **state)
{
    (void)state;
    static const struct served_file files[] = {
        {"shared.lua", "\nfunction rate() return '2' end"},
        {"strategies/s.lua", "strategy 's' { score = rate }"},
    };
    struct served served;
    served_begin(&served, NULL, files, 2);
    assert_string_equal(failure_of(&served),
                        "s: shared.lua:2: score of offer 'a': expected a number, 0 or more, got string");
    served_end(&served);
}

static void test_strategies_refuse_numbers_that_rank_nothing(void **state)
{
    (void)state;
    assert_bad_score("-1", "-1");
    assert_bad_score("-0.25", "-0.25");
    assert_bad_score("math.huge", "inf");
    assert_bad_score("1e301", "1e+301");
    assert_bad_score("-math.huge", "-inf");
}

static void test_strategies_refuse_what_is_no_number(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, "strategy 's' { score = function(c, o) return 0/0 end }");
    assert_non_null(strstr(failure_of(&served), "expected a number, 0 or more, got"));
    assert_non_null(strstr(served_failure(&served), "nan"));
    served_end(&served);
}

static void test_strategies_take_good_scores(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, "local scores = { a = 0, b = 1, c = 2.5, e = false }\n"
                                   "strategy 's' { score = function(c, o) return scores[o.id] end }");
    served.situation.count = 4;
    const struct decision *decision = served_decide(&served);
    assert_string_equal(served_failure(&served), "");
    assert_string_equal(served_items(&served),
                        "c b a house"); /* e does not fit, a fits and is worth nothing */
    assert_float_equal(decision->items[0].score, 25.0, 1e-9);
    assert_float_equal(decision->items[2].score, 0.0, 0.0);
    served_end(&served);
}

static void test_strategies_say_where_they_failed(void **state)
{
    (void)state;
    static const struct {
        const char *source, *expected;
    } cases[] = {
        {"strategy 's' {\n when = function(c)\n  return c.context.a.b end }",
         "s: strategies/s.lua:3: attempt to index a nil value (field 'a'); what was not told is nil "
         "and has no fields: first see whether it is there"},
        {"strategy 's' {\n eligible = function(c, o)\n\n  error('no idea') end }",
         "s: strategies/s.lua:4: no idea"},
        {"strategy 's' { score = function(c, o)\n return o.vlue end }",
         "s: strategies/s.lua:2: an offer has no 'vlue'; did you mean 'value'?"},
        {"strategy 's' { score = function() error({}) end }",
         "s: strategies/s.lua:1: raised an error without a message (a table instead)"},
        {"strategy 's' { score = function() error() end }",
         "s: strategies/s.lua:1: raised an error without a message (a nil instead)"},
        {"strategy 's' { score = function() error('\\1\\xff') end }", "s: strategies/s.lua:1: \\x01\\xFF"},
        {"local function help(x)\n return x + nil end\nstrategy 's' { when = function() return help(1) end }",
         "s: strategies/s.lua:2: attempt to perform arithmetic on a nil value; what was not told is "
         "nil: write, for instance, (c.context.visits or 0)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct served served;
        served_begin_strategy(&served, cases[i].source);
        const char *failure = failure_of(&served);
        if (strcasecmp(failure, cases[i].expected) != 0)
            fail_msg("%s", failure);
        assert_int_equal(served.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
        served_end(&served);
    }
}

static bool is_set_aside(struct served *served, uint32_t strategy)
{
    return script_site_is_set_aside(engine_scripts(served->engine), strategy);
}

static uint32_t set_aside_count(struct served *served)
{
    return script_site_set_aside_count(engine_scripts(served->engine));
}

/* One fails for those who ask for it; it stands in front of another one. */
static const char fragile[] = "strategy 'fragile' { stage = 'first', score = function(c, o)\n"
                              " if c.context.fail then error('failed') end return 2 end }\n"
                              "strategy 'sound' { stage = 'second', score = function() return 3 end }";

static void test_strategies_set_aside_after_three_failures(void **state)
{
    (void)state;
    struct served served;
    struct script_failure failure;
    served_begin_strategy(&served, fragile);
    const msgpack_object *fails = served_map(&served, "{ fail = true }"), *works = served_map(&served, "{}");
    for (int strike = 1; strike <= 3; strike++) {
        served.situation.context = works;
        assert_string_equal(failure_of(&served), "");
        assert_int_equal(served.decision.strategy, 0);
        served.situation.context = fails;
        assert_string_equal(failure_of(&served), "fragile: strategies/s.lua:2: failed");
        failure = script_site_failure(engine_scripts(served.engine), 0);
        assert_int_equal(failure.set_aside, strike == 3);
        assert_int_equal(is_set_aside(&served, 0), strike == 3);
    }
    assert_int_equal(set_aside_count(&served), 1);
    served.situation.context = works;
    assert_string_equal(failure_of(&served), ""); /* told once, not with every decision */
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    assert_string_equal(served_items(&served), "house");
    assert_int_equal(set_aside_count(&served), 1);
    served_end(&served);
}

static void test_strategies_leave_others_alone(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, fragile);
    served.situation.context = served_map(&served, "{ fail = true }");
    for (int i = 0; i < 4; i++)
        served_decide(&served);
    assert_true(is_set_aside(&served, 0));
    assert_false(is_set_aside(&served, 1));
    served.situation.stage++;
    served_decide(&served);
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_NONE);
    assert_int_equal(served.decision.strategy, 1);
    assert_float_equal(served.decision.items[0].score, 30.0, 1e-9);
    served_end(&served);
}

/* Neither strikes nor credit, where no visitor gets the answer. */
static void assert_counts_nothing(enum situation_purpose purpose)
{
    struct served served;
    served_begin_strategy(&served, fragile);
    const msgpack_object *fails = served_map(&served, "{ fail = true }"), *works = served_map(&served, "{}");
    served.situation.purpose = purpose;
    for (int i = 0; i < 200; i++) {
        served.situation.context = works;
        assert_string_equal(failure_of(&served), "");
        served.situation.context = fails;
        assert_string_equal(failure_of(&served), "fragile: strategies/s.lua:2: failed");
    }
    served.situation.purpose = SITUATION_SERVED;
    for (int strike = 1; strike <= 3; strike++) {
        assert_false(is_set_aside(&served, 0));
        assert_string_equal(failure_of(&served), "fragile: strategies/s.lua:2: failed");
    }
    assert_true(is_set_aside(&served, 0));
    served_end(&served);
}

static void test_strategies_count_nothing_that_serves_nobody(void **state)
{
    (void)state;
    assert_counts_nothing(SITUATION_DRY_RUN);
    assert_counts_nothing(SITUATION_AGAIN);
}

/* ---- Time and memory ---- */

static void serve_with_deadline(struct served *served, const char *strategies, const char *personas)
{
    struct engine_options options = served_options();
    const struct served_file files[] = {{"strategies/s.lua", strategies}, {"personas/p.lua", personas}};
    options.deadline_ms = 20;
    served_begin(served, &options, files, personas == NULL ? 1 : 2);
}

static void test_strategies_end_at_the_deadline(void **state)
{
    (void)state;
    struct served served;
    serve_with_deadline(
        &served, "strategy 's' { when = function(c)\n while c.context.loop do end return true end }", NULL);
    served.situation.context = served_map(&served, "{ loop = true }");
    for (int strike = 1; strike <= 3; strike++) {
        assert_string_equal(failure_of(&served),
                            "s: strategies/s.lua:2: ran longer than the 20 milliseconds that it "
                            "may take: a loop without end?");
        assert_int_equal(served.decision.fallback, DECISION_FALLBACK_DEADLINE);
        assert_string_equal(served_items(&served), "house");
    }
    assert_true(is_set_aside(&served, 0));
    served_decide(&served);
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    served_end(&served);
}

static void test_strategies_go_on_after_a_deadline(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(
        &served, "strategy 's' { when = function(c)\n while c.context.loop do end return true end }");
    served.situation.context = served_map(&served, "{ loop = false }");
    assert_string_equal(failure_of(&served), "");
    assert_int_equal(served.decision.strategy, 0);
    served_end(&served);
}

static void test_strategies_end_where_memory_does(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, "strategy 's' { when = function(c)\n local t = {}\n"
                                   " for i = 1, c.context.count do t = { t, i } end return true end }");
    served.situation.context = served_map(&served, "{ count = 1000000 }");
    assert_non_null(strstr(failure_of(&served), "s: strategies/s.lua:3: needs more memory than it may use"));
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    served.situation.context = served_map(&served, "{ count = 10 }");
    assert_string_equal(failure_of(&served), "");
    assert_int_equal(served.decision.fallback, DECISION_FALLBACK_NONE);
    served_end(&served);
}

/* ---- Reasons ---- */

static void assert_reason(const char *reason, const char *expected)
{
    struct served served;
    char source[512];
    snprintf(source, sizeof source,
             "strategy 's' { because = 'of the author', score = function(c, o) return 1, %s end }", reason);
    served_begin_strategy(&served, source);
    assert_string_equal(failure_of(&served), "");
    if (strcmp(served_reason(&served), expected) != 0)
        fail_msg("%s: %s", reason, served_reason(&served));
    served_end(&served);
}

static void test_strategies_pass_reasons_on(void **state)
{
    (void)state;
    assert_reason("'in time'", "in time");
    assert_reason("'Á €'", "Á €");
    assert_reason("o.id", "a");
}

/* The author's own sentence stands in for what nobody could read. */
static void test_strategies_drop_reasons_that_are_none(void **state)
{
    (void)state;
    static const char author[] = "of the author";
    assert_reason("nil", author);
    assert_reason("''", author);
    assert_reason("5", author);
    assert_reason("true", author);
    assert_reason("{}", author);
    assert_reason("'\\xff\\xfe'", author);
    assert_reason("'half \\xc3'", author);
    assert_reason("('x'):rep(513)", author);
}

static void test_strategies_pass_the_longest_reason(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, "strategy 's' { score = function() return 1, ('x'):rep(512) end }");
    assert_int_equal(served_decide(&served)->items[0].because.length, 512);
    served_end(&served);
}

/* ---- Whom is asked ---- */

static void test_strategies_without_when_are_passed_over(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, "strategy 'first' { when = function(c) return c.context.vip end,\n"
                                   " score = function() return 9, 'first' end }\n"
                                   "strategy 'second' { score = function() return 1, 'second' end }");
    served_decide(&served);
    assert_string_equal(served_reason(&served), "second");
    assert_int_equal(served.decision.strategy, 1);
    served.situation.context = served_map(&served, "{ vip = 0 }"); /* whatever is not nil or false is true */
    served_decide(&served);
    assert_string_equal(served_reason(&served), "first");
    served_end(&served);
}

/* Without a score the best that fit are enough: of a, c and b the third would raise an error. */
static const char early[] = "strategy 's' { eligible = function(c, o)\n"
                            " if o.id == 'b' then error('asked too much') end return o.id ~= 'a' end }";

static void test_strategies_stop_early_without_a_score(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, early);
    served.situation.count = 1;
    assert_string_equal(failure_of(&served), "");
    assert_string_equal(served_items(&served), "c");
    served.situation.count = 2;
    assert_string_equal(failure_of(&served), "s: strategies/s.lua:2: asked too much");
    served_end(&served);
}

/* An explanation must not run what the decision itself would not have run. */
static void test_strategies_ask_no_more_to_explain(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served, early);
    served.situation.count = 1;
    served.situation.explain = true;
    assert_string_equal(failure_of(&served), "");
    assert_string_equal(served_items(&served), "c");
    served_end(&served);
}

static void test_strategies_explain_what_does_not_fit(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served,
                          "strategy 's' { eligible = function(c, o) return o.id ~= 'b', 'not b' end,\n"
                          " score = function(c, o) return o.id ~= 'c' and 1, 'for ' .. o.id end }");
    served.situation.explain = true;
    const struct decision *decision = served_decide(&served);
    assert_string_equal(served_items(&served), "a e");
    for (uint32_t i = 0; i < decision->trace_count; i++) {
        const struct decision_trace *trace = &decision->traces[i];
        const char *id = engine_snapshot(served.engine)->offers[trace->offer].id.bytes;
        if (strcmp(id, "b") == 0)
            assert_memory_equal(trace->because.bytes, "not b", 5);
        if (strcmp(id, "c") == 0)
            assert_memory_equal(trace->because.bytes, "for c", 5);
        assert_int_equal(trace->gate == DECISION_GATE_STRATEGY, strcmp(id, "b") == 0 || strcmp(id, "c") == 0);
    }
    served_end(&served);
}

/* In one piece, to the last character. */
static void test_strategies_explain_with_the_longest_reason(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served,
                          "strategy 's' { eligible = function(c, o) return false, ('é'):rep(256) end }");
    served.situation.explain = true;
    const struct decision *decision = served_decide(&served);
    uint32_t explained = 0;
    for (uint32_t i = 0; i < decision->trace_count; i++)
        if (decision->traces[i].gate == DECISION_GATE_STRATEGY) {
            assert_int_equal(decision->traces[i].because.length, 512);
            assert_true(text_is_utf8(decision->traces[i].because));
            explained++;
        }
    assert_true(explained > 3);
    served_end(&served);
}

/* ---- Personas ---- */

static const char *persona_of(struct served *served)
{
    served->situation.persona = SNAPSHOT_NONE;
    served_decide(served);
    return served->situation.persona == SNAPSHOT_NONE
               ? "none"
               : engine_snapshot(served->engine)->personas[served->situation.persona].name.bytes;
}

static const char shows_persona[] = "strategy 's' { score = function(c) return 1, tostring(c.persona) end }";

static const char three_personas[] =
    "persona 'buyer' { name = 'B', summary = 'b', match = function(c)\n"
    " while c.context.loop do end\n if c.context.fail then error('failed') end\n"
    " return c.context.role == 'buyer' or c.context.role == 'both' end }\n"
    "persona 'silent' { name = 'S', summary = 's' }\n"
    "persona 'dreamer' { name = 'D', summary = 'd', match = function(c)\n"
    " return c.context.role ~= 'buyer' and c.context.role ~= nil end }\n";

static void test_strategies_find_the_first_persona(void **state)
{
    (void)state;
    struct served served;
    const struct served_file files[] = {{"personas/p.lua", three_personas},
                                        {"strategies/s.lua", shows_persona}};
    served_begin(&served, NULL, files, 2);
    assert_string_equal(persona_of(&served), "none");
    assert_string_equal(served_reason(&served), "nil");
    served.situation.context = served_map(&served, "{ role = 'both' }");
    assert_string_equal(persona_of(&served), "buyer");
    assert_string_equal(served_reason(&served), "buyer");
    served.situation.context = served_map(&served, "{ role = 'other' }");
    assert_string_equal(persona_of(&served), "dreamer");
    served.situation.persona = 1; /* told, so that nobody guesses */
    served_decide(&served);
    assert_string_equal(served_reason(&served), "silent");
    served_end(&served);
}

static void test_strategies_pass_over_personas_that_fail(void **state)
{
    (void)state;
    struct served served;
    const struct served_file files[] = {{"personas/p.lua", three_personas},
                                        {"strategies/s.lua", shows_persona}};
    served_begin(&served, NULL, files, 2);
    const msgpack_object *fails = served_map(&served, "{ role = 'both', fail = true }"),
                         *works = served_map(&served, "{ role = 'both' }");
    for (int strike = 1; strike <= 3; strike++) {
        served.situation.context = works;
        assert_string_equal(persona_of(&served), "buyer");
        served.situation.context = fails;
        assert_string_equal(persona_of(&served), "dreamer");
        assert_string_equal(served_failure(&served), "buyer: personas/p.lua:3: failed");
        assert_string_equal(served_reason(&served), "dreamer"); /* the strategy is asked all the same */
    }
    served.situation.context = works;
    assert_string_equal(persona_of(&served), "dreamer"); /* set aside */
    assert_string_equal(served_failure(&served), "");
    assert_int_equal(set_aside_count(&served), 1);
    served_end(&served);
}

/* Functions that work for all who tell their age. */
static const char of_age[] = "persona 'buyer' { name = 'B', summary = 'b', match = function(c)\n"
                             " return c.traits.age >= 18 end }\n"
                             "persona 'dreamer' { name = 'D', summary = 'd', match = function(c)\n"
                             " return c.traits.age < c.traits.limit end }\n";

/* Answers count, whether the functions were run for them or not. */
static void test_strategies_credit_personas_with_what_is_remembered(void **state)
{
    (void)state;
    static const char *const ages[] = {"{ age = 9, limit = 18 }", "{ age = 18 }", "{ age = 70 }"};
    struct served served;
    struct engine_options options = served_options();
    const struct served_file files[] = {{"personas/p.lua", of_age}, {"strategies/s.lua", shows_persona}};
    options.memo_memory = 1 << 20;
    served_begin(&served, &options, files, 2);
    for (int i = 0; i < 600; i++) {
        served.situation.traits = served_map(&served, ages[i % 3]);
        assert_string_equal(persona_of(&served), i % 3 == 0 ? "dreamer" : "buyer");
    }
    served.situation.traits = NULL;
    for (int i = 0; i < 20; i++)
        assert_string_equal(persona_of(&served), "none");
    assert_int_equal(set_aside_count(&served), 1); /* who was asked 200 times may fail 20 times in a row */
    assert_true(script_site_is_set_aside(engine_scripts(served.engine), 2));
    served.situation.traits = served_map(&served, ages[1]);
    assert_string_equal(persona_of(&served), "buyer");
    served_end(&served);
}

/* Remembered or not, what serves nobody is to nobody's credit. */
static void test_strategies_credit_no_persona_in_dry_runs(void **state)
{
    (void)state;
    struct served served;
    struct engine_options options = served_options();
    const struct served_file files[] = {{"personas/p.lua", of_age}, {"strategies/s.lua", shows_persona}};
    options.memo_memory = 1 << 20;
    served_begin(&served, &options, files, 2);
    served.situation.purpose = SITUATION_DRY_RUN;
    for (int i = 0; i < 200; i++) {
        served.situation.traits = NULL;
        assert_string_equal(persona_of(&served), "none");
        served.situation.traits = served_map(&served, "{ age = 18 }");
        assert_string_equal(persona_of(&served), "buyer");
    }
    served.situation.purpose = SITUATION_SERVED;
    served.situation.traits = NULL;
    for (int strike = 1; strike <= 3; strike++) {
        assert_int_equal(set_aside_count(&served), 0);
        assert_string_equal(persona_of(&served), "none");
    }
    assert_int_equal(set_aside_count(&served), 2);
    served_end(&served);
}

/* One mistake, made in all of them: each is told of. */
static void test_strategies_tell_of_all_that_failed(void **state)
{
    (void)state;
    struct served served;
    const struct served_file files[] = {
        {"personas/p.lua",
         "persona 'buyer' { name = 'B', summary = 'b', match = function() error('one') end }\n"
         "persona 'dreamer' { name = 'D', summary = 'd', match = function() error('two') end }\n"},
        {"strategies/s.lua", "strategy 's' { score = function(c) error('three') end }"}};
    served_begin(&served, NULL, files, 2);
    const struct script_site *scripts = engine_scripts(served.engine);
    for (uint32_t strike = 1; strike <= 3; strike++) {
        assert_string_equal(persona_of(&served), "none");
        assert_string_equal(served_failure(&served), "buyer: personas/p.lua:1: one | dreamer: "
                                                     "personas/p.lua:2: two | s: strategies/s.lua:1: three");
        for (uint32_t i = 0; i < 3; i++) {
            assert_int_equal(script_site_failure(scripts, i).times, strike);
            assert_int_equal(script_site_failure(scripts, i).set_aside, strike == 3);
        }
        assert_int_equal(script_site_set_aside_count(scripts), strike == 3 ? 3 : 0);
    }
    persona_of(&served);
    assert_string_equal(served_failure(&served), "");
    assert_int_equal(set_aside_count(&served), 3);
    served_end(&served);
}

/* The decision's time is gone, which is no strike against the strategy that was not asked. */
static void test_strategies_bear_no_blame_for_personas(void **state)
{
    (void)state;
    struct served served;
    serve_with_deadline(&served, shows_persona, three_personas);
    served.situation.context = served_map(&served, "{ loop = true, role = 'both' }");
    for (int strike = 1; strike <= 3; strike++) {
        assert_string_equal(persona_of(&served), "none");
        assert_int_equal(served.decision.fallback, DECISION_FALLBACK_DEADLINE);
        assert_non_null(strstr(served_failure(&served), "buyer: personas/p.lua:2: ran longer than"));
    }
    assert_false(is_set_aside(&served, 0));
    assert_string_equal(persona_of(&served), "dreamer");
    assert_int_equal(served.decision.strategy, 0);
    served_end(&served);
}

static void test_strategies_bear_no_blame_for_memory(void **state)
{
    (void)state;
    struct served served;
    const struct served_file files[] = {
        {"personas/p.lua",
         "persona 'buyer' { name = 'B', summary = 'b', match = function(c)\n local t = {}\n"
         " while true do t = { t } end end }\npersona 'dreamer' { name = 'D', summary = 'd' }"},
        {"strategies/s.lua", shows_persona}};
    served_begin(&served, NULL, files, 2);
    for (int strike = 1; strike <= 3; strike++) {
        assert_string_equal(persona_of(&served), "none");
        assert_int_equal(served.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
        assert_non_null(strstr(served_failure(&served), "buyer: personas/p.lua:3: needs more memory"));
    }
    assert_false(is_set_aside(&served, 0));
    assert_string_equal(persona_of(&served), "none");
    assert_string_equal(served_failure(&served), "");
    assert_int_equal(served.decision.strategy, 0);
    served_end(&served);
}

/* ---- Chance ---- */

static void test_strategies_depend_on_clock_and_seed_alone(void **state)
{
    (void)state;
    struct served served;
    char first[64];
    served_begin_strategy(
        &served, "strategy 's' { score = function(c, o) return 1, now .. ' ' .. random(1000000) end }");
    served.situation.count = 1;
    served.situation.seed = 7;
    served_decide(&served);
    snprintf(first, sizeof first, "%s", served_reason(&served));
    assert_memory_equal(first, "1790000000.0 ", 13);
    served_decide(&served);
    assert_string_equal(served_reason(&served), first);
    served.situation.seed = 8;
    served_decide(&served);
    assert_string_not_equal(served_reason(&served), first);
    served_end(&served);
}

/* What one strategy draws, or whether it runs at all, changes nothing for the next. */
static void test_strategies_have_a_chance_of_their_own(void **state)
{
    (void)state;
    static const char *const contexts[] = {"{ draws = 0 }", "{ draws = 1 }", "{ draws = 100 }"};
    struct served served;
    char first[64] = "";
    served_begin_strategy(&served,
                          "strategy 'a' { when = function(c)\n"
                          " for i = 1, c.context.draws do random() end return false end }\n"
                          "strategy 'b' { score = function(c, o) return 1, 'drew ' .. random(1000000) "
                          "end }");
    for (size_t i = 0; i < 3; i++) {
        served.situation.context = served_map(&served, contexts[i]);
        served_decide(&served);
        if (i == 0)
            snprintf(first, sizeof first, "%s", served_reason(&served));
        assert_string_equal(served_reason(&served), first);
    }
    assert_memory_equal(first, "drew ", 5);
    served_end(&served);
}

/* What one persona's function draws, or whether it is asked at all, changes nothing for the next. */
static void test_strategies_give_personas_a_chance_of_their_own(void **state)
{
    (void)state;
    static const char *const contexts[] = {"{ draws = 0 }", "{ draws = 1 }", "{ draws = 100 }", "{}"};
    struct served served;
    const struct served_file files[] = {
        {"personas/p.lua", "persona 'buyer' { name = 'B', summary = 'b', match = function(c)\n"
                           " for i = 1, c.context.draws do random() end return false end }\n"
                           "persona 'dreamer' { name = 'D', summary = 'd', match = function(c)\n"
                           " return random() < 0.5 end }"},
        {"strategies/s.lua", shows_persona}};
    unsigned dreamers = 0;
    served_begin(&served, NULL, files, 2);
    for (uint64_t seed = 0; seed < 64; seed++) {
        char first[16] = "";
        served.situation.seed = seed;
        for (size_t i = 0; i < 4; i++) { /* at last one fails, and is set aside in the end */
            served.situation.context = served_map(&served, contexts[i]);
            const char *persona = persona_of(&served);
            if (i == 0)
                snprintf(first, sizeof first, "%s", persona);
            assert_string_equal(persona, first);
        }
        dreamers += strcmp(first, "dreamer") == 0;
    }
    assert_in_range(dreamers, 16, 48);
    served_end(&served);
}

/* Two that draw once each do not draw the same. */
static void test_strategies_give_each_persona_another_chance(void **state)
{
    (void)state;
    struct served served;
    const struct served_file files[] = {
        {"personas/p.lua",
         "persona 'buyer' { name = 'B', summary = 'b', match = function(c) return random() < 0.5 end }\n"
         "persona 'dreamer' { name = 'D', summary = 'd', match = function(c) return random() < 0.5 end }"},
        {"strategies/s.lua", shows_persona}};
    unsigned dreamers = 0;
    served_begin(&served, NULL, files, 2);
    for (uint64_t seed = 0; seed < 256; seed++) {
        served.situation.seed = seed;
        dreamers += strcmp(persona_of(&served), "dreamer") == 0;
    }
    assert_in_range(dreamers, 32, 96);
    served_end(&served);
}

/* However many decisions one turn of the loop holds, what they leave behind is no strategy's fault. */
static void test_strategies_leave_room_for_the_next_decision(void **state)
{
    (void)state;
    struct served served;
    struct engine_options options = served_options();
    options.load_memory = 32 << 20;
    options.script_memory = 2 << 20;
    served_begin(&served, &options,
                 &(struct served_file){"strategies/s.lua",
                                       "strategy 's' { when = function(c)\n"
                                       " local t = {} for i = 1, 3000 do t[i] = { random() } end\n"
                                       " return #t == 3000 end }"},
                 1);
    for (int i = 0; i < 400; i++) {
        engine_decide(served.engine, &served.situation, &served.decision);
        assert_string_equal(served_failure(&served), "");
    }
    served_end(&served);
}

enum { GENEROUS_OFFERS = 24 };

/* It hands over so many parts of 60 kB with one offer: as its reason, as its score, or before it fails. */
static const struct served_file generous[] = {
    {"offers/o.lua", "for i = 1, 24 do offer('o' .. i) { kind = 'guide', title = 'O', value = 50 - i } end\n"
                     "offer 'house' { kind = 'guide', title = 'House', placements = {} }"},
    {"strategies/s.lua", "local function much(parts)\n"
                         " local t = {} for i = 1, parts do t[i] = ('x'):rep(60000 + i) end return t end\n"
                         "strategy 's' { score = function(c, o)\n"
                         " if o.id == c.context.last and c.context.way == 'error' then error('no more') end\n"
                         " if o.id ~= c.context.at then return 1 end\n"
                         " if c.context.way == 'score' then return much(c.context.parts) end\n"
                         " return 1, much(c.context.parts) end }"}};

/* Behind ever fewer others, so that nothing would take its place in a list. */
static void take_all(struct served *served, const char *way, uint32_t parts)
{
    const struct symbols *names = &engine_snapshot(served->engine)->offer_names;
    uint32_t excluded[GENEROUS_OFFERS];
    char text[80];
    for (uint32_t left = GENEROUS_OFFERS; left >= 2; left--) {
        uint32_t at = strcmp(way, "error") == 0 ? left - 1 : left;
        snprintf(text, sizeof text, "{ way = '%s', at = 'o%u', last = 'o%u', parts = %u }", way, at, left,
                 parts);
        served->situation.context = served_map(served, text);
        served->situation.excluded = excluded;
        served->situation.excluded_count = GENEROUS_OFFERS - left;
        served_decide(served);
        if (strstr(served_failure(served), "memory") != NULL)
            fail_msg("%s, %u left: %s", way, left, served_failure(served));
        snprintf(text, sizeof text, "o%u", left);
        excluded[GENEROUS_OFFERS - left] = symbols_find(names, text_from(text));
    }
    served->situation.excluded_count = 0;
}

/* Together it would be more than the state may hold. */
static void test_strategies_leave_nothing_in_the_state(void **state)
{
    (void)state;
    static const char *const ways[] = {"reason", "score", "error"};
    struct served served;
    struct engine_options options = served_options();
    options.load_memory = 32 << 20;
    options.script_memory = 4 << 20;
    served_begin(&served, &options, generous, 2);
    served.situation.purpose = SITUATION_DRY_RUN; /* nobody is set aside */
    served_decide(&served);
    size_t before = served_memory(&served);
    for (size_t i = 0; i < 3; i++) {
        take_all(&served, ways[i], 40);
        take_all(&served, ways[i], 16);
        assert_true(served_memory(&served) < before + (12 << 20));
    }
    served_end(&served);
}

/* What is made when a strategy first looks at an offer stays, and is not this decision's to pay for. */
static void test_strategies_look_at_thousands_of_offers(void **state)
{
    (void)state;
    enum { OFFERS = 20000 };
    struct buffer csv;
    struct served served;
    char row[80];
    buffer_create(&csv);
    buffer_append(&csv, "id,kind,title,url\n", 18);
    for (int i = 0; i < OFFERS; i++) {
        int length = snprintf(row, sizeof row, "n%d,guide,Number %d,/n\n", i, i);
        buffer_append(&csv, row, (size_t)length);
    }
    buffer_append(&csv, "", 1);
    const struct served_file files[] = {
        {"offers/many.csv", csv.bytes},
        {"strategies/s.lua", "strategy 's' { eligible = function(c, o) return o.id == 'n19999' end }"},
    };
    struct engine_options options = served_options();
    options.script_memory = 2 << 20;
    served_begin(&served, &options, files, 2);
    served_decide(&served);
    assert_string_equal(served_failure(&served), "");
    assert_string_equal(served_items(&served), "n19999 house");
    served_end(&served);
    buffer_destroy(&csv);
}

/* A strategy that works with v, which its visitor told. */
static void assert_withheld(const char *body, const char *told, const char *in_public)
{
    static const char secret[] = "{ x = 'a.secret@x.org', n = -4711 }";
    struct served served;
    struct script_failure failure;
    char source[512], expected[400];
    snprintf(source, sizeof source,
             "strategy 's' { score = function(c, o) local v, n = c.traits.x, c.traits.n\n%s\nend }", body);
    served_begin_strategy(&served, source);
    served.situation.traits = served_map(&served, secret);
    failure_of(&served);
    failure = script_site_failure(engine_scripts(served.engine), 0);
    assert_non_null(strstr(failure.message, told));
    snprintf(expected, sizeof expected, "strategies/s.lua:%s", in_public);
    assert_string_equal(failure.in_public, expected);
    served_end(&served);
}

static void test_strategies_withhold_what_scripts_say(void **state)
{
    (void)state;
    static const char called[] = "2: the script called error()";
    assert_withheld("error(v)", "2: a.secret@x.org", called);
    assert_withheld("error(v, 0)", "a.secret@x.org", called);
    assert_withheld("error(v .. ':7: gone', 0)", "a.secret@x.org:7: gone", called);
    assert_withheld("error(n)", "raised the number -4711", called);
    assert_withheld("local done, e = pcall(error, v)\nerror(e, 0)", "a.secret@x.org",
                    "3: the script called error()");
    assert_withheld(
        "pcall(function() return c[v] end)\nreturn 1 + nil", "arithmetic on a nil",
        "3: attempt to perform arithmetic on a nil value; what was not told is nil: write, for instance, "
        "(c.context.visits or 0)");
    assert_withheld("assert(false, v)", "a.secret@x.org", "2: an assert() of the script failed");
    assert_withheld("return n", "got -4711",
                    "1: score of offer 'a': expected a number, 0 or more, got another number");
}

static void test_strategies_withhold_what_we_say_of_it(void **state)
{
    (void)state;
    static const char read_only[] = "2: can't change this table: it is read-only";
    assert_withheld("return c[v]", "no 'a.secret@x.org'",
                    "2: a customer has no field of that name; there are id, stage, persona, locale, journey, "
                    "touchpoint, traits, context, consents, consents_to, interested_in, seen, did, since, "
                    "days_in_stage");
    assert_withheld("return o[v]", "no 'a.secret@x.org'", "2: an offer has no field of that name");
    assert_withheld("c[v] = 1", "change 'a.secret@x.org'", read_only);
    assert_withheld("o.data[v] = 1", "change 'a.secret@x.org'", read_only);
    assert_withheld("return c:seen(v)", "'a.secret@x.org'", "2: no offer or kind is called so");
    assert_withheld(
        "return c:did('click', v)", "\"a.secret@x.org\"",
        "2: expected a span of time such as \"30s\", \"15m\", \"12h\", \"7d\" or \"2w\", got another "
        "text");
    assert_withheld(
        "return c:did(v, n)", "got -4711",
        "2: expected a span of time such as \"30s\", \"15m\", \"12h\", \"7d\" or \"2w\", got another "
        "number");
    assert_withheld("return ('%' .. v:sub(8, 8)):format(1)", "invalid conversion '%t'",
                    "2: invalid conversion for string.format; there are %d %f %g %s %x");
    assert_withheld("return table.concat({ 'x' }, '', n, 1)", "item -4711",
                    "2: an item is a nil: only texts and numbers can be put together");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strategies_refuse_bad_scores),
        cmocka_unit_test(test_strategies_tell_where_shared_functions_stand),
        cmocka_unit_test(test_strategies_refuse_numbers_that_rank_nothing),
        cmocka_unit_test(test_strategies_refuse_what_is_no_number),
        cmocka_unit_test(test_strategies_take_good_scores),
        cmocka_unit_test(test_strategies_say_where_they_failed),
        cmocka_unit_test(test_strategies_have_a_chance_of_their_own),
        cmocka_unit_test(test_strategies_give_personas_a_chance_of_their_own),
        cmocka_unit_test(test_strategies_give_each_persona_another_chance),
        cmocka_unit_test(test_strategies_leave_room_for_the_next_decision),
        cmocka_unit_test(test_strategies_leave_nothing_in_the_state),
        cmocka_unit_test(test_strategies_look_at_thousands_of_offers),
        cmocka_unit_test(test_strategies_set_aside_after_three_failures),
        cmocka_unit_test(test_strategies_leave_others_alone),
        cmocka_unit_test(test_strategies_count_nothing_that_serves_nobody),
        cmocka_unit_test(test_strategies_end_at_the_deadline),
        cmocka_unit_test(test_strategies_go_on_after_a_deadline),
        cmocka_unit_test(test_strategies_end_where_memory_does),
        cmocka_unit_test(test_strategies_pass_reasons_on),
        cmocka_unit_test(test_strategies_drop_reasons_that_are_none),
        cmocka_unit_test(test_strategies_pass_the_longest_reason),
        cmocka_unit_test(test_strategies_without_when_are_passed_over),
        cmocka_unit_test(test_strategies_stop_early_without_a_score),
        cmocka_unit_test(test_strategies_ask_no_more_to_explain),
        cmocka_unit_test(test_strategies_explain_what_does_not_fit),
        cmocka_unit_test(test_strategies_explain_with_the_longest_reason),
        cmocka_unit_test(test_strategies_find_the_first_persona),
        cmocka_unit_test(test_strategies_pass_over_personas_that_fail),
        cmocka_unit_test(test_strategies_credit_personas_with_what_is_remembered),
        cmocka_unit_test(test_strategies_credit_no_persona_in_dry_runs),
        cmocka_unit_test(test_strategies_tell_of_all_that_failed),
        cmocka_unit_test(test_strategies_bear_no_blame_for_personas),
        cmocka_unit_test(test_strategies_bear_no_blame_for_memory),
        cmocka_unit_test(test_strategies_depend_on_clock_and_seed_alone),
        cmocka_unit_test(test_strategies_withhold_what_scripts_say),
        cmocka_unit_test(test_strategies_withhold_what_we_say_of_it),
    };
    return cmocka_run_group_tests_name("script/strategies", tests, NULL, NULL);
}

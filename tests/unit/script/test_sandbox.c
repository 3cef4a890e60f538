/* sandbox: entering and leaving, what ends a script, what an error says, and collecting. */
#include "fixture.h"

static void test_sandbox_runs_a_function(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_string_equal(fixture_answer(&fixture, "function f(x) return x + 1 .. '' end"), "2.0");
    fixture_destroy(&fixture);
}

static void test_sandbox_stops_a_loop(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_true(fixture_load(&fixture, "function f(x)\n if x == 1 then while true do end end return x end"));
    fixture.limits = sandbox_limits_decision;
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_OVERRAN);
    assert_non_null(strstr(fixture.error.message, "strategies/test.lua:2: ran longer than the 20 milli"));
    assert_int_equal(fixture_decide(&fixture, 2), SANDBOX_DONE);
    fixture_destroy(&fixture);
}

static void test_sandbox_overrun_ends_the_decision(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    assert_true(fixture_load(&fixture, "function f(x) if x == 1 then while true do end end return x end"));
    sandbox_begin(L, &sandbox_limits_decision, 0, 0);
    lua_pushvalue(L, 1);
    lua_pushnumber(L, 1);
    assert_int_equal(sandbox_call(L, 1, 1, &fixture.error), SANDBOX_OVERRAN);
    lua_pushvalue(L, 1);
    lua_pushnumber(L, 2);
    assert_int_equal(sandbox_call(L, 1, 1, &fixture.error), SANDBOX_OVERRAN);
    sandbox_leave(L);
    assert_int_equal(lua_gettop(L), 1);
    fixture_destroy(&fixture);
}

static void test_sandbox_stops_growth(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_true(fixture_load(&fixture, "function f(x) if x == 2 then return x end\n"
                                       "local t = {} for i = 1, 1e9 do t[i % 100] = {i} end end"));
    size_t before = fixture.sandbox->memory.used;
    fixture.sandbox->memory.peak = before;
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_EXHAUSTED);
    assert_non_null(strstr(fixture.error.message, "strategies/test.lua:2: needs more memory"));
    assert_true(fixture.sandbox->memory.peak - before <= sandbox_limits_decision.memory);
    assert_int_equal(fixture_decide(&fixture, 2), SANDBOX_DONE);
    fixture_destroy(&fixture);
}

static void test_sandbox_knows_now_and_random_in_decisions_only(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_string_equal(
        fixture_answer(&fixture, "local ok, why = pcall(function() return now end)\n"
                                 "local ok2, why2 = pcall(random)\n"
                                 "function f() local a, b, c = random(), random(6), random(5, 7)\n"
                                 "  assert(a >= 0 and a < 1 and b >= 1 and b <= 6 and c >= 5 and c <= 7)\n"
                                 "  return string.format('%d %s %s', now // 1, why, why2) end"),
        "1795000000 strategies/test.lua:1: 'now' is known in a decision only, not while the site "
        "loads 'random' works in a decision only, not while the site loads");
    fixture_destroy(&fixture);
}

static void test_sandbox_is_deterministic(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_true(fixture_load(&fixture, "function f() return random(1000000) end"));
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_DONE);
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_DONE);
    assert_int_equal(lua_tointeger(fixture.L, -1), lua_tointeger(fixture.L, -2));
    fixture_destroy(&fixture);
}

static void test_sandbox_answers_any_error_object(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"function f() error() end",
         "strategies/test.lua:1: raised an error without a message (a nil instead)"},
        {"function f()\n error({}) end",
         "strategies/test.lua:2: raised an error without a message (a table instead)"},
        {"function f() error(12) end", "strategies/test.lua:1: raised the number 12 as an error"},
        {"function f() error(0.5) end", "strategies/test.lua:1: raised the number 0.5 as an error"},
        {"function f() error(f) end",
         "strategies/test.lua:1: raised an error without a message (a function instead)"},
        {"function f() error(math) end",
         "strategies/test.lua:1: raised an error without a message (a table instead)"},
        {"function f() error(true) end",
         "strategies/test.lua:1: raised an error without a message (a boolean instead)"},
        {"function f() error('a\\nb\\0c') end", "strategies/test.lua:1: a\\x0Ab\\x00c"},
        {"function f() error('plain', 0) end", "strategies/test.lua:1: plain"},
        {"function f()\n local t = {}\n while true do\n  t[#t + 1] = ('x'):rep(9) .. #t end end",
         "strategies/test.lua:4: needs more memory than it may use (8192 KiB in all, 256 KiB for one text or "
         "table, 1024 names in one table): a text or table that grows without end, or a function that calls "
         "itself without end?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture fixture;
        fixture_create(&fixture);
        assert_true(fixture_load(&fixture, cases[i][0]));
        assert_int_not_equal(fixture_decide(&fixture, 1), SANDBOX_DONE);
        assert_string_equal(fixture.error.message, cases[i][1]);
        fixture_destroy(&fixture);
    }
}

static void test_sandbox_cuts_long_messages(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_true(fixture_load(&fixture, "function f() error(('x'):rep(60000), 0) end"));
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_FAILED);
    assert_int_equal(strlen(fixture.error.message), sizeof fixture.error.message - 1);
    fixture_destroy(&fixture);
}

static void test_sandbox_refuses_a_state_without_memory(void **state)
{
    (void)state;
    struct deadline deadline;
    struct error error = {0};
    assert_true(deadline_create(&deadline, &error));
    for (size_t memory = 0; memory < 12000; memory += 500) {
        struct sandbox_options options = {&deadline, memory};
        assert_null(sandbox_new(&options, &error));
        assert_int_equal(error.code, ERROR_INTERNAL);
    }
    deadline_destroy(&deadline);
}

static void test_sandbox_collects_between_decisions(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_true(
        fixture_load(&fixture, "function f() local t = {} for i = 1, 20000 do t = {i} end return 1 end"));
    size_t sealed = fixture.sandbox->memory.used;
    for (int i = 0; i < 50; i++) {
        assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_DONE);
        lua_pop(fixture.L, 1);
        while (sandbox_collect(fixture.sandbox))
            ;
        assert_true(fixture.sandbox->memory.used < sealed + (6U << 20));
    }
    fixture_destroy(&fixture);
}

/* Lua's table of short strings belongs to nobody: that it grows must not end a decision. */
static void test_sandbox_lets_the_string_table_grow(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_non_null(fixture.sandbox->memory.string_table);
    assert_string_equal(fixture_answer(&fixture, "local many = {}\n"
                                                 "for i = 1, 32700 do many[i] = 'name' .. i end\n"
                                                 "function f() local t for i = 1, 40000 do t = 'x' .. i end\n"
                                                 "  return t .. #tostring(many) end"),
                        "x400005");
    fixture_destroy(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sandbox_runs_a_function),
        cmocka_unit_test(test_sandbox_stops_a_loop),
        cmocka_unit_test(test_sandbox_overrun_ends_the_decision),
        cmocka_unit_test(test_sandbox_stops_growth),
        cmocka_unit_test(test_sandbox_knows_now_and_random_in_decisions_only),
        cmocka_unit_test(test_sandbox_is_deterministic),
        cmocka_unit_test(test_sandbox_answers_any_error_object),
        cmocka_unit_test(test_sandbox_cuts_long_messages),
        cmocka_unit_test(test_sandbox_refuses_a_state_without_memory),
        cmocka_unit_test(test_sandbox_collects_between_decisions),
        cmocka_unit_test(test_sandbox_lets_the_string_table_grow),
    };
    return cmocka_run_group_tests_name("script/sandbox", tests, NULL, NULL);
}

/* freeze: what may be kept outside of a function, and what is refused with which line. */
#include "fixture.h"

static void assert_problem(const char *source, int line, const char *message)
{
    struct fixture fixture;
    fixture_create(&fixture);
    assert_false(fixture_load(&fixture, source));
    assert_string_equal(fixture.problem.file, "strategies/test.lua");
    assert_int_equal(fixture.problem.line, line);
    if (strstr(fixture.problem.message, message) == NULL)
        fail_msg("%s: %s", source, fixture.problem.message);
    fixture_destroy(&fixture);
}

/* `f` is called twice with the same argument; both decisions must answer the same. */
static void assert_pure(const char *source, const char *expected)
{
    struct fixture fixture;
    fixture_create(&fixture);
    assert_string_equal(fixture_answer(&fixture, source), expected);
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_DONE);
    assert_string_equal(lua_tostring(fixture.L, -1), expected);
    fixture_destroy(&fixture);
}

/* The function loads; what it does at run time is refused. */
static void assert_refused_in_decision(const char *source, const char *message)
{
    struct fixture fixture;
    fixture_create(&fixture);
    assert_true(fixture_load(&fixture, source));
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_FAILED);
    assert_string_equal(fixture.error.message, message);
    fixture_destroy(&fixture);
}

static void test_freeze_refuses_counters(void **state)
{
    (void)state;
    assert_problem("local n = 0\nfunction f()\n  n = n + 1\n  return n end", 3,
                   "changes 'n', a variable outside");
    assert_problem("local function counter()\n local n = 0\n return function()\n n = n + 1 return n end end\n"
                   "f = counter()",
                   4, "changes 'n'");
    assert_problem(
        "local n = 0\nfunction f()\n local function g()\n  return function() n = 2 end end g()() end", 4,
        "changes 'n'");
}

static void test_freeze_refuses_helpers_that_count(void **state)
{
    (void)state;
    assert_problem("local n = 0\nlocal function g()\n n = n + 1 end\nfunction f() g() end", 3, "changes 'n'");
    assert_problem("local n = 0\nlocal t = { { h = function()\n n = n + 1 end } }\nfunction f() t[1].h() end",
                   3, "changes 'n'");
    assert_problem("local n = 0\nfunction g()\n n = n + 1 end\nfunction f() g() end", 3, "changes 'n'");
    assert_problem("local n = 0\nlocal t = { [function()\n n = n + 1 end] = 1 }\nfunction f() return t end",
                   3, "changes 'n'");
}

static void test_freeze_refuses_globals(void **state)
{
    (void)state;
    assert_problem("total = 0\nfunction f()\n total = total + 1 end", 3, "changes 'total'");
    assert_problem("local t = {}\nfunction f()\n t.last = 1 end", 3, "changes 't.last'");
}

static void test_freeze_refuses_iterators_that_remember(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_false(fixture_load(&fixture, "local w = ('a b'):gmatch('%a')\nfunction f() return w() end"));
    assert_non_null(strstr(fixture.problem.message, "remembers its place"));
    fixture_destroy(&fixture);
}

static void test_freeze_refuses_declarations(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_false(fixture_load(&fixture, "local k = keep\nfunction f() k(1) end"));
    assert_non_null(strstr(fixture.problem.message, "works only while the site loads"));
    fixture_destroy(&fixture);
}

static void test_freeze_refuses_names_that_nothing_has(void **state)
{
    (void)state;
    assert_problem("function f()\n return tostrng(1) end", 2,
                   "unknown name 'tostrng'; did you mean 'tostring'?");
    assert_problem("weights = { 1 }\nfunction f()\n return weigths[1] end", 3, "did you mean 'weights'?");
    assert_problem("local function g()\n return visits end\nfunction f() return g() end", 2,
                   "unknown name 'visits'");
    assert_problem("function f() return function()\n return null end end", 2, "unknown name 'null'");
}

static void test_freeze_takes_names_that_come_later_or_from_the_library(void **state)
{
    (void)state;
    assert_pure(
        "function f() return weigh(2) .. tostring(now ~= nil) end\nfunction weigh(n) return n * 2 end",
        "4true");
}

static void test_freeze_takes_what_lives_inside(void **state)
{
    (void)state;
    assert_pure("function f()\n local n = 0\n local function add() n = n + 1 end\n add() add() return "
                "tostring(n) end",
                "2");
    assert_pure("local function counter() local n = 0 return function() n = n + 1 return n end end\n"
                "function f() local c = counter() c() return tostring(c()) end",
                "2");
    assert_pure("function f() local t = {} t.x = 1 t[1] = 2 return t.x .. #t end", "11");
}

static void test_freeze_takes_what_is_only_read(void **state)
{
    (void)state;
    assert_pure("local weights = { hero = 2, more = { 3, 4 } }\nlocal half = 0.5\nprefix = 'w'\n"
                "local function weigh(n) return n * half end\n"
                "function f() return prefix .. weigh(weights.hero) .. #weights.more .. weights.more[2] end",
                "w1.024");
}

static void test_freeze_takes_helpers_that_only_loading_uses(void **state)
{
    (void)state;
    assert_pure(
        "local n = 0\nfunction number() n = n + 1 return n end\nlocal first, second = number(), number()\n"
        "function f() return first .. second end",
        "12");
}

static void test_freeze_takes_cycles(void **state)
{
    (void)state;
    assert_pure("local t = { name = 'x' } t.self = t t[t] = t\n"
                "function f() return t.self.self.name .. tostring(t.self == t) .. tostring(t[t] == t) end",
                "xtruetrue");
}

static void test_freeze_takes_deep_tables(void **state)
{
    (void)state;
    assert_pure(
        "local head for i = 1, 100000 do head = { next = head } end\n"
        "function f() local n, t = 0, head while t do n, t = n + 1, t.next end return tostring(n) end",
        "100000");
}

static void test_freeze_keeps_identity(void **state)
{
    (void)state;
    assert_pure("local a = { 1 }\nlocal b = { a = a }\nshared = a\n"
                "local function same(x) return tostring(x == a) end\n"
                "function f() return same(b.a) .. same(shared) .. tostring(a == b) end",
                "truetruefalse");
}

static void test_freeze_closes_tables(void **state)
{
    (void)state;
    assert_refused_in_decision("local t = { list = {} }\nfunction f() local l = t.list l.x = 1 end",
                               "strategies/test.lua:2: can't change 'x': this table is read-only");
    assert_refused_in_decision("local t = {}\nfunction f() local l = t l[1] = 1 end",
                               "strategies/test.lua:2: can't change this table: it is read-only");
    assert_refused_in_decision(
        "t = {}\nfunction f() table.insert(t, 1) end",
        "strategies/test.lua:2: bad argument #1 to 'insert' (this table is read-only)");
    assert_refused_in_decision("local t = { 3, 1 }\nfunction f() table.sort(t) end",
                               "strategies/test.lua:2: bad argument #1 to 'sort' (this table is read-only)");
}

/* What the host got from the file stays the host's: its tables are not replaced. */
static void test_freeze_leaves_the_tables_of_the_host(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    assert_true(fixture_load(&fixture, "local t = keep({ inner = {} })\nfunction f() return t.inner end"));
    lua_getglobal(L, "constructors");
    lua_getfield(L, -1, "keep");
    assert_string_equal(lua_getupvalue(L, -1, 1), "kept");
    lua_rawgeti(L, -1, 1);
    assert_int_equal(lua_type(L, -1), LUA_TTABLE);
    assert_int_equal(lua_getfield(L, -1, "inner"), LUA_TTABLE);
    fixture_destroy(&fixture);
}

static void test_freeze_check_changes_nothing(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    assert_int_equal(fixture_run_file(&fixture, "a.lua", "local t = {}\nfunction f() return t end"),
                     SANDBOX_DONE);
    lua_getfield(L, -1, "f");
    assert_true(freeze_check(L, -1, &fixture.problem));
    assert_string_equal(lua_getupvalue(L, -1, 1), "t");
    assert_int_equal(lua_type(L, -1), LUA_TTABLE);
    fixture_destroy(&fixture);
}

static void test_freeze_finds_lines_far_down(void **state)
{
    (void)state;
    static char source[20000] = "local n = 0\nfunction f()\n";
    int line = 3;
    for (; line < 700; line++) /* more instructions than Lua counts lines from one place, and a wide gap */
        strcat(source, line % 100 == 0 ? "\n" : "f(1, 2, 3)\n");
    for (; line < 1200; line++)
        strcat(source, "\n");
    strcat(source, "n = 1 end");
    assert_problem(source, line, "changes 'n'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_freeze_refuses_counters),
        cmocka_unit_test(test_freeze_refuses_helpers_that_count),
        cmocka_unit_test(test_freeze_refuses_globals),
        cmocka_unit_test(test_freeze_refuses_iterators_that_remember),
        cmocka_unit_test(test_freeze_refuses_declarations),
        cmocka_unit_test(test_freeze_refuses_names_that_nothing_has),
        cmocka_unit_test(test_freeze_takes_names_that_come_later_or_from_the_library),
        cmocka_unit_test(test_freeze_takes_what_lives_inside),
        cmocka_unit_test(test_freeze_takes_what_is_only_read),
        cmocka_unit_test(test_freeze_takes_helpers_that_only_loading_uses),
        cmocka_unit_test(test_freeze_takes_cycles),
        cmocka_unit_test(test_freeze_takes_deep_tables),
        cmocka_unit_test(test_freeze_keeps_identity),
        cmocka_unit_test(test_freeze_closes_tables),
        cmocka_unit_test(test_freeze_leaves_the_tables_of_the_host),
        cmocka_unit_test(test_freeze_check_changes_nothing),
        cmocka_unit_test(test_freeze_finds_lines_far_down),
    };
    return cmocka_run_group_tests_name("script/freeze", tests, NULL, NULL);
}

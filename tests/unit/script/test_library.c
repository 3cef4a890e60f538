/* The scripts' library: the same answers as Lua's where Lua's are bounded and repeatable, and its own
 * elsewhere. */
#include "fixture.h"

#include "script/library.h"

static int compare(lua_State *L)
{
    if (luaL_loadfilex(L, SENDA_TESTS_DIRECTORY "/unit/script/same_as_lua.lua", "t") != LUA_OK)
        return lua_error(L);
    lua_newtable(L);
    library_push(L);
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) { /* stack: …, own, library, name, value */
        if (!view_push_target(L, -1))
            lua_pushvalue(L, -1);
        lua_setfield(L, -5, lua_tostring(L, -3));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    lua_call(L, 1, 1);
    *(lua_Integer *)lua_touserdata(L, 1) = lua_tointeger(L, -1);
    return 0;
}

static void test_library_answers_as_lua_does(void **state)
{
    (void)state;
    struct fixture fixture;
    lua_Integer compared = 0;
    fixture_create(&fixture);
    if (sandbox_protect(fixture.L, compare, &compared, &fixture.error) != SANDBOX_DONE)
        fail_msg("%s", fixture.error.message);
    assert_true(compared > 40000);
    fixture_destroy(&fixture);
}

static void assert_answer(const char *source, const char *expected)
{
    struct fixture fixture;
    fixture_create(&fixture);
    assert_string_equal(fixture_answer(&fixture, source), expected);
    fixture_destroy(&fixture);
}

static void test_library_pairs_goes_in_order(void **state)
{
    (void)state;
    assert_answer(
        "function f() local out = {}\n"
        "  for k, v in pairs({ b = 1, a = 2, [3] = 3, [1] = 4, [2.5] = 5, [true] = 6, [false] = 7 }) do\n"
        "    out[#out + 1] = tostring(k) .. '=' .. v end\n"
        "  return table.concat(out, ' ') end",
        "1=4 2.5=5 3=3 a=2 b=1 false=7 true=6");
}

static void test_library_pairs_takes_removal(void **state)
{
    (void)state;
    assert_answer("function f() local t, out = { a = 1, b = 2, c = 3, d = 4 }, ''\n"
                  "  for k in pairs(t) do t[k] = nil t.c = nil out = out .. k end return out end",
                  "abd");
}

static void test_library_sort_is_stable(void **state)
{
    (void)state;
    assert_answer("function f() local t = {}\n"
                  "  for i = 1, 100 do t[i] = { key = i % 3, at = i } end\n"
                  "  table.sort(t, function(a, b) return a.key < b.key end)\n"
                  "  for i = 2, 100 do assert(t[i - 1].key < t[i].key or t[i - 1].at < t[i].at) end\n"
                  "  return 'stable' end",
                  "stable");
}

static void test_library_sort_error_leaves_the_table(void **state)
{
    (void)state;
    assert_answer("function f() local t = { 5, 4, 3, 2, 1 }\n"
                  "  local ok, why = pcall(table.sort, t, function(a, b) if a == 1 then error('no', 0) end\n"
                  "    return a < b end)\n"
                  "  return table.concat(t) .. tostring(ok) .. why end",
                  "54321falseno");
}

static void test_library_texts_have_no_addresses(void **state)
{
    (void)state;
    assert_answer(
        "function f() return string.format('%s %s %s %s', {}, f, string, tostring(print ~= 1)) end\n"
        "print = 2",
        "table function table true");
}

static void test_library_limits_texts(void **state)
{
    (void)state;
    assert_answer(
        "function f() local _, why = pcall(string.rep, 'x', 65537) return #('x'):rep(65536) .. why end",
        "65536this text would be longer than the 65536 bytes that a text may have");
}

static void test_library_texts_do_not_count(void **state)
{
    (void)state;
    assert_answer(
        "function f() local ok, why = pcall(function() return '1' + 1 end)\n"
        "  return tostring(ok) .. why end",
        "falsestrategies/test.lua:1: attempt to perform arithmetic on a string value (constant '1')");
}

static void test_library_errors_say_where(void **state)
{
    (void)state;
    assert_answer(
        "function f()\n local ok, why = pcall(function()\n return ('x'):rep({}) end) return why end",
        "strategies/test.lua:3: bad argument #1 to 'rep' (number expected, got table)");
}

static void test_library_random_covers_its_range(void **state)
{
    (void)state;
    assert_answer("function f() local seen = {}\n"
                  "  for i = 1, 500 do seen[math.random(6)] = true end\n"
                  "  local ok = pcall(random, 0) return table.concat({ #seen, tostring(ok) }, ' ') end",
                  "6 false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_library_answers_as_lua_does),
        cmocka_unit_test(test_library_pairs_goes_in_order),
        cmocka_unit_test(test_library_pairs_takes_removal),
        cmocka_unit_test(test_library_sort_is_stable),
        cmocka_unit_test(test_library_sort_error_leaves_the_table),
        cmocka_unit_test(test_library_texts_have_no_addresses),
        cmocka_unit_test(test_library_limits_texts),
        cmocka_unit_test(test_library_texts_do_not_count),
        cmocka_unit_test(test_library_errors_say_where),
        cmocka_unit_test(test_library_random_covers_its_range),
    };
    return cmocka_run_group_tests_name("script/library", tests, NULL, NULL);
}

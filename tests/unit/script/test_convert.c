/* convert: what becomes of values on their way between Lua and MessagePack. */
#include <lauxlib.h>
#include <lualib.h>
#include <math.h>
#include <string.h>

#include "../cmocka_all.h"
#include "../wire/decoded.h"
#include "script/convert.h"
#include "script/memory.h"

/* Whether two values are the same, to any depth and with the type of their numbers. */
static const char same[] =
    "function same(a, b)\n"
    "  if type(a) ~= type(b) or math.type(a) ~= math.type(b) then return false end\n"
    "  if type(a) ~= 'table' then return a == b end\n"
    "  for k, v in pairs(a) do if not same(v, b[k]) then return false end end\n"
    "  for k in pairs(b) do if a[k] == nil then return false end end\n"
    "  return true\n"
    "end\n"
    "function nested(depth) local t = {} for i = 2, depth do t = { k = t } end return t end\n"
    "function list(count) local t = {} for i = 1, count do t[i] = i end return t end\n"
    "function map(count) local t = {} for i = 1, count do t['k' .. i] = i end return t end\n";

static lua_State *new_state(void)
{
    lua_State *L = luaL_newstate();
    assert_non_null(L);
    luaL_openlibs(L);
    assert_int_equal(luaL_dostring(L, same), LUA_OK);
    return L;
}

/* Pushes what the expression gives. */
static void push_expression(lua_State *L, const char *expression)
{
    char source[512];
    snprintf(source, sizeof source, "return %s", expression);
    if (luaL_dostring(L, source) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
}

static bool packs(const char *expression, struct buffer *out)
{
    lua_State *L = new_state();
    push_expression(L, expression);
    int top = lua_gettop(L);
    bool packed = convert_pack(L, -1, out);
    assert_int_equal(lua_gettop(L), top);
    lua_close(L);
    return packed;
}

static void assert_packs(const char *expression, bool expected)
{
    struct buffer out;
    buffer_create(&out);
    if (packs(expression, &out) != expected)
        fail_msg("%s", expression);
    buffer_destroy(&out);
}

static void assert_packed(const char *expression, struct text bytes)
{
    struct buffer out;
    buffer_create(&out);
    assert_true(packs(expression, &out));
    assert_int_equal(out.length, bytes.length);
    assert_memory_equal(out.bytes, bytes.bytes, bytes.length);
    buffer_destroy(&out);
}

/* What comes back is the second expression's value. */
static void assert_becomes(const char *expression, const char *expected)
{
    struct buffer out;
    lua_State *L = new_state();
    buffer_create(&out);
    lua_getglobal(L, "same");
    push_expression(L, expression);
    assert_true(convert_pack(L, -1, &out));
    lua_pop(L, 1);
    convert_push_packed(L, (struct text){out.bytes, out.length});
    push_expression(L, expected);
    lua_call(L, 2, 1);
    if (!lua_toboolean(L, -1))
        fail_msg("%s", expression);
    lua_close(L);
    buffer_destroy(&out);
}

static void assert_stays(const char *expression)
{
    assert_becomes(expression, expression);
}

static void test_convert_brings_values_back(void **state)
{
    (void)state;
    assert_stays("true");
    assert_stays("false");
    assert_stays("''");
    assert_stays("'a\\0b\\xff'");
    assert_stays("('x'):rep(70000)");
    assert_stays("{}");
    assert_stays("{ 1, 'two', { 3 }, false, { k = {} } }");
    assert_stays("{ a = { b = { c = { 'd' } } }, ['key with spaces'] = 1, [''] = 2 }");
    assert_stays("{ [('k'):rep(200)] = { 1 } }");
    assert_becomes("nil", "{}");
}

static void test_convert_keeps_numbers(void **state)
{
    (void)state;
    assert_stays("{ 0, 1, -1, 127, 128, -128, 65536, 1 << 31, -(1 << 40), 1 << 53, -(1 << 53) }");
    assert_stays("{ 0.5, -1.25, 1e300, 5e-324, 2^53 + 2, -(2^53) - 2 }");
    assert_becomes("{ 3.0, -0.0, 2^53 }", "{ 3, 0, 1 << 53 }");
    assert_becomes("(1 << 53) + 1", "1 << 53"); /* no farther than floats can count */
    assert_becomes("math.maxinteger", "2^63");
    assert_packs("0/0", false);
    assert_packs("{ 1, math.huge }", false);
    assert_packs("{ k = -math.huge }", false);
}

static void test_convert_takes_as_many_values_as_are_asked_for(void **state)
{
    (void)state;
    lua_State *L = new_state();
    struct buffer out;
    buffer_create(&out);
    push_expression(L, "(function() local l = {} for i = 1, 1500 do l[i] = i end return l end)()");
    assert_false(convert_pack(L, -1, &out));
    assert_false(convert_pack_up_to(L, -1, 1499, &out));
    assert_true(convert_pack_up_to(L, -1, 1500, &out));
    buffer_destroy(&out);
    lua_close(L);
}

static void test_convert_writes_keys_in_order(void **state)
{
    (void)state;
    assert_packed("{ b = 1, a = 2, aa = 3, [''] = 4, B = 5 }", TEXT("\x85\xa0\x04\xa1"
                                                                    "B\x05\xa1"
                                                                    "a\x02\xa2"
                                                                    "aa\x03\xa1"
                                                                    "b\x01"));
    assert_packed("nil", TEXT("\x80"));
    assert_packed("{}", TEXT("\x80"));
    assert_packed("{ {} }", TEXT("\x91\x80"));
}

static void test_convert_refuses_what_has_no_counterpart(void **state)
{
    (void)state;
    assert_packs("print", false);
    assert_packs("{ 1, print }", false);
    assert_packs("{ f = print }", false);
    assert_packs("io.stdout", false);
    assert_packs("{ [2.5] = 1 }", false);
    assert_packs("{ [true] = 1 }", false);
    assert_packs("{ a = 1, [print] = 1 }", false);
}

static void test_convert_keeps_to_its_limits(void **state)
{
    (void)state;
    assert_packs("nested(8)", true);
    assert_packs("nested(9)", false);
    assert_packs("{ {}, { {} }, nested(7) }", true);
    assert_packs("{ {}, { {} }, nested(8) }", false);
    assert_packs("list(1000)", true);
    assert_packs("list(1001)", false);
    assert_packs("map(1000)", true);
    assert_packs("map(1001)", false);
    assert_packs("{ list(499), list(499) }", true);
    assert_packs("{ list(499), list(500) }", false);
    assert_packs("{ a = map(997), b = 1, c = 2 }", true);
    assert_packs("{ a = map(998), b = 1, c = 2 }", false);
}

/* A table that holds itself has no end. */
static void test_convert_refuses_a_table_in_itself(void **state)
{
    (void)state;
    assert_packs("(function() local t = {} t.t = t return t end)()", false);
    assert_packs("(function() local t = {} t[1] = t return t end)()", false);
}

/* Pushes the decoded value and calls it v in the condition. */
static void assert_pushed(const msgpack_object *value, const char *condition)
{
    lua_State *L = new_state();
    int top = lua_gettop(L);
    convert_push(L, value);
    assert_int_equal(lua_gettop(L), top + 1);
    lua_setglobal(L, "v");
    push_expression(L, condition);
    if (!lua_toboolean(L, -1))
        fail_msg("%s", condition);
    lua_close(L);
}

static void test_convert_pushes_what_clients_send(void **state)
{
    assert_pushed(DECODED("\xc0"), "v == nil");
    assert_pushed(DECODED("\xc4\x02\x00\xff"), "v == '\\0\\xff'");
    assert_pushed(DECODED("\xd9\x01x"), "v == 'x'");
    assert_pushed(DECODED("\xd6\xff\x00\x00\x00\x03"), "v == 3 and math.type(v) == 'integer'");
    assert_pushed(DECODED("\xd6\x05\x00\x00\x00\x03"), "v == nil"); /* an ext of no known type */
    assert_pushed(DECODED("\xca\x40\x40\x00\x00"), "v == 3 and math.type(v) == 'integer'");
    assert_pushed(DECODED("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"), "v == nil"); /* not a number */
    assert_pushed(DECODED("\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00"), "v == nil"); /* infinite */
    assert_pushed(DECODED("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), "v == 2^64 and math.type(v) == 'float'");
    assert_pushed(DECODED("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"), "v == -2^63");
    assert_pushed(DECODED("\x82\x01\x02\xa1k\x03"), "v.k == 3 and v[1] == nil"); /* keys are texts */
    assert_pushed(DECODED("\x82\xa1k\x02\xa1k\x03"), "v.k == 3");                /* the last one counts */
    assert_pushed(DECODED("\x93\x01\xc0\x03"), "v[1] == 1 and v[2] == nil and v[3] == 3");
}

static void test_convert_reads_broken_bytes_as_nothing(void **state)
{
    (void)state;
    static const struct text broken[] = {TEXT(""), TEXT("\xc1"), TEXT("\x92\x01"), TEXT("\xa5xy")};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        lua_State *L = new_state();
        convert_push_packed(L, broken[i]);
        assert_int_equal(lua_type(L, -1), LUA_TTABLE);
        lua_pushnil(L);
        assert_false(lua_next(L, -2));
        lua_close(L);
    }
}

/* ---- Memory that runs out: whatever is refused, nothing is lost. ---- */

struct running_out {
    struct memory memory;
    struct buffer packed;
};

/* stack: struct running_out as light userdata, a value */
static int l_pack(lua_State *L)
{
    struct running_out *out = lua_touserdata(L, 1);
    lua_pushboolean(L, convert_pack(L, 2, &out->packed));
    return 1;
}

/* stack: struct running_out as light userdata */
static int l_push_packed(lua_State *L)
{
    struct running_out *out = lua_touserdata(L, 1);
    convert_push_packed(L, (struct text){out->packed.bytes, out->packed.length});
    return 1;
}

/* Long keys and texts are new strings whenever they are made. */
static const char many_parts[] =
    "return { [('k'):rep(60)] = { 1, 2, { ('x'):rep(90) } }, [('l'):rep(70)] = {} }";

/* How many requests for memory a call makes: each was refused once on the way. */
static unsigned long refuse_each(struct running_out *out, lua_State *L, lua_CFunction function, int value)
{
    for (unsigned long n = 1;; n++) {
        int status;
        out->memory.fail_at = 0;
        lua_gc(L, LUA_GCCOLLECT);
        lua_gc(L, LUA_GCSTOP);
        if (function == l_pack)
            out->packed.length = 0;
        lua_pushcfunction(L, function);
        lua_pushlightuserdata(L, out);
        lua_pushvalue(L, value);
        out->memory.limits.final = true;
        out->memory.failed = false;
        out->memory.fail_at = n;
        status = lua_pcall(L, 2, 1, 0);
        out->memory.fail_at = 0;
        lua_pop(L, 1);
        if (!out->memory.failed) {
            assert_int_equal(status, LUA_OK);
            return n - 1;
        }
    }
}

static void test_convert_loses_nothing_when_memory_runs_out(void **state)
{
    (void)state;
    struct running_out out;
    memory_create(&out.memory);
    buffer_create(&out.packed);
    lua_State *L = lua_newstate(memory_allocate, &out.memory);
    assert_non_null(L);
    luaL_openlibs(L);
    assert_int_equal(luaL_dostring(L, many_parts), LUA_OK);
    assert_true(refuse_each(&out, L, l_pack, 1) >= 4);
    assert_true(out.packed.length > 200);
    assert_true(refuse_each(&out, L, l_push_packed, 1) >= 6);
    lua_close(L);
    assert_int_equal(out.memory.used, 0);
    buffer_destroy(&out.packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_convert_brings_values_back),
        cmocka_unit_test(test_convert_keeps_numbers),
        cmocka_unit_test(test_convert_takes_as_many_values_as_are_asked_for),
        cmocka_unit_test(test_convert_writes_keys_in_order),
        cmocka_unit_test(test_convert_refuses_what_has_no_counterpart),
        cmocka_unit_test(test_convert_keeps_to_its_limits),
        cmocka_unit_test(test_convert_refuses_a_table_in_itself),
        cmocka_unit_test_setup_teardown(test_convert_pushes_what_clients_send, decoded_setup,
                                        decoded_teardown),
        cmocka_unit_test(test_convert_reads_broken_bytes_as_nothing),
        cmocka_unit_test(test_convert_loses_nothing_when_memory_runs_out),
    };
    return cmocka_run_group_tests_name("script/convert", tests, NULL, NULL);
}

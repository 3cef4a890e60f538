/* view: what scripts can do with a table that is not theirs, and what the host can. */
#include "fixture.h"

#include "script/strict.h"

static const char *const fields[] = {"id", "stage", "persona", "context", NULL};

static int l_customer_consents_to(lua_State *L)
{
    luaL_checkstring(L, 2);
    assert_true(view_push_target(L, 1));
    lua_getfield(L, -1, "id");
    return 1;
}

/* stack: function f. Makes a customer and calls f with it; the result stays. */
static int call_with_customer(lua_State *L)
{
    static const luaL_Reg methods[] = {{"consents_to", l_customer_consents_to}, {NULL, NULL}};
    struct fixture *fixture = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, fixture);
    lua_newtable(L);
    lua_pushliteral(L, "c1");
    lua_setfield(L, -2, "id");
    lua_newtable(L);
    lua_newtable(L);
    lua_pushinteger(L, 5);
    lua_rawseti(L, -2, 1);
    lua_setfield(L, -2, "visits");
    lua_setfield(L, -2, "context");
    strict_push(L, "a customer", methods, fields);
    lua_setmetatable(L, -2);
    view_push_deep(L, -1, "customer");
    lua_remove(L, -2);
    lua_call(L, 1, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, fixture);
    return 0;
}

static enum sandbox_outcome decide_with_customer(struct fixture *fixture, const char *source)
{
    lua_State *L = fixture->L;
    if (!fixture_load(fixture, source))
        fail_msg("%s%s", fixture->error.message, fixture->problem.message);
    lua_rawsetp(L, LUA_REGISTRYINDEX, fixture);
    sandbox_begin(L, &sandbox_limits_decision, 0, 0);
    enum sandbox_outcome outcome = sandbox_protect(L, call_with_customer, fixture, &fixture->error);
    sandbox_leave(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, fixture);
    return outcome;
}

static void assert_with_customer(const char *expression, const char *expected)
{
    struct fixture fixture;
    char source[512];
    fixture_create(&fixture);
    snprintf(source, sizeof source, "function f(c) return tostring(%s) end", expression);
    if (decide_with_customer(&fixture, source) != SANDBOX_DONE)
        fail_msg("%s: %s", expression, fixture.error.message);
    assert_string_equal(lua_tostring(fixture.L, -1), expected);
    fixture_destroy(&fixture);
}

static void assert_error_with_customer(const char *statement, const char *expected)
{
    struct fixture fixture;
    char source[512], message[600];
    fixture_create(&fixture);
    snprintf(source, sizeof source, "function f(c) %s end", statement);
    snprintf(message, sizeof message, "strategies/test.lua:1: %s", expected);
    assert_int_equal(decide_with_customer(&fixture, source), SANDBOX_FAILED);
    assert_string_equal(fixture.error.message, message);
    fixture_destroy(&fixture);
}

static void test_view_reads_like_a_table(void **state)
{
    (void)state;
    assert_with_customer("c.id", "c1");
    assert_with_customer("c.stage", "nil");
    assert_with_customer("c.context.visits[1]", "5");
    assert_with_customer("c.context.visits[2]", "nil");
    assert_with_customer("c.context.unknown", "nil");
    assert_with_customer("#c.context.visits", "1");
    assert_with_customer("type(c)", "table");
    assert_with_customer("c", "table");
    assert_with_customer("string.format('%s|%5s', c, 'x')", "table|    x");
    assert_with_customer("c == c and c.context == c.context and c ~= c.context", "true");
    assert_with_customer("c:consents_to('marketing')", "c1");
    assert_with_customer("table.unpack(c.context.visits)", "5");
    assert_with_customer("table.concat(c.context.visits, ',')", "5");
    assert_with_customer("select('#', c, c)", "2");
}

static void test_view_goes_through_pairs(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_int_equal(decide_with_customer(&fixture,
                                          "function f(c) local out = ''\n"
                                          " for k in pairs(c) do out = out .. k .. ' ' end\n"
                                          " for i, v in ipairs(c.context.visits) do out = out .. i .. v end\n"
                                          " return out end"),
                     SANDBOX_DONE);
    assert_string_equal(lua_tostring(fixture.L, -1), "context id 15");
    fixture_destroy(&fixture);
}

static void test_view_answers_slips(void **state)
{
    (void)state;
    assert_error_with_customer("return c.contxt", "a customer has no 'contxt'; did you mean 'context'?");
    assert_error_with_customer("return c:consent_to('x')",
                               "a customer has no 'consent_to'; did you mean 'consents_to'?");
    assert_error_with_customer("return c.colour", "a customer has no 'colour'");
    assert_error_with_customer("return c[1]", "a customer has named fields only");
    assert_error_with_customer("return c.stage.name", "attempt to index a nil value (field 'stage')");
}

static void test_view_refuses_changes(void **state)
{
    (void)state;
    assert_error_with_customer("c.id = 2", "can't change 'id': this table is read-only");
    assert_error_with_customer("c.new = 2", "can't change 'new': this table is read-only");
    assert_error_with_customer("c.context.visits[1] = 2", "can't change this table: it is read-only");
    assert_error_with_customer("table.insert(c.context.visits, 2)",
                               "bad argument #1 to 'insert' (this table is read-only)");
    assert_error_with_customer("table.remove(c.context.visits)",
                               "bad argument #1 to 'remove' (this table is read-only)");
    assert_error_with_customer("table.sort(c.context.visits)",
                               "bad argument #1 to 'sort' (this table is read-only)");
}

static void test_view_is_called_by_its_name(void **state)
{
    (void)state;
    assert_error_with_customer("return c .. 'x'", "attempt to concatenate a customer value (local 'c')");
    assert_error_with_customer("return c + 1",
                               "attempt to perform arithmetic on a customer value (local 'c')");
    assert_error_with_customer("return c < c", "attempt to compare two customer values");
    assert_error_with_customer("return c()", "attempt to call a customer value (local 'c')");
    assert_error_with_customer("return c.context < 1", "attempt to compare table with number");
    assert_error_with_customer("return table.concat({ c })",
                               "item 1 is a table: only texts and numbers can be put together");
    assert_error_with_customer("for i = c, 2 do end",
                               "bad 'for' initial value (number expected, got customer)");
    assert_error_with_customer("return ('x'):rep(c)",
                               "bad argument #1 to 'rep' (number expected, got customer)");
}

static void test_view_is_no_other_value(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    lua_newtable(L);
    lua_pushlightuserdata(L, &fixture);
    *(void **)lua_newuserdatauv(L, sizeof(void *), 0) = NULL;
    for (int i = 0; i <= 3; i++) {
        assert_false(view_is(L, i + 1));
        assert_false(view_push_target(L, i + 1));
    }
    assert_int_equal(lua_gettop(L), 3);
    fixture_destroy(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_reads_like_a_table),    cmocka_unit_test(test_view_goes_through_pairs),
        cmocka_unit_test(test_view_answers_slips),         cmocka_unit_test(test_view_refuses_changes),
        cmocka_unit_test(test_view_is_called_by_its_name), cmocka_unit_test(test_view_is_no_other_value),
    };
    return cmocka_run_group_tests_name("script/view", tests, NULL, NULL);
}

/* plain: what counts as data. */
#include "fixture.h"

#include "script/plain.h"

/* Runs an expression as trusted code and checks its value. */
static void assert_plain(const char *expression, const char *expected)
{
    struct fixture fixture;
    char source[256];
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    snprintf(source, sizeof source,
             "local many, deep, cycle = {}, 1, {} cycle.cycle = cycle\n"
             "for i = 1, 999 do many[i] = i end\nfor i = 1, 8 do deep = { deep } end\n"
             "return %s",
             expression);
    assert_int_equal(luaL_loadstring(L, source), LUA_OK);
    assert_int_equal(sandbox_call(L, 0, 1, &fixture.error), SANDBOX_DONE);
    bool fine = plain_check(L, -1, &fixture.error);
    assert_int_equal(lua_gettop(L), 1);
    assert_int_equal(fine, expected == NULL);
    if (expected != NULL)
        assert_string_equal(fixture.error.message, expected);
    fixture_destroy(&fixture);
}

static void test_plain_takes_data(void **state)
{
    (void)state;
    assert_plain("nil", NULL);
    assert_plain("'text'", NULL);
    assert_plain("{ 1, 2.5, 'x', true, inner = { list = {} } }", NULL);
    assert_plain("many", NULL);
    assert_plain("deep", NULL);
}

static void test_plain_refuses_the_rest(void **state)
{
    (void)state;
    assert_plain("print", "a function, which is not data");
    assert_plain("{ { print } }", "a function, which is not data");
    assert_plain("{ [{}] = 1 }", "a key that is neither a text nor a number");
    assert_plain("{ many, 1 }", "more than 1000 values");
    assert_plain("{ deep }", "tables more than 8 deep inside of each other");
    assert_plain("cycle", "tables more than 8 deep inside of each other");
}

static void test_plain_looks_through_views(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    lua_newtable(L);
    view_push(L, -1, NULL);
    assert_true(plain_check(L, -1, &fixture.error));
    lua_pushcfunction(L, fixture_open);
    lua_setfield(L, 1, "f");
    assert_false(plain_check(L, -1, &fixture.error));
    assert_int_equal(lua_gettop(L), 2);
    fixture_destroy(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_takes_data),
        cmocka_unit_test(test_plain_refuses_the_rest),
        cmocka_unit_test(test_plain_looks_through_views),
    };
    return cmocka_run_group_tests_name("script/plain", tests, NULL, NULL);
}

/* environment: what files see as globals, what is refused when they load, and the list of all that is
 * reachable. */
#include "fixture.h"
#include "script/customer_view.h"
#include "script/offer_view.h"
#include "served_builder.h"

#include <stdlib.h>

static void assert_load_error(const char *source, const char *expected)
{
    struct fixture fixture;
    fixture_create(&fixture);
    assert_int_equal(fixture_run_file(&fixture, "strategies/test.lua", source), SANDBOX_FAILED);
    assert_string_equal(fixture.error.message, expected);
    fixture_destroy(&fixture);
}

static void assert_decision_error(const char *source, const char *expected)
{
    struct fixture fixture;
    fixture_create(&fixture);
    assert_true(fixture_load(&fixture, source));
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_FAILED);
    assert_string_equal(fixture.error.message, expected);
    fixture_destroy(&fixture);
}

static void test_environment_names_the_nearest(void **state)
{
    (void)state;
    assert_load_error("local x = 1\nkeeep(1)",
                      "strategies/test.lua:2: unknown name 'keeep'; did you mean 'keep'?");
    assert_load_error("weight = 2\nlocal x = wieght",
                      "strategies/test.lua:2: unknown name 'wieght'; did you mean "
                      "'weight'?");
    assert_load_error("os.exit()", "strategies/test.lua:1: unknown name 'os'");
}

/* Loading refuses unknown names, but for these, which code does not show to be names. */
static void test_environment_answers_long_names_in_a_decision(void **state)
{
    (void)state;
    assert_decision_error(
        "a_name_of_more_letters_than_forty_that_is_there = 1\nfunction f()\n"
        " return a_name_of_more_letters_than_forty_that_is_her end",
        "strategies/test.lua:3: unknown name 'a_name_of_more_letters_than_forty_that_is_her'; "
        "did you mean 'a_name_of_more_letters_than_forty_that_is_there'?");
}

static void test_environment_keeps_the_words_of_the_language(void **state)
{
    (void)state;
    assert_load_error("keep = 1",
                      "strategies/test.lua:1: 'keep' is a word of the language and can't be given another "
                      "meaning");
    assert_load_error("math = 1",
                      "strategies/test.lua:1: 'math' is a word of the language and can't be given another "
                      "meaning");
    assert_load_error(
        "now = 1",
        "strategies/test.lua:1: 'now' is a word of the language and can't be given another meaning");
}

static void test_environment_closes_after_loading(void **state)
{
    (void)state;
    assert_decision_error("function f()\n keep(1) end",
                          "strategies/test.lua:2: 'keep' works only while the site loads, not in a decision");
}

static void test_environment_belongs_to_one_file(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_int_equal(fixture_run_file(&fixture, "a.lua", "mine = 1"), SANDBOX_DONE);
    assert_int_equal(fixture_run_file(&fixture, "b.lua", "return mine"), SANDBOX_FAILED);
    assert_string_equal(fixture.error.message, "b.lua:1: unknown name 'mine'");
    fixture_destroy(&fixture);
}

static void share(struct fixture *fixture, const char *source)
{
    assert_int_equal(fixture_run_file(fixture, "x.lua", source), SANDBOX_DONE);
    environment_share(fixture->L, -1);
    lua_pop(fixture->L, 1);
}

static void test_environment_shares_the_names_of_a_file(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    share(&fixture, "local own = 2\nlocal function twice(n) return own * n end\n"
                    "function four_times(n) return twice(twice(n)) end\nLIST = { 7 }");
    assert_string_equal(
        fixture_answer(&fixture, "local LIST = LIST\nfunction f(n) return four_times(n) + LIST[1] end"),
        "11.0");
    fixture_destroy(&fixture);
    fixture_create(&fixture);
    share(&fixture, "LIST = {}");
    assert_int_equal(fixture_run_file(&fixture, "y.lua", "LIST = 5"), SANDBOX_FAILED);
    assert_string_equal(
        fixture.error.message,
        "y.lua:1: 'LIST' is declared in shared.lua; write `local` before it, or take another name");
    fixture_destroy(&fixture);
}

static void test_environment_shares_no_way_to_remember(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    share(&fixture, "SEEN = {}\nfunction note(n) SEEN[1] = n end");
    assert_true(fixture_load(&fixture, "function f() note(1) end"));
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_FAILED);
    assert_non_null(strstr(fixture.error.message, "x.lua:2: "));
    fixture_destroy(&fixture);
    fixture_create(&fixture);
    share(&fixture, "local n = 0\nfunction count() n = n + 1 return n end");
    assert_false(fixture_load(&fixture, "function f() return count() end"));
    assert_string_equal(fixture.problem.file, "x.lua");
    assert_int_equal(fixture.problem.line, 2);
    fixture_destroy(&fixture);
}

static void test_environment_refuses_what_no_sandbox_takes(void **state)
{
    (void)state;
    assert_load_error("local x = 1\n-- _ENV", "strategies/test.lua:2: '_ENV' can't be used");
    assert_load_error("local MY_ENV, _ENVY = 1\n local x <close> = nil",
                      "strategies/test.lua:2: '<close>' can't be used");
    assert_load_error("x = = 1", "strategies/test.lua:1: unexpected symbol near '='");
    assert_load_error("\x1bLua", "attempt to load a binary chunk (mode is 't')");
}

static void test_environment_refuses_long_files(void **state)
{
    (void)state;
    struct fixture fixture;
    struct error error;
    char *source = malloc(ENVIRONMENT_SOURCE_MAX + 1);
    memset(source, ' ', ENVIRONMENT_SOURCE_MAX + 1);
    fixture_create(&fixture);
    lua_newtable(fixture.L);
    environment_push(fixture.L, -1);
    assert_true(environment_load(fixture.L, (struct text){source, ENVIRONMENT_SOURCE_MAX}, "a.lua", -1, NULL,
                                 &error));
    assert_false(environment_load(fixture.L, (struct text){source, ENVIRONMENT_SOURCE_MAX + 1}, "a.lua", -2,
                                  NULL, &error));
    assert_string_equal(error.message, "a.lua: longer than 65536 bytes; split it into several files");
    fixture_destroy(&fixture);
    free(source);
}

/* The walk over all that scripts can reach. */
struct reach {
    char lines[400][128]; /* "math.floor function", sorted at the end */
    size_t count;         /* of them */
};

static void reach_add(struct reach *reach, const char *path, const char *what)
{
    assert_true(reach->count < sizeof reach->lines / sizeof reach->lines[0]);
    snprintf(reach->lines[reach->count++], sizeof reach->lines[0], "%.90s %s", path, what);
}

static void reach_walk(struct reach *reach, lua_State *L, const char *path);

/* The key second from the top, which lua_tolstring must not convert while it is needed. */
static const char *key_name(lua_State *L)
{
    static char number[32];
    if (lua_type(L, -2) == LUA_TSTRING)
        return lua_tostring(L, -2);
    assert_true(lua_isinteger(L, -2));
    snprintf(number, sizeof number, "%lld", (long long)lua_tointeger(L, -2));
    return number;
}

/* stack: value (top). What a metatable lets scripts reach: what __index leads to, and which functions run. */
static void reach_metatable(struct reach *reach, lua_State *L, const char *path)
{
    char inner[128];
    if (!lua_getmetatable(L, -1))
        return;
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        snprintf(inner, sizeof inner, "%.60s<%s>", path, key_name(L));
        reach_walk(reach, L, inner);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* stack: function (top). None of Lua's own functions may be among them. */
static void reach_function(struct reach *reach, lua_State *L, const char *path)
{
    char inner[128];
    lua_pushvalue(L, -1);
    if (lua_rawget(L, 1) != LUA_TNIL)
        fail_msg("%s is a function of Lua's own library", path);
    lua_pop(L, 1);
    reach_add(reach, path, lua_iscfunction(L, -1) ? "function" : "function in Lua");
    for (int i = 1; lua_getupvalue(L, -1, i) != NULL; i++) {
        snprintf(inner, sizeof inner, "%.60s(%d)", path, i);
        reach_walk(reach, L, inner);
        lua_pop(L, 1);
    }
}

/* stack: table (top) */
static void reach_table(struct reach *reach, lua_State *L, const char *path)
{
    char inner[128];
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        snprintf(inner, sizeof inner, "%.60s.%s", path, key_name(L));
        reach_walk(reach, L, inner);
        lua_pop(L, 1);
    }
    reach_metatable(reach, L, path);
}

/* stack: seen tables (1), …, value (top) */
static void reach_walk(struct reach *reach, lua_State *L, const char *path)
{
    int type = lua_type(L, -1);
    luaL_checkstack(L, 20, NULL);
    if (type == LUA_TFUNCTION) {
        reach_function(reach, L, path);
        return;
    }
    if (type != LUA_TTABLE && type != LUA_TUSERDATA) {
        reach_add(reach, path, luaL_typename(L, -1));
        return;
    }
    lua_pushvalue(L, -1);
    bool known = lua_rawget(L, 1) != LUA_TNIL;
    lua_pop(L, 1);
    reach_add(reach, path, known ? "as above" : view_is(L, -1) ? "view" : luaL_typename(L, -1));
    if (known)
        return;
    lua_pushvalue(L, -1);
    lua_pushboolean(L, 1);
    lua_rawset(L, 1);
    if (type == LUA_TTABLE)
        reach_table(reach, L, path);
    else
        reach_metatable(reach, L, path);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* stack: seen (1). Notes the functions of Lua's own library. */
static void reach_note_trusted(lua_State *L)
{
    static const char note[] =
        "local seen = ... for _, library in pairs(debug.getregistry()._LOADED) do\n"
        "  for _, f in pairs(library) do if type(f) == 'function' then seen[f] = 'own' end end\n"
        "end";
    if (luaL_loadstring(L, note) != LUA_OK)
        lua_error(L);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 0);
    lua_getglobal(L, "pcall");
    assert_int_equal(lua_rawget(L, 1), LUA_TSTRING);
    lua_pop(L, 1);
}

static int reach_collect(lua_State *L)
{
    struct reach *reach = lua_touserdata(L, 1);
    lua_newtable(L);
    lua_replace(L, 1);
    reach_note_trusted(L);
    assert_string_equal(lua_getupvalue(L, 2, 1), "_ENV");
    reach_walk(reach, L, "_ENV");
    lua_pushliteral(L, "");
    reach_metatable(reach, L, "''");
    for (int type = LUA_TNIL; type <= LUA_TTHREAD; type++) {
        static const char *const names[] = {"nil", "boolean", NULL, "number", NULL, NULL, "function"};
        bool shared = type < 7 && names[type] != NULL; /* light userdata and threads never reach scripts */
        if (!shared)
            continue;
        lua_settop(L, 2);
        if (type == LUA_TNIL)
            lua_pushnil(L);
        else if (type == LUA_TBOOLEAN)
            lua_pushboolean(L, 1);
        else if (type == LUA_TNUMBER)
            lua_pushinteger(L, 1);
        else
            lua_pushcfunction(L, reach_collect);
        reach_metatable(reach, L, names[type]);
    }
    qsort(reach->lines, reach->count, sizeof reach->lines[0], compare_lines);
    return 0;
}

/* Compares with the list in the tree; writes what is reachable beside the test program for whoever updates
 * it. */
static void assert_listed(const struct reach *reach, const char *name)
{
    char path[1024], line[160];
    snprintf(path, sizeof path, "%s/unit/script/%s", SENDA_TESTS_DIRECTORY, name);
    FILE *list = fopen(path, "r");
    FILE *found = fopen(name, "w");
    assert_non_null(found);
    for (size_t i = 0; i < reach->count; i++)
        fprintf(found, "%s\n", reach->lines[i]);
    fclose(found);
    assert_non_null(list);
    for (size_t i = 0; i < reach->count; i++) {
        assert_non_null(fgets(line, sizeof line, list));
        line[strcspn(line, "\n")] = '\0';
        assert_string_equal(reach->lines[i], line);
    }
    assert_null(fgets(line, sizeof line, list));
    fclose(list);
}

static void test_environment_reaches_what_is_listed(void **state)
{
    (void)state;
    struct fixture fixture;
    static struct reach reach;
    fixture_create(&fixture);
    assert_true(fixture_load(&fixture, "helper = { 1 }\nfunction f() return helper end"));
    lua_State *L = fixture.L;
    lua_pushcfunction(L, reach_collect);
    lua_pushlightuserdata(L, &reach);
    lua_pushvalue(L, 1);
    if (sandbox_call(L, 2, 0, &fixture.error) != SANDBOX_DONE)
        fail_msg("%s", fixture.error.message);
    assert_listed(&reach, "reachable.txt");
    fixture_destroy(&fixture);
}

struct arguments {
    struct reach reach;              /* what is found */
    const struct snapshot *snapshot; /* borrowed */
    struct customer_view customer;
    struct offer_views offers;
};

/* What functions are called with: the customer, by the name that all four give it, and an offer. */
static int reach_collect_arguments(lua_State *L)
{
    struct arguments *arguments = lua_touserdata(L, 1);
    lua_newtable(L);
    lua_replace(L, 1);
    reach_note_trusted(L);
    customer_view_create(L, &arguments->customer, arguments->snapshot);
    offer_views_create(L, &arguments->offers, arguments->snapshot);
    lua_rawgeti(L, LUA_REGISTRYINDEX, arguments->customer.view);
    reach_walk(&arguments->reach, L, "c");
    lua_rawgeti(L, LUA_REGISTRYINDEX, arguments->offers.views);
    offer_views_push(L, &arguments->offers, lua_gettop(L), 0);
    reach_walk(&arguments->reach, L, "o");
    qsort(arguments->reach.lines, arguments->reach.count, sizeof arguments->reach.lines[0], compare_lines);
    return 0;
}

static void test_environment_gives_what_is_listed(void **state)
{
    (void)state;
    struct fixture fixture;
    struct served served;
    static struct arguments arguments;
    served_begin_strategy(&served, "strategy 's' { stage = 'first' }");
    arguments.snapshot = engine_snapshot(served.engine);
    fixture_create(&fixture);
    if (sandbox_protect(fixture.L, reach_collect_arguments, &arguments, &fixture.error) != SANDBOX_DONE)
        fail_msg("%s", fixture.error.message);
    assert_listed(&arguments.reach, "reachable_arguments.txt");
    fixture_destroy(&fixture);
    served_end(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_environment_names_the_nearest),
        cmocka_unit_test(test_environment_answers_long_names_in_a_decision),
        cmocka_unit_test(test_environment_keeps_the_words_of_the_language),
        cmocka_unit_test(test_environment_closes_after_loading),
        cmocka_unit_test(test_environment_belongs_to_one_file),
        cmocka_unit_test(test_environment_shares_the_names_of_a_file),
        cmocka_unit_test(test_environment_shares_no_way_to_remember),
        cmocka_unit_test(test_environment_refuses_what_no_sandbox_takes),
        cmocka_unit_test(test_environment_refuses_long_files),
        cmocka_unit_test(test_environment_reaches_what_is_listed),
        cmocka_unit_test(test_environment_gives_what_is_listed),
    };
    return cmocka_run_group_tests_name("script/environment", tests, NULL, NULL);
}

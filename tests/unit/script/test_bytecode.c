/* bytecode: what the code of a function tells. */
#include "fixture.h"

#include "script/bytecode.h"

/* Compiles the source, takes the function that it returns and inspects that. */
static bool inspect(struct fixture *fixture, const char *source, struct bytecode_report *report)
{
    fixture_create(fixture);
    lua_State *L = fixture->L;
    assert_int_equal(luaL_loadstring(L, source), LUA_OK);
    assert_int_equal(sandbox_call(L, 0, 1, &fixture->error), SANDBOX_DONE);
    bool done = bytecode_inspect(L, -1, report);
    assert_int_equal(lua_gettop(L), 1);
    return done;
}

static void assert_change(const char *source, int line, const char *name)
{
    struct fixture fixture;
    struct bytecode_report report = {0};
    assert_true(inspect(&fixture, source, &report));
    assert_int_equal(report.change_line, line);
    assert_string_equal(report.change, name);
    fixture_destroy(&fixture);
}

static void test_bytecode_finds_the_first_change(void **state)
{
    (void)state;
    assert_change("local n, m return function()\n\n m = 1 n = 1 end", 3, "m");
    assert_change("local n, m return function()\n local function g() n = 1 end\n m = 1 end", 2, "n");
    assert_change("return function()\n x = 1 end", 2, "x");
    assert_change("local t return function()\n t.x = 1 end", 2, "t.x");
    assert_change("local t return function() return t.x, x end", 0, "");
    assert_change("local t return function() local u = t u.x = 1 local function g() u = 1 end return g end",
                  0, "");
}

static bool may_repeat(const char *source)
{
    struct fixture fixture;
    struct bytecode_report report = {0};
    assert_true(inspect(&fixture, source, &report));
    fixture_destroy(&fixture);
    return report.may_repeat;
}

/* Never missed, and not suspected in plain declarations. */
static void test_bytecode_suspects_fields_given_twice(void **state)
{
    (void)state;
    assert_true(may_repeat("return function() f { a = 1, b = 2, a = 3 } end"));
    assert_true(may_repeat("return function() f { b = { x = 1, ['x'] = 2 }, a = 1 } end"));
    assert_true(may_repeat("return function() f { a = function() end } end"));
    assert_false(may_repeat("return function() f { a = 1, b = { a = 1, b = 2 } } f { a = 1, b = 2 } end"));
    char source[16384] = "return function() f { ";
    for (int i = 0; i < 400; i++)
        snprintf(source + strlen(source), 32, "'t%d', ", i);
    size_t length = strlen(source);
    strcat(source, "late = 1, later = 2 } end");
    assert_false(may_repeat(source));
    strcpy(source + length, "late = 1, late = 2 } end");
    assert_true(may_repeat(source));
}

static void test_bytecode_finds_closing_and_long_functions(void **state)
{
    (void)state;
    struct fixture fixture;
    struct bytecode_report report = {0};
    assert_true(inspect(&fixture, "return function()\n local x <close> = nil end", &report));
    assert_int_equal(report.close_line, 2);
    assert_int_equal(report.naming_line, 0);
    fixture_destroy(&fixture);
    assert_true(inspect(&fixture,
                        "return assert(load('local x = ...\\nreturn function() return x' .. ('.a'):rep(1100) "
                        ".. ' end'))()",
                        &report));
    assert_int_equal(report.naming_line, 2);
    fixture_destroy(&fixture);
}

static void count_texts(void *context, struct text text)
{
    static const struct text expected[] = {TEXT("x"), TEXT("y"), TEXT("z")};
    size_t *count = context;
    assert_true(*count < 3 && text_equal(text, expected[*count]));
    ++*count;
}

static void test_bytecode_tells_constants(void **state)
{
    (void)state;
    struct fixture fixture;
    size_t count = 0;
    struct bytecode_report report = {.constant = count_texts, .context = &count};
    assert_true(inspect(
        &fixture, "return function() local a, b = 1e300, 1 << 40\n return x, function() return y.z end end",
        &report));
    assert_int_equal(count, 3);
    fixture_destroy(&fixture);
}

static bool knows_x(void *context, struct text global)
{
    (void)context;
    return text_equal(global, TEXT("x"));
}

static void test_bytecode_names_the_first_global_that_is_unknown(void **state)
{
    (void)state;
    struct fixture fixture;
    struct bytecode_report report = {.knows = knows_x};
    assert_true(inspect(&fixture,
                        "local y = 1\nreturn function()\n local z = x + y\n return z.v, function()\n"
                        " return w end, u end",
                        &report));
    assert_int_equal(report.unknown_line, 5);
    assert_string_equal(report.unknown, "w");
    fixture_destroy(&fixture);
}

static void test_bytecode_reads_stripped_functions(void **state)
{
    (void)state;
    struct fixture fixture;
    struct bytecode_report report = {0};
    assert_true(inspect(&fixture, "local n return load(string.dump(function() n = 1 end, true))", &report));
    assert_int_not_equal(report.change_line, 0);
    assert_string_equal(report.change, "?");
    fixture_destroy(&fixture);
}

static void test_bytecode_refuses_what_is_no_lua_function(void **state)
{
    (void)state;
    struct fixture fixture;
    struct bytecode_report report = {0};
    assert_false(inspect(&fixture, "return print", &report));
    fixture_destroy(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytecode_finds_the_first_change),
        cmocka_unit_test(test_bytecode_finds_closing_and_long_functions),
        cmocka_unit_test(test_bytecode_suspects_fields_given_twice),
        cmocka_unit_test(test_bytecode_tells_constants),
        cmocka_unit_test(test_bytecode_names_the_first_global_that_is_unknown),
        cmocka_unit_test(test_bytecode_reads_stripped_functions),
        cmocka_unit_test(test_bytecode_refuses_what_is_no_lua_function),
    };
    return cmocka_run_group_tests_name("script/bytecode", tests, NULL, NULL);
}

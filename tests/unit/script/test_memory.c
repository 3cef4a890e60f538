/* memory: counting, alarms and refusals, and every allocation of a script failing once. */
#include "fixture.h"

#include <stdint.h>
#include <stdlib.h>

static void test_memory_counts(void **state)
{
    (void)state;
    struct memory memory;
    memory_create(&memory);
    void *block = memory_allocate(&memory, NULL, LUA_TTABLE, 100);
    assert_int_equal(memory.used, 100);
    block = memory_allocate(&memory, block, 100, 300);
    assert_int_equal(memory.used, 300);
    block = memory_allocate(&memory, block, 300, 50);
    assert_int_equal(memory.used, 50);
    assert_int_equal(memory.peak, 300);
    assert_null(memory_allocate(&memory, block, 50, 0));
    assert_int_equal(memory.used, 0);
    memory_destroy(&memory);
}

/* Every way between small and large blocks keeps what is in them. */
static void test_memory_keeps_what_it_moves(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 16, 17, 500, 512, 513, 4000, 512, 600, 3, 100000, 511, 1};
    struct memory memory;
    memory_create(&memory);
    char *block = memory_allocate(&memory, NULL, 0, 1);
    *block = 'a';
    for (size_t i = 1; i < sizeof sizes / sizeof sizes[0]; i++) {
        block = memory_allocate(&memory, block, sizes[i - 1], sizes[i]);
        size_t kept = sizes[i - 1] < sizes[i] ? sizes[i - 1] : sizes[i];
        for (size_t at = 0; at < kept; at++)
            assert_int_equal(block[at], (char)('a' + at % 26));
        for (size_t at = 0; at < sizes[i]; at++)
            block[at] = (char)('a' + at % 26);
    }
    memory_allocate(&memory, block, 1, 0);
    memory_destroy(&memory);
}

static void count_failure(void *context)
{
    ++*(int *)context;
}

static void test_memory_alarms_before_it_refuses(void **state)
{
    (void)state;
    struct memory memory;
    int failures = 0;
    memory_create(&memory);
    memory.on_failure = count_failure;
    memory.context = &failures;
    memory.limits = (struct memory_limits){1000, 500, 400, 200, SIZE_MAX, true};
    void *a = memory_allocate(&memory, NULL, 0, 200);
    assert_false(memory.failed);
    void *b = memory_allocate(&memory, NULL, 0, 201); /* a large block */
    assert_true(memory.failed);
    assert_int_equal(failures, 1);
    memory.failed = false;
    assert_null(memory_allocate(&memory, NULL, 0, 401));
    assert_true(memory.failed);
    memory.failed = false;
    void *c = memory_allocate(&memory, NULL, 0, 150); /* above 500 in all */
    assert_true(memory.failed);
    assert_null(memory_allocate(&memory, c, 150, 400 - 1 + 401));
    assert_int_equal(memory.used, 551);
    c = memory_allocate(&memory, c, 150, 100); /* shrinking is never refused */
    assert_non_null(c);
    memory_allocate(&memory, a, 200, 0);
    memory_allocate(&memory, b, 201, 0);
    memory_allocate(&memory, c, 100, 0);
    memory_destroy(&memory);
}

static void test_memory_refuses_for_now(void **state)
{
    (void)state;
    struct memory memory;
    memory_create(&memory);
    memory.limits = (struct memory_limits){100, 100, 100, 100, SIZE_MAX, false};
    assert_null(memory_allocate(&memory, NULL, 0, 101));
    assert_false(memory.failed);
}

static void test_memory_lets_the_string_table_grow(void **state)
{
    (void)state;
    struct memory memory;
    memory_create(&memory);
    void *other = memory_allocate_first(&memory, NULL, LUA_TTABLE, 128 * sizeof(void *));
    assert_null(memory.string_table);
    void *table = memory_allocate_first(&memory, NULL, 0, 128 * sizeof(void *));
    assert_ptr_equal(memory.string_table, table);
    memory.limits = (struct memory_limits){100000, 100000, 2000, 2000, SIZE_MAX, true};
    table = memory_allocate(&memory, table, 128 * sizeof(void *), 256 * sizeof(void *));
    assert_non_null(table);
    assert_ptr_equal(memory.string_table, table);
    assert_null(memory_allocate(&memory, other, 128 * sizeof(void *), 256 * sizeof(void *)));
    memory_allocate(&memory, table, 256 * sizeof(void *), 0);
    memory_allocate(&memory, other, 128 * sizeof(void *), 0);
    memory_destroy(&memory);
}

/* How many names one table got in a decision before memory ran out. */
static lua_Integer count_names(const char *key)
{
    struct fixture fixture;
    char source[200];
    snprintf(source, sizeof source,
             "function f(x) local t, n = {}, 0 pcall(function() for i = 1, 1e5 do t[%s] = i n = i\n"
             "  if i == x then return end end end) return n end",
             key);
    fixture_create(&fixture);
    assert_true(fixture_load(&fixture, source));
    lua_Integer least = 1, most = 100000;
    while (least < most) { /* as many as end well, by halves */
        lua_Integer middle = (least + most + 1) / 2;
        if (fixture_decide(&fixture, (double)middle) == SANDBOX_DONE) {
            least = middle;
            lua_pop(fixture.L, 1);
        } else {
            most = middle - 1;
        }
        while (sandbox_collect(fixture.sandbox))
            ;
    }
    fixture_destroy(&fixture);
    return least;
}

/* The limit knows how large Lua's nodes are: another Lua would have another number here. */
static void test_memory_bounds_the_names_of_a_table(void **state)
{
    (void)state;
    assert_int_equal(count_names("'k' .. i"), sandbox_limits_decision.names);
    assert_int_equal(count_names("i * 16383"), sandbox_limits_decision.names);
    assert_int_equal(count_names("0.5 + i * 2.0^-50"), sandbox_limits_decision.names);
    assert_true(count_names("i") > 8000); /* a list */
}

/* While loading, the library's own tables may grow as large as the site is. */
static void test_memory_bounds_the_names_of_authors_only(void **state)
{
    (void)state;
    static const char own[] = "local t = {} for i = 1, 4096 do t[i * 16383] = i end\nt[1.5] = 1";
    static const char librarys[] = "for i = 1, 5000 do keep(i * 16383) end";
    static const char keep[] = "local kept = {} constructors.keep = function(v) kept[v] = v end";
    struct fixture fixture;
    fixture_create(&fixture);
    assert_int_equal(fixture_run_file(&fixture, "own.lua", own), SANDBOX_EXHAUSTED);
    assert_non_null(strstr(fixture.error.message, "4096 names in one table"));
    assert_int_equal(luaL_loadbufferx(fixture.L, keep, sizeof keep - 1, "=trusted", "t"), LUA_OK);
    assert_int_equal(sandbox_call(fixture.L, 0, 0, &fixture.error), SANDBOX_DONE);
    assert_int_equal(fixture_run_file(&fixture, "librarys.lua", librarys), SANDBOX_DONE);
    fixture_destroy(&fixture);
}

#ifdef SENDA_TESTING
/* Uses what scripts use, so that every allocation in it is met by the injected failure once. */
static const char everything[] =
    "local words = { 'a', 'b', deep = { 1, 2 } }\n"
    "function f(x)\n"
    "  local t = {}\n"
    "  for k, v in pairs(words.deep) do t[#t + 1] = k .. v end\n"
    "  for w in ('one two'):gmatch('%a+') do table.insert(t, 1, w:upper()) end\n"
    "  table.sort(t, function(a, b) return a > b end)\n"
    "  local s = ('%s-%d-%5.2f'):format(words, 12, 0.5) .. table.concat(t, ',')\n"
    "  local ok, why = pcall(error, { s })\n"
    "  s = s:gsub('[a-z]', { o = '0' }):rep(3, '+') .. tostring(ok) .. type(why)\n"
    "  local ok2, why2 = pcall(function() return keep(1) end)\n"
    "  return s .. #table.pack(s:byte(1, 20)) .. why2 .. utf8.char(8364)\n"
    "end";

/* Fails the n-th allocation of loading; true once there is no n-th. */
static bool load_with_failure(unsigned long n)
{
    struct fixture fixture;
    fixture_create(&fixture);
    fixture.sandbox->memory.fail_at = n;
    lua_State *L = fixture.L;
    lua_pushcfunction(L,
                      fixture_open); /* pushing what does not allocate keeps the fault inside of protection */
    bool opened = sandbox_call(L, 0, 0, &fixture.error) == SANDBOX_DONE;
    bool done = fixture.sandbox->memory.fail_at > 0;
    fixture.sandbox->memory.fail_at = 0;
    assert_true(fixture_load(&fixture, everything));
    assert_int_equal(fixture_decide(&fixture, 1), SANDBOX_DONE);
    fixture_destroy(&fixture);
    assert_true(opened || !done);
    return done;
}

static void test_memory_failures_while_loading_are_survived(void **state)
{
    (void)state;
    unsigned long n = 1;
    while (!load_with_failure(n))
        n++;
    assert_true(n > 5);
}

static void test_memory_failures_in_a_decision_end_it(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    char *expected = strdup(fixture_answer(&fixture, everything));
    unsigned long n = 0;
    enum sandbox_outcome outcome = SANDBOX_EXHAUSTED;
    while (outcome != SANDBOX_DONE) {
        lua_settop(L, 1);
        fixture.sandbox->memory.fail_at = ++n;
        outcome = fixture_decide(&fixture, 1);
        assert_true(outcome == SANDBOX_DONE || outcome == SANDBOX_EXHAUSTED);
        bool reached = fixture.sandbox->memory.fail_at == 0;
        assert_true(reached || outcome == SANDBOX_DONE);
        fixture.sandbox->memory.fail_at = 0;
    }
    assert_string_equal(lua_tostring(L, -1), expected);
    assert_true(n > 30);
    free(expected);
    fixture_destroy(&fixture);
}

/* stack: environment's `f` (1). What a site's load does with it, in one protected call. */
static int l_freeze(lua_State *L)
{
    struct fixture *fixture = lua_touserdata(L, 1);
    lua_pushvalue(L, 2);
    lua_pushboolean(L, freeze_check(L, -1, &fixture->problem) && freeze_function(L, 2, &fixture->problem));
    return 1;
}

/* Freezing, sealing, deciding and collecting; the n-th allocation fails, and those behind it if so wished. */
static bool life_with_failure(unsigned long n, bool onwards)
{
    struct fixture fixture;
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    assert_int_equal(fixture_run_file(&fixture, "a.lua", everything), SANDBOX_DONE);
    lua_getfield(L, -1, "f");
    lua_replace(L, 1); /* stack: function */
    lua_settop(L, 1);
    lua_checkstack(L, 40);
    fixture.sandbox->memory.fail_on = onwards;
    fixture.sandbox->memory.fail_at = n;
    lua_pushcfunction(L, l_freeze);
    lua_pushlightuserdata(L, &fixture);
    lua_pushvalue(L, 1);
    bool fine = sandbox_call(L, 2, 1, &fixture.error) == SANDBOX_DONE;
    lua_settop(L, 1);
    fine = sandbox_seal(L, &fixture.error) && fine;
    if (fine) {
        fine = fixture_decide(&fixture, 1) == SANDBOX_DONE;
        lua_settop(L, 1);
    }
    while (sandbox_collect(fixture.sandbox))
        ;
    bool done = fixture.sandbox->memory.fail_at > 0 && !(onwards && fixture.sandbox->memory.fail_at == 1);
    fixture.sandbox->memory.fail_on = false;
    fixture.sandbox->memory.fail_at = 0;
    assert_true(fine || !done);
    assert_true(sandbox_seal(L, &fixture.error));
    fixture_destroy(&fixture);
    return done;
}

static void test_memory_failures_once_and_onwards_lose_nothing(void **state)
{
    (void)state;
    for (int onwards = 0; onwards < 2; onwards++) {
        unsigned long n = 2;
        while (!life_with_failure(n, onwards))
            n++;
        print_message("%lu allocations failed%s\n", n - 2, onwards ? ", with all behind them" : "");
        assert_true(n > 50);
    }
}

/* Compiling, freezing and sealing report that memory is out, and the state stays usable. */
static bool site_with_failure(unsigned long n)
{
    struct fixture fixture;
    fixture_create(&fixture);
    lua_State *L = fixture.L;
    lua_getglobal(L, "constructors");
    environment_push(L, -1);
    fixture.sandbox->memory.fail_at = n;
    bool loaded = environment_load(L, text_from(everything), "a.lua", -1, NULL, &fixture.error);
    sandbox_enter(L, &sandbox_limits_load);
    if (loaded)
        loaded = sandbox_call(L, 0, 0, &fixture.error) == SANDBOX_DONE;
    sandbox_leave(L);
    bool sealed = sandbox_seal(L, &fixture.error);
    bool done = fixture.sandbox->memory.fail_at > 0;
    fixture.sandbox->memory.fail_at = 0;
    assert_true(!done || (loaded && sealed));
    assert_true(sealed || sandbox_seal(L, &fixture.error));
    fixture_destroy(&fixture);
    return done;
}

static void test_memory_failures_of_a_site_are_survived(void **state)
{
    (void)state;
    unsigned long n = 1;
    while (!site_with_failure(n))
        n++;
    assert_true(n > 100);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_counts),
        cmocka_unit_test(test_memory_keeps_what_it_moves),
        cmocka_unit_test(test_memory_alarms_before_it_refuses),
        cmocka_unit_test(test_memory_refuses_for_now),
        cmocka_unit_test(test_memory_lets_the_string_table_grow),
        cmocka_unit_test(test_memory_bounds_the_names_of_a_table),
        cmocka_unit_test(test_memory_bounds_the_names_of_authors_only),
#ifdef SENDA_TESTING
        cmocka_unit_test(test_memory_failures_while_loading_are_survived),
        cmocka_unit_test(test_memory_failures_in_a_decision_end_it),
        cmocka_unit_test(test_memory_failures_of_a_site_are_survived),
        cmocka_unit_test(test_memory_failures_once_and_onwards_lose_nothing),
#endif
    };
    return cmocka_run_group_tests_name("script/memory", tests, NULL, NULL);
}

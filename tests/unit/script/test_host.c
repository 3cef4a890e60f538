/* host: what the authoring library is given, asked in Lua. */
#include "fixture.h"

#include "script/host.h"
#include "served_builder.h"

/* The state of trusted code, with `host` and `require` in it. */
struct hosting {
    struct fixture fixture;
    struct bundle *bundle; /* owned */
    struct host host;
};

/* stack: struct host as light userdata */
static int l_open(lua_State *L)
{
    host_open_modules(L);
    host_push(L, lua_touserdata(L, 1));
    lua_setglobal(L, "host");
    return 0;
}

static const struct served_file files[] = {
    {"offers/good.csv", "id,title\na,\"x, \"\"y\"\"\"\n\nb,z\n"},
    {"offers/semicolons.csv", "\xEF\xBB\xBFid;title\na;b,c\n"},
    {"offers/open.csv", "id,title\na,b\nc,\"never closed\n"},
    {"offers/latin.csv", "id\ncaf\xe9\n"},
    {"offers/empty.csv", ""},
    {"shared.lua", ""},
};

static int hosting_setup(void **state)
{
    struct hosting *hosting = calloc(1, sizeof *hosting);
    fixture_create(&hosting->fixture);
    hosting->bundle = site_of_texts(files, sizeof files / sizeof *files);
    hosting->host = (struct host){.bundle = hosting->bundle, .directory = "some folder"};
    assert_int_equal(sandbox_protect(hosting->fixture.L, l_open, &hosting->host, &hosting->fixture.error),
                     SANDBOX_DONE);
    *state = hosting;
    return 0;
}

static int hosting_teardown(void **state)
{
    struct hosting *hosting = *state;
    fixture_destroy(&hosting->fixture);
    bundle_unmap(hosting->bundle);
    free(hosting);
    return 0;
}

/* Runs trusted code, which asserts by itself. */
static void run(void **state, const char *source)
{
    struct hosting *hosting = *state;
    lua_State *L = hosting->fixture.L;
    if (luaL_loadbufferx(L, source, strlen(source), "=test", "t") != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    if (sandbox_call(L, 0, 0, &hosting->fixture.error) != SANDBOX_DONE)
        fail_msg("%s", hosting->fixture.error.message);
}

static void test_host_gives_the_sites_files(void **state)
{
    run(state, "assert(host.directory == 'some folder')\n"
               "assert(host.source('site.lua'):find('small', 1, true))\n"
               "assert(host.source('offers/empty.csv') == '')\n"
               "assert(host.source('offers/semicolons.csv') == 'id;title\\na;b,c\\n')\n"
               "assert(host.source('absent.lua') == nil)\n"
               "assert(host.source('../site.lua') == nil)\n"
               "assert(not pcall(host.source))\n");
}

static void test_host_gives_shipped_journeys(void **state)
{
    run(state, "assert(host.shipped('seven-stages'):find('journey \"seven-stages\"', 1, true))\n"
               "assert(host.shipped('no-such-journey') == nil)\n"
               "assert(host.shipped('../lib/site') == nil)\n"
               "assert(host.shipped(('x'):rep(500)) == nil)\n"
               "local names, found = host.shipped_names(), false\n"
               "for _, name in ipairs(names) do\n"
               " assert(host.shipped(name), name)\n"
               " found = found or name == 'seven-stages'\n"
               "end\n"
               "assert(found)\n");
}

static void test_host_loads_modules_once(void **state)
{
    run(state, "local text = require('senda.text')\n"
               "assert(type(text) == 'table' and require('senda.text') == text)\n"
               "for _, name in ipairs { 'text', 'senda.absent', 'senda.../site', '', 'senda.' .. "
               "('x'):rep(300) } do\n"
               " local fine, message = pcall(require, name)\n"
               " assert(not fine and message:find('no such module', 1, true), name)\n"
               "end\n");
}

static void test_host_knows_time(void **state)
{
    run(state,
        "assert(host.zone('Europe/Madrid') and host.zone('UTC'))\n"
        "assert(not host.zone('Europe/Madird') and not host.zone('../etc/passwd') and not host.zone(''))\n"
        "assert(host.instant('UTC', 2026, 1, 1) == 1767225600)\n"
        "assert(host.instant('UTC', 2026, 1, 1, 12, 30, 5) == 1767225600 + 12 * 3600 + 30 * 60 + 5)\n"
        "assert(host.instant('Europe/Madrid', 2026, 7, 1) == host.instant('UTC', 2026, 6, 30, 22))\n"
        "assert(host.instant('Nowhere', 2026, 1, 1) == nil)\n"
        "assert(host.instant('UTC', 2026, 2, 30) == nil)\n"
        "assert(math.type(host.now()) == 'integer' and host.now() > 1700000000)\n");
}

static void test_host_runs_files(void **state)
{
    run(state,
        "local got\n"
        "local constructors = { declare = function(value) got = value end }\n"
        "assert(host.run('offers/x.lua', 'declare(5 + 1)', constructors) == true and got == 6)\n"
        "assert(host.run('offers/x.lua', '', constructors) == true)\n"
        "assert(select(2, host.run('offers/x.lua', 'declare { a = 1, b = 2 }', constructors)) == false)\n"
        "assert(select(2, host.run('offers/x.lua', 'declare { a = 1, a = 2 }', constructors)) == true)\n");
}

static void test_host_says_where_files_are_wrong(void **state)
{
    run(state,
        "local function failure(source)\n"
        " local fine, failure = host.run('offers/x.lua', source, { declare = function() error('no', 2) end "
        "})\n"
        " assert(fine == nil and failure.file == 'offers/x.lua')\n"
        " return tostring(failure.line) .. ' ' .. failure.message\n"
        "end\n"
        "local function same(a, b) if a ~= b then error(a, 2) end end\n"
        "same(failure('\\n\\nx ='), \"3 unexpected symbol near <eof>\")\n"
        "same(failure('\\nlocal x = nil\\nreturn x.y'), \"3 attempt to index a nil value (local 'x')\")\n"
        "same(failure('\\nerror(\"own words\")'), '2 own words')\n"
        "same(failure('error(\"a: b:c\", 0)'), '1 a: b:c')\n"
        "same(failure('declare()'), '1 no')\n"
        "same(failure('unheard.of()'), \"1 unknown name 'unheard'\")\n"
        "same(failure('\\27Lua'), 'nil attempt to load a binary chunk (mode is \\'t\\')')\n"
        "same(failure('\\nerror({})'), '2 raised an error without a message (a table instead)')\n"
        "same(failure('\\n\\nassert(false, \"own words\")'), '3 own words')\n"
        "same(failure('pcall(error)\\nlocal function f() error() end\\nf()'),\n"
        " '2 raised an error without a message (a nil instead)')\n"
        "local memory = failure('local t, n = {}, 0\\nwhile true do\\n n = n + 1\\n t[\"n\" .. n] = "
        "n\\nend')\n"
        "assert(memory:find('^4 needs more memory than it may use'), memory)\n"
        "same(failure(('-'):rep(70000)), 'nil longer than 65536 bytes; split it into several files')\n");
}

static void test_host_lets_files_share(void **state)
{
    run(state, "local kept\n"
               "local constructors = { keep = function(f) kept = f end }\n"
               "assert(host.run('shared.lua', 'function half(n) return n / 2 end', constructors, true))\n"
               "assert(host.run('a.lua', 'third = 3 keep(half)', constructors, false) and kept(8) == 4)\n"
               "local fine, failure = host.run('b.lua', 'keep(third)', constructors)\n"
               "assert(fine == nil and failure.message == \"unknown name 'third'\")\n"
               "fine, failure = host.run('b.lua', 'half = 1', constructors)\n"
               "assert(fine == nil and failure.message:find('is declared in shared.lua', 1, true))\n"
               "assert(host.run('shared.lua', 'function fail() error(\"no\") end n = 0 function add() n = n "
               "+ 1 end',\n"
               " constructors, true))\n"
               "fine, failure = host.run('b.lua', '\\n\\nadd()', constructors)\n"
               "assert(failure.file == 'shared.lua' and failure.line == 1, failure.file)\n"
               "assert(failure.message == \"can't set 'n': other files have it by now; use `local`\", "
               "failure.message)\n"
               "fine, failure = host.run('b.lua', '\\nfail()', constructors)\n"
               "assert(failure.file == 'shared.lua' and failure.line == 1 and failure.message == 'no')\n"
               "fine, failure = host.run('b.lua', 'error(\"at 5:7: no\", 0)', constructors)\n"
               "assert(failure.file == 'b.lua' and failure.message == 'at 5:7: no')\n"
               "host.run('shared.lua', 'local n\\nfunction set() n = 1 end', constructors, true)\n"
               "host.run('c.lua', 'keep(set)', constructors)\n"
               "local message, line, file = host.function_problem(kept)\n"
               "assert(message:find(\"changes 'n'\", 1, true) and line == 2 and file == 'shared.lua')\n");
}

/* Lua shows the end of a long name alone. */
static void test_host_says_where_files_with_long_names_are_wrong(void **state)
{
    run(state, "for length = 40, 80 do\n"
               " local path = 'offers/' .. ('x'):rep(length - 11) .. '.lua'\n"
               " for _, source in ipairs { '\\nx =', '\\nlocal x x.y()', '\\nerror()' } do\n"
               "  local fine, failure = host.run(path, source, {})\n"
               "  assert(fine == nil and failure.file == path)\n"
               "  assert(failure.line == 2, length)\n"
               "  assert(not failure.message:find('xxx', 1, true), failure.message)\n"
               " end\n"
               "end\n");
}

/* As long as nothing is said of what is there, and something of the rest. */
static void test_host_names_what_functions_can_ask(void **state)
{
    run(state,
        "local function has(list, name)\n"
        "  for _, item in ipairs(list) do if item == name then return true end end\n"
        "end\n"
        "for _, name in ipairs { 'id', 'touchpoint', 'context', 'did', 'days_in_stage' } do\n"
        "  assert(has(host.members.customer, name) and not has(host.members.offer, name) == (name ~= 'id'))\n"
        "end\n"
        "for _, name in ipairs { 'kind', 'data', 'tagged' } do assert(has(host.members.offer, name)) end\n"
        "assert(not has(host.members.customer, 'visits'))\n");
}

static void test_host_tells_what_cannot_be_read(void **state)
{
    run(state, "assert(#host.unread() == 0)\n");
}

static void test_host_reads_rows(void **state)
{
    run(state, "local rows = host.csv('offers/good.csv')\n"
               "assert(rows[1].line == 1 and rows[1].cells[2] == 'title')\n"
               "assert(rows[2].line == 2 and rows[2].cells[2] == 'x, \"y\"')\n"
               "assert(rows[#rows].line == 4 and rows[#rows].cells[1] == 'b')\n"
               "rows = host.csv('offers/semicolons.csv')\n"
               "assert(rows[1].cells[1] == 'id' and rows[2].cells[2] == 'b,c')\n"
               "assert(rows.separator == ';' and host.csv('offers/good.csv').separator == ',')\n"
               "assert(#host.csv('offers/empty.csv') == 0)\n");
}

static void test_host_says_where_rows_are_wrong(void **state)
{
    run(state, "local rows, failure = host.csv('offers/open.csv')\n"
               "assert(rows == nil and failure.file == 'offers/open.csv' and failure.line >= 3 and "
               "#failure.message > 10)\n"
               "rows, failure = host.csv('offers/latin.csv')\n"
               "assert(rows == nil and failure.message:find('not saved as UTF-8', 1, true))\n"
               "assert(failure.line == 2 and failure.column == 4)\n"
               "rows, failure = host.csv('offers/absent.csv')\n"
               "assert(rows == nil and failure.message == \"this file can't be read\" and failure.file == "
               "'offers/absent.csv')\n"
               "assert(not pcall(host.csv))\n");
}

/* Functions are those of files: the library's own are none of a marketer's. */
static void test_host_looks_into_functions(void **state)
{
    run(state,
        "local kept\n"
        "local constructors = { keep = function(f) kept = f end }\n"
        "host.run('strategies/x.lua', 'keep(function(c) return c.x end)', constructors)\n"
        "assert(host.function_problem(kept) == nil)\n"
        "host.run('strategies/x.lua', 'local n = 0\\nkeep(function()\\n n = n + 1 return n end)', "
        "constructors)\n"
        "local message, line = host.function_problem(kept)\n"
        "assert(message:find(\"changes 'n'\", 1, true) and line == 3)\n"
        "assert(host.function_problem(function() end):find('works only while the site loads', 1, true))\n"
        "assert(not pcall(host.function_problem, 5))\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_host_gives_the_sites_files, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_gives_shipped_journeys, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_loads_modules_once, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_knows_time, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_runs_files, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_lets_files_share, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_says_where_files_are_wrong, hosting_setup,
                                        hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_says_where_files_with_long_names_are_wrong, hosting_setup,
                                        hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_names_what_functions_can_ask, hosting_setup,
                                        hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_tells_what_cannot_be_read, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_reads_rows, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_says_where_rows_are_wrong, hosting_setup, hosting_teardown),
        cmocka_unit_test_setup_teardown(test_host_looks_into_functions, hosting_setup, hosting_teardown),
    };
    return cmocka_run_group_tests_name("script/host", tests, NULL, NULL);
}

/* site: loading in steps, what refuses a site and how it is told, and that nothing is lost on any way out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "served_builder.h"

/* A loading that is looked at step by step. */
struct loading {
    struct bundle *bundle;        /* owned */
    struct snapshot *snapshot;    /* owned */
    struct problems problems;     /* found so far */
    struct script_loader *loader; /* owned; NULL: not even begun */
};

static struct script_options options_of(const struct engine_options *options)
{
    return (struct script_options){.deadline = options->deadline,
                                   .deadline_ms = options->deadline_ms,
                                   .script_memory = options->script_memory,
                                   .load_memory = options->load_memory,
                                   .memo_memory = options->memo_memory,
                                   .metrics = options->metrics};
}

/* `load_memory` 0: as much as is needed. */
static void loading_begin(struct loading *loading, const struct served_file *files, size_t count,
                          size_t load_memory)
{
    struct engine_options usual = served_options();
    struct script_options options = options_of(&usual);
    struct error error;
    if (load_memory > 0)
        options.load_memory = load_memory;
    loading->bundle = site_of_texts(files, count);
    loading->snapshot = snapshot_new();
    problems_create(&loading->problems);
    loading->loader =
        script_loader_new(loading->bundle, "small", &options, loading->snapshot, &loading->problems, &error);
}

static void loading_end(struct loading *loading)
{
    script_loader_free(loading->loader);
    problems_destroy(&loading->problems);
    snapshot_free(loading->snapshot);
    bundle_unmap(loading->bundle);
}

/* How many offers the snapshot has got so far. */
static uint32_t filled(const struct snapshot *snapshot)
{
    uint32_t count = 0;
    while (count < snapshot->offer_count && snapshot->offers[count].id.bytes != NULL)
        count++;
    return count;
}

static char *new_table(uint32_t rows)
{
    size_t size = (size_t)rows * 64 + 64;
    char *table = malloc(size);
    assert_non_null(table);
    size_t length = (size_t)snprintf(table, size, "id,kind,title,url\n");
    for (uint32_t i = 0; i < rows; i++)
        length += (size_t)snprintf(table + length, size - length, "row-%u,guide,Row %u,/row/%u\n", i, i, i);
    return table;
}

static void test_site_loads_offers_in_portions(void **state)
{
    (void)state;
    enum { ROWS = 3200, PORTION = 500 };
    struct loading loading;
    char *table = new_table(ROWS);
    uint32_t steps = 0, portions = 0, before = 0;
    enum script_step step;
    loading_begin(&loading, &(struct served_file){"offers/many.csv", table}, 1, 0);
    while ((step = script_loader_step(loading.loader)) == SCRIPT_MORE) {
        uint32_t now = filled(loading.snapshot);
        assert_true(now - before <= PORTION);
        portions += now > before;
        before = now;
        steps++;
    }
    assert_int_equal(step, SCRIPT_LOADED);
    assert_int_equal(before, ROWS + 9);
    assert_int_equal(portions, (ROWS + 9 + PORTION - 1) / PORTION);
    assert_true(steps > portions + 6 + ROWS / 1000); /* each file, and each thousand of rows twice */
    script_site_free(script_loader_finish(loading.loader));
    loading.loader = NULL;
    loading_end(&loading);
    free(table);
}

static void test_site_takes_a_step_for_each_file(void **state)
{
    (void)state;
    uint32_t steps[2] = {0, 0};
    static const struct served_file more[] = {
        {"offers/x.lua", ""}, {"offers/y.lua", ""}, {"strategies/z.lua", ""}};
    for (int i = 0; i < 2; i++) {
        struct loading loading;
        loading_begin(&loading, more, i == 0 ? 0 : 3, 0);
        while (script_loader_step(loading.loader) == SCRIPT_MORE)
            steps[i]++;
        loading_end(&loading);
    }
    assert_int_equal(steps[1] - steps[0], 3);
}

static void test_site_says_how_it_ended_again(void **state)
{
    (void)state;
    static const struct served_file broken[] = {{"offers/x.lua", "offer 'x' {"}};
    for (int i = 0; i < 2; i++) {
        struct loading loading;
        enum script_step step;
        loading_begin(&loading, broken, (size_t)i, 0);
        while ((step = script_loader_step(loading.loader)) == SCRIPT_MORE)
            ;
        assert_int_equal(step, i == 0 ? SCRIPT_LOADED : SCRIPT_REFUSED);
        size_t problems = loading.problems.count;
        assert_int_equal(script_loader_step(loading.loader), step);
        assert_int_equal(loading.problems.count, problems);
        loading_end(&loading);
    }
}

/* Left at any moment, a loading leaves nothing behind. */
static void test_site_may_be_given_up_at_any_step(void **state)
{
    (void)state;
    enum script_step step = SCRIPT_MORE;
    for (uint32_t steps = 0; step == SCRIPT_MORE; steps++) {
        struct loading loading;
        loading_begin(&loading, NULL, 0, 0);
        step = SCRIPT_MORE;
        for (uint32_t i = 0; i < steps && step == SCRIPT_MORE; i++)
            step = script_loader_step(loading.loader);
        loading_end(&loading);
    }
    assert_int_equal(step, SCRIPT_LOADED);
}

/* From too little memory for a state of Lua to enough for the site: each step is the one that fails once. */
static void test_site_loses_nothing_when_memory_ends(void **state)
{
    (void)state;
    enum { KIB = 1024, STEP = 6 };
    enum script_step step = SCRIPT_REFUSED;
    uint32_t refused = 0;
    for (size_t memory = 4 * KIB; step != SCRIPT_LOADED; memory += STEP * KIB) {
        struct loading loading;
        loading_begin(&loading, NULL, 0, memory);
        step = SCRIPT_REFUSED;
        while (loading.loader != NULL && (step = script_loader_step(loading.loader)) == SCRIPT_MORE)
            ;
        if (loading.loader != NULL && step == SCRIPT_REFUSED)
            assert_true(loading.problems.errors > 0);
        refused += step == SCRIPT_REFUSED;
        loading_end(&loading);
    }
    assert_true(refused > 20);
}

/* ---- Problems ---- */

static void assert_problems(const struct served_file *files, size_t count, const char *expected)
{
    struct served served;
    served_begin_refused(&served, NULL, files, count);
    char *problems = served_problems(&served);
    assert_string_equal(problems, expected);
    assert_string_equal(served.error.message, "the site has problems");
    free(problems);
    served_end(&served);
}

static void test_site_tells_every_problem(void **state)
{
    (void)state;
    static const struct served_file files[] = {
        {"offers/x.lua", "offer 'x' {\n  tittle = 'X', kind = 'guide',\r\n  url = '/x' }\n"},
        {"placements.lua", "placement 'hero' { fallback = 'hause' }"},
        {"strategies/s.lua", "\n\nstrategy 's' { placements = { 'heroo' } }"},
    };
    struct served served;
    served_begin_refused(&served, NULL, files, 3);
    char *problems = served_problems(&served);
    assert_non_null(strstr(
        problems, "offers/x.lua:2:3: error: offer \"x\": unknown field 'tittle'; did you mean 'title'?\n"
                  "     2 |   tittle = 'X', kind = 'guide',\n"
                  "       |   ^\n"));
    assert_non_null(
        strstr(problems, "placements.lua:1:31: error: placement \"hero\": fallback: no offer \"hause\"; did "
                         "you mean 'house'?\n"
                         "     1 | placement 'hero' { fallback = 'hause' }\n"));
    assert_non_null(
        strstr(problems, "strategies/s.lua:3:31: error: strategy \"s\": placements: no placement \"heroo\"; "
                         "did you mean 'hero'?\n"));
    free(problems);
    served_end(&served);
}

static void test_site_tells_what_lua_cannot_read(void **state)
{
    (void)state;
    assert_problems(
        &(struct served_file){"personas/p.lua", "persona 'buyer' { name = 'X', summary = 'x' }\nlocal = 5"},
        1,
        "personas/p.lua:2:7: error: a name is missing here, or a colon stands after a field's name (Lua "
        "says: <name> expected near '=')\n"
        "     2 | local = 5\n"
        "       |       ^\n"
        "       hint: write = instead of a colon: title = \"…\"\n");
}

/* Windows saves UTF-8 with a mark in front, which is neither code nor takes up room. */
static void test_site_passes_over_a_byte_order_mark(void **state)
{
    (void)state;
    assert_problems(
        &(struct served_file){"personas/p.lua", "\xEF\xBB\xBFpersona 'buyer' { name = 'X', sumary = 'x' }"},
        1,
        "personas/p.lua:1:31: error: persona \"buyer\": unknown field 'sumary'; did you mean 'summary'?\n"
        "     1 | persona 'buyer' { name = 'X', sumary = 'x' }\n"
        "       |                               ^\n");
    assert_problems(
        &(struct served_file){"offers/x.csv", "\xEF\xBB\xBFid,kind,title\nx,guide,caf\xE9\n"}, 1,
        "offers/x.csv:2:12: error: not saved as UTF-8; in a spreadsheet choose \"CSV UTF-8\" when saving\n"
        "     2 | x,guide,caf\xEF\xBF\xBD\n"
        "       |            ^\n");
}

static void test_site_refuses_functions_that_keep_something(void **state)
{
    (void)state;
    assert_problems(
        &(struct served_file){"strategies/s.lua", "local seen = 0\n"
                                                  "strategy 's' { score = function(c, o)\n"
                                                  "  seen = seen + 1\n"
                                                  "  return seen end }"},
        1,
        "strategies/s.lua:3:3: error: strategy \"s\": score: changes 'seen', a variable outside of the "
        "function: functions of decisions may read what is outside of them, not change it; use a `local` "
        "inside\n"
        "     3 |   seen = seen + 1\n       |   ^\n");
}

/* The problem lies where it is, which need not be where the function stands. */
static void test_site_refuses_helpers_that_keep_something(void **state)
{
    (void)state;
    struct served served;
    static const struct served_file files[] = {
        {"personas/p.lua",
         "persona 'buyer' { name = 'B', summary = 'b' }\n"
         "local n = 0\nlocal function count()\n n = n + 1\n return n end\n"
         "persona 'x' { name = 'X', summary = 'x', match = function(c) return count() > 2 end }"}};
    served_begin_refused(&served, NULL, files, 1);
    assert_int_equal(served.problems.count, 1);
    const struct problem *problem = &served.problems.list[0];
    assert_string_equal(problem->file.bytes, "personas/p.lua");
    assert_int_equal(problem->line, 4);
    assert_string_equal(problem->source.bytes, " n = n + 1");
    assert_non_null(strstr(problem->message.bytes, "changes 'n'"));
    served_end(&served);
}

static void test_site_tells_what_is_wrong_with_tables(void **state)
{
    (void)state;
    static const struct {
        const char *table, *expected;
        uint32_t line;
    } cases[] = {
        {"id,kind,title,url\nx,guide,X,/x\ny,\"guide,Y,/y\n", "", 3},
        {"id,kind,title,url\nx,guide,caf\xe9,/x\n", "not saved as UTF-8", 2},
        {"id,kind,tittle,url\nx,guide,X,/x\n", "title", 1},
        {"id,kind,title,url,value\nx,guide,X,/x,1\nz,guide,Z,/z,much\n", "value", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct served served;
        served_begin_refused(&served, NULL, &(struct served_file){"offers/t.csv", cases[i].table}, 1);
        const struct problem *problem = &served.problems.list[0];
        assert_string_equal(problem->file.bytes, "offers/t.csv");
        if (problem->line != cases[i].line || strstr(problem->message.bytes, cases[i].expected) == NULL)
            fail_msg("%zu: %u: %s", i, problem->line, problem->message.bytes);
        served_end(&served);
    }
}

static void test_site_brings_journeys_that_ship(void **state)
{
    (void)state;
    struct served served;
    static const struct served_file files[] = {
        {"site.lua", "site 'small' { locale = 'en', time_zone = 'UTC', journey = 'seven-stages' }"},
        {"journeys/road.lua", NULL},
        {"journeys/other.lua", NULL},
        {"offers/o.lua",
         "offer 'house' { kind = 'guide', title = 'House', url = '/', stages = { 'consideration' } }"}};
    served_begin(&served, NULL, files, 4);
    const struct snapshot *snapshot = engine_snapshot(served.engine);
    assert_int_equal(snapshot->journey_count, 1);
    assert_int_equal(snapshot->stage_count, 7);
    assert_string_equal(snapshot->journeys[0].name.bytes, "seven-stages");
    served_end(&served);
}

static void test_site_misses_journeys_that_do_not_ship(void **state)
{
    (void)state;
    struct served served;
    static const struct served_file files[] = {
        {"site.lua", "site 'small' { locale = 'en', time_zone = 'UTC', journey = 'seven-stage' }"},
        {"journeys/road.lua", NULL},
        {"journeys/other.lua", NULL}};
    served_begin_refused(&served, NULL, files, 3);
    assert_string_equal(served.problems.list[0].nearest.bytes, "seven-stages");
    assert_int_equal(served.problems.list[0].line, 1);
    served_end(&served);
}

static void test_site_refuses_files_that_take_all_memory(void **state)
{
    (void)state;
    struct served served;
    struct engine_options options = served_options();
    options.load_memory = 4 * 1024 * 1024;
    served_begin_refused(
        &served, &options,
        &(struct served_file){"offers/x.lua", "local t = {}\nfor i = 1, 1e9 do t = { t, {} } end"}, 1);
    const struct problem *problem = &served.problems.list[0];
    assert_string_equal(problem->file.bytes, "offers/x.lua");
    assert_non_null(strstr(problem->message.bytes, "needs more memory than it may use"));
    served_end(&served);
}

/* Warnings come with a site that loads. */
static void test_site_takes_warnings_along(void **state)
{
    (void)state;
    struct served served;
    served_begin(&served, NULL, NULL, 0);
    assert_int_equal(served.problems.count, 0);
    served_end(&served);
    served_begin(&served, NULL,
                 &(struct served_file){"offers/x.lua", "offer 'x' { kind = 'guide', title = 'X' }"}, 1);
    assert_int_equal(served.problems.errors, 0);
    assert_true(served.problems.count > 0 && served.problems.list[0].warning);
    served_end(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_site_loads_offers_in_portions),
        cmocka_unit_test(test_site_takes_a_step_for_each_file),
        cmocka_unit_test(test_site_says_how_it_ended_again),
        cmocka_unit_test(test_site_may_be_given_up_at_any_step),
        cmocka_unit_test(test_site_loses_nothing_when_memory_ends),
        cmocka_unit_test(test_site_tells_every_problem),
        cmocka_unit_test(test_site_tells_what_lua_cannot_read),
        cmocka_unit_test(test_site_passes_over_a_byte_order_mark),
        cmocka_unit_test(test_site_refuses_functions_that_keep_something),
        cmocka_unit_test(test_site_refuses_helpers_that_keep_something),
        cmocka_unit_test(test_site_tells_what_is_wrong_with_tables),
        cmocka_unit_test(test_site_brings_journeys_that_ship),
        cmocka_unit_test(test_site_misses_journeys_that_do_not_ship),
        cmocka_unit_test(test_site_refuses_files_that_take_all_memory),
        cmocka_unit_test(test_site_takes_warnings_along),
    };
    return cmocka_run_group_tests_name("script/site", tests, NULL, NULL);
}

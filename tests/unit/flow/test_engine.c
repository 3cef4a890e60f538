/* flow/engine: loading in steps, refusing with problems, and deciding. */
#include "../cmocka_all.h"

#include <stdlib.h>
#include <unistd.h>

#include "engine_builder.h"
#include "script/deadline.h"

static struct deadline deadline; /* a test that fails leaves its timer running */
static struct metrics_slot slot;

static int setup(void **state)
{
    struct error error;
    (void)state;
    return deadline_create(&deadline, &error) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    deadline_destroy(&deadline);
    return 0;
}

static struct engine_options options(void)
{
    return (struct engine_options){.deadline = &deadline,
                                   .deadline_ms = 10000,
                                   .script_memory = 8 << 20,
                                   .load_memory = 256 << 20,
                                   .metrics = &slot};
}

static struct bundle *bundle_of(const struct bundle_file *files, size_t count)
{
    struct error error;
    int fd = bundle_pack(files, count, &error);
    assert_true(fd >= 0);
    struct bundle *bundle = bundle_map(fd, &error);
    assert_non_null(bundle);
    close(fd);
    return bundle;
}

static const struct bundle_file good[] = {
    {TEXT("journeys/a.lua"), TEXT("journey 'a' { stage 'one' {} }")},
    {TEXT("placements.lua"), TEXT("placement 'p' { fallback = 'x' }")},
    {TEXT("offers/a.lua"), TEXT("offer 'x' { kind = 'k', title = 'X', url = '/' }")},
    {TEXT("personas/a.lua"), TEXT("persona 'odd' { match = function(c) return c.id == 'odd' end }\n"
                                  "persona 'even' {}")},
};

static const struct bundle_file bad[] = {
    {TEXT("journeys/a.lua"), TEXT("journey 'a' { stage 'one' {} }")},
    {TEXT("placements.lua"), TEXT("placement 'p' { fallback = 'y' }\nplacement 'q' { fallbak = 'x' }")},
    {TEXT("offers/a.lua"), TEXT("offer 'x' { kind = 'k', title = 'X', url = '/' }")},
};

#define BUNDLE(files) bundle_of((files), sizeof(files) / sizeof *(files))

static void test_engine_loads_in_steps(void **state)
{
    (void)state;
    struct error error;
    struct bundle *bundle = BUNDLE(good);
    struct engine_options chosen = options();
    struct engine_loading *loading = engine_loading_new(bundle, "folder", &chosen, &error);
    enum engine_step step;
    int steps = 1;
    assert_non_null(loading);
    while ((step = engine_loading_step(loading)) == ENGINE_MORE)
        steps++;
    assert_true(steps > 1);
    assert_int_equal(step, ENGINE_LOADED);
    assert_int_equal(engine_loading_problems(loading)->errors, 0);
    struct engine *engine = engine_loading_finish(loading);
    assert_non_null(engine);
    assert_string_equal(engine_version(engine), bundle_version(bundle));
    assert_string_equal(engine_version(engine), engine_snapshot(engine)->version);
    assert_true(text_equal(engine_snapshot(engine)->name, TEXT("folder")));
    engine_free(engine);
    bundle_unmap(bundle);
}

static void test_engine_loading_may_be_given_up_anywhere(void **state)
{
    (void)state;
    struct bundle *bundle = BUNDLE(good);
    struct engine_options chosen = options();
    enum engine_step step = ENGINE_MORE;
    for (int most = 0; step == ENGINE_MORE; most++) {
        struct error error;
        struct engine_loading *loading = engine_loading_new(bundle, "folder", &chosen, &error);
        assert_non_null(loading);
        for (int i = 0; i < most && step == ENGINE_MORE; i++)
            step = engine_loading_step(loading);
        engine_loading_free(loading);
    }
    assert_int_equal(step, ENGINE_LOADED);
    engine_loading_free(NULL);
    bundle_unmap(bundle);
}

static void test_engine_refuses_with_every_problem(void **state)
{
    (void)state;
    struct error error;
    struct problems problems;
    struct bundle *bundle = BUNDLE(bad);
    struct engine_options chosen = options();
    problems_create(&problems);
    assert_null(engine_load(bundle, "folder", &chosen, &problems, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_true(problems.errors >= 2);
    for (size_t i = 0; i < problems.count; i++)
        assert_true(text_equal(problems.list[i].file, TEXT("placements.lua")));
    problems_destroy(&problems);
    bundle_unmap(bundle);
}

/* ---- Deciding ---- */

static struct situation situation_of(const char *customer)
{
    return (struct situation){
        .persona = SNAPSHOT_NONE, .count = 1, .customer = text_from(customer), .seed = 1};
}

static uint32_t persona_of(struct engine *engine, const char *customer, uint32_t given)
{
    struct situation situation = situation_of(customer);
    struct decision decision;
    situation.persona = given;
    engine_decide(engine, &situation, &decision);
    assert_int_equal(decision.count, 1);
    return situation.persona;
}

static void test_engine_guesses_only_unknown_personas(void **state)
{
    (void)state;
    struct error error;
    struct problems problems;
    struct bundle *bundle = BUNDLE(good);
    struct engine_options chosen = options();
    problems_create(&problems);
    struct engine *engine = engine_load(bundle, "folder", &chosen, &problems, &error);
    assert_non_null(engine);
    assert_int_equal(persona_of(engine, "odd", SNAPSHOT_NONE), 0);
    assert_int_equal(persona_of(engine, "someone", SNAPSHOT_NONE), SNAPSHOT_NONE);
    assert_int_equal(persona_of(engine, "odd", 1), 1);
    problems_destroy(&problems);
    engine_free(engine);
    bundle_unmap(bundle);
}

/* However many decisions there were, cleaning up comes to an end. */
static void test_engine_cleans_up_in_bounded_steps(void **state)
{
    (void)state;
    struct engine_built built;
    assert_true(engine_build(&built, &slot));
    for (int round = 0; round < 20; round++) {
        int steps = 0;
        for (int i = 0; i < 50; i++) {
            struct situation situation = situation_of("someone");
            struct decision decision;
            situation.journey = 1;
            situation.stage = 3; /* walk/choosing, where a strategy runs */
            engine_decide(built.engine, &situation, &decision);
            assert_true(decision.strategy != SNAPSHOT_NONE);
        }
        while (engine_collect(built.engine))
            assert_true(++steps < 100000);
    }
    engine_built_destroy(&built);
}

static void test_engine_free_takes_nothing(void **state)
{
    (void)state;
    engine_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_engine_##name, setup, teardown)
        TEST(loads_in_steps),
        TEST(loading_may_be_given_up_anywhere),
        TEST(refuses_with_every_problem),
        TEST(guesses_only_unknown_personas),
        cmocka_unit_test(test_engine_cleans_up_in_bounded_steps),
        cmocka_unit_test(test_engine_free_takes_nothing),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/engine", tests, NULL, NULL);
}

/* flow/engine: a site is loaded while memory runs out: it is refused, or served as it is written. */
#include "../scarce_points.h"
#include "flow/engine.h"

#include <math.h>
#include <unistd.h>

#include "script/deadline.h"

enum { LOAD_MEMORY = 256 * 1024 * 1024, SCRIPT_MEMORY = 8 * 1024 * 1024, FILE_MS = 10000, FEW_BLOCKS = 4 };

struct loading {
    const char *folder;
    struct deadline deadline;
    struct metrics_slot slot;
    uint32_t offers, strategies, placements, journeys; /* that there are while there is memory */
    double dates;
    bool learns; /* the attempt is for these */
};

/* A number that changes with any offer's dates, which are read in the site's time zone. */
static double dates_of(const struct snapshot *site)
{
    double sum = 0;
    for (uint32_t i = 0; i < site->offer_count; i++) {
        sum += isfinite(site->offers[i].starts) ? site->offers[i].starts * (i + 1) : 0;
        sum += isfinite(site->offers[i].ends) ? site->offers[i].ends / (i + 1) : 0;
    }
    return sum;
}

/* A site that serves is the whole site. */
static void check_site(struct loading *l, const struct snapshot *site)
{
    if (l->learns) {
        l->offers = site->offer_count;
        l->strategies = site->strategy_count;
        l->placements = site->placement_count;
        l->journeys = site->journey_count;
        l->dates = dates_of(site);
    }
    assert_int_equal(site->offer_count, l->offers);
    assert_int_equal(site->strategy_count, l->strategies);
    assert_int_equal(site->placement_count, l->placements);
    assert_int_equal(site->journey_count, l->journeys);
    assert_true(dates_of(site) == l->dates);
}

/* From the folder to the engine, in a worker's steps. */
static struct engine *load(struct loading *l, struct bundle **bundle, struct buffer *told)
{
    struct error error = {.code = ERROR_NONE};
    struct engine_options options = {.deadline = &l->deadline,
                                     .deadline_ms = FILE_MS,
                                     .script_memory = SCRIPT_MEMORY,
                                     .load_memory = LOAD_MEMORY,
                                     .memo_memory = SCRIPT_MEMORY,
                                     .file_ms = FILE_MS,
                                     .metrics = &l->slot};
    int fd = bundle_read(l->folder, &error);
    *bundle = fd < 0 ? NULL : bundle_map(fd, &error);
    if (fd >= 0)
        close(fd);
    struct engine_loading *loading =
        *bundle == NULL ? NULL : engine_loading_new(*bundle, "scarce", &options, &error);
    if (loading == NULL) {
        assert_int_not_equal(error.code, ERROR_NONE);
        return NULL;
    }
    enum engine_step step;
    do
        step = engine_loading_step(loading);
    while (step == ENGINE_MORE);
    problems_print(engine_loading_problems(loading), told);
    if (step == ENGINE_LOADED)
        return engine_loading_finish(loading);
    assert_true(engine_loading_problems(loading)->errors > 0);
    engine_loading_free(loading);
    return NULL;
}

static bool attempt(void *context)
{
    struct loading *l = context;
    struct bundle *bundle;
    struct buffer told;
    int64_t before = scarce_blocks();
    buffer_create(&told);
    scarce_here();
    struct engine *engine = load(l, &bundle, &told);
    scarce_over();
    bool whole = engine != NULL;
    buffer_destroy(&told);
    if (whole) {
        check_site(l, engine_snapshot(engine));
        engine_free(engine);
    }
    bundle_unmap(bundle);
    if (!l->learns) /* the C library keeps what it knows of a time zone */
        assert_true(llabs(scarce_blocks() - before) <= FEW_BLOCKS);
    return whole;
}

static void try_site(const char *folder, int64_t step)
{
    struct loading l = {.folder = folder, .learns = true};
    struct error error;
    assert_true(deadline_create(&l.deadline, &error));
    scarce_point = (struct scarce_point){SCARCE_OFF, 0, 0};
    assert_true(attempt(&l));
    l.learns = false;
    scarce_try_all(attempt, &l, scarce_step(step));
    scarce_assert_no_leak();
    deadline_destroy(&l.deadline);
}

static void test_engine_scarce_shop(void **state)
{
    (void)state;
    try_site(SENDA_SOURCE_DIR "/scripts/shop", 997);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_scarce_shop),
    };
    return scarce_report("loading", cmocka_run_group_tests(tests, NULL, NULL));
}

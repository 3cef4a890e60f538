/* live: the offers running at a moment, remembered rightly whichever way the clock goes. */
#include <math.h>

#include "../cmocka_all.h"
#include "decide/live.h"
#include "random_builder.h"

/* `count` offers with dates out of 0 … 49, open at either end now and then, some over before they begin. */
static struct snapshot *new_dated(struct random_state *random, uint32_t count)
{
    struct snapshot *site = site_new_small();
    site_add_placement(site, "sidebar", 1);
    for (uint32_t i = 0; i < count; i++) {
        struct offer *offer = site_add_offer(site, "offer", 1.0);
        if (!random_once_in(random, 3))
            offer->starts = random_pick(random, 50);
        if (!random_once_in(random, 3))
            offer->ends = random_pick(random, 50);
    }
    site_finish(site);
    return site;
}

static bool is_running(const struct snapshot *site, const struct cell *cell, uint32_t place, double now)
{
    const struct offer *offer = &site->offers[cell->offers[place]];
    return offer->starts <= now && now < offer->ends;
}

static void assert_running(struct live *live, const struct snapshot *site, const struct cell *cell,
                           double now)
{
    const uint64_t *running = live_get(live, cell, now);
    assert_non_null(running);
    for (uint32_t i = 0; i < cell->count; i++)
        assert_int_equal(running[i / 64] >> (i % 64) & 1, is_running(site, cell, i, now));
}

/* A moment on a date, just before or behind one, or anywhere. */
static double random_moment(struct random_state *random)
{
    double moment = (double)random_pick(random, 54) - 2.0;
    switch (random_pick(random, 4)) {
    case 0:
        return moment - 1e-6;
    case 1:
        return moment + 1e-6;
    case 2:
        return moment + random_unit(random);
    default:
        return moment;
    }
}

static void test_live_get_follows_the_clock_both_ways(void **state)
{
    (void)state;
    struct random_state random = {77};
    for (uint32_t count = 0; count < 150; count += 7) {
        struct snapshot *site = new_dated(&random, count);
        struct live live;
        struct error error;
        assert_true(live_create(&live, site, &error));
        for (int i = 0; i < 200; i++)
            assert_running(&live, site, index_cell(site, i % 2, 0), random_moment(&random));
        for (int quarter = -8; quarter < 212; quarter++)
            assert_running(&live, site, index_cell(site, 0, 0), quarter / 4.0);
        for (int quarter = 212; quarter > -8; quarter--)
            assert_running(&live, site, index_cell(site, 0, 0), quarter / 4.0);
        live_destroy(&live);
        snapshot_free(site);
    }
}

static void test_live_get_changes_at_the_date_itself(void **state)
{
    (void)state;
    struct snapshot *site = site_new_small();
    struct offer *offer = site_add_offer(site, "a", 1.0);
    struct live live;
    struct error error;
    offer->starts = 1000.0;
    offer->ends = 2000.0;
    site_finish(site);
    const struct cell *cell = index_cell(site, 0, 0);
    assert_true(live_create(&live, site, &error));
    static const double moments[] = {999.999999,  1000.0, 1999.999999, 2000.0,
                                     1999.999999, 1000.0, 999.999999};
    static const unsigned running[] = {0, 1, 1, 0, 1, 1, 0};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        assert_int_equal(*live_get(&live, cell, moments[i]) & 1, running[i]);
    live_destroy(&live);
    snapshot_free(site);
}

/* Between two dates nothing is worked out again. */
static void test_live_get_remembers_until_the_next_date(void **state)
{
    (void)state;
    struct snapshot *site = site_new_small();
    struct live live;
    struct error error;
    site_add_offer(site, "a", 1.0)->starts = 10.0;
    site_add_offer(site, "b", 1.0)->ends = 30.0;
    site_add_offer(site, "c", 1.0)->starts = 20.0;
    site_finish(site);
    assert_true(live_create(&live, site, &error));
    live_get(&live, index_cell(site, 0, 0), 15.0);
    assert_true(live.cells[0].from == 10.0 && live.cells[0].until == 20.0);
    live_get(&live, index_cell(site, 0, 0), 19.0);
    assert_true(live.cells[0].from == 10.0 && live.cells[0].until == 20.0);
    live_get(&live, index_cell(site, 0, 0), 5.0);
    assert_true(live.cells[0].from == -INFINITY && live.cells[0].until == 10.0);
    live_get(&live, index_cell(site, 0, 0), 30.0);
    assert_true(live.cells[0].from == 30.0 && live.cells[0].until == INFINITY);
    live_destroy(&live);
    snapshot_free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_get_follows_the_clock_both_ways),
        cmocka_unit_test(test_live_get_changes_at_the_date_itself),
        cmocka_unit_test(test_live_get_remembers_until_the_next_date),
    };
    return cmocka_run_group_tests_name("decide/live", tests, NULL, NULL);
}

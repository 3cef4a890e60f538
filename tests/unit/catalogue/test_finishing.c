/* finishing: piece by piece, given up in the middle, and where the snapshot may not become that large. */
#include "../cmocka_all.h"

#include "../decide/site_builder.h"
#include "catalogue/finishing.h"
#include "catalogue/index.h"

enum { OFFERS = 300, AT_ONCE = 32 };

/* Each offer is under one limit; placements and stages differ in what fits them. */
static struct snapshot *new_site(void)
{
    struct snapshot *site = site_new_small();
    struct limit *limit = site_add_limit(site, "few", LIMIT_CLICKS, 1, 60);
    site_add_stage(site, "later");
    site_add_placement(site, "sidebar", 1);
    for (uint32_t i = 0; i < OFFERS; i++) {
        struct offer *offer = site_add_offer(site, "x", i % 7);
        site_limit(site, offer, limit);
        if (i % 3 == 0)
            offer->stages = site_list(site, 1, i % 2);
        if (i % 5 == 0)
            offer->placements = site_list(site, 1, i % 2);
    }
    return site;
}

static uint32_t encoded(const struct snapshot *site)
{
    uint32_t count = 0;
    while (count < site->offer_count && site->offers[count].items != NULL)
        count++;
    return count;
}

static void test_finishing_goes_piece_by_piece(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct finishing *finishing = finishing_new(site);
    uint32_t before = 0, pieces = 0, under = 0;
    assert_non_null(finishing);
    enum finishing_step step;
    while ((step = finishing_step(finishing, 0)) == FINISHING_MORE) {
        uint32_t now = encoded(site);
        assert_true(now <= before + AT_ONCE);
        pieces += now > before;
        under += site->limits[0].offers.count > 0 && before == 0;
        before = now;
    }
    assert_int_equal(step, FINISHING_DONE);
    assert_int_equal(before, OFFERS);
    assert_int_equal(pieces, (OFFERS + AT_ONCE - 1) / AT_ONCE);
    assert_true(under > OFFERS / AT_ONCE);
    assert_int_equal(site->limits[0].offers.count, OFFERS);
    finishing_free(finishing);
    snapshot_free(site);
}

/* Each cell is a piece at least; so nobody waits for several. */
static void test_finishing_builds_one_cell_at_a_time(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct finishing *finishing = finishing_new(site);
    uint32_t pieces = 0;
    while (finishing_step(finishing, 0) == FINISHING_MORE)
        pieces += site->indexed;
    assert_true(pieces >= 2 * site->stage_count * site->placement_count);
    assert_true(index_cell(site, 1, 1)->count > OFFERS / 2);
    finishing_free(finishing);
    snapshot_free(site);
}

static void test_finishing_takes_as_many_pieces_as_it_has_time_for(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct finishing *finishing = finishing_new(site);
    assert_int_equal(finishing_step(finishing, UINT64_MAX / 2), FINISHING_DONE);
    assert_int_equal(encoded(site), OFFERS);
    finishing_free(finishing);
    snapshot_free(site);
}

static void test_finishing_may_be_given_up_at_any_piece(void **state)
{
    (void)state;
    enum finishing_step step = FINISHING_MORE;
    for (int pieces = 0; step == FINISHING_MORE; pieces++) {
        struct snapshot *site = new_site();
        struct finishing *finishing = finishing_new(site);
        step = FINISHING_MORE;
        for (int i = 0; i < pieces && step == FINISHING_MORE; i++)
            step = finishing_step(finishing, 0);
        finishing_free(finishing);
        snapshot_free(site);
    }
    assert_int_equal(step, FINISHING_DONE);
    finishing_free(NULL);
}

static enum finishing_step finish(struct finishing *finishing)
{
    enum finishing_step step;
    while ((step = finishing_step(finishing, 0)) == FINISHING_MORE)
        ;
    return step;
}

static void assert_refused(const struct snapshot *site, const char *message, const char *hint)
{
    struct problems problems;
    problems_create(&problems);
    snapshot_refuse(site, "out of memory", &problems);
    assert_int_equal(problems.errors, 1);
    assert_non_null(strstr(problems.list[0].message.bytes, message));
    assert_non_null(strstr(problems.list[0].hint.bytes, hint));
    problems_destroy(&problems);
}

static void test_finishing_ends_where_texts_take_too_much(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct finishing *finishing = finishing_new(site);
    snapshot_limit_memory(site, site->arena.total);
    assert_int_equal(finish(finishing), FINISHING_FAILED);
    assert_refused(site, "offers (300) × languages (1)", "load_memory");
    finishing_free(finishing);
    snapshot_free(site);
}

static void test_finishing_ends_where_the_index_takes_too_much(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct finishing *finishing = finishing_new(site);
    while (!site->indexed)
        assert_int_equal(finishing_step(finishing, 0), FINISHING_MORE);
    snapshot_limit_memory(site, site->arena.total);
    /* Nothing is left of the block that there is, either. */
    while (arena_allocate(&site->arena, 16) != NULL)
        ;
    assert_int_equal(finish(finishing), FINISHING_FAILED);
    assert_refused(site, "placements (2) × stages (2) × offers (300)", "load_memory");
    finishing_free(finishing);
    snapshot_free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finishing_goes_piece_by_piece),
        cmocka_unit_test(test_finishing_builds_one_cell_at_a_time),
        cmocka_unit_test(test_finishing_takes_as_many_pieces_as_it_has_time_for),
        cmocka_unit_test(test_finishing_may_be_given_up_at_any_piece),
        cmocka_unit_test(test_finishing_ends_where_texts_take_too_much),
        cmocka_unit_test(test_finishing_ends_where_the_index_takes_too_much),
    };
    return cmocka_run_group_tests_name("catalogue/finishing", tests, NULL, NULL);
}

/* ranking: offers by a journey's priority, in pieces. */
#include <stdlib.h>

#include "../cmocka_all.h"

#include "../decide/site_builder.h"
#include "catalogue/ranking.h"

enum { OFFERS = 5000, A_PIECE = 1024 };

/* More offers than site_builder.h has room for; most values are there more than once. */
static struct snapshot *new_site(uint32_t count)
{
    struct snapshot *site = site_new_small();
    site_add_kind(site, "webinar", 50.0);
    site->offers = arena_allocate_zeroed(&site->arena, count, sizeof *site->offers);
    assert_non_null(site->offers);
    site->offer_count = count;
    for (uint32_t i = 0; i < count; i++) {
        site->offers[i].kind = i % 2;
        site->offers[i].value = (i * 7919) % 101;
    }
    return site;
}

static void assert_sorted(const struct ranking *ranking, uint32_t count)
{
    bool *seen = calloc(count, sizeof *seen);
    for (uint32_t i = 0; i < count; i++) {
        const struct ranked *a = &ranking->list[i], *b = a + 1;
        assert_true(a->offer < count && !seen[a->offer]);
        seen[a->offer] = true;
        if (i + 1 < count)
            assert_true(a->priority > b->priority || (a->priority == b->priority && a->offer < b->offer));
    }
    free(seen);
}

static int rank(struct ranking *ranking, const struct snapshot *site, uint32_t journey)
{
    int pieces = 1;
    ranking_begin(ranking, &site->journeys[journey]);
    while (ranking_go_on(ranking))
        pieces++;
    return pieces;
}

static void test_ranking_sorts_in_pieces(void **state)
{
    (void)state;
    struct snapshot *site = new_site(OFFERS);
    struct ranking ranking;
    assert_true(ranking_create(&ranking, site));
    int pieces = rank(&ranking, site, 0);
    assert_true(pieces >= 4 * OFFERS / A_PIECE); /* runs, and three rounds of merging them */
    assert_sorted(&ranking, OFFERS);
    assert_true(ranking.list[0].priority == 150.0); /* lifted by its kind */
    ranking_destroy(&ranking);
    snapshot_free(site);
}

static void test_ranking_begins_anew_for_each_journey(void **state)
{
    (void)state;
    struct snapshot *site = new_site(OFFERS);
    struct ranking ranking;
    site_add_journey(site, "run")->weight = -50.0;
    assert_true(ranking_create(&ranking, site));
    rank(&ranking, site, 0);
    rank(&ranking, site, 1);
    assert_sorted(&ranking, OFFERS);
    assert_true(ranking.list[0].priority == 100.0);
    ranking_begin(&ranking, &site->journeys[1]); /* in the middle of it, too */
    assert_true(ranking_go_on(&ranking));
    rank(&ranking, site, 0);
    assert_sorted(&ranking, OFFERS);
    assert_true(ranking.list[0].priority == 150.0);
    ranking_destroy(&ranking);
    snapshot_free(site);
}

/* Levers take an offer's worth away, but do not turn it round. */
static void test_ranking_ends_at_no_worth(void **state)
{
    (void)state;
    struct snapshot *site = new_site(3);
    struct ranking ranking;
    site->offers[1].weight = -500.0;
    assert_true(ranking_create(&ranking, site));
    rank(&ranking, site, 0);
    assert_int_equal(ranking.list[2].offer, 1);
    assert_true(ranking.list[2].priority == 0.0);
    ranking_destroy(&ranking);
    snapshot_free(site);
}

static void test_ranking_of_any_number(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0,       1,           2,           A_PIECE - 1,
                                      A_PIECE, A_PIECE + 1, 2 * A_PIECE, 3 * A_PIECE + 7};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct snapshot *site = new_site(counts[i]);
        struct ranking ranking;
        assert_true(ranking_create(&ranking, site));
        rank(&ranking, site, 0);
        assert_sorted(&ranking, counts[i]);
        ranking_destroy(&ranking);
        snapshot_free(site);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranking_sorts_in_pieces),
        cmocka_unit_test(test_ranking_begins_anew_for_each_journey),
        cmocka_unit_test(test_ranking_ends_at_no_worth),
        cmocka_unit_test(test_ranking_of_any_number),
    };
    return cmocka_run_group_tests_name("catalogue/ranking", tests, NULL, NULL);
}

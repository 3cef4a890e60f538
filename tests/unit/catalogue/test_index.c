/* index: which offers and strategies are in a cell, in which order, and what their bitmaps say. */
#include "../cmocka_all.h"

#include "../decide/site_builder.h"
#include "catalogue/index.h"

/* Two journeys of different weight and language, two kinds, two placements. */
static struct snapshot *new_site(void)
{
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_locale(site, "en");
    site_add_kind(site, "guide", 0.0);
    site_add_kind(site, "webinar", 100.0);
    site_add_journey(site, "walk");
    site_add_stage(site, "start");
    site_add_stage(site, "later")->kinds = site_list(site, 1, 1);
    struct journey *other = site_add_journey(site, "run");
    other->locale = 1;
    other->weight = 50.0;
    site_add_stage(site, "go");
    site_add_stage(site, "rest")->wants_no_offer = true;
    site_add_persona(site, "buyer");
    site_add_consent(site, "marketing");
    site_add_placement(site, "hero", 1);
    site_add_placement(site, "sidebar", 1)->kinds = site_list(site, 1, 0);
    return site;
}

static void assert_cell(const struct snapshot *site, uint32_t placement, uint32_t stage, const char *ids)
{
    const struct cell *cell = index_cell(site, placement, stage);
    char found[64] = "";
    for (uint32_t i = 0; i < cell->count; i++)
        strncat(found, site->offers[cell->offers[i]].id.bytes, sizeof found - strlen(found) - 1);
    assert_string_equal(found, ids);
    assert_int_equal(cell->words, (cell->count + 63) / 64);
}

static void test_index_build_puts_offers_where_they_fit(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    site_add_offer(site, "a", 4.0);
    site_add_offer(site, "b", 3.0)->kind = 1;
    site_add_offer(site, "c", 5.0)->stages = site_list(site, 2, 0, 3);
    site_add_offer(site, "d", 1.0)->placements = site_list(site, 1, 1);
    site_add_offer(site, "e", 9.0)->placements = site_list(site, 0);
    site_finish(site);
    assert_cell(site, 0, 0, "bca"); /* b is lifted by its kind: 6 */
    assert_cell(site, 0, 1, "b");
    assert_cell(site, 0, 2, "ba"); /* 7.5 and 6 */
    assert_cell(site, 0, 3, "");
    assert_cell(site, 1, 0, "cad");
    assert_cell(site, 1, 1, "");
    assert_cell(site, 1, 2, "ad");
    assert_true(index_cell(site, 0, 2)->priorities[0] == 7.5);
    assert_true(index_cell(site, 0, 2)->priorities[1] == 6.0);
    snapshot_free(site);
}

static void test_index_build_fills_bitmaps(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    site_add_offer(site, "a", 4.0)->personas = site_list(site, 1, 0);
    site_add_offer(site, "b", 3.0)->titles = site_texts(site, "hola", NULL);
    site_add_offer(site, "c", 2.0)->consent = 0;
    site_add_offer(site, "d", 1.0)->ends = 5.0;
    site_finish(site);
    const struct cell *walk = index_cell(site, 0, 0), *run = index_cell(site, 0, 2);
    assert_int_equal(*walk->by_persona[0], 0xF);
    assert_int_equal(*walk->by_persona[1], 0xE); /* persona unknown */
    assert_int_equal(*walk->by_locale[0], 0xF);
    assert_int_equal(*walk->by_locale[1], 0xF); /* b falls back to Spanish on this journey */
    assert_int_equal(*run->by_locale[0], 0xF);
    assert_int_equal(*run->by_locale[1], 0xD); /* on this one not */
    assert_int_equal(*walk->by_consent[0], 0x4);
    assert_int_equal(*walk->dated, 0x8);
    snapshot_free(site);
}

static void test_index_build_marks_what_is_bounded(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct limit *limit = site_add_limit(site, "few", LIMIT_CLICKS, 1, 60);
    site_add_offer(site, "a", 4.0);
    site_limit(site, site_add_offer(site, "b", 3.0), limit);
    site_add_offer(site, "c", 2.0)->stocked = true;
    site_add_offer(site, "d", 1.0)->placements = site_list(site, 1, 0);
    site_limit(site, &site->offers[0], limit);
    site->offers[0].stages = site_list(site, 1, 2);
    site_finish(site);
    const struct cell *walk = index_cell(site, 0, 0), *run = index_cell(site, 0, 2);
    assert_int_equal(*walk->bounded, 0x3);
    assert_int_equal(*walk->stocked, 0x2);
    assert_int_equal(*run->bounded, 0x7);
    assert_null(index_cell(site, 0, 1)->bounded); /* nothing at all is there */
    assert_null(index_cell(site, 0, 1)->stocked);
    assert_int_equal(limit->offers.count, 2);
    assert_true(limit->offers.restricts);
    assert_int_equal(limit->offers.numbers[0], 0);
    assert_int_equal(limit->offers.numbers[1], 1);
    snapshot_free(site);
}

static void test_index_build_lists_strategies_in_file_order(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    site_add_strategy(site, "everywhere");
    site_add_strategy(site, "later")->stages = site_list(site, 1, 1);
    site_add_strategy(site, "sidebar")->placements = site_list(site, 1, 1);
    site_finish(site);
    const struct cell *cell = index_cell(site, 1, 1);
    assert_int_equal(cell->strategy_count, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(cell->strategies[i], i);
    assert_int_equal(index_cell(site, 0, 0)->strategy_count, 1);
    assert_int_equal(index_cell(site, 0, 1)->strategy_count, 2);
    assert_int_equal(index_cell(site, 1, 0)->strategy_count, 2);
    assert_int_equal(index_cell(site, 1, 0)->strategies[1], 2);
    snapshot_free(site);
}

static void test_index_sorts_more_than_a_word_of_offers(void **state)
{
    (void)state;
    struct snapshot *site = site_new_small();
    for (uint32_t i = 0; i < 300; i++)
        site_add_offer(site, "x", (i * 7) % 10);
    site_finish(site);
    const struct cell *cell = index_cell(site, 0, 0);
    assert_int_equal(cell->count, 300);
    assert_int_equal(cell->words, 5);
    for (uint32_t i = 1; i < cell->count; i++)
        assert_true(
            cell->priorities[i - 1] > cell->priorities[i] ||
            (cell->priorities[i - 1] == cell->priorities[i] && cell->offers[i - 1] < cell->offers[i]));
    assert_int_equal(cell->by_locale[0][3], UINT64_MAX);
    assert_int_equal(cell->by_locale[0][4], (UINT64_C(1) << 44) - 1); /* nothing beyond the last */
    snapshot_free(site);
}

/* Cells with the same offers have one set of lists between them, and each its own strategies and place. */
static void test_index_keeps_lists_once_that_are_the_same(void **state)
{
    (void)state;
    struct snapshot *site = site_new_small();
    site_add_stage(site, "next");
    site_add_stage(site, "last");
    site_add_placement(site, "side", 1);
    site_add_journey(site, "run")->weight = 50.0;
    site_add_stage(site, "go");
    site_add_offer(site, "a", 4.0);
    site_add_offer(site, "b", 3.0)->stages = site_list(site, 3, 0, 1, 3);
    site_add_offer(site, "c", 2.0)->stages = site_list(site, 1, 2);
    site_add_strategy(site, "next")->stages = site_list(site, 1, 1);
    site_finish(site);
    const struct cell *first = index_cell(site, 0, 0), *next = index_cell(site, 0, 1);
    const struct cell *last = index_cell(site, 0, 2), *go = index_cell(site, 0, 3);
    assert_ptr_equal(first->offers, next->offers);
    assert_ptr_equal(first->by_locale, next->by_locale);
    assert_ptr_equal(first->offers, index_cell(site, 1, 1)->offers);
    assert_ptr_equal(last->offers, index_cell(site, 1, 2)->offers);
    assert_ptr_not_equal(last->offers, first->offers); /* as many, but others */
    assert_ptr_not_equal(go->offers, first->offers);   /* the same, but worth more */
    assert_true(go->priorities[0] == 6.0);
    assert_cell(site, 1, 1, "ab");
    assert_cell(site, 1, 2, "ac");
    assert_int_equal(first->strategy_count, 0);
    assert_int_equal(next->strategy_count, 1);
    assert_int_equal(index_cell(site, 1, 1)->strategy_count, 1);
    assert_int_equal(index_cell(site, 1, 0)->strategy_count, 0);
    assert_false(text_equal(first->place, next->place));
    snapshot_free(site);
}

/* More than the builder goes through in one piece: nothing is lost between two. */
static void test_index_of_thousands_of_offers(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    struct snapshot *site = site_new_small();
    struct offer *some = site_add_offer(site, "x", 0.0);
    site->offers = arena_allocate_zeroed(&site->arena, MANY, sizeof *site->offers);
    assert_non_null(site->offers);
    site->offer_count = MANY;
    for (uint32_t i = 0; i < MANY; i++) {
        site->offers[i] = *some;
        site->offers[i].value = i;
        site->offers[i].stocked = i % 2 == 0;
        if (i % 3 == 0)
            site->offers[i].placements = site_list(site, 0);
    }
    site_finish(site);
    const struct cell *cell = index_cell(site, 0, 0);
    assert_int_equal(cell->count, MANY - MANY / 3);
    for (uint32_t i = 0; i < cell->count; i++) {
        uint32_t offer = cell->offers[i];
        assert_true(offer % 3 != 0 && (i == 0 || offer < cell->offers[i - 1]));
        assert_true(cell->priorities[i] == offer);
        assert_int_equal(cell->stocked[i / 64] >> i % 64 & 1, offer % 2 == 0);
        assert_true(cell->by_locale[0][i / 64] >> i % 64 & 1);
    }
    snapshot_free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_index_build_puts_offers_where_they_fit),
        cmocka_unit_test(test_index_build_fills_bitmaps),
        cmocka_unit_test(test_index_build_marks_what_is_bounded),
        cmocka_unit_test(test_index_build_lists_strategies_in_file_order),
        cmocka_unit_test(test_index_sorts_more_than_a_word_of_offers),
        cmocka_unit_test(test_index_keeps_lists_once_that_are_the_same),
        cmocka_unit_test(test_index_of_thousands_of_offers),
    };
    return cmocka_run_group_tests_name("catalogue/index", tests, NULL, NULL);
}

/* candidates: the bits of many words, each gate's bitmap, and taking offers out again. */
#include <stdio.h>

#include "deciding.h"

/* `count` offers worth less and less, so that their places are their numbers. */
static struct snapshot *new_large(uint32_t count)
{
    struct snapshot *site = site_new_small();
    site_add_persona(site, "buyer");
    for (uint32_t i = 0; i < SITE_MOST; i++)
        site_add_consent(site, "consent");
    for (uint32_t i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "o%u", i);
        site_add_offer(site, id, 1000.0 - i);
    }
    return site;
}

static const struct candidates *select_all(struct deciding *deciding)
{
    const struct cell *cell = index_cell(deciding->site, 0, 0);
    const uint64_t *running =
        live_get(&deciding->decider.live, cell, situation_seconds(&deciding->situation));
    candidates_exclude(&deciding->decider.candidates, &deciding->situation);
    bounds_begin(&deciding->decider.bounds, &deciding->situation);
    candidates_select(&deciding->decider.candidates, cell, &deciding->situation, deciding->site, running,
                      &deciding->decider.bounds);
    return &deciding->decider.candidates;
}

static void test_candidates_select_takes_all_of_any_number(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 63, 64, 65, 127, 128, 129, 192, 193, SITE_MOST_OFFERS};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct deciding deciding;
        deciding_begin(&deciding, new_large(counts[i]));
        const struct candidates *candidates = select_all(&deciding);
        assert_int_equal(candidates->count, counts[i]);
        for (uint32_t j = 0; j < counts[i]; j++) {
            assert_int_equal(candidates->offers[j], j);
            assert_true(candidates->priorities[j] == 1000.0 - j);
        }
        deciding_end(&deciding);
    }
}

/* One offer after the other is held back by each gate; only it may be missing. */
static void test_candidates_select_leaves_out_single_offers(void **state)
{
    (void)state;
    static const uint32_t places[] = {0, 1, 63, 64, 127, 128, 149};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (int gate = 0; gate < 5; gate++) {
            struct deciding deciding;
            struct snapshot *site = new_large(150);
            struct offer *offer = &site->offers[places[i]];
            if (gate == 0)
                offer->personas = site_list(site, 1, 0);
            else if (gate == 1)
                offer->locales = site_list(site, 0);
            else if (gate == 2)
                offer->starts = 5.0;
            else if (gate == 3)
                offer->consent = 63;
            deciding_begin(&deciding, site);
            deciding.situation.excluded = &places[i];
            deciding.situation.excluded_count = gate == 4;
            deciding.situation.consented = UINT64_MAX >> 1;
            const struct candidates *candidates = select_all(&deciding);
            assert_int_equal(candidates->count, 149);
            for (uint32_t j = 0; j < 149; j++)
                assert_int_equal(candidates->offers[j], j + (j >= places[i]));
            deciding_end(&deciding);
        }
}

/* Of 64 consents each is looked at by itself. */
static void test_candidates_select_knows_each_consent(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_large(64);
    for (uint32_t i = 0; i < 64; i++)
        site->offers[i].consent = i;
    deciding_begin(&deciding, site);
    assert_int_equal(select_all(&deciding)->count, 0);
    for (uint32_t i = 0; i < 64; i++) {
        deciding.situation.consented = UINT64_C(1) << i;
        const struct candidates *candidates = select_all(&deciding);
        assert_int_equal(candidates->count, 1);
        assert_int_equal(candidates->offers[0], i);
    }
    deciding.situation.consented = UINT64_MAX;
    assert_int_equal(select_all(&deciding)->count, 64);
    deciding_end(&deciding);
}

static void test_candidates_remove_keeps_the_order(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_large(6));
    struct candidates *candidates = &deciding.decider.candidates;
    select_all(&deciding);
    const uint32_t gone[] = {4, 0, 99};
    candidates_remove(candidates, gone, 3);
    static const uint32_t left[] = {1, 2, 3, 5};
    assert_int_equal(candidates->count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(candidates->offers[i], left[i]);
        assert_true(candidates->priorities[i] == 1000.0 - left[i]);
    }
    candidates_remove(candidates, NULL, 0);
    assert_int_equal(candidates->count, 4);
    candidates_remove(candidates, left, 4);
    assert_int_equal(candidates->count, 0);
    deciding_end(&deciding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_candidates_select_takes_all_of_any_number),
        cmocka_unit_test(test_candidates_select_leaves_out_single_offers),
        cmocka_unit_test(test_candidates_select_knows_each_consent),
        cmocka_unit_test(test_candidates_remove_keeps_the_order),
    };
    return cmocka_run_group_tests_name("decide/candidates", tests, NULL, NULL);
}

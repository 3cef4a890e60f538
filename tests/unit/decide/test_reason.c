/* reason: the sentences that tell why an offer is held back. */
#include "decide/reason.h"

#include <math.h>

#include "../cmocka_all.h"
#include "history_builder.h"
#include "site_builder.h"

static const int64_t now_ms = INT64_C(1790000000000), hour_ms = 3600000, day_ms = 24 * INT64_C(3600000);

/* The offer "a" under a policy "few" of three impressions in a week, with ten days of rest. */
struct reasoning {
    struct snapshot *site;
    struct bounds bounds;
    struct arena arena;
    struct history history;
    struct situation situation;
    uint32_t claimed; /* by others, of everything */
};

static void reasoning_begin(struct reasoning *reasoning)
{
    struct error error;
    struct snapshot *site = site_new_small();
    struct limit *limit = site_add_limit(site, "few", LIMIT_IMPRESSIONS, 3, 7 * 86400.0);
    limit->rest = 10 * 86400.0;
    site_limit(site, site_add_offer(site, "a", 1), limit);
    site_finish(site);
    *reasoning = (struct reasoning){.site = site};
    history_create(&reasoning->history);
    arena_create(&reasoning->arena, 4096);
    reasoning->situation = (struct situation){.customer = TEXT("ana"),
                                              .known = &reasoning->history.customer,
                                              .reserved_ms = 300000,
                                              .count = 2,
                                              .now_us = now_ms * 1000};
    assert_true(bounds_create(&reasoning->bounds, site, &error));
}

static void reasoning_end(struct reasoning *reasoning)
{
    bounds_destroy(&reasoning->bounds);
    arena_destroy(&reasoning->arena);
    snapshot_free(reasoning->site);
}

static void happen(struct reasoning *reasoning, enum touch_kind kind, int64_t ago_ms)
{
    history_touch(&reasoning->history, &reasoning->site->offers[0], kind, now_ms - ago_ms);
}

static void assert_reason(struct reasoning *reasoning, enum decision_gate gate, const char *expected)
{
    bounds_begin(&reasoning->bounds, &reasoning->situation);
    assert_int_equal(bounds_gate(&reasoning->bounds, 0), gate);
    assert_string_equal(reason_bounds(&reasoning->bounds, &reasoning->arena, 0, gate).bytes, expected);
}

static void test_reason_says_how_often_and_until_when(void **state)
{
    (void)state;
    struct reasoning reasoning;
    reasoning_begin(&reasoning);
    reasoning.site->limits[0].rest = 0;
    happen(&reasoning, TOUCH_IMPRESSION, 7 * day_ms - 6 * hour_ms);
    happen(&reasoning, TOUCH_IMPRESSION, day_ms);
    happen(&reasoning, TOUCH_IMPRESSION, hour_ms);
    assert_reason(&reasoning, DECISION_GATE_LIMIT, "policy 'few': seen 3 of 3 in 7d; free again in 6 h");
    reasoning.site->limits[0].policy = false;
    assert_reason(&reasoning, DECISION_GATE_LIMIT, "seen 3 of 3 in 7d; free again in 6 h");
    reasoning.site->limits[0].within = INFINITY;
    assert_reason(&reasoning, DECISION_GATE_LIMIT, "seen 3 of 3; never free again");
    reasoning.site->limits[0].rest = 2 * 3600.0;
    assert_reason(&reasoning, DECISION_GATE_RESTED, "resting after 3 of 3; free again in 1 h");
    reasoning_end(&reasoning);
}

static void test_reason_says_that_it_rests(void **state)
{
    (void)state;
    struct reasoning reasoning;
    reasoning_begin(&reasoning);
    reasoning.site->limits[0].within = 36 * 3600.0;
    for (int i = 0; i < 3; i++)
        happen(&reasoning, TOUCH_IMPRESSION, 2 * day_ms);
    assert_reason(&reasoning, DECISION_GATE_RESTED,
                  "policy 'few': resting after 3 of 3 in 36h; free again in 8 d");
    reasoning_end(&reasoning);
}

static void test_reason_has_a_word_for_all_that_is_counted(void **state)
{
    (void)state;
    static const struct {
        enum limit_counts counts;
        enum touch_kind touch;
        const char *expected;
    } words[] = {
        {LIMIT_DECISIONS, TOUCH_DECISION, "policy 'few': decided 1 of 1 in 90s; free again in 1 min 30 s"},
        {LIMIT_IMPRESSIONS, TOUCH_IMPRESSION, "policy 'few': seen 1 of 1 in 90s; free again in 1 min 30 s"},
        {LIMIT_CLICKS, TOUCH_CLICK, "policy 'few': clicked 1 of 1 in 90s; free again in 1 min 30 s"},
        {LIMIT_DISMISSALS, TOUCH_DISMISSAL,
         "policy 'few': dismissed 1 of 1 in 90s; free again in 1 min 30 s"},
        {LIMIT_CONVERSIONS, TOUCH_CONVERSION,
         "policy 'few': converted 1 of 1 in 90s; free again in 1 min 30 s"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct reasoning reasoning;
        reasoning_begin(&reasoning);
        struct limit *limit = &reasoning.site->limits[0];
        limit->counts = words[i].counts;
        limit->times = 1;
        limit->within = 90;
        limit->rest = 0;
        happen(&reasoning, words[i].touch, 0);
        assert_reason(&reasoning, DECISION_GATE_LIMIT, words[i].expected);
        reasoning_end(&reasoning);
    }
}

static void test_reason_counts_what_is_on_its_way(void **state)
{
    (void)state;
    struct reasoning reasoning;
    reasoning_begin(&reasoning);
    happen(&reasoning, TOUCH_IMPRESSION, hour_ms);
    happen(&reasoning, TOUCH_IMPRESSION, 0);
    history_reserve(&reasoning.history, &reasoning.site->offers[0], now_ms);
    assert_reason(&reasoning, DECISION_GATE_LIMIT,
                  "policy 'few': seen 2 of 3 in 7d, 1 more on its way; free again in 5 min");
    history_reserve(&reasoning.history, &reasoning.site->offers[0], now_ms - 60000);
    assert_reason(&reasoning, DECISION_GATE_LIMIT,
                  "policy 'few': seen 2 of 3 in 7d, 2 more on their way; free again in 5 min");
    reasoning_end(&reasoning);
}

/* Rounded up, to two units. */
static void test_reason_rounds_durations_up(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *said;
    } spans[] = {{1, "1 s"},
                 {1000, "1 s"},
                 {1001, "2 s"},
                 {59000, "59 s"},
                 {59001, "1 min"},
                 {60001, "1 min 1 s"},
                 {3599001, "1 h"},
                 {3600001, "1 h 1 min"},
                 {2 * 3600000 + 60000, "2 h 1 min"},
                 {24 * 3600000 - 1, "1 d"},
                 {24 * 3600000, "1 d"},
                 {51 * 3600000, "2 d 3 h"},
                 {51 * 3600000 + 1, "2 d 4 h"},
                 {INT64_C(240) * 3600000 - 1, "10 d"}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        struct reasoning reasoning;
        char expected[128];
        reasoning_begin(&reasoning);
        reasoning.site->limits[0].times = 1;
        reasoning.site->limits[0].within = 3600 * 24 * 20;
        reasoning.site->limits[0].rest = 0;
        happen(&reasoning, TOUCH_IMPRESSION, 20 * day_ms - spans[i].ms);
        snprintf(expected, sizeof expected, "policy 'few': seen 1 of 1 in 20d; free again in %s",
                 spans[i].said);
        assert_reason(&reasoning, DECISION_GATE_LIMIT, expected);
        reasoning_end(&reasoning);
    }
}

/* Of several limits the one that takes longest: the others' ends would promise too much. */
static void test_reason_tells_of_the_limit_that_lasts_longest(void **state)
{
    (void)state;
    struct reasoning reasoning;
    struct error error;
    reasoning_begin(&reasoning);
    bounds_destroy(&reasoning.bounds);
    snapshot_free(reasoning.site);
    struct snapshot *site = reasoning.site = site_new_small();
    struct offer *offer = site_add_offer(site, "a", 1);
    site_limit(site, offer, site_add_limit(site, "short", LIMIT_IMPRESSIONS, 1, 3600));
    site_limit(site, offer, site_add_limit(site, "long", LIMIT_IMPRESSIONS, 1, 7200));
    site_limit(site, offer, site_add_limit(site, "open", LIMIT_IMPRESSIONS, 2, 86400));
    site_finish(site);
    assert_true(bounds_create(&reasoning.bounds, site, &error));
    happen(&reasoning, TOUCH_IMPRESSION, 0);
    assert_reason(&reasoning, DECISION_GATE_LIMIT, "policy 'long': seen 1 of 1 in 2h; free again in 2 h");
    reasoning_end(&reasoning);
}

static bool all_given(void *context, uint32_t offer, uint64_t *given)
{
    (void)offer;
    *given = *(uint64_t *)context;
    return *given < 1000;
}

static uint32_t claims_open(void *context, uint64_t hash)
{
    (void)hash;
    return ((struct reasoning *)context)->claimed;
}

/* Others claim so much of everything. */
static void claim(struct reasoning *reasoning, uint32_t claimed)
{
    reasoning->claimed = claimed;
    reasoning->situation.claims = (struct situation_claims){reasoning, claims_open};
}

static void test_reason_speaks_of_stock(void **state)
{
    (void)state;
    uint64_t given = 500;
    struct reasoning reasoning;
    reasoning_begin(&reasoning);
    reasoning.site->offers[0].stocked = true;
    reasoning.site->offers[0].stock = 500;
    reasoning.situation.stock = (struct situation_stock){&given, all_given};
    assert_reason(&reasoning, DECISION_GATE_STOCK, "stock: 500 of 500 given");
    given = 1000;
    assert_reason(&reasoning, DECISION_GATE_STOCK,
                  "stock: how many were given cannot be told at this moment");
    given = 499;
    claim(&reasoning, 1);
    assert_reason(&reasoning, DECISION_GATE_STOCK, "stock: 500 of 500 given"); /* the last one just now */
    reasoning_end(&reasoning);
}

/* As it is said a moment later, when the store has it. */
static void test_reason_counts_what_others_are_taking(void **state)
{
    (void)state;
    struct reasoning reasoning;
    reasoning_begin(&reasoning);
    claim(&reasoning, 3);
    assert_reason(&reasoning, DECISION_GATE_LIMIT,
                  "policy 'few': seen 0 of 3 in 7d, 3 more on their way; free again in 5 min");
    happen(&reasoning, TOUCH_IMPRESSION, hour_ms);
    history_reserve(&reasoning.history, &reasoning.site->offers[0], now_ms - 60000);
    assert_reason(&reasoning, DECISION_GATE_LIMIT,
                  "policy 'few': seen 1 of 3 in 7d, 2 more on their way; free again in 4 min");
    reasoning.site->limits[0].counts = LIMIT_DECISIONS;
    reasoning.site->limits[0].rest = 0;
    assert_reason(&reasoning, DECISION_GATE_LIMIT, "policy 'few': decided 3 of 3 in 7d; free again in 7 d");
    reasoning.site->limits[0].within = INFINITY;
    assert_reason(&reasoning, DECISION_GATE_LIMIT, "policy 'few': decided 3 of 3; never free again");
    reasoning_end(&reasoning);
}

/* Of a decision that is explained later it is not known any more which limit it was: the scarcest, then. */
static void test_reason_finds_what_was_lost(void **state)
{
    (void)state;
    static const uint32_t held[] = {0};
    struct reasoning reasoning;
    struct error error;
    reasoning_begin(&reasoning);
    bounds_destroy(&reasoning.bounds);
    snapshot_free(reasoning.site);
    struct snapshot *site = reasoning.site = site_new_small();
    struct offer *offer = site_add_offer(site, "a", 1);
    site_limit(site, offer, site_add_limit(site, "clicked", LIMIT_CLICKS, 1, 3600));
    site_limit(site, offer, site_add_limit(site, "wide", LIMIT_IMPRESSIONS, 4, 3600));
    site_limit(site, offer, site_add_limit(site, "narrow", LIMIT_IMPRESSIONS, 2, 3600));
    site_limit(site, offer, site_add_limit(site, "wider", LIMIT_DECISIONS, 5, 3600));
    site_finish(site);
    assert_true(bounds_create(&reasoning.bounds, site, &error));
    reasoning.situation.held = held;
    reasoning.situation.held_count = 1;
    assert_reason(&reasoning, DECISION_GATE_LIMIT,
                  "policy 'narrow': seen 0 of 2 in 1h, 2 more on their way; free again in 5 min");
    reasoning_end(&reasoning);
}

static void test_reason_says_what_cannot_be_told(void **state)
{
    (void)state;
    struct reasoning reasoning;
    reasoning_begin(&reasoning);
    reasoning.situation.store_unavailable = true;
    assert_reason(&reasoning, DECISION_GATE_LIMIT,
                  "how often the customer has had it cannot be told at this moment");
    reasoning_end(&reasoning);
}

static void test_reason_counts_what_the_answer_has(void **state)
{
    (void)state;
    struct reasoning reasoning;
    reasoning_begin(&reasoning);
    happen(&reasoning, TOUCH_IMPRESSION, 0);
    bounds_begin(&reasoning.bounds, &reasoning.situation);
    bounds_take(&reasoning.bounds, 0);
    bounds_take(&reasoning.bounds, 0);
    assert_string_equal(reason_taken(&reasoning.bounds, &reasoning.arena, 0).bytes,
                        "policy 'few': seen 1 of 3 in 7d, and this answer has 2 more");
    claim(&reasoning, 1);
    bounds_begin(&reasoning.bounds, &reasoning.situation);
    assert_true(bounds_gate(&reasoning.bounds, 0) == DECISION_GATE_CHOSEN);
    bounds_take(&reasoning.bounds, 0);
    assert_string_equal(reason_taken(&reasoning.bounds, &reasoning.arena, 0).bytes,
                        "policy 'few': seen 2 of 3 in 7d, and this answer has 1 more");
    reasoning_end(&reasoning);
}

/* Its limits have room; but there is only so much that can be claimed at once. */
static void test_reason_says_that_much_is_promised(void **state)
{
    (void)state;
    struct reasoning reasoning;
    reasoning_begin(&reasoning);
    reasoning.site->limits[0].times = 1000;
    reasoning.situation.count = 50;
    bounds_destroy(&reasoning.bounds);
    reasoning.site->offers[0].stocked = true; /* two promises */
    struct error error;
    assert_true(bounds_create(&reasoning.bounds, reasoning.site, &error));
    bounds_begin(&reasoning.bounds, &reasoning.situation);
    for (int i = 0; i < 32; i++) {
        assert_true(bounds_fits(&reasoning.bounds, 0));
        bounds_take(&reasoning.bounds, 0);
    }
    assert_false(bounds_fits(&reasoning.bounds, 0));
    assert_string_equal(reason_taken(&reasoning.bounds, &reasoning.arena, 0).bytes,
                        "this answer promises as much as one answer can");
    reasoning_end(&reasoning);
}

static void test_reason_says_no_half_characters(void **state)
{
    (void)state;
    struct arena arena;
    char words[700];
    arena_create(&arena, 4096);
    for (size_t i = 0; i < sizeof words - 2; i += 2)
        memcpy(words + i, "ñ", 3);
    struct text said = reason_say(&arena, "x%s", words);
    assert_true(said.length > 500 && text_is_utf8(said));
    arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reason_says_how_often_and_until_when),
        cmocka_unit_test(test_reason_says_that_it_rests),
        cmocka_unit_test(test_reason_has_a_word_for_all_that_is_counted),
        cmocka_unit_test(test_reason_counts_what_is_on_its_way),
        cmocka_unit_test(test_reason_rounds_durations_up),
        cmocka_unit_test(test_reason_tells_of_the_limit_that_lasts_longest),
        cmocka_unit_test(test_reason_speaks_of_stock),
        cmocka_unit_test(test_reason_counts_what_others_are_taking),
        cmocka_unit_test(test_reason_finds_what_was_lost),
        cmocka_unit_test(test_reason_says_what_cannot_be_told),
        cmocka_unit_test(test_reason_counts_what_the_answer_has),
        cmocka_unit_test(test_reason_says_that_much_is_promised),
        cmocka_unit_test(test_reason_says_no_half_characters),
    };
    return cmocka_run_group_tests_name("decide/reason", tests, NULL, NULL);
}

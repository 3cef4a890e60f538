/* bounds: limits, stock and what is held, in the order of the gates, and what one decision leaves to itself.
 */
#include "decide/bounds.h"

#include <math.h>
#include <stdio.h>

#include "../cmocka_all.h"
#include "history_builder.h"
#include "site_builder.h"

enum { NOW_MS = 10000, TOLD = 3 };

/* Offers "free", "limited" (one impression in 5 s, then 10 s of rest), "stocked" (3 units), "both". */
enum { FREE, LIMITED, STOCKED, BOTH };

struct bounding {
    struct snapshot *site;
    struct bounds bounds;
    struct history history;
    struct situation situation;
    uint64_t given;  /* of every stock */
    bool is_unknown; /* how much was given cannot be told */
    uint32_t claimed_limit,
        claimed_stock; /* by others: of the customer's limit, and of the stock of "both" */
    uint32_t asked;    /* so often for what others claim */
};

static bool given(void *context, uint32_t offer, uint64_t *out)
{
    const struct bounding *bounding = context;
    assert_true(offer == STOCKED || offer == BOTH);
    *out = bounding->given;
    return !bounding->is_unknown;
}

static void bounding_begin(struct bounding *bounding)
{
    struct error error;
    struct snapshot *site = site_new_small();
    struct limit *limit = site_add_limit(site, "p", LIMIT_IMPRESSIONS, 1, 5);
    limit->rest = 10;
    site_add_offer(site, "free", 1);
    site_limit(site, site_add_offer(site, "limited", 1), limit);
    site_add_offer(site, "stocked", 1)->stocked = true;
    site_limit(site, site_add_offer(site, "both", 1), limit);
    site->offers[BOTH].stocked = true;
    site->offers[STOCKED].stock = site->offers[BOTH].stock = 3;
    site_finish(site);
    *bounding = (struct bounding){.site = site};
    history_create(&bounding->history);
    bounding->situation = (struct situation){.customer = TEXT("ana"),
                                             .known = &bounding->history.customer,
                                             .count = 2,
                                             .now_us = NOW_MS * 1000,
                                             .stock = {bounding, given}};
    assert_true(bounds_create(&bounding->bounds, site, &error));
}

static void bounding_end(struct bounding *bounding)
{
    bounds_destroy(&bounding->bounds);
    snapshot_free(bounding->site);
}

/* The gates of the four offers; 0 where none stops it. */
static void assert_gates(struct bounding *bounding, enum decision_gate free, enum decision_gate limited,
                         enum decision_gate stocked, enum decision_gate both)
{
    bounds_begin(&bounding->bounds, &bounding->situation);
    assert_int_equal(bounds_gate(&bounding->bounds, FREE), free);
    assert_int_equal(bounds_gate(&bounding->bounds, LIMITED), limited);
    assert_int_equal(bounds_gate(&bounding->bounds, STOCKED), stocked);
    assert_int_equal(bounds_gate(&bounding->bounds, BOTH), both);
}

static void see(struct bounding *bounding, int64_t at_ms)
{
    history_touch(&bounding->history, &bounding->site->offers[LIMITED], TOUCH_IMPRESSION, at_ms);
}

static void test_bounds_let_pass_what_is_free(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    assert_gates(&bounding, 0, 0, 0, 0);
    bounding.situation.stock = (struct situation_stock){NULL, NULL}; /* nobody has ever been given any */
    assert_gates(&bounding, 0, 0, 0, 0);
    bounding.site->offers[STOCKED].stock = 0;
    assert_gates(&bounding, 0, 0, DECISION_GATE_STOCK, 0);
    bounding_end(&bounding);
}

static void test_bounds_stop_at_the_limit_then_the_stock_then_the_rest(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    see(&bounding, NOW_MS - 1000);
    assert_gates(&bounding, 0, DECISION_GATE_LIMIT, 0, DECISION_GATE_LIMIT);
    bounding.given = 3;
    assert_gates(&bounding, 0, DECISION_GATE_LIMIT, DECISION_GATE_STOCK, DECISION_GATE_LIMIT);
    bounding.situation.now_us += 5000000;
    assert_gates(&bounding, 0, DECISION_GATE_RESTED, DECISION_GATE_STOCK, DECISION_GATE_STOCK);
    bounding.given = 2;
    assert_gates(&bounding, 0, DECISION_GATE_RESTED, 0, DECISION_GATE_RESTED);
    bounding.situation.now_us += 5000000;
    assert_gates(&bounding, 0, 0, 0, 0);
    bounding_end(&bounding);
}

static void test_bounds_hold_back_what_cannot_be_told(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    bounding.is_unknown = true;
    assert_gates(&bounding, 0, 0, DECISION_GATE_STOCK, DECISION_GATE_STOCK);
    bounding.is_unknown = false;
    bounding.situation.store_unavailable = true;
    bounding.situation.known = NULL;
    assert_gates(&bounding, 0, DECISION_GATE_LIMIT, 0, DECISION_GATE_LIMIT);
    bounding.situation.customer.length = 0; /* nobody that it could be about */
    assert_gates(&bounding, 0, 0, 0, 0);
    bounding_end(&bounding);
}

static void test_bounds_are_not_about_who_is_not_known(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    see(&bounding, NOW_MS);
    bounding.situation.restricted = true;
    assert_gates(&bounding, 0, 0, 0, 0);
    bounding.situation.restricted = false;
    bounding.situation.known = NULL; /* the first time */
    assert_gates(&bounding, 0, 0, 0, 0);
    assert_true(bounding.bounds.limits_hold);
    bounding.situation.customer.length = 0;
    assert_gates(&bounding, 0, 0, 0, 0);
    assert_false(bounding.bounds.limits_hold);
    bounding_end(&bounding);
}

static void test_bounds_stop_what_is_held(void **state)
{
    (void)state;
    static const uint32_t held[] = {LIMITED, FREE};
    struct bounding bounding;
    bounding_begin(&bounding);
    bounding.situation.held = held;
    bounding.situation.held_count = 2;
    assert_gates(&bounding, DECISION_GATE_LIMIT, DECISION_GATE_LIMIT, 0, 0);
    bounding.situation.held_count = 1;
    assert_gates(&bounding, 0, DECISION_GATE_LIMIT, 0, 0);
    bounding_end(&bounding);
}

static uint32_t claims_open(void *context, uint64_t hash)
{
    struct bounding *bounding = context;
    bounding->asked++;
    if (hash == bounds_limit_hash(TEXT("ana"), &bounding->site->limits[0]))
        return bounding->claimed_limit;
    return hash == bounds_stock_hash(bounding->site->offers[BOTH].id) ? bounding->claimed_stock : 0;
}

static void ask_claims(struct bounding *bounding, uint32_t limit, uint32_t stock)
{
    bounding->situation.claims = (struct situation_claims){bounding, claims_open};
    bounding->claimed_limit = limit;
    bounding->claimed_stock = stock;
}

/* Of a limit for all offers under it. */
static void test_bounds_stop_what_others_claim(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    bounding.site->limits[0].times = TOLD;
    bounding.situation.customer = TEXT("another name");
    ask_claims(&bounding, TOLD - 1, 2);
    assert_gates(&bounding, 0, 0, 0, 0);
    ask_claims(&bounding, TOLD, 0);
    assert_gates(&bounding, 0, DECISION_GATE_LIMIT, 0, DECISION_GATE_LIMIT);
    ask_claims(&bounding, TOLD - 1, 0);
    see(&bounding, NOW_MS - 1000);
    assert_gates(&bounding, 0, DECISION_GATE_LIMIT, 0, DECISION_GATE_LIMIT);
    ask_claims(&bounding, 0, 3);
    assert_gates(&bounding, 0, 0, 0, DECISION_GATE_STOCK);
    bounding.given = 1;
    ask_claims(&bounding, 0, 2);
    assert_gates(&bounding, 0, 0, 0, DECISION_GATE_STOCK);
    ask_claims(&bounding, 0, 1);
    assert_gates(&bounding, 0, 0, 0, 0);
    bounding_end(&bounding);
}

/* What is left beside them is shared. */
static void test_bounds_leave_room_beside_what_others_claim(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    bounding.site->limits[0].times = TOLD;
    ask_claims(&bounding, TOLD - 1, 0);
    bounds_begin(&bounding.bounds, &bounding.situation);
    assert_int_equal(bounds_admit(&bounding.bounds, LIMITED), DECISION_GATE_CHOSEN);
    assert_int_equal(bounds_admit(&bounding.bounds, BOTH), DECISION_GATE_CHOSEN);
    assert_int_equal(bounds_tight(&bounding.bounds), 2);
    bounds_take(&bounding.bounds, LIMITED);
    assert_false(bounds_fits(&bounding.bounds, BOTH));
    bounding_end(&bounding);
}

/* A limit is asked once in a decision, whatever happens meanwhile; one of clicks is nobody's to claim. */
static void test_bounds_ask_once(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    ask_claims(&bounding, 1, 0);
    bounds_begin(&bounding.bounds, &bounding.situation);
    assert_int_equal(bounds_gate(&bounding.bounds, LIMITED), DECISION_GATE_LIMIT);
    bounding.claimed_limit = 0;
    assert_int_equal(bounds_gate(&bounding.bounds, LIMITED), DECISION_GATE_LIMIT);
    assert_int_equal(bounds_gate(&bounding.bounds, BOTH), DECISION_GATE_LIMIT);
    assert_int_equal(bounding.asked, 1);
    assert_gates(&bounding, 0, 0, 0, 0);
    bounding.asked = 0;
    bounding.claimed_limit = 1;
    bounding.site->limits[0].counts = LIMIT_CLICKS;
    assert_gates(&bounding, 0, 0, 0, 0);
    assert_int_equal(bounding.asked, 2); /* of stock */
    bounding_end(&bounding);
}

static void test_bounds_leave_room_for_so_many_together(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    bounds_begin(&bounding.bounds, &bounding.situation);
    assert_int_equal(bounds_admit(&bounding.bounds, FREE), DECISION_GATE_CHOSEN);
    assert_int_equal(bounds_admit(&bounding.bounds, STOCKED), DECISION_GATE_CHOSEN);
    assert_int_equal(bounding.bounds.tight, 0);
    assert_int_equal(bounds_admit(&bounding.bounds, LIMITED), DECISION_GATE_CHOSEN);
    assert_int_equal(bounds_admit(&bounding.bounds, BOTH), DECISION_GATE_CHOSEN);
    assert_int_equal(bounding.bounds.tight, 2);
    bounds_take(&bounding.bounds, FREE);
    assert_true(bounds_fits(&bounding.bounds, LIMITED));
    bounds_take(&bounding.bounds, LIMITED);
    assert_false(bounds_fits(&bounding.bounds, BOTH));
    assert_true(bounds_fits(&bounding.bounds, STOCKED));
    assert_int_equal(bounds_gate(&bounding.bounds, BOTH), DECISION_GATE_CHOSEN); /* by itself */
    bounds_begin(&bounding.bounds, &bounding.situation);
    assert_true(bounds_fits(&bounding.bounds, BOTH));
    bounding_end(&bounding);
}

/* Being clicked is not up to the one who chooses. */
static void test_bounds_take_nothing_from_limits_of_clicks(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    bounding.site->limits[0].counts = LIMIT_CLICKS;
    bounds_begin(&bounding.bounds, &bounding.situation);
    assert_int_equal(bounds_admit(&bounding.bounds, LIMITED), DECISION_GATE_CHOSEN);
    assert_int_equal(bounding.bounds.tight, 0);
    bounds_take(&bounding.bounds, LIMITED);
    assert_true(bounds_fits(&bounding.bounds, BOTH));
    bounding_end(&bounding);
}

static void test_bounds_are_not_tight_where_there_is_enough(void **state)
{
    (void)state;
    struct bounding bounding;
    bounding_begin(&bounding);
    bounding.site->limits[0].times = TOLD;
    for (uint32_t slots = 1; slots <= 5; slots++) {
        bounding.situation.count = slots;
        bounds_begin(&bounding.bounds, &bounding.situation);
        assert_int_equal(bounds_admit(&bounding.bounds, LIMITED), DECISION_GATE_CHOSEN);
        assert_int_equal(bounding.bounds.tight, slots > TOLD);
    }
    bounding_end(&bounding);
}

/* So many offers, each under so many policies, which have room for all of them. */
static struct snapshot *new_crowded(uint32_t offers, uint32_t promises)
{
    struct snapshot *site = site_new_small();
    struct limit *limits[8];
    char name[16];
    for (uint32_t i = 0; i < promises; i++) {
        snprintf(name, sizeof name, "p%u", i);
        limits[i] = site_add_limit(site, name, LIMIT_IMPRESSIONS, 1000, 5);
    }
    for (uint32_t i = 0; i < offers; i++) {
        snprintf(name, sizeof name, "o%u", i);
        struct offer *offer = site_add_offer(site, name, 1);
        for (uint32_t j = 0; j < promises; j++)
            site_limit(site, offer, limits[j]);
    }
    site_finish(site);
    return site;
}

/* So many slots, so many promises each: how many of the offers fit, and whether some have to make way. */
static void assert_crowd(uint32_t slots, uint32_t promises, uint32_t fit, bool tight)
{
    struct error error;
    struct bounds bounds;
    struct snapshot *site = new_crowded(slots, promises);
    struct situation situation = {.customer = TEXT("ana"), .count = slots};
    assert_true(bounds_create(&bounds, site, &error));
    for (int round = 0; round < 2; round++) {
        bounds_begin(&bounds, &situation);
        for (uint32_t i = 0; i < slots; i++)
            assert_int_equal(bounds_admit(&bounds, i), DECISION_GATE_CHOSEN);
        assert_int_equal(bounds_tight(&bounds), tight ? slots : 0);
        uint32_t taken = 0;
        for (; taken < slots && bounds_fits(&bounds, taken); taken++)
            bounds_take(&bounds, taken);
        assert_int_equal(taken, fit);
    }
    situation.customer = (struct text){NULL, 0}; /* whom no limit is about */
    bounds_begin(&bounds, &situation);
    for (uint32_t i = 0; i < slots; i++)
        bounds_take(&bounds, i);
    assert_true(bounds_fits(&bounds, 0));
    bounds_destroy(&bounds);
    snapshot_free(site);
}

static void test_bounds_promise_no_more_than_can_be_claimed(void **state)
{
    (void)state;
    assert_crowd(50, 1, 50, false);
    assert_crowd(31, 2, 31, false);
    assert_crowd(32, 2, 32, false);
    assert_crowd(33, 2, 32, true);
    assert_crowd(50, 2, 32, true);
    assert_crowd(50, 3, 21, true);
    assert_crowd(11, 6, 10, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds_let_pass_what_is_free),
        cmocka_unit_test(test_bounds_stop_at_the_limit_then_the_stock_then_the_rest),
        cmocka_unit_test(test_bounds_hold_back_what_cannot_be_told),
        cmocka_unit_test(test_bounds_are_not_about_who_is_not_known),
        cmocka_unit_test(test_bounds_stop_what_is_held),
        cmocka_unit_test(test_bounds_stop_what_others_claim),
        cmocka_unit_test(test_bounds_leave_room_beside_what_others_claim),
        cmocka_unit_test(test_bounds_ask_once),
        cmocka_unit_test(test_bounds_leave_room_for_so_many_together),
        cmocka_unit_test(test_bounds_take_nothing_from_limits_of_clicks),
        cmocka_unit_test(test_bounds_are_not_tight_where_there_is_enough),
        cmocka_unit_test(test_bounds_promise_no_more_than_can_be_claimed),
    };
    return cmocka_run_group_tests_name("decide/bounds", tests, NULL, NULL);
}

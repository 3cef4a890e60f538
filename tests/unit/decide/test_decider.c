/* decider: ranking, strategies in file order, fallbacks, and answers without an item. */
#include <math.h>
#include <stdio.h>

#include "deciding.h"
#include "history_builder.h"

static void test_decider_ranks_by_value_and_levers(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new_small();
    site->journeys[0].weight = 10.0;
    uint32_t webinar = site_add_kind(site, "webinar", 40.0);
    site_add_offer(site, "plain", 100.0);                    /* 100 × 1.10 */
    site_add_offer(site, "lifted", 85.0)->weight = 20.0;     /* 85 × 1.30 = 110.5 */
    struct offer *held = site_add_offer(site, "held", 81.0); /* 81 × 1.45 = 117.45 */
    held->kind = webinar;
    held->weight = -5.0;
    deciding_begin(&deciding, site);
    deciding.situation.count = 3;
    assert_chosen(&deciding, "held lifted plain");
    assert_float_equal(deciding.decision.items[0].score, 117.45, 1e-9);
    assert_float_equal(deciding.decision.items[1].score, 110.5, 1e-9);
    assert_float_equal(deciding.decision.items[2].score, 110.0, 1e-9);
    assert_float_equal(deciding.decision.items[0].propensity, 1.0, 0.0);
    deciding_end(&deciding);
}

static void test_decider_never_ranks_below_zero(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new_small();
    site_add_offer(site, "first", 5.0)->weight = -150.0;
    site_add_offer(site, "second", 9.0)->weight = -100.0;
    deciding_begin(&deciding, site);
    assert_chosen(&deciding, "first second"); /* both worth nothing: as declared */
    assert_true(deciding.decision.items[0].score == 0.0 && deciding.decision.items[1].score == 0.0);
    deciding_end(&deciding);
}

static void test_decider_breaks_ties_by_declaration(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new_small();
    site_add_offer(site, "a", 5.0);
    site_add_offer(site, "b", 6.0);
    site_add_offer(site, "c", 6.0);
    site_add_offer(site, "d", 3.0);
    site_add_strategy(site, "scored")->has_score = true;
    deciding_begin(&deciding, site);
    deciding.situation.count = 4;
    assert_chosen(&deciding, "b c a d");
    deciding.answers->by_strategy[0].scores[3] = 2.0; /* d reaches b and c by its score */
    assert_chosen(&deciding, "b c d a");
    deciding.situation.count = 2;
    assert_chosen(&deciding, "b c");
    deciding_end(&deciding);
}

static void test_decider_multiplies_by_score(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new_small();
    site_add_offer(site, "a", 10.0);
    site_add_offer(site, "b", 4.0);
    site_add_offer(site, "c", 8.0);
    site_add_offer(site, "d", 9.0);
    site_add_strategy(site, "scored")->has_score = true;
    deciding_begin(&deciding, site);
    const double scores[] = {0.0, 3.0, -1.0, NAN};
    memcpy(deciding.answers->by_strategy[0].scores, scores, sizeof scores);
    deciding.situation.count = 4;
    assert_chosen(&deciding, "b a"); /* 0 fits, below 0 does not, nor what was not looked at */
    assert_float_equal(deciding.decision.items[0].score, 12.0, 0.0);
    assert_float_equal(deciding.decision.items[1].score, 0.0, 0.0);
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_NONE);
    deciding_end(&deciding);
}

/* Offers a 3, b 2, c 1 and two strategies with functions. */
static struct snapshot *new_two_strategies(void)
{
    struct snapshot *site = site_new_small();
    site_add_offer(site, "a", 3.0);
    site_add_offer(site, "b", 2.0);
    site_add_offer(site, "c", 1.0);
    site_add_strategy(site, "one")->has_eligible = true;
    site_add_strategy(site, "two")->has_eligible = true;
    return site;
}

static void test_decider_fills_slots_in_file_order(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_two_strategies());
    deciding.answers->by_strategy[0].scores[0] = -1.0;
    deciding.answers->by_strategy[0].scores[1] = -1.0;
    deciding.situation.count = 3;
    assert_chosen(&deciding, "c a b"); /* what the first strategy chose comes first, whatever it is worth */
    assert_int_equal(deciding.decision.strategy, 0);
    assert_int_equal(deciding.decision.items[0].strategy, 0);
    assert_int_equal(deciding.decision.items[1].strategy, 1);
    assert_int_equal(deciding.answers->asked_count, 2);
    assert_int_equal(deciding.answers->asked[0].count, 3);
    assert_int_equal(deciding.answers->asked[0].wanted, 3);
    assert_int_equal(deciding.answers->asked[1].count, 2); /* an offer fills one slot at most */
    assert_int_equal(deciding.answers->asked[1].wanted, 2);
    deciding_end(&deciding);
}

static void test_decider_asks_no_more_strategies_than_needed(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_two_strategies());
    assert_chosen(&deciding, "a b");
    assert_int_equal(deciding.answers->asked_count, 1);
    deciding_end(&deciding);
}

static void test_decider_passes_over_a_strategy_that_does_not_apply(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_two_strategies());
    deciding.answers->by_strategy[0].applies = false;
    assert_chosen(&deciding, "a b");
    assert_int_equal(deciding.decision.strategy, 1);
    assert_int_equal(deciding.decision.items[0].strategy, 1);
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_NONE);
    assert_null(deciding.decision.because.bytes);
    deciding_end(&deciding);
}

static void test_decider_asks_only_strategies_of_the_cell(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_two_strategies();
    site_add_stage(site, "later");
    site_add_placement(site, "sidebar", 1);
    site->strategies[0].stages = site_list(site, 1, 1);
    site->strategies[1].placements = site_list(site, 1, 1);
    deciding_begin(&deciding, site);
    assert_chosen(&deciding, "a b"); /* no strategy speaks here: priority alone */
    assert_int_equal(deciding.answers->asked_count, 0);
    assert_int_equal(deciding.decision.strategy, SNAPSHOT_NONE);
    assert_int_equal(deciding.decision.items[0].strategy, SNAPSHOT_NONE);
    deciding.situation.stage = 1;
    deciding_decide(&deciding);
    assert_int_equal(deciding.decision.strategy, 0);
    deciding.situation.stage = 0;
    deciding.situation.placement = 1;
    deciding_decide(&deciding);
    assert_int_equal(deciding.decision.strategy, 1);
    deciding_end(&deciding);
}

static void test_decider_does_not_ask_where_there_are_no_functions(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new_small();
    site_add_offer(site, "a", 1.0);
    site_add_offer(site, "b", 2.0);
    site_add_strategy(site, "plain")->because = site_texts(site, "lo mejor");
    deciding_begin(&deciding, site);
    assert_chosen(&deciding, "b a");
    assert_int_equal(deciding.answers->asked_count, 0);
    assert_int_equal(deciding.decision.strategy, 0);
    assert_text(deciding.decision.items[0].because, "lo mejor");
    deciding_end(&deciding);
}

static void check_failure(enum hooks_result result, enum decision_fallback fallback, const char *word)
{
    struct deciding deciding;
    struct snapshot *site = new_two_strategies();
    site->placements[0].fallback = site_list(site, 2, 2, 1);
    deciding_begin(&deciding, site);
    deciding.situation.count = 3;
    deciding.answers->by_strategy[0].result = result;
    assert_chosen(&deciding, "c b");
    assert_int_equal(deciding.answers->asked_count, 1); /* the rest is not asked any more */
    assert_int_equal(deciding.decision.fallback, fallback);
    assert_int_equal(deciding.decision.strategy, SNAPSHOT_NONE);
    assert_true(deciding.decision.items[0].fallback && deciding.decision.items[1].fallback);
    assert_non_null(strstr(deciding.decision.because.bytes, word));
    deciding_end(&deciding);
}

static void test_decider_labels_failures_and_falls_back(void **state)
{
    (void)state;
    check_failure(HOOKS_FAILED, DECISION_FALLBACK_STRATEGY_ERROR, "failed");
    check_failure(HOOKS_DEADLINE, DECISION_FALLBACK_DEADLINE, "too long");
}

static void test_decider_keeps_what_was_chosen_before_a_failure(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_two_strategies();
    site->placements[0].fallback = site_list(site, 2, 0, 2);
    deciding_begin(&deciding, site);
    deciding.situation.count = 3;
    deciding.answers->by_strategy[0].scores[1] = -1.0;
    deciding.answers->by_strategy[0].scores[2] = -1.0;
    deciding.answers->by_strategy[1].result = HOOKS_FAILED;
    assert_chosen(&deciding, "a c"); /* a is not shown twice */
    assert_false(deciding.decision.items[0].fallback);
    assert_true(deciding.decision.items[1].fallback);
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    assert_int_equal(deciding.decision.strategy, 0);
    deciding_end(&deciding);
}

static void test_decider_falls_back_where_no_offer_fits(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_two_strategies();
    site->placements[0].fallback = site_list(site, 1, 2);
    deciding_begin(&deciding, site);
    deciding.answers->by_strategy[0].applies = deciding.answers->by_strategy[1].applies = false;
    assert_chosen(&deciding, "c");
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_NO_OFFER_FITS);
    assert_int_equal(deciding.decision.strategy, SNAPSHOT_NONE);
    assert_int_equal(deciding.decision.items[0].strategy, SNAPSHOT_NONE);
    assert_text(deciding.decision.items[0].because, "the placement's fallback");
    assert_text(deciding.decision.because, "no offer fits; the placement's fallback is shown");
    deciding_end(&deciding);
}

static void test_decider_says_why_there_is_nothing(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, site_new_small());
    assert_chosen(&deciding, "");
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_NO_OFFER_FITS);
    assert_text(deciding.decision.because, "no offer fits, nor does the placement's fallback");
    assert_null(deciding.decision.traces);
    deciding_end(&deciding);
}

/* Slots left by the strategies are filled up without the answer being labelled: something did fit. */
static void test_decider_fills_up_with_fallbacks(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new_small();
    site_add_offer(site, "fits", 1.0);
    site_add_offer(site, "spare", 9.0)->placements = site_list(site, 0);
    site->placements[0].fallback = site_list(site, 2, 0, 1);
    deciding_begin(&deciding, site);
    assert_chosen(&deciding, "fits spare");
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_NONE);
    assert_true(deciding.decision.items[1].fallback);
    assert_null(deciding.decision.because.bytes);
    deciding.situation.count = 1;
    assert_chosen(&deciding, "fits");
    deciding_end(&deciding);
}

/* Fallbacks that are held back by their dates, their consent, the request and their language. */
static struct snapshot *new_fallbacks(void)
{
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_locale(site, "en");
    site_add_kind(site, "guide", 0.0);
    site_add_journey(site, "walk")->locale = 0;
    site_add_stage(site, "start");
    site_add_persona(site, "buyer");
    site_add_consent(site, "marketing");
    struct placement *hero = site_add_placement(site, "hero", 2);
    site_add_offer(site, "early", 1.0)->starts = 100.0;
    site_add_offer(site, "late", 1.0)->ends = 100.0;
    site_add_offer(site, "asking", 1.0)->consent = 0;
    site_add_offer(site, "english", 1.0)->titles = site_texts(site, NULL, "only English");
    struct offer *narrow = site_add_offer(site, "narrow", 1.0);
    narrow->personas = site_list(site, 1, 0);
    narrow->stages = site_list(site, 0);
    site_add_offer(site, "local", 1.0)->locales = site_list(site, 1, 1);
    for (uint32_t i = 0; i < site->offer_count; i++)
        site->offers[i].placements = site_list(site, 0);
    hero->fallback = site_list(site, 6, 0, 1, 2, 3, 4, 5);
    return site;
}

static void test_decider_holds_fallbacks_to_the_gates_that_bind(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_fallbacks());
    struct situation *situation = &deciding.situation;
    situation->count = 50;
    situation->now_us = 99999999;
    assert_chosen(&deciding, "late narrow"); /* for no stage or persona in particular once it is a fallback */
    situation->now_us = 100000000;
    assert_chosen(&deciding, "early narrow");
    situation->consented = 1;
    assert_chosen(&deciding, "early asking narrow");
    situation->locale = 1;
    assert_chosen(&deciding, "early asking english narrow local");
    const uint32_t excluded[] = {0, 3};
    situation->excluded = excluded;
    situation->excluded_count = 2;
    assert_chosen(&deciding, "asking narrow local");
    deciding_end(&deciding);
}

static void test_decider_leaves_stages_alone_that_want_no_offer(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_locale(site, "en");
    site_add_kind(site, "guide", 0.0);
    site_add_journey(site, "walk");
    struct stage *quiet = site_add_stage(site, "quiet");
    quiet->wants_no_offer = true;
    quiet->no_offer = site_texts(site, "ahora no", NULL);
    site_add_stage(site, "silent")->wants_no_offer = true;
    site_add_placement(site, "hero", 1)->fallback = site_list(site, 1, 0);
    site_add_offer(site, "a", 1.0);
    deciding_begin(&deciding, site);
    deciding.situation.locale = 1;
    assert_chosen(&deciding, "");
    assert_text(deciding.decision.because,
                "ahora no"); /* the journey's language where the other has no text */
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_NONE);
    deciding.situation.stage = 1;
    assert_chosen(&deciding, "");
    assert_text(deciding.decision.because, "this stage wants no offer");
    deciding_end(&deciding);
}

static void test_decider_gives_the_reasons_of_strategies(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_locale(site, "en");
    site_add_kind(site, "guide", 0.0);
    site_add_journey(site, "walk");
    site_add_stage(site, "start");
    site_add_placement(site, "hero", 3);
    site_add_offer(site, "a", 3.0);
    site_add_offer(site, "b", 2.0);
    struct strategy *one = site_add_strategy(site, "one");
    one->has_score = true;
    one->because = site_texts(site, "porque sí", NULL);
    deciding_begin(&deciding, site);
    deciding.answers->by_strategy[0].reasons[1] = "read about it";
    deciding.answers->by_strategy[0].scores[1] = 2.0; /* b comes first; its reason has to come along */
    deciding.situation.locale = 1;
    assert_chosen(&deciding, "b a");
    assert_text(deciding.decision.items[0].because, "read about it");
    assert_text(deciding.decision.items[1].because, "porque sí");
    deciding_end(&deciding);
}

static void test_decider_fills_from_one_to_fifty_slots(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = site_new_small();
    for (uint32_t i = 0; i < 60; i++) {
        char id[16];
        snprintf(id, sizeof id, "o%u", i);
        site_add_offer(site, id, (i * 37) % 60);
    }
    deciding_begin(&deciding, site);
    for (uint32_t count = 1; count <= DECISION_ITEMS_MAX; count++) {
        deciding.situation.count = count;
        const struct decision *decision = deciding_decide(&deciding);
        assert_int_equal(decision->count, count);
        for (uint32_t i = 0; i < count; i++)
            assert_true(decision->items[i].score == 59.0 - i);
    }
    deciding_end(&deciding);
}

static void test_decider_leaves_out_what_is_excluded(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_two_strategies();
    site->placements[0].fallback = site_list(site, 3, 0, 1, 2);
    deciding_begin(&deciding, site);
    const uint32_t excluded[] = {1, 0, 1};
    deciding.situation.excluded = excluded;
    deciding.situation.excluded_count = 3;
    assert_chosen(&deciding, "c");
    deciding.situation.excluded_count = 1;
    assert_chosen(&deciding, "a c");
    deciding_end(&deciding);
}

/* With a trace every candidate is looked at, without one only as many as are needed. */
static void test_decider_tells_strategies_how_many_are_wanted(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_two_strategies());
    deciding.situation.count = 1;
    assert_chosen(&deciding, "a");
    assert_int_equal(deciding.answers->asked[0].wanted, 1);
    deciding.situation.explain = true;
    assert_chosen(&deciding, "a");
    assert_int_equal(deciding.answers->asked[0].wanted, 1); /* explaining changes nothing */
    deciding_end(&deciding);
}

static void test_decider_needs_no_more_memory_for_the_next(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_two_strategies());
    deciding.situation.explain = true;
    deciding.answers->by_strategy[0].reasons[0] = "a reason that is copied for each decision";
    deciding_decide(&deciding);
    size_t total = deciding.decider.arena.total;
    for (int i = 0; i < 1000; i++)
        deciding_decide(&deciding);
    assert_int_equal(deciding.decider.arena.total, total);
    assert_null(deciding.decider.traces);
    deciding_end(&deciding);
}

static void test_decision_names_are_the_wire_contract_s(void **state)
{
    (void)state;
    assert_null(decision_fallback_name(DECISION_FALLBACK_NONE));
    assert_string_equal(decision_fallback_name(DECISION_FALLBACK_NO_OFFER_FITS), "no_offer_fits");
    assert_string_equal(decision_fallback_name(DECISION_FALLBACK_STRATEGY_ERROR), "strategy_error");
    assert_string_equal(decision_fallback_name(DECISION_FALLBACK_DEADLINE), "deadline");
    assert_string_equal(decision_fallback_name(DECISION_FALLBACK_STORE_UNAVAILABLE), "store_unavailable");
    assert_string_equal(decision_fallback_name(DECISION_FALLBACK_RESTRICTED), "restricted");
    assert_string_equal(decision_gate_name(DECISION_GATE_LIMIT), "limit");
    assert_string_equal(decision_gate_name(DECISION_GATE_STOCK), "stock");
    assert_string_equal(decision_gate_name(DECISION_GATE_RESTED), "rested");
    assert_null(decision_gate_name(DECISION_GATE_CHOSEN));
    assert_string_equal(decision_gate_name(DECISION_GATE_PLACEMENT), "placement");
    assert_string_equal(decision_gate_name(DECISION_GATE_CONSENT), "consent");
    assert_string_equal(decision_gate_name(DECISION_GATE_RANK), "rank");
}

/* ---- Bounds ---- */

/* Offers a … e, worth less and less; b and c, and the fallback f, are under a policy of three impressions. */
static struct snapshot *new_bounded(void)
{
    struct snapshot *site = site_new_small();
    struct limit *policy = site_add_limit(site, "few", LIMIT_IMPRESSIONS, 3, 100);
    site_add_offer(site, "a", 9);
    site_limit(site, site_add_offer(site, "b", 8), policy);
    site_limit(site, site_add_offer(site, "c", 7), policy);
    site_add_offer(site, "d", 6);
    site_add_offer(site, "e", 5);
    struct offer *spare = site_add_offer(site, "f", 4);
    site_limit(site, spare, policy);
    spare->placements = site_list(site, 0);
    site->placements[0].fallback = site_list(site, 1, 5);
    return site;
}

/* A customer who has seen b so often. */
static void begin_bounded(struct deciding *deciding, struct snapshot *site, struct history *history, int seen)
{
    deciding_begin(deciding, site);
    history_create(history);
    for (int i = 0; i < seen; i++)
        history_touch(history, &site->offers[1], TOUCH_IMPRESSION, 1);
    deciding->situation.customer = history->customer.id;
    deciding->situation.known = &history->customer;
    deciding->situation.now_us = 2000;
    deciding->situation.count = 4;
}

static void test_decider_shares_what_a_policy_leaves(void **state)
{
    (void)state;
    static const char *const chosen[] = {"a b c d", "a b c d", "a b d e", "a d e"};
    for (int seen = 0; seen <= 3; seen++) {
        struct deciding deciding;
        struct history history;
        begin_bounded(&deciding, new_bounded(), &history, seen);
        assert_chosen(&deciding, chosen[seen]);
        assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_NONE);
        deciding_end(&deciding);
    }
}

/* The strategy's scores say which one it is, and rank the rest. */
static void test_decider_gives_the_last_of_a_policy_to_the_best(void **state)
{
    (void)state;
    struct deciding deciding;
    struct history history;
    struct snapshot *site = new_bounded();
    site_add_strategy(site, "s")->has_score = true;
    begin_bounded(&deciding, site, &history, 2);
    deciding.answers->by_strategy[0].scores[2] = 10;
    assert_chosen(&deciding, "c a d e");
    deciding.answers->by_strategy[0].scores[0] = -1;
    assert_chosen(&deciding, "c d e"); /* nor does the fallback fit any more */
    deciding_end(&deciding);
}

/* A strategy that may stop looking when enough fit is asked for more where some may not fit together. */
static void test_decider_looks_behind_those_that_make_way(void **state)
{
    (void)state;
    struct deciding deciding;
    struct history history;
    struct snapshot *site = new_bounded();
    site_add_strategy(site, "s")->has_eligible = true;
    begin_bounded(&deciding, site, &history, 2);
    deciding.situation.count = 3;
    assert_chosen(&deciding, "a b d");
    assert_int_equal(deciding.answers->asked[0].wanted, 5);
    deciding.situation.count = 1; /* one of them fits in any case */
    assert_chosen(&deciding, "a");
    assert_int_equal(deciding.answers->asked[0].wanted, 1);
    deciding_end(&deciding);
}

/* What the first strategy used up, the second is not asked about. */
static void test_decider_counts_over_strategies_and_fallbacks(void **state)
{
    (void)state;
    struct deciding deciding;
    struct history history;
    struct snapshot *site = new_bounded();
    site_add_strategy(site, "first")->has_eligible = true;
    site_add_strategy(site, "second")->has_eligible = true;
    begin_bounded(&deciding, site, &history, 2);
    struct answer *first = &deciding.answers->by_strategy[0], *second = &deciding.answers->by_strategy[1];
    for (int i = 0; i < 6; i++)
        first->scores[i] = i == 2 ? 1.0 : -1.0;
    second->scores[4] = -1.0;
    assert_chosen(&deciding, "c a d");
    assert_int_equal(deciding.answers->asked[1].count, 3); /* a, d and e */
    deciding_end(&deciding);
}

static void test_decider_holds_fallbacks_to_limits_and_stock(void **state)
{
    (void)state;
    static const uint32_t held[] = {5};
    struct deciding deciding;
    struct history history;
    struct snapshot *site = new_bounded();
    for (int i = 0; i < 5; i++)
        site->offers[i].placements = site_list(site, 0);
    begin_bounded(&deciding, site, &history, 2);
    assert_chosen(&deciding, "f");
    deciding.situation.held = held;
    deciding.situation.held_count = 1;
    assert_chosen(&deciding, "");
    deciding.situation.held_count = 0;
    history_touch(&history, &site->offers[5], TOUCH_IMPRESSION, 1);
    assert_chosen(&deciding, "");
    deciding.situation.customer = (struct text){NULL, 0};
    deciding.situation.known = NULL;
    assert_chosen(&deciding, "f");
    site->offers[5].stocked = true; /* none at all */
    assert_chosen(&deciding, "");
    deciding_end(&deciding);
}

static void test_decider_shows_anybody_the_fallback(void **state)
{
    (void)state;
    struct deciding deciding;
    struct history history;
    struct snapshot *site = new_bounded();
    site_add_consent(site, "marketing");
    site_add_strategy(site, "s")->has_eligible = true;
    site->placements[0].fallback = site_list(site, 3, 5, 4, 0);
    site->offers[4].consent = 0;
    begin_bounded(&deciding, site, &history, 3);
    deciding.situation.consented = 1;
    deciding.situation.restricted = true;
    assert_chosen(&deciding, "f a"); /* what was seen and agreed to is not looked at */
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_RESTRICTED);
    assert_text(deciding.decision.because,
                "the customer's data may not be used: only the placement's fallback");
    assert_int_equal(deciding.answers->asked_count, 0);
    deciding.situation.restricted = false;
    deciding.situation.store_unavailable = true;
    deciding.situation.known = NULL;
    assert_chosen(&deciding, "e a"); /* whether f was seen too often cannot be told */
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_STORE_UNAVAILABLE);
    assert_text(deciding.decision.because,
                "what is remembered of the customer cannot be read now: only the placement's fallback");
    assert_int_equal(deciding.answers->asked_count, 0);
    deciding_end(&deciding);
}

/* Who restricts has no stage that could want no offer, either. */
static void test_decider_shows_anybody_the_fallback_in_quiet_stages(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_bounded();
    site->stages[0].wants_no_offer = true;
    deciding_begin(&deciding, site);
    assert_chosen(&deciding, "");
    deciding.situation.restricted = true;
    assert_chosen(&deciding, "f");
    assert_int_equal(deciding.decision.fallback, DECISION_FALLBACK_RESTRICTED);
    deciding_end(&deciding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decider_ranks_by_value_and_levers),
        cmocka_unit_test(test_decider_never_ranks_below_zero),
        cmocka_unit_test(test_decider_breaks_ties_by_declaration),
        cmocka_unit_test(test_decider_multiplies_by_score),
        cmocka_unit_test(test_decider_fills_slots_in_file_order),
        cmocka_unit_test(test_decider_asks_no_more_strategies_than_needed),
        cmocka_unit_test(test_decider_passes_over_a_strategy_that_does_not_apply),
        cmocka_unit_test(test_decider_asks_only_strategies_of_the_cell),
        cmocka_unit_test(test_decider_does_not_ask_where_there_are_no_functions),
        cmocka_unit_test(test_decider_labels_failures_and_falls_back),
        cmocka_unit_test(test_decider_keeps_what_was_chosen_before_a_failure),
        cmocka_unit_test(test_decider_falls_back_where_no_offer_fits),
        cmocka_unit_test(test_decider_says_why_there_is_nothing),
        cmocka_unit_test(test_decider_fills_up_with_fallbacks),
        cmocka_unit_test(test_decider_holds_fallbacks_to_the_gates_that_bind),
        cmocka_unit_test(test_decider_leaves_stages_alone_that_want_no_offer),
        cmocka_unit_test(test_decider_gives_the_reasons_of_strategies),
        cmocka_unit_test(test_decider_fills_from_one_to_fifty_slots),
        cmocka_unit_test(test_decider_leaves_out_what_is_excluded),
        cmocka_unit_test(test_decider_tells_strategies_how_many_are_wanted),
        cmocka_unit_test(test_decider_needs_no_more_memory_for_the_next),
        cmocka_unit_test(test_decision_names_are_the_wire_contract_s),
        cmocka_unit_test(test_decider_shares_what_a_policy_leaves),
        cmocka_unit_test(test_decider_gives_the_last_of_a_policy_to_the_best),
        cmocka_unit_test(test_decider_looks_behind_those_that_make_way),
        cmocka_unit_test(test_decider_counts_over_strategies_and_fallbacks),
        cmocka_unit_test(test_decider_holds_fallbacks_to_limits_and_stock),
        cmocka_unit_test(test_decider_shows_anybody_the_fallback),
        cmocka_unit_test(test_decider_shows_anybody_the_fallback_in_quiet_stages),
    };
    return cmocka_run_group_tests_name("decide/decider", tests, NULL, NULL);
}

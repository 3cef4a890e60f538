/* trace: for each offer that the placement could show, the first gate that stops it, and in which words. */
#include "deciding.h"
#include "history_builder.h"

/* The offer's trace; there is one at the most. NULL: none. */
static const struct decision_trace *trace_of(const struct deciding *deciding, const char *id)
{
    const struct decision_trace *found = NULL;
    for (uint32_t i = 0; i < deciding->decision.trace_count; i++) {
        const struct decision_trace *trace = &deciding->decision.traces[i];
        if (!text_equal(deciding->site->offers[trace->offer].id, text_from(id)))
            continue;
        assert_null(found);
        found = trace;
    }
    return found;
}

#define assert_gate(deciding, id, expected, reason)                                                          \
    do {                                                                                                     \
        const struct decision_trace *trace_ = trace_of((deciding), (id));                                    \
        assert_non_null(trace_);                                                                             \
        assert_int_equal(trace_->gate, (expected));                                                          \
        assert_text(trace_->because, (reason));                                                              \
    } while (0)

/* es and en, two stages of which the first takes guides only, two personas, a consent. */
static struct snapshot *new_site(void)
{
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_locale(site, "en");
    site_add_kind(site, "guide", 0.0);
    site_add_kind(site, "webinar", 0.0);
    site_add_kind(site, "banner", 0.0);
    site_add_journey(site, "walk");
    site_add_stage(site, "start")->kinds = site_list(site, 2, 0, 2);
    site_add_stage(site, "later");
    site_add_stage(site, "quiet")->wants_no_offer = true;
    site_add_persona(site, "buyer");
    site_add_persona(site, "maker");
    site_add_consent(site, "marketing");
    site_add_consent(site, "email");
    site_add_placement(site, "hero", 1)->kinds = site_list(site, 2, 0, 1);
    site_add_placement(site, "sidebar", 1);
    return site;
}

static void begin(struct deciding *deciding, struct snapshot *site)
{
    deciding_begin(deciding, site);
    deciding->situation.count = 1;
    deciding->situation.explain = true;
}

static void test_trace_names_the_gate_and_the_reason(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    const uint32_t excluded[] = {9};
    site_add_offer(site, "wrong-kind", 1.0)->kind = 2;
    site_add_offer(site, "stage-kind", 1.0)->kind = 1;
    site_add_offer(site, "stage", 1.0)->stages = site_list(site, 2, 1, 2);
    site_add_offer(site, "persona", 1.0)->personas = site_list(site, 2, 0, 1);
    site_add_offer(site, "title", 1.0)->titles = site_texts(site, NULL, "English");
    site_add_offer(site, "locale", 1.0)->locales = site_list(site, 1, 1);
    site_add_offer(site, "early", 1.0)->starts = 86400.0;
    site_add_offer(site, "late", 1.0)->ends = 60.0;
    site_add_offer(site, "consent", 1.0)->consent = 1;
    site_add_offer(site, "excluded", 1.0);
    begin(&deciding, site);
    deciding.situation.excluded = excluded;
    deciding.situation.excluded_count = 1;
    deciding.situation.now_us = 60000000;
    deciding.situation.consented = 1;
    deciding_decide(&deciding);
    assert_int_equal(deciding.decision.trace_count, 10);
    assert_gate(&deciding, "wrong-kind", DECISION_GATE_PLACEMENT,
                "the placement does not take the kind 'banner'");
    assert_gate(&deciding, "stage-kind", DECISION_GATE_STAGE,
                "stage 'start' does not take the kind 'webinar'");
    assert_gate(&deciding, "stage", DECISION_GATE_STAGE,
                "the customer is in 'start'; the offer is for later, quiet");
    assert_gate(&deciding, "persona", DECISION_GATE_PERSONA,
                "the customer's persona is unknown; the offer is for buyer, maker");
    assert_gate(&deciding, "title", DECISION_GATE_LOCALE, "no title in 'es'");
    assert_gate(&deciding, "locale", DECISION_GATE_LOCALE, "the locale is 'es'; the offer is for en");
    assert_gate(&deciding, "early", DECISION_GATE_DATES, "starts 1970-01-02 00:00 UTC");
    assert_gate(&deciding, "late", DECISION_GATE_DATES, "ended 1970-01-01 00:01 UTC");
    assert_gate(&deciding, "consent", DECISION_GATE_CONSENT, "needs the customer's consent to 'email'");
    assert_gate(&deciding, "excluded", DECISION_GATE_EXCLUDED, "excluded by the request");
    deciding_end(&deciding);
}

/* An offer that every gate stops; each is lifted in turn, and the next one shows. */
static void test_trace_names_the_first_gate_of_many(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    struct offer *offer = site_add_offer(site, "a", 1.0);
    const uint32_t excluded[] = {0};
    offer->kind = 1;
    offer->personas = site_list(site, 1, 1);
    offer->locales = site_list(site, 1, 1);
    offer->ends = 10.0;
    offer->consent = 0;
    site_add_strategy(site, "picky")->has_eligible = true;
    begin(&deciding, site);
    struct situation *situation = &deciding.situation;
    deciding.answers->by_strategy[0].scores[0] = -1.0;
    situation->persona = 0;
    situation->now_us = 10000000;
    situation->excluded = excluded;
    situation->excluded_count = 1;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_STAGE, "stage 'start' does not take the kind 'webinar'");
    situation->stage = 1;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_PERSONA, "the customer is 'buyer'; the offer is for maker");
    situation->persona = 1;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_LOCALE, "the locale is 'es'; the offer is for en");
    situation->locale = 1;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_DATES, "ended 1970-01-01 00:00 UTC");
    situation->now_us = 9999999;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_CONSENT, "needs the customer's consent to 'marketing'");
    situation->consented = 1;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_EXCLUDED, "excluded by the request");
    situation->excluded_count = 0;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_STRATEGY, "strategy 'picky' finds it not eligible");
    deciding.answers->by_strategy[0].scores[0] = 1.0;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_CHOSEN, "chosen by strategy 'picky'");
    deciding_end(&deciding);
}

static void test_trace_tells_only_of_what_the_placement_could_show(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "elsewhere", 1.0)->placements = site_list(site, 1, 1);
    site_add_offer(site, "nowhere", 1.0)->placements = site_list(site, 0);
    site_add_offer(site, "here", 1.0)->placements = site_list(site, 1, 0);
    site_add_offer(site, "anywhere", 1.0);
    begin(&deciding, site);
    deciding_decide(&deciding);
    assert_int_equal(deciding.decision.trace_count, 2);
    assert_non_null(trace_of(&deciding, "here"));
    assert_non_null(trace_of(&deciding, "anywhere"));
    deciding.situation.explain = false;
    deciding_decide(&deciding);
    assert_null(deciding.decision.traces);
    assert_int_equal(deciding.decision.trace_count, 0);
    deciding_end(&deciding);
}

/* What is only a fallback here can be shown here too. */
static void test_trace_tells_of_fallbacks(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "spare", 1.0)->placements = site_list(site, 0);
    site_add_offer(site, "second", 1.0)->placements = site_list(site, 1, 1);
    site->placements[0].fallback = site_list(site, 2, 0, 1);
    begin(&deciding, site);
    deciding_decide(&deciding);
    assert_int_equal(deciding.decision.trace_count, 2);
    assert_gate(&deciding, "spare", DECISION_GATE_CHOSEN, "the placement's fallback");
    assert_gate(&deciding, "second", DECISION_GATE_PLACEMENT, "only a fallback in this placement");
    assert_float_equal(trace_of(&deciding, "spare")->propensity, 1.0, 0.0);
    deciding_end(&deciding);
}

/* Each fallback is wanted, and stopped by a gate that binds fallbacks; those of stage and persona do not. */
static void test_trace_tells_what_stops_a_fallback(void **state)
{
    (void)state;
    static const uint32_t excluded[] = {4};
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "locale", 1.0)->locales = site_list(site, 1, 1);
    site_add_offer(site, "late", 1.0)->ends = 60.0;
    site_add_offer(site, "consent", 1.0)->consent = 1;
    site_add_offer(site, "gone", 1.0)->stocked = true;
    site_add_offer(site, "excluded", 1.0);
    for (uint32_t i = 0; i < 5; i++)
        site->offers[i].placements = site_list(site, 0);
    struct offer *elsewhere = site_add_offer(site, "elsewhere", 1.0);
    elsewhere->stages = site_list(site, 1, 1);
    elsewhere->personas = site_list(site, 1, 1);
    elsewhere->consent = 0;
    site->placements[0].fallback = site_list(site, 6, 0, 1, 2, 3, 4, 5);
    begin(&deciding, site);
    deciding.situation.now_us = 60000000;
    deciding.situation.excluded = excluded;
    deciding.situation.excluded_count = 1;
    assert_chosen(&deciding, "");
    assert_gate(&deciding, "locale", DECISION_GATE_LOCALE, "the locale is 'es'; the offer is for en");
    assert_gate(&deciding, "late", DECISION_GATE_DATES, "ended 1970-01-01 00:01 UTC");
    assert_gate(&deciding, "consent", DECISION_GATE_CONSENT, "needs the customer's consent to 'email'");
    assert_gate(&deciding, "gone", DECISION_GATE_STOCK, "stock: 0 of 0 given");
    assert_gate(&deciding, "excluded", DECISION_GATE_EXCLUDED, "excluded by the request");
    assert_gate(&deciding, "elsewhere", DECISION_GATE_CONSENT, "needs the customer's consent to 'marketing'");
    deciding.situation.consented = 1;
    assert_chosen(&deciding, "elsewhere");
    deciding.situation.stage = 2;
    assert_chosen(&deciding, "");
    assert_gate(&deciding, "locale", DECISION_GATE_STAGE, "stage 'quiet' wants no offer");
    deciding_end(&deciding);
}

/* Not because of itself, but because of what fills another slot. */
static void test_trace_tells_that_a_fallback_made_way(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    struct limit *few = site_add_limit(site, "few", LIMIT_IMPRESSIONS, 1, 3600);
    site_limit(site, site_add_offer(site, "a", 9), few);
    struct offer *spare = site_add_offer(site, "spare", 8);
    site_limit(site, spare, few);
    spare->placements = site_list(site, 0);
    site->placements[0].fallback = site_list(site, 1, 1);
    begin(&deciding, site);
    deciding.situation.customer = TEXT("new");
    deciding.situation.count = 2;
    assert_chosen(&deciding, "a");
    assert_gate(&deciding, "spare", DECISION_GATE_LIMIT,
                "policy 'few': seen 0 of 1 in 1h, and this answer has 1 more");
    deciding.situation.count = 1;
    assert_chosen(&deciding, "a");
    assert_gate(&deciding, "spare", DECISION_GATE_PLACEMENT, "only a fallback in this placement");
    deciding_end(&deciding);
}

static void test_trace_ranks_without_strategies(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "best", 7.0);
    site_add_offer(site, "next", 2.5);
    begin(&deciding, site);
    deciding_decide(&deciding);
    assert_gate(&deciding, "best", DECISION_GATE_CHOSEN, "highest priority");
    assert_gate(&deciding, "next", DECISION_GATE_RANK, "priority 2.5; the last one chosen has 7");
    assert_float_equal(trace_of(&deciding, "best")->score, 7.0, 0.0);
    assert_float_equal(trace_of(&deciding, "best")->propensity, 1.0, 0.0);
    assert_float_equal(trace_of(&deciding, "next")->score, 2.5, 0.0);
    assert_float_equal(trace_of(&deciding, "next")->propensity, 0.0, 0.0);
    deciding_end(&deciding);
}

static void test_trace_ranks_by_the_strategy_s_score(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "low", 2.0);
    site_add_offer(site, "high", 6.0);
    site_add_strategy(site, "scored")->has_score = true;
    begin(&deciding, site);
    deciding.answers->by_strategy[0].scores[0] = 4.0;
    deciding.answers->by_strategy[0].reasons[0] = "fits like a glove";
    deciding_decide(&deciding);
    assert_gate(&deciding, "low", DECISION_GATE_CHOSEN, "fits like a glove");
    assert_gate(&deciding, "high", DECISION_GATE_RANK, "priority 6; the last one chosen has 8");
    deciding_end(&deciding);
}

static void test_trace_gives_the_strategy_s_reason(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "a", 1.0);
    site_add_offer(site, "b", 1.0);
    site_add_strategy(site, "picky")->has_eligible = true;
    begin(&deciding, site);
    deciding.answers->by_strategy[0].scores[0] = deciding.answers->by_strategy[0].scores[1] = -1.0;
    deciding.answers->by_strategy[0].reasons[0] = "no webinars on a phone";
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_STRATEGY, "no webinars on a phone");
    assert_gate(&deciding, "b", DECISION_GATE_STRATEGY, "strategy 'picky' finds it not eligible");
    deciding.answers->by_strategy[0].applies = false;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_STRATEGY, "strategy 'picky' does not apply to this customer");
    deciding_end(&deciding);
}

/* Explaining asks no more than deciding does: what nobody looked at was stopped by those that filled the
 * slots.
 */
static void test_trace_ranks_what_was_not_looked_at(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "a", 3.0);
    site_add_offer(site, "b", 2.0);
    site_add_strategy(site, "picky")->has_eligible = true;
    begin(&deciding, site);
    deciding.answers->by_strategy[0].scores[1] = -1.0;
    deciding.answers->by_strategy[0].reasons[1] = "nobody asked";
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_CHOSEN, "chosen by strategy 'picky'");
    assert_gate(&deciding, "b", DECISION_GATE_RANK, "priority 2; the last one chosen has 3");
    assert_float_equal(trace_of(&deciding, "b")->score, 2.0, 0.0);
    deciding_end(&deciding);
}

/* Turned down by one strategy, taken by the next, outranked there: the rank stopped it, not the first one. */
static void test_trace_forgets_the_reason_of_a_strategy_passed_by(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "a", 3.0);
    site_add_offer(site, "b", 2.0);
    site_add_strategy(site, "picky")->has_eligible = true;
    site_add_strategy(site, "easy");
    begin(&deciding, site);
    deciding.answers->by_strategy[0].scores[0] = deciding.answers->by_strategy[0].scores[1] = -1.0;
    deciding.answers->by_strategy[0].reasons[1] = "not for this one";
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_CHOSEN, "chosen by strategy 'easy'");
    assert_gate(&deciding, "b", DECISION_GATE_RANK, "priority 2; the last one chosen has 3");
    deciding_end(&deciding);
}

static void test_trace_blames_the_strategy_that_failed(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "a", 3.0);
    site_add_offer(site, "b", 2.0);
    site->placements[0].fallback = site_list(site, 1, 1);
    site_add_strategy(site, "slow")->has_eligible = true;
    begin(&deciding, site);
    deciding.answers->by_strategy[0].result = HOOKS_DEADLINE;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_STRATEGY,
                "a strategy took too long; the daemon's log says which");
    assert_gate(&deciding, "b", DECISION_GATE_CHOSEN, "the placement's fallback");
    deciding_end(&deciding);
}

static void test_trace_stops_all_where_no_offer_is_wanted(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "a", 3.0);
    site->placements[0].fallback = site_list(site, 1, 0);
    begin(&deciding, site);
    deciding.situation.stage = 2;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_STAGE, "stage 'quiet' wants no offer");
    deciding_end(&deciding);
}

/* However many names a reason lists, it ends, and in UTF-8. */
static void test_trace_cuts_long_reasons_between_characters(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        struct deciding deciding;
        struct snapshot *site = site_new_small();
        char name[64];
        for (size_t i = 0; i < 20; i++)
            memcpy(name + shift + 3 * i, "\xE2\x82\xAC", 4);
        memset(name, 'x', shift);
        for (uint32_t i = 0; i < 20; i++)
            site_add_stage(site, name);
        site_add_offer(site, "a", 1.0)->stages = site_list(site, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        begin(&deciding, site);
        deciding_decide(&deciding);
        struct text because = trace_of(&deciding, "a")->because;
        assert_true(because.length > 200 && because.length < 400);
        assert_true(text_is_utf8(because));
        assert_non_null(strstr(because.bytes, ", …"));
        deciding_end(&deciding);
    }
}

/* An author may say much; all of it is kept. */
static void test_trace_keeps_long_reasons_of_strategies(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    char reason[2000];
    memset(reason, 'y', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    site_add_offer(site, "a", 1.0);
    site_add_strategy(site, "wordy")->has_eligible = true;
    begin(&deciding, site);
    deciding.answers->by_strategy[0].reasons[0] = reason;
    deciding.answers->by_strategy[0].scores[0] = -1.0;
    deciding_decide(&deciding);
    assert_gate(&deciding, "a", DECISION_GATE_STRATEGY, reason);
    deciding_end(&deciding);
}

/* Limits, stock and rest stand between consent and what the request excludes. */
static void test_trace_tells_of_bounds(void **state)
{
    (void)state;
    static const uint32_t excluded[] = {0, 1, 2, 3};
    struct deciding deciding;
    struct history history;
    struct snapshot *site = new_site();
    struct limit *few = site_add_limit(site, "few", LIMIT_IMPRESSIONS, 1, 3600);
    struct limit *own = site_add_limit(site, "resting", LIMIT_CLICKS, 1, 60);
    own->policy = false;
    own->rest = 7200;
    site_limit(site, site_add_offer(site, "seen", 1), few);
    site_limit(site, site_add_offer(site, "resting", 1), own);
    site_add_offer(site, "gone", 1)->stocked = true;
    site_add_offer(site, "excluded", 1);
    begin(&deciding, site);
    history_create(&history);
    history_touch(&history, &site->offers[0], TOUCH_IMPRESSION, 0);
    history_touch(&history, &site->offers[1], TOUCH_CLICK, 0);
    deciding.situation.customer = TEXT("ana");
    deciding.situation.known = &history.customer;
    deciding.situation.now_us = 60000000;
    deciding.situation.excluded = excluded;
    deciding.situation.excluded_count = 4;
    deciding_decide(&deciding);
    assert_gate(&deciding, "seen", DECISION_GATE_LIMIT,
                "policy 'few': seen 1 of 1 in 1h; free again in 59 min");
    assert_gate(&deciding, "resting", DECISION_GATE_RESTED,
                "resting after 1 of 1 in 1m; free again in 1 h 59 min");
    assert_gate(&deciding, "gone", DECISION_GATE_STOCK, "stock: 0 of 0 given");
    assert_gate(&deciding, "excluded", DECISION_GATE_EXCLUDED, "excluded by the request");
    deciding_end(&deciding);
}

static void test_trace_tells_who_made_way(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    struct limit *few = site_add_limit(site, "few", LIMIT_IMPRESSIONS, 1, 3600);
    site_limit(site, site_add_offer(site, "a", 9), few);
    site_limit(site, site_add_offer(site, "b", 8), few);
    site_add_offer(site, "c", 7);
    site_add_offer(site, "d", 6);
    begin(&deciding, site);
    deciding.situation.customer = TEXT("new");
    deciding.situation.count = 2;
    assert_chosen(&deciding, "a c");
    assert_gate(&deciding, "b", DECISION_GATE_LIMIT,
                "policy 'few': seen 0 of 1 in 1h, and this answer has 1 more");
    assert_gate(&deciding, "d", DECISION_GATE_RANK, "priority 6; the last one chosen has 7");
    assert_gate(&deciding, "a", DECISION_GATE_CHOSEN, "highest priority");
    deciding_end(&deciding);
}

static void test_trace_tells_that_nothing_may_be_used(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site_add_offer(site, "a", 9);
    site_add_offer(site, "b", 8);
    site_add_offer(site, "asking", 8)->consent = 0;
    site->placements[0].fallback = site_list(site, 1, 1);
    begin(&deciding, site);
    deciding.situation.consented = 1;
    deciding.situation.restricted = true;
    assert_chosen(&deciding, "b");
    assert_gate(&deciding, "a", DECISION_GATE_STRATEGY,
                "the customer's data may not be used: only the placement's fallback");
    assert_gate(&deciding, "b", DECISION_GATE_CHOSEN, "the placement's fallback");
    assert_gate(&deciding, "asking", DECISION_GATE_CONSENT, "needs the customer's consent to 'marketing'");
    deciding_end(&deciding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trace_names_the_gate_and_the_reason),
        cmocka_unit_test(test_trace_names_the_first_gate_of_many),
        cmocka_unit_test(test_trace_tells_only_of_what_the_placement_could_show),
        cmocka_unit_test(test_trace_tells_of_fallbacks),
        cmocka_unit_test(test_trace_tells_what_stops_a_fallback),
        cmocka_unit_test(test_trace_tells_that_a_fallback_made_way),
        cmocka_unit_test(test_trace_ranks_without_strategies),
        cmocka_unit_test(test_trace_ranks_by_the_strategy_s_score),
        cmocka_unit_test(test_trace_gives_the_strategy_s_reason),
        cmocka_unit_test(test_trace_ranks_what_was_not_looked_at),
        cmocka_unit_test(test_trace_forgets_the_reason_of_a_strategy_passed_by),
        cmocka_unit_test(test_trace_blames_the_strategy_that_failed),
        cmocka_unit_test(test_trace_stops_all_where_no_offer_is_wanted),
        cmocka_unit_test(test_trace_cuts_long_reasons_between_characters),
        cmocka_unit_test(test_trace_keeps_long_reasons_of_strategies),
        cmocka_unit_test(test_trace_tells_of_bounds),
        cmocka_unit_test(test_trace_tells_who_made_way),
        cmocka_unit_test(test_trace_tells_that_nothing_may_be_used),
    };
    return cmocka_run_group_tests_name("decide/trace", tests, NULL, NULL);
}

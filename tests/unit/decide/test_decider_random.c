/*
 * decider against a plain reading of the rules: over many sites and situations made by chance, what is
 * chosen, what stopped the rest, and that neither asking why nor asking again changes it.
 */
#include <math.h>

#include "deciding.h"
#include "plain_bounds.h"
#include "random_builder.h"

enum { SITES = 300, SITUATIONS = 30 };

/* What the rules say, worked out offer by offer without any index. */
struct expected {
    struct decision_item items[DECISION_ITEMS_MAX];
    uint32_t count;
    enum decision_fallback fallback;
    uint32_t strategy;
    enum decision_gate gates[SITE_MOST_OFFERS]; /* by offer number */
    bool asked_about[SITE_MOST_OFFERS];         /* candidates of the strategy that is asked */
    uint32_t wanted;                            /* how many fitting ones it looks for */
    uint32_t tight; /* candidates that may have to make way for others of a policy */
};

static bool takes(const struct number_list *list, uint32_t number)
{
    bool found = !list->restricts;
    for (uint32_t i = 0; i < list->count; i++)
        found |= list->numbers[i] == number;
    return found;
}

static bool has_title(const struct snapshot *site, const struct situation *situation,
                      const struct offer *offer)
{
    uint32_t otherwise = site->journeys[situation->journey].locale;
    return offer->titles.by_locale[situation->locale].bytes != NULL ||
           offer->titles.by_locale[otherwise].bytes != NULL;
}

static bool is_running(const struct situation *situation, const struct offer *offer)
{
    double now = (double)situation->now_us / 1e6;
    return offer->starts <= now && now < offer->ends;
}

static bool is_agreed(const struct situation *situation, const struct offer *offer)
{
    return offer->consent == SNAPSHOT_NONE || (situation->consented & (UINT64_C(1) << offer->consent)) != 0;
}

static bool is_excluded(const struct situation *situation, uint32_t number)
{
    const struct number_list excluded = {situation->excluded, situation->excluded_count, true};
    return takes(&excluded, number);
}

static bool is_fallback(const struct snapshot *site, const struct situation *situation, uint32_t number)
{
    const struct number_list *fallback = &site->placements[situation->placement].fallback;
    const struct number_list listed = {fallback->numbers, fallback->count, true};
    return takes(&listed, number);
}

/* What fallbacks have to pass, too. */
static enum decision_gate showing_gate(const struct snapshot *site, const struct situation *situation,
                                       uint32_t number)
{
    const struct offer *offer = &site->offers[number];
    if (!has_title(site, situation, offer) || !takes(&offer->locales, situation->locale))
        return DECISION_GATE_LOCALE;
    if (!is_running(situation, offer))
        return DECISION_GATE_DATES;
    if (!is_agreed(situation, offer))
        return DECISION_GATE_CONSENT;
    enum decision_gate bounded = plain_gate(site, situation, number);
    if (bounded != DECISION_GATE_CHOSEN)
        return bounded;
    return is_excluded(situation, number) ? DECISION_GATE_EXCLUDED : DECISION_GATE_CHOSEN;
}

static enum decision_gate expected_gate(const struct snapshot *site, const struct situation *situation,
                                        uint32_t number)
{
    const struct offer *offer = &site->offers[number];
    const struct stage *stage = &site->stages[situation->stage];
    if (!takes(&offer->placements, situation->placement) ||
        !takes(&site->placements[situation->placement].kinds, offer->kind))
        return stage->wants_no_offer && is_fallback(site, situation, number) ? DECISION_GATE_STAGE
                                                                             : DECISION_GATE_PLACEMENT;
    if (stage->wants_no_offer || !takes(&offer->stages, situation->stage) ||
        !takes(&stage->kinds, offer->kind))
        return DECISION_GATE_STAGE;
    if (offer->personas.restricts &&
        (situation->persona == SNAPSHOT_NONE || !takes(&offer->personas, situation->persona)))
        return DECISION_GATE_PERSONA;
    return showing_gate(site, situation, number);
}
static double priority(const struct snapshot *site, const struct situation *situation, uint32_t number)
{
    const struct offer *offer = &site->offers[number];
    double levers =
        site->journeys[situation->journey].weight + site->kinds[offer->kind].weight + offer->weight;
    return offer->value * fmax(0.0, 1.0 + levers / 100.0);
}

static bool is_chosen(const struct expected *expected, uint32_t number)
{
    for (uint32_t i = 0; i < expected->count; i++)
        if (expected->items[i].offer == number)
            return true;
    return false;
}

static bool passes_data(const struct expected *expected, uint32_t number)
{
    return expected->gates[number] == DECISION_GATE_CHOSEN ||
           expected->gates[number] == DECISION_GATE_STRATEGY || expected->gates[number] == DECISION_GATE_RANK;
}

static bool counts_choices(const struct limit *limit)
{
    return limit->counts == LIMIT_DECISIONS || limit->counts == LIMIT_IMPRESSIONS;
}

/* Whether the offer still fits beside those chosen. */
static bool has_room(const struct expected *expected, const struct snapshot *site,
                     const struct situation *situation, uint32_t number)
{
    const struct offer *offer = &site->offers[number];
    for (uint32_t i = 0; plain_limits_hold(situation) && i < offer->limit_count; i++) {
        const struct plain_limit plain = {site, situation, &site->limits[offer->limits[i]]};
        uint32_t beside = 0;
        for (uint32_t j = 0; counts_choices(plain.limit) && j < expected->count; j++)
            beside += takes(&plain.limit->offers, expected->items[j].offer);
        if (plain_room(&plain) <= beside)
            return false;
    }
    return true;
}

static bool is_tight(const struct snapshot *site, const struct situation *situation, uint32_t number)
{
    const struct offer *offer = &site->offers[number];
    for (uint32_t i = 0; plain_limits_hold(situation) && i < offer->limit_count; i++) {
        const struct plain_limit plain = {site, situation, &site->limits[offer->limits[i]]};
        if (counts_choices(plain.limit) && plain.limit->offers.count > 1 &&
            plain_room(&plain) < situation->count)
            return true;
    }
    return false;
}

/* Chooses the best one left that fits again and again. `answer` NULL: every score is 1. */
static void expect_choice(struct expected *expected, const struct deciding *deciding, uint32_t strategy,
                          const struct answer *answer)
{
    const struct snapshot *site = deciding->site;
    const struct situation *situation = &deciding->situation;
    while (expected->count < situation->count) {
        struct decision_item best = {.offer = SNAPSHOT_NONE, .strategy = strategy, .score = -1.0};
        for (uint32_t i = 0; i < site->offer_count; i++) {
            double score = answer == NULL ? 1.0 : answer->scores[i];
            if (!passes_data(expected, i) || is_chosen(expected, i) || score < 0.0 ||
                !has_room(expected, site, situation, i))
                continue;
            if (priority(site, situation, i) * score > best.score)
                best = (struct decision_item){
                    .offer = i, .strategy = strategy, .score = priority(site, situation, i) * score};
        }
        if (best.offer == SNAPSHOT_NONE)
            return;
        expected->items[expected->count++] = best;
    }
}

/* Without a score function nobody is asked about the offers behind those that are enough. */
static bool is_looked_at(const struct expected *expected, const struct deciding *deciding, uint32_t strategy,
                         uint32_t number)
{
    const struct snapshot *site = deciding->site;
    double own = priority(site, &deciding->situation, number);
    uint32_t fitting = 0;
    for (uint32_t i = 0; i < site->offer_count; i++) {
        double other = priority(site, &deciding->situation, i);
        if (expected->asked_about[i] && deciding->answers->by_strategy[strategy].scores[i] >= 0.0)
            fitting += other > own || (other == own && i < number);
    }
    return site->strategies[strategy].has_score || fitting < expected->wanted;
}

/* What the strategy is going to be asked about. */
static void expect_question(struct expected *expected, const struct deciding *deciding)
{
    expected->wanted = deciding->situation.count - expected->count + expected->tight;
    for (uint32_t i = 0; i < deciding->site->offer_count; i++)
        expected->asked_about[i] = passes_data(expected, i) && !is_chosen(expected, i) &&
                                   has_room(expected, deciding->site, &deciding->situation, i);
}

/* Which gate stops those that this strategy did not choose. */
static void expect_gates(struct expected *expected, const struct deciding *deciding, uint32_t strategy,
                         const struct answer *answer)
{
    for (uint32_t i = 0; i < deciding->site->offer_count; i++) {
        if (!expected->asked_about[i] || is_chosen(expected, i))
            continue;
        bool refused =
            answer != NULL &&
            (!answer->applies || (answer->scores[i] < 0.0 && is_looked_at(expected, deciding, strategy, i)));
        expected->gates[i] = refused ? DECISION_GATE_STRATEGY : DECISION_GATE_RANK;
    }
}

/* False where the strategy failed. */
static bool expect_strategy(struct expected *expected, const struct deciding *deciding, uint32_t number)
{
    const struct strategy *strategy = &deciding->site->strategies[number];
    bool asked = strategy->has_when || strategy->has_eligible || strategy->has_score;
    const struct answer *answer = asked ? &deciding->answers->by_strategy[number] : NULL;
    expect_question(expected, deciding);
    if (asked && answer->result != HOOKS_DONE) {
        expected->fallback =
            answer->result == HOOKS_FAILED ? DECISION_FALLBACK_STRATEGY_ERROR : DECISION_FALLBACK_DEADLINE;
        return false;
    }
    if (!asked || answer->applies)
        expect_choice(expected, deciding, number, answer);
    expect_gates(expected, deciding, number, answer);
    return true;
}

static bool has_candidates(const struct expected *expected, const struct snapshot *site)
{
    for (uint32_t i = 0; i < site->offer_count; i++)
        if (expected->gates[i] == DECISION_GATE_CHOSEN)
            return true;
    return false;
}

static void expect_strategies(struct expected *expected, const struct deciding *deciding)
{
    const struct snapshot *site = deciding->site;
    bool speaks = false;
    if (!has_candidates(expected, site))
        return;
    for (uint32_t i = 0; i < site->strategy_count && expected->count < deciding->situation.count; i++) {
        if (!takes(&site->strategies[i].stages, deciding->situation.stage) ||
            !takes(&site->strategies[i].placements, deciding->situation.placement))
            continue;
        speaks = true;
        if (!expect_strategy(expected, deciding, i))
            break;
        if (expected->strategy == SNAPSHOT_NONE && expected->count > 0)
            expected->strategy = i;
    }
    if (!speaks) {
        expect_question(expected, deciding);
        expect_choice(expected, deciding, SNAPSHOT_NONE, NULL);
        expect_gates(expected, deciding, SNAPSHOT_NONE, NULL);
    }
}

static void expect_fallbacks(struct expected *expected, const struct deciding *deciding,
                             const struct situation *situation)
{
    const struct snapshot *site = deciding->site;
    const struct number_list *fallback = &site->placements[situation->placement].fallback;
    if (expected->count == 0 && expected->fallback == DECISION_FALLBACK_NONE)
        expected->fallback = DECISION_FALLBACK_NO_OFFER_FITS;
    for (uint32_t i = 0; i < fallback->count && expected->count < situation->count; i++) {
        uint32_t number = fallback->numbers[i];
        if (is_chosen(expected, number))
            continue;
        expected->gates[number] = showing_gate(site, situation, number);
        if (expected->gates[number] == DECISION_GATE_CHOSEN && has_room(expected, site, situation, number))
            expected->items[expected->count++] =
                (struct decision_item){.offer = number, .strategy = SNAPSHOT_NONE, .fallback = true};
    }
}

/* Of those that nothing stopped so far, what does in the end. */
static void expect_rest(struct expected *expected, const struct deciding *deciding)
{
    for (uint32_t i = 0; i < deciding->site->offer_count; i++) {
        bool open = expected->gates[i] == DECISION_GATE_CHOSEN || expected->gates[i] == DECISION_GATE_RANK;
        if (!open)
            continue;
        expected->gates[i] = !has_room(expected, deciding->site, &deciding->situation, i)
                                 ? DECISION_GATE_LIMIT
                             : expected->fallback > DECISION_FALLBACK_NO_OFFER_FITS ? DECISION_GATE_STRATEGY
                                                                                    : DECISION_GATE_RANK;
    }
    for (uint32_t i = 0; i < expected->count; i++)
        expected->gates[expected->items[i].offer] = DECISION_GATE_CHOSEN;
}

static void expect(struct expected *expected, const struct deciding *deciding)
{
    struct situation situation = deciding->situation;
    *expected = (struct expected){.strategy = SNAPSHOT_NONE};
    if (situation.restricted)
        situation.consented = 0;
    for (uint32_t i = 0; i < deciding->site->offer_count; i++) {
        expected->gates[i] = expected_gate(deciding->site, &situation, i);
        if (expected->gates[i] == DECISION_GATE_CHOSEN)
            expected->tight += is_tight(deciding->site, &situation, i);
    }
    if (situation.restricted || situation.store_unavailable) {
        expected->fallback =
            situation.restricted ? DECISION_FALLBACK_RESTRICTED : DECISION_FALLBACK_STORE_UNAVAILABLE;
        expect_fallbacks(expected, deciding, &situation);
    } else if (!deciding->site->stages[situation.stage].wants_no_offer) {
        expect_strategies(expected, deciding);
        expect_fallbacks(expected, deciding, &situation);
    }
    expect_rest(expected, deciding);
}

static void assert_items(const struct decision *decision, const struct expected *expected)
{
    assert_int_equal(decision->count, expected->count);
    assert_int_equal(decision->fallback, expected->fallback);
    assert_int_equal(decision->strategy, expected->strategy);
    for (uint32_t i = 0; i < expected->count; i++) {
        assert_int_equal(decision->items[i].offer, expected->items[i].offer);
        assert_int_equal(decision->items[i].strategy, expected->items[i].strategy);
        assert_int_equal(decision->items[i].fallback, expected->items[i].fallback);
        assert_true(decision->items[i].score == expected->items[i].score);
        assert_true(decision->items[i].propensity == 1.0);
    }
    bool plain = expected->count > 0 && expected->fallback == DECISION_FALLBACK_NONE;
    assert_int_equal(decision->because.bytes == NULL, plain);
}

/* One trace for each offer that could be shown here, in order of declaration, each with a reason. */
static void assert_traces(const struct deciding *deciding, const struct expected *expected)
{
    const struct snapshot *site = deciding->site;
    const struct decision *decision = &deciding->decision;
    uint32_t next = 0;
    for (uint32_t i = 0; i < site->offer_count; i++) {
        if (!takes(&site->offers[i].placements, deciding->situation.placement) &&
            !is_fallback(site, &deciding->situation, i))
            continue;
        assert_true(next < decision->trace_count);
        const struct decision_trace *trace = &decision->traces[next++];
        assert_int_equal(trace->offer, i);
        assert_int_equal(trace->gate, expected->gates[i]);
        assert_true(trace->because.length > 0);
        assert_true(trace->propensity == (expected->gates[i] == DECISION_GATE_CHOSEN ? 1.0 : 0.0));
    }
    assert_int_equal(next, decision->trace_count);
}

static void assert_same_items(const struct decision *a, const struct decision *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->fallback, b->fallback);
    assert_int_equal(a->strategy, b->strategy);
    assert_true(text_equal(a->because, b->because));
    for (uint32_t i = 0; i < a->count; i++) {
        assert_int_equal(a->items[i].offer, b->items[i].offer);
        assert_int_equal(a->items[i].strategy, b->items[i].strategy);
        assert_int_equal(a->items[i].fallback, b->items[i].fallback);
        assert_true(a->items[i].score == b->items[i].score);
    }
}

static void check_situation(struct deciding *deciding)
{
    struct expected expected;
    struct decision first;
    expect(&expected, deciding);
    deciding->situation.explain = false;
    first = *deciding_decide(deciding);
    assert_items(&first, &expected);
    assert_null(first.traces);
    deciding->situation.explain = true;
    deciding_decide(deciding);
    assert_items(&deciding->decision, &expected);
    assert_traces(deciding, &expected);
    assert_same_items(&first, &deciding->decision);
    deciding->situation.explain = false;
    assert_same_items(&first, deciding_decide(deciding));
}

/* What the bitmaps let through is what the gates let through, in the order of rank. */
static void check_candidates(struct deciding *deciding)
{
    const struct snapshot *site = deciding->site;
    const struct situation *situation = &deciding->situation;
    const struct candidates *candidates = &deciding->decider.candidates;
    const struct cell *cell = index_cell(site, situation->placement, situation->stage);
    const uint64_t *running = live_get(&deciding->decider.live, cell, situation_seconds(situation));
    candidates_exclude(&deciding->decider.candidates, situation);
    bounds_begin(&deciding->decider.bounds, situation);
    candidates_select(&deciding->decider.candidates, cell, situation, site, running,
                      &deciding->decider.bounds);
    uint32_t fitting = 0;
    for (uint32_t i = 0; i < site->offer_count; i++)
        fitting += expected_gate(site, situation, i) == DECISION_GATE_CHOSEN;
    assert_int_equal(candidates->count, fitting);
    for (uint32_t i = 0; i < candidates->count; i++) {
        assert_int_equal(expected_gate(site, situation, candidates->offers[i]), DECISION_GATE_CHOSEN);
        assert_true(candidates->priorities[i] == priority(site, situation, candidates->offers[i]));
        if (i > 0)
            assert_true(candidates->priorities[i - 1] > candidates->priorities[i] ||
                        (candidates->priorities[i - 1] == candidates->priorities[i] &&
                         candidates->offers[i - 1] < candidates->offers[i]));
    }
}

/* How often something came up, so that the property is known to have been tried. */
struct coverage {
    unsigned gates[DECISION_GATE_RANK + 1];
    unsigned fallbacks[DECISION_FALLBACK_RESTRICTED + 1];
    unsigned made_way;    /* decisions in which offers of a policy could have been too many together */
    unsigned large_cells; /* of more than 128 offers */
};

static void cover(struct coverage *coverage, const struct deciding *deciding)
{
    const struct decision *decision = &deciding->decision;
    const struct situation *situation = &deciding->situation;
    coverage->fallbacks[decision->fallback]++;
    coverage->made_way += deciding->decider.bounds.tight > 0;
    coverage->large_cells += index_cell(deciding->site, situation->placement, situation->stage)->count > 128;
}

static void cover_gates(struct coverage *coverage, const struct deciding *deciding)
{
    for (uint32_t i = 0; i < deciding->decision.trace_count; i++)
        coverage->gates[deciding->decision.traces[i].gate]++;
}

static void check_site(struct random_state *random, struct coverage *coverage)
{
    struct deciding deciding;
    struct random_bounds *bounds = malloc(sizeof *bounds);
    assert_non_null(bounds);
    deciding_begin(&deciding, random_site(random));
    for (int i = 0; i < SITUATIONS; i++) {
        uint32_t excluded[RANDOM_MOST_EXCLUDED];
        deciding.situation = random_situation(random, deciding.site, excluded);
        random_bounds(random, deciding.site, &deciding.situation, bounds);
        random_answers(random, deciding.answers);
        check_candidates(&deciding);
        check_situation(&deciding);
        cover(coverage, &deciding);
        deciding.situation.explain = true;
        deciding_decide(&deciding);
        cover_gates(coverage, &deciding);
    }
    deciding_end(&deciding);
    free(bounds);
}

static void test_decider_follows_the_rules(void **state)
{
    (void)state;
    struct random_state random = {1};
    struct coverage coverage = {.large_cells = 0};
    for (int i = 0; i < SITES; i++)
        check_site(&random, &coverage);
    for (int gate = DECISION_GATE_CHOSEN; gate <= DECISION_GATE_RANK; gate++)
        assert_true(coverage.gates[gate] > 100);
    for (int fallback = DECISION_FALLBACK_NONE; fallback <= DECISION_FALLBACK_RESTRICTED; fallback++)
        assert_true(coverage.fallbacks[fallback] > 100);
    assert_true(coverage.large_cells > 50);
    assert_true(coverage.made_way > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decider_follows_the_rules),
    };
    return cmocka_run_group_tests_name("decide/decider, at random", tests, NULL, NULL);
}

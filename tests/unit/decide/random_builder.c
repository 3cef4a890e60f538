/* Rolling dice for sites; see random_builder.h. */
#include "random_builder.h"

#include <math.h>
#include <stdio.h>

#include "../cmocka_all.h"

uint32_t random_pick(struct random_state *random, uint32_t below)
{
    return (uint32_t)(random_next(random) >> 32) % below;
}

bool random_once_in(struct random_state *random, uint32_t times)
{
    return random_pick(random, times) == 0;
}

/* No restriction, or to some of `count` numbers, now and then to none. */
static struct number_list random_list(struct random_state *random, struct snapshot *site, uint32_t count,
                                      uint32_t restricted_once_in)
{
    struct number_list list = {NULL, 0, random_once_in(random, restricted_once_in)};
    uint32_t *numbers = arena_allocate_zeroed(&site->arena, count, sizeof *numbers);
    assert_non_null(numbers);
    for (uint32_t i = 0; list.restricts && i < count; i++)
        if (random_once_in(random, 2))
            numbers[list.count++] = i;
    list.numbers = numbers;
    return list;
}

static const char *random_name(const char *what, uint32_t number)
{
    static char name[32];
    snprintf(name, sizeof name, "%s-%u", what, number);
    return name;
}

static void add_journeys(struct random_state *random, struct snapshot *site)
{
    for (uint32_t i = random_pick(random, 2) + 1; i > 0; i--) {
        struct journey *journey = site_add_journey(site, random_name("journey", i));
        journey->locale = random_pick(random, site->locale_count);
        journey->weight = random_pick(random, 3) * 10.0;
        for (uint32_t j = random_pick(random, 3) + 1; j > 0; j--) {
            struct stage *stage = site_add_stage(site, random_name("stage", j));
            stage->kinds = random_list(random, site, site->kind_count, 4);
            stage->wants_no_offer = random_once_in(random, 12);
        }
    }
}

static struct localized random_titles(struct random_state *random, struct snapshot *site)
{
    struct text *titles = arena_allocate_zeroed(&site->arena, site->locale_count, sizeof *titles);
    assert_non_null(titles);
    for (uint32_t i = 0; i < site->locale_count; i++)
        titles[i] = random_once_in(random, 4) ? (struct text){NULL, 0} : TEXT("a title");
    return (struct localized){titles};
}

static void add_offer(struct random_state *random, struct snapshot *site, uint32_t number)
{
    struct offer *offer = site_add_offer(site, random_name("offer", number), random_pick(random, 6));
    offer->kind = random_pick(random, site->kind_count);
    offer->titles = random_titles(random, site);
    offer->stages = random_list(random, site, site->stage_count, 3);
    offer->personas = random_list(random, site, site->persona_count, 4);
    offer->placements = random_list(random, site, site->placement_count, 4);
    offer->locales = random_list(random, site, site->locale_count, 6);
    offer->weight = random_once_in(random, 4) ? random_pick(random, 40) * 10.0 - 200.0 : 0.0;
    if (random_once_in(random, 4))
        offer->starts = random_pick(random, RANDOM_MOMENTS);
    if (random_once_in(random, 4))
        offer->ends = random_pick(random, RANDOM_MOMENTS);
    if (site->consent_count > 0 && random_once_in(random, 4))
        offer->consent = random_pick(random, site->consent_count);
    offer->stocked = random_once_in(random, 8);
    offer->stock = random_pick(random, 3);
}

/* Policies over some of the offers. */
static void add_limits(struct random_state *random, struct snapshot *site)
{
    for (uint32_t i = random_pick(random, 4); i > 0; i--) {
        enum limit_counts counts =
            random_once_in(random, 2) ? LIMIT_IMPRESSIONS : (enum limit_counts)random_pick(random, 4);
        double within =
            random_once_in(random, 8) ? (double)INFINITY : 1.0 + random_pick(random, RANDOM_MOMENTS);
        struct limit *limit =
            site_add_limit(site, random_name("limit", i), counts, 1 + random_pick(random, 4), within);
        limit->rest = random_pick(random, 2 * RANDOM_MOMENTS);
        for (uint32_t j = 0; j < site->offer_count; j++)
            if (random_once_in(random, 4))
                site_limit(site, &site->offers[j], limit);
    }
}

static void add_strategies(struct random_state *random, struct snapshot *site)
{
    for (uint32_t i = random_pick(random, 4); i > 0; i--) {
        struct strategy *strategy = site_add_strategy(site, random_name("strategy", i));
        strategy->stages = random_list(random, site, site->stage_count, 3);
        strategy->placements = random_list(random, site, site->placement_count, 3);
        strategy->has_when = random_once_in(random, 2);
        strategy->has_eligible = random_once_in(random, 2);
        strategy->has_score = random_once_in(random, 2);
    }
}

static void add_fallbacks(struct random_state *random, struct snapshot *site)
{
    for (uint32_t i = 0; i < site->placement_count; i++) {
        uint32_t count = site->offer_count < 6 ? site->offer_count : 6;
        site->placements[i].kinds = random_list(random, site, site->kind_count, 4);
        site->placements[i].fallback = random_list(random, site, count, 2);
    }
}

struct snapshot *random_site(struct random_state *random)
{
    struct snapshot *site = site_new();
    for (uint32_t i = random_pick(random, 3) + 1; i > 0; i--)
        site_add_locale(site, random_name("locale", i));
    for (uint32_t i = random_once_in(random, 8) ? SITE_MOST : random_pick(random, 3); i > 0; i--)
        site_add_consent(site, random_name("consent", i));
    for (uint32_t i = random_pick(random, 4) + 1; i > 0; i--)
        site_add_kind(site, random_name("kind", i), random_pick(random, 3) * 25.0);
    for (uint32_t i = random_pick(random, 4); i > 0; i--)
        site_add_persona(site, random_name("persona", i));
    add_journeys(random, site);
    for (uint32_t i = random_pick(random, 3) + 1; i > 0; i--)
        site_add_placement(site, random_name("placement", i), 1);
    uint32_t offers =
        random_once_in(random, 3) ? random_pick(random, SITE_MOST_OFFERS) : random_pick(random, 20);
    for (uint32_t i = 0; i < offers; i++)
        add_offer(random, site, i);
    add_limits(random, site);
    add_strategies(random, site);
    add_fallbacks(random, site);
    return site;
}

struct situation random_situation(struct random_state *random, const struct snapshot *site,
                                  uint32_t excluded[RANDOM_MOST_EXCLUDED])
{
    struct situation situation = {.placement = random_pick(random, site->placement_count),
                                  .stage = random_pick(random, site->stage_count),
                                  .persona = SNAPSHOT_NONE,
                                  .locale = random_pick(random, site->locale_count),
                                  .count = random_pick(random, random_once_in(random, 3) ? 50 : 4) + 1,
                                  .consented = random_next(random),
                                  .excluded = excluded};
    situation.journey = site->stages[situation.stage].journey;
    if (site->persona_count > 0 && !random_once_in(random, 3))
        situation.persona = random_pick(random, site->persona_count);
    if (random_once_in(random, 3) && site->offer_count > 0)
        situation.excluded_count = random_pick(random, RANDOM_MOST_EXCLUDED);
    for (uint32_t i = 0; i < situation.excluded_count; i++)
        excluded[i] = random_pick(random, site->offer_count);
    situation.now_us = (int64_t)random_pick(random, RANDOM_MOMENTS + 1) * 1000000;
    if (random_once_in(random, 2))
        situation.now_us -= 1; /* just before a date */
    return situation;
}

static void remember(struct random_state *random, const struct snapshot *site, struct history *history)
{
    history_create(history);
    for (uint32_t i = random_once_in(random, 4) ? random_pick(random, 60) : random_pick(random, 8); i > 0;
         i--)
        history_touch(history, &site->offers[random_pick(random, site->offer_count)],
                      (enum touch_kind)random_pick(random, TOUCH_KINDS),
                      random_pick(random, RANDOM_MOMENTS * 1000));
    for (uint32_t i = random_pick(random, 3); i > 0; i--)
        history_reserve(history, &site->offers[random_pick(random, site->offer_count)],
                        random_pick(random, RANDOM_MOMENTS * 1000));
}

static bool stock_given(void *context, uint32_t offer, uint64_t *given)
{
    *given = ((struct random_bounds *)context)->given[offer];
    return *given != UINT64_MAX;
}

/* None, one or two offers, each once. */
static void lose(struct random_state *random, const struct snapshot *site, struct situation *situation,
                 uint32_t held[2])
{
    uint32_t first = random_pick(random, site->offer_count), most = site->offer_count > 1 ? 3 : 2;
    situation->held_count = random_once_in(random, 6) ? random_pick(random, most) : 0;
    for (uint32_t i = 0; i < situation->held_count; i++)
        held[i] = (first + i) % site->offer_count;
}

/* Others claim 0 to 2 of some things, as their hashes have it. */
static uint32_t claims_open(void *context, uint64_t hash)
{
    struct random_state mixed = {hash ^ ((struct random_bounds *)context)->claims};
    return random_once_in(&mixed, 3) ? random_pick(&mixed, 3) : 0;
}

void random_bounds(struct random_state *random, const struct snapshot *site, struct situation *situation,
                   struct random_bounds *bounds)
{
    if (site->offer_count == 0)
        return;
    for (uint32_t i = 0; i < site->offer_count; i++)
        bounds->given[i] = random_once_in(random, 6) ? UINT64_MAX : random_pick(random, 3);
    if (!random_once_in(random, 3))
        situation->stock = (struct situation_stock){bounds, stock_given};
    if (!random_once_in(random, 3))
        situation->customer = TEXT("ana");
    if (situation->customer.length > 0 && !random_once_in(random, 6)) {
        remember(random, site, &bounds->history);
        situation->known = &bounds->history.customer;
    }
    situation->reserved_ms = random_pick(random, RANDOM_MOMENTS * 1000);
    situation->held = bounds->held;
    lose(random, site, situation, bounds->held);
    bounds->claims = random_next(random);
    if (random_once_in(random, 3))
        situation->claims = (struct situation_claims){bounds, claims_open};
    situation->restricted = random_once_in(random, 20);
    situation->store_unavailable = random_once_in(random, 20);
}

void random_answers(struct random_state *random, struct answers *answers)
{
    const struct snapshot *site = answers->site;
    for (uint32_t i = 0; i < site->strategy_count; i++) {
        struct answer *answer = &answers->by_strategy[i];
        uint32_t fate = random_pick(random, 12);
        answer->result = fate == 0 ? HOOKS_FAILED : fate == 1 ? HOOKS_DEADLINE : HOOKS_DONE;
        answer->applies = !site->strategies[i].has_when || !random_once_in(random, 3);
        for (uint32_t j = 0; j < site->offer_count; j++) {
            bool fits = !site->strategies[i].has_eligible || !random_once_in(random, 3);
            double score = site->strategies[i].has_score ? random_pick(random, 4) * 0.5 : 1.0;
            answer->scores[j] = fits ? score : -1.0;
            answer->reasons[j] = random_once_in(random, 3) ? "a reason" : NULL;
        }
    }
}

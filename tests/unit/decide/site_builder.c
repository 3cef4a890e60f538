/* Filling in snapshots; see site_builder.h. */
#include "site_builder.h"

#include <math.h>
#include <stdarg.h>

#include "../cmocka_all.h"
#include "catalogue/finishing.h"

static void *new_array(struct snapshot *site, size_t count, size_t size)
{
    void *array = arena_allocate_zeroed(&site->arena, count, size);
    assert_non_null(array);
    return array;
}

struct snapshot *site_new(void)
{
    struct snapshot *site = snapshot_new();
    assert_non_null(site);
    site->locales = new_array(site, SITE_MOST, sizeof *site->locales);
    site->consents = new_array(site, SITE_MOST, sizeof *site->consents);
    site->kinds = new_array(site, SITE_MOST, sizeof *site->kinds);
    site->journeys = new_array(site, SITE_MOST, sizeof *site->journeys);
    site->stages = new_array(site, SITE_MOST, sizeof *site->stages);
    site->personas = new_array(site, SITE_MOST, sizeof *site->personas);
    site->placements = new_array(site, SITE_MOST, sizeof *site->placements);
    site->offers = new_array(site, SITE_MOST_OFFERS, sizeof *site->offers);
    site->strategies = new_array(site, SITE_MOST, sizeof *site->strategies);
    site->limits = new_array(site, SITE_MOST, sizeof *site->limits);
    return site;
}

struct snapshot *site_new_small(void)
{
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_kind(site, "guide", 0.0);
    site_add_journey(site, "walk");
    site_add_stage(site, "start");
    site_add_placement(site, "hero", 2);
    return site;
}

struct text site_text(struct snapshot *site, const char *text)
{
    if (text == NULL)
        return (struct text){NULL, 0};
    const char *copy = arena_copy(&site->arena, text, strlen(text));
    assert_non_null(copy);
    return text_from(copy);
}

uint32_t site_add_locale(struct snapshot *site, const char *name)
{
    assert_true(site->locale_count < SITE_MOST && site->offer_count == 0);
    site->locales[site->locale_count] = site_text(site, name);
    return site->locale_count++;
}

uint32_t site_add_consent(struct snapshot *site, const char *name)
{
    assert_true(site->consent_count < SITE_MOST);
    site->consents[site->consent_count] = site_text(site, name);
    return site->consent_count++;
}

uint32_t site_add_kind(struct snapshot *site, const char *name, double weight)
{
    assert_true(site->kind_count < SITE_MOST);
    site->kinds[site->kind_count] = (struct kind){site_text(site, name), weight};
    return site->kind_count++;
}

uint32_t site_add_persona(struct snapshot *site, const char *name)
{
    assert_true(site->persona_count < SITE_MOST);
    site->personas[site->persona_count] = (struct persona){.name = site_text(site, name)};
    return site->persona_count++;
}

struct journey *site_add_journey(struct snapshot *site, const char *name)
{
    assert_true(site->journey_count < SITE_MOST);
    struct journey *journey = &site->journeys[site->journey_count++];
    *journey = (struct journey){.name = site_text(site, name), .first_stage = site->stage_count};
    return journey;
}

struct stage *site_add_stage(struct snapshot *site, const char *name)
{
    assert_true(site->journey_count > 0 && site->stage_count < SITE_MOST);
    struct journey *journey = &site->journeys[site->journey_count - 1];
    struct stage *stage = &site->stages[site->stage_count++];
    *stage = (struct stage){.name = site_text(site, name),
                            .journey = site->journey_count - 1,
                            .position = journey->stage_count++};
    return stage;
}

struct placement *site_add_placement(struct snapshot *site, const char *name, uint32_t count)
{
    assert_true(site->placement_count < SITE_MOST);
    struct placement *placement = &site->placements[site->placement_count++];
    *placement = (struct placement){.name = site_text(site, name), .count = count};
    return placement;
}

struct offer *site_add_offer(struct snapshot *site, const char *id, double value)
{
    assert_true(site->offer_count < SITE_MOST_OFFERS);
    struct offer *offer = &site->offers[site->offer_count++];
    struct text *titles = new_array(site, site->locale_count, sizeof *titles);
    for (uint32_t i = 0; i < site->locale_count; i++)
        titles[i] = site_text(site, id);
    *offer = (struct offer){.id = site_text(site, id),
                            .titles = {titles},
                            .value = value,
                            .starts = -INFINITY,
                            .ends = INFINITY,
                            .consent = SNAPSHOT_NONE,
                            .data = TEXT("\x80")};
    return offer;
}

struct limit *site_add_limit(struct snapshot *site, const char *name, enum limit_counts counts,
                             uint32_t times, double within)
{
    assert_true(site->limit_count < SITE_MOST);
    struct limit *limit = &site->limits[site->limit_count++];
    *limit = (struct limit){.name = site_text(site, name),
                            .policy = true,
                            .counts = counts,
                            .times = times,
                            .within = within,
                            .hash = site->limit_count};
    return limit;
}

void site_limit(struct snapshot *site, struct offer *offer, const struct limit *limit)
{
    uint32_t *limits = new_array(site, offer->limit_count + 1, sizeof *limits);
    if (offer->limit_count > 0)
        memcpy(limits, offer->limits, offer->limit_count * sizeof *limits);
    limits[offer->limit_count++] = site_number(site, limits, limit);
    offer->limits = limits;
}

struct strategy *site_add_strategy(struct snapshot *site, const char *name)
{
    assert_true(site->strategy_count < SITE_MOST);
    struct strategy *strategy = &site->strategies[site->strategy_count++];
    *strategy = (struct strategy){.name = site_text(site, name)};
    return strategy;
}

struct number_list site_list(struct snapshot *site, uint32_t count, ...)
{
    uint32_t *numbers = new_array(site, count, sizeof *numbers);
    va_list list;
    va_start(list, count);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = va_arg(list, uint32_t);
    va_end(list);
    return (struct number_list){numbers, count, true};
}

struct localized site_texts(struct snapshot *site, ...)
{
    struct text *texts = new_array(site, site->locale_count, sizeof *texts);
    va_list list;
    va_start(list, site);
    for (uint32_t i = 0; i < site->locale_count; i++)
        texts[i] = site_text(site, va_arg(list, const char *));
    va_end(list);
    return (struct localized){texts};
}

void site_finish(struct snapshot *site)
{
    struct finishing *finishing = finishing_new(site);
    enum finishing_step step;
    assert_non_null(finishing);
    while ((step = finishing_step(finishing, 0)) == FINISHING_MORE)
        ;
    assert_int_equal(step, FINISHING_DONE);
    finishing_free(finishing);
}

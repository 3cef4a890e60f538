/* flow/resolve: what the request says, then what is remembered, then what the site says. */
#include "asked.h"

#include <stdlib.h>

#include "../model/customer_builder.h"
#include "engine_builder.h"
#include "flow/resolve.h"

struct resolved {
    struct engine_built site;
    struct metrics_slot slot;
    struct asked asked;
    struct customer ada; /* walker, speaks en, is choosing; marketing yes */
    struct arena arena;
    msgpack_zone zone;
    uint32_t excluded[RESOLVE_EXCLUDED_MOST];
    struct situation situation;
    struct error error;
};

static int setup(void **state)
{
    struct resolved *r = aligned_alloc(64, (sizeof *r + 63) / 64 * 64);
    if (r == NULL)
        return -1;
    memset(r, 0, sizeof *r);
    if (!msgpack_zone_init(&r->zone, 1024) || !engine_build(&r->site, &r->slot))
        return -1;
    arena_create(&r->arena, 4096);
    customer_create(&r->ada, &r->arena, TEXT("ada"), BUILDER_NOW);
    r->ada.persona = TEXT("walker");
    r->ada.locale = TEXT("en");
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    struct resolved *r = *state;
    engine_built_destroy(&r->site);
    msgpack_zone_destroy(&r->zone);
    arena_destroy(&r->arena);
    free(r);
    return 0;
}

static bool resolve(struct resolved *r, const struct customer *known, const char *arguments)
{
    if (r->asked.bytes.bytes != NULL)
        asked_end(&r->asked);
    asked_begin(&r->asked, METHOD_RECOMMEND, arguments);
    struct resolving resolving = {.snapshot = engine_snapshot(r->site.engine),
                                  .arguments = &r->asked.arguments,
                                  .known = known,
                                  .zone = &r->zone,
                                  .excluded = r->excluded,
                                  .now_us = 1000,
                                  .seed = 7};
    return resolve_situation(&resolving, &r->situation, &r->error);
}

static struct text stage_of(const struct resolved *r)
{
    return engine_snapshot(r->site.engine)->stages[r->situation.stage].name;
}

static struct text locale_of(const struct resolved *r)
{
    return engine_snapshot(r->site.engine)->locales[r->situation.locale];
}

static struct text persona_of(const struct resolved *r)
{
    return r->situation.persona == SNAPSHOT_NONE
               ? TEXT("unknown")
               : engine_snapshot(r->site.engine)->personas[r->situation.persona].name;
}

static void stand(struct resolved *r, const char *journey, const char *stage)
{
    static struct customer_journey place;
    place = (struct customer_journey){.journey = text_from(journey), .stage = text_from(stage)};
    r->ada.journeys = &place;
    r->ada.journey_count = 1;
}

static void test_resolve_nobody(void **state)
{
    struct resolved *r = *state;
    assert_true(resolve(r, NULL, "{'placement': 'hero'}"));
    assert_null(r->situation.customer.bytes);
    builder_assert_text(stage_of(r), TEXT("curious"));
    builder_assert_text(locale_of(r), TEXT("es"));
    builder_assert_text(persona_of(r), TEXT("unknown"));
    assert_int_equal(r->situation.count, 2);
    assert_int_equal(r->situation.now_us, 1000);
    assert_int_equal(r->situation.seed, 7);
    assert_null(r->situation.traits);
    asked_end(&r->asked);
}

static void test_resolve_who_is_known(void **state)
{
    struct resolved *r = *state;
    stand(r, "walk", "choosing");
    assert_true(resolve(r, &r->ada, "{'placement': 'hero', 'customer': 'an alias'}"));
    builder_assert_text(r->situation.customer, TEXT("ada"));
    assert_ptr_equal(r->situation.known, &r->ada);
    builder_assert_text(stage_of(r), TEXT("choosing"));
    builder_assert_text(locale_of(r), TEXT("en"));
    builder_assert_text(persona_of(r), TEXT("walker"));
    asked_end(&r->asked);
}

static void test_resolve_what_is_asked_goes_first(void **state)
{
    struct resolved *r = *state;
    stand(r, "walk", "choosing");
    assert_true(resolve(r, &r->ada,
                        "{'placement': 'hero', 'stage': 'resting', 'persona': 'rider', 'locale': 'es',"
                        " 'count': 7}"));
    builder_assert_text(stage_of(r), TEXT("resting"));
    builder_assert_text(locale_of(r), TEXT("es"));
    builder_assert_text(persona_of(r), TEXT("rider"));
    assert_int_equal(r->situation.count, 7);
    assert_true(resolve(r, &r->ada, "{'placement': 'hero', 'journey': 'talk'}"));
    builder_assert_text(stage_of(r), TEXT("hello")); /* they stand nowhere on that one */
    asked_end(&r->asked);
}

/* Names that the site has lost are no mistake of the request's. */
static void test_resolve_what_the_site_has_lost(void **state)
{
    struct resolved *r = *state;
    stand(r, "walk", "a stage of last year");
    r->ada.persona = TEXT("a persona of last year");
    r->ada.locale = TEXT("qu");
    assert_true(resolve(r, &r->ada, "{'placement': 'hero'}"));
    builder_assert_text(stage_of(r), TEXT("curious"));
    builder_assert_text(locale_of(r), TEXT("es"));
    builder_assert_text(persona_of(r), TEXT("unknown"));
    stand(r, "a journey of last year", "choosing");
    assert_true(resolve(r, &r->ada, "{'placement': 'hero'}"));
    builder_assert_text(stage_of(r), TEXT("curious"));
    asked_end(&r->asked);
}

static void test_resolve_consents(void **state)
{
    struct resolved *r = *state;
    struct customer_consent consent = {.name = TEXT("marketing"), .granted = true};
    r->ada.consents = &consent;
    r->ada.consent_count = 1;
    assert_true(resolve(r, &r->ada, "{'placement': 'hero'}"));
    assert_int_equal(r->situation.consented, 1);
    assert_true(resolve(r, &r->ada, "{'placement': 'hero', 'consents': {'marketing': false}}"));
    assert_int_equal(r->situation.consented, 0);
    assert_true(resolve(r, NULL, "{'placement': 'hero', 'consents': {'marketing': true, 'other': true}}"));
    assert_int_equal(r->situation.consented, 1);
    assert_true(resolve(r, &r->ada, "{'placement': 'hero', 'consents': {'marketing': null}}"));
    assert_int_equal(r->situation.consented, 0);
    assert_false(resolve(r, NULL, "{'placement': 'hero', 'consents': {'marketing': 'yes'}}"));
    assert_string_equal(r->error.message, "consents: marketing: expected true or false, got text");
    asked_end(&r->asked);
}

static void test_resolve_chance_in_dry_runs_alone(void **state)
{
    struct resolved *r = *state;
    assert_true(resolve(r, NULL, "{'placement': 'hero', 'dry_run': true, 'at': 2.5, 'seed': 9}"));
    assert_int_equal(r->situation.now_us, 2500000);
    assert_int_equal(r->situation.seed, 9);
    assert_false(resolve(r, NULL, "{'placement': 'hero', 'at': 2.5}"));
    assert_string_equal(r->error.message, "at: only taken with dry_run");
    assert_false(resolve(r, NULL, "{'placement': 'hero', 'dry_run': false, 'seed': 1}"));
    assert_string_equal(r->error.message, "seed: only taken with dry_run");
    asked_end(&r->asked);
}

static void test_resolve_excluded(void **state)
{
    struct resolved *r = *state;
    const struct snapshot *site = engine_snapshot(r->site.engine);
    assert_true(resolve(r, NULL, "{'placement': 'hero', 'exclude': ['tool', 'of last year', 'guide']}"));
    assert_int_equal(r->situation.excluded_count, 2);
    builder_assert_text(site->offers[r->situation.excluded[0]].id, TEXT("tool"));
    builder_assert_text(site->offers[r->situation.excluded[1]].id, TEXT("guide"));
    asked_end(&r->asked);
}

static void test_resolve_names_the_field(void **state)
{
    struct resolved *r = *state;
    assert_false(resolve(r, NULL, "{'placement': 'heroo'}"));
    assert_string_equal(r->error.message, "placement: no placement 'heroo'; did you mean 'hero'?");
    assert_int_equal(r->error.code, ERROR_INVALID);
    asked_end(&r->asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_resolve_##name, setup, teardown)
        TEST(nobody),
        TEST(who_is_known),
        TEST(what_is_asked_goes_first),
        TEST(what_the_site_has_lost),
        TEST(consents),
        TEST(chance_in_dry_runs_alone),
        TEST(excluded),
        TEST(names_the_field),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/resolve", tests, NULL, NULL);
}

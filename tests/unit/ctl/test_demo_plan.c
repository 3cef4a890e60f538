/* ctl/demo_plan: fitting visitors to sites whose stages and placements differ. */
#include "ctl/local_site.h" /* in front of `text`, which its headers use as a parameter */

#include "answers.h"

#include "ctl/demo_plan.h"

#include <sys/stat.h>
#include <unistd.h>

static void assert_text(struct text got, const char *expected)
{
    assert_int_equal(got.length, strlen(expected));
    assert_memory_equal(got.bytes, expected, got.length);
}

static void load(struct local_site *site, struct demo_plan *plan, const char *folder)
{
    struct error error;
    assert_true(local_site_create(site, folder, &error));
    assert_non_null(site->engine);
    demo_plan_create(plan, engine_snapshot(site->engine));
}

static void test_demo_plan_finds_the_shops_stages_and_places(void **state)
{
    (void)state;
    static const char *const stages[DEMO_PHASES] = {"awareness",  "consideration", "decision", "purchase",
                                                    "experience", "retention",     "advocacy"};
    struct local_site site;
    struct demo_plan plan;
    load(&site, &plan, SENDA_SOURCE_DIR "/scripts/shop");
    for (int phase = 0; phase < DEMO_PHASES; phase++)
        assert_text(plan.stages[phase], stages[phase]);
    assert_int_equal(plan.places[DEMO_PURCHASE].count, 3);
    assert_text(plan.places[DEMO_PURCHASE].names[0], "checkout");
    local_site_destroy(&site);
}

static void test_demo_plan_knows_the_phase_of_every_stage(void **state)
{
    (void)state;
    struct local_site site;
    struct demo_plan plan;
    load(&site, &plan, SENDA_SOURCE_DIR "/scripts/shop");
    const struct journey *journey = &plan.site->journeys[plan.site->default_journey];
    assert_int_equal(journey->stage_count, DEMO_PHASES);
    for (uint32_t i = 0; i < journey->stage_count; i++)
        assert_int_equal(demo_plan_phase(&plan, journey->first_stage + i), i);
    local_site_destroy(&site);
}

static void test_demo_plan_brings_every_language_to_every_place(void **state)
{
    (void)state;
    struct local_site site;
    struct demo_plan plan;
    struct demo_session session = {.page_value = 1};
    bool seen[3][2] = {{false}};
    load(&site, &plan, SENDA_SOURCE_DIR "/scripts/shop");
    for (size_t number = 1; number <= 6; number++) {
        struct demo_visitor visitor = demo_plan_visitor(&plan, &session, number);
        assert_text(visitor.stage, "decision");
        for (int place = 0; place < 3; place++)
            for (int locale = 0; locale < 2; locale++)
                seen[place][locale] |=
                    text_equal(visitor.placement, plan.places[DEMO_DECISION].names[place]) &&
                    text_equal(visitor.locale, plan.site->locales[locale]);
    }
    for (int i = 0; i < 6; i++)
        assert_true(seen[i / 2][i % 2]);
    local_site_destroy(&site);
}

static void test_demo_visitor_put_tells_a_stage_and_nobody(void **state)
{
    (void)state;
    struct local_site site;
    struct demo_plan plan;
    struct demo_session session = {.pages = {0, 0, 20}};
    load(&site, &plan, SENDA_SOURCE_DIR "/scripts/shop");
    struct demo_visitor visitor = demo_plan_visitor(&plan, &session, 42);
    senda_request *request = senda_request_new();
    demo_visitor_put(&visitor, request);
    demo_visitor_put(&visitor, request); /* what was there before is gone */
    senda_reply *reply = reply_of(request);
    const senda_value *whole = senda_reply_result(reply);
    assert_int_equal(senda_value_count(whole), 4);
    assert_null(senda_value_get(whole, "customer"));
    assert_int_equal(
        senda_value_integer(senda_value_get(senda_value_get(whole, "context"), "product_pages"), 0), 20);
    assert_string_equal(senda_value_string(senda_value_get(whole, "stage"), NULL), "consideration");
    assert_string_equal(senda_value_string(senda_value_get(whole, "placement"), NULL), "hero");
    assert_string_equal(senda_value_string(senda_value_get(whole, "locale"), NULL), "es");
    senda_reply_unref(reply);
    local_site_destroy(&site);
}

/* ---- A site that knows none of the names ---- */

struct scratch {
    char folder[64];
};

static void write_file(const struct scratch *scratch, const char *name, const char *content)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", scratch->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static struct scratch make_site(void)
{
    struct scratch scratch = {"/tmp/senda-plan-XXXXXX"};
    char folder[128];
    assert_non_null(mkdtemp(scratch.folder));
    snprintf(folder, sizeof folder, "%s/journeys", scratch.folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    snprintf(folder, sizeof folder, "%s/offers", scratch.folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    write_file(&scratch, "offers/o.lua",
               "offer \"hello\" { kind = \"article\", title = \"Hola\", placements = {} }\n");
    write_file(&scratch, "site.lua",
               "site \"s\" { locale = \"es\", locales = { \"es\" }, journey = \"j\" }\n");
    write_file(&scratch, "placements.lua",
               "placement \"top\" { fallback = \"hello\" }\nplacement \"bottom\" { fallback = \"hello\" }\n");
    write_file(&scratch, "journeys/j.lua",
               "journey \"j\" { names = { es = \"j\" },\n"
               "  stage \"mirar\" { names = { es = \"m\" } },\n"
               "  stage \"pensar\" { names = { es = \"p\" } },\n"
               "  stage \"volver\" { names = { es = \"v\" } },\n}\n");
    return scratch;
}

static void remove_site(const struct scratch *scratch)
{
    static const char *const names[] = {
        "site.lua", "placements.lua", "journeys/j.lua", "journeys", "offers/o.lua", "offers", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", scratch->folder, names[i]);
        assert_int_equal(remove(path), 0);
    }
}

static void test_demo_plan_takes_any_site(void **state)
{
    (void)state;
    static const char *const stages[DEMO_PHASES] = {"mirar",  "mirar",  "pensar", "pensar",
                                                    "pensar", "volver", "volver"};
    struct scratch scratch = make_site();
    struct local_site site;
    struct demo_plan plan;
    load(&site, &plan, scratch.folder);
    for (int phase = 0; phase < DEMO_PHASES; phase++) {
        assert_text(plan.stages[phase], stages[phase]);
        assert_int_equal(plan.places[phase].count, 2);
    }
    assert_int_equal(demo_plan_phase(&plan, 0), DEMO_AWARENESS);
    assert_int_equal(demo_plan_phase(&plan, 1), DEMO_PURCHASE);
    assert_int_equal(demo_plan_phase(&plan, 2), DEMO_ADVOCACY);
    local_site_destroy(&site);
    remove_site(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_plan_finds_the_shops_stages_and_places),
        cmocka_unit_test(test_demo_plan_knows_the_phase_of_every_stage),
        cmocka_unit_test(test_demo_plan_brings_every_language_to_every_place),
        cmocka_unit_test(test_demo_visitor_put_tells_a_stage_and_nobody),
        cmocka_unit_test(test_demo_plan_takes_any_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

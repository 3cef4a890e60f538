/* flow/map_reply: what marketers drew, and the figures, in one map. */
#include "../decide/site_builder.h"
#include "../wire/spelled.h"

#include "flow/map_reply.h"

struct fixture {
    struct snapshot *site;
    struct buffer out;
};

/* A journey of two stages with rows, one of which has names. */
static int setup(void **state)
{
    static struct fixture fixture;
    struct snapshot *site = site_new_small();
    struct stage *later = site_add_stage(site, "later");
    site_add_offer(site, "a", 1.0);
    site_finish(site);
    later->map = TEXT("\x82\xa5"
                      "names\x81\xa2"
                      "es\xa5"
                      "luego\xa4"
                      "goal\xa4"
                      "Buys");
    site->stages[0].map = TEXT("\x80");
    site->journeys[0].map = TEXT("\x81\xa5"
                                 "model\xa3"
                                 "b2c");
    site->time_zone = TEXT("Europe/Madrid");
    fixture.site = site;
    buffer_create(&fixture.out);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    buffer_destroy(&fixture->out);
    snapshot_free(fixture->site);
    return 0;
}

#define assert_out(fixture, expected) assert_spelled((fixture)->out.bytes, (fixture)->out.length, (expected))

static void test_map_reply_of_a_quiet_journey(void **state)
{
    struct fixture *fixture = *state;
    struct map_stage stages[] = {{.name = TEXT("start"), .number = 0}, {.name = TEXT("later"), .number = 1}};
    struct map map = {.from = 20261101, .to = 20261122, .stages = stages, .stage_count = 2};
    map_reply(fixture->site, &map, &fixture->out);
    assert_out(
        fixture,
        "{'journey': 'walk', 'names': {}, 'from': '2026-11-01', 'to': '2026-11-22', 'time_zone': "
        "'Europe/Madrid', 'model': 'b2c', 'stages': [{'stage': 'start', 'name': 'start', 'names': {}, "
        "'position': 0, 'entered': 0, 'advanced': 0, 'dropped': 0, 'inside': 0, 'offers': []}, {'stage': "
        "'later', 'name': 'later', 'names': {'es': 'luego'}, 'position': 1, 'goal': 'Buys', 'entered': 0, "
        "'advanced': 0, 'dropped': 0, 'inside': 0, 'offers': []}], 'offers': []}");
}

static void test_map_reply_has_the_figures_of_stages_and_offers(void **state)
{
    struct fixture *fixture = *state;
    struct map_offer offers[] = {{.id = TEXT("a"), .number = 0, .touches = {9, 8, 7, 6, 5}, .value = 2.5},
                                 {.id = TEXT("gone"), .number = SNAPSHOT_NONE, .touches = {1}}};
    struct map_stage stages[] = {{.name = TEXT("start"),
                                  .number = 0,
                                  .entered = 10,
                                  .advanced = 5,
                                  .dropped = 2,
                                  .inside = 3,
                                  .offers = offers,
                                  .offer_count = 2}};
    struct map map = {.from = 20261101, .to = 20261122, .stages = stages, .stage_count = 1};
    map_reply(fixture->site, &map, &fixture->out);
    const char *told = spelled(fixture->out.bytes, fixture->out.length);
    assert_non_null(strstr(told,
                           "'entered': 10, 'advanced': 5, 'dropped': 2, 'inside': 3, 'offers': [{'offer': "
                           "'a', 'kind': 'guide', 'title': 'a', 'decisions': 9, 'impressions': 8, 'clicks': "
                           "7, 'dismissals': 6, 'conversions': 5, 'value': 2.5}, {'offer': 'gone', 'kind': "
                           "null, 'title': null, 'decisions': 1, 'impressions': 0, 'clicks': 0, "
                           "'dismissals': 0, 'conversions': 0, 'value': 0}]}]"));
}

static void test_map_reply_tells_what_is_gone_without_rows(void **state)
{
    struct fixture *fixture = *state;
    struct map_stage stages[] = {{.name = TEXT("old"), .number = SNAPSHOT_NONE, .entered = 1, .inside = 1},
                                 {.name = {NULL, 0}, .number = SNAPSHOT_NONE}};
    struct map map = {.from = 20261101, .to = 20261122, .stages = stages, .stage_count = 2};
    map_reply(fixture->site, &map, &fixture->out);
    const char *told = spelled(fixture->out.bytes, fixture->out.length);
    assert_non_null(
        strstr(told, "{'stage': 'old', 'name': 'old', 'names': {}, 'position': null, 'entered': 1,"));
    assert_non_null(
        strstr(told, "{'stage': null, 'name': null, 'names': {}, 'position': null, 'entered': 0,"));
}

#define REPLY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLY_TEST(test_map_reply_of_a_quiet_journey),
        REPLY_TEST(test_map_reply_has_the_figures_of_stages_and_offers),
        REPLY_TEST(test_map_reply_tells_what_is_gone_without_rows),
    };
    return cmocka_run_group_tests_name("flow/map_reply", tests, NULL, NULL);
}

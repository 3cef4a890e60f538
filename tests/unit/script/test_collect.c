/* collect: what of a site's files ends up where in the snapshot. */
#include <lauxlib.h>
#include <lualib.h>
#include <math.h>
#include <string.h>

#include "../cmocka_all.h"
#include "script/collect.h"
#include "served_builder.h"

static const struct served_file files[] = {
    {"site.lua", "site 'small' { locale = 'en', locales = { 'en', 'es' }, time_zone = 'Atlantic/Reykjavik', "
                 "journey = 'road' }\n"
                 "kind 'guide' { weight = 15 }"},
    {"journeys/road.lua",
     "journey 'road' { model = 'b2c', locale = 'es', weight = 5,\n"
     " stage 'first' { names = { es = 'primera', en = 'one' }, offers = { 'guide', 'video' } },\n"
     " stage 'quiet' { enter = { on = 'download' }, no_offer = { en = 'let them be' }, customer = { 'reads' "
     "},\n"
     " re_enter = { cool_down = '30d' }, leave_after = '45d' },\n"
     " stage 'empty' { offers = {}, enter = { { on = 'purchase' }, { on = 'page_view', times = 2, within = "
     "'7d',\n"
     " where = { section = 'pricing', depth = 3, deep = true } } } } }"},
    {"personas/p.lua",
     "persona 'buyer' { name = 'B', summary = 'b' }\n"
     "persona 'dreamer' { name = 'D', summary = 'd', match = function(c) return true end }"},
    {"placements.lua",
     "placement 'hero' { count = 2, kinds = { 'video', 'guide' }, fallback = { 'house', 'a' } }\n"
     "placement 'side' { fallback = 'house' }"},
    {"strategies/s.lua", "strategy 'plain' { because = { en = 'why', es = 'por qué' } }\n"
                         "strategy 'full' { stage = 'first', placements = { 'side' }, explore = 'linear',\n"
                         " when = function() return true end, eligible = function() return true end, score = "
                         "function() return 1 end }\n"
                         "strategy 'learning' { explore = 'thompson', score = function() return 1 end }"},
    {"offers/o.lua",
     "offer 'a' { kind = 'guide', title = { en = 'A', es = 'Á' }, url = '/a', value = 10, tags = { 'red', "
     "'round' },\n"
     " answers = { 'hard to compare' }, data = { pages = 24, names = { 'x', 'y' }, deep = { k = { 1, 2 } } } "
     "}\n"
     "offer 'c' { kind = 'guide', title = 'C', url = '/c', value = 8, weight = 25, stages = { 'first' } }\n"
     "offer 'd' { kind = 'video', title = 'D', url = '/d', personas = { 'buyer' } }\n"
     "offer 'e' { kind = 'guide', title = 'E', url = '/e', starts = '2026-01-01', ends = '2027-01-01' }\n"
     "offer 'f' { kind = 'guide', title = 'F', url = '/f', consent = 'marketing' }\n"
     "offer 'g' { kind = 'guide', title = 'G', url = '/g', placements = { 'side' }, locales = { 'es' } }\n"
     "offer 'house' { kind = 'guide', title = 'House', url = '/house', placements = { } }"},
    {"offers/p.lua",
     "offer 'few' { kind = 'video', title = 'F', url = '/f', stock = 500, tags = { 'red' },\n"
     " limit = { impressions = 3, within = '7d', rest = '10d' } }\n"
     "offer 'none' { kind = 'video', title = 'N', url = '/n', stock = 0, limit = { conversions = 1 } }"},
    {"policies.lua", "policy 'red-things' { tags = { 'red' }, offers = { 'd' },\n"
                     " limit = { decisions = 4, within = '1d' } }\n"
                     "policy 'films' { kinds = { 'video' }, limit = { dismissals = 2, rest = '2h' } }"},
    {"tests/t.lua", "test 'one' { given = { stage = 'first', context = { visits = 3 }, did = { buy = { '5s', "
                    "'1m' } } }, at = 'hero', now = '2026-05-01',\n"
                    " count = 3, expect = { offer = 'a' } }\n"
                    "test 'two' { at = 'side', expect = { none = true } }"},
};

static void assert_text(struct text text, const char *expected)
{
    if (text.bytes == NULL)
        fail_msg("no text in place of '%s'", expected);
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
}

static int served_setup(void **state)
{
    struct served *served = calloc(1, sizeof *served);
    served_begin(served, NULL, files, sizeof files / sizeof *files);
    *state = served;
    return 0;
}

static int served_teardown(void **state)
{
    served_end(*state);
    free(*state);
    return 0;
}

static const struct snapshot *snapshot_of(void **state)
{
    return engine_snapshot(((struct served *)*state)->engine);
}

static uint32_t find_offer(const struct snapshot *site, const char *id)
{
    uint32_t number = 0;
    while (strcmp(site->offers[number].id.bytes, id) != 0)
        assert_true(++number < site->offer_count);
    return number;
}

static void test_collect_reads_the_header(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    assert_text(site->name, "small");
    assert_int_equal(site->locale_count, 2);
    assert_text(site->locales[0], "en");
    assert_text(site->locales[1], "es");
    assert_text(site->journeys[site->default_journey].name, "road");
    assert_text(site->time_zone, "Atlantic/Reykjavik");
    assert_int_equal(site->consent_count, 1);
    assert_text(site->consents[0], "marketing");
    assert_string_equal(site->version, bundle_version(((struct served *)*state)->bundle));
}

static void test_collect_reads_kinds(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    int found = 0;
    for (uint32_t i = 0; i < site->kind_count; i++) {
        bool guide = text_equal(site->kinds[i].name, TEXT("guide"));
        assert_float_equal(site->kinds[i].weight, guide ? 15 : 0, 0);
        found += guide || text_equal(site->kinds[i].name, TEXT("video"));
    }
    assert_int_equal(found, 2);
}

static void test_collect_reads_journeys(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct journey *road = &site->journeys[site->default_journey],
                         *other = &site->journeys[!site->default_journey];
    assert_int_equal(site->journey_count, 2);
    assert_int_equal(road->stage_count, 3);
    assert_int_equal(road->locale, 1);
    assert_float_equal(road->weight, 5, 0);
    assert_text(other->name, "other");
    assert_int_equal(other->stage_count, 1);
    assert_int_equal(other->locale, 0); /* the site's */
    assert_float_equal(other->weight, 0, 0);
}

static void test_collect_reads_stages(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct stage *first = &site->stages[site->journeys[site->default_journey].first_stage];
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(first[i].journey, site->default_journey);
        assert_int_equal(first[i].position, i);
        assert_int_equal(first[i].wants_no_offer, i > 0);
    }
    assert_text(first->name, "first");
    assert_int_equal(first->alias_count, 2);
    assert_int_equal(first->kinds.count, 2);
    assert_text(site->kinds[first->kinds.numbers[0]].name, "guide");
    assert_null(first->no_offer.by_locale);
    assert_false(first[1].kinds.restricts);
    assert_text(first[1].no_offer.by_locale[0], "let them be");
}

static void test_collect_reads_personas(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    assert_int_equal(site->persona_count, 2);
    assert_text(site->personas[0].name, "buyer");
    assert_false(site->personas[0].matches);
    assert_text(site->personas[1].name, "dreamer");
    assert_true(site->personas[1].matches);
    assert_text(site->personas[1].file, "personas/p.lua");
    assert_int_equal(site->personas[1].line, 2);
}

static void test_collect_reads_placements(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct placement *hero = &site->placements[0], *side = &site->placements[1];
    assert_int_equal(site->placement_count, 2);
    assert_text(hero->name, "hero");
    assert_int_equal(hero->count, 2);
    assert_int_equal(hero->kinds.count, 2);
    assert_text(site->kinds[hero->kinds.numbers[0]].name, "video");
    assert_int_equal(hero->fallback.count, 2);
    assert_text(site->offers[hero->fallback.numbers[0]].id, "house");
    assert_text(site->offers[hero->fallback.numbers[1]].id, "a");
    assert_int_equal(side->count, 1);
    assert_false(side->kinds.restricts);
}

static void test_collect_reads_strategies(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct strategy *plain = &site->strategies[0], *full = &site->strategies[1];
    assert_int_equal(site->strategy_count, 3);
    assert_text(plain->name, "plain");
    assert_false(plain->stages.restricts || plain->placements.restricts);
    assert_false(plain->has_when || plain->has_eligible || plain->has_score);
    assert_int_equal(plain->explore, EXPLORE_NONE);
    assert_text(plain->because.by_locale[1], "por qué");
    assert_true(full->has_when && full->has_eligible && full->has_score);
    assert_int_equal(full->placements.count, 1);
    assert_int_equal(full->placements.numbers[0], 1);
    for (uint32_t i = 0; i < full->stages.count; i++)
        assert_text(site->stages[full->stages.numbers[i]].name, "first");
    assert_true(full->stages.count > 0);
    assert_int_equal(full->explore, EXPLORE_LINEAR);
    assert_int_equal(site->strategies[2].explore, EXPLORE_THOMPSON);
    assert_text(full->file, "strategies/s.lua");
    assert_int_equal(full->line, 2);
}

static void test_collect_reads_tests(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct site_test *one = &site->tests[0], *two = &site->tests[1];
    assert_int_equal(site->test_count, 2);
    assert_text(one->name, "one");
    assert_text(one->placement, "hero");
    assert_text(one->given, "\x82\xa7"
                            "context\x81\xa6"
                            "visits\x03\xa5"
                            "stage\xa5"
                            "first");
    assert_text(one->history, "\x81\xa3"
                              "did\x81\xa3"
                              "buy\x92\x05\x3c");
    assert_text(one->expect, "\x81\xa5"
                             "offer\xa1"
                             "a");
    assert_int_equal(one->count, 3);
    assert_float_equal(one->now, 1777593600, 0);
    assert_true(isnan(two->now));
    assert_int_equal(two->count, 0);
    assert_int_equal(two->given.length, 1);
    assert_int_equal(two->history.length, 1);
    assert_int_equal(two->line, 3);
}

static void test_collect_reads_offers(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct offer *a = &site->offers[find_offer(site, "a")];
    assert_int_equal(site->offer_count, 9);
    assert_text(site->kinds[a->kind].name, "guide");
    assert_text(a->titles.by_locale[1], "Á");
    assert_text(a->urls.by_locale[1], "/a");
    assert_float_equal(a->value, 10, 0);
    assert_false(a->stages.restricts || a->personas.restricts || a->placements.restricts ||
                 a->locales.restricts);
    assert_int_equal(a->tags.count, 2);
    assert_text(site->tags[a->tags.numbers[1]], "round");
    assert_int_equal(a->answer_count, 1);
    assert_text(a->answers[0], "hard to compare");
    assert_int_equal(a->consent, SNAPSHOT_NONE);
    assert_false(a->stocked);
    assert_true(isinf(a->starts) && a->starts < 0 && isinf(a->ends) && a->ends > 0);
    assert_memory_equal(a->data.bytes,
                        "\x83\xa4"
                        "deep",
                        6);
}

static void test_collect_reads_what_restricts_offers(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct offer *c = &site->offers[find_offer(site, "c")], *d = &site->offers[find_offer(site, "d")],
                       *e = &site->offers[find_offer(site, "e")], *f = &site->offers[find_offer(site, "f")],
                       *g = &site->offers[find_offer(site, "g")],
                       *house = &site->offers[find_offer(site, "house")];
    assert_float_equal(c->weight, 25, 0);
    assert_true(c->stages.restricts);
    assert_true(d->personas.count == 1 && d->personas.numbers[0] == 0);
    assert_true(e->starts == 1767225600 && e->ends > e->starts);
    assert_int_equal(f->consent, 0);
    assert_true(g->placements.count == 1 && g->placements.numbers[0] == 1);
    assert_true(g->locales.count == 1 && g->locales.numbers[0] == 1);
    assert_true(house->placements.restricts && house->placements.count == 0);
    assert_float_equal(house->value, 1, 0);
    assert_int_equal(house->data.length, 1);
}

static const struct stage *stage_at(const struct snapshot *site, uint32_t position)
{
    return &site->stages[site->journeys[site->default_journey].first_stage + position];
}

static void test_collect_reads_what_moves_customers(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct stage *first = stage_at(site, 0), *quiet = stage_at(site, 1), *empty = stage_at(site, 2);
    assert_int_equal(first->enter_count, 0);
    assert_false(first->re_enters);
    assert_float_equal(first->leave_after, 0, 0);
    assert_int_equal(quiet->enter_count, 1);
    assert_text(quiet->enter[0].event, "download");
    assert_int_equal(quiet->enter[0].where_count, 0);
    assert_int_equal(quiet->enter[0].times, 1);
    assert_true(isinf(quiet->enter[0].within));
    assert_true(quiet->re_enters);
    assert_float_equal(quiet->cool_down, 30 * 86400, 0);
    assert_float_equal(quiet->leave_after, 45 * 86400, 0);
    assert_int_equal(empty->enter_count, 2);
    assert_int_equal(empty->enter[1].times, 2);
    assert_float_equal(empty->enter[1].within, 7 * 86400, 0);
}

static void test_collect_packs_what_rules_ask_for(void **state)
{
    const struct enter_rule *rule = &stage_at(snapshot_of(state), 2)->enter[1];
    assert_int_equal(rule->where_count, 3);
    assert_text(rule->where[0].key, "deep");
    assert_text(rule->where[0].value, "\xc3");
    assert_text(rule->where[1].key, "depth");
    assert_text(rule->where[1].value, "\x03");
    assert_text(rule->where[2].key, "section");
    assert_text(rule->where[2].value, "\xa7pricing");
}

static void test_collect_packs_the_rows_of_maps(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    assert_text(stage_at(site, 1)->map, "\x82\xa5"
                                        "basis\xa7"
                                        "assumed\xa8"
                                        "customer\x81\xa5"
                                        "texts\x81\xa1*\x91\xa5"
                                        "reads");
    assert_text(stage_at(site, 0)->map, "\x83\xa7"
                                        "aliases\x92\xa3"
                                        "one\xa7"
                                        "primera\xa5"
                                        "basis\xa7"
                                        "assumed\xa5"
                                        "names\x82\xa2"
                                        "en\xa3"
                                        "one\xa2"
                                        "es\xa7"
                                        "primera");
    assert_text(site->journeys[site->default_journey].map, "\x81\xa5"
                                                           "model\xa3"
                                                           "b2c");
    assert_text(site->personas[0].map, "\x82\xa7"
                                       "summary\x81\xa1*\xa1"
                                       "b\xa5"
                                       "title\xa1"
                                       "B");
}

static void test_collect_reads_limits(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    assert_int_equal(site->limit_count, 4);
    const struct limit *red = &site->limits[0], *films = &site->limits[1], *few = &site->limits[2],
                       *none = &site->limits[3];
    assert_true(red->policy && films->policy && !few->policy && !none->policy);
    assert_text(red->name, "red-things");
    assert_text(few->name, "few");
    assert_int_equal(red->counts, LIMIT_DECISIONS);
    assert_int_equal(films->counts, LIMIT_DISMISSALS);
    assert_int_equal(few->counts, LIMIT_IMPRESSIONS);
    assert_int_equal(none->counts, LIMIT_CONVERSIONS);
    assert_int_equal(red->times, 4);
    assert_float_equal(red->within, 86400, 0);
    assert_float_equal(red->rest, 0, 0);
    assert_true(isinf(films->within));
    assert_float_equal(films->rest, 7200, 0);
    assert_float_equal(few->rest, 10 * 86400, 0);
}

static void assert_numbers(const uint32_t *numbers, uint32_t count, const char *expected)
{
    char said[128];
    size_t length = 0;
    said[0] = '\0';
    for (uint32_t i = 0; i < count; i++)
        length += (size_t)snprintf(said + length, sizeof said - length, i > 0 ? " %u" : "%u", numbers[i]);
    assert_string_equal(said, expected);
}

static void test_collect_knows_which_limits_an_offer_is_under(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    static const struct {
        const char *offer, *limits;
    } under[] = {{"a", "0"}, {"c", ""}, {"d", "0 1"}, {"few", "2 0 1"}, {"none", "3 1"}, {"house", ""}};
    for (size_t i = 0; i < sizeof under / sizeof *under; i++) {
        const struct offer *offer = &site->offers[find_offer(site, under[i].offer)];
        assert_numbers(offer->limits, offer->limit_count, under[i].limits);
    }
    for (uint32_t i = 0; i < site->limit_count; i++)
        for (uint32_t offer = 0; offer < site->offer_count; offer++) {
            bool is_under = false;
            for (uint32_t j = 0; j < site->offers[offer].limit_count; j++)
                is_under = is_under || site->offers[offer].limits[j] == i;
            assert_int_equal(number_list_takes(&site->limits[i].offers, offer), is_under);
        }
}

static void test_collect_reads_stock(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    const struct offer *few = &site->offers[find_offer(site, "few")],
                       *none = &site->offers[find_offer(site, "none")];
    assert_true(few->stocked && none->stocked);
    assert_int_equal(few->stock, 500);
    assert_int_equal(none->stock, 0);
}

/* Hashes are kept with customers: another process, another site with more in it, have to find the same. */
static void test_collect_hashes_what_things_say(void **state)
{
    const struct snapshot *site = snapshot_of(state);
    static const struct served_file others[] = {
        {"journeys/road.lua", "journey 'road' { model = 'b2b', stage 'before' {}, stage 'quiet' { enter = { "
                              "{ on = 'visit' }, { on = "
                              "'download' } } },\n"
                              " stage 'empty' { enter = { on = 'page_view', times = 3, within = '7d', where "
                              "= { section = 'pricing', "
                              "depth = 3, deep = true } } } }"},
        {"policies.lua", "policy 'films' { kinds = { 'video' }, limit = { clicks = 1 } }\n"
                         "policy 'a' { kinds = { 'guide' }, limit = { clicks = 1 } }"},
        {"offers/o.lua", "offer 'house' { kind = 'guide', title = 'H', url = '/h' }"},
        {"offers/p.lua", "offer 'films' { kind = 'video', title = 'F', limit = { clicks = 1 } }"},
    };
    struct served other;
    served_begin(&other, NULL, others, sizeof others / sizeof *others);
    const struct snapshot *moved = engine_snapshot(other.engine);
    assert_int_equal(stage_at(site, 1)->enter[0].hash, stage_at(moved, 1)->enter[1].hash);
    assert_int_not_equal(stage_at(site, 1)->enter[0].hash, stage_at(moved, 1)->enter[0].hash);
    assert_int_not_equal(stage_at(site, 2)->enter[1].hash, stage_at(moved, 2)->enter[0].hash);
    assert_int_equal(site->limits[1].hash, moved->limits[0].hash);
    assert_text(moved->limits[2].name, "films"); /* the offer's own */
    assert_int_not_equal(moved->limits[0].hash, moved->limits[2].hash);
    assert_int_not_equal(moved->limits[0].hash, moved->limits[1].hash);
    served_end(&other);
}

/* ---- The site that ships ---- */

static void test_collect_reads_the_shop(void **state)
{
    (void)state;
    struct problems problems;
    struct error error;
    struct engine_options options = served_options();
    problems_create(&problems);
    int fd = bundle_read(SENDA_SOURCE_DIR "/scripts/shop", &error);
    struct bundle *bundle = fd < 0 ? NULL : bundle_map(fd, &error);
    assert_non_null(bundle);
    struct engine *engine = engine_load(bundle, "shop", &options, &problems, &error);
    assert_non_null(engine);
    const struct snapshot *shop = engine_snapshot(engine);
    assert_text(shop->time_zone, "Europe/Madrid");
    assert_text(shop->limits[0].name, "discounts-stay-special");
    assert_int_equal(shop->limits[0].times, 6);
    assert_float_equal(shop->limits[0].rest, 14 * 86400, 0);
    for (uint32_t i = 0; i < shop->offer_count; i++)
        if (text_equal(shop->kinds[shop->offers[i].kind].name, TEXT("discount")))
            assert_true(number_list_takes(&shop->limits[0].offers, i));
    uint32_t entered = 0;
    for (uint32_t i = 0; i < shop->stage_count; i++) {
        entered += shop->stages[i].enter_count > 0;
        assert_true(shop->stages[i].map.length > 100);
        for (uint32_t j = 0; j < shop->stages[i].enter_count; j++)
            for (uint32_t k = 0; k < j; k++)
                assert_int_not_equal(shop->stages[i].enter[j].hash, shop->stages[i].enter[k].hash);
    }
    assert_true(entered + 1 >= shop->stage_count); /* all but the first can be entered */
    engine_free(engine);
    bundle_unmap(bundle);
    problems_destroy(&problems);
}

/* ---- Results made by hand ---- */

/* Pushes what the expression gives. */
static lua_State *new_result(const char *expression)
{
    lua_State *L = luaL_newstate();
    assert_non_null(L);
    luaL_openlibs(L);
    lua_pushfstring(L, "return %s", expression);
    if (luaL_dostring(L, lua_tostring(L, -1)) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    lua_remove(L, 1);
    return L;
}

static void test_collect_takes_an_empty_result(void **state)
{
    (void)state;
    struct snapshot *snapshot = snapshot_new();
    lua_State *L = new_result("{ site = {} }");
    collect_site(L, snapshot);
    assert_int_equal(snapshot->offer_count + snapshot->stage_count + snapshot->strategy_count, 0);
    assert_false(collect_offers(L, snapshot, 0, 10));
    assert_int_equal(lua_gettop(L), 1);
    lua_close(L);
    snapshot_free(snapshot);
}

static void test_collect_reads_offers_in_portions(void **state)
{
    (void)state;
    struct snapshot *snapshot = snapshot_new();
    lua_State *L =
        new_result("(function() local list = {} for i = 1, 25 do list[i] = { id = 'o' .. i, kind = 1 } end"
                   " return { site = {}, offers = list } end)()");
    collect_site(L, snapshot);
    assert_int_equal(snapshot->offer_count, 25);
    assert_true(collect_offers(L, snapshot, 0, 10));
    assert_text(snapshot->offers[9].id, "o10");
    assert_null(snapshot->offers[10].id.bytes);
    assert_true(collect_offers(L, snapshot, 10, 10));
    assert_false(collect_offers(L, snapshot, 20, 10));
    assert_text(snapshot->offers[24].id, "o25");
    assert_int_equal(lua_gettop(L), 1);
    lua_close(L);
    snapshot_free(snapshot);
}

/* stack: struct snapshot as light userdata, result. Reads everything. */
static int l_collect(lua_State *L)
{
    struct snapshot *snapshot = lua_touserdata(L, 1);
    collect_site(L, snapshot);
    collect_offers(L, snapshot, 0, 10);
    return 0;
}

static void assert_raises(const char *result, const char *message)
{
    struct snapshot *snapshot = snapshot_new();
    lua_State *L = new_result(result);
    lua_pushcfunction(L, l_collect);
    lua_insert(L, 1);
    lua_pushlightuserdata(L, snapshot);
    lua_insert(L, 2);
    int status = lua_pcall(L, 2, 0, 0);
    assert_int_equal(status, message == NULL ? LUA_OK : LUA_ERRRUN);
    if (message != NULL)
        assert_string_equal(lua_tostring(L, -1), message);
    lua_close(L);
    snapshot_free(snapshot);
}

static void test_collect_refuses_more_consents_than_bits(void **state)
{
    (void)state;
    static const char many[] = "(function() local list = {} for i = 1, %d do list[i] = 'c' .. i end"
                               " return { site = {}, consents = list } end)()";
    char result[256];
    snprintf(result, sizeof result, many, 64);
    assert_raises(result, NULL);
    snprintf(result, sizeof result, many, 65);
    assert_raises(result, "more than 64 kinds of consent");
}

static void test_collect_refuses_limits_that_do_not_exist(void **state)
{
    (void)state;
    assert_raises("{ site = {}, limit_count = 1, offers = { { id = 'a', limits = { 2 } } } }",
                  "limit 2: there is none");
}

static void test_collect_refuses_data_that_cannot_be_packed(void **state)
{
    (void)state;
    assert_raises("{ site = {}, offers = { { id = 'a', data = { f = print } } } }",
                  "data: too large, or out of memory");
    assert_raises("{ site = {}, tests = { { given = {}, expect = { 0/0 } } } }",
                  "expect: too large, or out of memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_collect_reads_the_header),
        cmocka_unit_test(test_collect_reads_kinds),
        cmocka_unit_test(test_collect_reads_journeys),
        cmocka_unit_test(test_collect_reads_stages),
        cmocka_unit_test(test_collect_reads_personas),
        cmocka_unit_test(test_collect_reads_placements),
        cmocka_unit_test(test_collect_reads_strategies),
        cmocka_unit_test(test_collect_reads_tests),
        cmocka_unit_test(test_collect_reads_offers),
        cmocka_unit_test(test_collect_reads_what_restricts_offers),
        cmocka_unit_test(test_collect_reads_what_moves_customers),
        cmocka_unit_test(test_collect_packs_what_rules_ask_for),
        cmocka_unit_test(test_collect_packs_the_rows_of_maps),
        cmocka_unit_test(test_collect_reads_limits),
        cmocka_unit_test(test_collect_knows_which_limits_an_offer_is_under),
        cmocka_unit_test(test_collect_reads_stock),
        cmocka_unit_test(test_collect_hashes_what_things_say),
    };
    const struct CMUnitTest by_hand[] = {
        cmocka_unit_test(test_collect_takes_an_empty_result),
        cmocka_unit_test(test_collect_reads_offers_in_portions),
        cmocka_unit_test(test_collect_refuses_more_consents_than_bits),
        cmocka_unit_test(test_collect_reads_the_shop),
        cmocka_unit_test(test_collect_refuses_limits_that_do_not_exist),
        cmocka_unit_test(test_collect_refuses_data_that_cannot_be_packed),
    };
    int failed = cmocka_run_group_tests_name("script/collect", tests, served_setup, served_teardown);
    return failed + cmocka_run_group_tests_name("script/collect by hand", by_hand, NULL, NULL);
}

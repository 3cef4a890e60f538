/* Filling the snapshot's arrays. */
#include "script/collect.h"

#include <endian.h>
#include <lauxlib.h>
#include <math.h>
#include <xxhash.h>

#include "script/convert.h"
#include "script/fields.h"

enum {
    MOST_CONSENTS = 64, /* bits of situation.consented */
    MAP_ITEMS =
        100000, /* values in the rows of a journey map's stage: an author's own limits are reached first */
};

static void read_text(lua_State *L, struct snapshot *snapshot, void *element)
{
    *(struct text *)element = fields_copy_text(L, snapshot, -1);
}

static void read_kind(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct kind *kind = element;
    kind->name = fields_text(L, snapshot, "name");
    kind->weight = fields_number(L, "weight", 0);
}

/* stack: a value, struct buffer as light userdata, how many values are the most. Whether it was packed. */
static int l_collect_pack(lua_State *L)
{
    lua_pushboolean(L, convert_pack_up_to(L, 1, (int)lua_tointeger(L, 3), lua_touserdata(L, 2)));
    return 1;
}

/*
 * A field with a plain value of any shape, as MessagePack; an empty map where it is absent. An error has to
 * wait until the buffer is freed.
 */
static struct text read_packed_up_to(lua_State *L, struct snapshot *snapshot, const char *name, int most)
{
    struct buffer buffer;
    buffer_create(&buffer);
    lua_pushcfunction(L, l_collect_pack);
    lua_getfield(L, -2, name);
    lua_pushlightuserdata(L, &buffer);
    lua_pushinteger(L, most);
    int status = lua_pcall(L, 3, 1, 0);
    bool packed = status == LUA_OK && lua_toboolean(L, -1);
    const char *copy = packed ? arena_copy(&snapshot->arena, buffer.bytes, buffer.length) : NULL;
    struct text text = {copy, buffer.length};
    buffer_destroy(&buffer);
    if (status != LUA_OK)
        lua_error(L);
    lua_pop(L, 1);
    if (copy == NULL)
        luaL_error(L, "%s: too large, or out of memory", name);
    return text;
}

static struct text read_packed(lua_State *L, struct snapshot *snapshot, const char *name)
{
    return read_packed_up_to(L, snapshot, name, CONVERT_ITEMS);
}

/*
 * Hashes that are the same in every process, and for as long as what they stand for: each takes the one
 * before it as its seed.
 */
static uint64_t hash_number(uint64_t hash, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    bits = htobe64(bits);
    return XXH3_64bits_withSeed(&bits, sizeof bits, hash);
}

/* The length, too: so that no two lists of texts look alike. */
static uint64_t hash_text(uint64_t hash, struct text text)
{
    return XXH3_64bits_withSeed(text.bytes, text.length, hash_number(hash, (double)text.length));
}

static void read_where(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct rule_where *where = element;
    where->key = fields_text(L, snapshot, "key");
    where->value = read_packed(L, snapshot, "value");
}

static void read_rule(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct enter_rule *rule = element;
    rule->event = fields_text(L, snapshot, "on");
    rule->where =
        fields_array(L, snapshot, "where", sizeof(struct rule_where), read_where, &rule->where_count);
    rule->times = (uint32_t)fields_number(L, "times", 1);
    rule->within = fields_number(L, "within", INFINITY);
}

static uint64_t hash_rule(const struct snapshot *snapshot, const struct stage *stage,
                          const struct enter_rule *rule)
{
    uint64_t hash =
        stage->journey < snapshot->journey_count ? hash_text(0, snapshot->journeys[stage->journey].name) : 0;
    hash = hash_text(hash_text(hash, stage->name), rule->event);
    for (uint32_t i = 0; i < rule->where_count; i++)
        hash = hash_text(hash_text(hash, rule->where[i].key), rule->where[i].value);
    return hash_number(hash_number(hash, rule->times), rule->within);
}

/* What brings customers to a stage, and what lets them go. */
static void read_movement(lua_State *L, struct snapshot *snapshot, struct stage *stage)
{
    struct enter_rule *rules =
        fields_array(L, snapshot, "enter", sizeof *rules, read_rule, &stage->enter_count);
    for (uint32_t i = 0; i < stage->enter_count; i++)
        rules[i].hash = hash_rule(snapshot, stage, &rules[i]);
    stage->enter = rules;
    lua_getfield(L, -1, "re_enter");
    stage->re_enters = lua_istable(L, -1);
    if (stage->re_enters)
        stage->cool_down = fields_number(L, "cool_down", 0);
    lua_pop(L, 1);
    stage->leave_after = fields_number(L, "leave_after", 0);
}

static void read_stage(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct stage *stage = element;
    stage->name = fields_text(L, snapshot, "name");
    stage->journey = fields_index(L, "journey");
    stage->position = (uint32_t)fields_number(L, "position", 1) - 1;
    stage->aliases = fields_texts(L, snapshot, "aliases", &stage->alias_count);
    stage->kinds = fields_indexes(L, snapshot, "kinds");
    lua_getfield(L, -1, "no_offer");
    stage->wants_no_offer = !lua_isnil(L, -1) || (stage->kinds.restricts && stage->kinds.count == 0);
    lua_pop(L, 1);
    stage->no_offer = fields_localized(L, snapshot, "no_offer");
    stage->map = read_packed_up_to(L, snapshot, "map", MAP_ITEMS);
    read_movement(L, snapshot, stage);
}

static uint32_t find_locale(const struct snapshot *snapshot, struct text name)
{
    uint32_t locale = name.bytes == NULL ? 0 : snapshot_find_locale(snapshot, name);
    return locale == SNAPSHOT_NONE ? 0 : locale;
}

static void read_journey(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct journey *journey = element;
    journey->name = fields_text(L, snapshot, "name");
    journey->first_stage = fields_index(L, "first");
    journey->stage_count = (uint32_t)fields_number(L, "count", 0);
    journey->locale = find_locale(snapshot, fields_text(L, snapshot, "locale"));
    journey->weight = fields_number(L, "weight", 0);
    journey->map = read_packed_up_to(L, snapshot, "map", MAP_ITEMS);
}

static bool has_function(lua_State *L, const char *name)
{
    lua_getfield(L, -1, name);
    bool there = lua_isfunction(L, -1);
    lua_pop(L, 1);
    return there;
}

static void read_persona(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct persona *persona = element;
    persona->name = fields_text(L, snapshot, "name");
    persona->map = read_packed_up_to(L, snapshot, "map", MAP_ITEMS);
    persona->matches = has_function(L, "match");
    persona->file = fields_text(L, snapshot, "file");
    persona->line = (uint32_t)fields_number(L, "line", 0);
}

static void read_placement(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct placement *placement = element;
    placement->name = fields_text(L, snapshot, "name");
    placement->count = (uint32_t)fields_number(L, "count", 1);
    placement->kinds = fields_indexes(L, snapshot, "kinds");
    placement->fallback = fields_indexes(L, snapshot, "fallback");
}

static enum explore read_explore(lua_State *L)
{
    lua_getfield(L, -1, "explore");
    const char *name = lua_tostring(L, -1);
    enum explore explore = name == NULL || strcmp(name, "none") == 0 ? EXPLORE_NONE
                           : strcmp(name, "thompson") == 0           ? EXPLORE_THOMPSON
                                                                     : EXPLORE_LINEAR;
    lua_pop(L, 1);
    return explore;
}

static void read_strategy(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct strategy *strategy = element;
    strategy->name = fields_text(L, snapshot, "name");
    strategy->stages = fields_indexes(L, snapshot, "stages");
    strategy->placements = fields_indexes(L, snapshot, "placements");
    strategy->has_when = has_function(L, "when");
    strategy->has_eligible = has_function(L, "eligible");
    strategy->has_score = has_function(L, "score");
    strategy->explore = read_explore(L);
    strategy->because = fields_localized(L, snapshot, "because");
    strategy->file = fields_text(L, snapshot, "file");
    strategy->line = (uint32_t)fields_number(L, "line", 0);
}

/* A list of locale names as numbers. */
static struct number_list read_locales(lua_State *L, struct snapshot *snapshot)
{
    uint32_t count;
    const struct text *names = fields_texts(L, snapshot, "locales", &count);
    struct number_list list = {NULL, count, names != NULL};
    uint32_t *numbers = fields_allocate(L, snapshot, count, sizeof *numbers);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = find_locale(snapshot, names[i]);
    list.numbers = numbers;
    return list;
}

static void read_test(lua_State *L, struct snapshot *snapshot, void *element)
{
    struct site_test *test = element;
    test->name = fields_text(L, snapshot, "name");
    test->placement = fields_text(L, snapshot, "at");
    test->given = read_packed(L, snapshot, "given");
    test->history = read_packed(L, snapshot, "history");
    test->expect = read_packed(L, snapshot, "expect");
    test->now = fields_number(L, "now", NAN);
    test->count = (uint32_t)fields_number(L, "count", 0);
    test->file = fields_text(L, snapshot, "file");
    test->line = (uint32_t)fields_number(L, "line", 0);
}

static enum limit_counts read_counts(lua_State *L)
{
    static const char *const names[] = {[LIMIT_DECISIONS] = "decisions",
                                        [LIMIT_IMPRESSIONS] = "impressions",
                                        [LIMIT_CLICKS] = "clicks",
                                        [LIMIT_DISMISSALS] = "dismissals",
                                        [LIMIT_CONVERSIONS] = "conversions"};
    enum limit_counts counts = LIMIT_DECISIONS;
    lua_getfield(L, -1, "count_of");
    const char *name = lua_tostring(L, -1);
    while (name != NULL && counts < LIMIT_CONVERSIONS && strcmp(name, names[counts]) != 0)
        counts++;
    lua_pop(L, 1);
    return counts;
}

/* The limit in the field `limit`; false where there is none. */
static bool read_limit(lua_State *L, struct limit *limit, struct text name, bool policy)
{
    lua_getfield(L, -1, "limit"); /* stack: table, limit (top) */
    bool there = lua_istable(L, -1);
    if (there)
        *limit = (struct limit){.name = name,
                                .policy = policy,
                                .counts = read_counts(L),
                                .times = (uint32_t)fields_number(L, "times", 1),
                                .within = fields_number(L, "within", INFINITY),
                                .rest = fields_number(L, "rest", 0),
                                .hash = hash_text(hash_number(0, policy), name)};
    lua_pop(L, 1);
    return there;
}

/* Makes room for all limits and reads those of policies, whose numbers are the first. */
static void read_policies(lua_State *L, struct snapshot *snapshot)
{
    snapshot->limit_count = (uint32_t)fields_number(L, "limit_count", 0);
    snapshot->limits = fields_allocate(L, snapshot, snapshot->limit_count, sizeof *snapshot->limits);
    lua_getfield(L, -1, "policies");
    uint32_t count = lua_istable(L, -1) ? (uint32_t)lua_rawlen(L, -1) : 0;
    for (uint32_t i = 0; i < count && i < snapshot->limit_count; i++) {
        lua_rawgeti(L, -1, i + 1);
        read_limit(L, &snapshot->limits[i], fields_text(L, snapshot, "name"), true);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* An offer's own limit is the first of those that it is under. */
static void read_bounds(lua_State *L, struct snapshot *snapshot, struct offer *offer)
{
    struct limit own;
    struct number_list under = fields_indexes(L, snapshot, "limits");
    double stock = fields_number(L, "stock", -1);
    offer->limits = under.numbers;
    offer->limit_count = under.count;
    for (uint32_t i = 0; i < under.count; i++)
        if (under.numbers[i] >= snapshot->limit_count)
            luaL_error(L, "limit %d: there is none", (int)under.numbers[i] + 1);
    if (under.count > 0 && read_limit(L, &own, offer->id, false))
        snapshot->limits[under.numbers[0]] = own;
    offer->stocked = stock >= 0;
    offer->stock = offer->stocked ? (uint64_t)stock : 0;
}

static void read_offer(lua_State *L, struct snapshot *snapshot, struct offer *offer)
{
    offer->id = fields_text(L, snapshot, "id");
    offer->kind = fields_index(L, "kind");
    offer->titles = fields_localized(L, snapshot, "titles");
    offer->urls = fields_localized(L, snapshot, "urls");
    offer->stages = fields_indexes(L, snapshot, "stages");
    offer->personas = fields_indexes(L, snapshot, "personas");
    offer->placements = fields_indexes(L, snapshot, "placements");
    offer->locales = read_locales(L, snapshot);
    offer->tags = fields_indexes(L, snapshot, "tags");
    offer->answers = fields_texts(L, snapshot, "answers", &offer->answer_count);
    offer->value = fields_number(L, "value", 1);
    offer->weight = fields_number(L, "weight", 0);
    offer->starts = fields_number(L, "starts", -INFINITY);
    offer->ends = fields_number(L, "ends", INFINITY);
    offer->consent = fields_index(L, "consent");
    offer->data = read_packed(L, snapshot, "data");
    read_bounds(L, snapshot, offer);
}

static void read_header(lua_State *L, struct snapshot *snapshot)
{
    lua_getfield(L, -1, "site");
    snapshot->name = fields_text(L, snapshot, "name");
    snapshot->time_zone = fields_text(L, snapshot, "time_zone");
    snapshot->default_journey = fields_index(L, "journey");
    snapshot->locales =
        fields_array(L, snapshot, "locales", sizeof(struct text), read_text, &snapshot->locale_count);
    lua_pop(L, 1);
}

#define READ(field, count, type, read)                                                                       \
    snapshot->field = fields_array(L, snapshot, #field, sizeof(type), read, &snapshot->count)

void collect_site(lua_State *L, struct snapshot *snapshot)
{
    read_header(L, snapshot);
    READ(consents, consent_count, struct text, read_text);
    READ(tags, tag_count, struct text, read_text);
    READ(kinds, kind_count, struct kind, read_kind);
    READ(journeys, journey_count, struct journey, read_journey);
    READ(stages, stage_count, struct stage, read_stage);
    READ(personas, persona_count, struct persona, read_persona);
    READ(placements, placement_count, struct placement, read_placement);
    READ(strategies, strategy_count, struct strategy, read_strategy);
    READ(tests, test_count, struct site_test, read_test);
    read_policies(L, snapshot);
    if (snapshot->consent_count > MOST_CONSENTS)
        luaL_error(L, "more than %d kinds of consent", MOST_CONSENTS);
    lua_getfield(L, -1, "offers");
    snapshot->offer_count = lua_istable(L, -1) ? (uint32_t)lua_rawlen(L, -1) : 0;
    lua_pop(L, 1);
    snapshot->offers = fields_allocate(L, snapshot, snapshot->offer_count, sizeof *snapshot->offers);
}

bool collect_offers(lua_State *L, struct snapshot *snapshot, uint32_t first, uint32_t count)
{
    uint32_t end = snapshot->offer_count - first < count ? snapshot->offer_count : first + count;
    lua_getfield(L, -1, "offers");
    for (uint32_t i = first; i < end; i++) {
        lua_rawgeti(L, -1, i + 1);
        read_offer(L, snapshot, &snapshot->offers[i]);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return end < snapshot->offer_count;
}

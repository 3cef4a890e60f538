/* Asking what a customer saw and did, and how long ago. */
#include "script/customer_history.h"

#include <lauxlib.h>

#include "script/duration.h"
#include "script/library.h"
#include "script/sandbox.h"

enum {
    LONGEST_EVENT = 128,   /* bytes of an event's name */
    SHOWN = 80,            /* bytes of what authors wrote that a message repeats */
    NAMES_MEASURED = 2000, /* names that a wrong one is compared with: measuring takes time */
};

#define SEEN_USAGE "c:seen(\"crm-guide\", \"7d\")"
#define DID_USAGE "c:did(\"purchase\", \"30d\")"
#define SINCE_USAGE "c:since(\"purchase\")"

/* What c:seen asks about, as the key of its read holds it. */
struct sighting {
    uint32_t within; /* seconds; 0: ever */
    uint32_t offer;  /* number, or SNAPSHOT_NONE: of a kind */
    uint32_t kind;   /* number, where it is no offer */
};

static int64_t now_ms(const struct customer_view *customer)
{
    return customer->situation->now_us / 1000;
}

/* What lies in the future, because clocks differ, counts as now. */
static double days_since(const struct customer_view *customer, int64_t at_ms)
{
    const double day_us = 86400e6;
    int64_t passed_us = customer->situation->now_us - at_ms * 1000;
    return passed_us > 0 ? (double)passed_us / day_us : 0;
}

/* ---- Answers ---- */

static uint64_t count_seen(const struct customer_view *customer, const struct sighting *sighting)
{
    const struct snapshot *snapshot = customer->snapshot;
    struct text name = sighting->offer != SNAPSHOT_NONE ? snapshot->offers[sighting->offer].id
                                                        : snapshot->kinds[sighting->kind].name;
    if (customer->situation->known == NULL)
        return 0;
    return customer_count_touches(customer->situation->known, TOUCH_IMPRESSION, name,
                                  (int64_t)sighting->within * 1000, now_ms(customer));
}

static uint64_t count_did(const struct customer_view *customer, struct text event, uint32_t within)
{
    if (customer->situation->known == NULL)
        return 0;
    return customer_count_events(customer->situation->known, event, (int64_t)within * 1000, now_ms(customer));
}

/* When it last happened; false: never. */
static bool find_last(const struct customer_view *customer, struct text event, int64_t *at_ms)
{
    const struct customer *known = customer->situation->known;
    uint32_t position = known == NULL ? UINT32_MAX : customer_find_event(known, event);
    if (position == UINT32_MAX || known->events[position].count == 0)
        return false;
    *at_ms = known->events[position].last_ms;
    return true;
}

/* When the stage was entered; false where that is not known, or where the request puts them elsewhere. */
static bool find_entry(const struct customer_view *customer, int64_t *at_ms)
{
    const struct customer *known = customer->situation->known;
    const struct snapshot *snapshot = customer->snapshot;
    const struct situation *situation = customer->situation;
    uint32_t position = known == NULL
                            ? UINT32_MAX
                            : customer_find_journey(known, snapshot->journeys[situation->journey].name);
    if (position == UINT32_MAX)
        return false;
    const struct customer_journey *journey = &known->journeys[position];
    *at_ms = journey->since_ms;
    return text_equal(journey->stage, snapshot->stages[situation->stage].name);
}

static void append_count(struct buffer *out, uint64_t count)
{
    buffer_append(out, &count, sizeof count);
}

void customer_history_append(const struct customer_view *customer, const struct read *read,
                             struct buffer *out)
{
    struct sighting sighting;
    uint32_t within;
    int64_t at_ms;
    struct text key = {read->key, read->length};
    if (read->source == READ_SEEN) {
        memcpy(&sighting, read->key, sizeof sighting);
        append_count(out, count_seen(customer, &sighting));
    } else if (read->source == READ_DID) {
        memcpy(&within, read->key, sizeof within);
        struct text event = {read->key + sizeof within, read->length - sizeof within};
        append_count(out, count_did(customer, event, within));
    } else if (read->source == READ_SINCE) {
        buffer_append(out, find_last(customer, key, &at_ms) ? "1" : "0", 1);
    } else {
        buffer_append(out, find_entry(customer, &at_ms) ? "1" : "0", 1);
    }
}

/* ---- Arguments ---- */

/* stack: c, …; what was called with a point instead of a colon has something else there, or nothing. */
static bool is_customer(lua_State *L, const struct customer_view *customer)
{
    if (lua_gettop(L) == 0)
        return false;
    lua_rawgeti(L, LUA_REGISTRYINDEX, customer->view);
    bool same = lua_rawequal(L, 1, -1);
    lua_pop(L, 1);
    return same;
}

static int bad_window(lua_State *L, const char *function, struct text name)
{
    static const char expected[] = "a span of time such as \"30s\", \"15m\", \"12h\", \"7d\" or \"2w\"";
    char shown[SHOWN], shown_name[SHOWN], guess[DURATION_GUESS];
    struct text given;
    if (lua_type(L, 3) != LUA_TSTRING && lua_type(L, 3) != LUA_TNUMBER)
        return luaL_error(L, "expected %s, got a %s", expected, library_type_name(L, 3));
    bool quoted = lua_type(L, 3) == LUA_TSTRING;
    given.bytes = lua_tolstring(L, 3, &given.length);
    text_escape(given, shown, sizeof shown);
    failure_withhold(L, 1, "expected %s, got another %s", expected, quoted ? "text" : "number");
    if (!duration_guess(given, guess))
        return luaL_error(L, quoted ? "expected %s, got \"%s\"" : "expected %s, got %s", expected, shown);
    text_escape(name, shown_name, sizeof shown_name);
    return luaL_error(L,
                      quoted ? "expected %s, got \"%s\"; write c:%s(\"%s\", \"%s\")"
                             : "expected %s, got %s; write c:%s(\"%s\", \"%s\")",
                      expected, shown, function, shown_name, guess);
}

/* stack: c, name, time. The seconds of the last, 0 where it was left out. */
static uint32_t check_window(lua_State *L, const char *function, struct text name)
{
    struct text given;
    uint32_t seconds = 0;
    if (lua_isnoneornil(L, 3))
        return 0;
    if (lua_type(L, 3) != LUA_TSTRING) {
        bad_window(L, function, name);
        return 0;
    }
    given.bytes = lua_tolstring(L, 3, &given.length);
    if (!duration_parse(given, &seconds))
        bad_window(L, function, name);
    return seconds;
}

/* The names of offers and kinds, one after the other. */
struct naming {
    lua_State *L;                    /* whose script has to wait meanwhile */
    const struct snapshot *snapshot; /* borrowed */
    uint32_t next;                   /* of all */
};

static bool next_name(void *context, struct text *candidate)
{
    struct naming *naming = context;
    const struct snapshot *snapshot = naming->snapshot;
    uint32_t number = naming->next++;
    sandbox_tick(naming->L);
    if (number >= NAMES_MEASURED)
        return false;
    if (number < snapshot->kind_count)
        *candidate = snapshot->kinds[number].name;
    else if (number - snapshot->kind_count < snapshot->offer_count)
        *candidate = snapshot->offers[number - snapshot->kind_count].id;
    else
        return false;
    return true;
}

static int unknown_name(lua_State *L, const struct snapshot *snapshot, struct text name)
{
    char shown[SHOWN];
    struct naming naming = {L, snapshot, 0};
    struct text nearest = {NULL, 0};
    if (name.length < sizeof shown)
        nearest = text_nearest(name, (struct text_candidates){next_name, &naming});
    text_escape(name, shown, sizeof shown);
    failure_withhold(L, 1, "no offer or kind is called so");
    if (nearest.bytes == NULL)
        return luaL_error(L, "no offer or kind is called '%s'", shown);
    lua_pushlstring(L, nearest.bytes, nearest.length);
    return luaL_error(L, "no offer or kind is called '%s'; did you mean '%s'?", shown, lua_tostring(L, -1));
}

static uint32_t find_kind(const struct snapshot *snapshot, struct text name)
{
    for (uint32_t i = 0; i < snapshot->kind_count; i++)
        if (text_equal(snapshot->kinds[i].name, name))
            return i;
    return SNAPSHOT_NONE;
}

/* stack: c, an offer or the name of one or of a kind, … The name; fills in what it means. */
static struct text check_sighting(lua_State *L, const struct customer_view *customer,
                                  struct sighting *sighting)
{
    const struct snapshot *snapshot = customer->snapshot;
    struct text name = {NULL, 0};
    *sighting = (struct sighting){.offer = offer_views_number(L, 2)};
    if (sighting->offer != SNAPSHOT_NONE && is_customer(L, customer))
        return snapshot->offers[sighting->offer].id;
    if (lua_type(L, 2) != LUA_TSTRING || !is_customer(L, customer)) {
        luaL_error(L, "expected the name of an offer or a kind, as in " SEEN_USAGE);
        return name;
    }
    name.bytes = lua_tolstring(L, 2, &name.length);
    sighting->offer = symbols_find(&snapshot->offer_names, name);
    if (sighting->offer != SNAPSHOT_NONE)
        return name;
    sighting->kind = find_kind(snapshot, name);
    if (sighting->kind == SNAPSHOT_NONE)
        unknown_name(L, snapshot, name);
    return name;
}

/* stack: c, the name of an event, … Any may happen, so none is unknown. */
static struct text check_event(lua_State *L, const struct customer_view *customer, const char *usage)
{
    struct text name = {NULL, 0};
    if (lua_type(L, 2) == LUA_TSTRING && is_customer(L, customer))
        name.bytes = lua_tolstring(L, 2, &name.length);
    if (name.length == 0 || name.length > LONGEST_EVENT)
        luaL_error(L, "expected the name of an event, as in %s", usage);
    return name;
}

/* ---- Functions; upvalue of each: the customer view ---- */

/* How often, or false, so that `if c:seen(…) then` reads as a sentence. */
static int push_count(lua_State *L, uint64_t count)
{
    if (count == 0)
        lua_pushboolean(L, false);
    else
        lua_pushinteger(L, (lua_Integer)count);
    return 1;
}

/* Days go on while the customer stands still: what a script makes of them is not kept. */
static int push_days(lua_State *L, const struct customer_view *customer, bool known, int64_t since_ms)
{
    if (!known) {
        lua_pushnil(L);
        return 1;
    }
    sandbox_of(L)->used_chance = true;
    lua_pushnumber(L, days_since(customer, since_ms));
    return 1;
}

/* c:seen("crm-guide", "7d") */
static int l_customer_seen(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    struct sighting sighting;
    struct text name = check_sighting(L, customer, &sighting);
    sighting.within = check_window(L, "seen", name);
    reads_add(&customer->reads, READ_SEEN, (struct text){(const char *)&sighting, sizeof sighting});
    return push_count(L, count_seen(customer, &sighting));
}

/* c:did("purchase", "30d") */
static int l_customer_did(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    struct text event = check_event(L, customer, DID_USAGE);
    uint32_t within = check_window(L, "did", event);
    char key[sizeof within + LONGEST_EVENT];
    memcpy(key, &within, sizeof within);
    memcpy(key + sizeof within, event.bytes, event.length);
    reads_add(&customer->reads, READ_DID, (struct text){key, sizeof within + event.length});
    return push_count(L, count_did(customer, event, within));
}

/* c:since("purchase") */
static int l_customer_since(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    struct text event = check_event(L, customer, SINCE_USAGE);
    int64_t at_ms = 0;
    if (lua_gettop(L) > 2)
        return luaL_error(L, "expected the name of an event alone, as in " SINCE_USAGE);
    reads_add(&customer->reads, READ_SINCE, event);
    bool known = find_last(customer, event, &at_ms);
    return push_days(L, customer, known, at_ms);
}

/* c:days_in_stage() */
static int l_customer_days_in_stage(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    int64_t at_ms = 0;
    if (!is_customer(L, customer) || lua_gettop(L) > 1)
        return luaL_error(L, "expected a colon before it and nothing in its brackets: c:days_in_stage()");
    reads_add(&customer->reads, READ_DAYS_IN_STAGE, TEXT(""));
    bool known = find_entry(customer, &at_ms);
    return push_days(L, customer, known, at_ms);
}

void customer_history_add(lua_State *L, struct customer_view *customer)
{
    customer_view_add_method(L, customer, "seen", l_customer_seen);
    customer_view_add_method(L, customer, "did", l_customer_did);
    customer_view_add_method(L, customer, "since", l_customer_since);
    customer_view_add_method(L, customer, "days_in_stage", l_customer_days_in_stage);
}

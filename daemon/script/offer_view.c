/* Making views of offers. */
#include "script/offer_view.h"

#include <lauxlib.h>
#include <math.h>

#include "script/convert.h"
#include "script/sandbox.h"
#include "script/strict.h"
#include "script/view.h"

static const char *const field_names[] = {"id",     "kind",    "title",   "url",   "stages", "personas",
                                          "tags",   "answers", "locales", "value", "weight", "placements",
                                          "starts", "ends",    "consent", "data",  "tagged", NULL};

/* Finds the name behind a number. */
typedef struct text name_of(const struct snapshot *snapshot, uint32_t number);

/* o:tagged("crm"); upvalue: the set of this offer's tags. */
static int l_offer_tagged(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TUSERDATA || lua_isnone(L, 2))
        return luaL_error(L, "expected a tag, as in o:tagged(\"name\")");
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
        lua_pushboolean(L, false);
    return 1;
}

void offer_views_push_names(lua_State *L)
{
    lua_newtable(L);
    for (lua_Integer i = 0; field_names[i] != NULL; i++) {
        lua_pushstring(L, field_names[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

void offer_views_create(lua_State *L, struct offer_views *views, const struct snapshot *snapshot)
{
    const luaL_Reg no_methods[] = {{NULL, NULL}};
    views->snapshot = snapshot;
    /* As large as it will ever be: it must not grow in a decision, whose allocations are small. */
    lua_createtable(L, (int)snapshot->offer_count, 0);
    views->views = luaL_ref(L, LUA_REGISTRYINDEX);
    strict_push(L, "an offer", no_methods, field_names);
    views->metatable = luaL_ref(L, LUA_REGISTRYINDEX);
}

static void set_text(lua_State *L, const char *name, struct text text)
{
    if (text.bytes == NULL)
        return;
    lua_pushlstring(L, text.bytes, text.length);
    lua_setfield(L, -2, name);
}

/* Whether the name is among those of the list's first `count` numbers: stages of two journeys may share one.
 */
static bool is_named(const struct number_list *list, uint32_t count, const struct snapshot *snapshot,
                     name_of *name, struct text text)
{
    for (uint32_t i = 0; i < count; i++)
        if (text_equal(name(snapshot, list->numbers[i]), text))
            return true;
    return false;
}

/* The names behind a list of numbers. Nothing where the author left the field out. */
static void set_names(lua_State *L, const char *field, const struct number_list *list,
                      const struct snapshot *snapshot, name_of *name)
{
    lua_Integer count = 0;
    if (!list->restricts)
        return;
    lua_createtable(L, (int)list->count, 0);
    for (uint32_t i = 0; i < list->count; i++) {
        struct text text = name(snapshot, list->numbers[i]);
        if (is_named(list, i, snapshot, name, text))
            continue;
        lua_pushlstring(L, text.bytes, text.length);
        lua_rawseti(L, -2, ++count);
    }
    lua_setfield(L, -2, field);
}

static struct text stage_name(const struct snapshot *snapshot, uint32_t number)
{
    return snapshot->stages[number].name;
}

static struct text persona_name(const struct snapshot *snapshot, uint32_t number)
{
    return snapshot->personas[number].name;
}

static struct text placement_name(const struct snapshot *snapshot, uint32_t number)
{
    return snapshot->placements[number].name;
}

static struct text locale_name(const struct snapshot *snapshot, uint32_t number)
{
    return snapshot->locales[number];
}

static struct text tag_name(const struct snapshot *snapshot, uint32_t number)
{
    return snapshot->tags[number];
}

static void set_lists(lua_State *L, const struct snapshot *snapshot, const struct offer *offer)
{
    struct number_list tags = offer->tags;
    tags.restricts = true; /* an offer without tags has an empty list of them */
    set_names(L, "stages", &offer->stages, snapshot, stage_name);
    set_names(L, "personas", &offer->personas, snapshot, persona_name);
    set_names(L, "placements", &offer->placements, snapshot, placement_name);
    set_names(L, "locales", &offer->locales, snapshot, locale_name);
    set_names(L, "tags", &tags, snapshot, tag_name);
    lua_createtable(L, (int)offer->answer_count, 0);
    for (uint32_t i = 0; i < offer->answer_count; i++) {
        lua_pushlstring(L, offer->answers[i].bytes, offer->answers[i].length);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "answers");
}

static void set_numbers(lua_State *L, const struct offer *offer)
{
    lua_pushnumber(L, offer->value);
    lua_setfield(L, -2, "value");
    lua_pushnumber(L, offer->weight);
    lua_setfield(L, -2, "weight");
    if (isfinite(offer->starts)) {
        lua_pushnumber(L, offer->starts);
        lua_setfield(L, -2, "starts");
    }
    if (isfinite(offer->ends)) {
        lua_pushnumber(L, offer->ends);
        lua_setfield(L, -2, "ends");
    }
}

/* Pushes the table that a view shows, without its methods. */
static void push_fields(lua_State *L, struct offer_views *views, const struct offer *offer)
{
    const struct snapshot *snapshot = views->snapshot;
    uint32_t locale = snapshot->journeys[snapshot->default_journey].locale;
    lua_createtable(L, 0, 20);
    set_text(L, "id", offer->id);
    set_text(L, "kind", snapshot->kinds[offer->kind].name);
    set_text(L, "title", localized_get(offer->titles, locale, locale));
    set_text(L, "url", localized_get(offer->urls, locale, locale));
    if (offer->consent != SNAPSHOT_NONE)
        set_text(L, "consent", snapshot->consents[offer->consent]);
    set_numbers(L, offer);
    set_lists(L, snapshot, offer);
    convert_push_packed(L, offer->data);
    lua_setfield(L, -2, "data");
}

static void push_tagged(lua_State *L, const struct snapshot *snapshot, const struct offer *offer)
{
    lua_createtable(L, 0, (int)offer->tags.count);
    for (uint32_t i = 0; i < offer->tags.count; i++) {
        struct text name = snapshot->tags[offer->tags.numbers[i]];
        lua_pushlstring(L, name.bytes, name.length);
        lua_pushboolean(L, true);
        lua_rawset(L, -3);
    }
    lua_pushcclosure(L, l_offer_tagged, 1);
}

static void make_view(lua_State *L, struct offer_views *views, int list, uint32_t number)
{
    push_fields(L, views, &views->snapshot->offers[number]);
    view_push_deep(L, -1, "offer"); /* stack: fields, view (top) */
    push_tagged(L, views->snapshot, &views->snapshot->offers[number]);
    lua_setfield(L, -3, "tagged");
    lua_rawgeti(L, LUA_REGISTRYINDEX, views->metatable);
    lua_setmetatable(L, -3);
    lua_remove(L, -2);
    view_set_number(L, -1, number);
    lua_pushvalue(L, -1);
    lua_rawseti(L, list, (lua_Integer)number + 1);
}

void offer_views_push(lua_State *L, struct offer_views *views, int list, uint32_t offer)
{
    if (lua_rawgeti(L, list, (lua_Integer)offer + 1) != LUA_TNIL)
        return;
    struct sandbox_allowance allowance;
    lua_pop(L, 1);
    sandbox_allow(L, &allowance); /* the view stays, whichever decision is the first to look at it */
    make_view(L, views, list, offer);
    sandbox_restrict(L, &allowance);
}

uint32_t offer_views_number(lua_State *L, int index)
{
    lua_Integer number = view_number(L, index);
    return number < 0 ? SNAPSHOT_NONE : (uint32_t)number;
}

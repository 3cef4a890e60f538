/* Converting what a script reads of the customer, once. */
#include "script/customer_view.h"

#include <lauxlib.h>
#include <stdio.h>

#include "script/convert.h"
#include "script/customer_history.h"
#include "script/library.h"
#include "script/sandbox.h"
#include "script/view.h"
#include "wire/reply.h"
#include "wire/value.h"

static const char *const map_names[CUSTOMER_MAPS] = {"traits", "context", "consents"};

#define CUSTOMER_FIELDS(X) X(id) X(stage) X(persona) X(locale) X(journey) X(touchpoint)

enum customer_field {
#define X(name) FIELD_##name,
    CUSTOMER_FIELDS(X)
#undef X
};

static const struct text known_names[] = {
#define X(name) TEXT(#name),
    CUSTOMER_FIELDS(X)
#undef X
        TEXT("traits"),
    TEXT("context"),
    TEXT("consents"),
    TEXT("consents_to"),
    TEXT("interested_in"),
    TEXT("seen"),
    TEXT("did"),
    TEXT("since"),
    TEXT("days_in_stage"),
};

static const msgpack_object *map_of(const struct customer_view *customer, enum customer_map map)
{
    switch (map) {
    case CUSTOMER_TRAITS:
        return customer->situation->traits;
    case CUSTOMER_CONTEXT:
        return customer->situation->context;
    case CUSTOMER_CONSENTS:
        return customer->situation->consents;
    case CUSTOMER_MAPS:
        break;
    }
    return NULL;
}

static enum read_source source_of(enum customer_map map)
{
    static const enum read_source sources[CUSTOMER_MAPS] = {READ_TRAITS, READ_CONTEXT, READ_CONSENTS};
    return sources[map];
}

/* Pushes a value as scripts may have it: tables as views. */
static void push_read_only(lua_State *L, const msgpack_object *value)
{
    struct sandbox *sandbox = sandbox_of(L);
    sandbox->converting = true; /* until the script is left, if memory runs out */
    convert_push(L, value);
    sandbox->converting = false;
    if (lua_istable(L, -1)) {
        view_push_deep(L, -1, NULL);
        lua_remove(L, -2);
    }
}

/* stack: entries, …, key, value (top); the last two are popped. As many as a message may have, all with texts
 * as keys.
 */
static void keep_entry(lua_State *L, struct customer_view *customer, enum customer_map which)
{
    struct sandbox *sandbox = sandbox_of(L);
    sandbox->converting = true;
    lua_rawset(L, 1);
    sandbox->converting = false;
    customer->read_map[which] = true;
}

/* stack: entries, key; upvalues: the customer view, the map. Entries that were never given are nil. */
static int l_customer_entry(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    enum customer_map which = (enum customer_map)lua_tointeger(L, lua_upvalueindex(2));
    const msgpack_object *map = map_of(customer, which);
    struct text key;
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    key.bytes = lua_tolstring(L, 2, &key.length);
    reads_add(&customer->reads, source_of(which), key);
    const msgpack_object *value = map == NULL ? NULL : value_map_get(map, key);
    if (value == NULL || value->type == MSGPACK_OBJECT_NIL)
        return 0;
    push_read_only(L, value);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    keep_entry(L, customer, which);
    return 1;
}

/* stack: entries; upvalues as above. Converts the whole map, for who walks over it. */
static int l_customer_fill(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    enum customer_map which = (enum customer_map)lua_tointeger(L, lua_upvalueindex(2));
    const msgpack_object *map = map_of(customer, which);
    struct text key;
    customer->reads.boundless = true;
    for (uint32_t i = 0; map != NULL && i < map->via.map.size; i++) {
        if (!value_text(&map->via.map.ptr[i].key, &key))
            continue;
        sandbox_tick(L);
        lua_pushlstring(L, key.bytes, key.length);
        push_read_only(L, &map->via.map.ptr[i].val);
        keep_entry(L, customer, which);
    }
    return 0;
}

static struct text field_text(const struct customer_view *customer, enum customer_field field)
{
    const struct snapshot *snapshot = customer->snapshot;
    const struct situation *situation = customer->situation;
    switch (field) {
    case FIELD_id:
        return situation->customer;
    case FIELD_stage:
        return snapshot->stages[situation->stage].name;
    case FIELD_persona:
        return situation->persona == SNAPSHOT_NONE ? (struct text){NULL, 0}
                                                   : snapshot->personas[situation->persona].name;
    case FIELD_locale:
        return snapshot->locales[situation->locale];
    case FIELD_journey:
        return snapshot->journeys[situation->journey].name;
    case FIELD_touchpoint:
        return situation->touchpoint;
    }
    return (struct text){NULL, 0};
}

void customer_view_push_names(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++) {
        lua_pushlstring(L, known_names[i].bytes, known_names[i].length);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static int unknown_field(lua_State *L, struct text name)
{
    struct text nearest = text_nearest_of(name, known_names, sizeof known_names / sizeof *known_names);
    char known[FAILURE_WITHHELD] = "";
    for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", i == 0 ? "" : ", ",
                 known_names[i].bytes);
    failure_withhold(L, 1, "a customer has no field of that name; there are %s", known);
    if (nearest.bytes != NULL)
        return luaL_error(L, "a customer has no '%s'; did you mean '%s'?", name.bytes, nearest.bytes);
    return luaL_error(
        L, "a customer has no '%s'; what the website tells is in c.context, what is known in c.traits",
        name.bytes);
}

static int push_field(lua_State *L, struct customer_view *customer, enum customer_field field)
{
    struct text text = field_text(customer, field);
    char number = (char)field;
    reads_add(&customer->reads, READ_FIELD, (struct text){&number, 1});
    if (text.bytes == NULL)
        return 0;
    lua_pushlstring(L, text.bytes, text.length);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    customer->read |= 1U << field;
    return 1;
}

/* stack: fields, key; upvalue: the customer view */
static int l_customer_field(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    struct text name;
    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "a customer's fields have names, not a %s", library_type_name(L, 2));
    name.bytes = lua_tolstring(L, 2, &name.length);
    for (size_t i = 0; i <= FIELD_touchpoint; i++)
        if (text_equal(name, known_names[i]))
            return push_field(L, customer, (enum customer_field)i);
    return unknown_field(L, name);
}

/* stack: fields; upvalue: the customer view. Reads every field, for who walks over them. */
static int l_customer_fill_fields(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    for (size_t i = 0; i <= FIELD_touchpoint; i++) {
        lua_settop(L, 1);
        lua_pushlstring(L, known_names[i].bytes, known_names[i].length);
        push_field(L, customer, (enum customer_field)i);
    }
    return 0;
}

/* c:consents_to("marketing"); upvalue: the customer view */
static int l_customer_consents_to(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    const msgpack_object *map = customer->situation->consents;
    struct text name;
    if (!lua_isuserdata(L, 1) || lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "expected the name of a consent, as in c:consents_to(\"marketing\")");
    name.bytes = lua_tolstring(L, 2, &name.length);
    reads_add(&customer->reads, READ_CONSENTS, name);
    const msgpack_object *value = map == NULL ? NULL : value_map_get(map, name);
    lua_pushboolean(L, value != NULL && value->type == MSGPACK_OBJECT_BOOLEAN && value->via.boolean);
    return 1;
}

static bool answers_to(const struct snapshot *snapshot, const struct offer *offer, struct text interest)
{
    for (uint32_t i = 0; i < offer->tags.count; i++)
        if (text_equal(snapshot->tags[offer->tags.numbers[i]], interest))
            return true;
    for (uint32_t i = 0; i < offer->answer_count; i++)
        if (text_equal(offer->answers[i], interest))
            return true;
    return false;
}

/* Whether map.interests, a list of texts or one text, names something that the offer is about. */
static bool interests_in(lua_State *L, const struct snapshot *snapshot, const msgpack_object *map,
                         const struct offer *offer)
{
    const msgpack_object *interests = map == NULL ? NULL : value_map_get(map, TEXT("interests"));
    struct text interest;
    if (interests == NULL)
        return false;
    if (value_text(interests, &interest))
        return answers_to(snapshot, offer, interest);
    for (uint32_t i = 0; interests->type == MSGPACK_OBJECT_ARRAY && i < interests->via.array.size; i++) {
        sandbox_tick(L);
        if (value_text(&interests->via.array.ptr[i], &interest) && answers_to(snapshot, offer, interest))
            return true;
    }
    return false;
}

/* c:interested_in(o); upvalue: the customer view */
static int l_customer_interested_in(lua_State *L)
{
    struct customer_view *customer = lua_touserdata(L, lua_upvalueindex(1));
    uint32_t number = offer_views_number(L, 2);
    if (number == SNAPSHOT_NONE)
        return luaL_error(L, "expected an offer, as in c:interested_in(o)");
    const struct offer *offer = &customer->snapshot->offers[number];
    reads_add(&customer->reads, READ_CONTEXT, TEXT("interests"));
    reads_add(&customer->reads, READ_TRAITS, TEXT("interests"));
    lua_pushboolean(L, interests_in(L, customer->snapshot, customer->situation->context, offer) ||
                           interests_in(L, customer->snapshot, customer->situation->traits, offer));
    return 1;
}

/* Adds to the fields on the top of the stack a view of a map's entries. */
static void add_map(lua_State *L, struct customer_view *customer, enum customer_map map)
{
    const lua_CFunction functions[] = {l_customer_entry, l_customer_fill};
    const char *const events[] = {"__index", VIEW_FILL};
    lua_newtable(L); /* stack: fields, entries, metatable (top) */
    lua_newtable(L);
    for (size_t i = 0; i < 2; i++) {
        lua_pushlightuserdata(L, customer);
        lua_pushinteger(L, map);
        lua_pushcclosure(L, functions[i], 2);
        lua_setfield(L, -2, events[i]);
    }
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    customer->entries[map] = luaL_ref(L, LUA_REGISTRYINDEX);
    view_push(L, -1, map_names[map]);
    lua_setfield(L, -3, map_names[map]);
    lua_pop(L, 1);
}

void customer_view_add_method(lua_State *L, struct customer_view *customer, const char *name,
                              lua_CFunction function)
{
    lua_pushlightuserdata(L, customer);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

/* Interns the fields' names for good in the table on the top, so that emptying the fields allocates nothing.
 */
static void keep_names(lua_State *L)
{
    for (size_t i = 0; i <= FIELD_touchpoint; i++) {
        lua_pushlstring(L, known_names[i].bytes, known_names[i].length);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

void customer_view_create(lua_State *L, struct customer_view *customer, const struct snapshot *snapshot)
{
    *customer = (struct customer_view){.snapshot = snapshot};
    lua_newtable(L);
    for (int map = 0; map < CUSTOMER_MAPS; map++)
        add_map(L, customer, (enum customer_map)map);
    customer_view_add_method(L, customer, "consents_to", l_customer_consents_to);
    customer_view_add_method(L, customer, "interested_in", l_customer_interested_in);
    customer_history_add(L, customer);
    lua_newtable(L);
    customer_view_add_method(L, customer, "__index", l_customer_field);
    customer_view_add_method(L, customer, VIEW_FILL, l_customer_fill_fields);
    keep_names(L);
    lua_setmetatable(L, -2);
    view_push(L, -1, "customer"); /* stack: fields, view (top) */
    customer->view = luaL_ref(L, LUA_REGISTRYINDEX);
    customer->fields = luaL_ref(L, LUA_REGISTRYINDEX);
}

/* Assigning nil to what is there keeps lua_next valid and allocates nothing. */
static void empty_table(lua_State *L, int reference)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
    for (lua_pushnil(L); lua_next(L, -2);) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, -4);
    }
    lua_pop(L, 1);
}

/* Names of converted fields are keys in the table, so that pushing them allocates nothing. */
static void empty_fields(lua_State *L, int reference, uint32_t fields)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
    for (; fields != 0; fields &= fields - 1) {
        const struct text *name = &known_names[__builtin_ctz(fields)];
        lua_pushlstring(L, name->bytes, name->length);
        lua_pushnil(L);
        lua_rawset(L, -3);
    }
    lua_pop(L, 1);
}

void customer_view_forget(lua_State *L, struct customer_view *customer)
{
    reads_clear(&customer->reads);
    if (customer->read != 0)
        empty_fields(L, customer->fields, customer->read);
    customer->read = 0;
    for (int map = 0; map < CUSTOMER_MAPS; map++)
        if (customer->read_map[map]) {
            empty_table(L, customer->entries[map]);
            customer->read_map[map] = false;
        }
}

static void append_text(struct buffer *out, char mark, struct text text)
{
    uint32_t length = (uint32_t)text.length;
    char *to = buffer_extend(out, 1 + sizeof length);
    if (to == NULL)
        return;
    *to = mark;
    memcpy(to + 1, &length, sizeof length);
    buffer_append(out, text.bytes, text.length);
}

/* Numbers by their value, as scripts see them; what has parts is packed again. */
static void append_object(struct buffer *out, const msgpack_object *value)
{
    struct text text;
    double number;
    if (value_text(value, &text)) {
        append_text(out, 's', text);
    } else if (value_number(value, &number)) {
        buffer_append(out, "n", 1);
        buffer_append(out, &number, sizeof number);
    } else if (value->type == MSGPACK_OBJECT_BOOLEAN) {
        buffer_append(out, value->via.boolean ? "t" : "f", 1);
    } else {
        buffer_append(out, "o", 1);
        reply_object(out, value);
    }
}

/* Not told is nil for scripts, and the empty text is not. */
static void append_field(struct buffer *out, struct text text)
{
    if (text.bytes == NULL)
        buffer_append(out, "0", 1);
    else
        append_text(out, 's', text);
}

static void append_entry(struct buffer *out, const msgpack_object *map, struct text key)
{
    const msgpack_object *value = map == NULL ? NULL : value_map_get(map, key);
    if (value == NULL || value->type == MSGPACK_OBJECT_NIL)
        buffer_append(out, "0", 1);
    else
        append_object(out, value);
}

void customer_view_append(const struct customer_view *customer, const struct read *read, struct buffer *out)
{
    struct text key = {read->key, read->length};
    switch (read->source) {
    case READ_FIELD:
        append_field(out, field_text(customer, (enum customer_field)read->key[0]));
        return;
    case READ_TRAITS:
        append_entry(out, customer->situation->traits, key);
        return;
    case READ_CONTEXT:
        append_entry(out, customer->situation->context, key);
        return;
    case READ_CONSENTS:
        append_entry(out, customer->situation->consents, key);
        return;
    case READ_SEEN:
    case READ_DID:
    case READ_SINCE:
    case READ_DAYS_IN_STAGE:
        customer_history_append(customer, read, out);
        return;
    }
}

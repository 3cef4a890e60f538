/* The basic functions of scripts: errors, types, numbers and going through tables. */
#include "script/library.h"

#include "script/sandbox.h"
#include "script/sort.h"
#include "script/view.h"

#include <ctype.h>
#include <lauxlib.h>
#include <string.h>

enum {
    NUMERAL_MAX = 200 /* bytes of a text that may be a number */
};

static int l_base_assert(lua_State *L)
{
    if (lua_toboolean(L, 1))
        return lua_gettop(L);
    luaL_checkany(L, 1);
    lua_remove(L, 1);
    if (lua_gettop(L) == 0)
        return luaL_error(L, "assertion failed!");
    lua_settop(L, 1);
    sandbox_note_place(sandbox_of(L));
    failure_withhold(L, 1, "an assert() of the script failed");
    return lua_error(L);
}

static int l_base_error(lua_State *L)
{
    int level = (int)luaL_optinteger(L, 2, 1);
    lua_settop(L, 1);
    sandbox_note_place(sandbox_of(L));
    failure_withhold(L, level > 0 && level < 100 ? level : 1, "the script called error()");
    if (lua_type(L, 1) == LUA_TSTRING && level > 0 && level < 100) {
        luaL_where(L, level);
        lua_insert(L, 1);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

/*
 * What ended the script is raised again, whatever the script does about it. Out of memory is final also while
 * the site loads.
 */
static int l_base_pcall(lua_State *L)
{
    struct sandbox *sandbox = sandbox_of(L);
    size_t mark = sandbox->scratch.used;
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
    if (status == LUA_ERRMEM && sandbox->running != NULL)
        sandbox->memory.failed = true;
    if (status == LUA_OK) {
        sandbox_tick(L);
        return lua_gettop(L);
    }
    sandbox->scratch.used = mark;
    if (sandbox_stopped(sandbox))
        return lua_error(L);
    sandbox->withheld.message[0] = '\0'; /* whoever raises it again calls error() */
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

static int l_base_select(lua_State *L)
{
    int count = lua_gettop(L);
    if (lua_type(L, 1) == LUA_TSTRING && *lua_tostring(L, 1) == '#') {
        lua_pushinteger(L, count - 1);
        return 1;
    }
    lua_Integer i = luaL_checkinteger(L, 1);
    if (i < 0)
        i = count + i;
    else if (i > count)
        i = count;
    luaL_argcheck(L, 1 <= i, 1, "index out of range");
    return count - (int)i;
}

const char *library_type_name(lua_State *L, int index)
{
    return view_is(L, index) ? "table" : luaL_typename(L, index);
}

static int l_base_type(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushstring(L, library_type_name(L, 1));
    return 1;
}

const char *library_to_text(lua_State *L, int index, size_t *length)
{
    index = lua_absindex(L, index);
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
    case LUA_TNUMBER:
        return lua_tolstring(L, index, length);
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
        break;
    default:
        lua_pushstring(L, library_type_name(L, index));
    }
    lua_replace(L, index);
    return lua_tolstring(L, index, length);
}

static int l_base_tostring(lua_State *L)
{
    size_t length;
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    library_to_text(L, 1, &length);
    return 1;
}

/* The value of a digit in bases up to 36; 36 for other bytes. */
static int base_digit(char byte)
{
    if (isdigit((unsigned char)byte))
        return byte - '0';
    if (isalpha((unsigned char)byte))
        return tolower((unsigned char)byte) - 'a' + 10;
    return 36;
}

/* Pushes the integer that the text is in this base, or nil. */
static void base_push_integer(lua_State *L, const char *s, const char *end, int base)
{
    lua_Unsigned value = 0;
    bool negative = false;
    while (s < end && isspace((unsigned char)*s))
        s++;
    while (end > s && isspace((unsigned char)end[-1]))
        end--;
    if (s < end && (*s == '-' || *s == '+'))
        negative = *s++ == '-';
    bool digits = s < end;
    for (; s < end && base_digit(*s) < base; s++)
        value = value * (lua_Unsigned)base + (lua_Unsigned)base_digit(*s);
    if (!digits || s < end)
        lua_pushnil(L);
    else
        lua_pushinteger(L, (lua_Integer)(negative ? 0U - value : value));
}

static int base_convert(lua_State *L)
{
    size_t length;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *s = lua_tolstring(L, 1, &length);
    lua_Integer base = luaL_checkinteger(L, 2);
    luaL_argcheck(L, 2 <= base && base <= 36, 2, "base out of range");
    if (length > NUMERAL_MAX)
        lua_pushnil(L);
    else
        base_push_integer(L, s, s + length, (int)base);
    return 1;
}

static int l_base_tonumber(lua_State *L)
{
    size_t length;
    if (!lua_isnoneornil(L, 2))
        return base_convert(L);
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TNUMBER)
        return 1;
    const char *s = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &length) : NULL;
    if (s == NULL || length > NUMERAL_MAX || lua_stringtonumber(L, s) != length + 1)
        lua_pushnil(L);
    return 1;
}

/* stack: table, index */
static int l_base_next_item(lua_State *L)
{
    lua_Integer i = luaL_checkinteger(L, 2);
    sandbox_tick(L);
    i = (lua_Integer)((lua_Unsigned)i + 1);
    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int l_base_ipairs(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TTABLE && !view_is(L, 1))
        return luaL_typeerror(L, 1, "table");
    lua_pushcfunction(L, l_base_next_item);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* Upvalues: table, its keys in order, how many were handed out. A key whose value went away is passed over.
 */
static int l_base_next_pair(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));
    sandbox_tick(L);
    lua_settop(L, 0);
    while (lua_rawgeti(L, lua_upvalueindex(2), ++i) != LUA_TNIL) {
        lua_pushvalue(L, 1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
            lua_pushinteger(L, i);
            lua_replace(L, lua_upvalueindex(3));
            return 2;
        }
        lua_settop(L, 0);
    }
    return 0;
}

/* stack: table (top). Pushes its keys in order. */
static void base_push_keys(lua_State *L)
{
    lua_Integer count = 0;
    lua_createtable(L, 0, 0);
    lua_pushnil(L);
    while (lua_next(L, -3) != 0) { /* stack: table, keys, key, value */
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, ++count);
        if (count % 1024 == 0)
            sandbox_tick(L);
    }
    sort_table(L, -1, count, sort_keys);
}

/* Numbers first, then texts in byte order, then false and true: the same order every time and everywhere. */
static int l_base_pairs(lua_State *L)
{
    view_check_readable(L, 1);
    base_push_keys(L);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, l_base_next_pair, 3);
    return 1;
}

/* A whole number from low to high, without the bias of a remainder. */
static lua_Integer base_random_between(lua_State *L, lua_Integer low, lua_Integer high)
{
    lua_Unsigned span = (lua_Unsigned)high - (lua_Unsigned)low;
    lua_Unsigned random = random_next(&sandbox_of(L)->random);
    if (span == ~(lua_Unsigned)0)
        return (lua_Integer)random;
    unsigned __int128 scaled = (unsigned __int128)random * (span + 1);
    return (lua_Integer)((lua_Unsigned)low + (lua_Unsigned)(scaled >> 64));
}

int l_base_random(lua_State *L)
{
    struct sandbox *sandbox = sandbox_of(L);
    sandbox->used_chance = true;
    if (!sandbox->deciding)
        return luaL_error(L, "'random' works in a decision only, not while the site loads");
    if (lua_gettop(L) == 0) {
        lua_pushnumber(L, random_unit(&sandbox->random));
        return 1;
    }
    bool two = lua_gettop(L) > 1;
    lua_Integer low = two ? luaL_checkinteger(L, 1) : 1;
    lua_Integer high = luaL_checkinteger(L, two ? 2 : 1);
    luaL_argcheck(L, low <= high, two ? 2 : 1, "nothing to choose from");
    lua_pushinteger(L, base_random_between(L, low, high));
    return 1;
}

void base_library_add(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"assert", l_base_assert},
        {"error", l_base_error},
        {"ipairs", l_base_ipairs},
        {"pairs", l_base_pairs},
        {"pcall", l_base_pcall},
        {"random", l_base_random},
        {"select", l_base_select},
        {"tonumber", l_base_tonumber},
        {"tostring", l_base_tostring},
        {"type", l_base_type},
        {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}

/* Tables as lists: concat, insert, remove, sort, unpack and pack. */
#include "script/library.h"

#include "script/sandbox.h"
#include "script/scratch.h"
#include "script/sort.h"
#include "script/view.h"

#include <lauxlib.h>

enum {
    TABLE_UNPACK_MAX = 1000, /* results of table.unpack */
    TABLE_STEPS = 1024,      /* items moved between looks at the deadline */
};

/* Replaces the argument by the table behind a view. */
static void table_read_argument(lua_State *L, int index)
{
    view_check_readable(L, index);
    lua_replace(L, index);
}

static void concat_item(lua_State *L, size_t mark, lua_Integer i)
{
    sandbox_tick(L);
    lua_rawgeti(L, 1, i);
    if (!lua_isstring(L, -1)) {
        const char *type = library_type_name(L, -1);
        failure_withhold(L, 1, "an item is a %s: only texts and numbers can be put together", type);
        luaL_error(L, "item %I is a %s: only texts and numbers can be put together", (LUAI_UACINT)i, type);
    }
    scratch_append_value(L, mark, -1);
    lua_pop(L, 1);
}

static int l_table_concat(lua_State *L)
{
    size_t length;
    table_read_argument(L, 1);
    const char *between = luaL_optlstring(L, 2, "", &length);
    lua_Integer i = luaL_optinteger(L, 3, 1);
    lua_Integer last = luaL_opt(L, luaL_checkinteger, 4, (lua_Integer)lua_rawlen(L, 1));
    size_t mark = scratch_begin(L);
    for (; i < last; i++) {
        concat_item(L, mark, i);
        scratch_append(L, mark, between, length);
    }
    if (i == last)
        concat_item(L, mark, i);
    scratch_push(L, mark);
    return 1;
}

static void table_tick(lua_State *L, lua_Integer at)
{
    if (at % TABLE_STEPS == 0)
        sandbox_tick(L);
}

static int l_table_insert(lua_State *L)
{
    view_check_writable(L, 1);
    lua_Integer end = (lua_Integer)lua_rawlen(L, 1) + 1;
    lua_Integer position = end;
    int arguments = lua_gettop(L);
    if (arguments != 2 && arguments != 3)
        return luaL_error(L, "table.insert wants a table, perhaps a position, and a value");
    if (arguments == 3) {
        position = luaL_checkinteger(L, 2);
        luaL_argcheck(L, position >= 1 && position <= end, 2, "position out of bounds");
    }
    for (lua_Integer i = end; i > position; i--) {
        table_tick(L, i);
        lua_rawgeti(L, 1, i - 1);
        lua_rawseti(L, 1, i);
    }
    lua_settop(L, arguments);
    lua_rawseti(L, 1, position);
    return 0;
}

static int l_table_remove(lua_State *L)
{
    view_check_writable(L, 1);
    lua_Integer length = (lua_Integer)lua_rawlen(L, 1);
    lua_Integer position = luaL_optinteger(L, 2, length);
    if (!lua_isnoneornil(L, 2) && length + 1 != position)
        luaL_argcheck(L, (length == 0 && position == 0) || (position >= 1 && position <= length), 2,
                      "position out of bounds");
    lua_rawgeti(L, 1, position);
    for (; position < length; position++) {
        table_tick(L, position);
        lua_rawgeti(L, 1, position + 1);
        lua_rawseti(L, 1, position);
    }
    if (position >= 1 && position <= length) {
        lua_pushnil(L);
        lua_rawseti(L, 1, position);
    }
    return 1;
}

/* stack: table, function, …, two values (top) */
static bool table_before(lua_State *L)
{
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -3);
    lua_pushvalue(L, -3);
    lua_call(L, 2, 1);
    bool result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return result;
}

static int l_table_sort(lua_State *L)
{
    view_check_writable(L, 1);
    bool function = !lua_isnoneornil(L, 2);
    if (function)
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    sort_table(L, 1, (lua_Integer)lua_rawlen(L, 1), function ? table_before : sort_values);
    return 0;
}

static int l_table_unpack(lua_State *L)
{
    table_read_argument(L, 1);
    lua_Integer first = luaL_optinteger(L, 2, 1);
    lua_Integer last = luaL_opt(L, luaL_checkinteger, 3, (lua_Integer)lua_rawlen(L, 1));
    if (first > last)
        return 0;
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
    if (count >= TABLE_UNPACK_MAX)
        return luaL_error(L, "table.unpack gives %d values at most", TABLE_UNPACK_MAX);
    luaL_checkstack(L, (int)count + 1, "table.unpack");
    for (lua_Unsigned i = 0; i <= count; i++)
        lua_rawgeti(L, 1, (lua_Integer)((lua_Unsigned)first + i));
    return (int)count + 1;
}

static int l_table_pack(lua_State *L)
{
    int count = lua_gettop(L);
    lua_createtable(L, count, 1);
    lua_insert(L, 1);
    for (int i = count; i >= 1; i--)
        lua_rawseti(L, 1, i);
    lua_pushinteger(L, count);
    lua_setfield(L, 1, "n");
    return 1;
}

void table_library_add(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"concat", l_table_concat},
        {"insert", l_table_insert},
        {"pack", l_table_pack},
        {"remove", l_table_remove},
        {"sort", l_table_sort},
        {"unpack", l_table_unpack},
        {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}

/* Read-only views of tables; see view.h. */
#include "script/view.h"

#include <lauxlib.h>

#include "script/failure.h"

struct view {
    const void *mark;   /* the address of view_mark */
    lua_Integer number; /* of what it shows, as the host counts; -1: none */
};

static const char view_mark;

/* stack: view, key, value */
static int l_view_newindex(lua_State *L)
{
    failure_withhold(L, 1, "can't change this table: it is read-only");
    if (lua_type(L, 2) == LUA_TSTRING)
        return luaL_error(L, "can't change '%s': this table is read-only", lua_tostring(L, 2));
    return luaL_error(L, "can't change this table: it is read-only");
}

static int l_view_len(lua_State *L)
{
    view_push_target(L, 1);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
    return 1;
}

void view_push(lua_State *L, int index, const char *name)
{
    index = lua_absindex(L, index);
    struct view *view = lua_newuserdatauv(L, sizeof *view, 1);
    view->mark = &view_mark;
    view->number = -1;
    lua_pushvalue(L, index);
    lua_setiuservalue(L, -2, 1);
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, l_view_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, l_view_len);
    lua_setfield(L, -2, "__len");
    lua_pushstring(L, name == NULL ? "table" : name);
    lua_setfield(L, -2, "__name");
    lua_setmetatable(L, -2);
}

/* Replaces the tables in the table at the top by views of them. */
static void view_close_values(lua_State *L)
{
    luaL_checkstack(L, 8, "tables inside of tables");
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) { /* stack: table, key, value */
        if (lua_type(L, -1) != LUA_TTABLE) {
            lua_pop(L, 1);
            continue;
        }
        lua_pushvalue(L, -2);
        view_push_deep(L, -2, NULL); /* stack: table, key, value, key, view */
        lua_rawset(L, -5);
        lua_pop(L, 1);
    }
}

void view_push_deep(lua_State *L, int index, const char *name)
{
    lua_pushvalue(L, index);
    view_close_values(L);
    view_push(L, -1, name);
    lua_remove(L, -2);
}

bool view_is(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TUSERDATA || lua_rawlen(L, index) != sizeof(struct view))
        return false;
    const struct view *view = lua_touserdata(L, index);
    return view->mark == &view_mark;
}

void view_set_number(lua_State *L, int index, lua_Integer number)
{
    struct view *view = lua_touserdata(L, index);
    view->number = number;
}

lua_Integer view_number(lua_State *L, int index)
{
    const struct view *view = lua_touserdata(L, index);
    return view_is(L, index) ? view->number : -1;
}

/* Lets the table at the top convert what it has not converted yet. */
static void view_fill(lua_State *L)
{
    if (luaL_getmetafield(L, -1, VIEW_FILL) == LUA_TNIL)
        return;
    lua_pushvalue(L, -2);
    lua_call(L, 1, 0);
}

bool view_push_target(lua_State *L, int index)
{
    if (!view_is(L, index))
        return false;
    lua_getiuservalue(L, index, 1);
    view_fill(L);
    return true;
}

void view_check_readable(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TTABLE)
        lua_pushvalue(L, index);
    else if (!view_push_target(L, index))
        luaL_typeerror(L, index, "table");
}

void view_check_writable(lua_State *L, int index)
{
    if (view_is(L, index))
        luaL_argerror(L, index, "this table is read-only");
    luaL_checktype(L, index, LUA_TTABLE);
}

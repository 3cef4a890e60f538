/* Walking through a value; see plain.h. */
#include "script/plain.h"

#include "script/view.h"

#include <lauxlib.h>

struct plain_walk {
    lua_State *L;        /* the value at the top of its stack */
    int depth;           /* tables around the value */
    int items;           /* values seen */
    struct error *error; /* says what is wrong; may be NULL */
};

static bool plain_walk_value(struct plain_walk *walk);

/* stack: table (top) */
static bool plain_walk_table(struct plain_walk *walk)
{
    lua_State *L = walk->L;
    int table = lua_gettop(L);
    bool fine = true;
    if (++walk->depth > PLAIN_DEPTH_MAX)
        return error_set(walk->error, ERROR_INVALID, "tables more than %d deep inside of each other",
                         PLAIN_DEPTH_MAX);
    luaL_checkstack(L, 4, NULL);
    lua_pushnil(L);
    while (fine && lua_next(L, table) != 0) {
        int key = lua_type(L, -2);
        fine = key == LUA_TSTRING || key == LUA_TNUMBER ||
               error_set(walk->error, ERROR_INVALID, "a key that is neither a text nor a number");
        fine = fine && plain_walk_value(walk);
        lua_pop(L, 1);
    }
    lua_settop(L, table);
    walk->depth--;
    return fine;
}

static bool plain_walk_value(struct plain_walk *walk)
{
    lua_State *L = walk->L;
    int type = lua_type(L, -1);
    if (++walk->items > PLAIN_ITEMS_MAX)
        return error_set(walk->error, ERROR_INVALID, "more than %d values", PLAIN_ITEMS_MAX);
    if (type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER || type == LUA_TSTRING)
        return true;
    if (type == LUA_TTABLE)
        return plain_walk_table(walk);
    if (!view_push_target(L, -1))
        return error_set(walk->error, ERROR_INVALID, "a %s, which is not data", lua_typename(L, type));
    bool fine = plain_walk_table(walk);
    lua_pop(L, 1);
    return fine;
}

bool plain_check(lua_State *L, int index, struct error *error)
{
    struct plain_walk walk = {L, 0, 0, error};
    luaL_checkstack(L, 2, NULL);
    lua_pushvalue(L, index);
    bool fine = plain_walk_value(&walk);
    lua_pop(L, 1);
    return fine;
}

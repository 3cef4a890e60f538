/* Unknown fields and nearest names; see strict.h. */
#include "script/strict.h"

#include "base/text.h"
#include "script/sandbox.h"

#include <stdlib.h>

enum { STRICT_CANDIDATES = 512 }; /* more names than that are not compared */

/* Appends the string keys of the table at `index`. */
static size_t strict_collect(lua_State *L, int index, struct text *names, size_t count)
{
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            continue;
        if (count == STRICT_CANDIDATES) {
            lua_pop(L, 1);
            break;
        }
        names[count].bytes = lua_tolstring(L, -1, &names[count].length);
        count++;
    }
    return count;
}

/* Of names that are equally near the first in byte order wins, whatever order a table has. */
static int strict_compare(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

/* Names still to be compared. */
struct strict_candidates {
    lua_State *L;                  /* whose script has to wait meanwhile */
    const struct text *next, *end; /* of the names */
};

static bool strict_next(void *context, struct text *candidate)
{
    struct strict_candidates *candidates = context;
    sandbox_tick(candidates->L);
    if (candidates->next == candidates->end)
        return false;
    *candidate = *candidates->next++;
    return true;
}

void strict_push_hint(lua_State *L, int key, int count)
{
    struct text names[STRICT_CANDIDATES], name;
    size_t found = 0;
    int top = lua_gettop(L);
    key = lua_absindex(L, key);
    luaL_checkstack(L, 4, NULL);
    for (int i = top - count + 1; i <= top; i++)
        found = strict_collect(L, i, names, found);
    name.bytes = lua_tolstring(L, key, &name.length);
    qsort(names, found, sizeof names[0], strict_compare);
    struct strict_candidates candidates = {L, names, names + found};
    struct text nearest = text_nearest(name, (struct text_candidates){strict_next, &candidates});
    if (nearest.length == 0) {
        lua_pushliteral(L, "");
        return;
    }
    lua_pushliteral(L, "; did you mean '");
    lua_pushlstring(L, nearest.bytes, nearest.length);
    lua_pushliteral(L, "'?");
    lua_concat(L, 3);
}

/* stack: object, key. Upvalues: the known fields as a set, the kind, the methods. */
static int l_strict_index(lua_State *L)
{
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
        lua_pushnil(L);
        return 1;
    }
    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "%s has named fields only", lua_tostring(L, lua_upvalueindex(2)));
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, lua_upvalueindex(3));
    strict_push_hint(L, 2, 2);
    failure_withhold(L, 1, "%s has no field of that name", lua_tostring(L, lua_upvalueindex(2)));
    return luaL_error(L, "%s has no '%s'%s", lua_tostring(L, lua_upvalueindex(2)), lua_tostring(L, 2),
                      lua_tostring(L, -1));
}

/* Pushes the fields as the keys of a table. */
static void strict_push_fields(lua_State *L, const char *const *fields)
{
    lua_newtable(L);
    for (; *fields != NULL; fields++) {
        lua_pushboolean(L, 1);
        lua_setfield(L, -2, *fields);
    }
}

void strict_push(lua_State *L, const char *kind, const luaL_Reg *methods, const char *const *fields)
{
    lua_createtable(L, 0, 1);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0); /* stack: metatable, methods */
    lua_createtable(L, 0, 1);
    strict_push_fields(L, fields);
    lua_pushstring(L, kind);
    lua_pushvalue(L, -4);
    lua_pushcclosure(L, l_strict_index, 3); /* stack: metatable, methods, theirs, function */
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
}

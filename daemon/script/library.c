/* Puts the library together; see library.h. */
#include "script/library.h"

#include "script/view.h"

#include <lauxlib.h>

/* Address as a key of the registry: the table of globals. */
static const char library_globals;

/* stack: globals (top). Adds a table of functions as a view. */
static void library_add_table(lua_State *L, const char *name, void (*add)(lua_State *))
{
    lua_newtable(L);
    add(L);
    view_push(L, -1, NULL);
    lua_setfield(L, -3, name);
    lua_pop(L, 1);
}

static void library_add_string(lua_State *L)
{
    string_library_add(L);
    string_pattern_add(L);
    string_format_add(L);
    /* The metatable of strings has nothing but the methods: no arithmetic on texts. */
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

void library_open(lua_State *L)
{
    lua_newtable(L);
    base_library_add(L);
    library_add_table(L, "string", library_add_string);
    library_add_table(L, "table", table_library_add);
    library_add_table(L, "math", math_library_add);
    library_add_table(L, "utf8", utf8_library_add);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &library_globals);
}

void library_push(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &library_globals);
}

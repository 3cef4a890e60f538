/* Tables that answer reading a field they never have with the nearest name, for the objects that scripts get.
 */
#ifndef SENDA_SCRIPT_STRICT_H
#define SENDA_SCRIPT_STRICT_H

#include <lauxlib.h>
#include <lua.h>

/*
 * Pushes a metatable for the tables behind views, of one kind of object each: `methods` (ended by a NULL
 * name) can be read from all of them; `fields` (ended by NULL) are nil where a table has none of that name;
 * anything else raises "a customer has no 'contxt'; did you mean 'context'?". `kind` reads as "a customer".
 */
void strict_push(lua_State *L, const char *kind, const luaL_Reg *methods, const char *const *fields);

/*
 * Pushes "; did you mean 'x'?" with the text nearest to that at index `key` among the string keys of the
 * `count` tables that end at the top of the stack, or an empty text. The tables stay.
 */
void strict_push_hint(lua_State *L, int key, int count);

#endif

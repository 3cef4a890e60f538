/*
 * Read-only views: what scripts get in place of tables that are not theirs. A view is a userdata whose
 * metatable reads from the table by `__index = table`, so that the interpreter calls no function; scripts see
 * a table. Every full userdata of a sandbox is a view.
 */
#ifndef SENDA_SCRIPT_VIEW_H
#define SENDA_SCRIPT_VIEW_H

#include <lua.h>
#include <stdbool.h>

/*
 * Pushes a new view of the table at `index`. `name` is what messages of Lua call it ("customer"); NULL:
 * "table". Tables inside of it stay writable for whoever reaches them: see view_push_deep.
 */
void view_push(lua_State *L, int index, const char *name);

/* As view_push, after replacing every table inside by a view, to any depth; the table must not contain
 * itself. */
void view_push_deep(lua_State *L, int index, const char *name);

/* The number, 0 or more, of what the view at `index` shows; scripts do not see it. -1: none, or no view. */
void view_set_number(lua_State *L, int index, lua_Integer number);
lua_Integer view_number(lua_State *L, int index);

/* Whether the value at `index` is a view. */
bool view_is(lua_State *L, int index);

/*
 * A table behind a view may convert its entries when they are first read. Where its metatable has a function
 * under this name, that is called with the table before anyone walks over all entries or counts them.
 */
#define VIEW_FILL "fill"

/* Pushes the table that the view at `index` shows, filled; false and nothing where it is no view. */
bool view_push_target(lua_State *L, int index);

/* Pushes the table at `index`, or what a view there shows, for reading; else raises what argument was
 * expected. */
void view_check_readable(lua_State *L, int index);

/* Raises an error where the value at `index` is not a table that the script may change. */
void view_check_writable(lua_State *L, int index);

#endif

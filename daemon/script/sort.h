/* Sorting the items of a Lua table: stable, and safe whatever the comparison says. */
#ifndef SENDA_SCRIPT_SORT_H
#define SENDA_SCRIPT_SORT_H

#include <lua.h>
#include <stdbool.h>

/* Whether the value second from the top comes before that at the top. Leaves the stack as it was; may raise.
 */
typedef bool sort_before_cb(lua_State *L);

/*
 * Sorts items 1 to `count` of the table at `index` by merging. The table is written at the end only: an error
 * of the comparison leaves it as it was.
 */
void sort_table(lua_State *L, int index, lua_Integer count, sort_before_cb *before);

/* As the operator `<` for numbers and for texts (in byte order); raises for other values. */
sort_before_cb sort_values;

/* For keys of a table: numbers, texts in byte order, false, true; raises for keys that have no order. */
sort_before_cb sort_keys;

#endif

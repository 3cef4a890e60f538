/* The functions that scripts may use: an allow-list, made anew so that each is bounded and answers the
 * deadline. */
#ifndef SENDA_SCRIPT_LIBRARY_H
#define SENDA_SCRIPT_LIBRARY_H

#include <lua.h>

/* Makes the library, and the methods of strings, which trusted code shares. Called by sandbox_new. */
void library_open(lua_State *L);

/* Pushes the table of the library's globals, for reading. */
void library_push(lua_State *L);

/* Each adds its functions to the table at the top of the stack. */
void base_library_add(lua_State *L);
void string_library_add(lua_State *L);
void string_pattern_add(lua_State *L);
void string_format_add(lua_State *L);
void table_library_add(lua_State *L);
void math_library_add(lua_State *L);
void utf8_library_add(lua_State *L);

/* Other files use these two as well. */
int l_base_random(lua_State *L);

/* The type as `type` gives it: "table" for views as well. */
const char *library_type_name(lua_State *L, int index);

/* Replaces the value at `index` by its text as `tostring` gives it: tables and functions have no address. */
const char *library_to_text(lua_State *L, int index, size_t *length);

#endif

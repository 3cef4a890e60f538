/*
 * Reading fields of the plain tables that the authoring library hands over. Raises Lua errors (memory), so it
 * runs below sandbox_protect; texts are copied to an arena.
 */
#ifndef SENDA_SCRIPT_FIELDS_H
#define SENDA_SCRIPT_FIELDS_H

#include <lua.h>

#include "catalogue/snapshot.h"

/* Memory for what is read; running out raises an error. */
void *fields_allocate(lua_State *L, struct snapshot *snapshot, size_t count, size_t size);

/* The string at `index`, copied; no bytes where there is none. */
struct text fields_copy_text(lua_State *L, struct snapshot *snapshot, int index);

/* Fields of the table on the top of the stack; the stack is left as it was. */
struct text fields_text(lua_State *L, struct snapshot *snapshot, const char *name);
double fields_number(lua_State *L, const char *name, double otherwise);

/* A 1-based position as the library counts them, from 0; SNAPSHOT_NONE where it is absent. */
uint32_t fields_index(lua_State *L, const char *name);

/* A list of positions; does not restrict where it is absent. */
struct number_list fields_indexes(lua_State *L, struct snapshot *snapshot, const char *name);

/* {locale = text, ["*"] = text}: by the site's locales, "*" where a locale has none of its own. */
struct localized fields_localized(lua_State *L, struct snapshot *snapshot, const char *name);

/* A list of texts; NULL and 0 where it is absent. */
const struct text *fields_texts(lua_State *L, struct snapshot *snapshot, const char *name, uint32_t *count);

/*
 * Calls `read` for each element of the list in field `name`, with the element on the top of the stack, after
 * making room: returns the array of `size`d elements, NULL for an empty one.
 */
typedef void (*fields_read)(lua_State *L, struct snapshot *snapshot, void *element);
void *fields_array(lua_State *L, struct snapshot *snapshot, const char *name, size_t size, fields_read read,
                   uint32_t *count);

#endif

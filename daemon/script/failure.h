/* Turning whatever a script raised into a line of text, without trusting it. */
#ifndef SENDA_SCRIPT_FAILURE_H
#define SENDA_SCRIPT_FAILURE_H

#include "base/error.h"

#include <lua.h>

/* Formats of lua_pushfstring: KiB in all and in one piece, names; milliseconds. */
#define FAILURE_MEMORY                                                                                       \
    "needs more memory than it may use (%d KiB in all, %d KiB for one text or table, %d names "              \
    "in one table): a text or table that grows without end, or a function that calls itself without end?"
#define FAILURE_DEADLINE "ran longer than the %d milliseconds that it may take: a loop without end?"

/* Writes the error object on the top of the stack, which stays, to `error` (may be NULL). Raises nothing. */
void failure_copy(lua_State *L, struct error *error);

/* Adds what an author can do about it where Lua's words alone do not say it. */
void failure_explain(struct error *error);

#endif

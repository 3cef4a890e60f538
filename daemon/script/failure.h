/* Turning whatever a script raised into a line of text, without trusting it. */
#ifndef SENDA_SCRIPT_FAILURE_H
#define SENDA_SCRIPT_FAILURE_H

#include "base/error.h"

#include <lua.h>
#include <stdint.h>

/* Formats of lua_pushfstring: KiB in all and in one piece, names; milliseconds. */
#define FAILURE_MEMORY                                                                                       \
    "needs more memory than it may use (%d KiB in all, %d KiB for one text or table, %d names "              \
    "in one table): a text or table that grows without end, or a function that calls itself without end?"
#define FAILURE_STARVED "the machine had no memory left for it, which is no fault of the script"
#define FAILURE_DEADLINE "ran longer than the %d milliseconds that it may take: a loop without end?"

enum { FAILURE_WITHHELD = 384 }; /* bytes of a place and what went wrong */

/*
 * What is said in public, as in the log, in place of an error whose text may hold what a request told or what
 * is known of a customer.
 */
struct failure_withheld {
    char message[FAILURE_WITHHELD]; /* empty: the error raised last is in words of ours, or of Lua, alone */
};

/*
 * For the error that is raised next, whose text is not for the public: the place of the function `level`
 * levels above this one, as luaL_where knows it, and in the format's words what went wrong.
 */
void failure_withhold(lua_State *L, int level, const char *format, ...) PRINTF_LIKE(3, 4);

/* What an error is to the public. */
struct error failure_in_public(const struct failure_withheld *withheld, const struct error *error);

/* Writes the error object on the top of the stack, which stays, to `error` (may be NULL). Raises nothing. */
void failure_copy(lua_State *L, struct error *error);

/* Puts a place in front of a message that names none, as of an error that is no text. */
void failure_place(struct error *error, const char *file, uint32_t line);

/* Adds what an author can do about it where Lua's words alone do not say it. */
void failure_explain(struct error *error);

#endif

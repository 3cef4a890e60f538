/*
 * Keeping decisions apart: after loading, nothing that one call of a script's function could change is seen
 * by another. Variables outside of a function may be read, not set, which its code shows; tables are replaced
 * by read-only views of copies.
 */
#ifndef SENDA_SCRIPT_FREEZE_H
#define SENDA_SCRIPT_FREEZE_H

#include "base/error.h"

#include <lua.h>
#include <stdbool.h>

struct freeze_problem {
    char
        file[256]; /* the file of the function with the problem, as environment_load was told; may be empty */
    int line;      /* there; 0: not known */
    char message[384]; /* one sentence, without file and line */
};

/*
 * Looks at the function at `index` and at all that it can reach: functions, tables and names of its file.
 * False and the first problem where one of them keeps something between calls. What was looked at once is not
 * looked at again before freeze_forget, so that tables that many functions share cost no more than those of
 * one: once no file of the site runs any more. May raise out of memory, and while a script is entered that
 * its time is up.
 */
MUST_CHECK bool freeze_check(lua_State *L, int index, struct freeze_problem *problem);

/*
 * As freeze_check, and replaces every table within reach by a view, the same table by the same view. The
 * tables themselves stay as they are. Before sandbox_seal.
 */
MUST_CHECK bool freeze_function(lua_State *L, int index, struct freeze_problem *problem);

/* Replaces the tables among the values of the table at `index`. For environments. */
void freeze_values(lua_State *L, int index);

/* Forgets which table has which view, and what was looked at. */
void freeze_forget(lua_State *L);

#endif

/* Reads the code that Lua 5.4 made of a function, as lua_dump writes it, for what a sandbox must know about
 * it. */
#ifndef SENDA_SCRIPT_BYTECODE_H
#define SENDA_SCRIPT_BYTECODE_H

#include "base/error.h"
#include "base/text.h"

#include <lua.h>
#include <stdbool.h>

/*
 * To name a value in an error message, Lua 5.4.4 goes back along the chain of fields `a.b.c…` that led to it,
 * and for each link through all the code before: 80,000 links take seconds. So many links times instructions
 * may a function have; they take about a millisecond.
 */
enum { BYTECODE_NAMING_MAX = 1 << 20 };

/* Lines are 0 where there is nothing to report; else that of the first finding in the order of the text. */
struct bytecode_report {
    int change_line;   /* sets a variable, or a field of one, that lives outside of the function */
    char change[128];  /* that variable's name */
    int close_line;    /* declares a to-be-closed variable */
    int naming_line;   /* where a function begins that has a chain too long for BYTECODE_NAMING_MAX */
    bool may_repeat;   /* a table may be given a field twice where it is made; false: none is */
    int unknown_line;  /* reads a global that `knows` does not know */
    char unknown[128]; /* that global's name */
    void (*constant)(void *context, struct text text); /* told every text constant; NULL: nobody asks */
    bool (*knows)(void *context, struct text global);  /* whether there is such a global; NULL: nobody asks */
    void *context;                                     /* handed to both */
};

/* Looks at the Lua function at `index` and those inside of it. False where its code is not what Lua 5.4
 * makes, or memory is out. Raises nothing, unless `constant` or `knows` does. */
MUST_CHECK bool bytecode_inspect(lua_State *L, int index, struct bytecode_report *report);

#endif

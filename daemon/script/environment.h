/*
 * What a file of a site sees as its globals: names of its own and those of shared.lua, the constructors while
 * the site loads, and the allowed library. Each file has an environment for itself.
 */
#ifndef SENDA_SCRIPT_ENVIRONMENT_H
#define SENDA_SCRIPT_ENVIRONMENT_H

#include "base/error.h"
#include "base/text.h"

#include <lua.h>
#include <stdbool.h>

enum { ENVIRONMENT_SOURCE_MAX = 65536 /* bytes of one file */ };

/* The file whose names all files that are read later have. */
#define ENVIRONMENT_SHARED "shared.lua"

/* Prepares the state; called by sandbox_new, after library_open. */
void environment_open(lua_State *L);

/*
 * Pushes a fresh environment that reads the table of constructors at `index`, which the host keeps as it is.
 * Its metatable is asked for what neither it nor the library has, as long as the file is loaded.
 */
void environment_push(lua_State *L, int index);

/*
 * Compiles the text of the file `path` for the environment at `index` and pushes the function. False, nothing
 * pushed and `error` with file and line where the text is no program, or one that a sandbox does not take.
 * `may_repeat` (may be NULL) tells whether a table may be given a field twice where it is made; false: none
 * is. Raises nothing.
 */
MUST_CHECK bool environment_load(lua_State *L, struct text text, const char *path, int index,
                                 bool *may_repeat, struct error *error);

/* Environments that are pushed from now on have the names of the one at `index`, which no file can give
 * another meaning. */
void environment_share(lua_State *L, int index);

/* Whether the value at `index` is an environment. Valid before sandbox_seal. */
bool environment_is(lua_State *L, int index);

/* Whether the environment at `index` has the name: its own, a constructor, the library's. Valid before
 * sandbox_seal. */
bool environment_has(lua_State *L, int index, struct text name);

/* Pushes "; did you mean 'x'?" with the nearest name that a decision can read, or an empty text. Likewise. */
void environment_push_hint(lua_State *L, int index, struct text name);

/*
 * Closes every environment: what files have declared stays readable, constructors are out of reach and
 * nothing can be set any more. The files' tables are replaced by views of copies; functions are the concern
 * of freeze_function.
 */
void environment_close_all(lua_State *L);

#endif

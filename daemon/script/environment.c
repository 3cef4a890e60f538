/* Globals of files and the loading of files; see environment.h. */
#include "script/environment.h"

#include "script/bytecode.h"
#include "script/freeze.h"
#include "script/library.h"
#include "script/sandbox.h"
#include "script/strict.h"
#include "script/view.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>

/* Address as a key of the registry: the open environments (environment = its constructors). */
static const char open_environments;

/* Likewise: what one file shares with those that are read later (name = value), and its environment. */
static const char shared_names, shared_environment;

/* Pushes the time where that is what the name stands for. */
static bool environment_push_clock(lua_State *L, const char *name)
{
    struct sandbox *sandbox = sandbox_of(L);
    if (strcmp(name, "now") != 0)
        return false;
    if (!sandbox->deciding)
        luaL_error(L, "'now' is known in a decision only, not while the site loads");
    sandbox->used_chance = true;
    lua_pushnumber(L, sandbox->now);
    return true;
}

/* stack: globals, key. Upvalue: the constructors. Loading only. */
static int l_environment_index_open(lua_State *L)
{
    const char *name = luaL_checkstring(L, 2);
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    library_push(L);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL || environment_push_clock(L, name))
        return 1;
    lua_pop(L, 1);
    lua_pushvalue(L, 2);
    if (lua_gettable(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    lua_pop(L, 1);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1)); /* stack: …, library, globals, constructors */
    strict_push_hint(L, 2, 3);
    return luaL_error(L, "unknown name '%s'%s", name, lua_tostring(L, -1));
}

/* stack: globals, key. Upvalue: the constructors. The library is among the globals by now. */
static int l_environment_index_closed(lua_State *L)
{
    const char *name = luaL_checkstring(L, 2);
    lua_settop(L, 2);
    if (environment_push_clock(L, name))
        return 1;
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return luaL_error(L, "'%s' works only while the site loads, not in a decision", name);
    lua_pushvalue(L, 1);
    strict_push_hint(L, 2, 1);
    return luaL_error(L, "unknown name '%s'%s", name, lua_tostring(L, -1));
}

/* stack: environment, key, … Raises an error where the name is one that a file shares. */
static void environment_keep_shared(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &shared_environment);
    bool own = lua_rawequal(L, 1, -1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &shared_names);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL && own)
        luaL_error(L, "can't set '%s': other files have it by now; use `local`", name);
    if (!lua_isnil(L, -1))
        luaL_error(
            L, "'%s' is declared in " ENVIRONMENT_SHARED "; write `local` before it, or take another name",
            name);
    lua_pop(L, 3);
}

/* stack: environment, key, value. Upvalues: the constructors, the globals. */
static int l_environment_newindex_open(lua_State *L)
{
    const char *name = luaL_checkstring(L, 2);
    lua_settop(L, 3);
    environment_keep_shared(L, name);
    library_push(L);
    lua_pushvalue(L, 2);
    bool taken = lua_rawget(L, -2) != LUA_TNIL;
    lua_pushvalue(L, 2);
    taken = lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL || taken || strcmp(name, "now") == 0;
    if (taken)
        return luaL_error(L, "'%s' is a word of the language and can't be given another meaning", name);
    lua_settop(L, 3);
    lua_rawset(L, lua_upvalueindex(2));
    return 0;
}

static int l_environment_newindex_closed(lua_State *L)
{
    return luaL_error(L,
                      "can't set '%s': a decision changes nothing outside of its own functions; use `local`",
                      luaL_checkstring(L, 2));
}

void environment_open(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &open_environments);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &shared_names);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &shared_environment);
}

/* stack: table (top). Takes over what the table at `index` has. */
static void environment_copy(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_pushnil(L);
    while (lua_next(L, index) != 0) { /* stack: table, key, value */
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
}

void environment_share(lua_State *L, int index)
{
    lua_pushvalue(L, index);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &shared_environment);
    view_push_target(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &shared_names);
    environment_copy(L, -2);
    lua_pop(L, 2);
}

void environment_push(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_newtable(L); /* the globals */
    lua_rawgetp(L, LUA_REGISTRYINDEX, &shared_names);
    lua_insert(L, -2);
    environment_copy(L, -2);
    lua_remove(L, -2);
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, index);
    lua_pushcclosure(L, l_environment_index_open, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    view_push(L, -1, "environment"); /* stack: globals, environment */
    lua_getmetatable(L, -1);
    lua_pushvalue(L, index);
    lua_pushvalue(L, -4);
    lua_pushcclosure(L, l_environment_newindex_open, 2);
    lua_setfield(L, -2, "__newindex");
    lua_pop(L, 1);
    lua_remove(L, -2);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &open_environments);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, index);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

bool environment_is(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (!view_is(L, index))
        return false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &open_environments);
    lua_pushvalue(L, index);
    bool found = lua_rawget(L, -2) != LUA_TNIL;
    lua_pop(L, 2);
    return found;
}

/* Whether the table at the top, which is popped, has the name. */
static bool environment_pop_has(lua_State *L, struct text name)
{
    lua_pushlstring(L, name.bytes, name.length);
    bool has = lua_rawget(L, -2) != LUA_TNIL;
    lua_pop(L, 2);
    return has;
}

bool environment_has(lua_State *L, int index, struct text name)
{
    index = lua_absindex(L, index);
    view_push_target(L, index);
    bool has = environment_pop_has(L, name);
    library_push(L);
    has = environment_pop_has(L, name) || has || text_equal(name, TEXT("now"));
    lua_rawgetp(L, LUA_REGISTRYINDEX, &open_environments);
    lua_pushvalue(L, index);
    lua_rawget(L, -2);
    has = environment_pop_has(L, name) || has;
    lua_pop(L, 1);
    return has;
}

void environment_push_hint(lua_State *L, int index, struct text name)
{
    index = lua_absindex(L, index);
    lua_pushlstring(L, name.bytes, name.length);
    library_push(L);
    view_push_target(L, index);
    strict_push_hint(L, -3, 2); /* stack: name, library, globals, hint */
    lua_replace(L, -4);
    lua_pop(L, 2);
}

/* stack: globals (top). Library functions become as quick to reach as a file's own. */
static void environment_add_library(lua_State *L)
{
    library_push(L);
    lua_insert(L, -2);
    environment_copy(L, -2);
    lua_remove(L, -2);
}

/* stack: environment, constructors (top) */
static void environment_close(lua_State *L)
{
    view_push_target(L, -2);
    freeze_values(L, -1);
    environment_add_library(L);
    lua_getmetatable(L, -1);
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, l_environment_index_closed, 1);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 2);
    lua_getmetatable(L, -2);
    lua_pushcfunction(L, l_environment_newindex_closed);
    lua_setfield(L, -2, "__newindex");
    lua_pop(L, 1);
}

void environment_close_all(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &open_environments);
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        environment_close(L);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    environment_open(L);
    freeze_forget(L);
}

static bool is_part_of_name(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

/*
 * The line of the first `_ENV`, 0 where there is none. Also those in texts and comments are found: nobody
 * needs them, while Lua 5.4.4 makes wrong code for `local _ENV <const>`, and who replaces _ENV hides what is
 * global.
 */
static int environment_find_env(struct text text)
{
    const char *end = text.bytes + text.length;
    const char *at = memmem(text.bytes, text.length, "_ENV", 4);
    while (at != NULL) {
        bool begins = at == text.bytes || !is_part_of_name(at[-1]);
        if (begins && (at + 4 == end || !is_part_of_name(at[4])))
            break;
        at = memmem(at + 4, (size_t)(end - at - 4), "_ENV", 4);
    }
    if (at == NULL)
        return 0;
    int line = 1;
    for (const char *c = text.bytes; c < at; c++)
        line += *c == '\n';
    return line;
}

static bool environment_check_text(struct text text, const char *path, struct error *error)
{
    if (text.length > ENVIRONMENT_SOURCE_MAX)
        return error_set(error, ERROR_INVALID, "%s: longer than %d bytes; split it into several files", path,
                         ENVIRONMENT_SOURCE_MAX);
    int line = environment_find_env(text);
    if (line != 0)
        return error_set(error, ERROR_INVALID, "%s:%d: '_ENV' can't be used", path, line);
    return true;
}

/* stack: the function (top) */
static bool environment_check_code(lua_State *L, const char *path, bool *may_repeat, struct error *error)
{
    struct bytecode_report report = {0};
    if (!bytecode_inspect(L, -1, &report))
        return error_set(error, ERROR_INTERNAL, "%s: cannot be inspected", path);
    if (report.close_line != 0)
        return error_set(error, ERROR_INVALID, "%s:%d: '<close>' can't be used", path, report.close_line);
    if (report.naming_line != 0)
        return error_set(error, ERROR_INVALID,
                         "%s:%d: this function has a chain of fields (a.b.c…) that is too long; split it",
                         path, report.naming_line);
    if (may_repeat != NULL)
        *may_repeat = report.may_repeat;
    return true;
}

bool environment_load(lua_State *L, struct text text, const char *path, int index, bool *may_repeat,
                      struct error *error)
{
    char name[1024];
    index = lua_absindex(L, index);
    if (!environment_check_text(text, path, error))
        return false;
    snprintf(name, sizeof name, "@%s", path);
    if (luaL_loadbufferx(L, text.bytes, text.length, name, "t") != LUA_OK) {
        size_t length;
        const char *reason = lua_tolstring(L, -1, &length);
        char escaped[sizeof error->message];
        error_set(error, ERROR_INVALID, "%s",
                  text_escape((struct text){reason, length}, escaped, sizeof escaped));
        lua_pop(L, 1);
        return false;
    }
    if (!environment_check_code(L, path, may_repeat, error)) {
        lua_pop(L, 1);
        return false;
    }
    lua_pushvalue(L, index);
    lua_setupvalue(L, -2, 1);
    return true;
}

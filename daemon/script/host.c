/* The functions of the host table. */
#include "script/host.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <time.h>

#include "base/embedded.h"
#include "base/zone.h"
#include "catalogue/csv.h"
#include "script/customer_view.h"
#include "script/environment.h"
#include "script/freeze.h"
#include "script/offer_view.h"
#include "script/sandbox.h"

static const char journeys_folder[] = "journeys/";

/* Upvalue: the modules loaded so far. */
static int l_host_require(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    char path[128];
    lua_pushvalue(L, 1);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    luaL_argcheck(L, strncmp(name, "senda.", 6) == 0, 1, "no such module");
    snprintf(path, sizeof path, "lib/%s.lua", name + 6);
    const struct embedded_file *file = embedded_find(path);
    luaL_argcheck(L, file != NULL, 1, "no such module");
    snprintf(path, sizeof path, "=senda/%s", name + 6);
    if (luaL_loadbufferx(L, file->text, file->length, path, "t") != LUA_OK)
        lua_error(L);
    lua_call(L, 0, 1);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, lua_upvalueindex(1));
    return 1;
}

void host_open_modules(lua_State *L)
{
    lua_newtable(L);
    lua_pushcclosure(L, l_host_require, 1);
    lua_setglobal(L, "require");
}

static struct host *host_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

/* source(path) → text without a mark in front of it, or nil */
static int l_host_source(lua_State *L)
{
    struct bundle_file file;
    struct text path;
    path.bytes = luaL_checklstring(L, 1, &path.length);
    if (!bundle_find(host_of(L)->bundle, path, &file))
        return 0;
    file.content = text_skip_mark(file.content);
    lua_pushlstring(L, file.content.bytes, file.content.length);
    return 1;
}

/* unread() → list of {path =, reason =}: what of the site can't be read */
static int l_host_unread(lua_State *L)
{
    const struct bundle *bundle = host_of(L)->bundle;
    lua_newtable(L);
    for (size_t i = 0; i < bundle_unread_count(bundle); i++) {
        struct bundle_file unread = bundle_unread(bundle, i);
        lua_createtable(L, 0, 2);
        lua_pushlstring(L, unread.path.bytes, unread.path.length);
        lua_setfield(L, -2, "path");
        lua_pushlstring(L, unread.content.bytes, unread.content.length);
        lua_setfield(L, -2, "reason");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* shipped(name) → text or nil */
static int l_host_shipped(lua_State *L)
{
    char path[128];
    snprintf(path, sizeof path, "%s%s.lua", journeys_folder, luaL_checkstring(L, 1));
    const struct embedded_file *file = embedded_find(path);
    if (file == NULL)
        return 0;
    lua_pushlstring(L, file->text, file->length);
    return 1;
}

/* shipped_names() → list, in the order of their files */
static int l_host_shipped_names(lua_State *L)
{
    lua_Integer count = 0;
    size_t prefix = sizeof journeys_folder - 1;
    lua_newtable(L);
    for (const struct embedded_file *file = embedded_files; file->name != NULL; file++) {
        if (strncmp(file->name, journeys_folder, prefix) != 0)
            continue;
        lua_pushlstring(L, file->name + prefix, strlen(file->name) - prefix - sizeof ".lua" + 1);
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

/* zone(name) → bool */
static int l_host_zone(lua_State *L)
{
    lua_pushboolean(L, zone_is_known(luaL_checkstring(L, 1)));
    return 1;
}

/* instant(zone, year, month, day, hour, minute, second) → seconds or nil */
static int l_host_instant(lua_State *L)
{
    const char *zone = luaL_checkstring(L, 1);
    int parts[6];
    int64_t seconds;
    for (int i = 0; i < 6; i++)
        parts[i] = (int)luaL_optinteger(L, i + 2, 0);
    struct zone_moment moment = {parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]};
    if (!zone_is_known(zone))
        return 0;
    if (!zone_instant(zone, &moment, &seconds)) {
        if (errno == ENOMEM)
            sandbox_raise_starved(L);
        return 0;
    }
    lua_pushinteger(L, seconds);
    return 1;
}

/* now() → seconds */
static int l_host_now(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)time(NULL));
    return 1;
}

/* How many bytes of the message name the path, of which Lua shows the end alone where it is long. */
static size_t path_length(const char *message, const char *path)
{
    static const char cut[] = "...";
    enum { CUT = sizeof cut - 1, SHOWN = LUA_IDSIZE - 1 };
    size_t length = strlen(path);
    if (strncmp(message, path, length) == 0)
        return length;
    bool shown = length > SHOWN - CUT && strncmp(message, cut, CUT) == 0 &&
                 strncmp(message + CUT, path + length - (SHOWN - CUT), SHOWN - CUT) == 0;
    return shown ? SHOWN : 0;
}

/* Takes "file: " or "file:line: " off the message's front; the line is 0 where none is told. */
static const char *skip_place(const char *message, const char *path, long *line)
{
    size_t length = path_length(message, path);
    const char *rest = message + length + 1;
    char *end;
    *line = 0;
    if (length == 0 || message[length] != ':')
        return message;
    long number = strtol(rest, &end, 10);
    if (number > 0 && *end == ':') {
        *line = number;
        rest = end + 1;
    }
    return *rest == ' ' ? rest + 1 : rest;
}

/* Pushes nil and {message =, file =, line =}. */
static int push_failure(lua_State *L, const char *message, const char *path)
{
    long line;
    message = skip_place(message, path, &line);
    lua_pushnil(L);
    lua_createtable(L, 0, 3);
    if (line > 0) {
        lua_pushinteger(L, line);
        lua_setfield(L, -2, "line");
    }
    lua_pushstring(L, message);
    lua_setfield(L, -2, "message");
    lua_pushstring(L, path);
    lua_setfield(L, -2, "file");
    return 2;
}

struct sandbox_limits host_limits(const struct host *host)
{
    struct sandbox_limits limits = sandbox_limits_load;
    if (host->file_ms > 0 && host->file_ms < limits.deadline_ms)
        limits.deadline_ms = host->file_ms;
    return limits;
}

/* The file of the site that the message begins with, where that is another one than the one that ran: a
 * function of shared.lua has failed. Pushes it. */
static const char *push_place(lua_State *L, const char *message, const char *path)
{
    const char *end = strchr(message, ':');
    struct bundle_file file;
    if (end == NULL || end[1] < '0' || end[1] > '9')
        return lua_pushstring(L, path);
    lua_pushlstring(L, message, (size_t)(end - message));
    if (bundle_find(host_of(L)->bundle, text_from(lua_tostring(L, -1)), &file))
        return lua_tostring(L, -1);
    return lua_pushstring(L, path);
}

/* run(path, text, constructors, shares) → true and whether a table may have a field twice, or nil and what
 * was wrong. What a file that `shares` declares is known to those that run after it. */
static int l_host_run(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    bool may_repeat = true;
    struct error error;
    struct text text;
    text.bytes = luaL_checklstring(L, 2, &text.length);
    luaL_checktype(L, 3, LUA_TTABLE);
    lua_settop(L, 4);
    environment_push(L, 3);
    if (!environment_load(L, text, path, 5, &may_repeat, &error))
        return push_failure(L, error.message, path);
    struct sandbox_limits limits = host_limits(host_of(L));
    sandbox_enter(L, &limits);
    enum sandbox_outcome outcome = sandbox_call(L, 0, 0, &error);
    sandbox_leave(L);
    if (outcome != SANDBOX_DONE)
        return push_failure(L, error.message, push_place(L, error.message, path));
    if (lua_toboolean(L, 4))
        environment_share(L, 5);
    lua_pushboolean(L, true);
    lua_pushboolean(L, may_repeat);
    return 2;
}

/* Pushes one row: {line =, cells = {…}}. */
static void push_row(lua_State *L, const struct csv_row *row)
{
    lua_createtable(L, 0, 2);
    lua_pushinteger(L, row->line);
    lua_setfield(L, -2, "line");
    lua_createtable(L, (int)row->count, 0);
    for (uint32_t i = 0; i < row->count; i++) {
        lua_pushlstring(L, row->cells[i].bytes, row->cells[i].length);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "cells");
}

static int read_rows(lua_State *L, const char *path, struct text text, struct arena *arena)
{
    struct csv_reader reader;
    struct csv_row *row = lua_newuserdatauv(L, sizeof *row, 0);
    struct error error;
    lua_Integer count = 0;
    enum csv_status status;
    lua_newtable(L);
    csv_open(&reader, text, arena);
    while ((status = csv_next(&reader, row, &error)) == CSV_ROW) {
        push_row(L, row);
        lua_rawseti(L, -2, ++count);
    }
    if (status == CSV_END) {
        lua_pushlstring(L, &reader.separator, 1);
        lua_setfield(L, -2, "separator");
        return 1;
    }
    push_failure(L, error.message, path);
    lua_pushinteger(L, reader.line);
    lua_setfield(L, -2, "line");
    return 2;
}

/* Pushes nil and what is wrong with a file that is not UTF-8, with the place of the first wrong byte. */
static int push_misfit(lua_State *L, struct text text, const char *path)
{
    text = text_skip_mark(text);
    size_t fine = text_utf8_length(text), begin = fine;
    lua_Integer line = 1;
    while (begin > 0 && text.bytes[begin - 1] != '\n')
        begin--;
    for (size_t i = 0; i < begin; i++)
        line += text.bytes[i] == '\n';
    push_failure(L, "not saved as UTF-8; in a spreadsheet choose \"CSV UTF-8\" when saving", path);
    lua_pushinteger(L, line);
    lua_setfield(L, -2, "line");
    lua_pushinteger(L, (lua_Integer)(fine - begin) + 1);
    lua_setfield(L, -2, "column");
    return 2;
}

/* stack: path, arena; upvalue: host. The caller frees the arena whatever is raised here. */
static int l_host_rows(lua_State *L)
{
    struct arena *arena = lua_touserdata(L, 2);
    struct bundle_file file;
    struct text path;
    path.bytes = luaL_checklstring(L, 1, &path.length);
    if (!bundle_find(host_of(L)->bundle, path, &file))
        return push_failure(L, "this file can't be read", path.bytes);
    if (!text_is_utf8(file.content))
        return push_misfit(L, file.content, path.bytes);
    return read_rows(L, path.bytes, file.content, arena);
}

/* csv(path) → rows and what separates their cells, or nil and what was wrong */
static int l_host_csv(lua_State *L)
{
    struct arena arena;
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    arena_create(&arena, 64 * 1024);
    lua_pushlightuserdata(L, host_of(L));
    lua_pushcclosure(L, l_host_rows, 1);
    lua_pushvalue(L, 1);
    lua_pushlightuserdata(L, &arena);
    int status = lua_pcall(L, 2, 2, 0);
    arena_destroy(&arena);
    return status == LUA_OK ? 2 : lua_error(L);
}

/* function_problem(f) → nil, or message, line and file */
static int l_host_function_problem(lua_State *L)
{
    struct freeze_problem problem;
    luaL_checktype(L, 1, LUA_TFUNCTION);
    if (freeze_check(L, 1, &problem))
        return 0;
    lua_pushstring(L, problem.message);
    lua_pushinteger(L, problem.line);
    if (problem.file[0] == '\0')
        return 2;
    lua_pushstring(L, problem.file);
    return 3;
}

/* {customer = list, offer = list}: what functions of strategies can ask of each */
static void push_members(lua_State *L)
{
    lua_createtable(L, 0, 2);
    customer_view_push_names(L);
    lua_setfield(L, -2, "customer");
    offer_views_push_names(L);
    lua_setfield(L, -2, "offer");
}

void host_push(lua_State *L, struct host *host)
{
    const luaL_Reg functions[] = {{"source", l_host_source},
                                  {"unread", l_host_unread},
                                  {"shipped", l_host_shipped},
                                  {"shipped_names", l_host_shipped_names},
                                  {"zone", l_host_zone},
                                  {"instant", l_host_instant},
                                  {"now", l_host_now},
                                  {"run", l_host_run},
                                  {"csv", l_host_csv},
                                  {"function_problem", l_host_function_problem},
                                  {NULL, NULL}};
    lua_newtable(L);
    lua_pushlightuserdata(L, host);
    luaL_setfuncs(L, functions, 1);
    lua_pushstring(L, host->directory);
    lua_setfield(L, -2, "directory");
    push_members(L);
    lua_setfield(L, -2, "members");
}

/*
 * The walk over what a function reaches; see freeze.h. It keeps a list of what is still to be looked at
 * rather than recurse: strangers' tables may be deep.
 */
#include "script/freeze.h"

#include "script/bytecode.h"
#include "script/environment.h"
#include "script/sandbox.h"
#include "script/view.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Address as a key of the registry: original table = view of its frozen copy. */
static const char frozen_tables;
/* Likewise: functions and tables that need not be looked at again, and those that were replaced: value =
 * true. */
static const char checked_values, applied_values;

struct walk {
    lua_State *L;                   /* whose stack holds the tables below */
    int seen;                       /* index of a table: function or table = true */
    int list;                       /* index of a table: what to look at */
    lua_Integer first, count;       /* of the list: the next to look at, and how many there were */
    bool apply;                     /* replace tables; false: only look */
    struct freeze_problem *problem; /* the first; NULL: functions are not looked at */
};

/* A set of names, and which of them a function mentions. */
struct mentions {
    struct mention {
        struct text name; /* borrowed from a string in the globals */
        bool mentioned;   /* by a constant of the function */
    } * names;            /* sorted; memory of a userdata on the stack */
    size_t count;         /* of them */
};

/* What a function's code is asked about, and what it answers. */
struct listener {
    struct mentions mentions;
    lua_State *L;
    int environment; /* index of that of its file; 0: it uses none */
};

/* Pushes a table of the registry, made where there is none. */
static void freeze_push_kept(lua_State *L, const void *key)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

static void freeze_push_views(lua_State *L)
{
    freeze_push_kept(L, &frozen_tables);
}

void freeze_forget(lua_State *L)
{
    const void *const keys[] = {&frozen_tables, &checked_values, &applied_values};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        lua_pushnil(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, keys[i]);
    }
}

/* Adds the value at the top, which is popped, to the list unless it was seen. */
static void walk_add(struct walk *walk)
{
    lua_State *L = walk->L;
    lua_pushvalue(L, -1);
    bool known = lua_rawget(L, walk->seen) != LUA_TNIL;
    lua_pop(L, 1);
    if (known) {
        lua_pop(L, 1);
        return;
    }
    lua_pushvalue(L, -1);
    lua_pushboolean(L, 1);
    lua_rawset(L, walk->seen);
    lua_rawseti(L, walk->list, ++walk->count);
}

/* Replaces the table at the top by the view of its copy, which is filled when the table's turn comes. */
static void walk_replace_table(struct walk *walk)
{
    lua_State *L = walk->L;
    freeze_push_views(L);
    lua_pushvalue(L, -2);
    if (lua_rawget(L, -2) == LUA_TNIL) { /* stack: table, views, nil */
        lua_pop(L, 1);
        lua_newtable(L);
        view_push(L, -1, NULL);
        lua_remove(L, -2);
        lua_pushvalue(L, -3);
        lua_pushvalue(L, -2);
        lua_rawset(L, -4);
        lua_pushvalue(L, -3);
        walk_add(walk);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
}

/* Replaces the value at the top by what decisions may see of it. */
static void walk_convert(struct walk *walk)
{
    lua_State *L = walk->L;
    int type = lua_type(L, -1);
    if (type == LUA_TTABLE && walk->apply) {
        walk_replace_table(walk);
    } else if (type == LUA_TTABLE || (type == LUA_TFUNCTION && walk->problem != NULL)) {
        lua_pushvalue(L, -1);
        walk_add(walk);
    }
}

/* stack: table, key, value (top). Writes both, converted, to the table's copy, unless only looking. */
static void walk_pair(struct walk *walk)
{
    lua_State *L = walk->L;
    walk_convert(walk);
    lua_pushvalue(L, -2);
    walk_convert(walk); /* stack: table, key, value, key */
    if (!walk->apply) {
        lua_pop(L, 2);
        return;
    }
    freeze_push_views(L);
    lua_pushvalue(L, -5);
    lua_rawget(L, -2);
    view_push_target(L, -1); /* stack: table, key, value, key, views, view, copy */
    lua_pushvalue(L, -4);
    lua_pushvalue(L, -6);
    lua_rawset(L, -3);
    lua_pop(L, 5);
}

/* stack: table (top) */
static void walk_table(struct walk *walk)
{
    lua_pushnil(walk->L);
    while (lua_next(walk->L, -2) != 0) {
        sandbox_tick(walk->L);
        walk_pair(walk);
    }
}

/* stack: function (top). Returns false. */
static bool walk_fail(struct walk *walk, int line, const char *message)
{
    struct freeze_problem *problem = walk->problem;
    lua_Debug debug;
    lua_pushvalue(walk->L, -1);
    lua_getinfo(walk->L, ">S", &debug);
    const char *file = debug.source[0] == '@' ? debug.source + 1 : "";
    snprintf(problem->file, sizeof problem->file, "%s", file);
    snprintf(problem->message, sizeof problem->message, "%s", message);
    problem->line = line;
    return false;
}

/* stack: function (top). Returns false. */
static bool walk_fail_change(struct walk *walk, const struct bytecode_report *report)
{
    char message[sizeof walk->problem->message];
    snprintf(
        message, sizeof message,
        "changes '%s', a variable outside of the function: functions of decisions may read what is outside "
        "of them, not change it; use a `local` inside",
        report->change);
    return walk_fail(walk, report->change_line, message);
}

/* stack: function (top). Returns false. */
static bool walk_fail_unknown(struct walk *walk, int environment, const struct bytecode_report *report)
{
    char message[sizeof walk->problem->message];
    environment_push_hint(walk->L, environment, text_from(report->unknown));
    snprintf(message, sizeof message, "unknown name '%s'%s", report->unknown, lua_tostring(walk->L, -1));
    lua_pop(walk->L, 1);
    return walk_fail(walk, report->unknown_line, message);
}

static int mentions_compare(const void *a, const void *b)
{
    return text_compare(((const struct mention *)a)->name, ((const struct mention *)b)->name);
}

static void mentions_note(void *context, struct text text)
{
    struct mentions *mentions = &((struct listener *)context)->mentions;
    struct mention key = {text, false};
    if (mentions->count == 0)
        return;
    struct mention *found = bsearch(&key, mentions->names, mentions->count, sizeof key, mentions_compare);
    if (found != NULL)
        found->mentioned = true;
}

static bool listener_knows(void *context, struct text global)
{
    const struct listener *listener = context;
    return listener->environment == 0 || environment_has(listener->L, listener->environment, global);
}

/* stack: globals (top). Pushes the memory of the names. */
static void mentions_push(lua_State *L, struct mentions *mentions)
{
    size_t count = 0;
    lua_pushnil(L);
    for (; lua_next(L, -2) != 0; lua_pop(L, 1))
        count++;
    mentions->count = 0;
    mentions->names = lua_newuserdatauv(L, count * sizeof mentions->names[0] + 1, 0);
    lua_pushnil(L);
    for (; lua_next(L, -3) != 0; lua_pop(L, 1)) { /* stack: globals, memory, key, value */
        struct mention *mention = &mentions->names[mentions->count++];
        mention->mentioned = false;
        mention->name.bytes = lua_tolstring(L, -2, &mention->name.length); /* keys are names */
    }
    qsort(mentions->names, mentions->count, sizeof mentions->names[0], mentions_compare);
}

/* stack: globals, memory of the names (top) */
static void walk_mentioned(struct walk *walk, const struct mentions *mentions)
{
    lua_State *L = walk->L;
    for (size_t i = 0; i < mentions->count; i++) {
        if (!mentions->names[i].mentioned)
            continue;
        lua_pushlstring(L, mentions->names[i].name.bytes, mentions->names[i].name.length);
        lua_pushvalue(L, -1);
        lua_rawget(L, -4);
        walk_convert(walk); /* stack: globals, memory, name, value */
        if (walk->apply)
            lua_rawset(L, -4);
        else
            lua_pop(L, 2);
    }
}

/* stack: function (top). Pushes the environment of its file and what is behind it; false and nothing where it
 * uses none. */
static bool walk_push_globals(struct walk *walk)
{
    lua_State *L = walk->L;
    for (int i = 1; lua_getupvalue(L, -1, i) != NULL; i++) {
        if (environment_is(L, -1)) {
            view_push_target(L, -1);
            return true;
        }
        lua_pop(L, 1);
    }
    return false;
}

/* stack: function, …. What its code says, with the function alone left on the stack. */
static bool walk_judge(struct walk *walk, const struct listener *listener, int function,
                       const struct bytecode_report *report)
{
    lua_State *L = walk->L;
    if (report->change_line == 0 && report->unknown_line == 0) {
        if (listener->environment != 0)
            walk_mentioned(walk, &listener->mentions);
        lua_settop(L, function);
        return true;
    }
    lua_settop(L, function + 1); /* the environment, or nil */
    lua_insert(L, function);
    bool fine =
        report->change_line != 0 ? walk_fail_change(walk, report) : walk_fail_unknown(walk, function, report);
    lua_remove(L, function);
    return fine;
}

/* stack: function (top). Variables that it sets or does not know, names of its file that it mentions. */
static bool walk_code(struct walk *walk)
{
    lua_State *L = walk->L;
    struct listener listener = {.L = L};
    struct bytecode_report report = {
        .constant = mentions_note, .knows = listener_knows, .context = &listener};
    int function = lua_gettop(L);
    if (walk_push_globals(walk)) {
        listener.environment = function + 1;
        mentions_push(L, &listener.mentions);
    }
    if (bytecode_inspect(L, function, &report))
        return walk_judge(walk, &listener, function, &report);
    lua_settop(L, function);
    return walk_fail(walk, 0, "cannot be inspected");
}

/* stack: function (top) */
static void walk_upvalues(struct walk *walk)
{
    lua_State *L = walk->L;
    for (int i = 1; lua_getupvalue(L, -1, i) != NULL; i++) {
        walk_convert(walk);
        if (walk->apply)
            lua_setupvalue(L, -2, i);
        else
            lua_pop(L, 1);
    }
}

/* Functions of the library have no upvalues; iterators that remember where they are do. */
static bool walk_c_function(struct walk *walk)
{
    if (lua_getupvalue(walk->L, -1, 1) == NULL)
        return true;
    lua_pop(walk->L, 1);
    return walk_fail(walk, 0,
                     "uses an iterator (of `pairs` or `gmatch`) that was made outside of the function and "
                     "remembers its place");
}

/* stack: function (top) */
static bool walk_function(struct walk *walk)
{
    lua_State *L = walk->L;
    lua_Debug debug;
    if (lua_iscfunction(L, -1))
        return walk_c_function(walk);
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &debug);
    if (debug.source[0] != '@')
        return walk_fail(walk, 0, "uses a declaration, which works only while the site loads");
    if (!walk_code(walk))
        return false;
    walk_upvalues(walk);
    return true;
}

/* Adds the value at the top, which is popped, and looks at everything within its reach. */
static bool walk_run(struct walk *walk)
{
    lua_State *L = walk->L;
    bool fine = true;
    luaL_checkstack(L, 24, NULL);
    walk_convert(walk);
    lua_pop(L, 1);
    for (; walk->first <= walk->count && fine; walk->first++) {
        sandbox_tick(L);
        lua_rawgeti(L, walk->list, walk->first);
        if (lua_type(L, -1) == LUA_TTABLE)
            walk_table(walk);
        else
            fine = walk_function(walk);
        lua_pop(L, 1);
    }
    return fine;
}

/* Pushes the walk's two tables; `seen` is the key of the first in the registry, NULL: it is this walk's
 * alone. */
static void walk_create(struct walk *walk, lua_State *L, bool apply, struct freeze_problem *problem,
                        const void *seen)
{
    if (seen == NULL)
        lua_newtable(L);
    else
        freeze_push_kept(L, seen);
    lua_newtable(L);
    *walk = (struct walk){L, lua_gettop(L) - 1, lua_gettop(L), 1, 0, apply, problem};
}

static bool freeze_walk(lua_State *L, int index, bool apply, struct freeze_problem *problem, const void *seen)
{
    struct walk walk;
    index = lua_absindex(L, index);
    walk_create(&walk, L, apply, problem, seen);
    lua_pushvalue(L, index);
    bool fine = walk_run(&walk);
    lua_settop(L, walk.seen - 1);
    return fine;
}

bool freeze_check(lua_State *L, int index, struct freeze_problem *problem)
{
    return freeze_walk(L, index, false, problem, &checked_values);
}

bool freeze_function(lua_State *L, int index, struct freeze_problem *problem)
{
    return freeze_walk(L, index, false, problem, &checked_values) &&
           freeze_walk(L, index, true, problem, &applied_values);
}

void freeze_values(lua_State *L, int index)
{
    struct walk walk;
    index = lua_absindex(L, index);
    walk_create(&walk, L, true, NULL, NULL);
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        walk_convert(&walk); /* stack: key, key, value */
        lua_rawset(L, index);
    }
    lua_pushnil(L);
    walk_run(&walk);
    lua_settop(L, walk.seen - 1);
}

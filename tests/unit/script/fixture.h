/*
 * A sandbox for tests: one file of a site is loaded, its global `f` becomes the function of the decisions,
 * and the state is sealed.
 */
#ifndef SENDA_TESTS_SCRIPT_FIXTURE_H
#define SENDA_TESTS_SCRIPT_FIXTURE_H

#include "../cmocka_all.h"

#include "script/environment.h"
#include "script/freeze.h"
#include "script/sandbox.h"
#include "script/view.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

/* Outlives fixtures: a failed test leaves its own, and the timer running. */
static struct deadline fixture_deadline;
static bool fixture_has_deadline;

struct fixture {
    struct sandbox *sandbox;       /* owned; its state's stack: the function of the decisions, once loaded */
    lua_State *L;                  /* of the sandbox */
    struct sandbox_limits limits;  /* of decisions */
    struct error error;            /* of the last call */
    struct freeze_problem problem; /* of the last load */
};

/* A constructor as the trusted library has them: `keep(value)` stores a value in its own table and returns
 * it. */
static inline int fixture_open(lua_State *L)
{
    static const char trusted[] = "local kept = {}\n"
                                  "constructors = { keep = function(v) kept[#kept + 1] = v return v end }\n";
    if (luaL_loadbufferx(L, trusted, sizeof trusted - 1, "=trusted", "t") != LUA_OK)
        lua_error(L);
    lua_call(L, 0, 0);
    return 0;
}

static inline void fixture_create(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    if (!fixture_has_deadline)
        assert_true(deadline_create(&fixture_deadline, &fixture->error));
    fixture_has_deadline = true;
    struct sandbox_options options = {&fixture_deadline, 512U << 20};
    fixture->sandbox = sandbox_new(&options, &fixture->error);
    assert_non_null(fixture->sandbox);
    fixture->L = fixture->sandbox->state;
    fixture->limits = sandbox_limits_decision;
    fixture->limits.deadline_ms = 10000; /* sanitizers are slow; who tests the deadline sets it */
    assert_int_equal(sandbox_protect(fixture->L, fixture_open, NULL, &fixture->error), SANDBOX_DONE);
}

static inline void fixture_destroy(struct fixture *fixture)
{
    sandbox_free(fixture->sandbox);
}

/* Runs a file; its environment stays on the stack. */
static inline enum sandbox_outcome fixture_run_file(struct fixture *fixture, const char *path,
                                                    const char *source)
{
    lua_State *L = fixture->L;
    lua_getglobal(L, "constructors");
    environment_push(L, -1);
    lua_remove(L, -2);
    if (!environment_load(L, text_from(source), path, -1, NULL, &fixture->error))
        return SANDBOX_FAILED;
    sandbox_enter(L, &sandbox_limits_load);
    enum sandbox_outcome outcome = sandbox_call(L, 0, 0, &fixture->error);
    sandbox_leave(L);
    return outcome;
}

/* Whether the file could be loaded and its function `f` be frozen; `problem` and `error` say what was wrong.
 */
static inline bool fixture_load(struct fixture *fixture, const char *source)
{
    lua_State *L = fixture->L;
    if (fixture_run_file(fixture, "strategies/test.lua", source) != SANDBOX_DONE)
        return false;
    lua_getfield(L, -1, "f");
    lua_remove(L, -2);
    bool frozen = freeze_function(L, -1, &fixture->problem);
    return sandbox_seal(L, &fixture->error) && frozen;
}

/* Calls `f` with one number in a decision of its own; its result is at the top of the stack when DONE. */
static inline enum sandbox_outcome fixture_decide(struct fixture *fixture, double argument)
{
    lua_State *L = fixture->L;
    lua_pushvalue(L, 1);
    lua_pushnumber(L, argument);
    sandbox_begin(L, &fixture->limits, 1795000000, 42);
    enum sandbox_outcome outcome = sandbox_call(L, 1, 1, &fixture->error);
    sandbox_leave(L);
    return outcome;
}

/* The result of `f` as text, for scripts that must work. */
static inline const char *fixture_answer(struct fixture *fixture, const char *source)
{
    if (!fixture_load(fixture, source))
        fail_msg("%s %s:%d: %s", fixture->error.message, fixture->problem.file, fixture->problem.line,
                 fixture->problem.message);
    if (fixture_decide(fixture, 1) != SANDBOX_DONE)
        fail_msg("%s", fixture->error.message);
    return lua_tostring(fixture->L, -1);
}

#endif

/* The life of a state and the ways into it; see sandbox.h. */
#include "script/sandbox.h"

#include "script/environment.h"
#include "script/failure.h"
#include "script/library.h"
#include "script/view.h"

#include "base/log.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

const struct sandbox_limits sandbox_limits_load = {
    .deadline_ms = 250, .memory = 256 * MIB, .block = 64 * MIB, .text = 64 * KIB, .names = 4096};
const struct sandbox_limits sandbox_limits_decision = {
    .deadline_ms = 20, .memory = 8 * MIB, .block = 256 * KIB, .text = 64 * KIB, .names = 1024};

/* Outside of scripts only the trusted library and the host make texts. */
static const size_t TRUSTED_TEXT = 16 * MIB;
/* Garbage of decisions below which no collection begins. */
static const size_t LEAST_GARBAGE = 2 * MIB;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void withhold_nothing(struct sandbox *sandbox)
{
    sandbox->withheld.message[0] = '\0';
}

_Noreturn void sandbox_raise_stop(lua_State *L)
{
    struct sandbox *sandbox = sandbox_of(L);
    withhold_nothing(sandbox);
    luaL_where(L, 1);
    if (sandbox->memory.starved)
        lua_pushliteral(L, FAILURE_STARVED);
    else if (sandbox->memory.failed)
        lua_pushfstring(L, FAILURE_MEMORY, (int)(sandbox->limits.memory / KIB),
                        (int)(sandbox->limits.block / KIB), (int)sandbox->limits.names);
    else
        lua_pushfstring(L, FAILURE_DEADLINE, (int)sandbox->limits.deadline_ms);
    lua_concat(L, 2);
    lua_error(L);
    abort(); /* lua_error does not return */
}

_Noreturn void sandbox_raise_starved(lua_State *L)
{
    struct sandbox *sandbox = sandbox_of(L);
    sandbox->memory.starved = sandbox->memory.failed = true;
    sandbox_raise_stop(L);
}

/* Level 0 is the function that was interrupted: luaL_where and luaL_error would name its caller. */
static void stop_hook(lua_State *L, lua_Debug *at)
{
    struct sandbox *sandbox = sandbox_of(L);
    withhold_nothing(sandbox);
    lua_getinfo(L, "Sl", at);
    if (at->currentline <= 0)
        sandbox_raise_stop(L);
    if (sandbox->memory.starved)
        lua_pushfstring(L, "%s:%d: " FAILURE_STARVED, at->short_src, at->currentline);
    else if (sandbox->memory.failed)
        lua_pushfstring(L, "%s:%d: " FAILURE_MEMORY, at->short_src, at->currentline,
                        (int)(sandbox->limits.memory / KIB), (int)(sandbox->limits.block / KIB),
                        (int)sandbox->limits.names);
    else
        lua_pushfstring(L, "%s:%d: " FAILURE_DEADLINE, at->short_src, at->currentline,
                        (int)sandbox->limits.deadline_ms);
    lua_error(L);
}

/* Runs in the signal handler or in the allocator; lua_sethook is made for that. */
static void sandbox_stop(void *context)
{
    const struct sandbox *sandbox = context;
    if (sandbox->running != NULL)
        lua_sethook(sandbox->running, stop_hook, LUA_MASKCALL | LUA_MASKCOUNT, 1);
}

/*
 * Runs in the allocator: whether the function of Lua that is at work is a file's own, not the library's that
 * made its words. Of functions of C between, whoever called them counts.
 */
static bool sandbox_is_strange(void *context)
{
    const struct sandbox *sandbox = context;
    lua_Debug at;
    if (sandbox->running == NULL || sandbox->converting)
        return false;
    for (int level = 0; lua_getstack(sandbox->running, level, &at); level++) {
        lua_getinfo(sandbox->running, "S", &at);
        if (at.what[0] != 'C')
            return at.source[0] == '@';
    }
    return false;
}

/* Of functions of C and of the library, whoever of a file called them counts. */
void sandbox_note_place(struct sandbox *sandbox)
{
    lua_Debug at;
    sandbox->place.line = 0;
    if (sandbox->running == NULL)
        return;
    for (int level = 0; lua_getstack(sandbox->running, level, &at); level++) {
        lua_getinfo(sandbox->running, "Sl", &at);
        if (at.source[0] != '@' || at.currentline <= 0)
            continue;
        memcpy(sandbox->place.file, at.short_src, sizeof sandbox->place.file);
        sandbox->place.line = at.currentline;
        return;
    }
}

/* Runs in the allocator. */
static void sandbox_note_refusal(void *context)
{
    sandbox_note_place(context);
}

static int panic(lua_State *L)
{
    const char *reason = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "?";
    log_error("a call of Lua was not protected", LOG_TEXT("reason", reason));
    return 0;
}

/* What holds while no script is entered. */
static void sandbox_loosen(struct sandbox *sandbox)
{
    size_t total = sandbox->memory_total;
    sandbox->memory.limits = (struct memory_limits){total, total, total, total, SIZE_MAX, false};
    sandbox->text_limit = TRUSTED_TEXT;
}

void sandbox_allow(lua_State *L, struct sandbox_allowance *allowance)
{
    struct sandbox *sandbox = sandbox_of(L);
    size_t total = sandbox->memory_total;
    *allowance = (struct sandbox_allowance){sandbox->memory.limits, sandbox->memory.used,
                                            deadline_pause(sandbox->deadline)};
    sandbox->memory.limits = (struct memory_limits){total, total, total, total, SIZE_MAX, false};
}

void sandbox_restrict(lua_State *L, const struct sandbox_allowance *allowance)
{
    struct sandbox *sandbox = sandbox_of(L);
    struct memory *memory = &sandbox->memory;
    size_t stays = memory->used > allowance->used ? memory->used - allowance->used : 0;
    deadline_resume(sandbox->deadline, allowance->pause);
    sandbox->entered_used += stays;
    memory->limits = allowance->limits;
    memory->limits.total += stays;
    memory->limits.total_alarm += stays;
}

static int open_libraries(lua_State *L)
{
    static const luaL_Reg trusted[] = {
        {LUA_GNAME, luaopen_base},       {LUA_STRLIBNAME, luaopen_string}, {LUA_TABLIBNAME, luaopen_table},
        {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8},  {LUA_DBLIBNAME, luaopen_debug},
    };
    for (size_t i = 0; i < sizeof trusted / sizeof trusted[0]; i++) {
        luaL_requiref(L, trusted[i].name, trusted[i].func, 1);
        lua_pop(L, 1);
    }
    library_open(L);
    environment_open(L);
    return 0;
}

static struct sandbox *sandbox_fail(struct sandbox *sandbox, struct error *error)
{
    sandbox_free(sandbox);
    error_set(error, ERROR_INTERNAL, "not enough memory for a state of Lua");
    return NULL;
}

struct sandbox *sandbox_new(const struct sandbox_options *options, struct error *error)
{
    struct sandbox *sandbox = calloc(1, sizeof *sandbox);
    if (sandbox == NULL)
        return sandbox_fail(NULL, error);
    memory_create(&sandbox->memory);
    sandbox->deadline = options->deadline;
    sandbox->memory_total = options->memory;
    sandbox->memory.on_failure = sandbox_stop;
    sandbox->memory.on_refusal = sandbox_note_refusal;
    sandbox->memory.is_strange = sandbox_is_strange;
    sandbox->memory.context = sandbox;
    sandbox_loosen(sandbox);
    sandbox->state = lua_newstate(memory_allocate_first, &sandbox->memory);
    if (sandbox->state == NULL)
        return sandbox_fail(sandbox, error);
    lua_setallocf(sandbox->state, memory_allocate, &sandbox->memory);
    *(struct sandbox **)lua_getextraspace(sandbox->state) = sandbox;
    lua_atpanic(sandbox->state, panic);
    if (sandbox_protect(sandbox->state, open_libraries, NULL, NULL) != SANDBOX_DONE)
        return sandbox_fail(sandbox, error);
    return sandbox;
}

void sandbox_free(struct sandbox *sandbox)
{
    if (sandbox == NULL)
        return;
    if (sandbox->state != NULL)
        lua_close(sandbox->state);
    memory_destroy(&sandbox->memory);
    scratch_destroy(&sandbox->scratch);
    free(sandbox->dump.bytes);
    free(sandbox);
}

void sandbox_enter(lua_State *L, const struct sandbox_limits *limits)
{
    struct sandbox *sandbox = sandbox_of(L);
    struct memory_limits *memory = &sandbox->memory.limits;
    bool sealed = sandbox->collect_at != 0;
    sandbox->limits = *limits;
    sandbox->text_limit = limits->text;
    memory->total = smaller(sandbox->memory.used + limits->memory, sandbox->memory_total);
    memory->block = limits->block;
    memory->total_alarm = memory->total;
    memory->block_alarm = memory->block;
    memory->names = limits->names;
    memory->final = sealed;
    if (sealed) { /* nothing is collected, so that an alarm is as good as a refusal */
        memory->total_alarm -= smaller(limits->memory / 8, memory->total);
        memory->block *= 2;
    }
    sandbox->entered_used = sandbox->memory.peak = sandbox->memory.used;
    sandbox->place.line = 0;
    sandbox->running = L;
    deadline_enter(sandbox->deadline, limits->deadline_ms, sandbox_stop, sandbox);
}

void sandbox_begin(lua_State *L, const struct sandbox_limits *limits, double now, uint64_t seed)
{
    struct sandbox *sandbox = sandbox_of(L);
    sandbox->now = now;
    sandbox->random.value = seed;
    sandbox->deciding = true;
    sandbox_enter(L, limits);
}

void sandbox_leave(lua_State *L)
{
    struct sandbox *sandbox = sandbox_of(L);
    deadline_leave(sandbox->deadline);
    sandbox->spent_ms = deadline_spent_ms(sandbox->deadline);
    sandbox->spent_memory = sandbox->memory.peak - smaller(sandbox->memory.peak, sandbox->entered_used);
    if (sandbox_stopped(sandbox))
        lua_sethook(sandbox->running, NULL, 0, 0);
    sandbox->memory.failed = sandbox->memory.starved = false;
    sandbox->running = NULL;
    sandbox->converting = false;
    sandbox->deciding = false;
    sandbox_loosen(sandbox);
}

/* Says why the script was stopped where no error object does. */
static void sandbox_explain(struct sandbox *sandbox, bool exhausted, struct error *error)
{
    withhold_nothing(sandbox);
    if (exhausted && sandbox->memory.starved)
        error_set(error, ERROR_INTERNAL, FAILURE_STARVED);
    else if (exhausted)
        error_set(error, ERROR_INTERNAL, FAILURE_MEMORY, (int)(sandbox->limits.memory / KIB),
                  (int)(sandbox->limits.block / KIB), (int)sandbox->limits.names);
    else
        error_set(error, ERROR_INTERNAL, FAILURE_DEADLINE, (int)sandbox->limits.deadline_ms);
}

/*
 * stack: the error object (top) unless status is LUA_OK. A refusal that Lua could not help ends what runs,
 * also where it is not final.
 */
static enum sandbox_outcome sandbox_judge(lua_State *L, int status, struct error *error)
{
    struct sandbox *sandbox = sandbox_of(L);
    bool entered = sandbox->running != NULL;
    if (status == LUA_ERRMEM && entered)
        sandbox->memory.failed = true;
    bool exhausted = status == LUA_ERRMEM || (entered && sandbox->memory.failed);
    if (status == LUA_OK || status == LUA_ERRMEM)
        sandbox_explain(sandbox, exhausted, error);
    else
        failure_copy(L, error);
    if (entered && sandbox->place.line > 0 && error != NULL)
        failure_place(error, sandbox->place.file, (uint32_t)sandbox->place.line);
    if (exhausted)
        return sandbox->memory.starved ? SANDBOX_STARVED : SANDBOX_EXHAUSTED;
    return sandbox_stopped(sandbox) ? SANDBOX_OVERRAN : SANDBOX_FAILED;
}

enum sandbox_outcome sandbox_call(lua_State *L, int arguments, int results, struct error *error)
{
    struct sandbox *sandbox = sandbox_of(L);
    size_t mark = sandbox->scratch.used;
    int below = lua_gettop(L) - arguments - 1;
    withhold_nothing(sandbox);
    int status = lua_pcall(L, arguments, results, 0);
    if (__builtin_expect(status == LUA_OK && !sandbox_stopped(sandbox), 1))
        return SANDBOX_DONE;
    sandbox->scratch.used = mark;
    enum sandbox_outcome outcome = sandbox_judge(L, status, error);
    lua_settop(L, below);
    return outcome;
}

enum sandbox_outcome sandbox_protect(lua_State *L, lua_CFunction function, void *data, struct error *error)
{
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, data);
    return sandbox_call(L, 1, 0, error);
}

static int seal(lua_State *L)
{
    environment_close_all(L);
    lua_gc(L, LUA_GCCOLLECT);
    lua_gc(L, LUA_GCSTOP);
    return 0;
}

/* Everything in use is needed, as far as anyone knows now. */
static void sandbox_plan_collection(struct sandbox *sandbox)
{
    size_t garbage = sandbox->memory.used / 2;
    sandbox->collect_at = sandbox->memory.used + (garbage < LEAST_GARBAGE ? LEAST_GARBAGE : garbage);
}

bool sandbox_seal(lua_State *L, struct error *error)
{
    struct sandbox *sandbox = sandbox_of(L);
    if (sandbox_protect(L, seal, NULL, error) != SANDBOX_DONE)
        return false;
    scratch_destroy(&sandbox->scratch);
    free(sandbox->dump.bytes);
    sandbox->dump = (struct sandbox_dump){NULL, 0, 0};
    sandbox_plan_collection(sandbox);
    return true;
}

bool sandbox_collect(struct sandbox *sandbox)
{
    if (!sandbox->collecting && sandbox->memory.used < sandbox->collect_at)
        return false;
    sandbox->collecting = lua_gc(sandbox->state, LUA_GCSTEP, 0) == 0;
    if (!sandbox->collecting)
        sandbox_plan_collection(sandbox);
    return sandbox->collecting;
}

void sandbox_make_room(struct sandbox *sandbox)
{
    while (sandbox->memory.used >= sandbox->collect_at + sandbox->limits.memory && sandbox_collect(sandbox))
        ;
}

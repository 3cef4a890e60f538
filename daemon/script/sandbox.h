/*
 * One Lua state in which strangers' scripts run: what it may use, how scripts are entered and left, and what
 * becomes of those that fail. The order of things:
 *
 *   sandbox_new; the trusted library; for every file environment_push, environment_load, sandbox_enter,
 *   sandbox_call, sandbox_leave; freeze_function for every function that decisions will call; sandbox_seal;
 *   then for every decision sandbox_begin, any number of sandbox_call or sandbox_protect, sandbox_leave;
 *   between decisions sandbox_collect; at last sandbox_free.
 *
 * Whatever may raise an error of Lua must run below sandbox_call or sandbox_protect.
 */
#ifndef SENDA_SCRIPT_SANDBOX_H
#define SENDA_SCRIPT_SANDBOX_H

#include "base/error.h"
#include "base/random.h"
#include "script/deadline.h"
#include "script/failure.h"
#include "script/memory.h"
#include "script/scratch.h"

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a script may use between sandbox_enter and sandbox_leave. */
struct sandbox_limits {
    uint32_t deadline_ms; /* milliseconds; exact to DEADLINE_TICK_MS */
    size_t memory;  /* bytes beyond what is in use when it is entered; an eighth is kept for stopping it */
    size_t block;   /* bytes of the largest piece: a text by `..`, a table, the stack */
    size_t text;    /* bytes of the longest text that a library function makes */
    uint32_t names; /* that one table may have beside its list; a power of two */
};

/* What files get while a site loads, and what a decision gets by default. */
extern const struct sandbox_limits sandbox_limits_load;
extern const struct sandbox_limits sandbox_limits_decision;

struct sandbox_options {
    struct deadline *deadline; /* of this thread; several sandboxes may share it; borrowed */
    size_t memory;             /* bytes that the state may hold in all */
};

/* A function's code as it is looked at; see bytecode.h. */
struct sandbox_dump {
    unsigned char *bytes; /* owned; NULL when empty */
    size_t length;        /* bytes */
    size_t capacity;      /* bytes */
};

/* Where a script stood. */
struct sandbox_place {
    char file[LUA_IDSIZE]; /* of a long name the end */
    int line;              /* from 1; 0: not known */
};

struct sandbox {
    lua_State *state;                 /* owned */
    struct deadline *deadline;        /* borrowed */
    struct memory memory;             /* below the state */
    struct scratch scratch;           /* where texts are put together */
    struct failure_withheld withheld; /* of the error raised last */
    struct sandbox_dump dump;         /* of the function looked at last; while loading */
    size_t text_limit;                /* bytes of the longest text that a library function may make now */
    size_t memory_total;              /* bytes that the state may hold in all */
    lua_State *running;               /* the thread whose script was entered; NULL: none */
    struct sandbox_limits limits;     /* of what was entered last */
    size_t entered_used;              /* bytes in use when it was entered, and those that stay besides */
    uint32_t spent_ms;                /* milliseconds in what was left last; exact to DEADLINE_TICK_MS */
    size_t spent_memory;              /* bytes that it took at most */
    bool converting; /* what a table has to hold comes from the host, not from the script that asked for it */
    bool deciding;   /* between sandbox_begin and sandbox_leave: `now` and `random` have an answer */
    bool used_chance;  /* `now` or `random` was asked since the owner cleared this */
    bool collecting;   /* a collection has begun and not ended */
    size_t collect_at; /* bytes in use from which sandbox_collect begins; 0 before sandbox_seal */
    struct sandbox_place
        place;  /* of what the script did last that may end it with an error that names none */
    double now; /* seconds since the epoch, of the decision */
    struct random_state random; /* of the decision */
};

/* What became of a call. */
enum sandbox_outcome {
    SANDBOX_DONE,      /* its results are on the stack */
    SANDBOX_FAILED,    /* it raised an error */
    SANDBOX_OVERRAN,   /* it ran past the deadline; so will everything else before sandbox_leave */
    SANDBOX_EXHAUSTED, /* it needed too much memory; so will everything else before sandbox_leave */
    SANDBOX_STARVED,   /* the machine had no memory, which is nobody's fault; else the same */
};

/*
 * NULL when it fails. The state's globals are the full base, string, table, math, utf8 and debug libraries,
 * for trusted code only; the methods of strings are the scripts' own, for trusted code too.
 */
MUST_CHECK struct sandbox *sandbox_new(const struct sandbox_options *options, struct error *error);

/* `sandbox` may be NULL. */
void sandbox_free(struct sandbox *sandbox);

static inline struct sandbox *sandbox_of(lua_State *L)
{
    return *(struct sandbox **)lua_getextraspace(L);
}

/* Not to be nested. `L` is the thread that will run the script. */
void sandbox_enter(lua_State *L, const struct sandbox_limits *limits);
void sandbox_leave(lua_State *L);

/* As sandbox_enter, with what a decision knows: the time in seconds since the epoch and the seed of `random`.
 */
void sandbox_begin(lua_State *L, const struct sandbox_limits *limits, double now, uint64_t seed);

/*
 * Calls the function below its `arguments` as lua_pcall does. Pops them; pushes `results` values when it is
 * DONE, else nothing, and `error` says file, line and reason. Raises nothing.
 */
MUST_CHECK enum sandbox_outcome sandbox_call(lua_State *L, int arguments, int results, struct error *error);

/* As sandbox_call for a function of the host, which finds `data` as light userdata at index 1. */
MUST_CHECK enum sandbox_outcome sandbox_protect(lua_State *L, lua_CFunction function, void *data,
                                                struct error *error);

/*
 * Between the two the host may allocate what stays, and take its time: neither is the running script's to pay
 * for. Not to be nested; an error in between has to end the decision.
 */
struct sandbox_allowance {
    struct memory_limits limits; /* in force before */
    size_t used;                 /* bytes in use before */
    struct deadline_pause pause; /* of the deadline */
};
void sandbox_allow(lua_State *L, struct sandbox_allowance *allowance);
void sandbox_restrict(lua_State *L, const struct sandbox_allowance *allowance);

/*
 * Ends loading: environments are closed, what only loading needs is dropped, everything is collected once,
 * and from now on Lua collects only in sandbox_collect. False where memory ran out.
 */
MUST_CHECK bool sandbox_seal(lua_State *L, struct error *error);

/*
 * One bounded step of collecting what decisions left behind, where there is enough of it. True while there is
 * more to do. For the time between decisions: at the end of each turn of the loop.
 */
bool sandbox_collect(struct sandbox *sandbox);

/*
 * Collects behind a decision where those since the last turn of the loop have left more behind than one of
 * them may take: a turn may hold any number of decisions.
 */
void sandbox_make_room(struct sandbox *sandbox);

/* Notes where the script stands that is running, for an error that may name no place. Allocates nothing. */
void sandbox_note_place(struct sandbox *sandbox);

/* The script that runs must stop: its time is up or its memory failed. */
static inline bool sandbox_stopped(const struct sandbox *sandbox)
{
    return sandbox->running != NULL && (sandbox->deadline->expired || sandbox->memory.failed);
}

/* Raises the error that says why the script must stop. */
_Noreturn void sandbox_raise_stop(lua_State *L);

/* Raises, where the host had no memory on behalf of the script; the call ends as SANDBOX_STARVED. */
_Noreturn void sandbox_raise_starved(lua_State *L);

/* For library functions that take their time: raises where the script must stop. Costs three loads. */
static inline void sandbox_tick(lua_State *L)
{
    if (sandbox_stopped(sandbox_of(L)))
        sandbox_raise_stop(L);
}

#endif

/*
 * The functions of strategies and personas, called for a decision. One that fails too often (see strikes.h)
 * is set aside until the next load.
 */
#ifndef SENDA_SCRIPT_STRATEGIES_H
#define SENDA_SCRIPT_STRATEGIES_H

#include <lua.h>

#include "base/arena.h"
#include "decide/hooks.h"
#include "script/customer_view.h"
#include "script/failures.h"
#include "script/memo.h"
#include "script/sandbox.h"
#include "script/strikes.h"
#include "script/trail.h"

enum {
    STRATEGIES_REASON = 512, /* bytes of the longest reason that is passed on */
};

struct strategies {
    struct sandbox *sandbox;      /* borrowed */
    struct sandbox_limits limits; /* of one decision */
    struct memo memo; /* results of strategies by number; of the search for the persona behind them */
    struct buffer subject, result;   /* of the call being carried out, as the memo keeps them */
    bool entered;                    /* a script was entered in this decision */
    const struct snapshot *snapshot; /* borrowed */
    struct offer_views offers;
    struct customer_view customer;
    int drivers;             /* registry reference: strategy number + 1 → function for all candidates */
    int matches;             /* registry reference: persona number + 1 → match function */
    int arguments[3];        /* registry references: lists of offers, scores and reasons, used again */
    struct strikes *strikes; /* by strategy, then by persona; owned */
    char **reasons;          /* likewise: why it is set aside; owned, and each of them; NULL: it is not */
    uint32_t functions;      /* how many there are of both */
    uint32_t set_aside;      /* strategies that are */
    uint32_t passed_over;    /* personas that are */
    struct hooks_call *call; /* the call being carried out */
    uint32_t looked_at;      /* candidates of it that have a score */
    uint32_t filled;         /* places of the lists, from the first, that may hold something */
    size_t made;             /* bytes that scripts took since the lists were emptied, at most */
    struct text remembered;  /* the reasons of the last call where its result was remembered */
    uint32_t matched;        /* what a search for the persona found */
    uint64_t request;        /* goes up with each, from 1; a decision that is taken anew is of the same one */
    uint32_t spent_ms;       /* in scripts, by those decisions of it that were taken anew */
    enum sandbox_outcome outcome; /* of what failed last in the decision being taken; SANDBOX_DONE: nothing */
    struct failures failures;     /* likewise, all of it */
    struct script_trail trail;    /* of the decision being taken */
};

/*
 * Takes the functions from the library's result on the top of the stack, which stays. Raises Lua errors; the
 * struct must stay where it is.
 */
void strategies_collect(lua_State *L, struct strategies *strategies, const struct snapshot *snapshot);

/* Makes room to count failures of so many strategies and personas. */
MUST_CHECK bool strategies_allocate(struct strategies *strategies, uint32_t functions);

/* Frees what is not Lua's; fine with a struct of zeros. */
void strategies_destroy(struct strategies *strategies);

/*
 * One decision lasts from begin to end. What is taken anew for the same request counts neither for nor
 * against any function, and a failure is told of once. All that is taken anew shares one deadline, behind
 * which no function is called.
 */
void strategies_begin(struct strategies *strategies, const struct situation *situation);
void strategies_end(struct strategies *strategies);

/* What functions said is said again without asking them: that counts as answers of theirs. */
void strategies_add_answers(struct strategies *strategies, const struct script_trail *trail);

/* The hooks' functions; `context` is a struct strategies. Only within a decision. */
enum hooks_result strategies_evaluate(void *context, struct hooks_call *call);
struct text strategies_reason(void *context, uint32_t candidate);

/* The first persona whose function says yes, or SNAPSHOT_NONE. */
uint32_t strategies_match(struct strategies *strategies);

#endif

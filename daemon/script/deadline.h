/*
 * How long a script may run, at the price of no system call and no reading of a clock: a timer that runs
 * freely while there is work counts ticks in a signal handler, and stops itself when nothing was entered for
 * a while.
 */
#ifndef SENDA_SCRIPT_DEADLINE_H
#define SENDA_SCRIPT_DEADLINE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum {
    DEADLINE_TICK_MS = 2,     /* what a deadline is exact to */
    DEADLINE_IDLE_TICKS = 50, /* ticks without a script, after which the timer stops */
};

/* One for each thread that runs scripts. What the handler reads and writes is volatile; a single thread does
 * all. */
struct deadline {
    timer_t timer;                   /* owned; its signals come to the thread that created it */
    volatile bool armed;             /* the timer runs */
    volatile bool inside;            /* between deadline_enter and deadline_leave */
    volatile bool expired;           /* the one that is or was inside took too long */
    volatile uint32_t ticks;         /* so many so far; wraps */
    volatile uint32_t started;       /* ticks at deadline_enter */
    volatile uint32_t budget;        /* ticks that may pass */
    volatile uint32_t idle;          /* ticks since one found somebody inside */
    void (*volatile expire)(void *); /* called by the handler past the budget, ever more rarely */
    void *volatile context;          /* handed to expire */
    volatile uint64_t *entered_ms; /* where to note when the one inside entered, in monotonic milliseconds (0:
                                      nobody inside); exact to a tick; borrowed; NULL: nobody asks */
    volatile uint32_t noted;       /* the `started` that entered_ms stands for */
};

/* After fork: a child has no timers. Takes the signal SIGRTMIN for the process. */
MUST_CHECK bool deadline_create(struct deadline *deadline, struct error *error);
void deadline_destroy(struct deadline *deadline);

/* Starts the timer where it rests; where that fails, the deadline has expired already. */
void deadline_arm(struct deadline *deadline);

/* `expire` runs in a signal handler, once a tick from the moment when more than `budget_ms` have passed. */
static inline void deadline_enter(struct deadline *deadline, uint32_t budget_ms, void (*expire)(void *),
                                  void *context)
{
    deadline->expired = false;
    deadline->expire = expire;
    deadline->context = context;
    deadline->budget = (budget_ms + DEADLINE_TICK_MS - 1) / DEADLINE_TICK_MS;
    deadline->started = deadline->ticks;
    /* From here on the handler does not stop the timer. */
    deadline->inside = true;
    if (!deadline->armed)
        deadline_arm(deadline);
}

/* So much of the budget of the one inside is gone already. */
static inline void deadline_shorten(struct deadline *deadline, uint32_t spent_ms)
{
    uint32_t spent = spent_ms / DEADLINE_TICK_MS, budget = deadline->budget;
    deadline->budget = spent < budget ? budget - spent : 0;
}

/* What deadline_resume gives back. */
struct deadline_pause {
    uint32_t budget; /* ticks that may pass */
    uint32_t ticks;  /* so many when the pause began */
};

/* The time from here to deadline_resume does not count. */
static inline struct deadline_pause deadline_pause(struct deadline *deadline)
{
    struct deadline_pause pause = {deadline->budget, deadline->ticks};
    deadline->budget = UINT32_MAX;
    return pause;
}

static inline void deadline_resume(struct deadline *deadline, struct deadline_pause pause)
{
    deadline->started += deadline->ticks - pause.ticks;
    deadline->budget = pause.budget;
}

/* How long the one inside is, or was, there; exact to a tick. */
static inline uint32_t deadline_spent_ms(const struct deadline *deadline)
{
    return (deadline->ticks - deadline->started) * DEADLINE_TICK_MS;
}

/* `expired` stays as it is. */
static inline void deadline_leave(struct deadline *deadline)
{
    deadline->inside = false;
}

#endif

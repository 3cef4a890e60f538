/*
 * Clearing up, a bounded piece with each batch: what time has made void. Bounds that do not grow with what is
 * added would be behind for ever once more is added, so whoever adds says how much goes along (sweep_most).
 *
 * Promises of stock that no impression came for are given back, decisions are forgotten whose events are not
 * waited for any more, silence timers ring. And a cursor walks through all customers, again and again:
 * forgets old idempotency keys, compacts histories, and sets timers where a new site asks for them. Others
 * do so through ids of earlier events, and of events without customer. Customers stay, so with what batches
 * add a walk would take ever longer: those that go round keep pace with the clock, too (sweep_pace.h).
 */
#ifndef SENDA_LEDGER_SWEEP_H
#define SENDA_LEDGER_SWEEP_H

#include "ledger/sweep_pace.h"
#include "ledger/work.h"

/* How many entries are looked at; of what follows the clock only those that are due, of others at least. */
struct sweep_most {
    uint32_t due;       /* promises, decisions, timers: of each */
    uint32_t customers; /* with their newest ids */
    uint32_t strays;    /* ids of events without customer */
    uint32_t ids;       /* pieces of customers' earlier ids */
};

/* One thing that was found. */
struct sweep_find {
    struct sweep_find *next;   /* NULL: the last */
    struct entry *entry;       /* its key; NULL: a customer's record */
    struct document *document; /* the customer of a timer or record; else NULL */
};

/* What one walk found. */
struct sweep_walk {
    struct sweep *sweep;
    struct loading_scan *scan;                                                 /* NULL: none in this batch */
    struct sweep_find *finds;                                                  /* newest first; NULL: none */
    bool (*find)(struct sweep_walk *walk, struct text key, struct text value); /* false: enough */
    bool circles;           /* goes on where it was, and begins anew at the end; else always at the first */
    struct key first;       /* where it begins; no bytes: at the first */
    struct key cursor;      /* where it goes on; no bytes: where it begins */
    struct key reached;     /* where it will if this batch succeeds; no bytes: it has been everywhere */
    struct sweep_pace pace; /* of one that circles */
};

struct sweep {
    struct work *work; /* borrowed */
    struct sweep_walk promises, decisions, timers, customers, strays, ids;
    bool behind; /* some walk that follows the clock stopped at its bound */
};

void sweep_create(struct sweep *sweep, struct work *work);

/* Looks for what is void. To be called before anything is applied. */
void sweep_collect(struct sweep *sweep, const struct sweep_most *most);

/* Compacts those customers who are written anyway and wait for impressions that will not come any more. */
void sweep_changed(struct work *work);

/* Removes what was found and is still void. To be called after everything else. */
void sweep_apply(struct sweep *sweep);

/* The batch is durable: the cursors move. */
void sweep_succeed(struct sweep *sweep);

/* Forgets what was found. */
void sweep_clear(struct sweep *sweep);

#endif

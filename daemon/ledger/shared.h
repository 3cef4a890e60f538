/*
 * The memory that workers and ledger share: rings between each worker and the ledger, the table of claims,
 * when customers were erased, and who sleeps. The supervisor makes it before it forks; it outlives every
 * other process, so that a worker or a ledger that comes back goes on where the last one was.
 */
#ifndef SENDA_LEDGER_SHARED_H
#define SENDA_LEDGER_SHARED_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/claims.h"
#include "base/error.h"
#include "base/ring.h"
#include "ledger/forgotten.h"

enum {
    SHARED_COMMANDS = 16 << 20, /* bytes of the ring of commands of one worker */
    SHARED_DECISIONS = 8 << 20, /* of decisions */
    SHARED_OUTCOMES = 8 << 20,  /* of outcomes */
};

/* What the ledger wants to be woken for. */
enum shared_sleep {
    SHARED_AWAKE,    /* nothing: it will look by itself */
    SHARED_DOZING,   /* commands: decisions can wait for the next look */
    SHARED_SLEEPING, /* anything */
};

struct shared_state {
    uint64_t incarnation;        /* chance: positions in rings mean nothing in another one */
    _Atomic int ledger_sleep;    /* enum shared_sleep */
    _Atomic bool ledger_serves;  /* commands are taken */
    _Atomic uint32_t batch_most; /* commands that the ledger takes together now; 0: none was there yet */
};

/* Between one worker and the ledger. */
struct shared_lane {
    struct ring *commands, *decisions; /* the worker writes */
    struct ring *outcomes;             /* the ledger writes */
    int wake;                          /* eventfd: there are outcomes; owned */
};

struct shared {
    struct shared_state *state;
    /* One for each worker: what stands before that in its ring of commands, and has no outcome, gets none. */
    _Atomic uint64_t *abandoned;
    struct claims *claims;
    struct forgotten *forgotten;
    struct shared_lane *lanes; /* one for each worker; owned */
    size_t workers;
    int wake_ledger; /* eventfd; owned */
    size_t size;     /* bytes of memory behind state */
};

/* NULL on failure. */
struct shared *shared_new(size_t workers, struct error *error);
void shared_free(struct shared *shared);

/* Wakes the ledger if it sleeps and wants to be woken for this. */
void shared_wake_ledger(struct shared *shared, bool commands);

/* Wakes one worker. */
void shared_wake_worker(struct shared *shared, size_t worker);

/* Takes the wakes that have come; for whoever was woken. */
void shared_drain_wakes(int eventfd);

#endif

/* What the files of the ledger share. */
#ifndef SENDA_LEDGER_LEDGER_INTERNAL_H
#define SENDA_LEDGER_LEDGER_INTERNAL_H

#include "base/arena.h"
#include "ledger/ledger.h"

/* How far one worker's rings are collected; what lies between there and ring_done is in the batch. */
struct ledger_lane {
    uint64_t commands, decisions; /* positions */
    uint64_t written;             /* before this position, commands are in the store, though not released */
    uint64_t logged;              /* before this position, decisions are in the log */
    bool answered;                /* outcomes were pushed: the worker has to be woken */
};

struct ledger {
    struct shared *shared;  /* borrowed */
    struct store *store;    /* borrowed */
    struct log_writer *log; /* borrowed; NULL: none */
    struct ledger_options options;
    struct batch *batch;       /* owned */
    struct ledger_lane *lanes; /* one for each worker; owned */
    struct arena arena;        /* commands and records of the batch */
    uint32_t commands;         /* in the batch */
    uint32_t decisions;        /* likewise */
    uint64_t since_ms;         /* monotonic; when the first command of the batch was collected */
    uint64_t decided_ms;       /* monotonic; when its first decision was */
    uint64_t retry_ms;         /* monotonic; decisions alone wait until then, after the store refused */
    uint64_t swept_ms;         /* monotonic; the last sweep while there was nothing else to do */
    uint64_t tended_ms;        /* monotonic */
    uint64_t healed_ms;        /* monotonic */
    claims_word *healed;       /* as of the last healing; owned */
    bool has_site;             /* there are rules */
    bool running;              /* the batch is on its way into the store */
    bool failing;              /* the store refused the last batch: said once */
};

/* ledger_intake.c */

/* Adds what has come to the batch. False: out of memory, the batch is to be run as it is. */
bool ledger_collect(struct ledger *ledger, uint64_t now_ms);
/* The batch is in the store: its claims are settled, its place in the rings is given back. */
void ledger_release(struct ledger *ledger);
/* It is not: commands were refused and are over, decisions are taken again with the next batch. */
void ledger_take_back(struct ledger *ledger);

/* ledger_outcomes.c */

/* Tells every worker what became of its commands. */
void ledger_push_outcomes(struct ledger *ledger);
/* Answers a command that the store has, though nobody was told. */
void ledger_push_written(struct ledger *ledger, size_t worker, uint64_t ticket);
void ledger_wake_workers(struct ledger *ledger);

/* ledger_positions.c */

/* Lets the positions ride along with the batch. */
bool ledger_put_positions(struct ledger *ledger);
/* Where the last ledger over this memory was. */
bool ledger_load_positions(struct ledger *ledger, struct error *error);

#endif

/* What the files of the ledger share. */
#ifndef SENDA_LEDGER_LEDGER_INTERNAL_H
#define SENDA_LEDGER_LEDGER_INTERNAL_H

#include "base/arena.h"
#include "ledger/ledger.h"

/* How far one worker's rings are collected; what lies between there and ring_done is in the batch. */
struct ledger_lane {
    uint64_t commands, decisions; /* positions */
    uint64_t written;             /* before this position, commands are in the store, though not released */
    uint64_t recorded;            /* before this position, decisions are in the store, perhaps not released */
    uint64_t logged;              /* before this position, decisions are in the log */
    bool answered;                /* outcomes were pushed: the worker has to be woken */
};

/* A profile.erase in the batch. */
struct ledger_erase {
    struct ledger_erase *next; /* the one after it; NULL: none */
    uint32_t command;          /* its number in the batch */
    struct text customer;      /* id as asked for */
};

/* A command that was not carried out, though the store has the batch that it was in. */
struct ledger_refusal {
    uint64_t ticket; /* where it begins in the ring of its worker */
    uint32_t worker;
    uint32_t code; /* ERROR_NONE: of a customer who is restricted */
};

struct ledger_erasure;

struct ledger {
    struct shared *shared;  /* borrowed */
    struct store *store;    /* borrowed */
    struct log_writer *log; /* borrowed; NULL: none */
    struct ledger_options options;
    struct batch *batch;             /* owned */
    struct ledger_lane *lanes;       /* one for each worker; owned */
    struct ledger_refusal *refusals; /* of dead ledgers, by worker and ticket; owned; NULL: none */
    size_t refusal_count;            /* of these */
    struct arena arena;              /* commands and records of the batch */
    struct ledger_erasure *erasures; /* first to last; owned */
    struct ledger_erasure *erased;   /* done, but their ids are still noted in the store; owned */
    struct ledger_erasure *holding; /* takes what the batch at hand erased; among `erasures`; NULL: not yet */
    struct ledger_erase *erases; /* profile.erase among the batch's commands, in the arena; first to last */
    struct ledger_erase *last_erase; /* of them; of no matter where there are none */
    uint32_t commands;               /* in the batch */
    uint32_t most;                   /* that a batch takes now, see ledger_pace.h */
    size_t first;                    /* the lane that the batch takes commands from first */
    uint32_t decisions;              /* likewise */
    uint64_t since_ms;               /* monotonic; when the first command of the batch was collected */
    uint64_t decided_ms;             /* monotonic; when its first decision was */
    uint64_t began_ms;               /* monotonic; when the last batch began */
    uint64_t ran_ms;                 /* monotonic; when the last batch that was not empty began */
    uint64_t retry_ms;               /* monotonic; decisions alone wait until then, after the store refused */
    uint64_t swept_ms;               /* monotonic; the last sweep while there was nothing else to do */
    uint64_t tended_ms;              /* monotonic */
    uint64_t healed_ms;              /* monotonic */
    claims_word *healed;             /* as of the last healing; owned */
    bool has_site;                   /* there are rules */
    bool owes;                       /* an erasure was given up: the next one takes its ids along */
    bool renews; /* an erasure was not gone through to its end: the next one renews what it did in the log */
    bool settles_erased; /* the batch takes the notes of `erased` away */
    bool behind;         /* the last batch left something that is over */
    bool running;        /* the batch is on its way into the store */
    bool failing;        /* the store refused the last batch: said once */
};

/* ledger_intake.c */

/* Adds what has come to the batch. False: out of memory, the batch is to be run as it is. */
bool ledger_collect(struct ledger *ledger, uint64_t now_ms);
/* The batch is in the store: its claims are settled, its place in the rings is given back. */
void ledger_release(struct ledger *ledger);
/* It is not: commands were refused and are over, decisions are taken again with the next batch. */
void ledger_take_back(struct ledger *ledger);

/* ledger_outcomes.c */

/* Tells every worker what became of its commands; receipts of erasing are held until the log is done. */
void ledger_push_outcomes(struct ledger *ledger);
/* Answers a command that the store has, though nobody was told. */
void ledger_push_written(struct ledger *ledger, size_t worker, uint64_t ticket);
/* Likewise one that was refused. */
void ledger_push_refusal(struct ledger *ledger, const struct ledger_refusal *refusal);
void ledger_push_outcome(struct ledger *ledger, size_t worker, const struct outcome *outcome);
void ledger_wake_workers(struct ledger *ledger);

/* ledger_erasure.c */

/* Whether there is a log that may know of somebody who is erased. */
bool ledger_may_log_know(const struct ledger *ledger);
/* The batch is in the store: decisions that know whom it erased are nobody's. */
void ledger_note_forgotten(struct ledger *ledger);
/* The clock may have been set back since. */
void ledger_settle_forgotten(struct ledger *ledger);
/* Keeps the receipt until the log has forgotten the customer, too. False: out of memory. */
MUST_CHECK bool ledger_hold_receipt(struct ledger *ledger, size_t worker, const struct outcome *outcome,
                                    struct text customer);
/* Goes on with what is noted in the store, of which nobody waits for a receipt. */
MUST_CHECK bool ledger_resume_erasures(struct ledger *ledger, struct error *error);
/* One step of the erasure at hand; there has to be one. */
void ledger_erase_on(struct ledger *ledger);
/* Lets the end of erasures that are done ride along with the batch; hands out their receipts behind it. */
void ledger_put_erased(struct ledger *ledger);
void ledger_settle_erased(struct ledger *ledger, bool written);
void ledger_forget_erasures(struct ledger *ledger);

/* ledger_positions.c */

/* Lets the positions ride along with the batch, whose outcomes stand. False: out of memory. */
MUST_CHECK bool ledger_put_positions(struct ledger *ledger);
/* Where the last ledger over this memory was. */
MUST_CHECK bool ledger_load_positions(struct ledger *ledger, struct error *error);
/* Whether a command before `written` was refused; NULL: it was carried out. */
const struct ledger_refusal *ledger_find_refusal(const struct ledger *ledger, size_t worker, uint64_t ticket);

/* ledger_logged.c */

/* Goes on in the log where the last ledger ended, which may be behind what it committed. */
MUST_CHECK bool ledger_find_logged(struct ledger *ledger, struct error *error);

#endif

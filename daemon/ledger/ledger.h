/*
 * The ledger: takes what the workers pushed, writes it down in batches, and says so when it is durable.
 *
 * No loop and no clock of its own: whoever runs it calls ledger_look() when it is woken or its time has come.
 */
#ifndef SENDA_LEDGER_LEDGER_H
#define SENDA_LEDGER_LEDGER_H

#include "base/metrics.h"
#include "ledger/batch.h"
#include "ledger/shared.h"

struct log_writer; /* decisionlog/log_writer.h */

struct ledger_options {
    struct batch_options batch;
    uint32_t batch_events; /* so many waiting commands begin a batch */
    uint32_t batch_ms;     /* so long may a command wait for others */
    const char
        *log_directory; /* the state directory that the log is in, or was; borrowed; of no matter otherwise */
    bool log_left; /* where there is no log: something is left of an earlier one, which could not be deleted,
                      so that nobody is erased as long as it is there */
    uint32_t heal_ms; /* claims that stand still so long are of processes that died: longer than one may stand
                         still and live; 0: the default */
    struct metrics_slot *metrics; /* of this process; borrowed */
};

struct ledger;

/*
 * Goes on where the last ledger over the same memory and store was. Borrows all; `log` may be NULL. NULL on
 * failure.
 */
struct ledger *ledger_new(struct shared *shared, struct store *store, struct log_writer *log,
                          const struct ledger_options *options, struct error *error);
void ledger_free(struct ledger *ledger);

/* The rules to apply from the next batch on; borrowed. From the first site on commands are taken. */
void ledger_set_site(struct ledger *ledger, const struct snapshot *site);

/*
 * Takes what has come, writes it down if it is time. Returns in how many milliseconds it wants to look again
 * unless it is woken before.
 */
uint32_t ledger_look(struct ledger *ledger);

/* Writes down what has come without waiting for more. */
void ledger_finish(struct ledger *ledger);

#endif

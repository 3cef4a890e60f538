/*
 * One batch of the ledger: commands and decision records become one list of writes of the store.
 *
 * Collect, run, read the outcomes, clear. What was added is borrowed until batch_clear: commands and records
 * may point straight into shared memory. Records are applied before commands, each in the order of adding.
 * Everything happens in memory, on documents that were read first; then one store_write says whether it
 * counts. A batch remembers nothing of the store beyond batch_clear, so after a refusal the next one begins
 * from what the store has.
 */
#ifndef SENDA_LEDGER_BATCH_H
#define SENDA_LEDGER_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "catalogue/snapshot.h"
#include "model/command.h"
#include "model/record.h"
#include "store/store.h"

/*
 * What became of the commands stands, batch_outcomes() has it, and nothing is written yet: the moment for
 * batch_put_meta() about it. False: out of memory, and the batch fails.
 */
typedef bool (*batch_settled_cb)(void *context);

struct batch_options {
    int64_t reserve_ms; /* how long a decision waits for its impression: stock and limits are held for it */
    int64_t keep_ms;    /* moments in customers' histories that are older are forgotten */
    int64_t id_ms;      /* how long an event's idempotency key is remembered */
    bool notes_erased;  /* erased ids stay noted until batch_forget: they have to go elsewhere, too */
    batch_settled_cb settled; /* NULL: nobody is asked */
    void *context;            /* handed to settled */
};

struct batch;

/* Borrows the store. NULL when memory is out. */
struct batch *batch_new(struct store *store, const struct batch_options *options);
void batch_free(struct batch *batch);

/*
 * The rules to apply: borrowed until another one is set, never while the batch runs. NULL: none, then events
 * are counted but move nobody.
 */
void batch_set_site(struct batch *batch, const struct snapshot *site);

/* False: out of memory, nothing was added. Both are copied; what they point to is borrowed until batch_clear.
 */
MUST_CHECK bool batch_add_record(struct batch *batch, const struct record *record);
MUST_CHECK bool batch_add_command(struct batch *batch, uint32_t worker, uint64_t ticket,
                                  const struct command *command);

/* A value under 'm' that is written along, such as the positions in the rings. Both are copied. */
MUST_CHECK bool batch_put_meta(struct batch *batch, struct text name, struct text value);

/* The id is gone everywhere by now: it is not noted any more. False: out of memory. */
MUST_CHECK bool batch_forget(struct batch *batch, struct text id);

/*
 * Clears up along with this batch: so many entries of each kind that are over by the clock (stock that was
 * reserved in vain, timers, known decisions), and of those that are looked at in turn (customers, idempotency
 * keys), where it goes on the next time. Of both twice as many more as the batch itself may add, so that no
 * kind grows for ever.
 */
void batch_add_sweep(struct batch *batch, uint32_t due, uint32_t round);

/* Commands and records that were added. */
size_t batch_size(const struct batch *batch);

/*
 * `error` is NULL when everything is durable. Else nothing is: all outcomes are that error's code
 * (ERROR_UNAVAILABLE where the store refuses). May clear the batch, add to it and run it again, not free it.
 */
typedef void (*batch_done_cb)(void *context, const struct error *error);

/* Loads, applies, writes, calls `done`: before it returns where the store is embedded. */
void batch_run(struct batch *batch, int64_t now_ms, batch_done_cb done, void *context);

/* What became of one command. Texts live until batch_clear. */
struct batch_outcome {
    uint32_t worker; /* who asked */
    struct outcome outcome;
};

/*
 * One for each command in the order of adding, after `done`. COMMAND_FLUSH does nothing but to be answered
 * when everything before it is durable.
 */
const struct batch_outcome *batch_outcomes(const struct batch *batch, size_t *count);

/*
 * Ids of which nothing is left in the store after this batch, the canonical ones and their aliases: what is
 * kept elsewhere has to go, too. In memory until batch_clear.
 */
const struct text *batch_erased(const struct batch *batch, size_t *count);

/* Of memory that the batch took, until batch_clear. */
size_t batch_bytes(const struct batch *batch);

/* True where the sweep that came along stopped at its bound: there is more to clear up already. */
bool batch_sweep_is_behind(const struct batch *batch);

/* Forgets everything that was added, and what became of it. Memory is kept for the next round. */
void batch_clear(struct batch *batch);

#endif

/*
 * A batch on a store in memory, which can be told to refuse or to answer late, and a site with something of
 * everything:
 *
 *     walk (default)  start  silent after 30 days
 *                     look   on view; comes back after 5 days; silent after 20 days
 *                     buy    on purchase; silent after 10 days
 *     club            join   on sign_up; silent after 50 days
 *                     member on pay
 *     offers          map (no end of it), ticket (5 of them), seat (3 of them)
 */
#ifndef SENDA_TESTS_LEDGER_BATCH_BUILDER_H
#define SENDA_TESTS_LEDGER_BATCH_BUILDER_H

#include "base/buffer.h"
#include "ledger/batch.h"
#include "ledger/keys.h"
#include "ledger/stock.h"

#define BATCHING_NOW INT64_C(1790000000000)

enum { BATCHING_DAY = 24 * 60 * 60 * 1000, BATCHING_RESERVE = 300 * 1000 };

/* A store in front of another one. */
struct moody_store {
    struct store store;
    struct store *inner; /* owned */
    bool refuses_writes; /* from now on */
    bool refuses_reads;
    bool answers_later;                       /* when batching_run asks for it, not before the call returns */
    void (*later)(struct moody_store *moody); /* what was asked and is not answered; NULL: nothing */
    const struct text *keys;                  /* arguments of that, borrowed */
    struct text from, prefix;
    const struct store_write *writes;
    size_t count;
    store_read_cb read;
    store_entry_cb entry;
    store_done_cb done;
    void *context;
    unsigned reads, keys_read, scans, writes_done, values_written, tends; /* what was asked for so far */
};

struct batching {
    struct moody_store moody;
    struct snapshot *site;
    struct batch *batch;
    int64_t now_ms;
    unsigned runs;         /* how often `done` was called */
    struct error error;    /* of the last run; code ERROR_NONE: durable */
    struct buffer payload; /* the last outcome's */
    struct arena arena;    /* of customers that were looked at */
};

/* Test fixture: *state is a struct batching. */
int batching_setup(void **state);
int batching_teardown(void **state);

/* Runs what was added, waits for its end, leaves the outcomes; false where it failed. */
bool batching_run(struct batching *batching);

/* A batch of one command: its outcome, the payload's bytes in `payload`. Clears the batch. */
struct outcome batching_do(struct batching *batching, const struct command *command);

/* A command given now; texts may be NULL. */
struct command batching_command(const struct batching *batching, enum command_type type,
                                const char *customer);
struct command batching_event(const struct batching *batching, const char *name, const char *customer,
                              const char *offer);
struct command batching_identify(const struct batching *batching, const char *anonymous,
                                 const char *customer);

struct outcome batching_track(struct batching *batching, const char *name, const char *customer,
                              const char *offer);

/* A decision of one offer, taken now with that seed; its id, which lives until the next call. */
const char *batching_decide(struct batching *batching, const char *customer, const char *offer,
                            uint64_t seed);
const char *batching_decision(int64_t clock_us, uint64_t seed);

/* One sweep of everything. */
void batching_sweep(struct batching *batching);

/* The customer under just this id; NULL: there is none. Lives until the end of the test. */
const struct customer *batching_customer(struct batching *batching, const char *id);

/* The id that an id is an alias of; no bytes: of none. */
struct text batching_alias(struct batching *batching, const char *id);

struct stock_count batching_stock(struct batching *batching, const char *offer);

/* "entered/advanced/dropped" of a stage of walk on all days. Lives until the next call. */
const char *batching_moves(struct batching *batching, const char *stage);

/* "decisions/impressions/clicks/dismissals/conversions" of an offer in a stage of walk (NULL: nowhere). */
const char *batching_touches(struct batching *batching, const char *stage, const char *offer);

/* Keys of one kind; 0: all. */
size_t batching_count_keys(struct batching *batching, char kind);

/* Whether the bytes are part of any key or value of the store. */
bool batching_contains(struct batching *batching, struct text bytes);

#define assert_text(text, string) assert_true(text_equal((text), text_from(string)))

#endif

/*
 * The funnel: how many customers entered each stage on each day, what became of them, and what offers did
 * there.
 *
 * A batch collects what it changes in memory. Then it reads the present values of the rows it touched, adds
 * them, and writes the sums. Moves are counted by cohort: all of them on the day on which that customer
 * entered the stage. So in any window of days entered = advanced + dropped + inside.
 *
 *     'f' day (u32, big-endian) hash (16 bytes, of the names)
 *     stage:  [journey, stage, nil, nil, entered, advanced, dropped]
 *     offer:  [journey, stage, offer, placement, decisions, impressions, clicks, dismissals, conversions,
 * value]
 *
 * A name that is not there (no placement was told, the customer stood nowhere) is nil. Events may name any
 * offer and placement, so what is not known counts as FUNNEL_OTHER: there are no more rows in a day than the
 * site's names allow. Stores of earlier versions have rows of whatever was named.
 */
#ifndef SENDA_LEDGER_FUNNEL_H
#define SENDA_LEDGER_FUNNEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "model/customer.h"
#include "store/store.h"

enum {
    FUNNEL_KEY_BYTES = 21,
    FUNNEL_ROWS_MANY = 16384, /* rows beyond which a batch had better end: see funnel_is_full */
};

/* How far a row counts, either way, and how far rows are added up: the sum of three such sums is a number. */
#define FUNNEL_COUNT_MOST (INT64_C(1) << 53)
#define FUNNEL_SUM_MOST (INT64_C(1) << 60)

/* What events name and neither the site nor their decision knows; no name that a site could give. */
#define FUNNEL_OTHER TEXT("(other)")

/* What a customer can do with a stage. */
enum funnel_move { FUNNEL_ENTERED, FUNNEL_ADVANCED, FUNNEL_DROPPED, FUNNEL_MOVES };

/* Whose counters these are; without bytes: no such thing. No offer: the stage's own. */
struct funnel_names {
    struct text journey, stage, offer, placement;
};

/* One row, or what is to be added to it. Of a stage `moves` counts, of an offer `touches` and `value`. */
struct funnel_row {
    uint32_t day; /* yyyymmdd in the site's time zone */
    struct funnel_names names;
    int64_t moves[FUNNEL_MOVES];
    int64_t touches[TOUCH_KINDS];
    double value; /* sum of what conversions were worth */
};

struct funnel_delta;

struct funnel {
    struct arena arena;           /* deltas with their names, and what is made of them at the end */
    struct funnel_delta **places; /* by key: open addressing, linear probing; owned; NULL: an empty place */
    struct funnel_delta **deltas; /* sorted by key when funnel_keys was called; owned */
    size_t count;                 /* of deltas */
    size_t room;                  /* for deltas; there are twice as many places, a power of two */
    struct text *keys;            /* made by funnel_keys; in the arena */
    struct store_write *writes;   /* made by funnel_settle; in the arena */
    struct buffer values;         /* what the writes point to */
    size_t damaged;               /* rows of the store that could not be read and begin anew */
    bool failed;                  /* memory ran out: something was not counted, funnel_settle says so */
};

void funnel_create(struct funnel *funnel);
void funnel_destroy(struct funnel *funnel);

/* Counts one customer; `count` is 1, or -1 to take back what was counted before. Names are copied. */
void funnel_move(struct funnel *funnel, uint32_t day, struct text journey, struct text stage,
                 enum funnel_move move, int count);

/*
 * Counts what happened to an offer (where none is named: nothing); `value` is what a conversion was worth, 0
 * else. Names are copied.
 */
void funnel_touch(struct funnel *funnel, uint32_t day, const struct funnel_names *names,
                  enum touch_kind touch, double value);

/* Adds a whole row, of any day. Names are copied. */
void funnel_add(struct funnel *funnel, const struct funnel_row *row);

/* True where something was collected for that row. */
bool funnel_has(const struct funnel *funnel, uint32_t day, const struct funnel_names *names);

/* What was collected for one row, of `count`; live until funnel_clear. Their order is that of funnel_keys. */
const struct funnel_row *funnel_row_at(const struct funnel *funnel, size_t index);

/* True where the batch should be brought to an end. Counting goes on to work. */
bool funnel_is_full(const struct funnel *funnel);

/*
 * Keys of all rows touched, ascending, to be read before funnel_settle; NULL when there are none, or memory
 * is out, which funnel_settle says. Live until funnel_clear.
 */
const struct text *funnel_keys(struct funnel *funnel, size_t *count);

/*
 * Adds what the store has to what was collected: `values` are those of funnel_keys, in their order. The
 * writes live until funnel_clear; their number is that of the keys. NULL (ERROR_INTERNAL) when memory was
 * out.
 */
const struct store_write *funnel_settle(struct funnel *funnel, const struct text *values,
                                        struct error *error);

/* Forgets everything; keeps memory for the next batch. */
void funnel_clear(struct funnel *funnel);

/* ---- Rows as they are kept: funnel_row.c ---- */

void funnel_row_key(uint32_t day, const struct funnel_names *names, char key[FUNNEL_KEY_BYTES]);
void funnel_row_encode(const struct funnel_row *row, struct buffer *out);

/* Names point into `value`. Elements behind those that are known are passed over. False for no row. */
MUST_CHECK bool funnel_row_decode(struct funnel_row *row, struct text key, struct text value,
                                  struct error *error);

#endif

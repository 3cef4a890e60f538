/*
 * How many of an offer are left: each decision promises a unit, its impression takes it, time gives it back.
 *
 * Under 's' stands how many were shown and how many are promised. Each promise has its own key 'r', which
 * stays for a while after the impression came, so that the same impression counts once. An impression whose
 * promise was given back already is counted still: what was shown was shown.
 */
#ifndef SENDA_LEDGER_STOCK_H
#define SENDA_LEDGER_STOCK_H

#include "ledger/work.h"

struct stock_count {
    uint64_t confirmed; /* shown */
    uint64_t reserved;  /* promised, and not yet shown */
};

/* Reads a value; both 0 for what is none. Their sum is what it is, whatever the store says. */
struct stock_count stock_count_decode(struct text value);

/* Has an offer's count read, which all below need. */
struct entry *stock_want(struct work *work, struct text offer);

/* The promise of one unit. */
struct entry *stock_promise(struct work *work, int64_t clock_us, uint64_t seed, struct text offer);

/* The same, to be read. */
struct entry *stock_want_promise(struct work *work, int64_t clock_us, uint64_t seed, struct text offer);

/* Promises one, unless it was done before. */
void stock_reserve(struct work *work, struct entry *promise, struct entry *stock, struct text offer);

/* One was shown; the promise may be NULL (not known). `stocked`: counts even if it was not promised. */
void stock_show(struct work *work, struct entry *promise, struct entry *stock, bool stocked);

/* Nothing was shown for it yet; it may be NULL. */
bool stock_is_open(const struct entry *promise);

/* The offer of a promise; no bytes where there is none. */
struct text stock_promised(const struct entry *promise);

/* Forgets a promise, and gives back what was not shown. The offer's count must have been read. */
void stock_release(struct work *work, struct entry *promise);

#endif

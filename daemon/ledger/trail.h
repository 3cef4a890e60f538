/* Finding a customer's decisions that the store still knows of, and what they promised. */
#ifndef SENDA_LEDGER_TRAIL_H
#define SENDA_LEDGER_TRAIL_H

#include "ledger/work.h"

/*
 * Has the decisions read that the customer's history tells of, from that moment on, with the units of stock
 * that they promised: they hang at the document then, beside those of this batch.
 */
void trail_collect(struct work *work, struct document *document, int64_t from_ms);

/*
 * The oldest unit of the offer's stock that was promised to them and not shown yet, of a decision from that
 * moment on; NULL: none is known.
 */
struct entry *trail_find_promise(const struct document *document, struct text offer, int64_t from_ms);

#endif

/*
 * Writing down a decision as the log alone has it, in the shape that recommend_reply.h gives to one.
 *
 * The log keeps ids, gates, strategies and numbers. What else is told of an offer is what the present site
 * says of it; reasons are worded from gates and strategies, and say that they are.
 */
#ifndef SENDA_FLOW_LOGGED_REPLY_H
#define SENDA_FLOW_LOGGED_REPLY_H

#include "base/buffer.h"
#include "catalogue/snapshot.h"
#include "model/record.h"

/* The list of items; `snapshot` NULL: there is no site. Of offers that it does not have, what only it could
 * tell is nil. */
void logged_reply_items(const struct record *record, const struct snapshot *snapshot, struct buffer *out);

/* The trace: of offers that passed all gates of data, and of fallbacks that were shown. */
void logged_reply_trace(const struct record *record, struct buffer *out);

#endif

/*
 * Writing down a decision as the log alone has it, in the shape that recommend_reply.h gives to one.
 *
 * The log keeps ids, gates, strategies and numbers. What else is told of an offer is what the present site
 * says of it; reasons are worded from gates and strategies, and say that they are.
 */
#ifndef SENDA_FLOW_LOGGED_REPLY_H
#define SENDA_FLOW_LOGGED_REPLY_H

#include <msgpack/object.h>
#include <msgpack/zone.h>

#include "base/buffer.h"
#include "catalogue/snapshot.h"
#include "model/record.h"

enum { LOGGED_REPLY_HEAD_FIELDS = 12 /* pairs that logged_reply_head writes */ };

/* Id, time, for whom, where, by which site and strategy. */
void logged_reply_head(const struct record *record, struct buffer *out);

/* Decodes the request into `zone`. False where none is kept, or *failed: memory is out. */
MUST_CHECK bool logged_reply_read_request(const struct record *record, msgpack_zone *zone,
                                          msgpack_object *request, bool *failed);

/*
 * All that the log has of it and that is the customer's: a map of the head, `request` in plain form, and the
 * items as they are logged. Nothing is taken from the site. `zone` is for the request.
 */
void logged_reply_decision(const struct record *record, msgpack_zone *zone, struct buffer *out);

/* The list of items; `snapshot` NULL: there is no site. Of offers that it does not have, what only it could
 * tell is nil. */
void logged_reply_items(const struct record *record, const struct snapshot *snapshot, struct buffer *out);

/* The trace: of offers that passed all gates of data, and of fallbacks that were shown. */
void logged_reply_trace(const struct record *record, struct buffer *out);

#endif

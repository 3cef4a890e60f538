/*
 * The methods that need the ledger: asked now, answered when it has written down, or may be read from.
 */
#ifndef SENDA_FLOW_REMEMBER_H
#define SENDA_FLOW_REMEMBER_H

#include "flow/flow.h"
#include "wire/method.h"

/*
 * Sends what `arguments` ask for to the ledger. On success flow->asked is who waits for it; or NULL, where
 * the answer stands in `out` already.
 */
MUST_CHECK bool remember_ask(struct flow *flow, const struct flow_peer *peer, uint32_t message_id,
                             enum method_id method, const struct arguments *arguments, struct buffer *out,
                             struct error *error);

/* The same for a batch: every element is sent, or refused, alone. `out` NULL: a notification, and nothing is
 * kept of what became of them. */
MUST_CHECK bool remember_ask_batch(struct flow *flow, const struct flow_peer *peer, uint32_t message_id,
                                   enum method_id method, const msgpack_object_array *batch,
                                   struct buffer *out, struct error *error);

/*
 * Notes the outcome of one command of `waiting`. When it was the last one: true, the whole response is in
 * `out`, and `waiting` is to be freed; unless it is answered in steps, and was handed to flow->jobs. Where
 * nobody waits any more, no response is made, in steps or otherwise.
 */
bool remember_take(struct flow *flow, struct waiting *waiting, uint32_t part, const struct outcome *outcome,
                   struct buffer *out);

#endif

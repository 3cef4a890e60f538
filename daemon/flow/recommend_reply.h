/* Writing down a decision as the result of recommend. */
#ifndef SENDA_FLOW_RECOMMEND_REPLY_H
#define SENDA_FLOW_RECOMMEND_REPLY_H

#include "base/buffer.h"
#include "decide/decision.h"
#include "decide/situation.h"
#include "model/decision_id.h"

/* Bytes of a result in front of the decision's name, which has DECISION_ID_LENGTH. */
enum { RECOMMEND_REPLY_NAME_AT = 11 };

/* The decision's name, see model/decision_id.h. */
void decision_id(const struct snapshot *snapshot, const struct situation *situation,
                 char out[DECISION_ID_LENGTH + 1]);

/* `known`: the store has the customer. */
void recommend_reply(const struct snapshot *snapshot, const struct situation *situation,
                     const struct decision *decision, bool known, struct buffer *out);

/* The list of items alone, and that of the trace. */
void recommend_reply_items(const struct snapshot *snapshot, const struct situation *situation,
                           const struct decision *decision, struct buffer *out);
void recommend_reply_traces(const struct snapshot *snapshot, const struct decision *decision,
                            struct buffer *out);

#endif

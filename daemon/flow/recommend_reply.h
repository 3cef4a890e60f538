/* Writing down a decision as the result of recommend. */
#ifndef SENDA_FLOW_RECOMMEND_REPLY_H
#define SENDA_FLOW_RECOMMEND_REPLY_H

#include "base/buffer.h"
#include "decide/decision.h"
#include "decide/situation.h"

enum { DECISION_ID_LENGTH = 27 }; /* base64url of clock (8), seed (8) and site version (4 bytes) */

/* The decision's name: a function of clock, seed and site, so that a replay gives the same. NUL-terminated.
 */
void decision_id(const struct snapshot *snapshot, const struct situation *situation,
                 char out[DECISION_ID_LENGTH + 1]);

void recommend_reply(const struct snapshot *snapshot, const struct situation *situation,
                     const struct decision *decision, struct buffer *out);

#endif

/* explain: a decision as it was taken, with its trace. */
#ifndef SENDA_FLOW_EXPLAIN_H
#define SENDA_FLOW_EXPLAIN_H

#include "flow/flow.h"

/* Appends the decision; ERROR_NOT_FOUND where the log does not have it (any more). */
MUST_CHECK bool explain_answer(struct flow *flow, struct text decision, struct buffer *out,
                               struct error *error);

#endif

/* explain: a decision as it was taken, with its trace. */
#ifndef SENDA_FLOW_EXPLAIN_H
#define SENDA_FLOW_EXPLAIN_H

#include "flow/flow.h"

/* Appends the decision of that record. */
MUST_CHECK bool explain_answer(struct flow *flow, struct text record, struct buffer *out,
                               struct error *error);

#endif

/* recommend: from arguments to a situation, and from a decision to the reply. */
#ifndef SENDA_FLOW_RECOMMEND_H
#define SENDA_FLOW_RECOMMEND_H

#include "flow/flow.h"
#include "wire/method.h"

/* Appends the result's value to `out` (which holds the envelope already); false with the error, nothing
 * appended. */
MUST_CHECK bool recommend_answer(struct flow *flow, const struct arguments *arguments, struct buffer *out,
                                 struct error *error);

#endif

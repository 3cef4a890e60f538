/* recommend: from arguments to a situation, and from a decision to the reply. */
#ifndef SENDA_FLOW_RECOMMEND_H
#define SENDA_FLOW_RECOMMEND_H

#include "flow/flow.h"
#include "wire/method.h"

/* Appends the result's value to `out` (which holds the envelope already); false with the error, nothing
 * appended. */
MUST_CHECK bool recommend_answer(struct flow *flow, const struct arguments *arguments, struct buffer *out,
                                 struct error *error);

/*
 * Appends the answer to a request that came before, if it would be the same but for its name; counts and
 * records it like any other. `request` is the arguments as they came. False: it has to be decided.
 */
bool recommend_again(struct flow *flow, struct text request, struct buffer *out);

#endif

/* recommend, answered from memory: the answers that are kept, and giving them again. */
#ifndef SENDA_FLOW_RECOMMEND_AGAIN_H
#define SENDA_FLOW_RECOMMEND_AGAIN_H

#include "flow/flow.h"

/*
 * Appends the answer to a request that came before, if it would be the same but for its name; counts and
 * records it like any other. `request` is the arguments as they came. False: it has to be decided.
 */
bool recommend_again(struct flow *flow, struct text request, struct buffer *out);

/*
 * Keeps the answer to flow->request if the same bytes may be answered with it again. The decision must be a
 * real one, which claimed nothing and would not be another with more or less of a stock. `reply` is the
 * result's value.
 */
void recommend_keep(struct flow *flow, const struct situation *situation, const struct decision *decision,
                    struct text reply);

#endif

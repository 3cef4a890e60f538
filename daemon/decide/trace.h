/* The trace of an explained decision: for each offer that the placement could show, the gate that stopped it.
 */
#ifndef SENDA_DECIDE_TRACE_H
#define SENDA_DECIDE_TRACE_H

#include "decide/decider.h"

/* Passes every offer through the gates that data decides. */
void trace_begin(struct decider *decider, const struct situation *situation, struct decision *out);

/* Notes what a strategy said of the candidates, `asked` false: it has no functions, or there is no strategy.
 */
void trace_strategy(struct decider *decider, const struct hooks_call *call, bool asked);

/*
 * An offer was wanted as the placement's fallback and could not be it: what stopped it is told, in place of
 * the gates that it does not have to pass for that.
 */
void trace_fallback(struct decider *decider, const struct situation *situation, uint32_t offer);

/* Marks what was chosen, and what was outranked. */
void trace_finish(struct decider *decider, struct decision *out);

#endif

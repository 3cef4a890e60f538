/* What scripts did wrong, told to who runs the daemon. */
#ifndef SENDA_FLOW_FAILURE_REPORT_H
#define SENDA_FLOW_FAILURE_REPORT_H

#include "flow/flow.h"

/*
 * Logs and counts what went wrong in the decision that the flow's engine took last, which was for this
 * situation: the operator gets the reason that the visitor does not, with file, line, strategy and decision.
 */
void failure_report(struct flow *flow, const struct situation *situation);

#endif

/* stats: what all processes counted, and what this one knows of the site. */
#ifndef SENDA_FLOW_STATS_H
#define SENDA_FLOW_STATS_H

#include "flow/flow.h"

/* Appends the result's value. */
void stats_answer(struct flow *flow, struct buffer *out);

#endif

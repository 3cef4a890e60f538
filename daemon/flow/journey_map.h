/* journey.map: the stages of a journey, and how customers went through them. */
#ifndef SENDA_FLOW_JOURNEY_MAP_H
#define SENDA_FLOW_JOURNEY_MAP_H

#include "flow/flow.h"
#include "wire/method.h"

/* Keeps the days asked for in `waiting`, until the answer is due. */
MUST_CHECK bool journey_map_read_days(struct flow *flow, const struct arguments *arguments,
                                      struct waiting *waiting, struct error *error);

/* Appends the map; waiting->subject is the journey, or nothing for the default one. */
MUST_CHECK bool journey_map_answer(struct flow *flow, const struct waiting *waiting, struct buffer *out,
                                   struct error *error);

#endif

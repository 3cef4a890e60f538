/* journey.map: what is asked for, and beginning to read it. */
#ifndef SENDA_FLOW_JOURNEY_MAP_H
#define SENDA_FLOW_JOURNEY_MAP_H

#include "flow/flow.h"
#include "ledger/map.h"
#include "wire/method.h"

/* Keeps the days asked for in `waiting`, until the answer is due. */
MUST_CHECK bool journey_map_read_days(struct flow *flow, const struct arguments *arguments,
                                      struct waiting *waiting, struct error *error);

/* Begins to read the map; waiting->subject is the journey, or nothing for the default one. NULL on failure.
 * The site is borrowed. */
struct map_reading *journey_map_begin(const struct flow *flow, const struct waiting *waiting,
                                      struct error *error);

#endif

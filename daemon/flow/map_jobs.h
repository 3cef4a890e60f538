/*
 * Maps that are being read. A long window of a large site has many rows, which are read in small steps, one
 * map after the other, so that nobody else waits for more than a step.
 */
#ifndef SENDA_FLOW_MAP_JOBS_H
#define SENDA_FLOW_MAP_JOBS_H

#include "base/buffer.h"
#include "flow/waiting.h"

struct flow;
struct map_job;

/* Zeroed: none. */
struct map_jobs {
    struct map_job *first, *last; /* owned; NULL: none */
};

void map_jobs_destroy(struct map_jobs *jobs);

/* Takes over who waits for the map; false, and nothing is taken over, when memory is out. */
MUST_CHECK bool map_jobs_add(struct map_jobs *jobs, struct waiting *waiting);

/* There is another site: what is being read begins anew. */
void map_jobs_restart(struct map_jobs *jobs);

/* Whoever is gone is not answered. */
void map_jobs_disown(struct map_jobs *jobs, const void *owner);

/* Reads on for the one whose turn it is. When that was its last step: who waited, to be freed, and the whole
 * response is in `out`; else NULL. There has to be one. */
struct waiting *map_jobs_step(struct map_jobs *jobs, struct flow *flow, struct buffer *out);

#endif

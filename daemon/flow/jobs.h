/*
 * Requests that take longer than others may be kept waiting. They are answered in small steps, one request
 * after the other, so that nobody else waits for more than a step.
 */
#ifndef SENDA_FLOW_JOBS_H
#define SENDA_FLOW_JOBS_H

#include "base/buffer.h"
#include "flow/waiting.h"

enum { JOBS_HEAVY_MOST = 4 /* of one kind, under way at once */ };

struct flow;
struct job;

/* A queue of them. */
struct job_list {
    struct job *first, *last; /* owned; NULL: none */
};

/* Zeroed: none. */
struct jobs {
    struct job_list turns; /* under way, or to be begun with their next turn */
    /* By method: heavy ones that wait until another one is over; empty unless there are as many. */
    struct job_list later[METHOD_COUNT];
    size_t heavy[METHOD_COUNT]; /* by method: of the heavy ones, in `turns` */
};

void jobs_destroy(struct jobs *jobs);

/* Whether requests for it are answered so. */
bool jobs_answer(enum method_id method);

/* Takes over who waits; false, and nothing is taken over, where the method is not answered so, or memory is
 * out. */
MUST_CHECK bool jobs_add(struct jobs *jobs, struct waiting *waiting);

/* There is another site: what was read with the one before begins anew. */
void jobs_restart(struct jobs *jobs);

/* Whoever is gone is not answered: their jobs are dropped, and take no turns from others. */
void jobs_disown(struct jobs *jobs, const void *owner);

bool jobs_are_there(const struct jobs *jobs);

/* A step for the one whose turn it is. When that was its last: who waited, to be freed, and the whole
 * response is in `out`; else NULL. There has to be one. */
struct waiting *jobs_step(struct jobs *jobs, struct flow *flow, struct buffer *out);

#endif

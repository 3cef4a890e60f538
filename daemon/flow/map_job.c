/* A scan of the store in each step; see map_job.h. */
#include "flow/map_job.h"

#include "flow/flow.h"
#include "flow/journey_map.h"
#include "flow/map_reply.h"

static void *begin(struct flow *flow, const struct waiting *waiting, struct error *error)
{
    return journey_map_begin(flow, waiting, error);
}

/* A step under way. */
struct stepping {
    const struct flow *flow;
    struct buffer *out;
    struct error *error;
    enum job_step step; /* what came of it */
};

static void step_cb(void *context, const struct map *map, const struct error *error)
{
    struct stepping *stepping = context;
    if (error != NULL) {
        *stepping->error = *error;
        stepping->step = JOB_STEP_FAILED;
    } else if (map != NULL) {
        map_reply(engine_snapshot(stepping->flow->engine), map, stepping->out);
        stepping->step = JOB_STEP_DONE;
    }
}

static enum job_step step(void *work, struct flow *flow, struct buffer *out, struct error *error)
{
    struct stepping stepping = {flow, out, error, JOB_STEP_MORE};
    struct store *store = recall_store(flow->recall);
    if (store == NULL) {
        error_set(error, ERROR_UNAVAILABLE, "what happened cannot be read now");
        return JOB_STEP_FAILED;
    }
    map_reading_step(work, store, step_cb, &stepping);
    return stepping.step;
}

static void free_reading(void *work)
{
    map_reading_free(work);
}

const struct job_kind map_job_kind = {.begin = begin, .step = step, .free = free_reading, .of_site = true};

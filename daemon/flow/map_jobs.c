/* A queue: who had a step goes to its end. */
#include "flow/map_jobs.h"

#include <stdlib.h>

#include "flow/flow.h"
#include "flow/journey_map.h"
#include "flow/map_reply.h"
#include "wire/reply.h"

struct map_job {
    struct map_job *next;
    struct waiting *waiting;     /* owned */
    struct map_reading *reading; /* owned; NULL: to be begun */
};

static struct map_job *take_first(struct map_jobs *jobs)
{
    struct map_job *job = jobs->first;
    jobs->first = job->next;
    job->next = NULL;
    return job;
}

static void append(struct map_jobs *jobs, struct map_job *job)
{
    if (jobs->first == NULL)
        jobs->first = job;
    else
        jobs->last->next = job;
    jobs->last = job;
}

/* Who waited for it. */
static struct waiting *end(struct map_job *job)
{
    struct waiting *waiting = job->waiting;
    map_reading_free(job->reading);
    free(job);
    return waiting;
}

void map_jobs_destroy(struct map_jobs *jobs)
{
    while (jobs->first != NULL)
        waiting_free(end(take_first(jobs)));
}

bool map_jobs_add(struct map_jobs *jobs, struct waiting *waiting)
{
    struct map_job *job = calloc(1, sizeof *job);
    if (job == NULL)
        return false;
    job->waiting = waiting;
    append(jobs, job);
    return true;
}

void map_jobs_restart(struct map_jobs *jobs)
{
    for (struct map_job *job = jobs->first; job != NULL; job = job->next) {
        map_reading_free(job->reading);
        job->reading = NULL;
    }
}

void map_jobs_disown(struct map_jobs *jobs, const void *owner)
{
    for (struct map_job *job = jobs->first; job != NULL; job = job->next)
        if (job->waiting->owner == owner)
            job->waiting->owner = NULL;
}

/* A step under way. */
struct stepping {
    struct flow *flow;
    struct map_job *job;
    struct buffer *out;
    bool over; /* the response is in `out` */
};

static void refuse(struct stepping *stepping, const struct error *error)
{
    const struct waiting *waiting = stepping->job->waiting;
    reply_error(stepping->out, waiting->message_id, waiting->peer.errors, error);
    stepping->over = true;
}

static void step_cb(void *context, const struct map *map, const struct error *error)
{
    struct stepping *stepping = context;
    if (error != NULL) {
        refuse(stepping, error);
    } else if (map != NULL) {
        reply_begin(stepping->out, stepping->job->waiting->message_id);
        map_reply(engine_snapshot(stepping->flow->engine), map, stepping->out);
        stepping->over = true;
    }
}

static void step(struct stepping *stepping)
{
    struct map_job *job = stepping->job;
    struct error error;
    struct store *store = recall_store(stepping->flow->recall);
    if (store == NULL)
        error_set(&error, ERROR_UNAVAILABLE, "what happened cannot be read now");
    else if (job->reading == NULL)
        job->reading = journey_map_begin(stepping->flow, job->waiting, &error);
    if (store == NULL || job->reading == NULL)
        refuse(stepping, &error);
    else
        map_reading_step(job->reading, store, step_cb, stepping);
}

struct waiting *map_jobs_step(struct map_jobs *jobs, struct flow *flow, struct buffer *out)
{
    struct stepping stepping = {.flow = flow, .job = take_first(jobs), .out = out};
    bool wanted = stepping.job->waiting->owner != NULL;
    if (wanted)
        step(&stepping);
    if (!wanted || stepping.over)
        return end(stepping.job);
    append(jobs, stepping.job);
    return NULL;
}

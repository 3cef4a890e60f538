/* A queue: who had a step goes to its end. */
#include "flow/jobs.h"

#include <stdlib.h>

#include "flow/explain_job.h"
#include "flow/export_job.h"
#include "flow/map_job.h"
#include "wire/reply.h"

struct job {
    struct job *next;
    const struct job_kind *kind;
    struct waiting *waiting; /* owned */
    void *work;              /* the kind's; owned; NULL: to be begun */
};

/* NULL: it is answered at once. */
static const struct job_kind *kind_of(enum method_id method)
{
    if (method == METHOD_JOURNEY_MAP)
        return &map_job_kind;
    if (method == METHOD_EXPLAIN)
        return &explain_job_kind;
    return method == METHOD_PROFILE_EXPORT ? &export_job_kind : NULL;
}

bool jobs_answer(enum method_id method)
{
    return kind_of(method) != NULL;
}

bool jobs_are_there(const struct jobs *jobs)
{
    return jobs->turns.first != NULL;
}

/* ---- Lists ---- */

static struct job *take_first(struct job_list *list)
{
    struct job *job = list->first;
    list->first = job->next;
    job->next = NULL;
    return job;
}

static void append(struct job_list *list, struct job *job)
{
    if (list->first == NULL)
        list->first = job;
    else
        list->last->next = job;
    list->last = job;
}

static void forget_work(struct job *job)
{
    if (job->work != NULL)
        job->kind->free(job->work);
    job->work = NULL;
}

/* Who waited for it. */
static struct waiting *free_job(struct job *job)
{
    struct waiting *waiting = job->waiting;
    forget_work(job);
    free(job);
    return waiting;
}

static void destroy_list(struct job_list *list)
{
    while (list->first != NULL)
        waiting_free(free_job(take_first(list)));
}

void jobs_destroy(struct jobs *jobs)
{
    destroy_list(&jobs->turns);
    for (size_t i = 0; i < METHOD_COUNT; i++)
        destroy_list(&jobs->later[i]);
}

void jobs_restart(struct jobs *jobs)
{
    for (struct job *job = jobs->turns.first; job != NULL; job = job->next)
        if (job->kind->of_site)
            forget_work(job);
}

/* ---- Coming and going ---- */

static void admit(struct jobs *jobs, struct job *job)
{
    jobs->heavy[job->waiting->method] += job->kind->heavy;
    append(&jobs->turns, job);
}

bool jobs_add(struct jobs *jobs, struct waiting *waiting)
{
    const struct job_kind *kind = kind_of(waiting->method);
    struct job *job = kind == NULL ? NULL : calloc(1, sizeof *job);
    if (job == NULL)
        return false;
    job->kind = kind;
    job->waiting = waiting;
    if (kind->heavy && jobs->heavy[waiting->method] == JOBS_HEAVY_MOST)
        append(&jobs->later[waiting->method], job);
    else
        admit(jobs, job);
    return true;
}

/* It was taken out of the list; a heavy one makes room for the next. */
static struct waiting *end(struct jobs *jobs, struct job *job)
{
    bool heavy = job->kind->heavy;
    struct waiting *waiting = free_job(job);
    struct job_list *later = &jobs->later[waiting->method];
    jobs->heavy[waiting->method] -= heavy;
    if (heavy && later->first != NULL)
        admit(jobs, take_first(later));
    return waiting;
}

/* ---- Who is gone ---- */

/* Takes this owner's out of the list; the others keep their order. */
static struct job_list take_owned(struct job_list *list, const void *owner)
{
    struct job_list all = *list, owned = {NULL, NULL};
    *list = (struct job_list){NULL, NULL};
    while (all.first != NULL) {
        struct job *job = take_first(&all);
        append(job->waiting->owner == owner ? &owned : list, job);
    }
    return owned;
}

/* Those that wait go first, so that none of them gets the room of one that was under way. */
void jobs_disown(struct jobs *jobs, const void *owner)
{
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        struct job_list later = take_owned(&jobs->later[i], owner);
        destroy_list(&later);
    }
    struct job_list turns = take_owned(&jobs->turns, owner);
    while (turns.first != NULL)
        waiting_free(end(jobs, take_first(&turns)));
}

/* ---- Steps ---- */

static enum job_step take_step(struct job *job, struct flow *flow, struct buffer *out, struct error *error)
{
    if (job->work == NULL)
        job->work = job->kind->begin(flow, job->waiting, error);
    return job->work == NULL ? JOB_STEP_FAILED : job->kind->step(job->work, flow, out, error);
}

/* True where that was the last one. */
static bool go_on(struct job *job, struct flow *flow, struct buffer *out)
{
    const struct waiting *waiting = job->waiting;
    struct error error;
    size_t before = out->length;
    reply_begin(out, waiting->message_id);
    switch (take_step(job, flow, out, &error)) {
    case JOB_STEP_DONE:
        return true;
    case JOB_STEP_FAILED:
        out->length = before;
        reply_error(out, waiting->message_id, waiting->peer.errors, &error);
        return true;
    case JOB_STEP_ANEW:
        forget_work(job);
        break;
    case JOB_STEP_MORE:
        break;
    }
    out->length = before;
    return false;
}

struct waiting *jobs_step(struct jobs *jobs, struct flow *flow, struct buffer *out)
{
    struct job *job = take_first(&jobs->turns);
    if (go_on(job, flow, out))
        return end(jobs, job);
    append(&jobs->turns, job);
    return NULL;
}

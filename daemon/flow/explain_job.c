/* The log first, then the decision in the same step as it was found; see explain_job.h. */
#include "flow/explain_job.h"

#include <stdlib.h>

#include "decisionlog/log_search.h"
#include "flow/explain.h"
#include "flow/flow.h"

#define UNREAD "the log of decisions cannot be read: " /* so that nobody knows whether it is there */

enum { STEP_BYTES = 1 << 20 /* of the log, looked through in one step */ };

struct explain_job {
    char shown[200]; /* the decision's id, for messages */
    struct log_search search;
};

static void free_job(void *work)
{
    struct explain_job *job = work;
    log_search_destroy(&job->search);
    free(job);
}

static void refuse_unlogged(const struct explain_job *job, struct error *error)
{
    error_set(error, ERROR_NOT_FOUND, "decision: the log of decisions does not have '%s'", job->shown);
}

/* False, and there is nothing to be given back. */
static bool begin_search(struct explain_job *job, const char *directory, struct text asked,
                         struct error *error)
{
    struct decision_id id;
    text_escape(asked, job->shown, sizeof job->shown);
    if (!decision_id_read(asked, &id))
        return error_set(error, ERROR_NOT_FOUND, "decision: no decision '%s'", job->shown);
    bool begun = log_search_create(&job->search, directory, &id, error);
    if (!begun && error->code == ERROR_NOT_FOUND)
        refuse_unlogged(job, error);
    else if (!begun && error->code == ERROR_UNAVAILABLE)
        error_prefix(error, UNREAD);
    return begun;
}

static void *begin(struct flow *flow, const struct waiting *waiting, struct error *error)
{
    struct explain_job *job = malloc(sizeof *job);
    if (job == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    if (begin_search(job, flow->recall->directory, waiting->subject, error))
        return job;
    free(job);
    return NULL;
}

static enum job_step tell(struct flow *flow, const struct buffer *record, struct buffer *out,
                          struct error *error)
{
    bool told = explain_answer(flow, (struct text){record->bytes, record->length}, out, error);
    return told ? JOB_STEP_DONE : JOB_STEP_FAILED;
}

static enum job_step step(void *work, struct flow *flow, struct buffer *out, struct error *error)
{
    struct explain_job *job = work;
    enum job_step came = JOB_STEP_FAILED;
    struct buffer record;
    buffer_create(&record);
    switch (log_search_step(&job->search, STEP_BYTES, &record)) {
    case LOG_SEARCHING_FOUND:
        came = tell(flow, &record, out, error);
        break;
    case LOG_SEARCHING_MORE:
        came = JOB_STEP_MORE;
        break;
    case LOG_SEARCHING_OVER:
        refuse_unlogged(job, error);
        break;
    case LOG_SEARCHING_UNREAD:
        error_set(error, ERROR_UNAVAILABLE, UNREAD "%s", job->search.problem.message);
        break;
    case LOG_SEARCHING_FAILED:
        error_set(error, ERROR_INTERNAL, "memory is out");
        break;
    }
    buffer_destroy(&record);
    return came;
}

const struct job_kind explain_job_kind = {.begin = begin, .step = step, .free = free_job, .heavy = true};

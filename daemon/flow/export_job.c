/* The customer first, then the log, then a look whether they are there still; see export_job.h. */
#include "flow/export_job.h"

#include <stdlib.h>

#include "decisionlog/log_reader.h"
#include "flow/flow.h"
#include "flow/logged_list.h"
#include "flow/profile_reply.h"
#include "wire/reply.h"

enum {
    STEP_BYTES = 1 << 20, /* of the log, looked at in one step */
    STEP_DECISIONS = 256, /* told in one step at most */
    OWN_BLOCK = 1024,     /* of memory for ids */
    RECORD_BLOCK = 16 * 1024,
    FIELDS = 2, /* pairs besides what the store holds */
};

struct export_job {
    struct arena own;         /* of the ids */
    struct text asked;        /* the id in the request */
    bool known;               /* the store had them; else the log may have an id that never got further */
    int64_t created_ms;       /* of what the store had */
    uint64_t revision;        /* likewise */
    struct text id;           /* their own */
    struct text *ids;         /* all that they are known by, but for those that the log is forgetting */
    size_t id_count;          /* of these */
    struct buffer profile;    /* the beginning of the result: what the store had */
    bool logged;              /* there is a log, and `reader` is to be destroyed */
    struct log_reader reader; /* of their decisions */
    struct error problem;     /* why a part of the log could not be read; ERROR_NONE: it could */
    struct arena arena;       /* of the record at hand */
    struct logged_list decisions;
};

static void free_job(void *work)
{
    struct export_job *job = work;
    if (job->logged)
        log_reader_destroy(&job->reader);
    logged_list_destroy(&job->decisions);
    buffer_destroy(&job->profile);
    arena_destroy(&job->arena);
    arena_destroy(&job->own);
    free(job);
}

/* ---- The customer ---- */

static bool copy_text(struct export_job *job, struct text text, struct text *copy)
{
    *copy = (struct text){arena_copy(&job->own, text.bytes, text.length), text.length};
    return copy->bytes != NULL;
}

/* What was decided under an id that is being erased is not theirs any more, even if it can still be read. */
static bool add_id(struct export_job *job, struct recall *recall, struct text id, struct error *error)
{
    bool erased;
    if (!recall_is_being_erased(recall, id, &erased))
        return error_set(error, ERROR_UNAVAILABLE, "customers cannot be read now");
    if (erased)
        return true;
    return copy_text(job, id, &job->ids[job->id_count++]) ||
           error_set(error, ERROR_INTERNAL, "out of memory");
}

static bool note_ids(struct export_job *job, struct recall *recall, const struct customer *customer,
                     struct error *error)
{
    job->ids = arena_allocate(&job->own, (customer->alias_count + 1) * sizeof *job->ids);
    if (job->ids == NULL || !copy_text(job, customer->id, &job->id))
        return error_set(error, ERROR_INTERNAL, "out of memory");
    bool whole = add_id(job, recall, customer->id, error);
    for (uint32_t i = 0; whole && i < customer->alias_count; i++)
        whole = add_id(job, recall, customer->aliases[i], error);
    return whole;
}

/* Of an id that the store does not have nothing is held but what the log may have. */
static bool note_customer(struct export_job *job, struct recall *recall, struct error *error)
{
    struct customer customer;
    switch (recall_find(recall, job->asked, &customer)) {
    case RECALL_FOUND:
        job->known = true;
        break;
    case RECALL_UNKNOWN:
        customer = (struct customer){.id = job->asked};
        break;
    case RECALL_UNAVAILABLE:
        return error_set(error, ERROR_UNAVAILABLE, "customers cannot be read now");
    }
    job->created_ms = customer.created_ms;
    job->revision = customer.revision;
    profile_reply_export(&customer, FIELDS, &job->profile);
    if (job->profile.failed)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    return note_ids(job, recall, &customer, error);
}

/* ---- The log ---- */

/* Damaged bytes are nobody's any more; what cannot be read now may be theirs. */
static void damaged_cb(void *context, const struct log_damage *damage)
{
    struct export_job *job = context;
    if (damage->problem != NULL && job->problem.code == ERROR_NONE)
        error_set(&job->problem, ERROR_UNAVAILABLE, "the log of decisions cannot be read: %s",
                  damage->problem);
}

static bool open_log(struct export_job *job, const struct recall *recall, struct error *error)
{
    struct error problem;
    struct log_query query = LOG_QUERY_ALL;
    if (job->id_count == 0)
        return true;
    query.customers = job->ids;
    query.customer_count = job->id_count;
    job->logged = log_reader_create(&job->reader, recall->directory, &query, damaged_cb, job, &problem);
    if (job->logged)
        log_reader_stop_here(&job->reader);
    else if (problem.code != ERROR_NOT_FOUND)
        *error = problem;
    return job->logged || problem.code == ERROR_NOT_FOUND;
}

static void *begin(struct flow *flow, const struct waiting *waiting, struct error *error)
{
    struct export_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    arena_create(&job->own, OWN_BLOCK);
    arena_create(&job->arena, RECORD_BLOCK);
    logged_list_create(&job->decisions);
    bool begun =
        copy_text(job, waiting->subject, &job->asked) || error_set(error, ERROR_INTERNAL, "out of memory");
    if (begun && note_customer(job, flow->recall, error) && open_log(job, flow->recall, error))
        return job;
    free_job(job);
    return NULL;
}

/* A record that is none is passed over, as damaged bytes are. */
static bool add(struct export_job *job, struct flow *flow, struct text bytes, struct error *error)
{
    struct record record;
    arena_clear(&job->arena);
    if (!record_decode(&record, &job->arena, bytes, error))
        return error->code == ERROR_INVALID;
    return logged_list_add(&job->decisions, &record, &flow->zone, error);
}

/* A bounded part of the log; *over: that was the last. */
static bool read_on(struct export_job *job, struct flow *flow, bool *over, struct error *error)
{
    uint64_t bytes = STEP_BYTES;
    struct text record;
    enum log_reading reading = job->logged ? LOG_READING_RECORD : LOG_READING_END;
    for (int i = 0; reading == LOG_READING_RECORD && i < STEP_DECISIONS; i++) {
        reading = log_reader_step(&job->reader, &bytes, &record);
        if (reading == LOG_READING_RECORD && !add(job, flow, record, error))
            return false;
    }
    *over = reading == LOG_READING_END;
    if (job->problem.code != ERROR_NONE)
        *error = job->problem;
    return job->problem.code == ERROR_NONE;
}

/* ---- The end ---- */

static bool is_the_same(const struct export_job *job, const struct customer *customer)
{
    return job->known && text_equal(customer->id, job->id) && customer->created_ms == job->created_ms &&
           customer->revision >= job->revision;
}

static void put_result(struct export_job *job, struct buffer *out)
{
    buffer_append(out, job->profile.bytes, job->profile.length);
    reply_word(out, "decisions");
    logged_list_put(&job->decisions, out);
    reply_word(out, "decisions_left_out");
    reply_number(out, (double)job->decisions.left_out);
}

/* Whether they are who they were; false: it failed, as *step and the error say, or has to be begun anew. */
static bool is_there_still(struct export_job *job, struct recall *recall, enum job_step *step,
                           struct error *error)
{
    struct customer customer;
    *step = JOB_STEP_FAILED;
    switch (recall_find(recall, job->asked, &customer)) {
    case RECALL_FOUND:
        *step = JOB_STEP_ANEW;
        return is_the_same(job, &customer);
    case RECALL_UNKNOWN:
        return (!job->known && job->decisions.count > 0) || recall_refuse(job->asked, error);
    case RECALL_UNAVAILABLE:
        break;
    }
    return error_set(error, ERROR_UNAVAILABLE, "customers cannot be read now");
}

/* As above. */
static bool is_not_erased(const struct export_job *job, struct recall *recall, enum job_step *step,
                          struct error *error)
{
    bool erased = false, good = true;
    for (size_t i = 0; good && !erased && i < job->id_count; i++)
        good = recall_is_being_erased(recall, job->ids[i], &erased);
    *step = good ? JOB_STEP_ANEW : JOB_STEP_FAILED;
    return good ? !erased : error_set(error, ERROR_UNAVAILABLE, "customers cannot be read now");
}

/* Nothing is handed over of whom has been erased meanwhile. */
static enum job_step finish(struct export_job *job, struct flow *flow, struct buffer *out,
                            struct error *error)
{
    enum job_step step;
    if (!is_not_erased(job, flow->recall, &step, error) || !is_there_still(job, flow->recall, &step, error))
        return step;
    put_result(job, out);
    return JOB_STEP_DONE;
}

static enum job_step step(void *work, struct flow *flow, struct buffer *out, struct error *error)
{
    struct export_job *job = work;
    bool over;
    if (!read_on(job, flow, &over, error))
        return JOB_STEP_FAILED;
    return over ? finish(job, flow, out, error) : JOB_STEP_MORE;
}

const struct job_kind export_job_kind = {.begin = begin, .step = step, .free = free_job, .heavy = true};

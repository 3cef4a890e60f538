/* Commands on their way to the ledger, and what is answered when their outcome is there. */
#include "flow/remember.h"

#include "base/clock.h"
#include "flow/command_build.h"
#include "flow/journey_map.h"
#include "flow/outcome_reply.h"
#include "flow/profile_reply.h"
#include "wire/value.h"

enum { PACKED_KEPT = 64 * 1024 };

/* What only reads waits for what was written before, if anything is written at all. */
static bool only_reads(enum method_id method)
{
    return method_get(method)->flags & METHOD_ONLY_READS;
}

static const struct snapshot *site_of(const struct flow *flow)
{
    return flow->engine == NULL ? NULL : engine_snapshot(flow->engine);
}

/* Who or what the answer will be about: the first argument of each method but one. */
static struct text subject_of(enum method_id method, const struct arguments *arguments)
{
    const msgpack_object *value = arguments->values[method == METHOD_IDENTIFY ? (int)IDENTIFY_customer : 0];
    struct text subject = {NULL, 0};
    if (value != NULL && method != METHOD_TRACK)
        value_text(value, &subject);
    return subject;
}

static bool answer_profile(struct flow *flow, const struct waiting *waiting, struct buffer *out,
                           struct error *error)
{
    struct customer customer;
    switch (recall_find(flow->recall, waiting->subject, &customer)) {
    case RECALL_FOUND:
        break;
    case RECALL_UNKNOWN:
        return recall_refuse(waiting->subject, error);
    case RECALL_UNAVAILABLE:
        return error_set(error, ERROR_UNAVAILABLE, "customers cannot be read now");
    }
    profile_reply_get(&customer, site_of(flow), out);
    return true;
}

/* The result's value for a command that was carried out. */
static bool answer(struct flow *flow, const struct waiting *waiting, const struct outcome *outcome,
                   struct buffer *out, struct error *error)
{
    switch (waiting->method) {
    case METHOD_TRACK:
        outcome_reply_track(outcome, out);
        return true;
    case METHOD_IDENTIFY:
        outcome_reply_identify(outcome, waiting->subject, out);
        return true;
    case METHOD_PROFILE_ERASE:
        outcome_reply_erase(outcome, waiting->subject, out);
        return true;
    case METHOD_PROFILE_GET:
    case METHOD_PROFILE_SET:
    case METHOD_PROFILE_RESTRICT:
        return answer_profile(flow, waiting, out, error);
    case METHOD_EXPLAIN:
    case METHOD_PROFILE_EXPORT:
    case METHOD_JOURNEY_MAP: /* in steps; but for those there was no memory */
        return error_set(error, ERROR_INTERNAL, "out of memory");
    case METHOD_RECOMMEND:
    case METHOD_STATS:
    case METHOD_PING:
    case METHOD_HELLO:
    case METHOD_AUTH:
    case METHOD_RELOAD:
    case METHOD_COUNT:
        break;
    }
    return error_set(error, ERROR_INTERNAL, "a method that is answered elsewhere");
}

/* What only reads is answered also while nothing can be written: by what was written before. */
static bool is_refused(const struct waiting *waiting, const struct outcome *outcome)
{
    return outcome->code != ERROR_NONE &&
           !(only_reads(waiting->method) && outcome->code == ERROR_UNAVAILABLE);
}

static void respond(struct flow *flow, const struct waiting *waiting, const struct outcome *outcome,
                    struct buffer *out)
{
    struct error error;
    size_t before = out->length;
    if (is_refused(waiting, outcome)) {
        reply_failure(out, waiting->message_id, waiting->peer.errors, outcome->code, outcome->payload);
        return;
    }
    reply_begin(out, waiting->message_id);
    if (answer(flow, waiting, outcome, out, &error))
        return;
    out->length = before;
    reply_error(out, waiting->message_id, waiting->peer.errors, &error);
}

/* ---- Batches ---- */

static void note_part(struct waiting *waiting, uint32_t part, size_t begin)
{
    waiting->parts[part] =
        (struct waiting_part){(uint32_t)begin, (uint32_t)(waiting->results.length - begin)};
}

static void refuse_part(struct waiting *waiting, uint32_t part, enum error_code code, struct text message)
{
    size_t begin = waiting->results.length;
    outcome_reply_refused(waiting->peer.errors, code, message, &waiting->results);
    note_part(waiting, part, begin);
}

static void take_part(struct waiting *waiting, uint32_t part, const struct outcome *outcome)
{
    size_t begin = waiting->results.length;
    if (outcome->code != ERROR_NONE) {
        refuse_part(waiting, part, outcome->code, outcome->payload);
        return;
    }
    outcome_reply_element(waiting->peer.errors, outcome, &waiting->results);
    note_part(waiting, part, begin);
}

static void put_parts(const struct waiting *waiting, struct buffer *out)
{
    reply_array(out, waiting->part_count);
    for (uint32_t i = 0; i < waiting->part_count; i++)
        buffer_append(out, waiting->results.bytes + waiting->parts[i].offset, waiting->parts[i].length);
    out->failed |= waiting->results.failed;
}

/* Some are answered in steps from here on; false where it is not, and the answer is due. */
static bool goes_on(struct flow *flow, struct waiting *waiting, const struct outcome *outcome)
{
    return !is_refused(waiting, outcome) && jobs_add(&flow->jobs, waiting);
}

bool remember_take(struct flow *flow, struct waiting *waiting, uint32_t part, const struct outcome *outcome,
                   struct buffer *out)
{
    if (waiting->owner == NULL)
        return --waiting->left == 0;
    if (waiting->batch)
        take_part(waiting, part, outcome);
    if (--waiting->left > 0 || goes_on(flow, waiting, outcome))
        return false;
    if (waiting->batch) {
        reply_begin(out, waiting->message_id);
        put_parts(waiting, out);
    } else {
        respond(flow, waiting, outcome, out);
    }
    return true;
}

/* ---- Asking ---- */

static bool require_memory(const struct flow *flow, struct error *error)
{
    return flow->recall != NULL ||
           error_set(error, ERROR_UNAVAILABLE,
                     "this daemon remembers nothing: it was started without a folder for its state");
}

static bool send_command(struct flow *flow, struct waiting *waiting, const struct arguments *arguments,
                         uint64_t *ticket, struct error *error)
{
    struct command command;
    buffer_clear(&flow->packed, PACKED_KEPT);
    if (!command_build(waiting->method, arguments, site_of(flow), clock_wall_us() / 1000, &flow->packed,
                       &command, error) ||
        !link_send(&flow->recall->link, &command, ticket, error))
        return false;
    waiting->bytes += command_size(&command);
    return true;
}

/* Days as numbers are kept for when the answer is due: the message is gone by then. */
static struct waiting *make_waiting(struct flow *flow, const struct flow_peer *peer, uint32_t message_id,
                                    enum method_id method, const struct arguments *arguments,
                                    struct error *error)
{
    struct waiting *waiting = waiting_new(method, peer, message_id, subject_of(method, arguments), 0);
    if (waiting == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    waiting->since_ms = clock_coarse_ms();
    if (method != METHOD_JOURNEY_MAP || journey_map_read_days(flow, arguments, waiting, error))
        return waiting;
    waiting_free(waiting);
    return NULL;
}

static bool wait_for(struct flow *flow, struct waiting *waiting, const struct arguments *arguments,
                     struct error *error)
{
    uint64_t ticket;
    if (!waiting_queue_reserve(&flow->waiting, 1))
        return error_set(error, ERROR_INTERNAL, "out of memory");
    if (!send_command(flow, waiting, arguments, &ticket, error))
        return false;
    waiting_queue_add(&flow->waiting, ticket, waiting, 0);
    flow->asked = waiting;
    return true;
}

/* Without asking the ledger; false where the method is not answered in steps, or memory is out. */
static bool read_in_steps(struct flow *flow, struct waiting *waiting)
{
    if (!jobs_add(&flow->jobs, waiting))
        return false;
    flow->asked = waiting;
    return true;
}

bool remember_ask(struct flow *flow, const struct flow_peer *peer, uint32_t message_id, enum method_id method,
                  const struct arguments *arguments, struct buffer *out, struct error *error)
{
    flow->asked = NULL;
    if (!require_memory(flow, error))
        return false;
    struct waiting *waiting = make_waiting(flow, peer, message_id, method, arguments, error);
    if (waiting == NULL)
        return false;
    bool at_once = only_reads(method) && !link_is_served(&flow->recall->link);
    if (at_once ? read_in_steps(flow, waiting) : wait_for(flow, waiting, arguments, error))
        return true;
    bool answered = at_once && answer(flow, waiting, &(struct outcome){.accepted = true}, out, error);
    waiting_free(waiting);
    return answered;
}

static bool send_part(struct flow *flow, struct waiting *waiting, uint32_t part,
                      const msgpack_object *element, struct error *error)
{
    struct arguments arguments;
    uint64_t ticket;
    if (!method_read_element(waiting->method, element, &arguments, error) ||
        !send_command(flow, waiting, &arguments, &ticket, error))
        return false;
    waiting_queue_add(&flow->waiting, ticket, waiting, part);
    return true;
}

/* Sends what can be sent of it; what is refused is answered for, if somebody wants to know. */
static void send_parts(struct flow *flow, struct waiting *waiting, const msgpack_object_array *batch)
{
    struct error refusal;
    for (uint32_t i = 0; i < batch->size; i++)
        if (!send_part(flow, waiting, i, &batch->ptr[i], &refusal) && waiting->batch)
            refuse_part(waiting, i, refusal.code, text_from(refusal.message));
    waiting->kept = waiting->results.capacity;
}

bool remember_ask_batch(struct flow *flow, const struct flow_peer *peer, uint32_t message_id,
                        enum method_id method, const msgpack_object_array *batch, struct buffer *out,
                        struct error *error)
{
    flow->asked = NULL;
    if (!require_memory(flow, error))
        return false;
    struct waiting *waiting =
        waiting_new(method, peer, message_id, (struct text){NULL, 0}, out == NULL ? 0 : batch->size);
    if (waiting == NULL || !waiting_queue_reserve(&flow->waiting, batch->size)) {
        if (waiting != NULL)
            waiting_free(waiting);
        return error_set(error, ERROR_INTERNAL, "out of memory");
    }
    waiting->since_ms = clock_coarse_ms();
    send_parts(flow, waiting, batch);
    if (waiting->left > 0) {
        flow->asked = waiting;
        return true;
    }
    if (out != NULL)
        put_parts(waiting, out);
    waiting_free(waiting);
    return true;
}

/* From a message to its answer: one dispatch for every method. */
#include "flow/flow.h"

#include <msgpack/unpack.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"
#include "flow/recommend.h"
#include "flow/recommend_again.h"
#include "flow/remember.h"
#include "flow/rights.h"
#include "flow/stats.h"
#include "wire/method.h"
#include "wire/peek.h"
#include "wire/value.h"

enum {
    EXPECT_BYTES = 4096, /* of what came that are looked at for whom to read */
    ZONE_CHUNK = 16 * 1024,
    MOST_EXCLUDED = 4096,
};

/* The request being answered. */
struct handling {
    struct flow *flow;
    struct flow_peer *peer;
    const struct frame_scanner *scanner;
    const uint8_t *bytes; /* the whole message */
    size_t length;        /* of these */
    struct buffer *out;
    struct arguments *arguments; /* on the stack of handle() */
    enum flow_outcome outcome;
};

static bool create_memory(struct flow *flow)
{
    const struct flow_options *options = &flow->options;
    if (options->shared == NULL)
        return true;
    flow->recall = malloc(sizeof *flow->recall);
    if (flow->recall == NULL)
        return false;
    recall_create(flow->recall, options->shared, options->worker, options->state, options->reserve_ms);
    return true;
}

static void destroy_memory(struct flow *flow)
{
    waiting_queue_destroy(&flow->waiting);
    jobs_destroy(&flow->jobs);
    buffer_destroy(&flow->packed);
    if (flow->recall != NULL)
        recall_destroy(flow->recall);
    free(flow->recall);
}

bool flow_create(struct flow *flow, const struct flow_options *options, struct error *error)
{
    *flow = (struct flow){.options = *options, .started_ms = clock_monotonic_ms()};
    if (getrandom(&flow->seeds.value, sizeof flow->seeds.value, 0) != sizeof flow->seeds.value)
        return error_set_errno(error, "no random numbers");
    flow->excluded = calloc(MOST_EXCLUDED, sizeof *flow->excluded);
    waiting_queue_create(&flow->waiting);
    if (flow->excluded != NULL && create_memory(flow) && msgpack_zone_init(&flow->zone, ZONE_CHUNK))
        return true;
    destroy_memory(flow);
    free(flow->excluded);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

void flow_destroy(struct flow *flow)
{
    msgpack_zone_destroy(&flow->zone);
    destroy_memory(flow);
    free(flow->excluded);
    free(flow->attempts);
}

struct engine *flow_set_engine(struct flow *flow, struct engine *engine)
{
    struct engine *before = flow->engine;
    jobs_restart(&flow->jobs);
    flow->engine = engine;
    return before;
}

static void put_single(struct buffer *out, const char *key, bool value)
{
    reply_map(out, 1);
    reply_text(out, text_from(key));
    reply_bool(out, value);
}

/* A token waits its turn before it is looked at, so that a right one is not known by its quick answer. */
static bool answer_auth(struct handling *handling, struct error *error)
{
    struct flow *flow = handling->flow;
    struct text shown;
    flow->was_secret = true;
    if (!value_text(handling->arguments->values[AUTH_token], &shown))
        return error_set(error, ERROR_INVALID, "token: expected text");
    if (rights_must_wait(flow, handling->peer)) {
        handling->outcome = FLOW_LATER;
        return true;
    }
    bool admitted = rights_show(flow, handling->peer, shown, error);
    if (!admitted && rights_are_lost(flow, handling->peer))
        handling->outcome = FLOW_CLOSE;
    if (admitted)
        put_single(handling->out, "authorized", true);
    return admitted;
}

static bool read_error_form(const msgpack_object *value, enum reply_errors *form, struct error *error)
{
    struct text text;
    char shown[40];
    if (!value_text(value, &text))
        return error_set(error, ERROR_INVALID, "errors: expected text");
    if (!text_equal(text, TEXT("text")) && !text_equal(text, TEXT("pair")))
        return error_set(error, ERROR_INVALID, "errors: expected 'text' or 'pair', got '%s'",
                         text_escape(text, shown, sizeof shown));
    *form = text_equal(text, TEXT("pair")) ? REPLY_ERRORS_PAIR : REPLY_ERRORS_TEXT;
    return true;
}

/* Those that are not UNAUTHORIZED. */
static void put_methods(struct buffer *out, enum scope scope)
{
    const struct method *allowed[METHOD_COUNT];
    uint32_t count = 0;
    for (int i = 0; i < METHOD_COUNT; i++)
        if (method_get((enum method_id)i)->scope <= scope)
            allowed[count++] = method_get((enum method_id)i);
    reply_array(out, count);
    for (uint32_t i = 0; i < count; i++)
        reply_text(out, text_from(allowed[i]->name));
}

static bool answer_hello(struct handling *handling, struct error *error)
{
    const msgpack_object *errors = handling->arguments->values[HELLO_errors];
    struct flow *flow = handling->flow;
    struct buffer *out = handling->out;
    if (errors != NULL && !read_error_form(errors, &handling->peer->errors, error))
        return false;
    reply_map(out, 5);
    reply_word(out, "server");
    reply_word(out, "senda");
    reply_word(out, "version");
    reply_text(out, text_from(SENDA_VERSION));
    reply_word(out, "site");
    reply_text_or_nil(out, flow->engine == NULL ? (struct text){NULL, 0}
                                                : text_from(engine_version(flow->engine)));
    reply_word(out, "scope");
    reply_text(out, text_from(scope_name(handling->peer->scope)));
    reply_word(out, "methods");
    put_methods(out, handling->peer->scope);
    return true;
}

static bool answer_reload(struct handling *handling, struct error *error)
{
    struct flow *flow = handling->flow;
    if (flow->options.reload == NULL || !flow->options.reload(flow->options.context, flow->tickets + 1))
        return error_set(error, ERROR_UNAVAILABLE, "the supervisor cannot be asked now");
    flow->tickets++;
    handling->outcome = FLOW_PENDING;
    return true;
}

static bool note_asked(struct handling *handling)
{
    if (handling->flow->asked != NULL)
        handling->outcome = FLOW_WAITING;
    return true;
}

/* A notification that only reads is not begun: there is nobody to be told what was read. */
static bool ask_memory(struct handling *handling, enum method_id method, struct error *error)
{
    if (handling->scanner->type != 0 && (method_get(method)->flags & METHOD_ONLY_READS))
        return true;
    return remember_ask(handling->flow, handling->peer, handling->scanner->message_id, method,
                        handling->arguments, handling->out, error) &&
           note_asked(handling);
}

/* Appends the result's value; false where the answer is an error. */
static bool answer(struct handling *handling, enum method_id method, struct error *error)
{
    switch (method) {
    case METHOD_RECOMMEND:
        return recommend_answer(handling->flow, handling->arguments, handling->out, error);
    case METHOD_TRACK:
    case METHOD_IDENTIFY:
    case METHOD_PROFILE_GET:
    case METHOD_PROFILE_SET:
    case METHOD_PROFILE_RESTRICT:
    case METHOD_PROFILE_ERASE:
    case METHOD_PROFILE_EXPORT:
    case METHOD_EXPLAIN:
    case METHOD_JOURNEY_MAP:
        return ask_memory(handling, method, error);
    case METHOD_STATS:
        stats_answer(handling->flow, handling->out);
        return true;
    case METHOD_PING:
        put_single(handling->out, "pong", true);
        return true;
    case METHOD_HELLO:
        return answer_hello(handling, error);
    case METHOD_AUTH:
        return answer_auth(handling, error);
    case METHOD_RELOAD:
        return answer_reload(handling, error);
    case METHOD_COUNT:
        break;
    }
    return error_set(error, ERROR_INTERNAL, "a method without an answer");
}

static bool find_method(const struct handling *handling, struct text name, enum method_id *id,
                        struct error *error)
{
    struct error unknown;
    bool found = method_find(name, id, &unknown);
    if (!rights_check(handling->flow, handling->peer, found ? method_get(*id) : NULL, error))
        return false;
    if (!found)
        *error = unknown;
    return found;
}

/*
 * Arguments are the message's last element, so they stand behind the method's name; a list of one map is kept
 * as that map.
 */
static void note_request(const struct handling *handling, struct text name)
{
    enum { LIST_OF_ONE = 0x91 };
    const char *end = (const char *)handling->bytes + handling->length;
    handling->flow->request = (struct text){NULL, 0};
    if (name.length == 0) /* it may have no place: the decoder points nowhere */
        return;
    const char *begin = name.bytes + name.length;
    if (begin < end && (unsigned char)*begin == LIST_OF_ONE)
        begin++;
    handling->flow->request = (struct text){begin, (size_t)(end - begin)};
}

/* Method and parameters of a request or notification; the scanner has seen that it is one. */
static bool read_call(const struct handling *handling, const msgpack_object *message, struct text *name,
                      const msgpack_object **params, struct error *error)
{
    const msgpack_object *elements = message->via.array.ptr;
    uint32_t at = handling->scanner->type == 0 ? 2 : 1;
    if (!value_text(&elements[at], name))
        return error_set(error, ERROR_INVALID, "method: expected text, got %s",
                         value_type_name(&elements[at]));
    if (!text_is_utf8(*name))
        return error_set(error, ERROR_INVALID, "method: not well-formed UTF-8");
    *params = &elements[at + 1];
    note_request(handling, *name);
    return true;
}

static bool decode(struct flow *flow, const uint8_t *bytes, size_t length, msgpack_object *message,
                   struct error *error)
{
    size_t offset = 0;
    msgpack_unpack_return status = msgpack_unpack((const char *)bytes, length, &offset, &flow->zone, message);
    if (status == MSGPACK_UNPACK_SUCCESS)
        return true;
    return error_set(error, status == MSGPACK_UNPACK_NOMEM_ERROR ? ERROR_INTERNAL : ERROR_INVALID,
                     status == MSGPACK_UNPACK_NOMEM_ERROR ? "out of memory" : "message: not MessagePack");
}

static bool answer_batch(struct handling *handling, enum method_id method, const msgpack_object_array *batch,
                         struct error *error)
{
    struct buffer *out = handling->scanner->type == 0 ? handling->out : NULL;
    return remember_ask_batch(handling->flow, handling->peer, handling->scanner->message_id, method, batch,
                              out, error) &&
           note_asked(handling);
}

static bool answer_single(struct handling *handling, enum method_id method, const msgpack_object *params,
                          struct error *error)
{
    struct arguments arguments;
    handling->arguments = &arguments;
    bool answered =
        method_read_arguments(method, params, &arguments, error) && answer(handling, method, error);
    handling->arguments = NULL;
    return answered;
}

/* Answers a request of which every byte is known from before, without decoding it. */
static bool answer_again(struct handling *handling)
{
    struct text name;
    struct error error;
    if (handling->scanner->type != 0 || !peek_method(handling->bytes, handling->length, 0, &name) ||
        !text_equal(name, text_from(method_get(METHOD_RECOMMEND)->name)) ||
        !rights_check(handling->flow, handling->peer, method_get(METHOD_RECOMMEND), &error))
        return false;
    note_request(handling, name);
    return recommend_again(handling->flow, handling->flow->request, handling->out);
}

static bool handle(struct handling *handling, const uint8_t *bytes, size_t length, struct error *error)
{
    msgpack_object message;
    const msgpack_object *params = NULL;
    struct text name = {NULL, 0};
    enum method_id method;
    if (answer_again(handling))
        return true;
    if (!decode(handling->flow, bytes, length, &message, error) ||
        !read_call(handling, &message, &name, &params, error) || !find_method(handling, name, &method, error))
        return false;
    const msgpack_object_array *batch = method_find_batch(method, params);
    return batch != NULL ? answer_batch(handling, method, batch, error)
                         : answer_single(handling, method, params, error);
}

static struct metrics_slot *own_slot(struct flow *flow)
{
    return &flow->options.slots[flow->options.own_slot];
}

/*
 * An answer that there was no memory for is replaced by one that says so; where there is none for that
 * either, the buffer stays failed, and the connection has to be closed.
 */
static void answer_without_memory(struct handling *handling, size_t before)
{
    const struct error error = {ERROR_INTERNAL, "out of memory for the answer"};
    handling->out->failed = false;
    handling->out->length = before;
    if (handling->scanner->type == 0 && handling->outcome == FLOW_DONE)
        reply_error(handling->out, handling->scanner->message_id, handling->peer->errors, &error);
}

enum flow_outcome flow_handle(struct flow *flow, struct flow_peer *peer, const struct frame_scanner *scanner,
                              const uint8_t *bytes, size_t length, struct buffer *out)
{
    struct error error;
    struct handling handling = {.flow = flow,
                                .peer = peer,
                                .scanner = scanner,
                                .bytes = bytes,
                                .length = length,
                                .out = out,
                                .outcome = FLOW_DONE};
    size_t before = out->length;
    flow->was_secret = false;
    if (scanner->type == 1)
        return FLOW_DONE; /* a response: nothing was asked */
    metrics_add(own_slot(flow), METRICS_requests, 1);
    if (scanner->type == 0)
        reply_begin(out, scanner->message_id);
    bool answered = handle(&handling, bytes, length, &error);
    if (!answered)
        metrics_add(own_slot(flow), METRICS_errors, 1);
    if (scanner->type != 0 || !answered || handling.outcome != FLOW_DONE)
        out->length = before;
    if (scanner->type == 0 && !answered)
        reply_error(out, scanner->message_id, peer->errors, &error);
    if (handling.outcome == FLOW_LATER)
        metrics_add(own_slot(flow), METRICS_requests, UINT64_MAX);
    if (scanner->type != 0 && (handling.outcome == FLOW_PENDING || handling.outcome == FLOW_WAITING))
        handling.outcome = FLOW_DONE;
    if (out->failed)
        answer_without_memory(&handling, before);
    msgpack_zone_clear(&flow->zone);
    return handling.outcome;
}

size_t flow_expect(struct flow *flow, const uint8_t *bytes, size_t length)
{
    struct text ids[RECALL_EXPECTED_MOST];
    size_t seen = length < EXPECT_BYTES ? length : EXPECT_BYTES;
    if (flow->recall == NULL || !recall_is_far(flow->recall))
        return length;
    size_t count = peek_customers(bytes, seen, ids, RECALL_EXPECTED_MOST, &seen);
    recall_expect(flow->recall, ids, count);
    return seen;
}

void flow_flush(struct flow *flow)
{
    if (flow->recall != NULL)
        link_flush(&flow->recall->link);
}

int flow_wake_fd(const struct flow *flow)
{
    return flow->recall == NULL ? -1 : link_wake_fd(&flow->recall->link);
}

bool flow_is_crowded(const struct flow *flow, uint32_t commands, size_t bytes)
{
    return flow->recall != NULL && link_is_crowded(&flow->recall->link, commands, bytes);
}

void flow_refuse(struct flow *flow, const struct flow_peer *peer, const struct frame_scanner *scanner,
                 struct buffer *out)
{
    struct error error;
    char message[160];
    bool malformed = scanner->fault == FRAME_FAULT_ENVELOPE || scanner->fault == FRAME_FAULT_FORMAT ||
                     scanner->fault == FRAME_FAULT_NO_ARRAY;
    error_set(&error, malformed ? ERROR_INVALID : ERROR_TOO_LARGE, "%s",
              frame_fault_message(scanner, message, sizeof message));
    metrics_add(own_slot(flow), METRICS_requests, 1);
    metrics_add(own_slot(flow), METRICS_errors, 1);
    reply_error(out, scanner->message_id, peer->errors, &error);
}

bool flow_is_for_any_time(const struct frame_scanner *scanner, const uint8_t *bytes)
{
    struct text name;
    enum method_id id;
    return peek_method(bytes, scanner->position, scanner->type, &name) && method_find_exactly(name, &id) &&
           (method_get(id)->flags & METHOD_WHEN_OVERLOADED);
}

void flow_turn_away(struct flow *flow, const struct flow_peer *peer, const struct frame_scanner *scanner,
                    const struct error *error, struct buffer *out)
{
    metrics_add(own_slot(flow), METRICS_requests, 1);
    if (scanner->type != 0) {
        metrics_add(own_slot(flow), METRICS_notifications_dropped, 1);
        return;
    }
    metrics_add(own_slot(flow), METRICS_errors, 1);
    reply_error(out, scanner->message_id, peer->errors, error);
}

void flow_answer_reload(const struct flow_peer *peer, uint32_t id, bool reloaded, const char *text,
                        struct buffer *out)
{
    if (!reloaded) {
        reply_failure(out, id, peer->errors, ERROR_INVALID, text_from(text));
        return;
    }
    reply_begin(out, id);
    reply_map(out, 1);
    reply_word(out, "version");
    reply_text(out, text_from(text));
}

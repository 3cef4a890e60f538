/* flow: requests of every method while memory runs out, in the worker's part and in the ledger's. */
#include "../scarce_points.h"
#include "remembering.h"

enum { FILLED = 512 /* bytes of arguments at most */, SUITE_STEP = 3 /* at length all are tried */ };

/*
 * A request; # in its arguments is a number that no other has, $ a decision that was taken. Where it changes
 * something and was acknowledged, profile.get of `who` says `proof`.
 */
struct asking {
    const char *method;
    const char *arguments;
    const char *event;       /* id of an event of ada's that it tells, which may be told again; NULL: none */
    const char *who, *proof; /* NULL: nothing is to be seen of it */
};

static const struct asking askings[] = {
    {"recommend", "{'placement': 'hero'}", NULL, NULL, NULL},
    {"recommend", "{'placement': 'hero', 'dry_run': true, 'explain': true}", NULL, NULL, NULL},
    {"recommend", "{'placement': 'hero', 'customer': 'ada', 'explain': true}", NULL, NULL, NULL},
    {"recommend", "{'placement': 'hero', 'customer': 'ada', 'traits': {'bicycle': true}}", NULL, NULL, NULL},
    {"recommend", "{'placement': 'list', 'stage': 'choosing', 'context': {'dice': true}}", NULL, NULL, NULL},
    {"recommend", "{'placement': 'list', 'stage': 'failing', 'explain': true}", NULL, NULL, NULL},
    {"track", "{'event': 'page_view', 'customer': 'ada', 'id': 'one-#'}", "one-#", NULL, NULL},
    {"track", "{'event': 'impression', 'offer': 'guide', 'customer': 'ada', 'id': 'two-#'}", "two-#", NULL,
     NULL},
    {"track", "{'event': 'page_view', 'id': 'nobody-#', 'properties': {'a': 1, 'b': 'text'}}", NULL, NULL,
     NULL},
    {"track",
     "[{'event': 'page_view', 'customer': 'ada', 'id': 'many-#'}, {'event': 'look', 'customer': 'bo'},"
     " {'event': 'look', 'customer': 'cy', 'value': 5}, {'event': 7}]",
     "many-#", NULL, NULL},
    {"identify", "{'anonymous': 'visitor-#', 'customer': 'ada'}", NULL, "visitor-#", "\"ada\""},
    {"profile.set",
     "{'customer': 'ada', 'traits': {'shoes': #, 'bicycle': true}, 'stage': 'choosing',"
     " 'consents': {'marketing': true}}",
     NULL, "ada", "\"shoes\"=>#}"},
    {"profile.set", "{'customer': 'fay-#', 'traits': {'shoes': 1}}", NULL, "fay-#", "\"shoes\""},
    {"profile.get", "{'customer': 'ada'}", NULL, NULL, NULL},
    {"profile.export", "{'customer': 'ada'}", NULL, NULL, NULL},
    {"profile.restrict", "{'customer': 'dee-#', 'restricted': true}", NULL, "dee-#", "\"restricted\"=>true"},
    {"profile.erase", "{'customer': 'ada'}", NULL, "ada", "NOT_FOUND"},
    {"explain", "{'decision': '$'}", NULL, NULL, NULL},
    {"journey.map", "{}", NULL, NULL, NULL},
    {"stats", "{}", NULL, NULL, NULL},
    {"hello", "{'errors': 'text'}", NULL, NULL, NULL},
    {"ping", "{}", NULL, NULL, NULL},
    {"auth", "{'token': 'x'}", NULL, NULL, NULL},
    {"reload", "{}", NULL, NULL, NULL},
    {"nonsense", "{}", NULL, NULL, NULL},
};

struct scarcity {
    struct remembering *r;
    const struct asking *asking;
    bool cold;         /* each attempt with a flow and a ledger that have done nothing yet */
    unsigned number;   /* of the attempt */
    char decision[64]; /* one that was taken */
    bool learns;       /* the attempt is for `usual` */
    char usual[32];    /* code of the error that is answered while there is memory; "": none */
    double entered;    /* that the map said last, of all stages */
    uint32_t exported; /* decisions that profile.export tells of while there is memory */
    bool failed;       /* the last response could not even be put together */
};

static void give(void *context, const struct waiting *waiting, const struct buffer *response)
{
    struct scarcity *s = context;
    (void)waiting;
    s->r->answers++;
    s->failed |= response->failed;
    buffer_append(&s->r->flowing->out, response->bytes, response->length);
}

/* Everything as in a process that has just begun; what is in the store stays there. */
static void make_cold(struct remembering *r)
{
    struct flow_options options = r->flowing->flow.options;
    remembering_kill_ledger(r);
    r->flowing->flow.recall->store = NULL;
    flowing_set_options(r->flowing, options);
    r->flowing->flow.recall->store = r->store;
    remembering_start_ledger(r);
}

static void fill(const struct scarcity *s, const char *pattern, char out[FILLED])
{
    size_t used = 0;
    for (; *pattern != '\0' && used < FILLED - 1; pattern++) {
        if (*pattern == '#')
            used += (size_t)snprintf(out + used, FILLED - used, "%u", s->number);
        else if (*pattern == '$')
            used += (size_t)snprintf(out + used, FILLED - used, "%s", s->decision);
        else
            out[used++] = *pattern;
    }
    assert_true(used < FILLED);
    out[used] = '\0';
}

static void put_request(const struct scarcity *s, struct buffer *message)
{
    char arguments[FILLED];
    fill(s, s->asking->arguments, arguments);
    buffer_create(message);
    request_put(message, ++s->r->flowing->id, s->asking->method, arguments);
}

static void take_answers(struct scarcity *s)
{
    struct flow *flow = &s->r->flowing->flow;
    remembering_take(s->r, give, s);
    while (flow_has_more(flow))
        flow_go_on(flow, give, s);
}

/* The message goes its way, and memory may run out on it. */
static void carry(struct scarcity *s, const struct buffer *message)
{
    struct flowing *flowing = s->r->flowing;
    unsigned answers = s->r->answers;
    buffer_clear(&flowing->out, s->cold ? 0 : SIZE_MAX);
    s->failed = false;
    frame_scanner_create(&flowing->scanner, (struct frame_limits){FLOWING_MOST_BYTES, 16, 4096});
    assert_int_equal(frame_scan(&flowing->scanner, (const uint8_t *)message->bytes, message->length),
                     FRAME_COMPLETE);
    scarce_here();
    flowing->outcome = flow_handle(&flowing->flow, &flowing->peer, &flowing->scanner,
                                   (const uint8_t *)message->bytes, message->length, &flowing->out);
    if (flowing->outcome == FLOW_WAITING)
        flowing->flow.asked->owner = s;
    flow_flush(&flowing->flow);
    ledger_finish(s->r->ledger);
    take_answers(s);
    scarce_over();
    if (flowing->outcome == FLOW_WAITING && s->r->answers == answers) {
        ledger_finish(
            s->r->ledger); /* the ledger had no memory to look at it, and has it in the ring still */
        take_answers(s);
    }
}

/* "INVALID" of an error; no text where there is none. */
static struct text code_of(const msgpack_object *error)
{
    if (error->type != MSGPACK_OBJECT_STR)
        return TEXT("");
    const char *colon = memchr(error->via.str.ptr, ':', error->via.str.size);
    assert_non_null(colon);
    return (struct text){error->via.str.ptr, (size_t)(colon - error->via.str.ptr)};
}

/*
 * True: the answer is the same as always, as far as it is an error or none. Else it says that it is our
 * fault, and that it may be tried again; or it could not even be put together.
 */
static bool judge(struct scarcity *s)
{
    struct flowing *flowing = s->r->flowing;
    s->failed |= flowing->out.failed;
    if (s->failed || flowing->outcome == FLOW_PENDING)
        return !s->failed;
    struct text code = code_of(&flowing_decode(flowing)[2]);
    if (s->learns)
        snprintf(s->usual, sizeof s->usual, "%.*s", (int)code.length, code.bytes);
    if (text_equal(code, text_from(s->usual)))
        return true;
    if (!text_equal(code, TEXT("INTERNAL")) && !text_equal(code, TEXT("UNAVAILABLE")) &&
        !text_equal(code, TEXT("OVERLOADED")))
        fail_msg("%s: '%.*s' because memory was out", s->asking->method, (int)code.length, code.bytes);
    return false;
}

static bool is_acknowledged(struct scarcity *s)
{
    const msgpack_object *result = &s->r->flowing->answer.data.via.array.ptr[3];
    if (result->type == MSGPACK_OBJECT_ARRAY)
        result = element(result, 0);
    return field(result, "accepted")->via.boolean;
}

/*
 * What was acknowledged is there, what was refused at once is not, and what is sent again is not counted
 * twice.
 */
static void check_event(struct scarcity *s, bool answered)
{
    char arguments[FILLED + 64], id[FILLED];
    bool acknowledged = answered && is_acknowledged(s);
    bool refused = !answered && !s->failed && s->r->flowing->outcome == FLOW_DONE;
    fill(s, s->asking->event, id);
    snprintf(arguments, sizeof arguments, "{'event': 'page_view', 'customer': 'ada', 'id': '%s'}", id);
    bool duplicate = field(remembering_ask(s->r, "track", arguments), "duplicate")->via.boolean;
    assert_true(duplicate || !acknowledged);
    assert_false(duplicate && refused);
    assert_true(field(remembering_ask(s->r, "track", arguments), "duplicate")->via.boolean);
}

static void check_change(struct scarcity *s, bool answered)
{
    static char shown[FLOWING_MOST_BYTES];
    char who[FILLED], proof[FILLED], arguments[FILLED + 64];
    if (!answered)
        return;
    fill(s, s->asking->who, who);
    fill(s, s->asking->proof, proof);
    snprintf(arguments, sizeof arguments, "{'customer': '%s'}", who);
    remembering_request(s->r, "profile.get", arguments);
    shown[msgpack_object_print_buffer(shown, sizeof shown - 1, s->r->flowing->answer.data)] = '\0';
    if (strstr(shown, proof) == NULL)
        fail_msg("%s was acknowledged, but there is no %s: %s", s->asking->method, proof, shown);
}

/* What was counted stays counted. */
static void check_map(struct scarcity *s)
{
    const msgpack_object *stages = field(remembering_ask(s->r, "journey.map", "{}"), "stages");
    double entered = 0;
    for (uint32_t i = 0; i < stages->via.array.size; i++)
        entered += number(field(element(stages, i), "entered"));
    assert_true(entered >= s->entered);
    s->entered = entered;
}

/* Of what is handed over nothing is missing. */
static void check_export(struct scarcity *s, bool answered)
{
    if (strcmp(s->asking->method, "profile.export") != 0 || !answered)
        return;
    const msgpack_object *result = &s->r->flowing->answer.data.via.array.ptr[3];
    uint32_t count = field(result, "decisions")->via.array.size;
    if (s->learns)
        s->exported = count;
    assert_true(count > 0);
    assert_int_equal(count, s->exported);
}

static bool attempt(void *context)
{
    struct scarcity *s = context;
    struct buffer message;
    s->number++;
    if (s->cold)
        make_cold(s->r);
    put_request(s, &message);
    carry(s, &message);
    buffer_destroy(&message);
    bool whole = judge(s);
    check_export(s, whole);
    if (s->asking->event != NULL)
        check_event(s, whole);
    if (s->asking->who != NULL)
        check_change(s, whole);
    check_map(s); /* what waited for memory waits no longer: this waits for it */
    return whole;
}

static void note_decision(struct scarcity *s)
{
    const msgpack_object *result =
        remembering_ask(s->r, "recommend", "{'placement': 'hero', 'customer': 'ada'}");
    const msgpack_object *decision = field(result, "decision");
    snprintf(s->decision, sizeof s->decision, "%.*s", (int)decision->via.str.size, decision->via.str.ptr);
    remembering_write(s->r);
}

static int setup(void **state)
{
    struct scarcity *s = calloc(1, sizeof *s);
    if (s == NULL || remembering_setup((void **)&s->r) != 0)
        return -1;
    *state = s;
    return 0;
}

/* In LMDB's files; a process may have them open only once, so the flow reads what the ledger writes to. */
static int setup_lmdb(void **state)
{
    struct error error;
    if (setup(state) != 0)
        return -1;
    struct scarcity *s = *state;
    remembering_kill_ledger(s->r);
    store_close(s->r->store);
    s->r->store = store_lmdb_open(s->r->scratch->state, STORE_WRITER, 1 << 24, &error);
    assert_non_null(s->r->store);
    s->r->flowing->flow.recall->store = s->r->store;
    remembering_start_ledger(s->r);
    return 0;
}

static int teardown(void **state)
{
    struct scarcity *s = *state;
    remembering_teardown((void **)&s->r);
    free(s);
    return 0;
}

static void note_usual(struct scarcity *s)
{
    scarce_point = (struct scarce_point){SCARCE_OFF, 0, 0};
    s->learns = true;
    assert_true(attempt(s));
    s->learns = false;
}

static void try_every_request(struct scarcity *s)
{
    note_decision(s);
    for (size_t i = 0; i < sizeof askings / sizeof *askings; i++) {
        s->asking = &askings[i];
        note_usual(s);
        scarce_try_all(attempt, s, getenv("SENDA_SCARCE_STEP") != NULL ? 1 : SUITE_STEP);
    }
    scarce_assert_no_leak();
}

static void test_flow_scarce_every_request(void **state)
{
    try_every_request(*state);
}

static void test_flow_scarce_first_requests(void **state)
{
    struct scarcity *s = *state;
    s->cold = true;
    try_every_request(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_flow_scarce_every_request, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flow_scarce_every_request, setup_lmdb, teardown),
        cmocka_unit_test_setup_teardown(test_flow_scarce_first_requests, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flow_scarce_first_requests, setup_lmdb, teardown),
    };
    return scarce_report("requests", cmocka_run_group_tests(tests, NULL, NULL));
}

/* flow: dispatch, who may ask, forms of errors, notifications, reload's tickets, and memory that is out. */
#include "flowing.h"

#include "../wire/message_builder.h"

static uint64_t counted(const struct flowing *flowing, enum metrics_counter counter)
{
    return flowing->slots[FLOWING_OWN].values[counter];
}

static void test_flow_echoes_every_message_id(void **state)
{
    struct flowing *flowing = *state;
    static const uint32_t ids[] = {0, 1, 127, 128, 65536, 4294967295U};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        flowing->id = ids[i] - 1;
        assert_true(field(flowing_ask(flowing, "ping", NULL), "pong")->via.boolean);
    }
    assert_int_equal(counted(flowing, METRICS_requests), 6);
    assert_int_equal(counted(flowing, METRICS_errors), 0);
}

static void test_flow_ping_takes_any_arguments(void **state)
{
    struct flowing *flowing = *state;
    flowing_ask(flowing, "ping", "{'anything': [1, {'more': null}]}");
    flowing_ask(flowing, "ping", "7");
}

static void test_flow_names_the_nearest_method(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(flowing_refused(flowing, "recomend", NULL),
                        "UNKNOWN_METHOD: no method 'recomend'; did you mean 'recommend'?");
    assert_string_equal(flowing_refused(flowing, "", NULL), "UNKNOWN_METHOD: no method ''");
    assert_int_equal(counted(flowing, METRICS_requests), 2);
    assert_int_equal(counted(flowing, METRICS_errors), 2);
}

/* [0, 1, <method>, []] with the method's bytes as they are given. */
static const char *refused_method(struct flowing *flowing, struct text method)
{
    static char text[256];
    struct buffer message;
    buffer_create(&message);
    message_put(&message, 3, 0x94, 0x00, 0x01);
    buffer_append(&message, method.bytes, method.length);
    message_put(&message, 1, 0x90);
    flowing->id = 1;
    flowing_send(flowing, &message);
    buffer_destroy(&message);
    const msgpack_object *error = &flowing_decode(flowing)[2];
    snprintf(text, sizeof text, "%.*s", (int)error->via.str.size, error->via.str.ptr);
    return text;
}

static void test_flow_method_is_text_of_either_kind(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(refused_method(flowing, TEXT("\x05")),
                        "INVALID: method: expected text, got a number");
    assert_string_equal(refused_method(flowing, TEXT("\xC0")), "INVALID: method: expected text, got nil");
    assert_string_equal(refused_method(flowing, TEXT("\xA2p\xFF")), "INVALID: method: not well-formed UTF-8");
    refused_method(flowing, TEXT("\xC4\x04ping"));
    assert_int_equal(flowing_decode(flowing)[2].type, MSGPACK_OBJECT_NIL);
}

static void test_flow_refuses_wrong_params(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(flowing_refused(flowing, "stats", "7"),
                        "INVALID: params: expected a map of arguments, got a number");
    assert_string_equal(flowing_refused(flowing, "hello", "{'klient': 'x'}"),
                        "INVALID: klient: unknown argument of hello; did you mean 'client'?");
    flowing_ask(flowing, "stats", "{}");
    flowing_ask(flowing, "stats", "[]");
}

/* ---- Notifications and responses ---- */

static void assert_silent(struct flowing *flowing, const char *method, const char *arguments)
{
    struct buffer message;
    buffer_create(&message);
    request_put_notification(&message, method, arguments);
    flowing_send(flowing, &message);
    buffer_destroy(&message);
    assert_int_equal(flowing->outcome, FLOW_DONE);
    assert_int_equal(flowing->out.length, 0);
}

static void test_flow_notifications_give_no_bytes(void **state)
{
    struct flowing *flowing = *state;
    assert_silent(flowing, "ping", NULL);
    assert_silent(flowing, "recommend", "{'placement': 'hero'}");
    assert_silent(flowing, "recommend", "{'placement': 'nowhere'}");
    assert_silent(flowing, "no_such_method", NULL);
    assert_int_equal(counted(flowing, METRICS_requests), 4);
    assert_int_equal(counted(flowing, METRICS_recommends), 1);
    assert_int_equal(counted(flowing, METRICS_errors), 2);
}

static void test_flow_keeps_what_stood_in_the_buffer(void **state)
{
    struct flowing *flowing = *state;
    struct buffer message;
    buffer_create(&message);
    request_put_notification(&message, "ping", NULL);
    flowing_send(flowing, &message);
    buffer_append(&flowing->out, "before", 6);
    flow_handle(&flowing->flow, &flowing->peer, &flowing->scanner, (uint8_t *)message.bytes, message.length,
                &flowing->out);
    assert_int_equal(flowing->out.length, 6);
    assert_memory_equal(flowing->out.bytes, "before", 6);
    buffer_destroy(&message);
}

static void test_flow_ignores_responses(void **state)
{
    struct flowing *flowing = *state;
    struct buffer message;
    buffer_create(&message);
    message_put(&message, 5, 0x94, 0x01, 0x07, 0xC0, 0xC0);
    flowing_send(flowing, &message);
    buffer_destroy(&message);
    assert_int_equal(flowing->outcome, FLOW_DONE);
    assert_int_equal(flowing->out.length, 0);
    assert_int_equal(counted(flowing, METRICS_requests), 0);
}

/* ---- Who may ask ---- */

static void test_flow_wants_the_token_first(void **state)
{
    struct flowing *flowing = *state;
    flowing_set_options(flowing, (struct flow_options){.tokens = tokens_of("secret")});
    static const char *const methods[] = {"ping", "stats", "hello", "recommend", "reload", "nonsense", ""};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        assert_string_equal(flowing_refused(flowing, methods[i], NULL),
                            "UNAUTHORIZED: token: call auth {token} first");
    assert_true(field(flowing_ask(flowing, "auth", "{'token': 'secret'}"), "authorized")->via.boolean);
    flowing_ask(flowing, "ping", NULL);
}

static void test_flow_refuses_every_wrong_token(void **state)
{
    struct flowing *flowing = *state;
    flowing_set_options(flowing, (struct flow_options){.tokens = tokens_of("secret")});
    static const char *const wrong[] = {"{'token': 'secreT'}", "{'token': 'Secret'}", "{'token': 's'}",
                                        "{'token': 'secretsecret'}", "{'token': 'secret '}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_string_equal(flowing_refused(flowing, "auth", wrong[i]),
                            "UNAUTHORIZED: token: not the right one");
    assert_non_null(strstr(flowing_refused(flowing, "auth", "{'token': ''}"), "INVALID: token: "));
    assert_non_null(strstr(flowing_refused(flowing, "auth", NULL), "INVALID: token: missing; "));
    assert_int_equal(flowing->peer.scope, SCOPE_NONE);
    assert_non_null(strstr(flowing_refused(flowing, "ping", NULL), "UNAUTHORIZED"));
}

static void test_flow_stays_authorized_after_a_wrong_token(void **state)
{
    struct flowing *flowing = *state;
    flowing_set_options(flowing, (struct flow_options){.tokens = tokens_of("secret")});
    flowing_ask(flowing, "auth", "{'token': 'secret'}");
    flowing_refused(flowing, "auth", "{'token': 'wrong'}");
    flowing_ask(flowing, "ping", NULL);
}

static void test_flow_takes_any_token_where_none_is_needed(void **state)
{
    struct flowing *flowing = *state;
    flowing_ask(flowing, "auth", "{'token': 'whatever'}");
}

/* ---- hello ---- */

static void test_flow_hello_says_who_answers(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result =
        flowing_ask(flowing, "hello", "{'client': 'test', 'version': '1', 'errors': 'text'}");
    assert_str(field(result, "server"), "senda");
    assert_str(field(result, "version"), SENDA_VERSION);
    assert_str(field(result, "site"), engine_version(flowing->site.engine));
    flowing->flow.engine = NULL;
    assert_nil(field(flowing_ask(flowing, "hello", NULL), "site"));
}

static void test_flow_hello_lists_what_may_be_called(void **state)
{
    struct flowing *flowing = *state;
    for (int scope = SCOPE_SITE; scope <= SCOPE_CONTROL; scope++) {
        flowing->peer.given = flowing->peer.scope = (enum scope)scope;
        const msgpack_object *methods = field(flowing_ask(flowing, "hello", NULL), "methods");
        uint32_t count = 0;
        for (int i = 0; i < METHOD_COUNT; i++)
            if ((int)method_get((enum method_id)i)->scope <= scope)
                assert_str(element(methods, count++), method_get((enum method_id)i)->name);
        assert_int_equal(methods->via.array.size, count);
        assert_int_equal(count == METHOD_COUNT, scope == SCOPE_CONTROL);
    }
}

static void test_flow_hello_chooses_pairs(void **state)
{
    struct flowing *flowing = *state;
    flowing_ask(flowing, "hello", "{'errors': 'pair'}");
    const msgpack_object *elements = flowing_request(flowing, "nonsense", NULL);
    assert_int_equal(number(element(&elements[2], 0)), ERROR_UNKNOWN_METHOD);
    assert_str(element(&elements[2], 1), "no method 'nonsense'");
    assert_int_equal(elements[2].via.array.size, 2);
    assert_nil(&elements[3]);
    flowing_ask(flowing, "hello", NULL);
    assert_int_equal(flowing_request(flowing, "nonsense", NULL)[2].type, MSGPACK_OBJECT_ARRAY);
    flowing_ask(flowing, "hello", "{'errors': 'text'}");
    assert_string_equal(flowing_refused(flowing, "nonsense", NULL), "UNKNOWN_METHOD: no method 'nonsense'");
}

static void test_flow_hello_refuses_other_forms(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(flowing_refused(flowing, "hello", "{'errors': 'pairs'}"),
                        "INVALID: errors: expected 'text' or 'pair', got 'pairs'");
    assert_int_equal(flowing->peer.errors, REPLY_ERRORS_TEXT);
}

/* ---- reload ---- */

/* What the flow asked for. */
struct reloads {
    uint64_t ticket; /* the last one; 0: none */
    bool refuse;     /* the supervisor can't be reached */
};

static bool note_reload(void *context, uint64_t ticket)
{
    struct reloads *reloads = context;
    if (reloads->refuse)
        return false;
    reloads->ticket = ticket;
    return true;
}

static void test_flow_reload_only_on_the_control_socket(void **state)
{
    struct flowing *flowing = *state;
    struct reloads reloads = {0};
    flowing_set_options(flowing, (struct flow_options){.reload = note_reload, .context = &reloads});
    assert_string_equal(flowing_refused(flowing, "reload", NULL),
                        "UNAUTHORIZED: reload: only on the control socket");
    assert_int_equal(reloads.ticket, 0);
}

static void test_flow_reload_gives_a_ticket_and_no_bytes(void **state)
{
    struct flowing *flowing = *state;
    struct reloads reloads = {0};
    flowing_set_options(flowing, (struct flow_options){.reload = note_reload, .context = &reloads});
    flowing->peer.given = flowing->peer.scope = SCOPE_CONTROL;
    for (uint64_t ticket = 1; ticket <= 3; ticket++) {
        flowing_request(flowing, "reload", NULL);
        assert_int_equal(flowing->outcome, FLOW_PENDING);
        assert_int_equal(flowing->out.length, 0);
        assert_int_equal(reloads.ticket, ticket);
        assert_int_equal(flowing->flow.tickets, ticket);
    }
}

static void test_flow_reload_without_a_supervisor(void **state)
{
    struct flowing *flowing = *state;
    struct reloads reloads = {.refuse = true};
    flowing->peer.given = flowing->peer.scope = SCOPE_CONTROL;
    assert_string_equal(flowing_refused(flowing, "reload", NULL),
                        "UNAVAILABLE: the supervisor cannot be asked now");
    flowing_set_options(flowing, (struct flow_options){.reload = note_reload, .context = &reloads});
    flowing->peer.given = flowing->peer.scope = SCOPE_CONTROL;
    assert_string_equal(flowing_refused(flowing, "reload", NULL),
                        "UNAVAILABLE: the supervisor cannot be asked now");
    assert_int_equal(flowing->flow.tickets, 0);
}

static void test_flow_reload_as_a_notification_waits_for_nothing(void **state)
{
    struct flowing *flowing = *state;
    struct reloads reloads = {0};
    flowing_set_options(flowing, (struct flow_options){.reload = note_reload, .context = &reloads});
    flowing->peer.given = flowing->peer.scope = SCOPE_CONTROL;
    assert_silent(flowing, "reload", NULL);
    assert_int_equal(reloads.ticket, 1);
}

static void test_flow_answers_reloads(void **state)
{
    struct flowing *flowing = *state;
    flowing->id = 70000;
    flow_answer_reload(&flowing->peer, 70000, true, "abc", &flowing->out);
    assert_str(field(&flowing_decode(flowing)[3], "version"), "abc");
    buffer_clear(&flowing->out, 0);
    flow_answer_reload(&flowing->peer, 70000, false, "site.lua:1: bad\nsite.lua:2: worse", &flowing->out);
    assert_str(&flowing_decode(flowing)[2], "INVALID: site.lua:1: bad\nsite.lua:2: worse");
    buffer_clear(&flowing->out, 0);
    flowing->peer.errors = REPLY_ERRORS_PAIR;
    flow_answer_reload(&flowing->peer, 70000, false, "bad", &flowing->out);
    assert_int_equal(number(element(&flowing_decode(flowing)[2], 0)), ERROR_INVALID);
}

static void test_flow_answers_reloads_with_long_lists(void **state)
{
    struct flowing *flowing = *state;
    enum { LONG = 100000 };
    char *problems = calloc(1, LONG + 1);
    assert_non_null(problems);
    memset(problems, 'x', LONG);
    flowing->id = 1;
    flow_answer_reload(&flowing->peer, 1, false, problems, &flowing->out);
    assert_int_equal(flowing_decode(flowing)[2].via.str.size, LONG + strlen("INVALID: "));
    free(problems);
}

/* ---- Refused messages ---- */

static const msgpack_object *refused_message(struct flowing *flowing, enum frame_fault fault)
{
    flowing->scanner = (struct frame_scanner){
        .limits = {1000, 16, 50}, .fault = fault, .has_message_id = true, .message_id = 9};
    flowing->id = 9;
    buffer_clear(&flowing->out, 0);
    flow_refuse(&flowing->flow, &flowing->peer, &flowing->scanner, &flowing->out);
    return &flowing_decode(flowing)[2];
}

static void test_flow_refuse_names_limit_or_form(void **state)
{
    struct flowing *flowing = *state;
    assert_str(refused_message(flowing, FRAME_FAULT_BYTES), "TOO_LARGE: message: more than 1000 bytes");
    assert_str(refused_message(flowing, FRAME_FAULT_DEPTH), "TOO_LARGE: message: nested deeper than 16");
    assert_str(refused_message(flowing, FRAME_FAULT_ITEMS), "TOO_LARGE: message: more than 50 values");
    assert_str(refused_message(flowing, FRAME_FAULT_FORMAT),
               "INVALID: message: the byte 0xc1 is not MessagePack");
    assert_str(refused_message(flowing, FRAME_FAULT_ENVELOPE),
               "INVALID: message: expected [0, msgid, method, params] or [2, method, params]");
    assert_int_equal(counted(flowing, METRICS_requests), 5);
    assert_int_equal(counted(flowing, METRICS_errors), 5);
}

/* ---- Memory ---- */

/* A buffer that is as full as one can be: nothing can be appended any more. */
static struct buffer full_buffer(void)
{
    return (struct buffer){.length = SIZE_MAX / 2, .capacity = SIZE_MAX / 2};
}

static void assert_does_not_fit(struct flowing *flowing, const char *method, const char *arguments)
{
    struct buffer message, full = full_buffer();
    buffer_create(&message);
    request_put(&message, 1, method, arguments);
    flowing_send(flowing, &message);
    flow_handle(&flowing->flow, &flowing->peer, &flowing->scanner, (uint8_t *)message.bytes, message.length,
                &full);
    assert_true(full.failed);
    assert_int_equal(full.length, SIZE_MAX / 2);
    buffer_destroy(&message);
}

static void test_flow_says_that_a_reply_does_not_fit(void **state)
{
    struct flowing *flowing = *state;
    assert_does_not_fit(flowing, "ping", NULL);
    assert_does_not_fit(flowing, "recommend", "{'placement': 'hero', 'explain': true}");
    assert_does_not_fit(flowing, "stats", NULL);
    assert_does_not_fit(flowing, "hello", NULL);
    assert_does_not_fit(flowing, "nonsense", NULL);
}

static void test_flow_forgets_each_message(void **state)
{
    struct flowing *flowing = *state;
    struct buffer message;
    buffer_create(&message);
    message_put(&message, 3, 0x94, 0x00, 0x01);
    message_put(&message, 5, 0xA4, 'p', 'i', 'n', 'g');
    message_put(&message, 1, 0x91);
    message_put_length(&message, 0xDC, 2000, 2);
    message_put_run(&message, 0xC0, 2000);
    flowing_send(flowing, &message);
    msgpack_zone_chunk *chunk = flowing->flow.zone.chunk_list.head;
    for (int i = 0; i < 100; i++)
        flowing_send(flowing, &message);
    assert_ptr_equal(flowing->flow.zone.chunk_list.head, chunk);
    buffer_destroy(&message);
}

/* A store that notes what it is told to expect. */
struct expecting {
    struct store store;
    bool far;
    size_t calls;
    char keys[256]; /* of the last call, one behind the other */
};

static bool expecting_is_far(struct store *store)
{
    return ((struct expecting *)store)->far;
}

static size_t note_expected(struct store *store, const struct text *keys, size_t count)
{
    struct expecting *expecting = (struct expecting *)store;
    expecting->calls++;
    expecting->keys[0] = '\0';
    for (size_t i = 0; i < count; i++) /* kind and length stand in front of the id, what it is of behind it */
        strncat(expecting->keys, keys[i].bytes + 2, keys[i].length - 3);
    return 0;
}

#define FOR(customer)                                                                                        \
    "\x94\x00\x01\xA9recommend\x91\x81\xA8"                                                                  \
    "customer\xA3" customer

static size_t expect(struct expecting *expecting, const char *bytes, size_t length)
{
    static const struct store_kind kind = {.is_far = expecting_is_far, .expect = note_expected};
    struct recall recall = {.store = &expecting->store};
    struct flow flow = {.recall = &recall};
    expecting->store.kind = &kind;
    expecting->calls = 0;
    expecting->keys[0] = '\0';
    return flow_expect(&flow, (const uint8_t *)bytes, length);
}

#define EXPECT(expecting, bytes) expect(expecting, bytes, sizeof(bytes) - 1)

static void test_flow_expects_whom_several_ask_for(void **state)
{
    struct expecting expecting = {.far = true};
    (void)state;
    assert_int_equal(EXPECT(&expecting, FOR("ana") FOR("bob") FOR("cai")), 3 * (sizeof(FOR("ana")) - 1));
    assert_string_equal(expecting.keys, "anabobcai");
    assert_int_equal(expecting.calls, 1);
}

/* As many as are worth it; it says up to where. */
static void test_flow_expects_a_few_at_a_time(void **state)
{
    struct expecting expecting = {.far = true};
    size_t one = sizeof(FOR("ana")) - 1;
    (void)state;
    assert_int_equal(RECALL_EXPECTED_MOST, 8);
    assert_int_equal(EXPECT(&expecting, FOR("a-1") FOR("a-2") FOR("a-3") FOR("a-4") FOR("a-5") FOR("a-6")
                                            FOR("a-7") FOR("a-8") FOR("a-9") FOR("a10")),
                     8 * one);
    assert_string_equal(expecting.keys, "a-1a-2a-3a-4a-5a-6a-7a-8");
}

static void test_flow_expects_nobody_where_it_is_not_worth_it(void **state)
{
    struct expecting expecting = {.far = true};
    struct flow without = {.recall = NULL};
    (void)state;
    EXPECT(&expecting, FOR("ana"));
    assert_int_equal(expecting.calls, 0);
    expecting.far = false;
    assert_int_equal(EXPECT(&expecting, FOR("ana") FOR("bob")), 2 * (sizeof(FOR("ana")) - 1));
    assert_int_equal(expecting.calls, 0);
    assert_int_equal(flow_expect(&without, (const uint8_t *)"", 0), 0);
}

/* However long a message is, little of it is looked at. */
static void test_flow_expects_no_further_than_it_looks(void **state)
{
    static char bytes[100000];
    struct expecting expecting = {.far = true};
    (void)state;
    memcpy(bytes + sizeof bytes - 200, FOR("ana") FOR("bob"), sizeof(FOR("ana") FOR("bob")));
    assert_true(expect(&expecting, bytes, sizeof bytes) < sizeof bytes / 10);
    assert_int_equal(expecting.calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_flow_##name, flowing_setup, flowing_teardown)
        TEST(echoes_every_message_id),
        TEST(ping_takes_any_arguments),
        TEST(names_the_nearest_method),
        TEST(method_is_text_of_either_kind),
        TEST(refuses_wrong_params),
        TEST(notifications_give_no_bytes),
        TEST(keeps_what_stood_in_the_buffer),
        TEST(ignores_responses),
        TEST(wants_the_token_first),
        TEST(refuses_every_wrong_token),
        TEST(stays_authorized_after_a_wrong_token),
        TEST(takes_any_token_where_none_is_needed),
        TEST(hello_says_who_answers),
        TEST(hello_lists_what_may_be_called),
        TEST(hello_chooses_pairs),
        TEST(hello_refuses_other_forms),
        TEST(reload_only_on_the_control_socket),
        TEST(reload_gives_a_ticket_and_no_bytes),
        TEST(reload_without_a_supervisor),
        TEST(reload_as_a_notification_waits_for_nothing),
        TEST(answers_reloads),
        TEST(answers_reloads_with_long_lists),
        TEST(refuse_names_limit_or_form),
        TEST(says_that_a_reply_does_not_fit),
        TEST(forgets_each_message),
        TEST(expects_whom_several_ask_for),
        TEST(expects_a_few_at_a_time),
        TEST(expects_nobody_where_it_is_not_worth_it),
        TEST(expects_no_further_than_it_looks),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/flow", tests, NULL, NULL);
}

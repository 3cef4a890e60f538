/* flow/remember: requests that wait for the ledger, and what they are answered. */
#include "remembering.h"

#define ASK(method, arguments) remembering_ask(r, (method), (arguments))

static void test_remember_track_says_where_they_stand(void **state)
{
    struct remembering *r = *state;
    const msgpack_object *result = ASK("track", "{'event': 'page_view', 'customer': 'ada', 'id': '1'}");
    assert_true(field(result, "accepted")->via.boolean);
    assert_false(field(result, "duplicate")->via.boolean);
    assert_str(field(result, "journey"), "walk");
    assert_str(field(result, "stage"), "curious");
    result = ASK("track", "{'event': 'page_view', 'customer': 'ada', 'id': '1'}");
    assert_true(field(result, "duplicate")->via.boolean);
    assert_int_equal(r->answers, 2);
    assert_ptr_equal(r->owner, r);
}

static void test_remember_reads_what_was_written_before(void **state)
{
    struct remembering *r = *state;
    ASK("profile.set", "{'customer': 'ada', 'traits': {'shoes': 38}, 'stage': 'choosing'}");
    const msgpack_object *result = ASK("profile.get", "{'customer': 'ada'}");
    assert_int_equal(number(field(field(result, "traits"), "shoes")), 38);
    assert_str(field(result, "stage"), "choosing");
    result = ASK("recommend", "{'placement': 'hero', 'customer': 'ada'}");
    assert_str(field(result, "stage"), "choosing");
    assert_true(field(result, "known")->via.boolean);
    assert_str(field(ASK("profile.export", "{'customer': 'ada'}"), "customer"), "ada");
    assert_remembering_refuses(r, "profile.get", "{'customer': 'bo'}",
                               "NOT_FOUND: customer: no customer 'bo'");
}

static void test_remember_identify_and_erase(void **state)
{
    struct remembering *r = *state;
    ASK("track", "{'event': 'page_view', 'customer': 'visitor'}");
    const msgpack_object *result = ASK("identify", "{'anonymous': 'visitor', 'customer': 'ada'}");
    assert_str(field(result, "customer"), "ada");
    assert_true(field(result, "merged")->via.boolean);
    assert_str(field(ASK("profile.get", "{'customer': 'visitor'}"), "customer"), "ada");
    result = ASK("profile.erase", "{'customer': 'visitor'}");
    assert_true(field(result, "erased")->via.boolean);
    assert_str(field(result, "customer"), "visitor");
    assert_remembering_refuses(r, "profile.get", "{'customer': 'ada'}",
                               "NOT_FOUND: customer: no customer 'ada'");
}

static void test_remember_restricts(void **state)
{
    struct remembering *r = *state;
    ASK("track", "{'event': 'page_view', 'customer': 'ada'}");
    ASK("profile.restrict", "{'customer': 'ada', 'restricted': true}");
    assert_false(field(ASK("track", "{'event': 'page_view', 'customer': 'ada'}"), "accepted")->via.boolean);
    assert_str(field(ASK("recommend", "{'placement': 'hero', 'customer': 'ada'}"), "fallback"), "restricted");
}

/* ---- Batches ---- */

static void test_remember_batch_answers_in_order(void **state)
{
    struct remembering *r = *state;
    const msgpack_object *result =
        ASK("track", "[{'event': 'page_view', 'customer': 'ada'}, {'event': ''}, {'evnt': 'x'},"
                     " {'event': 'page_view', 'customer': 'bo', 'id': '7'},"
                     " {'event': 'page_view', 'customer': 'bo', 'id': '7'}]");
    assert_int_equal(result->via.array.size, 5);
    assert_true(field(element(result, 0), "accepted")->via.boolean);
    assert_false(field(element(result, 1), "accepted")->via.boolean);
    assert_non_null(field(element(result, 2), "error"));
    assert_false(field(element(result, 3), "duplicate")->via.boolean);
    assert_true(field(element(result, 4), "duplicate")->via.boolean);
    assert_int_equal(r->answers, 1);
}

static void test_remember_batch_of_nothing_good_is_answered_at_once(void **state)
{
    struct remembering *r = *state;
    const msgpack_object *result = ASK("track", "[{'event': ''}, {}]");
    assert_int_equal(r->flowing->outcome, FLOW_DONE);
    assert_int_equal(result->via.array.size, 2);
    assert_false(field(element(result, 1), "accepted")->via.boolean);
}

static void test_remember_large_batches(void **state)
{
    struct remembering *r = *state;
    enum { EVENTS = 600 };
    struct buffer json;
    buffer_create(&json);
    for (int i = 0; i < EVENTS; i++) {
        char one[80];
        int length =
            snprintf(one, sizeof one, "%c{'event': 'page_view', 'customer': 'c%d'}", i == 0 ? '[' : ',', i);
        buffer_append(&json, one, (size_t)length);
    }
    buffer_append(&json, "]", 2);
    for (int round = 0; round < 3; round++) {
        const msgpack_object *result = ASK("track", json.bytes);
        assert_int_equal(result->via.array.size, EVENTS);
        for (uint32_t i = 0; i < EVENTS; i++)
            assert_true(field(element(result, i), "accepted")->via.boolean);
    }
    assert_int_equal(r->flowing->flow.recall->link.open, 0);
    buffer_destroy(&json);
}

static const char some_refused[] = "[{'event': 'page_view', 'customer': 'ada'}, {}, {'evnt': 'x'}]";

static const struct waiting *waits(const struct remembering *r)
{
    const struct waiting_ticket *oldest = waiting_queue_oldest(&r->flowing->flow.waiting);
    assert_non_null(oldest);
    return oldest->waiting;
}

/* What was refused is kept until the rest is written, which may be long: so it is counted. */
static void test_remember_batch_says_what_it_keeps(void **state)
{
    struct remembering *r = *state;
    remembering_send(r, "track", some_refused);
    assert_true(waits(r)->kept >= waits(r)->results.length);
    assert_true(waits(r)->results.length > 0);
    remembering_write(r);
    remembering_send(r, "track", "[{'event': 'page_view', 'customer': 'ada'}]");
    assert_int_equal(waits(r)->kept, 0);
}

/* ---- Who is gone ---- */

static void notify(struct remembering *r, const char *method, const char *arguments)
{
    struct buffer message;
    buffer_create(&message);
    request_put_notification(&message, method, arguments);
    flowing_send(r->flowing, &message);
    buffer_destroy(&message);
    assert_int_equal(r->flowing->outcome, FLOW_DONE);
    assert_int_equal(r->flowing->out.length, 0);
}

static void test_remember_notifications_are_done_unanswered(void **state)
{
    struct remembering *r = *state;
    notify(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    remembering_write(r);
    assert_int_equal(r->answers, 0);
    assert_int_equal(r->flowing->out.length, 0);
    ASK("profile.get", "{'customer': 'ada'}");
}

static void test_remember_batch_for_nobody_keeps_nothing(void **state)
{
    struct remembering *r = *state;
    notify(r, "track", some_refused);
    assert_int_equal(waits(r)->results.capacity, 0);
    assert_null(waits(r)->parts);
    remembering_write(r);
    assert_null(waiting_queue_oldest(&r->flowing->flow.waiting));
    notify(r, "track", "[{}, {'evnt': 'x'}]");
    assert_int_equal(r->flowing->flow.recall->link.open, 0);
    assert_int_equal(r->answers, 0);
    ASK("profile.get", "{'customer': 'ada'}");
}

static const char *const readings[][2] = {{"profile.get", "{'customer': 'ada'}"},
                                          {"profile.export", "{'customer': 'ada'}"},
                                          {"explain", "{'decision': 'x'}"},
                                          {"journey.map", "{}"}};

enum { READINGS = sizeof readings / sizeof *readings };

/* Nobody would be told; and very many of them would pile up, since nothing holds back who sends them. */
static void test_remember_reads_nothing_for_nobody(void **state)
{
    struct remembering *r = *state;
    const struct flow *flow = &r->flowing->flow;
    const volatile uint64_t *counted = r->flowing->slots[FLOWING_OWN].values;
    for (int served = 1; served >= 0; served--) {
        for (int i = 0; i < READINGS; i++)
            notify(r, readings[i][0], readings[i][1]);
        assert_int_equal(flow->recall->link.open, 0);
        assert_false(flow_has_more(flow));
        if (served)
            remembering_kill_ledger(r);
    }
    assert_int_equal(counted[METRICS_errors], 0);
    notify(r, "explain", "{'decison': 'x'}");
    assert_int_equal(counted[METRICS_errors], 1);
}

/* They left before what was written ahead of it was. */
static void test_remember_reads_nothing_for_who_is_gone(void **state)
{
    struct remembering *r = *state;
    for (int i = 0; i < READINGS; i++)
        remembering_send(r, readings[i][0], readings[i][1]);
    remembering_send(r, "track", "[{'event': 'page_view', 'customer': 'ada'}, {'event': 'click'}]");
    flow_disown(&r->flowing->flow, r);
    ledger_finish(r->ledger);
    remembering_take(r, remembering_give, r);
    assert_false(flow_has_more(&r->flowing->flow));
    assert_int_equal(r->flowing->flow.recall->link.open, 0);
    assert_int_equal(r->answers, 0);
}

/* ---- Without a ledger ---- */

static void test_remember_nothing_without_memory(void **state)
{
    struct remembering *r = *state;
    remembering_kill_ledger(r);
    flowing_set_options(r->flowing, (struct flow_options){.workers = 1});
    static const char *const refusal =
        "UNAVAILABLE: this daemon remembers nothing: it was started without a folder for its state";
    assert_remembering_refuses(r, "track", "{'event': 'page_view'}", refusal);
    assert_remembering_refuses(r, "track", "[{'event': 'page_view'}]", refusal);
    assert_remembering_refuses(r, "profile.get", "{'customer': 'ada'}", refusal);
    assert_remembering_refuses(r, "explain", "{'decision': 'x'}", refusal);
    assert_remembering_refuses(r, "journey.map", "{}", refusal);
    assert_int_equal(flow_wake_fd(&r->flowing->flow), -1);
    flow_take_outcomes(&r->flowing->flow, remembering_give, r);
    flow_expire(&r->flowing->flow, remembering_give, r);
    flow_flush(&r->flowing->flow);
}

static void test_remember_reads_without_a_ledger(void **state)
{
    struct remembering *r = *state;
    ASK("track", "{'event': 'page_view', 'customer': 'ada'}");
    remembering_kill_ledger(r);
    assert_str(field(ASK("profile.get", "{'customer': 'ada'}"), "customer"), "ada");
    assert_int_equal(r->flowing->outcome, FLOW_DONE);
    assert_remembering_refuses(r, "profile.get", "{'customer': 'bo'}",
                               "NOT_FOUND: customer: no customer 'bo'");
    assert_remembering_refuses(r, "track", "{'event': 'page_view', 'customer': 'ada'}",
                               "UNAVAILABLE: nothing can be written down now; try again");
    const msgpack_object *result = ASK("track", "[{'event': 'page_view', 'customer': 'ada'}]");
    assert_str(field(element(result, 0), "error"), "UNAVAILABLE: nothing can be written down now; try again");
    assert_str(field(ASK("journey.map", "{}"), "journey"), "walk");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_remember_##name, remembering_setup, remembering_teardown)
        TEST(track_says_where_they_stand),
        TEST(reads_what_was_written_before),
        TEST(identify_and_erase),
        TEST(restricts),
        TEST(batch_answers_in_order),
        TEST(batch_of_nothing_good_is_answered_at_once),
        TEST(large_batches),
        TEST(batch_says_what_it_keeps),
        TEST(batch_for_nobody_keeps_nothing),
        TEST(notifications_are_done_unanswered),
        TEST(reads_nothing_for_nobody),
        TEST(reads_nothing_for_who_is_gone),
        TEST(nothing_without_memory),
        TEST(reads_without_a_ledger),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/remember", tests, NULL, NULL);
}

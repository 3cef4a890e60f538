/* flow/outcomes: answers that come later, come from the next ledger, or do not come. */
#include "remembering.h"

#define ASK(method, arguments) remembering_ask(r, (method), (arguments))

static void age_all(struct remembering *r)
{
    struct waiting_queue *queue = &r->flowing->flow.waiting;
    for (size_t i = queue->first; i < queue->end; i++)
        if (queue->tickets[i].waiting != NULL)
            queue->tickets[i].waiting->since_ms = clock_coarse_ms() - 5000;
}

static void test_outcomes_waits_until_it_is_written(void **state)
{
    struct remembering *r = *state;
    remembering_send(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    assert_int_equal(r->flowing->outcome, FLOW_WAITING);
    assert_int_equal(r->flowing->out.length, 0);
    flow_take_outcomes(&r->flowing->flow, remembering_give, r);
    assert_int_equal(r->answers, 0);
    remembering_write(r);
    assert_int_equal(r->answers, 1);
}

/* Longer than all answers together may take between two looks at what else there is. */
static void give_slowly(void *context, const struct waiting *waiting, const struct buffer *response)
{
    uint64_t until = clock_monotonic_ns() + 2000000;
    remembering_give(context, waiting, response);
    while (clock_monotonic_ns() < until)
        continue;
}

/* Nobody waits for more than a millisecond of answers and the one that is under way. */
static void test_outcomes_lets_others_in(void **state)
{
    enum { MANY = 3 };
    struct remembering *r = *state;
    for (unsigned i = 0; i < MANY; i++)
        remembering_send(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    ledger_finish(r->ledger);
    for (unsigned i = 0; i < MANY; i++) {
        assert_true(remembering_wakes(r));
        flow_take_outcomes(&r->flowing->flow, give_slowly, r);
        assert_int_equal(r->answers, i + 1);
    }
    assert_false(remembering_wakes(r));
}

/* What has come is told first, though it takes longer than one look; nobody is told that it was interrupted.
 */
static void test_outcomes_tells_what_has_come_before_it_gives_up(void **state)
{
    enum { MANY = 3 };
    struct remembering *r = *state;
    for (unsigned i = 0; i < MANY; i++)
        remembering_send(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    ledger_finish(r->ledger);
    remembering_kill_ledger(r);
    remembering_start_ledger(r);
    for (unsigned i = 0; i < MANY; i++) {
        buffer_clear(&r->flowing->out, SIZE_MAX);
        flow_expire(&r->flowing->flow, give_slowly, r);
        assert_int_equal(r->answers, i + 1);
        r->flowing->id = i + 1;
        assert_true(field(&flowing_decode(r->flowing)[3], "accepted")->via.boolean);
    }
}

static void test_outcomes_answers_nobody_who_is_gone(void **state)
{
    struct remembering *r = *state;
    remembering_send(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    flow_disown(&r->flowing->flow, r);
    remembering_write(r);
    assert_int_equal(r->answers, 0);
    ASK("profile.get", "{'customer': 'ada'}");
}

/* Whoever waited gets the answer of the ledger that comes back. */
static void test_outcomes_waits_for_the_next_ledger(void **state)
{
    struct remembering *r = *state;
    remembering_send(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    remembering_kill_ledger(r);
    flow_expire(&r->flowing->flow, remembering_give, r); /* not yet */
    assert_int_equal(r->answers, 0);
    remembering_start_ledger(r);
    remembering_write(r);
    assert_true(field(&flowing_decode(r->flowing)[3], "accepted")->via.boolean);
}

static void test_outcomes_waits_for_no_ledger_for_ever(void **state)
{
    struct remembering *r = *state;
    remembering_send(r, "track", "[{'event': 'a', 'customer': 'ada'}, {'event': 'b', 'customer': 'ada'}]");
    age_all(r);
    flow_expire(&r->flowing->flow, remembering_give, r); /* the ledger is there: it will answer */
    assert_int_equal(r->answers, 0);
    remembering_kill_ledger(r);
    flow_expire(&r->flowing->flow, remembering_give, r);
    assert_int_equal(r->answers, 1);
    const msgpack_object *result = &flowing_decode(r->flowing)[3];
    assert_int_equal(result->via.array.size, 2);
    assert_str(field(element(result, 1), "error"), "UNAVAILABLE: it was not written down in time; try again");
    assert_int_equal(r->flowing->flow.recall->link.open, 0);
    remembering_start_ledger(r);
    remembering_write(r); /* it is done all the same, and nobody is told twice */
    assert_int_equal(r->answers, 1);
    assert_int_equal(r->flowing->flow.recall->link.open, 0);
    ASK("profile.get", "{'customer': 'ada'}");
}

/* A ledger that died while it held an answer: nobody else will give it. */
static void test_outcomes_is_told_of_what_was_interrupted(void **state)
{
    struct remembering *r = *state;
    remembering_send(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    ring_release(r->shared->lanes[0].commands, ring_end(r->shared->lanes[0].commands));
    remembering_kill_ledger(r);
    flow_expire(&r->flowing->flow, remembering_give, r);
    assert_int_equal(r->answers, 0);
    remembering_start_ledger(r);
    flow_expire(&r->flowing->flow, remembering_give, r);
    assert_int_equal(r->answers, 1);
    assert_str(&flowing_decode(r->flowing)[2], "UNAVAILABLE: it was interrupted; try again");
    assert_int_equal(r->flowing->flow.recall->link.open, 0);
    ASK("track", "{'event': 'page_view', 'customer': 'ada'}");
    flow_expire(&r->flowing->flow, remembering_give, r);
    assert_int_equal(r->answers, 2);
}

/* An answer that was given before the death is not lost with it. */
static void test_outcomes_finds_the_answer_of_a_dead_ledger(void **state)
{
    struct remembering *r = *state;
    remembering_send(r, "track", "{'event': 'page_view', 'customer': 'ada'}");
    ledger_finish(r->ledger);
    remembering_kill_ledger(r);
    remembering_start_ledger(r);
    flow_expire(&r->flowing->flow, remembering_give, r);
    assert_int_equal(r->answers, 1);
    assert_true(field(&flowing_decode(r->flowing)[3], "accepted")->via.boolean);
}

/* A ledger that died after it had answered, and before it gave the ring back, answers again. */
static void test_outcomes_is_told_twice(void **state)
{
    struct remembering *r = *state;
    for (int i = 0; i < 3; i++) {
        uint64_t done = ring_done(r->shared->lanes[0].commands);
        ASK("track", "{'event': 'page_view', 'customer': 'ada', 'id': 'x'}");
        ring_release(r->shared->lanes[0].commands, done);
        remembering_kill_ledger(r);
        remembering_start_ledger(r);
        remembering_write(r);
    }
    assert_int_equal(r->answers, 3);
    assert_int_equal(r->flowing->flow.recall->link.open, 0);
    ASK("track", "{'event': 'page_view', 'customer': 'ada'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_outcomes_##name, remembering_setup, remembering_teardown)
        TEST(waits_until_it_is_written),
        TEST(lets_others_in),
        TEST(tells_what_has_come_before_it_gives_up),
        TEST(answers_nobody_who_is_gone),
        TEST(waits_for_the_next_ledger),
        TEST(waits_for_no_ledger_for_ever),
        TEST(is_told_of_what_was_interrupted),
        TEST(finds_the_answer_of_a_dead_ledger),
        TEST(is_told_twice),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/outcomes", tests, NULL, NULL);
}

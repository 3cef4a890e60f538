/* ledger/ledger_outcomes: every worker gets every outcome, and with little room no words. */
#include "ledgering.h"

static void put_garbage(struct ring *ring, size_t length)
{
    void *room = ring_reserve(ring, length);
    assert_non_null(room);
    memset(room, 0, length);
    ring_commit(ring, length);
}

/* Leaves so many bytes free. */
static void fill_up_to(struct ring *ring, size_t left)
{
    const size_t length = 1000;
    while (ring_reserve_leaving(ring, length, left + ring_space(length)) != NULL)
        put_garbage(ring, length);
    while (ring_reserve_leaving(ring, 1, left) != NULL)
        put_garbage(ring, 1);
}

/* As many as can be under way: each says that an offer was not in a decision, in as many words as it can. */
static void test_ledger_answers_all_that_is_under_way(void **state)
{
    struct ledgering *l = *state;
    char offer[65];
    memset(offer, 1, sizeof offer - 1);
    offer[sizeof offer - 1] = 0;
    ledgering_decide(l, 0, "ada", "map", 1, NULL, 0);
    struct command shown = batching_event(l->batching, "impression", "ada", offer);
    shown.decision = text_from(batching_decision(l->batching->now_ms * 1000, 1));
    uint64_t last = 0;
    for (size_t i = 0; i < LINK_OPEN_MOST; i++)
        last = ledgering_send(l, 0, &shown);
    ledger_finish(l->ledger);
    assert_int_equal(ledgering_take(l, 0), LINK_OPEN_MOST);
    for (size_t i = 0; i < l->taken_count; i++)
        assert_int_equal(l->taken[i].code, ERROR_INVALID);
    assert_memory_equal(l->taken[0].payload.bytes, "offer: '", 8);
    assert_int_equal(l->taken[l->taken_count - 1].ticket, last);
    assert_memory_equal(l->taken[l->taken_count - 1].payload.bytes, "too much was sent at once", 25);
    assert_int_equal(l->links[0].open, 0);
}

/* What is done is said to be done, with the place as long as there is room. */
static void test_ledger_leaves_places_where_there_is_little_room(void **state)
{
    struct ledgering *l = *state;
    struct ring *ring = l->shared->lanes[0].outcomes;
    uint64_t whole = ledgering_track(l, 0, "hello", "ada", NULL);
    ledger_finish(l->ledger);
    ledgering_take(l, 0);
    assert_outcome(l, whole, ERROR_NONE);
    assert_text(l->taken[0].journey, "walk");
    fill_up_to(ring, LINK_OPEN_MOST * ring_space(outcome_size(&(struct outcome){.ticket = 0})));
    uint64_t bare = ledgering_track(l, 0, "hello", "ada", NULL);
    ledger_finish(l->ledger);
    assert_int_equal(ledgering_take(l, 0), 1);
    assert_outcome(l, bare, ERROR_NONE);
    assert_true(l->taken[0].accepted);
    assert_int_equal(l->taken[0].journey.length + l->taken[0].stage.length, 0);
}

/* A refusal whose reason finds no room says so. */
static void test_ledger_leaves_the_payload_where_there_is_little_room(void **state)
{
    struct ledgering *l = *state;
    struct command nobody = batching_command(l->batching, COMMAND_SET, NULL);
    uint64_t ticket = ledgering_send(l, 0, &nobody);
    fill_up_to(l->shared->lanes[0].outcomes, ring_space(outcome_size(&(struct outcome){.ticket = 0})));
    ledger_finish(l->ledger);
    assert_int_equal(ledgering_take(l, 0), 1);
    assert_outcome(l, ticket, ERROR_INVALID);
    assert_text(l->taken[0].payload,
                "too much was sent at once to say why; send this one again by itself to be told");
}

/* What a dead worker left takes room: an outcome may be lost, not the way out of it. */
static void test_ledger_wakes_a_worker_that_is_full(void **state)
{
    struct ledgering *l = *state;
    fill_up_to(l->shared->lanes[0].outcomes, 0);
    ledgering_track(l, 0, "hello", "ada", NULL);
    ledger_finish(l->ledger);
    assert_true(rings(link_wake_fd(&l->links[0])));
    assert_int_equal(ledgering_take(l, 0), 0);
    uint64_t next = ledgering_track(l, 0, "hello", "ada", NULL);
    ledger_finish(l->ledger);
    assert_int_equal(ledgering_take(l, 0), 1);
    assert_outcome(l, next, ERROR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_ledger_##name, ledgering_setup, ledgering_teardown)
        TEST(answers_all_that_is_under_way),
        TEST(leaves_places_where_there_is_little_room),
        TEST(leaves_the_payload_where_there_is_little_room),
        TEST(wakes_a_worker_that_is_full),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/ledger_outcomes", tests, NULL, NULL);
}

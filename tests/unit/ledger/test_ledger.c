/* ledger/ledger: when a batch begins, what becomes of it, and who is woken. */
#include "ledger/ledger_pace.h"
#include "ledgering.h"

/* Sleeps of the loop that runs a ledger: never longer, so that sweeps happen. */
enum { LONGEST_MS = 1000, DECISIONS_MS = 20, HEAL_MS = 15000, BEHIND_MS = 20, TEND_MS = 60000 };

static enum shared_sleep sleep_of(const struct ledgering *l)
{
    return (enum shared_sleep)atomic_load(&l->shared->state->ledger_sleep);
}

static void begin_batches_at(struct ledgering *l, uint32_t events, uint32_t ms)
{
    l->options.batch_events = events;
    l->options.batch_ms = ms;
    ledgering_stop(l);
    ledgering_start(l);
}

/* ---- Answers ---- */

static void test_ledger_answers_commands(void **state)
{
    struct ledgering *l = *state;
    uint64_t first = ledgering_track(l, 0, "hello", "ada", NULL);
    uint64_t second = ledgering_track(l, 0, "view", "ada", NULL);
    uint64_t other = ledgering_track(l, 1, "hello", "bo", NULL);
    assert_int_equal(ledgering_take(l, 0), 0);
    ledger_finish(l->ledger);
    assert_true(rings(link_wake_fd(&l->links[0])));
    assert_int_equal(ledgering_take(l, 0), 2);
    assert_false(rings(link_wake_fd(&l->links[0])));
    assert_int_equal(l->taken[0].ticket, first);
    assert_outcome(l, second, ERROR_NONE);
    assert_true(l->taken[1].moved);
    assert_text(l->taken[1].stage, "look");
    assert_int_equal(ledgering_take(l, 1), 1);
    assert_outcome(l, other, ERROR_NONE);
    assert_int_equal(l->links[0].open, 0);
    assert_string_equal(batching_moves(l->batching, "start"), "2/1/0");
    assert_int_equal(l->slot->values[METRICS_commands_written], 3);
}

static void test_ledger_refuses_a_command_alone(void **state)
{
    struct ledgering *l = *state;
    struct command nobody = batching_command(l->batching, COMMAND_SET, NULL);
    uint64_t bad = ledgering_send(l, 0, &nobody);
    uint64_t good = ledgering_track(l, 0, "hello", "ada", NULL);
    ledger_finish(l->ledger);
    ledgering_take(l, 0);
    assert_outcome(l, good, ERROR_NONE);
    assert_outcome(l, bad, ERROR_INVALID);
    assert_text(ledgering_find(l, bad)->payload, "customer: missing");
}

/* The impression was pushed after its decision, by another worker whose lane comes first. */
static void test_ledger_applies_decisions_before_commands(void **state)
{
    struct ledgering *l = *state;
    for (uint64_t turn = 0; turn < 2; turn++) {
        size_t worker = turn;
        ledgering_decide(l, 1 - worker, "ada", "seat", turn, NULL, 0);
        struct command shown = batching_event(l->batching, "impression", "ada", "seat");
        shown.decision = text_from(batching_decision(l->batching->now_ms * 1000, turn));
        ledgering_send(l, worker, &shown);
        ledger_finish(l->ledger);
        assert_int_equal(batching_stock(l->batching, "seat").confirmed, turn + 1);
        assert_int_equal(batching_stock(l->batching, "seat").reserved, 0);
    }
    assert_int_equal(l->slot->values[METRICS_decisions_written], 2);
}

static void test_ledger_serves_from_the_first_site_on(void **state)
{
    struct ledgering *l = *state;
    struct command hello = batching_event(l->batching, "hello", "ada", NULL);
    struct error error;
    uint64_t ticket;
    ledgering_stop(l);
    atomic_store(&l->shared->state->ledger_serves, false); /* as the supervisor does */
    ledgering_open(l);
    assert_false(link_send(&l->links[0], &hello, &ticket, &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    ledgering_decide(l, 0, "ada", "map", 1, NULL, 0);
    assert_int_equal(ledger_look(l->ledger), LONGEST_MS);
    ledger_finish(l->ledger);
    assert_string_equal(batching_touches(l->batching, "start", "map"), "0/0/0/0/0");
    ledger_set_site(l->ledger, l->batching->site);
    assert_true(link_send(&l->links[0], &hello, &ticket, &error));
    ledger_finish(l->ledger);
    assert_string_equal(batching_touches(l->batching, "start", "map"), "1/0/0/0/0");
}

/* ---- When a batch begins ---- */

static void test_ledger_begins_when_enough_wait(void **state)
{
    struct ledgering *l = *state;
    begin_batches_at(l, 3, LEDGERING_NEVER);
    ledgering_track(l, 0, "hello", "ada", NULL);
    ledgering_track(l, 1, "hello", "bo", NULL);
    assert_int_equal(ledger_look(l->ledger), LONGEST_MS);
    assert_int_equal(ledgering_take(l, 0), 0);
    ledgering_track(l, 1, "hello", "cy", NULL);
    assert_int_equal(ledger_look(l->ledger), 0);
    assert_int_equal(ledgering_take(l, 0), 1);
    assert_int_equal(ledgering_take(l, 1), 2);
    assert_int_equal(l->batching->moody.writes_done, 1);
}

static void test_ledger_begins_when_the_first_has_waited(void **state)
{
    struct ledgering *l = *state;
    begin_batches_at(l, 8192, 5);
    ledgering_track(l, 0, "hello", "ada", NULL);
    assert_int_equal(ledger_look(l->ledger), 5);
    ledgering_pass(3);
    ledgering_track(l, 0, "hello", "bo", NULL);
    assert_int_equal(ledger_look(l->ledger), 2);
    ledgering_pass(2);
    assert_int_equal(ledger_look(l->ledger), 0);
    assert_int_equal(ledgering_take(l, 0), 2);
}

/* The first one is written down like an event; those that follow wait for each other, unless an event comes.
 */
static void test_ledger_lets_decisions_wait_longer(void **state)
{
    struct ledgering *l = *state;
    begin_batches_at(l, 8192, 5);
    ledgering_decide(l, 0, "ada", "map", 1, NULL, 0);
    assert_int_equal(ledger_look(l->ledger), 5);
    ledgering_pass(5);
    assert_int_equal(ledger_look(l->ledger), 0);
    assert_string_equal(batching_touches(l->batching, "start", "map"), "1/0/0/0/0");
    ledgering_pass(4);
    ledgering_decide(l, 0, "ada", "map", 2, NULL, 0);
    assert_int_equal(ledger_look(l->ledger), DECISIONS_MS - 4);
    ledgering_pass(DECISIONS_MS - 5);
    assert_int_equal(ledger_look(l->ledger), 1);
    ledgering_pass(1);
    assert_int_equal(ledger_look(l->ledger), 0);
    assert_string_equal(batching_touches(l->batching, "start", "map"), "2/0/0/0/0");
    ledgering_decide(l, 0, "ada", "map", 3, NULL, 0);
    ledgering_track(l, 0, "hello", "bo", NULL);
    assert_int_equal(ledger_look(l->ledger), 5);
    ledgering_pass(5);
    assert_int_equal(ledger_look(l->ledger), 0);
    assert_string_equal(batching_touches(l->batching, "start", "map"), "3/0/0/0/0");
}

static void test_ledger_begins_when_enough_decisions_wait(void **state)
{
    struct ledgering *l = *state;
    for (uint64_t seed = 0; seed < 4095; seed++)
        ledgering_decide(l, seed % 2, NULL, "map", seed, NULL, 0);
    assert_int_equal(ledger_look(l->ledger), DECISIONS_MS);
    ledgering_decide(l, 0, NULL, "map", 5000, NULL, 0);
    assert_int_equal(ledger_look(l->ledger), 0);
    assert_int_equal(l->slot->values[METRICS_decisions_written], 4096);
}

/* A lane that is always full takes nothing from the others. */
static void test_ledger_gives_each_lane_its_share(void **state)
{
    struct ledgering *l = *state;
    struct command flush = {.type = COMMAND_FLUSH};
    for (int round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 3 * PACE_LEAST; i++)
            ledgering_send(l, 0, &flush);
        for (uint32_t i = 0; i < 10; i++)
            ledgering_send(l, 1, &flush);
        assert_int_equal(ledger_look(l->ledger), 0);
        assert_true(ledgering_take(l, 0) >= PACE_LEAST - 10);
        assert_int_equal(ledgering_take(l, 1), 10);
    }
}

/* However many there are: the end of the daemon leaves none behind. */
static void test_ledger_finishes_more_than_a_batch(void **state)
{
    struct ledgering *l = *state;
    struct command flush = {.type = COMMAND_FLUSH};
    size_t sent = 0;
    for (; sent < 2 * LINK_OPEN_MOST; sent++)
        ledgering_send(l, sent % 2, &flush);
    struct error error;
    uint64_t ticket;
    assert_false(link_send(&l->links[0], &flush, &ticket, &error));
    assert_int_equal(error.code, ERROR_OVERLOADED);
    ledger_finish(l->ledger);
    assert_int_equal(ledgering_take(l, 0), LINK_OPEN_MOST);
    assert_int_equal(ledgering_take(l, 1), LINK_OPEN_MOST);
    assert_true(link_send(&l->links[0], &flush, &ticket, &error));
}

/* ---- A store that refuses ---- */

static void test_ledger_refuses_while_the_store_does(void **state)
{
    struct ledgering *l = *state;
    l->batching->moody.refuses_writes = true;
    uint64_t refused = ledgering_track(l, 0, "view", "ada", NULL);
    ledger_finish(l->ledger);
    assert_int_equal(ledgering_take(l, 0), 1);
    assert_outcome(l, refused, ERROR_UNAVAILABLE);
    l->batching->moody.refuses_writes = false;
    uint64_t again = ledgering_track(l, 0, "view", "ada", NULL);
    ledger_finish(l->ledger);
    assert_int_equal(ledgering_take(l, 0), 1);
    assert_outcome(l, again, ERROR_NONE);
    assert_string_equal(batching_moves(l->batching, "start"), "1/1/0");
    assert_int_equal(l->slot->values[METRICS_batches_refused], 1);
}

static void test_ledger_takes_decisions_again(void **state)
{
    struct ledgering *l = *state;
    const uint32_t claim = 7;
    claims_word word = claims_look(l->shared->claims, claim);
    assert_true(claims_try(l->shared->claims, claim, &word));
    ledgering_decide(l, 0, "ada", "seat", 1, &claim, 1);
    l->batching->moody.refuses_writes = true;
    ledger_finish(l->ledger);
    assert_int_equal(claims_open(claims_look(l->shared->claims, claim)), 1);
    l->batching->moody.refuses_writes = false;
    assert_int_equal(ledger_look(l->ledger), LONGEST_MS); /* not at once: the store has to recover */
    assert_int_equal(batching_stock(l->batching, "seat").reserved, 0);
    ledgering_pass(LONGEST_MS);
    assert_int_equal(ledger_look(l->ledger), 0);
    assert_int_equal(batching_stock(l->batching, "seat").reserved, 1);
    assert_int_equal(claims_open(claims_look(l->shared->claims, claim)), 0);
    ledgering_pass(HEAL_MS);
    ledger_look(l->ledger);
    assert_string_equal(batching_touches(l->batching, "start", "seat"), "1/0/0/0/0");
}

/* ---- Sleeping ---- */

static void test_ledger_sleeps_until_something_comes(void **state)
{
    struct ledgering *l = *state;
    ledger_look(l->ledger);
    assert_int_equal(sleep_of(l), SHARED_SLEEPING);
    ledgering_decide(l, 1, "ada", "map", 1, NULL, 0);
    assert_false(rings(l->shared->wake_ledger));
    link_flush(&l->links[1]);
    assert_true(rings(l->shared->wake_ledger));
    assert_int_equal(sleep_of(l), SHARED_AWAKE);
    shared_drain_wakes(l->shared->wake_ledger);
    link_flush(&l->links[1]);
    assert_false(rings(l->shared->wake_ledger));
}

static void test_ledger_dozes_while_decisions_wait(void **state)
{
    struct ledgering *l = *state;
    ledgering_decide(l, 0, "ada", "map", 1, NULL, 0);
    ledger_look(l->ledger);
    assert_int_equal(sleep_of(l), SHARED_DOZING);
    ledgering_decide(l, 0, "ada", "map", 2, NULL, 0);
    link_flush(&l->links[0]);
    assert_false(rings(l->shared->wake_ledger));
    ledgering_track(l, 0, "hello", "ada", NULL);
    link_flush(&l->links[0]);
    assert_true(rings(l->shared->wake_ledger));
}

static void push_decision(void *context)
{
    ledgering_at_wall = NULL;
    ledgering_decide(context, 0, "ada", "map", 9, NULL, 0);
    link_flush(&((struct ledgering *)context)->links[0]);
}

/* A worker that found the ledger awake does not ring; the ledger finds what it pushed before it sleeps. */
static void test_ledger_looks_once_more_before_it_sleeps(void **state)
{
    struct ledgering *l = *state;
    ledger_look(l->ledger);
    ledgering_pass(LONGEST_MS);
    ledgering_at_wall = push_decision; /* while the idle sweep runs, after the rings were looked at */
    ledgering_at_wall_context = l;
    assert_int_equal(ledger_look(l->ledger), 0);
    assert_null(ledgering_at_wall);
    assert_int_equal(sleep_of(l), SHARED_AWAKE);
    assert_false(rings(l->shared->wake_ledger));
    assert_int_equal(ledger_look(l->ledger), DECISIONS_MS);
}

/* ---- Clearing up ---- */

/* What was promised in vain: as if the ledger had been away while its time passed. */
static void promise_in_vain(struct ledgering *l, uint64_t count)
{
    int64_t now_ms = l->batching->now_ms;
    l->batching->now_ms -= BATCHING_RESERVE + 1000;
    for (uint64_t seed = 0; seed < count; seed++)
        ledgering_decide(l, 0, NULL, "seat", seed, NULL, 0);
    l->batching->now_ms = now_ms;
}

static void test_ledger_clears_up_soon_while_it_is_behind(void **state)
{
    struct ledgering *l = *state;
    promise_in_vain(l, 6000);
    ledger_finish(l->ledger);
    assert_int_equal(batching_stock(l->batching, "seat").reserved, 6000);
    unsigned looks = 0;
    while (ledger_look(l->ledger) == BEHIND_MS && ++looks < 10)
        ledgering_pass(BEHIND_MS);
    assert_int_equal(looks, 3);
    assert_int_equal(batching_stock(l->batching, "seat").reserved, 0);
    assert_int_equal(batching_count_keys(l->batching, KEY_DECISION), 0);
}

/* Nothing is written as long as the store refuses, so nothing is cleared up sooner than that. */
static void test_ledger_clears_up_later_while_the_store_refuses(void **state)
{
    struct ledgering *l = *state;
    promise_in_vain(l, 6000);
    ledger_finish(l->ledger);
    assert_int_equal(ledger_look(l->ledger), BEHIND_MS);
    l->batching->moody.refuses_writes = true;
    ledgering_pass(BEHIND_MS);
    assert_int_equal(ledger_look(l->ledger), LONGEST_MS);
    assert_true(batching_stock(l->batching, "seat").reserved > 0);
}

/* A batch with every look: what was promised in vain does not wait for a quiet moment. */
static void test_ledger_clears_up_along_with_batches(void **state)
{
    struct ledgering *l = *state;
    begin_batches_at(l, 1, LEDGERING_NEVER);
    promise_in_vain(l, 2000);
    ledger_finish(l->ledger);
    for (int i = 0; i < 4; i++) {
        ledgering_track(l, 0, "hello", "ada", NULL);
        assert_int_equal(ledger_look(l->ledger), 0);
    }
    assert_int_equal(batching_stock(l->batching, "seat").reserved, 0);
}

static void test_ledger_tends_its_store_also_between_batches(void **state)
{
    struct ledgering *l = *state;
    begin_batches_at(l, 1, LEDGERING_NEVER);
    for (unsigned i = 1; i <= 3; i++) {
        ledgering_track(l, 0, "hello", "ada", NULL);
        assert_int_equal(ledger_look(l->ledger), 0);
        assert_int_equal(l->batching->moody.tends, i);
        ledgering_pass(TEND_MS - 1);
        ledgering_track(l, 0, "hello", "ada", NULL);
        assert_int_equal(ledger_look(l->ledger), 0);
        assert_int_equal(l->batching->moody.tends, i);
        ledgering_pass(1);
    }
}

/* ---- Claims ---- */

static void claim(struct ledgering *l, uint32_t place)
{
    claims_word word = claims_look(l->shared->claims, place);
    assert_true(claims_try(l->shared->claims, place, &word));
}

static uint32_t open_claims(const struct ledgering *l, uint32_t place)
{
    return claims_open(claims_look(l->shared->claims, place));
}

static void test_ledger_settles_what_it_committed(void **state)
{
    struct ledgering *l = *state;
    static const uint32_t places[] = {3, 3, 8, CLAIMS_PLACES + 5};
    claim(l, 3), claim(l, 3), claim(l, 3), claim(l, 8);
    ledgering_decide(l, 0, "ada", "map", 1, places, 4);
    assert_int_equal(open_claims(l, 3), 3);
    ledger_finish(l->ledger);
    assert_int_equal(open_claims(l, 3), 1);
    assert_int_equal(open_claims(l, 8), 0);
}

static void test_ledger_heals_claims_of_the_dead(void **state)
{
    struct ledgering *l = *state;
    claim(l, 3);
    ledger_look(l->ledger);
    assert_int_equal(open_claims(l, 3), 1);
    ledgering_pass(HEAL_MS - 1);
    ledger_look(l->ledger);
    assert_int_equal(open_claims(l, 3), 1);
    ledgering_pass(1);
    ledger_look(l->ledger);
    assert_int_equal(open_claims(l, 3), 0);
}

static void test_ledger_heals_nothing_that_waits(void **state)
{
    struct ledgering *l = *state;
    static const uint32_t place = 3;
    claim(l, place);
    ledger_look(l->ledger);
    ledgering_decide(l, 0, "ada", "map", 1, &place, 1);
    l->batching->moody.refuses_writes = true;
    for (int i = 0; i < 5; i++) {
        ledgering_pass(HEAL_MS);
        ledger_look(l->ledger);
        assert_int_equal(open_claims(l, place), 1);
    }
    l->batching->moody.refuses_writes = false;
    ledgering_pass(HEAL_MS);
    while (ledger_look(l->ledger) == 0)
        ;
    assert_int_equal(open_claims(l, place), 0);
}

/* ---- Faults of memory, and workers that die ---- */

static void push_bytes(struct ring *ring, const void *bytes, size_t length)
{
    void *room = ring_reserve(ring, length);
    assert_non_null(room);
    memcpy(room, bytes, length);
    ring_commit(ring, length);
}

static void test_ledger_answers_damaged_commands(void **state)
{
    struct ledgering *l = *state;
    struct ring *ring = l->shared->lanes[0].commands;
    uint64_t before = ledgering_track(l, 0, "hello", "ada", NULL);
    struct {
        uint64_t ticket;
        char rest[40];
    } damaged = {.ticket = ring_end(ring), .rest = "no command at all"};
    push_bytes(ring, &damaged, sizeof damaged);
    push_bytes(ring, "short", 5);
    uint64_t behind = ledgering_track(l, 0, "hello", "ada", NULL);
    ledger_finish(l->ledger);
    assert_int_equal(ledgering_take(l, 0), 3);
    assert_outcome(l, before, ERROR_NONE);
    assert_outcome(l, damaged.ticket, ERROR_INTERNAL);
    assert_outcome(l, behind, ERROR_NONE);
}

static void test_ledger_skips_damaged_decisions(void **state)
{
    struct ledgering *l = *state;
    ledgering_decide(l, 0, "ada", "map", 1, NULL, 0);
    push_bytes(l->shared->lanes[0].decisions, "no decision at all", 18);
    ledgering_decide(l, 0, "ada", "map", 2, NULL, 0);
    ledger_finish(l->ledger);
    assert_string_equal(batching_touches(l->batching, "start", "map"), "2/0/0/0/0");
    assert_int_equal(ring_done(l->shared->lanes[0].decisions), ring_end(l->shared->lanes[0].decisions));
}

static void test_ledger_does_what_a_dead_worker_asked(void **state)
{
    struct ledgering *l = *state;
    ledgering_track(l, 0, "view", "ada", NULL);
    ledger_finish(l->ledger);
    ledgering_track(l, 0, "purchase", "ada", NULL);
    link_create(&l->links[0], l->shared, 0); /* the next worker of this lane */
    uint64_t own = ledgering_track(l, 0, "hello", "ada", NULL);
    ledger_finish(l->ledger);
    assert_string_equal(batching_moves(l->batching, "look"), "1/1/0");
    assert_int_equal(ledgering_take(l, 0), 1);
    assert_outcome(l, own, ERROR_NONE);
    assert_int_equal(l->links[0].open, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_ledger_##name, ledgering_setup, ledgering_teardown)
        TEST(answers_commands),
        TEST(refuses_a_command_alone),
        TEST(applies_decisions_before_commands),
        TEST(serves_from_the_first_site_on),
        TEST(begins_when_enough_wait),
        TEST(begins_when_the_first_has_waited),
        TEST(lets_decisions_wait_longer),
        TEST(begins_when_enough_decisions_wait),
        TEST(finishes_more_than_a_batch),
        TEST(gives_each_lane_its_share),
        TEST(refuses_while_the_store_does),
        TEST(takes_decisions_again),
        TEST(sleeps_until_something_comes),
        TEST(dozes_while_decisions_wait),
        TEST(looks_once_more_before_it_sleeps),
        TEST(clears_up_soon_while_it_is_behind),
        TEST(clears_up_later_while_the_store_refuses),
        TEST(clears_up_along_with_batches),
        TEST(tends_its_store_also_between_batches),
        TEST(settles_what_it_committed),
        TEST(heals_claims_of_the_dead),
        TEST(heals_nothing_that_waits),
        TEST(answers_damaged_commands),
        TEST(skips_damaged_decisions),
        TEST(does_what_a_dead_worker_asked),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/ledger", tests, NULL, NULL);
}

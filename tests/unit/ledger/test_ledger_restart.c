/* ledger/ledger: one that dies anywhere, and the next one over the same memory and store. */
#include "ledgering.h"

/* Where a ledger dies. */
enum death {
    DEATH_BEFORE_COLLECTING, /* everything is in the rings alone */
    DEATH_BEFORE_COMMIT,     /* the batch was made, the store knows nothing of it */
    DEATH_AFTER_COMMIT,      /* the store has it, nobody was told */
    DEATH_AFTER_OUTCOMES,    /* workers were told, the rings are as they were */
    DEATH_AFTER_RELEASE,     /* everything is over */
    DEATHS
};

static void ignore_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

/* A store that answers only until the batch is to be written. */
static void run_up_to_the_write(struct ledgering *l)
{
    struct moody_store *moody = &l->batching->moody;
    unsigned writes = moody->writes_done;
    moody->answers_later = true;
    ledger_finish(l->ledger);
    while (moody->writes_done == writes) {
        void (*later)(struct moody_store *) = moody->later;
        assert_non_null(later);
        moody->later = NULL;
        later(moody);
    }
    moody->later = NULL;
    moody->answers_later = false;
}

struct positions {
    uint64_t commands[LEDGERING_WORKERS], decisions[LEDGERING_WORKERS];
};

static struct positions given_back(const struct ledgering *l)
{
    struct positions positions;
    for (size_t i = 0; i < LEDGERING_WORKERS; i++) {
        positions.commands[i] = ring_done(l->shared->lanes[i].commands);
        positions.decisions[i] = ring_done(l->shared->lanes[i].decisions);
    }
    return positions;
}

static void take_back(struct ledgering *l, const struct positions *positions)
{
    for (size_t i = 0; i < LEDGERING_WORKERS; i++) {
        ring_release(l->shared->lanes[i].commands, positions->commands[i]);
        ring_release(l->shared->lanes[i].decisions, positions->decisions[i]);
    }
}

static void die(struct ledgering *l, enum death death)
{
    struct moody_store *moody = &l->batching->moody;
    struct positions before = given_back(l);
    switch (death) {
    case DEATH_BEFORE_COLLECTING:
        break;
    case DEATH_BEFORE_COMMIT:
        run_up_to_the_write(l);
        break;
    case DEATH_AFTER_COMMIT:
        run_up_to_the_write(l);
        store_write(moody->inner, moody->writes, moody->count, ignore_cb, NULL);
        break;
    case DEATH_AFTER_OUTCOMES:
        ledger_finish(l->ledger);
        take_back(l, &before);
        break;
    case DEATH_AFTER_RELEASE:
        ledger_finish(l->ledger);
        break;
    case DEATHS:
        fail();
    }
    ledgering_stop(l);
}

/* What workers asked for: their tickets. */
struct asked {
    uint64_t plain, with_id, join, set; /* of worker 0, but the second */
};

static struct asked ask_for_something(struct ledgering *l)
{
    struct asked asked;
    struct command bought = batching_event(l->batching, "purchase", "bo", "map");
    struct command join = batching_identify(l->batching, "anonymous", "ada");
    struct command set = batching_command(l->batching, COMMAND_SET, "ada");
    bought.id = TEXT("order 7");
    set.persona = TEXT("rider");
    ledgering_decide(l, 0, "ada", "seat", 1, NULL, 0);
    ledgering_decide(l, 1, "bo", "map", 2, NULL, 0);
    asked.plain = ledgering_track(l, 0, "click", "ada", "map");
    asked.with_id = ledgering_send(l, 1, &bought);
    ledgering_track(l, 1, "hello", "anonymous", NULL);
    asked.join = ledgering_send(l, 0, &join);
    asked.set = ledgering_send(l, 0, &set);
    return asked;
}

/* All of it was done, once. */
static void assert_done_once(struct ledgering *l)
{
    assert_int_equal(batching_stock(l->batching, "seat").reserved, 1);
    assert_string_equal(batching_touches(l->batching, "start", "seat"), "1/0/0/0/0");
    assert_string_equal(batching_touches(l->batching, "start", "map"), "1/0/1/0/1");
    assert_string_equal(batching_moves(l->batching, "buy"), "1/0/0");
    assert_text(batching_alias(l->batching, "anonymous"), "ada");
    assert_text(batching_customer(l->batching, "ada")->persona, "rider");
}

static void assert_rings_are_empty(const struct ledgering *l)
{
    for (size_t i = 0; i < LEDGERING_WORKERS; i++) {
        const struct shared_lane *lane = &l->shared->lanes[i];
        assert_int_equal(ring_done(lane->commands), ring_end(lane->commands));
        assert_int_equal(ring_done(lane->decisions), ring_end(lane->decisions));
    }
}

static void assert_told(struct ledgering *l, const struct asked *asked)
{
    ledgering_take(l, 0);
    assert_outcome(l, asked->plain, ERROR_NONE);
    assert_outcome(l, asked->join, ERROR_NONE);
    assert_outcome(l, asked->set, ERROR_NONE);
    assert_true(ledgering_find(l, asked->plain)->accepted);
    ledgering_take(l, 1);
    assert_outcome(l, asked->with_id, ERROR_NONE);
}

static void test_ledger_restart_loses_and_repeats_nothing(void **state)
{
    struct ledgering *l = *state;
    for (int death = 0; death < DEATHS; death++) {
        struct asked asked = ask_for_something(l);
        die(l, (enum death)death);
        ledgering_start(l);
        ledger_finish(l->ledger);
        assert_told(l, &asked);
        assert_done_once(l);
        assert_rings_are_empty(l);
        ledgering_stop(l);
        ledgering_start(l);
        ledger_finish(l->ledger);
        assert_done_once(l);
        assert_int_equal(ledgering_take(l, 0), 0);
        ledgering_teardown(state);
        ledgering_setup(state);
        l = *state;
    }
}

/* What was committed stays so, though the next ledger begins with a batch that the store refuses. */
static void test_ledger_restart_before_a_refusal(void **state)
{
    struct ledgering *l = *state;
    static const enum death deaths[] = {DEATH_AFTER_COMMIT, DEATH_AFTER_OUTCOMES};
    for (size_t i = 0; i < 2; i++) {
        ask_for_something(l);
        die(l, deaths[i]);
        ledgering_start(l);
        l->batching->moody.refuses_writes = true;
        ledgering_decide(l, 0, "cy", "ticket", 3, NULL, 0);
        ledger_finish(l->ledger);
        l->batching->moody.refuses_writes = false;
        ledger_finish(l->ledger);
        assert_done_once(l);
        assert_int_equal(batching_stock(l->batching, "ticket").reserved, 1);
        assert_rings_are_empty(l);
        ledgering_teardown(state);
        ledgering_setup(state);
        l = *state;
    }
}

/* Nobody waits for the next sweep to be told. */
static void test_ledger_restart_tells_at_once(void **state)
{
    struct ledgering *l = *state;
    uint64_t ticket = ledgering_track(l, 0, "click", "ada", "map");
    die(l, DEATH_AFTER_COMMIT);
    ledgering_start(l);
    shared_drain_wakes(link_wake_fd(&l->links[0]));
    ledger_look(l->ledger);
    assert_true(rings(link_wake_fd(&l->links[0])));
    ledgering_take(l, 0);
    assert_outcome(l, ticket, ERROR_NONE);
}

static void test_ledger_restart_settles_what_was_committed(void **state)
{
    struct ledgering *l = *state;
    static const uint32_t place = 11;
    claims_word word = claims_look(l->shared->claims, place);
    assert_true(claims_try(l->shared->claims, place, &word));
    ledgering_decide(l, 0, "ada", "seat", 1, &place, 1);
    die(l, DEATH_BEFORE_COMMIT);
    ledgering_open(l);
    assert_int_equal(claims_open(claims_look(l->shared->claims, place)), 1);
    ledger_set_site(l->ledger, l->batching->site);
    die(l, DEATH_AFTER_COMMIT);
    ledgering_open(l);
    assert_int_equal(claims_open(claims_look(l->shared->claims, place)), 0);
}

/* A new daemon has other rings: what stands in the store of the old ones means nothing there. */
static void test_ledger_restart_in_another_memory(void **state)
{
    struct ledgering *l = *state;
    struct error error;
    ledgering_track(l, 0, "click", "ada", "map");
    ledgering_decide(l, 0, "ada", "map", 1, NULL, 0);
    ledger_finish(l->ledger);
    ledgering_stop(l);
    shared_free(l->shared);
    l->shared = shared_new(LEDGERING_WORKERS, &error);
    link_create(&l->links[0], l->shared, 0);
    ledgering_start(l);
    ledgering_track(l, 0, "click", "ada", "map");
    ledgering_decide(l, 0, "ada", "map", 2, NULL, 0);
    ledger_finish(l->ledger);
    assert_string_equal(batching_touches(l->batching, "start", "map"), "2/0/2/0/0");
}

static void test_ledger_restart_needs_the_store(void **state)
{
    struct ledgering *l = *state;
    struct moody_store *moody = &l->batching->moody;
    struct error error = {0};
    ledgering_stop(l);
    moody->refuses_reads = true;
    assert_null(ledger_new(l->shared, &moody->store, NULL, &l->options, &error));
    assert_string_equal(error.message, "the store is in a bad mood");
    moody->refuses_reads = false;
    moody->answers_later = true;
    assert_null(ledger_new(l->shared, &moody->store, NULL, &l->options, &error));
    assert_string_equal(error.message, "the store does not answer");
    moody->later = NULL;
    moody->answers_later = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                           \
    cmocka_unit_test_setup_teardown(test_ledger_restart_##name, ledgering_setup, ledgering_teardown)
        TEST(loses_and_repeats_nothing),  TEST(before_a_refusal),  TEST(tells_at_once),
        TEST(settles_what_was_committed), TEST(in_another_memory), TEST(needs_the_store),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/ledger_restart", tests, NULL, NULL);
}

/* batch: one write for all, one answer for each, and nothing remembered of what was refused. */
#include <stdio.h>

#include "../cmocka_all.h"
#include "batch_builder.h"

static void add(struct batching *batching, uint64_t ticket, const struct command *command)
{
    assert_true(batch_add_command(batching->batch, (uint32_t)(ticket % 3), ticket, command));
}

static void test_batch_writes_once_and_answers_in_order(void **state)
{
    struct batching *batching = *state;
    struct command view = batching_event(batching, "view", "ada", NULL);
    struct command flush = {.type = COMMAND_FLUSH}, again = {.type = COMMAND_FLUSH};
    add(batching, 11, &view);
    add(batching, 12, &flush);
    add(batching, 13, &again);
    assert_int_equal(batch_size(batching->batch), 3);
    assert_true(batching_run(batching));
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(batching->batch, &count);
    assert_int_equal(count, 3);
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(outcomes[i].outcome.ticket, 11 + i);
        assert_int_equal(outcomes[i].worker, (11 + i) % 3);
        assert_int_equal(outcomes[i].outcome.code, ERROR_NONE);
    }
    batch_clear(batching->batch);
    assert_int_equal(batch_size(batching->batch), 0);
    assert_int_equal(batching->moody.writes_done, 1);
}

static void test_batch_reads_and_writes_each_customer_once(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "view", "ada", NULL);
    struct moody_store *moody = &batching->moody;
    moody->keys_read = moody->values_written = 0;
    struct command hello = batching_event(batching, "hello", "ada", NULL);
    for (uint64_t i = 0; i < 100; i++)
        add(batching, i, &hello);
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_int_equal(moody->keys_read, 1);
    assert_int_equal(moody->values_written, 1);
    assert_int_equal(batching_customer(batching, "ada")->revision, 2);
}

/* The customer's record and their newest ids; what is remembered of its decision, where it names one. */
static void test_batch_reads_two_values_for_an_event(void **state)
{
    struct batching *batching = *state;
    struct command event = batching_event(batching, "impression", "ada", "map");
    const char *decision = batching_decide(batching, "ada", "map", 1);
    batching_track(batching, "impression", "ada", "map");
    for (unsigned named = 0; named < 2; named++) {
        event.id = named ? TEXT("e2") : TEXT("e1");
        event.decision = named ? text_from(decision) : event.decision;
        batching->moody.keys_read = 0;
        assert_true(batching_do(batching, &event).accepted);
        assert_int_equal(batching->moody.keys_read, 2 + named + 1); /* and the funnel's row */
    }
}

static void assert_unavailable(struct batching *batching, const struct command *command)
{
    size_t keys = batching_count_keys(batching, 0);
    struct outcome outcome = batching_do(batching, command);
    assert_int_equal(batching->error.code, ERROR_UNAVAILABLE);
    assert_int_equal(outcome.code, ERROR_UNAVAILABLE);
    assert_true(!outcome.accepted && !outcome.duplicate && !outcome.moved);
    assert_int_equal(outcome.stage.length, 0);
    assert_text(outcome.payload, "the store is in a bad mood");
    assert_int_equal(batching_count_keys(batching, 0), keys);
}

static void test_batch_remembers_nothing_of_what_was_refused(void **state)
{
    struct batching *batching = *state;
    struct command event = batching_event(batching, "view", "ada", "map");
    event.id = TEXT("e1");
    batching->moody.refuses_writes = true;
    assert_unavailable(batching, &event);
    batching->moody.refuses_writes = false;
    batching->moody.refuses_reads = true;
    assert_unavailable(batching, &event);
    batching->moody.refuses_reads = false;
    struct outcome outcome = batching_do(batching, &event);
    assert_true(outcome.accepted && !outcome.duplicate && outcome.moved);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, 1);
    assert_string_equal(batching_moves(batching, "start"), "1/1/0");
}

static void test_batch_tells_of_no_erasure_that_was_refused(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "view", "ada", NULL);
    struct command erase = batching_command(batching, COMMAND_ERASE, "ada");
    add(batching, 1, &erase);
    batching->moody.refuses_writes = true;
    assert_false(batching_run(batching));
    size_t count;
    batch_erased(batching->batch, &count);
    assert_int_equal(count, 0);
    batch_clear(batching->batch);
    assert_non_null(batching_customer(batching, "ada"));
}

static void test_batch_works_with_a_store_that_answers_later(void **state)
{
    struct batching *batching = *state;
    batching->moody.answers_later = true;
    batching_track(batching, "view", "visitor", "map");
    struct command join = batching_identify(batching, "visitor", "ada");
    assert_true(batching_do(batching, &join).accepted);
    batching_decide(batching, "ada", "ticket", 1);
    batching_sweep(batching);
    assert_text(batching_track(batching, "purchase", "visitor", NULL).stage, "buy");
    struct command erase = batching_command(batching, COMMAND_ERASE, "visitor");
    assert_true(batching_do(batching, &erase).accepted);
    assert_false(batching_contains(batching, TEXT("ada")));
}

static void test_batch_puts_meta_along(void **state)
{
    struct batching *batching = *state;
    char value[] = "12345678";
    struct command flush = {.type = COMMAND_FLUSH};
    add(batching, 1, &flush);
    assert_true(batch_put_meta(batching->batch, TEXT("rings"), text_from(value)));
    value[0] = 'x';
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_true(batching_contains(batching, TEXT("mrings")));
    assert_true(batching_contains(batching, TEXT("12345678")));
}

static void test_batch_of_nothing_writes_nothing(void **state)
{
    struct batching *batching = *state;
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_int_equal(batching->moody.writes_done, 0);
}

/* More segments than any stack would bear, if each were a call deeper. */
static void test_batch_takes_many_joins_of_the_same_customer(void **state)
{
    struct batching *batching = *state;
    enum { MANY = 8192 };
    struct command join = batching_identify(batching, "visitor", "ada");
    struct command event = batching_event(batching, "hello", "visitor", NULL);
    for (uint64_t i = 0; i < MANY; i++)
        add(batching, i, i % 2 == 0 ? &join : &event);
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, MANY / 2);
}

/* Who asks to know what became of the commands before it is written. */
struct settling {
    struct batch *batch;
    bool agrees;
    unsigned calls;
    unsigned accepted; /* of the commands, as of the last call */
};

static bool settled_cb(void *context)
{
    struct settling *settling = context;
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(settling->batch, &count);
    settling->calls++;
    settling->accepted = 0;
    for (size_t i = 0; i < count; i++)
        settling->accepted += outcomes[i].outcome.accepted;
    return settling->agrees && batch_put_meta(settling->batch, TEXT("note"), TEXT("as it came out"));
}

static void test_batch_says_what_came_out_before_it_is_written(void **state)
{
    struct batching *batching = *state;
    struct settling settling = {.agrees = false};
    const struct batch_options options = {.settled = settled_cb, .context = &settling};
    struct command event = batching_event(batching, "hello", "ada", NULL);
    struct command nameless = batching_event(batching, "", "bo", NULL);
    batch_free(batching->batch);
    settling.batch = batching->batch = batch_new(&batching->moody.store, &options);
    for (unsigned calls = 1; calls <= 2; calls++) {
        add(batching, 1, &event);
        add(batching, 2, &nameless);
        assert_int_equal(batching_run(batching), settling.agrees);
        batch_clear(batching->batch);
        assert_int_equal(settling.calls, calls);
        assert_int_equal(settling.accepted, 1);
        assert_int_equal(batching->moody.writes_done, settling.agrees);
        settling.agrees = true;
    }
    assert_true(batching_contains(batching, TEXT("as it came out")));
}

struct relay {
    struct batching *batching;
    unsigned left; /* batches that are still to be run */
    struct command command;
};

/* Runs the next batch from within the end of the last one. */
static void relay_cb(void *context, const struct error *error)
{
    struct relay *relay = context;
    assert_null(error);
    batch_clear(relay->batching->batch);
    if (relay->left-- == 0)
        return;
    assert_true(batch_add_command(relay->batching->batch, 0, 0, &relay->command));
    batch_run(relay->batching->batch, relay->batching->now_ms, relay_cb, relay);
}

static void test_batch_can_run_again_when_it_is_done(void **state)
{
    struct batching *batching = *state;
    enum { MANY = 20000 };
    struct relay relay = {batching, MANY, batching_event(batching, "hello", "ada", NULL)};
    batch_run(batching->batch, batching->now_ms, relay_cb, &relay);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, MANY);
}

static void test_batch_grows_and_shrinks(void **state)
{
    struct batching *batching = *state;
    char ids[2000][24];
    for (int round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < 2000; i++) {
            snprintf(ids[i], sizeof ids[i], "customer-%d", (int)i);
            struct command event = batching_event(batching, "hello", ids[i], NULL);
            add(batching, i, &event);
        }
        assert_true(batching_run(batching));
        batch_clear(batching->batch);
    }
    assert_int_equal(batching_customer(batching, "customer-1999")->events[0].count, 3);
    assert_string_equal(batching_moves(batching, "start"), "2000/0/0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_batch_writes_once_and_answers_in_order),
        TEST(test_batch_reads_and_writes_each_customer_once),
        TEST(test_batch_reads_two_values_for_an_event),
        TEST(test_batch_remembers_nothing_of_what_was_refused),
        TEST(test_batch_tells_of_no_erasure_that_was_refused),
        TEST(test_batch_works_with_a_store_that_answers_later),
        TEST(test_batch_puts_meta_along),
        TEST(test_batch_of_nothing_writes_nothing),
        TEST(test_batch_says_what_came_out_before_it_is_written),
        TEST(test_batch_takes_many_joins_of_the_same_customer),
        TEST(test_batch_can_run_again_when_it_is_done),
        TEST(test_batch_grows_and_shrinks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

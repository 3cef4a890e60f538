/* track: events count once, and to everything they concern; what is wrong with one spoils nothing. */
#include "../cmocka_all.h"
#include "batch_builder.h"
#include "ledger/keys.h"

static struct outcome track_at(struct batching *batching, const char *name, const char *customer,
                               int64_t at_ms)
{
    struct command command = batching_event(batching, name, customer, NULL);
    command.at_ms = at_ms;
    return batching_do(batching, &command);
}

static struct outcome track_id(struct batching *batching, const char *name, const char *customer,
                               const char *id)
{
    struct command command = batching_event(batching, name, customer, NULL);
    command.id = text_from(id);
    return batching_do(batching, &command);
}

static struct outcome track_decision(struct batching *batching, const char *name, const char *customer,
                                     const char *offer, const char *decision)
{
    struct command command = batching_event(batching, name, customer, offer);
    command.decision = text_from(decision);
    return batching_do(batching, &command);
}

static void test_track_makes_and_moves_customers(void **state)
{
    struct batching *batching = *state;
    struct outcome outcome = batching_track(batching, "hello", "ada", NULL);
    assert_int_equal(outcome.code, ERROR_NONE);
    assert_true(outcome.accepted && !outcome.duplicate && !outcome.moved);
    assert_text(outcome.journey, "walk");
    assert_text(outcome.stage, "start");
    outcome = batching_track(batching, "view", "ada", NULL);
    assert_true(outcome.accepted && outcome.moved);
    assert_text(outcome.stage, "look");
    const struct customer *ada = batching_customer(batching, "ada");
    assert_int_equal(ada->event_count, 2);
    assert_int_equal(ada->created_ms, BATCHING_NOW);
    assert_int_equal(ada->revision, 2);
    assert_string_equal(batching_moves(batching, "start"), "1/1/0");
    assert_string_equal(batching_moves(batching, "look"), "1/0/0");
}

static void test_track_counts_an_id_once(void **state)
{
    struct batching *batching = *state;
    assert_false(track_id(batching, "view", "ada", "e1").duplicate);
    struct outcome outcome = track_id(batching, "purchase", "ada", "e1");
    assert_true(outcome.accepted && outcome.duplicate && !outcome.moved);
    assert_text(outcome.stage, "look");
    assert_false(track_id(batching, "view", "bea", "e1").duplicate);
    assert_false(track_id(batching, "hello", NULL, "e1").duplicate);
    assert_true(track_id(batching, "hello", NULL, "e1").duplicate);
    assert_int_equal(batching_customer(batching, "ada")->event_count, 1);
}

static void test_track_counts_an_id_once_within_a_batch(void **state)
{
    struct batching *batching = *state;
    struct command command = batching_event(batching, "view", "ada", NULL);
    command.id = TEXT("e1");
    for (uint64_t i = 0; i < 3; i++)
        assert_true(batch_add_command(batching->batch, 0, i, &command));
    assert_true(batching_run(batching));
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(batching->batch, &count);
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(outcomes[i].outcome.ticket, i);
        assert_int_equal(outcomes[i].outcome.duplicate, i > 0);
    }
    batch_clear(batching->batch);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, 1);
}

static void test_track_forgets_ids_after_their_time(void **state)
{
    struct batching *batching = *state;
    track_id(batching, "view", "ada", "e1");
    batching->now_ms += INT64_C(7) * BATCHING_DAY;
    assert_true(track_id(batching, "view", "ada", "e1").duplicate);
    batching->now_ms += 1;
    assert_false(track_id(batching, "view", "ada", "e1").duplicate);
}

static void put_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

/* What a damaged store says of when an id of nobody's came is taken as well as it goes. */
static void test_track_lives_with_absurd_times_of_ids(void **state)
{
    struct batching *batching = *state;
    static const struct {
        struct text bytes;
        bool duplicate;
    } damages[] = {
        {{"\x80\0\0\0\0\0\0\0", 8}, false},
        {{"\xff\xff\xff\xff\xff\xff\xff\xff", 8}, false},
        {{"\x7f\xff\xff\xff\xff\xff\xff\xff", 8}, true},
        {{"short", 5}, false},
        {{"", 0}, false},
    };
    struct key key;
    key_event(&key, TEXT(""), TEXT("e1"));
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct store_write write = {key_text(&key), damages[i].bytes};
        store_write(batching->moody.inner, &write, 1, put_cb, NULL);
        struct outcome outcome = track_id(batching, "hello", NULL, "e1");
        assert_true(outcome.accepted && outcome.duplicate == damages[i].duplicate);
    }
}

static void test_track_refuses_impossible_times(void **state)
{
    struct batching *batching = *state;
    struct outcome outcome = track_at(batching, "view", "ada", BATCHING_NOW + BATCHING_DAY + 1);
    assert_int_equal(outcome.code, ERROR_INVALID);
    assert_false(outcome.accepted);
    assert_text(outcome.payload, "at: more than a day in the future");
    outcome = track_at(batching, "view", "ada", INT64_C(946684799999));
    assert_text(outcome.payload, "at: before the year 2000");
    assert_int_equal(batching_count_keys(batching, KEY_CUSTOMER), 0);
    assert_string_equal(batching_moves(batching, "start"), "0/0/0");
    assert_int_equal(track_at(batching, "view", "ada", BATCHING_NOW + BATCHING_DAY).code, ERROR_NONE);
    assert_int_equal(track_at(batching, "view", "ada", INT64_C(946684800000)).code, ERROR_NONE);
}

static void test_track_counts_touches_where_the_customer_stood(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "impression", "ada", "map");
    batching_track(batching, "view", "ada", "map");
    batching_track(batching, "click", "ada", "map");
    batching_track(batching, "dismiss", "ada", "map");
    batching_track(batching, "purchase", "ada", "map");
    batching_track(batching, "conversion", "ada", "map");
    batching_track(batching, "impression", NULL, "map");
    assert_string_equal(batching_touches(batching, "start", "map"), "0/1/0/0/0");
    assert_string_equal(batching_touches(batching, "look", "map"), "0/0/1/1/1");
    assert_string_equal(batching_touches(batching, "buy", "map"), "0/0/0/0/1");
    assert_string_equal(batching_touches(batching, NULL, "map"), "0/1/0/0/0");
    const struct customer *ada = batching_customer(batching, "ada");
    const uint32_t counts[TOUCH_KINDS] = {0, 1, 1, 1, 2};
    assert_int_equal(ada->offer_count, 1);
    assert_text(ada->offers[0].kind, "guide");
    assert_memory_equal(ada->offers[0].counts, counts, sizeof counts);
}

static void test_track_impression_takes_its_reservation_back(void **state)
{
    struct batching *batching = *state;
    char decision[DECISION_ID_LENGTH + 1];
    strcpy(decision, batching_decide(batching, "ada", "map", 1));
    batching_decide(batching, "ada", "map", 2);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 2);
    track_decision(batching, "click", "ada", "map", decision);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 2);
    track_decision(batching, "impression", "ada", "map", decision);
    track_decision(batching, "impression", "ada", "map", decision);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 1);
    batching_track(batching, "impression", "ada", "map");
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 0);
}

static void test_track_refuses_decisions_of_others(void **state)
{
    struct batching *batching = *state;
    char decision[DECISION_ID_LENGTH + 1];
    strcpy(decision, batching_decide(batching, "ada", "map", 1));
    struct outcome outcome = track_decision(batching, "impression", "bea", "map", decision);
    assert_int_equal(outcome.code, ERROR_INVALID);
    assert_text(outcome.payload, "decision: of another customer");
    assert_null(batching_customer(batching, "bea"));
    assert_int_equal(track_decision(batching, "impression", "ada", "map", decision).code, ERROR_NONE);
    assert_int_equal(track_decision(batching, "click", "ada", "map", decision).code, ERROR_NONE);
    assert_int_equal(track_decision(batching, "click", NULL, "map", decision).code, ERROR_NONE);
}

static void test_track_takes_unknown_decisions_as_they_are(void **state)
{
    struct batching *batching = *state;
    const char *anonymous = batching_decide(batching, NULL, "map", 1);
    assert_int_equal(track_decision(batching, "impression", "bea", "map", anonymous).code, ERROR_NONE);
    struct outcome outcome = track_decision(batching, "impression", "bea", "map", "whatever");
    assert_int_equal(outcome.code, ERROR_INVALID);
    assert_text(outcome.payload, "decision: not one of those that recommend names");
    char decision[DECISION_ID_LENGTH + 1];
    strcpy(decision, batching_decide(batching, "ada", "map", 1));
    batching->now_ms += BATCHING_RESERVE;
    batching_sweep(batching);
    assert_int_equal(track_decision(batching, "click", "bea", "map", decision).code, ERROR_NONE);
}

static void test_track_keeps_nothing_of_restricted_customers(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "view", "ada", NULL);
    struct command command = batching_command(batching, COMMAND_RESTRICT, "ada");
    command.restricted = true;
    assert_int_equal(batching_do(batching, &command).code, ERROR_NONE);
    size_t keys = batching_count_keys(batching, 0);
    uint64_t revision = batching_customer(batching, "ada")->revision;
    struct outcome outcome = track_id(batching, "purchase", "ada", "e1");
    assert_int_equal(outcome.code, ERROR_NONE);
    assert_true(!outcome.accepted && !outcome.moved);
    batching_decide(batching, "ada", "map", 1);
    assert_int_equal(batching_count_keys(batching, 0), keys);
    assert_int_equal(batching_customer(batching, "ada")->revision, revision);
}

static void test_track_counts_without_a_site(void **state)
{
    struct batching *batching = *state;
    batch_set_site(batching->batch, NULL);
    struct outcome outcome = batching_track(batching, "purchase", "ada", "map");
    assert_true(outcome.accepted && !outcome.moved);
    assert_int_equal(outcome.journey.length, 0);
    assert_int_equal(batching_customer(batching, "ada")->event_count, 1);
    assert_int_equal(batching_customer(batching, "ada")->journey_count, 0);
    batch_set_site(batching->batch, batching->site);
    assert_text(batching_track(batching, "view", "ada", NULL).stage, "look");
}

static void test_track_refuses_ids_that_are_too_long(void **state)
{
    struct batching *batching = *state;
    char id[CUSTOMER_ID_MOST + 2];
    memset(id, 'a', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    struct outcome outcome = batching_track(batching, "view", id, NULL);
    assert_int_equal(outcome.code, ERROR_INVALID);
    assert_text(outcome.payload, "customer: longer than 128 bytes");
    assert_true(batching_track(batching, "view", id + 1, NULL).accepted);
    outcome = batching_track(batching, "", "ada", NULL);
    assert_text(outcome.payload, "event: missing");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_track_makes_and_moves_customers),
        TEST(test_track_counts_an_id_once),
        TEST(test_track_counts_an_id_once_within_a_batch),
        TEST(test_track_forgets_ids_after_their_time),
        TEST(test_track_lives_with_absurd_times_of_ids),
        TEST(test_track_refuses_impossible_times),
        TEST(test_track_counts_touches_where_the_customer_stood),
        TEST(test_track_impression_takes_its_reservation_back),
        TEST(test_track_refuses_decisions_of_others),
        TEST(test_track_takes_unknown_decisions_as_they_are),
        TEST(test_track_keeps_nothing_of_restricted_customers),
        TEST(test_track_counts_without_a_site),
        TEST(test_track_refuses_ids_that_are_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

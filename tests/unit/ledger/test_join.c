/* join: two ids are one from now on, whatever was known of either. */
#include <stdio.h>

#include "../cmocka_all.h"
#include "batch_builder.h"

static struct outcome identify(struct batching *batching, const char *anonymous, const char *customer)
{
    struct command command = batching_identify(batching, anonymous, customer);
    return batching_do(batching, &command);
}

static struct outcome track_id(struct batching *batching, const char *customer, const char *id)
{
    struct command command = batching_event(batching, "view", customer, NULL);
    command.id = text_from(id);
    return batching_do(batching, &command);
}

static void test_join_brings_histories_together(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "view", "visitor", "map");
    batching_track(batching, "click", "visitor", "map");
    batching_track(batching, "hello", "ada", NULL);
    struct outcome outcome = identify(batching, "visitor", "ada");
    assert_true(outcome.accepted);
    assert_text(outcome.stage, "look");
    assert_null(batching_customer(batching, "visitor"));
    assert_text(batching_alias(batching, "visitor"), "ada");
    const struct customer *ada = batching_customer(batching, "ada");
    assert_int_equal(ada->event_count, 3);
    assert_int_equal(ada->offers[0].counts[TOUCH_CLICK], 1);
    assert_int_equal(ada->alias_count, 1);
    assert_string_equal(batching_moves(batching, "look"), "1/0/0");
    assert_string_equal(batching_moves(batching, "start"), "2/2/0");
    batching_track(batching, "hello", "visitor", NULL);
    assert_int_equal(customer_count_events(batching_customer(batching, "ada"), TEXT("hello"), 0, 0), 2);
}

static void test_join_happens_once(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "view", "visitor", NULL);
    assert_false(identify(batching, "visitor", "ada").duplicate);
    uint64_t revision = batching_customer(batching, "ada")->revision;
    const char *const ids[][2] = {{"visitor", "ada"}, {"ada", "visitor"}, {"ada", "ada"}};
    for (size_t i = 0; i < 3; i++) {
        struct outcome outcome = identify(batching, ids[i][0], ids[i][1]);
        assert_true(outcome.accepted && outcome.duplicate);
    }
    const struct customer *ada = batching_customer(batching, "ada");
    assert_int_equal(ada->revision, revision);
    assert_int_equal(customer_count_events(ada, TEXT("view"), 0, 0), 1);
}

static void test_join_makes_those_never_seen(void **state)
{
    struct batching *batching = *state;
    assert_text(identify(batching, "visitor", "ada").stage, "start");
    assert_text(batching_alias(batching, "visitor"), "ada");
    assert_string_equal(batching_moves(batching, "start"), "1/0/0");
    batching_track(batching, "view", "other", NULL);
    assert_text(identify(batching, "other", "bea").stage, "look");
    assert_string_equal(batching_moves(batching, "start"), "2/1/0");
    assert_text(identify(batching, "cora", "cora").stage, "start");
    assert_int_equal(batching_customer(batching, "cora")->alias_count, 0);
}

static void test_join_moves_idempotency_keys(void **state)
{
    struct batching *batching = *state;
    track_id(batching, "visitor", "e1");
    identify(batching, "visitor", "ada");
    assert_true(track_id(batching, "ada", "e1").duplicate);
    assert_true(track_id(batching, "visitor", "e1").duplicate);
    assert_true(batching_contains(batching, TEXT("\7visitor\0")));
    assert_false(batching_contains(batching, TEXT("\7visitori")));
    assert_false(batching_contains(batching, TEXT("\7visitort")));
}

static void test_join_and_its_events_in_one_batch(void **state)
{
    struct batching *batching = *state;
    struct command event = batching_event(batching, "view", "visitor", NULL);
    event.id = TEXT("e1");
    struct command join = batching_identify(batching, "visitor", "ada");
    struct command again = event;
    again.customer = TEXT("ada");
    const struct command *commands[] = {&event, &join, &again, &event, &join};
    for (uint64_t i = 0; i < 5; i++)
        assert_true(batch_add_command(batching->batch, 0, i, commands[i]));
    assert_true(batching_run(batching));
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(batching->batch, &count);
    for (uint64_t i = 0; i < 5; i++) {
        assert_true(outcomes[i].outcome.accepted);
        assert_int_equal(outcomes[i].outcome.duplicate, i >= 2);
    }
    batch_clear(batching->batch);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, 1);
    assert_string_equal(batching_moves(batching, "start"), "1/1/0");
}

/* However long the way was, each id leads to the last one directly. */
static void test_join_keeps_ways_short(void **state)
{
    struct batching *batching = *state;
    char from[16] = "id-0", to[16];
    for (int i = 1; i <= 20; i++) {
        snprintf(to, sizeof to, "id-%d", i);
        assert_true(identify(batching, from, to).accepted);
        strcpy(from, to);
    }
    for (int i = 0; i < 20; i++) {
        snprintf(from, sizeof from, "id-%d", i);
        assert_text(batching_alias(batching, from), "id-20");
    }
    assert_int_equal(batching_customer(batching, "id-20")->alias_count, 20);
}

static void test_join_refuses_too_many_aliases(void **state)
{
    struct batching *batching = *state;
    char id[16];
    for (int i = 0; i < CUSTOMER_ALIASES_MOST; i++) {
        snprintf(id, sizeof id, "id-%d", i);
        assert_true(identify(batching, id, "ada").accepted);
    }
    uint64_t revision = batching_customer(batching, "ada")->revision;
    struct outcome outcome = identify(batching, "one-more", "ada");
    assert_int_equal(outcome.code, ERROR_INVALID);
    assert_text(outcome.payload, "customer: more than 256 other ids of one customer");
    assert_int_equal(batching_customer(batching, "ada")->revision, revision);
    assert_int_equal(batching_alias(batching, "one-more").length, 0);
}

static void test_join_knows_decisions_of_either(void **state)
{
    struct batching *batching = *state;
    struct command click = batching_event(batching, "click", "ada", "map");
    click.decision = text_from(batching_decide(batching, "visitor", "map", 1));
    assert_int_equal(batching_do(batching, &click).code, ERROR_INVALID);
    identify(batching, "visitor", "ada");
    assert_int_equal(batching_do(batching, &click).code, ERROR_NONE);
    click.customer = TEXT("bea");
    assert_int_equal(batching_do(batching, &click).code, ERROR_INVALID);
}

static void test_join_is_restricted_where_either_was(void **state)
{
    struct batching *batching = *state;
    struct command command = batching_command(batching, COMMAND_RESTRICT, "visitor");
    command.restricted = true;
    assert_true(batching_do(batching, &command).accepted);
    batching_track(batching, "view", "ada", NULL);
    identify(batching, "visitor", "ada");
    assert_true(batching_customer(batching, "ada")->restricted);
    assert_false(batching_track(batching, "view", "ada", NULL).accepted);
}

static void test_join_leaves_one_timer_a_journey(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "view", "visitor", NULL);
    batching_track(batching, "sign_up", "visitor", NULL);
    batching_track(batching, "view", "ada", NULL);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 3);
    identify(batching, "visitor", "ada");
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 2);
}

static void test_join_needs_both_ids(void **state)
{
    struct batching *batching = *state;
    assert_text(identify(batching, NULL, "ada").payload, "anonymous: missing");
    assert_text(identify(batching, "visitor", NULL).payload, "customer: missing");
    assert_int_equal(batching_count_keys(batching, KEY_CUSTOMER), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_join_brings_histories_together),
        TEST(test_join_happens_once),
        TEST(test_join_makes_those_never_seen),
        TEST(test_join_moves_idempotency_keys),
        TEST(test_join_and_its_events_in_one_batch),
        TEST(test_join_keeps_ways_short),
        TEST(test_join_refuses_too_many_aliases),
        TEST(test_join_knows_decisions_of_either),
        TEST(test_join_is_restricted_where_either_was),
        TEST(test_join_leaves_one_timer_a_journey),
        TEST(test_join_needs_both_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

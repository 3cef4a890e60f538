/* touched: which offers an event is about, and what becomes of them. */
#include <stdio.h>

#include "../cmocka_all.h"
#include "batch_builder.h"

static struct outcome track_decision(struct batching *batching, const char *name, const char *customer,
                                     const char *offer, const char *decision)
{
    struct command command = batching_event(batching, name, customer, offer);
    command.decision = text_from(decision);
    return batching_do(batching, &command);
}

/* One decision of three offers. */
static const char *decide_several(struct batching *batching, const char *customer, uint64_t seed)
{
    static const struct record_item items[] = {{.offer = TEXT("map"), .reserves = true},
                                               {.offer = TEXT("ticket"), .stocked = true, .reserves = true},
                                               {.offer = TEXT("seat"), .stocked = true}};
    struct record record = {.clock_us = batching->now_ms * 1000,
                            .seed = seed,
                            .customer = text_from(customer),
                            .items = items,
                            .item_count = sizeof items / sizeof *items};
    assert_true(batch_add_record(batching->batch, &record));
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    return batching_decision(record.clock_us, seed);
}

static void test_touched_impression_without_offer_is_of_all_that_were_decided(void **state)
{
    struct batching *batching = *state;
    const char *decision = decide_several(batching, "ada", 1);
    assert_int_equal(batching_stock(batching, "seat").reserved, 1);
    assert_true(track_decision(batching, "impression", "ada", NULL, decision).accepted);
    assert_true(track_decision(batching, "impression", "ada", NULL, decision).accepted);
    const struct customer *ada = batching_customer(batching, "ada");
    assert_int_equal(ada->reservation_count, 0);
    assert_int_equal(ada->offer_count, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(ada->offers[i].counts[TOUCH_IMPRESSION], 2);
    assert_int_equal(ada->events[0].count, 2);
    assert_string_equal(batching_touches(batching, "start", "seat"), "0/2/0/0/0");
    for (int i = 0; i < 2; i++) {
        struct stock_count count = batching_stock(batching, i == 0 ? "seat" : "ticket");
        assert_int_equal(count.confirmed, 1);
        assert_int_equal(count.reserved, 0);
    }
}

static void test_touched_impression_without_offer_in_the_batch_of_its_decision(void **state)
{
    struct batching *batching = *state;
    struct command impression = batching_event(batching, "impression", "ada", NULL);
    impression.decision = text_from(batching_decision(BATCHING_NOW * 1000, 7));
    assert_true(batch_add_command(batching->batch, 0, 0, &impression));
    decide_several(batching, "ada", 7);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 0);
    assert_int_equal(batching_stock(batching, "seat").confirmed, 1);
}

static void test_touched_other_touches_without_offer_are_of_the_only_one(void **state)
{
    struct batching *batching = *state;
    char decision[DECISION_ID_LENGTH + 1];
    strcpy(decision, batching_decide(batching, "ada", "map", 1));
    const char *const names[] = {"impression", "click", "dismiss", "conversion", "purchase"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(track_decision(batching, names[i], "ada", NULL, decision).accepted);
    const uint32_t counts[TOUCH_KINDS] = {1, 1, 1, 1, 2};
    assert_memory_equal(batching_customer(batching, "ada")->offers[0].counts, counts, sizeof counts);
    assert_int_equal(batching_customer(batching, "ada")->reservation_count, 0);
    strcpy(decision, decide_several(batching, "ada", 2));
    for (size_t i = 1; i < sizeof names / sizeof *names; i++)
        assert_text(track_decision(batching, names[i], "ada", NULL, decision).payload,
                    "offer: missing, and the decision has several");
    assert_true(track_decision(batching, "view", "ada", NULL, decision).accepted);
    assert_true(track_decision(batching, "click", "ada", "seat", decision).accepted);
}

static void test_touched_refuses_offers_that_were_not_in_the_decision(void **state)
{
    struct batching *batching = *state;
    char decision[DECISION_ID_LENGTH + 1];
    strcpy(decision, batching_decide(batching, "ada", "map", 1));
    const char *const who[] = {"ada", NULL};
    for (size_t i = 0; i < 2; i++) {
        struct outcome outcome = track_decision(batching, "impression", who[i], "seat", decision);
        assert_int_equal(outcome.code, ERROR_INVALID);
        assert_text(outcome.payload, "offer: 'seat' was not in that decision");
    }
    assert_string_equal(batching_touches(batching, "start", "seat"), "0/0/0/0/0");
    assert_int_equal(batching_customer(batching, "ada")->event_count, 0);
    batching->now_ms += BATCHING_RESERVE;
    batching_sweep(batching);
    assert_true(track_decision(batching, "impression", "ada", "seat", decision).accepted);
    assert_true(track_decision(batching, "impression", "ada", NULL, decision).accepted);
    assert_string_equal(batching_touches(batching, "start", "map"), "1/0/0/0/0");
}

/* Of nobody's decisions only those are known that took something of a stock. */
static void test_touched_impression_without_offer_of_nobody(void **state)
{
    struct batching *batching = *state;
    assert_true(
        track_decision(batching, "impression", NULL, NULL, decide_several(batching, NULL, 1)).accepted);
    assert_string_equal(batching_touches(batching, NULL, "map"), "1/1/0/0/0");
    assert_int_equal(batching_stock(batching, "ticket").confirmed, 1);
    assert_int_equal(batching_stock(batching, "ticket").reserved, 0);
    assert_true(
        track_decision(batching, "impression", "bea", NULL, decide_several(batching, NULL, 2)).accepted);
    assert_int_equal(batching_customer(batching, "bea")->offer_count, 3);
}

/* The stage that an event with a decision and no more leads to, where "buy" asks for `where`. */
static struct text stage_by(struct batching *batching, const char *event, const char *customer,
                            struct rule_where where, const char *decision)
{
    struct enter_rule rule = {
        .event = text_from(event), .where = &where, .where_count = 1, .times = 1, .hash = 99};
    struct stage *buy = &batching->site->stages[2];
    const struct enter_rule *before = buy->enter;
    buy->enter = &rule;
    struct outcome outcome = track_decision(batching, event, customer, NULL, decision);
    buy->enter = before;
    return outcome.stage;
}

/* The event is about the only offer also where stages ask for it and its kind, whatever the event. */
static void test_touched_moves_customers_by_the_offer_that_was_decided(void **state)
{
    struct batching *batching = *state;
    const struct rule_where asked[] = {{TEXT("offer"), TEXT("\xA3map")}, {TEXT("kind"), TEXT("\xA5guide")}};
    const char *const events[] = {"click", "download"};
    const char *const customers[] = {"ada", "bea", "cleo", "dora"};
    for (size_t i = 0; i < 4; i++) {
        const char *decision = batching_decide(batching, customers[i], "map", i + 1);
        assert_text(stage_by(batching, events[i / 2], customers[i], asked[i % 2], decision), "buy");
    }
    assert_int_equal(batching_customer(batching, "dora")->touch_count, 1);
    assert_string_equal(batching_touches(batching, "start", "map"), "4/0/2/0/0");
}

/* Of several nobody knows which. */
static void test_touched_moves_nobody_by_one_of_several(void **state)
{
    struct batching *batching = *state;
    struct rule_where where = {TEXT("kind"), TEXT("\xA5guide")};
    const char *decision = decide_several(batching, "ada", 1);
    assert_text(stage_by(batching, "download", "ada", where, decision), "start");
}

/* Whatever events name: one row for what nobody knows, and none for each name. */
static void test_touched_counts_what_is_not_known_together(void **state)
{
    struct batching *batching = *state;
    char offer[16], placement[16];
    for (int i = 0; i < 30; i++) {
        snprintf(offer, sizeof offer, "b%d", i);
        snprintf(placement, sizeof placement, "p%d", i);
        struct command click = batching_event(batching, "click", i % 3 == 0 ? NULL : "ada", offer);
        click.placement = text_from(placement);
        assert_true(batching_do(batching, &click).accepted);
        click.offer = TEXT("map");
        assert_true(batching_do(batching, &click).accepted);
        click.placement = TEXT("hero");
        assert_true(batching_do(batching, &click).accepted);
    }
    assert_string_equal(batching_touches(batching, "start", "(other)"), "0/0/20/0/0");
    assert_string_equal(batching_touches(batching, NULL, "(other)"), "0/0/10/0/0");
    assert_string_equal(batching_touches(batching, "start", "map"), "0/0/40/0/0");
    assert_string_equal(batching_touches(batching, NULL, "map"), "0/0/20/0/0");
    assert_int_equal(batching_count_keys(batching, 'f'), 1 + 2 * 3);
    assert_int_equal(batching_customer(batching, "ada")->offer_count, 21);
}

/* A decision of one offer that was asked for another journey than where customers stand. */
static const char *decide_away(struct batching *batching, const char *customer, const char *offer,
                               uint64_t seed)
{
    const struct record_item item = {
        .offer = text_from(offer), .stocked = strcmp(offer, "map") != 0, .reserves = true};
    struct record record = {.clock_us = batching->now_ms * 1000,
                            .seed = seed,
                            .customer = text_from(customer),
                            .journey = TEXT("club"),
                            .stage = TEXT("member"),
                            .placement = TEXT("hero"),
                            .items = &item,
                            .item_count = 1};
    assert_true(batch_add_record(batching->batch, &record));
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    return batching_decision(record.clock_us, seed);
}

static void test_touched_counts_where_the_decision_was(void **state)
{
    struct batching *batching = *state;
    struct command click = batching_event(batching, "click", "ada", "map");
    click.decision = text_from(decide_away(batching, "ada", "map", 1));
    click.placement = TEXT("cellar");
    assert_true(batching_do(batching, &click).accepted);
    click.name = TEXT("impression");
    click.offer = (struct text){NULL, 0};
    assert_true(batching_do(batching, &click).accepted);
    assert_true(batching_track(batching, "click", "ada", "map").accepted);
    assert_string_equal(batching_touches(batching, "member", "map"), "1/1/1/0/0");
    assert_string_equal(batching_touches(batching, "start", "map"), "0/0/1/0/0");
    assert_int_equal(batching_count_keys(batching, 'f'), 1 + 2);
    batching->now_ms += BATCHING_RESERVE;
    batching_sweep(batching);
    click.offer = TEXT("map");
    assert_true(batching_do(batching, &click).accepted);
    assert_string_equal(batching_touches(batching, "start", "map"), "0/1/1/0/0");
}

/* Of nobody's decisions only those are remembered that took something of a stock. */
static void test_touched_counts_visitors_where_the_decision_was(void **state)
{
    struct batching *batching = *state;
    const char *const offers[] = {"ticket", "map"};
    for (uint64_t i = 0; i < 2; i++) {
        const char *decision = decide_away(batching, NULL, offers[i], i + 1);
        assert_true(track_decision(batching, "impression", NULL, offers[i], decision).accepted);
    }
    assert_string_equal(batching_touches(batching, "member", "ticket"), "1/1/0/0/0");
    assert_string_equal(batching_touches(batching, "member", "map"), "1/0/0/0/0");
    assert_string_equal(batching_touches(batching, NULL, "map"), "0/1/0/0/0");
}

/* An offer that a reload took away while its page was open. */
static void test_touched_knows_offers_that_were_decided(void **state)
{
    struct batching *batching = *state;
    const char *decision = batching_decide(batching, "ada", "gone", 1);
    assert_true(track_decision(batching, "impression", "ada", "gone", decision).accepted);
    assert_true(track_decision(batching, "click", "ada", NULL, decision).accepted);
    assert_true(batching_track(batching, "click", "ada", "gone").accepted);
    assert_string_equal(batching_touches(batching, "start", "gone"), "1/1/1/0/0");
    assert_string_equal(batching_touches(batching, "start", "(other)"), "0/0/1/0/0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_touched_impression_without_offer_is_of_all_that_were_decided),
        TEST(test_touched_impression_without_offer_in_the_batch_of_its_decision),
        TEST(test_touched_other_touches_without_offer_are_of_the_only_one),
        TEST(test_touched_refuses_offers_that_were_not_in_the_decision),
        TEST(test_touched_impression_without_offer_of_nobody),
        TEST(test_touched_moves_customers_by_the_offer_that_was_decided),
        TEST(test_touched_moves_nobody_by_one_of_several),
        TEST(test_touched_counts_what_is_not_known_together),
        TEST(test_touched_counts_where_the_decision_was),
        TEST(test_touched_counts_visitors_where_the_decision_was),
        TEST(test_touched_knows_offers_that_were_decided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* path: how customers move, one rule of moving after the other. */
#include "../cmocka_all.h"

#include <stdio.h>

#include "walk_builder.h"

#define assert_stage(walk, journey, stage)                                                                   \
    assert_string_equal(walk_stage(walk, &(walk)->customer, journey), stage)
#define assert_moves(walk, stage, moves) assert_string_equal(walk_moves(walk, "walk", stage, 0), moves)

static const struct text nothing = {NULL, 0};

static void set(struct walk *walk, const char *stage, double days)
{
    struct error error;
    assert_true(path_set(&walk->path, &walk->customer, nothing, text_from(stage), walk_day(days), &error));
}

static bool drop(struct walk *walk, const char *journey, double days)
{
    return path_drop_if_silent(&walk->path, &walk->customer, text_from(journey), walk_day(days));
}

static const struct customer_journey *place(const struct walk *walk, const char *journey)
{
    uint32_t row = customer_find_journey(&walk->customer, text_from(journey));
    assert_true(row < walk->customer.journey_count);
    return &walk->customer.journeys[row];
}

/* ---- Beginning ---- */

static void test_path_starts_at_the_first_stage(void **state)
{
    struct walk *walk = *state;
    struct error error;
    assert_stage(walk, "walk", "(none)");
    for (int i = 0; i < 2; i++)
        assert_true(path_start(&walk->path, &walk->customer, walk_day(3.5), &error));
    assert_stage(walk, "walk", "start");
    assert_stage(walk, "club", "(none)");
    assert_string_equal(walk_moves(walk, "walk", "start", walk_name(3)), "1/0/0");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(3.5));
    assert_int_equal(place(walk, "walk")->entered_day, walk_name(3));
}

static void test_path_starts_with_the_first_event(void **state)
{
    struct walk *walk = *state;
    struct path_outcome outcome = walk_event(walk, "nothing in particular", 0);
    assert_false(outcome.moved);
    assert_true(text_equal(outcome.now.journey, TEXT("walk")));
    assert_true(text_equal(outcome.now.stage, TEXT("start")));
    outcome = walk_event(walk, "view", 0);
    assert_true(outcome.moved);
    assert_true(text_equal(outcome.before.stage, TEXT("start")));
    assert_true(text_equal(outcome.now.stage, TEXT("look")));
    assert_false(outcome.returned);
}

static void test_path_without_a_site_moves_nobody(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    walk->path.site = NULL;
    struct path_outcome outcome = walk_event(walk, "purchase", 1);
    assert_false(outcome.moved);
    assert_int_equal(place(walk, "walk")->active_ms, walk_day(1));
    assert_false(drop(walk, "walk", 1000));
    walk->path.site = walk->site;
    assert_stage(walk, "walk", "look");
}

/* ---- Forward ---- */

static void test_path_counts_leaving_on_the_day_of_entering(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "hello", 0);
    walk_event(walk, "view", 5);
    walk_event(walk, "cart", 9);
    assert_string_equal(walk_moves(walk, "walk", "start", walk_name(0)), "1/1/0");
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(5)), "1/1/0");
    assert_string_equal(walk_moves(walk, "walk", "choose", walk_name(9)), "1/0/0");
    assert_moves(walk, "look", "1/1/0");
}

static void test_path_goes_to_the_furthest_stage(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "purchase", 0);
    assert_stage(walk, "walk", "buy");
    walk_event(walk, "purchase", 50);
    assert_stage(walk, "walk", "stay");
    assert_moves(walk, "look", "0/0/0");
    assert_moves(walk, "buy", "1/1/0");
}

static void test_path_never_goes_back_by_itself(void **state)
{
    struct walk *walk = *state;
    walk_event_with(walk, "review", 0, TEXT("\x81\xA6rating\x05"));
    assert_stage(walk, "walk", "stay");
    assert_false(walk_event(walk, "purchase", 1).moved);
    assert_false(walk_event(walk, "cart", 2).moved);
    assert_moves(walk, "stay", "1/0/0");
}

static void test_path_needs_as_many_events_as_the_rule_says(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "price", 0);
    assert_stage(walk, "walk", "start");
    walk_event(walk, "price", 7.01); /* too far from the first */
    assert_stage(walk, "walk", "start");
    walk_event(walk, "price", 14.01);
    assert_stage(walk, "walk", "choose");
}

static void test_path_takes_other_journeys_along(void **state)
{
    struct walk *walk = *state;
    struct path_outcome outcome;
    struct error error;
    struct path_event event = {.name = TEXT("pay"), .at_ms = walk_day(2)};
    walk_event(walk, "sign_up", 1);
    assert_stage(walk, "club", "join");
    assert_true(path_apply(&walk->path, &walk->customer, &event, 1, &outcome, &error));
    assert_true(outcome.moved);
    assert_true(text_equal(outcome.now.journey, TEXT("club")));
    assert_true(text_equal(outcome.now.stage, TEXT("member")));
    assert_stage(walk, "walk", "start");
    assert_string_equal(walk_moves(walk, "club", "join", walk_name(1)), "1/1/0");
}

/* ---- Where ---- */

static bool enters(struct walk *walk, const char *key, struct text value, const struct path_event *said)
{
    struct rule_where where = {text_from(key), value};
    struct enter_rule rule = {
        .event = TEXT("ask"), .where = &where, .where_count = 1, .times = 1, .hash = 99};
    struct stage *buy = &walk->site->stages[3];
    struct path_event event = *said;
    struct path_outcome outcome;
    struct error error;
    buy->enter = &rule;
    buy->enter_count = 1;
    event.name = TEXT("ask");
    walk->customer.journey_count = 0;
    assert_true(path_apply(&walk->path, &walk->customer, &event, SNAPSHOT_NONE, &outcome, &error));
    return outcome.moved;
}

static void test_path_asks_for_properties(void **state)
{
    struct walk *walk = *state;
    const struct path_event five = {.properties = TEXT("\x81\xA1k\x05")};
    const struct path_event five_point = {.properties = TEXT("\x81\xA1k\xCB\x40\x14\0\0\0\0\0\0")};
    const struct path_event word = {.properties = TEXT("\x82\xA1j\x05\xA1k\xA4shop")};
    const struct path_event bytes = {.properties = TEXT("\x81\xA1k\xC4\x04shop")};
    const struct path_event yes = {.properties = TEXT("\x81\xA1k\xC3")};
    assert_true(enters(walk, "k", TEXT("\x05"), &five));
    assert_true(enters(walk, "k", TEXT("\x05"), &five_point));
    assert_false(enters(walk, "k", TEXT("\x06"), &five));
    assert_false(enters(walk, "k",
                        TEXT("\xA1"
                             "5"),
                        &five));
    assert_true(enters(walk, "k", TEXT("\xA4shop"), &word));
    assert_true(enters(walk, "k", TEXT("\xA4shop"), &bytes));
    assert_false(enters(walk, "k", TEXT("\xA4Shop"), &word));
    assert_false(enters(walk, "k", TEXT("\x01"), &yes));
    assert_true(enters(walk, "k", TEXT("\xC3"), &yes));
    assert_false(enters(walk, "k", TEXT("\xC2"), &yes));
    assert_false(enters(walk, "other", TEXT("\xC3"), &yes));
}

static void test_path_takes_no_properties_for_none(void **state)
{
    struct walk *walk = *state;
    const struct text odd[] = {nothing,           TEXT(""),     TEXT("\x05"),
                               TEXT("\x81\xA1k"), TEXT("\xC1"), TEXT("\x80")};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        const struct path_event event = {.properties = odd[i]};
        assert_false(enters(walk, "k", TEXT("\x05"), &event));
    }
}

static void test_path_asks_for_what_the_event_itself_says(void **state)
{
    struct walk *walk = *state;
    const struct path_event event = {.offer = TEXT("map"),
                                     .placement = TEXT("hero"),
                                     .touchpoint = TEXT("shop"),
                                     .has_value = true,
                                     .value = 20,
                                     .properties = TEXT("\x82\xA5offer\xA5other\xA4kind\xA4tool")};
    assert_true(enters(walk, "offer", TEXT("\xA3map"), &event));
    assert_false(enters(walk, "offer", TEXT("\xA5other"), &event));
    assert_true(enters(walk, "kind", TEXT("\xA5guide"), &event)); /* as the site has it */
    assert_false(enters(walk, "kind", TEXT("\xA4tool"), &event));
    assert_true(enters(walk, "placement", TEXT("\xA4hero"), &event));
    assert_true(enters(walk, "touchpoint", TEXT("\xA4shop"), &event));
    assert_true(enters(walk, "value", TEXT("\x14"), &event));
    assert_false(enters(walk, "value", TEXT("\x15"), &event));
}

static void test_path_asks_properties_for_what_the_event_does_not_say(void **state)
{
    struct walk *walk = *state;
    const struct path_event event = {.properties = TEXT("\x82\xA4kind\xA4tool\xA5value\x03")};
    const struct path_event foreign = {.offer = TEXT("gone"), .properties = TEXT("\x81\xA4kind\xA4tool")};
    const struct path_event told = {.offer = TEXT("gone"), .kind = TEXT("tool")};
    assert_true(enters(walk, "kind", TEXT("\xA4tool"), &event));
    assert_true(enters(walk, "value", TEXT("\x03"), &event));
    assert_true(enters(walk, "kind", TEXT("\xA4tool"), &foreign));
    assert_true(enters(walk, "kind", TEXT("\xA4tool"), &told));
}

/* ---- Coming back ---- */

static void test_path_comes_back_after_the_cool_down(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    walk_event(walk, "cart", 1);
    assert_false(walk_event(walk, "view", 10.9).moved);
    assert_true(walk_event(walk, "view", 11).moved);
    assert_stage(walk, "walk", "look");
    assert_string_equal(walk_moves(walk, "walk", "choose", walk_name(1)), "1/1/0");
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(0)), "1/1/0");
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(11)), "1/0/0");
}

/* Whoever buys at once has not looked, but may do so no sooner than those who did. */
static void test_path_passing_over_is_leaving(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "purchase", 0);
    assert_false(walk_event(walk, "view", 9.9).moved);
    assert_false(walk_event(walk, "cart", 4.9).moved);
    assert_true(walk_event(walk, "cart", 10).moved);
    assert_stage(walk, "walk", "choose");
    assert_true(walk_event(walk, "view", 10.5).moved);
    assert_stage(walk, "walk", "look");
}

static void test_path_moves_nobody_where_they_are(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    walk_event(walk, "view", 15); /* after the cool-down */
    assert_moves(walk, "look", "1/0/0");
    walk_event(walk, "purchase", 16);
    walk_event(walk, "purchase", 17);
    walk_event(walk, "purchase", 18);
    assert_moves(walk, "stay", "1/0/0");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(17));
}

static void test_path_is_held_where_the_event_leads(void **state)
{
    struct walk *walk = *state;
    struct stage *buy = &walk->site->stages[3];
    buy->re_enters = true;
    walk_event(walk, "purchase", 0);
    walk_event(walk, "purchase", 50);
    assert_stage(walk, "walk", "stay");
    assert_false(walk_event(walk, "purchase", 80).moved); /* twice within 100 days: they stay */
    walk_event(walk, "purchase", 115);
    assert_stage(walk, "walk", "stay");
    assert_true(drop(walk, "walk", 200));
    assert_true(walk_event(walk, "purchase", 300).returned); /* once in a long time: buying again */
    assert_stage(walk, "walk", "buy");
    buy->re_enters = false;
}

/* ---- Silence ---- */

static void test_path_drops_who_was_silent(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    walk_event(walk, "hello", 4);
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), walk_day(24));
    assert_false(drop(walk, "walk", 23.99));
    assert_true(drop(walk, "walk", 24));
    assert_false(drop(walk, "walk", 25));
    assert_false(drop(walk, "no such journey", 25));
    assert_stage(walk, "walk", "look-");
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), INT64_MAX);
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(0)), "1/0/1");
}

static void test_path_stages_without_a_term_drop_nobody(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "purchase", 0);
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), INT64_MAX);
    assert_false(drop(walk, "walk", 10000));
}

static void test_path_returns_to_the_stage(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    assert_true(drop(walk, "walk", 20));
    struct path_outcome outcome = walk_event(walk, "hello", 33);
    assert_true(outcome.returned);
    assert_false(outcome.moved);
    assert_stage(walk, "walk", "look");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(33));
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(0)), "1/0/1");
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(33)), "1/0/0");
}

static void test_path_returns_to_where_the_event_leads(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    assert_true(drop(walk, "walk", 20));
    struct path_outcome outcome = walk_event(walk, "purchase", 33);
    assert_true(outcome.returned && outcome.moved);
    assert_moves(walk, "look", "1/0/1");
    assert_moves(walk, "buy", "1/0/0");
}

/* Whether the timer or the event comes first makes no difference. */
static void test_path_returns_where_no_timer_went_off(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    assert_true(walk_event(walk, "hello", 33).returned);
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(0)), "1/0/1");
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(33)), "1/0/0");
}

/* The timer went off before it was told what they did on day 15. */
static void test_path_takes_back_what_was_no_silence(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    assert_true(drop(walk, "walk", 21));
    walk_event(walk, "hello", 15);
    assert_stage(walk, "walk", "look");
    assert_moves(walk, "look", "1/0/0");
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), walk_day(35));
    assert_true(drop(walk, "walk", 35));
    assert_moves(walk, "look", "1/0/1");
}

/* What they did before the silence does not bring them back, unless it moves them on. */
static void test_path_stays_dropped_by_what_was_before(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 10);
    walk_event(walk, "hello", 12);
    assert_true(drop(walk, "walk", 32));
    walk_event(walk, "hello", 11);
    assert_stage(walk, "walk", "look-");
    walk_event(walk, "cart", 11);
    assert_stage(walk, "walk", "choose");
    assert_moves(walk, "look", "1/1/0");
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), walk_day(22));
}

static void test_path_any_event_is_a_sign_of_life_everywhere(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "sign_up", 0);
    walk_event(walk, "hello", 25);
    assert_false(drop(walk, "club", 51));
    assert_false(drop(walk, "walk", 31));
    assert_true(drop(walk, "club", 75));
    walk_event(walk, "view", 80);
    assert_stage(walk, "club", "join");
    assert_string_equal(walk_moves(walk, "club", "join", 0), "2/0/1");
}

/* ---- Set ---- */

static void test_path_set_by_any_name(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    set(walk, "quedarse", 3);
    assert_stage(walk, "walk", "stay");
    assert_true(place(walk, "walk")->fixed);
    assert_moves(walk, "look", "1/1/0");
    assert_string_equal(walk_moves(walk, "walk", "stay", walk_name(3)), "1/0/0");
}

static void test_path_set_back_is_dropping(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "purchase", 0);
    set(walk, "start", 3);
    assert_stage(walk, "walk", "start");
    assert_moves(walk, "buy", "1/0/1");
    assert_moves(walk, "start", "2/1/0");
}

static void test_path_set_where_they_are_counts_nothing(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "view", 0);
    set(walk, "look", 3);
    assert_moves(walk, "look", "1/0/0");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(0));
    assert_true(drop(walk, "walk", 30));
    set(walk, "look", 31);
    assert_stage(walk, "walk", "look");
    assert_moves(walk, "look", "2/0/1");
}

static void test_path_set_on_another_journey(void **state)
{
    struct walk *walk = *state;
    struct error error;
    assert_true(path_set(&walk->path, &walk->customer, TEXT("club"), TEXT("member"), walk_day(1), &error));
    assert_stage(walk, "club", "member");
    assert_stage(walk, "walk", "(none)");
    assert_string_equal(walk_moves(walk, "club", "member", 0), "1/0/0");
}

/* What was before the word of a person says nothing against it; what comes after moves them on. */
static void test_path_set_wins_over_what_was_before(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "price", 1);
    walk_event(walk, "cart", 2);
    set(walk, "start", 3);
    assert_false(walk_event(walk, "purchase", 2.5).moved);
    assert_false(walk_event(walk, "price", 4).moved); /* the other one was before */
    assert_true(walk_event(walk, "price", 5).moved);
    assert_stage(walk, "walk", "choose");
    assert_false(place(walk, "walk")->fixed);
}

static void test_path_set_refuses_unknown_names(void **state)
{
    struct walk *walk = *state;
    struct error error;
    assert_false(path_set(&walk->path, &walk->customer, nothing, TEXT("chose"), walk_day(1), &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message,
                        "stage: no stage of journey 'walk' called 'chose'; did you mean 'choose'?");
    assert_false(path_set(&walk->path, &walk->customer, TEXT("clubs"), TEXT("join"), walk_day(1), &error));
    assert_string_equal(error.message, "journey: no journey 'clubs'; did you mean 'club'?");
    assert_int_equal(walk->customer.journey_count, 0);
    walk->path.site = NULL;
    assert_false(path_set(&walk->path, &walk->customer, nothing, TEXT("look"), walk_day(1), &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
}

/* ---- Times that cannot be ---- */

/* As the store gives the customer back. */
static void write_and_read(struct walk *walk)
{
    struct buffer record;
    struct error error;
    buffer_create(&record);
    customer_encode(&walk->customer, &record);
    struct text bytes = {arena_copy(&walk->arena, record.bytes, record.length), record.length};
    assert_true(bytes.bytes != NULL && customer_decode(&walk->customer, &walk->arena, bytes, &error));
    buffer_destroy(&record);
}

static const int64_t absurd_times[] = {INT64_MIN, INT64_MIN + 1, -1, INT64_MAX};

enum { ABSURD_TIMES = sizeof absurd_times / sizeof *absurd_times };

/* Somebody who did something, in whose record all that the path reckons with is a time that cannot be. */
static void damage(struct walk *walk, const char *stage, bool dropped, int64_t at_ms)
{
    struct customer *customer = &walk->customer;
    customer_create(customer, &walk->arena, TEXT("ada"), walk_day(0));
    walk_event(walk, "view", 1);
    walk_event(walk, "price", 2);
    walk_event(walk, "purchase", 3);
    assert_true(customer->journey_count == 1 && customer->visit_count > 0 && customer->progress_count > 0);
    struct customer_journey *damaged = &customer->journeys[0];
    damaged->stage = text_from(stage);
    damaged->dropped = dropped;
    damaged->since_ms = damaged->active_ms = at_ms;
    for (uint32_t i = 0; i < customer->visit_count; i++)
        customer->visits[i].left_ms = at_ms;
    for (uint32_t i = 0; i < customer->progress_count; i++)
        customer->progress[i].times_ms[0] = at_ms;
    write_and_read(walk);
}

/* A damaged store may say any time; who has it is led somewhere, and reckoned with like everybody. */
static void test_path_lives_with_absurd_times(void **state)
{
    struct walk *walk = *state;
    static const char *const stages[] = {"look", "buy", "gone"};
    for (unsigned i = 0; i < 2 * 3 * ABSURD_TIMES; i++) {
        damage(walk, stages[i / 2 % 3], i % 2 == 1, absurd_times[i / 6]);
        walk_event(walk, "view", 50);
        walk_event(walk, "price", 51);
        drop(walk, "walk", 400);
        walk_event(walk, "purchase", 500);
        assert_int_equal(walk->customer.journey_count, 1);
    }
}

static void test_path_compacts_absurd_times(void **state)
{
    struct walk *walk = *state;
    for (unsigned i = 0; i < ABSURD_TIMES; i++) {
        damage(walk, "look", false, absurd_times[i]);
        uint32_t before = walk->customer.progress_count;
        path_compact(&walk->path, &walk->customer, walk_day(500), WALK_DAY);
        assert_int_equal(walk->customer.progress_count, absurd_times[i] < 0 ? 0 : before);
    }
}

/* So may a command that came through damaged memory. */
static void test_path_set_bounds_times(void **state)
{
    struct walk *walk = *state;
    struct error error;
    assert_true(path_set(&walk->path, &walk->customer, nothing, TEXT("look"), INT64_MAX, &error));
    assert_int_equal(place(walk, "walk")->since_ms, customer_bound_time(INT64_MAX));
    walk_event(walk, "view", 1);
    path_leave_all(&walk->path, &walk->customer);
    assert_true(path_start(&walk->path, &walk->customer, INT64_MAX, &error));
    assert_int_equal(place(walk, "walk")->since_ms, customer_bound_time(INT64_MAX));
    walk_event(walk, "view", 1);
}

/* ---- Leaving, and sites that change ---- */

static void test_path_leaves_all(void **state)
{
    struct walk *walk = *state;
    walk_event(walk, "sign_up", 0);
    walk_event(walk, "price", 0);
    assert_true(drop(walk, "walk", 30));
    path_leave_all(&walk->path, &walk->customer);
    assert_moves(walk, "start", "1/0/1");
    assert_string_equal(walk_moves(walk, "club", "join", 0), "1/0/1");
    assert_int_equal(walk->customer.journey_count, 0);
    assert_int_equal(walk->customer.progress_count, 0);
    assert_int_equal(walk->customer.visit_count, 0);
}

static void stand_in(struct walk *walk, const char *journey, const char *stage)
{
    struct customer_journey *row = customer_new_journey(&walk->customer, text_from(journey));
    assert_non_null(row);
    row->stage = text_from(stage);
    row->since_ms = row->active_ms = walk_day(0);
    row->entered_day = walk_name(0);
    funnel_move(&walk->funnel, row->entered_day, row->journey, row->stage, FUNNEL_ENTERED, 1);
}

static void test_path_stays_where_the_stage_is_gone(void **state)
{
    struct walk *walk = *state;
    stand_in(walk, "walk", "ponder");
    assert_false(drop(walk, "walk", 1000));
    assert_false(walk_event(walk, "hello", 5).moved);
    assert_stage(walk, "walk", "ponder");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(0));
    assert_int_equal(place(walk, "walk")->active_ms, walk_day(5));
    assert_moves(walk, "ponder", "1/0/0");
    assert_moves(walk, "start", "0/0/0");
}

/* As if nothing had been, but for what they did meanwhile. */
static void test_path_goes_on_where_the_stage_is_back(void **state)
{
    struct walk *walk = *state;
    struct snapshot *later = walk_site_later();
    walk_event(walk, "cart", 0);
    walk->path.site = later;
    assert_false(walk_event(walk, "hello", 5).moved);
    walk->path.site = walk->site;
    assert_stage(walk, "walk", "choose");
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), walk_day(15));
    assert_false(walk_event(walk, "view", 6).moved);
    assert_true(walk_event(walk, "purchase", 7).moved);
    assert_moves(walk, "choose", "1/1/0");
    snapshot_free(later);
}

/* Who was given up comes back to where they were, on the day of coming back. */
static void test_path_returns_where_the_stage_is_gone(void **state)
{
    struct walk *walk = *state;
    struct snapshot *later = walk_site_later();
    walk_event(walk, "cart", 0);
    assert_true(drop(walk, "walk", 10));
    walk->path.site = later;
    assert_true(walk_event(walk, "hello", 12).returned);
    assert_stage(walk, "walk", "choose");
    assert_string_equal(walk_moves(walk, "walk", "choose", walk_name(0)), "1/0/1");
    assert_string_equal(walk_moves(walk, "walk", "choose", walk_name(12)), "1/0/0");
    walk->path.site = walk->site;
    snapshot_free(later);
}

static void test_path_goes_on_where_the_stage_is_gone(void **state)
{
    struct walk *walk = *state;
    stand_in(walk, "walk", "ponder");
    walk_event(walk, "purchase", 5);
    assert_stage(walk, "walk", "buy");
    assert_moves(walk, "ponder", "1/0/1");
    assert_moves(walk, "start", "0/0/0");
}

/* A stage that was renamed, but still answers to its old name. */
static void test_path_stays_where_the_stage_was_renamed(void **state)
{
    struct walk *walk = *state;
    stand_in(walk, "walk", "quedarse");
    assert_false(walk_event(walk, "purchase", 5).moved);
    assert_stage(walk, "walk", "stay");
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), walk_day(45));
    assert_true(drop(walk, "walk", 45));
    assert_moves(walk, "quedarse", "1/0/1");
}

static void test_path_leaves_alone_what_the_site_does_not_know(void **state)
{
    struct walk *walk = *state;
    stand_in(walk, "gone", "somewhere");
    walk_event(walk, "hello", 5);
    assert_true(text_equal(place(walk, "gone")->stage, TEXT("somewhere")));
    assert_int_equal(place(walk, "gone")->active_ms, walk_day(5));
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), INT64_MAX);
    assert_stage(walk, "walk", "start");
    assert_string_equal(walk_moves(walk, "gone", "somewhere", 0), "1/0/0");
}

/* Where there is no room for one more journey, the one that gives way is counted. */
static void test_path_counts_journeys_that_give_way(void **state)
{
    struct walk *walk = *state;
    char names[CUSTOMER_JOURNEYS_MOST][8];
    walk_event(walk, "hello", 0);
    for (int i = 0; i < CUSTOMER_JOURNEYS_MOST - 1; i++) {
        snprintf(names[i], sizeof names[i], "j%d", i);
        stand_in(walk, names[i], "somewhere");
    }
    walk->customer.journeys[8].active_ms = walk_day(-1);
    struct error error;
    assert_true(path_set(&walk->path, &walk->customer, TEXT("club"), TEXT("join"), walk_day(1), &error));
    assert_stage(walk, "club", "join");
    assert_stage(walk, "walk", "start");
    assert_int_equal(walk->customer.journey_count, CUSTOMER_JOURNEYS_MOST);
    assert_string_equal(walk_moves(walk, "j7", "somewhere", 0), "1/0/1");
    assert_string_equal(walk_moves(walk, "j8", "somewhere", 0), "1/0/0");
}

/* ---- Joining ---- */

/* A second customer who does one thing, or nothing, on a day. */
static void other_who(struct walk *walk, struct customer *other, const char *event, double days)
{
    struct path_event did = {.name = text_from(event), .at_ms = walk_day(days)};
    struct path_outcome outcome;
    struct error error;
    customer_create(other, &walk->arena, TEXT("c-2"), walk_day(days));
    assert_true(path_apply(&walk->path, other, &did, SNAPSHOT_NONE, &outcome, &error));
}

static void join(struct walk *walk, struct customer *other)
{
    struct error error;
    for (int i = 0; i < 2; i++)
        assert_true(path_join(&walk->path, &walk->customer, other, &error));
    assert_int_equal(other->journey_count, 0);
}

static void test_path_join_keeps_the_place_further_on(void **state)
{
    struct walk *walk = *state;
    struct customer other;
    walk_event(walk, "view", 0);
    other_who(walk, &other, "cart", 1);
    join(walk, &other);
    assert_stage(walk, "walk", "choose");
    assert_int_equal(place(walk, "walk")->entered_day, walk_name(1));
    assert_moves(walk, "look", "1/1/0");
    assert_moves(walk, "choose", "1/0/0");
    assert_false(walk_event(walk, "view", 10.9).moved); /* they left looking when they chose */
    assert_true(walk_event(walk, "view", 11).moved);
}

static void test_path_join_of_the_same_stage(void **state)
{
    struct walk *walk = *state;
    struct customer other;
    walk_event(walk, "view", 5);
    other_who(walk, &other, "view", 2);
    join(walk, &other);
    assert_stage(walk, "walk", "look");
    assert_int_equal(place(walk, "walk")->since_ms, walk_day(2));
    assert_int_equal(place(walk, "walk")->active_ms, walk_day(5));
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(5)), "1/0/1");
    assert_string_equal(walk_moves(walk, "walk", "look", walk_name(2)), "1/0/0");
}

static void test_path_join_takes_over_journeys(void **state)
{
    struct walk *walk = *state;
    struct customer other;
    walk_event(walk, "view", 0);
    other_who(walk, &other, "sign_up", 1);
    join(walk, &other);
    assert_stage(walk, "club", "join");
    assert_stage(walk, "walk", "look");
    assert_string_equal(walk_moves(walk, "club", "join", walk_name(1)), "1/0/0");
    assert_moves(walk, "start", "2/2/0");
}

/* Somebody who was given up comes back without saying who they are, and then logs in. */
static void test_path_join_is_a_return(void **state)
{
    struct walk *walk = *state;
    struct customer other;
    walk_event(walk, "cart", 0);
    assert_true(drop(walk, "walk", 10));
    other_who(walk, &other, "hello", 20);
    join(walk, &other);
    assert_stage(walk, "walk", "choose");
    assert_moves(walk, "choose", "2/0/1");
    assert_string_equal(walk_moves(walk, "walk", "choose", walk_name(20)), "1/0/0");
    assert_string_equal(walk_moves(walk, "walk", "start", walk_name(20)), "1/1/0");
}

static void test_path_join_shows_that_there_was_no_silence(void **state)
{
    struct walk *walk = *state;
    struct customer other;
    walk_event(walk, "cart", 0);
    assert_true(drop(walk, "walk", 10));
    other_who(walk, &other, "hello", 9);
    join(walk, &other);
    assert_stage(walk, "walk", "choose");
    assert_moves(walk, "choose", "1/0/0");
    assert_int_equal(path_due(&walk->path, &walk->customer, 0), walk_day(19));
}

static void test_path_join_with_one_who_was_given_up(void **state)
{
    struct walk *walk = *state;
    struct customer other;
    walk_event(walk, "cart", 20);
    other_who(walk, &other, "view", 0);
    assert_true(path_drop_if_silent(&walk->path, &other, TEXT("walk"), walk_day(20)));
    join(walk, &other);
    assert_stage(walk, "walk", "choose");
    assert_moves(walk, "look", "1/0/1");
    assert_moves(walk, "choose", "1/0/0");
}

static void test_path_join_of_two_who_were_given_up(void **state)
{
    struct walk *walk = *state;
    struct customer other;
    walk_event(walk, "cart", 0);
    assert_true(drop(walk, "walk", 10));
    other_who(walk, &other, "view", 0);
    assert_true(path_drop_if_silent(&walk->path, &other, TEXT("walk"), walk_day(20)));
    join(walk, &other);
    assert_stage(walk, "walk", "choose-");
    assert_moves(walk, "choose", "1/0/1");
    assert_moves(walk, "look", "1/0/1");
}

static void test_path_join_respects_what_was_set(void **state)
{
    struct walk *walk = *state;
    struct customer other;
    walk_event(walk, "hello", 0);
    set(walk, "look", 5);
    other_who(walk, &other, "purchase", 4);
    join(walk, &other);
    assert_stage(walk, "walk", "look");
    assert_moves(walk, "buy", "1/0/1");
    other_who(walk, &other, "purchase", 6);
    join(walk, &other);
    assert_stage(walk, "walk", "buy");
    assert_moves(walk, "look", "1/1/0");
}

int main(void)
{
#define WALKING(test) cmocka_unit_test_setup_teardown(test, walk_setup, walk_teardown)
    const struct CMUnitTest tests[] = {
        WALKING(test_path_starts_at_the_first_stage),
        WALKING(test_path_starts_with_the_first_event),
        WALKING(test_path_without_a_site_moves_nobody),
        WALKING(test_path_counts_leaving_on_the_day_of_entering),
        WALKING(test_path_goes_to_the_furthest_stage),
        WALKING(test_path_never_goes_back_by_itself),
        WALKING(test_path_needs_as_many_events_as_the_rule_says),
        WALKING(test_path_takes_other_journeys_along),
        WALKING(test_path_asks_for_properties),
        WALKING(test_path_takes_no_properties_for_none),
        WALKING(test_path_asks_for_what_the_event_itself_says),
        WALKING(test_path_asks_properties_for_what_the_event_does_not_say),
        WALKING(test_path_comes_back_after_the_cool_down),
        WALKING(test_path_passing_over_is_leaving),
        WALKING(test_path_moves_nobody_where_they_are),
        WALKING(test_path_is_held_where_the_event_leads),
        WALKING(test_path_drops_who_was_silent),
        WALKING(test_path_stages_without_a_term_drop_nobody),
        WALKING(test_path_returns_to_the_stage),
        WALKING(test_path_returns_to_where_the_event_leads),
        WALKING(test_path_returns_where_no_timer_went_off),
        WALKING(test_path_takes_back_what_was_no_silence),
        WALKING(test_path_stays_dropped_by_what_was_before),
        WALKING(test_path_any_event_is_a_sign_of_life_everywhere),
        WALKING(test_path_set_by_any_name),
        WALKING(test_path_set_back_is_dropping),
        WALKING(test_path_set_where_they_are_counts_nothing),
        WALKING(test_path_set_on_another_journey),
        WALKING(test_path_set_wins_over_what_was_before),
        WALKING(test_path_set_refuses_unknown_names),
        WALKING(test_path_lives_with_absurd_times),
        WALKING(test_path_compacts_absurd_times),
        WALKING(test_path_set_bounds_times),
        WALKING(test_path_leaves_all),
        WALKING(test_path_stays_where_the_stage_is_gone),
        WALKING(test_path_goes_on_where_the_stage_is_back),
        WALKING(test_path_returns_where_the_stage_is_gone),
        WALKING(test_path_goes_on_where_the_stage_is_gone),
        WALKING(test_path_stays_where_the_stage_was_renamed),
        WALKING(test_path_leaves_alone_what_the_site_does_not_know),
        WALKING(test_path_counts_journeys_that_give_way),
        WALKING(test_path_join_keeps_the_place_further_on),
        WALKING(test_path_join_of_the_same_stage),
        WALKING(test_path_join_takes_over_journeys),
        WALKING(test_path_join_is_a_return),
        WALKING(test_path_join_shows_that_there_was_no_silence),
        WALKING(test_path_join_with_one_who_was_given_up),
        WALKING(test_path_join_of_two_who_were_given_up),
        WALKING(test_path_join_respects_what_was_set),
    };
    return cmocka_run_group_tests_name("ledger/path", tests, NULL, NULL);
}

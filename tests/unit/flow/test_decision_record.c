/* flow/decision_record: numbers of the site as names. */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "../decide/site_builder.h"
#include "flow/decision_record.h"

struct recording {
    struct snapshot *site;
    struct situation situation;
    struct decision decision;
    struct promise_claims claims;
    struct decision_record record;
    struct decision_note notes[RECORD_CANDIDATES_MOST + 5];
};

static const struct text request = TEXT("what was asked"), known = TEXT("what was known");

/* ada, shown the map by a strategy and the seat without one. */
static int setup(void **state)
{
    struct recording *r = calloc(1, sizeof *r);
    if (r == NULL)
        return -1;
    struct snapshot *site = r->site = site_new_small();
    site_add_persona(site, "rider");
    site_add_offer(site, "map", 1);
    struct offer *seat = site_add_offer(site, "seat", 1);
    seat->stocked = true;
    seat->stock = 3;
    site_limit(site, &site->offers[0], site_add_limit(site, "tired", LIMIT_IMPRESSIONS, 3, 86400));
    site_limit(site, seat, site_add_limit(site, "clicked", LIMIT_CLICKS, 1, 86400));
    site_add_strategy(site, "newcomers");
    site_finish(site);
    r->situation =
        (struct situation){.persona = SNAPSHOT_NONE, .customer = TEXT("ada"), .now_us = 1234567, .seed = 99};
    r->decision = (struct decision){.items = {{.offer = 0, .strategy = 0, .score = 2.5, .propensity = 0.5},
                                              {.offer = 1, .strategy = SNAPSHOT_NONE, .score = 1}},
                                    .count = 2,
                                    .strategy = 0,
                                    .because = TEXT("two fit"),
                                    .notes = r->notes,
                                    .note_count = 2};
    r->notes[0] = (struct decision_note){0, DECISION_GATE_CHOSEN, 2.5};
    r->notes[1] = (struct decision_note){1, DECISION_GATE_RANK, 1};
    r->claims = (struct promise_claims){.places = {7, 8}, .count = 2};
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    struct recording *r = *state;
    snapshot_free(r->site);
    free(r);
    return 0;
}

static const struct record *fill(struct recording *r)
{
    decision_record_fill(&r->record, r->site, &r->situation, &r->decision, &r->claims, request, known);
    return &r->record.record;
}

#define assert_text(actual, expected) assert_true(text_equal((actual), text_from(expected)))

static void test_decision_record_names_everything(void **state)
{
    struct recording *r = *state;
    const struct record *record = fill(r);
    assert_int_equal(record->clock_us, 1234567);
    assert_int_equal(record->seed, 99);
    assert_text(record->version, r->site->version);
    assert_text(record->customer, "ada");
    assert_text(record->journey, "walk");
    assert_text(record->stage, "start");
    assert_text(record->placement, "hero");
    assert_text(record->locale, "es");
    assert_text(record->strategy, "newcomers");
    assert_text(record->because, "two fit");
    assert_int_equal(record->persona.length, 0);
    assert_int_equal(record->fallback.length, 0);
    assert_true(text_equal(record->request, request));
    assert_true(text_equal(record->state, known));
    assert_int_equal(record->claim_count, 2);
    assert_int_equal(record->claims[1], 8);
    r->situation.persona = 0;
    r->decision.fallback = DECISION_FALLBACK_DEADLINE;
    assert_text(fill(r)->persona, "rider");
    assert_text(fill(r)->fallback, "deadline");
}

static void test_decision_record_items(void **state)
{
    struct recording *r = *state;
    const struct record *record = fill(r);
    assert_int_equal(record->item_count, 2);
    const struct record_item *map = &record->items[0], *seat = &record->items[1];
    assert_text(map->offer, "map");
    assert_text(map->kind, "guide");
    assert_text(map->strategy, "newcomers");
    assert_true(map->score == 2.5 && map->propensity == 0.5);
    assert_false(map->stocked);
    assert_true(map->reserves);
    assert_int_equal(seat->strategy.length, 0);
    assert_true(seat->stocked);
    assert_false(seat->reserves); /* a limit of clicks holds nothing for an impression */
}

static void test_decision_record_of_nobody_reserves_nothing(void **state)
{
    struct recording *r = *state;
    r->situation.customer = (struct text){NULL, 0};
    assert_false(fill(r)->items[0].reserves);
    assert_true(fill(r)->items[1].stocked);
}

/* Nothing of the customer's is kept. */
static void test_decision_record_of_the_restricted(void **state)
{
    struct recording *r = *state;
    r->situation.restricted = true;
    const struct record *record = fill(r);
    assert_int_equal(record->customer.length, 0);
    assert_int_equal(record->request.length, 0);
    assert_int_equal(record->state.length, 0);
    assert_false(record->items[0].reserves);
}

static void test_decision_record_candidates(void **state)
{
    struct recording *r = *state;
    const struct record *record = fill(r);
    assert_int_equal(record->candidate_count, 2);
    assert_text(record->candidates[1].offer, "seat");
    assert_int_equal(record->candidates[1].gate, DECISION_GATE_RANK);
    assert_true(record->candidates[1].score == 1);
    r->decision.note_count = RECORD_CANDIDATES_MOST + 5;
    assert_int_equal(fill(r)->candidate_count, RECORD_CANDIDATES_MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_decision_record_##name, setup, teardown)
        TEST(names_everything),  TEST(items),      TEST(of_nobody_reserves_nothing),
        TEST(of_the_restricted), TEST(candidates),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/decision_record", tests, NULL, NULL);
}

/* work: small things that all parts of a batch need. */
#include "../cmocka_all.h"
#include "ledger/work.h"

static void test_step_fail_says_code_and_message(void **state)
{
    (void)state;
    struct work work;
    struct batch_outcome outcome = {.outcome = {.accepted = true}};
    struct step step = {.outcome = &outcome};
    arena_create(&work.arena, 4096);
    entries_create(&work.entries, &work.arena);
    step_fail(&work, &step, ERROR_INVALID, "%s: %d", "at", 5);
    assert_int_equal(outcome.outcome.code, ERROR_INVALID);
    assert_false(outcome.outcome.accepted);
    assert_true(text_equal(outcome.outcome.payload, TEXT("at: 5")));
    char longer[1000];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    step_fail(&work, &step, ERROR_INTERNAL, "%s", longer);
    assert_int_equal(outcome.outcome.payload.length, sizeof(((struct error *)NULL)->message) - 1);
    assert_false(work.entries.failed);
    arena_destroy(&work.arena);
}

static void test_work_places_tells_moves(void **state)
{
    (void)state;
    struct arena arena;
    struct customer customer;
    arena_create(&arena, 4096);
    customer_create(&customer, &arena, TEXT("ada"), 1);
    uint64_t nowhere = work_places(&customer);
    struct customer_journey *place = customer_new_journey(&customer, TEXT("walk"));
    assert_non_null(place);
    uint64_t first = work_places(&customer);
    assert_int_not_equal(first, nowhere);
    place->active_ms = 5;
    assert_int_equal(work_places(&customer), first);
    place->dropped = true;
    assert_int_not_equal(work_places(&customer), first);
    place->dropped = false;
    place->since_ms = 7;
    assert_int_not_equal(work_places(&customer), first);
    arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step_fail_says_code_and_message),
        cmocka_unit_test(test_work_places_tells_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* promises: what is to be claimed for what was chosen, where, and how much room there is. */
#include "decide/promises.h"

#include "deciding.h"
#include "history_builder.h"

/* "a" and "b" share a policy of 5 impressions; "a" has one of 2 decisions; "b" has a stock of 9. */
static struct snapshot *new_site(void)
{
    struct snapshot *site = site_new_small();
    struct limit *shared = site_add_limit(site, "shared", LIMIT_IMPRESSIONS, 5, 100);
    struct limit *own = site_add_limit(site, "a", LIMIT_DECISIONS, 2, 100);
    struct limit *clicks = site_add_limit(site, "clicks", LIMIT_CLICKS, 1, 100);
    struct offer *a = site_add_offer(site, "a", 9), *b = site_add_offer(site, "b", 8);
    site_limit(site, a, own);
    site_limit(site, a, shared);
    site_limit(site, b, shared);
    site_limit(site, b, clicks);
    b->stocked = true;
    b->stock = 9;
    site_limit(site, site_add_offer(site, "c", 1), clicks);
    return site;
}

static bool four_given(void *context, uint32_t offer, uint64_t *given)
{
    (void)context;
    (void)offer;
    *given = 4;
    return true;
}

static const struct promise *list(struct deciding *deciding, uint32_t expected)
{
    const struct promise *promises;
    struct error error;
    uint32_t count;
    deciding_decide(deciding);
    assert_true(promises_list(&deciding->decider, &deciding->decision, &promises, &count, &error));
    assert_int_equal(count, expected);
    return promises;
}

static void assert_promise(const struct promise *promise, uint32_t item, bool stock, uint64_t room)
{
    assert_int_equal(promise->item, item);
    assert_int_equal(promise->limit == SNAPSHOT_NONE, stock);
    assert_int_equal(promise->room, room);
}

static void test_promises_name_limits_and_stock(void **state)
{
    (void)state;
    struct deciding deciding;
    struct history history;
    deciding_begin(&deciding, new_site());
    history_create(&history);
    history_touch(&history, &deciding.site->offers[0], TOUCH_IMPRESSION, 1);
    history_touch(&history, &deciding.site->offers[0], TOUCH_DECISION, 1);
    history_reserve(&history, &deciding.site->offers[1], 1);
    deciding.situation.customer = TEXT("ana");
    deciding.situation.known = &history.customer;
    deciding.situation.reserved_ms = 1000;
    deciding.situation.now_us = 2000;
    deciding.situation.stock.given = four_given;
    const struct promise *promises = list(&deciding, 4);
    assert_string_equal(deciding_items(&deciding), "a b");
    assert_promise(&promises[0], 0, false, 1);
    assert_promise(&promises[1], 0, false, 3);
    assert_promise(&promises[2], 1, false, 3);
    assert_promise(&promises[3], 1, true, 5);
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(promises[i].limit, deciding.site->offers[0].limits[i]);
    assert_int_equal(promises[2].limit, promises[1].limit);
    assert_true(promises[1].hash == promises[2].hash);
    assert_true(promises[0].hash != promises[1].hash && promises[3].hash != promises[2].hash);
    deciding_end(&deciding);
}

/* A first decision can be lost to another one, too; but limits are about nobody without a name. */
static void test_promises_are_made_to_who_has_a_name(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_site());
    deciding.situation.customer = TEXT("new");
    const struct promise *promises = list(&deciding, 4);
    assert_promise(&promises[0], 0, false, 2);
    assert_promise(&promises[1], 0, false, 5);
    assert_promise(&promises[3], 1, true, 9);
    deciding.situation.customer.length = 0;
    assert_promise(&list(&deciding, 1)[0], 1, true, 9);
    deciding.situation.customer = TEXT("new");
    deciding.situation.restricted = true;
    list(&deciding, 0);
    deciding_end(&deciding);
}

static uint64_t hash_for(struct deciding *deciding, struct text customer, const struct customer *known)
{
    deciding->situation.customer = customer;
    deciding->situation.known = known;
    return list(deciding, 4)[0].hash;
}

/* Another person, another place; another name of the same person, the same place. */
static void test_promises_are_one_persons(void **state)
{
    (void)state;
    struct deciding deciding;
    struct history history;
    deciding_begin(&deciding, new_site());
    history_create(&history);
    uint64_t ana = hash_for(&deciding, TEXT("ana"), NULL), bob = hash_for(&deciding, TEXT("bob"), NULL);
    assert_true(ana != bob);
    assert_true(hash_for(&deciding, TEXT("ana"), &history.customer) == ana);
    assert_true(hash_for(&deciding, TEXT("alias of ana"), &history.customer) == ana);
    deciding_end(&deciding);
}

static void test_promises_cover_fallbacks(void **state)
{
    (void)state;
    struct deciding deciding;
    struct snapshot *site = new_site();
    site->offers[0].placements = site->offers[1].placements = site->offers[2].placements = site_list(site, 0);
    site->placements[0].fallback = site_list(site, 2, 2, 1);
    deciding_begin(&deciding, site);
    deciding.situation.customer = TEXT("ana");
    const struct promise *promises = list(&deciding, 2);
    assert_string_equal(deciding_items(&deciding), "c b");
    assert_promise(&promises[0], 1, false, 5);
    assert_promise(&promises[1], 1, true, 9);
    deciding_end(&deciding);
}

static void test_promises_reserve_impressions_that_count(void **state)
{
    (void)state;
    struct deciding deciding;
    deciding_begin(&deciding, new_site());
    assert_true(promises_reserve(deciding.site, 0) && promises_reserve(deciding.site, 1));
    assert_false(promises_reserve(deciding.site, 2));
    deciding_end(&deciding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_promises_name_limits_and_stock),
        cmocka_unit_test(test_promises_are_made_to_who_has_a_name),
        cmocka_unit_test(test_promises_are_one_persons),
        cmocka_unit_test(test_promises_cover_fallbacks),
        cmocka_unit_test(test_promises_reserve_impressions_that_count),
    };
    return cmocka_run_group_tests_name("decide/promises", tests, NULL, NULL);
}

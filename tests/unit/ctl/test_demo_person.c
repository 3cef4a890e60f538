/* ctl/demo_person: the same people for the same seed, within the timeline. */
#include "shop.h"

#include "ctl/demo_person.h"

#define NOW_MS INT64_C(1800000000000)
#define DAY_MS INT64_C(86400000)

static bool are_alike(const struct demo_person *a, const struct demo_person *b)
{
    return a->begins_ms == b->begins_ms && text_equal(a->persona, b->persona) && a->mobile == b->mobile &&
           a->random.value == b->random.value;
}

static void test_demo_person_is_the_same_for_the_same_seed(void **state)
{
    const struct shop *shop = *state;
    for (size_t number = 1; number <= 50; number++) {
        struct demo_person one = demo_person_make(&shop->plan, 5, number, NOW_MS);
        struct demo_person same = demo_person_make(&shop->plan, 5, number, NOW_MS);
        struct demo_person other = demo_person_make(&shop->plan, 6, number, NOW_MS);
        struct demo_person next = demo_person_make(&shop->plan, 5, number + 1, NOW_MS);
        assert_true(are_alike(&one, &same));
        assert_false(are_alike(&one, &other));
        assert_false(are_alike(&one, &next));
    }
}

static void test_demo_person_is_of_the_site_and_of_its_time(void **state)
{
    const struct shop *shop = *state;
    const struct snapshot *site = shop->plan.site;
    for (size_t number = 1; number <= 200; number++) {
        struct demo_person person = demo_person_make(&shop->plan, 7, number, NOW_MS);
        assert_int_not_equal(symbols_find(&site->persona_names, person.persona), SNAPSHOT_NONE);
        assert_int_not_equal(snapshot_find_locale(site, person.locale), SNAPSHOT_NONE);
        assert_in_range(NOW_MS - person.begins_ms, 0, 7 * DEMO_WEEKS * DAY_MS);
    }
}

static void test_demo_person_gap_is_about_the_mean(void **state)
{
    const struct shop *shop = *state;
    struct demo_person person = demo_person_make(&shop->plan, 7, 1, NOW_MS);
    double sum = 0;
    for (int i = 0; i < 2000; i++) {
        int64_t gap_ms = demo_person_gap(&person, 4);
        assert_in_range(gap_ms, DAY_MS / 6, 16 * DAY_MS);
        sum += (double)gap_ms / (double)DAY_MS / person.temper->slow;
    }
    assert_true(sum / 2000 > 3 && sum / 2000 < 5);
}

static void test_demo_person_chance_is_a_chance(void **state)
{
    const struct shop *shop = *state;
    struct demo_person person = demo_person_make(&shop->plan, 7, 1, NOW_MS);
    int count = 0;
    for (int i = 0; i < 1000; i++) {
        count += demo_person_chance(&person, 0.3);
        assert_false(demo_person_chance(&person, 0));
        assert_true(demo_person_chance(&person, 1));
    }
    assert_in_range(count, 200, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_person_is_the_same_for_the_same_seed),
        cmocka_unit_test(test_demo_person_is_of_the_site_and_of_its_time),
        cmocka_unit_test(test_demo_person_gap_is_about_the_mean),
        cmocka_unit_test(test_demo_person_chance_is_a_chance),
    };
    return cmocka_run_group_tests_name("ctl/demo_person", tests, shop_set_up, shop_tear_down);
}

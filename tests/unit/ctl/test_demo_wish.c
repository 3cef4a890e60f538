/* ctl/demo_wish: what the shop's rules ask of a customer. */
#include "shop.h"

#include "printed.h"

#include "ctl/demo_wish.h"

static const struct enter_rule *pick(const struct shop *shop, const char *stage, bool skip, double draw)
{
    return demo_wish_pick(shop->plan.site, shop_stage(shop, stage), skip, draw);
}

static void assert_event(const struct enter_rule *rule, double value, const char *json)
{
    senda_request *request = senda_request_new();
    assert_non_null(rule);
    demo_wish_put(rule, value, request);
    char *got = senda_value_to_json(decode(request), 0);
    assert_string_equal(got, json);
    free(got);
    forget(request);
}

static void test_demo_wish_does_what_the_next_stage_asks_for(void **state)
{
    const struct shop *shop = *state;
    assert_event(pick(shop, "awareness", false, 0), 0, "{\"event\":\"download\",\"properties\":{}}");
    assert_event(pick(shop, "awareness", false, 0.5), 0,
                 "{\"event\":\"page_view\",\"properties\":{\"section\":\"compare\"}}");
    assert_event(pick(shop, "decision", false, 0.5), 20.5,
                 "{\"event\":\"purchase\",\"properties\":{},\"value\":20.5}");
}

static void test_demo_wish_can_pass_a_stage_over(void **state)
{
    const struct shop *shop = *state;
    assert_event(pick(shop, "awareness", true, 0), 0, "{\"event\":\"add_to_cart\",\"properties\":{}}");
    assert_ptr_equal(pick(shop, "retention", true, 0), pick(shop, "retention", false, 0));
    assert_null(pick(shop, "advocacy", false, 0));
}

static void test_demo_wish_counts_what_belongs_into_one_visit(void **state)
{
    const struct shop *shop = *state;
    const struct enter_rule *products = pick(shop, "awareness", false, 0.99);
    const struct enter_rule purchases = {TEXT("purchase"), NULL, 0, 2, 180 * 86400.0, 0};
    assert_int_equal(products->times, 3);
    assert_int_equal(demo_wish_events(products), 3);
    assert_int_equal(demo_wish_events(&purchases), 1); /* half a year is long */
    assert_true(demo_wish_buys(&purchases));
    assert_true(demo_wish_buys(pick(shop, "decision", false, 0)));
    assert_false(demo_wish_buys(products));
}

static void test_demo_wish_takes_the_value_that_a_rule_asks_for(void **state)
{
    (void)state;
    static const char number[] = {30}, text_of[] = {(char)0xA2, 'e', 's'};
    struct rule_where where[] = {{TEXT("value"), {number, 1}}, {TEXT("kind"), {text_of, 3}}};
    struct enter_rule rule = {TEXT("survey"), where, 2, 1, 0, 0};
    assert_event(&rule, 99, "{\"event\":\"survey\",\"properties\":{\"kind\":\"es\"},\"value\":30}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_wish_does_what_the_next_stage_asks_for),
        cmocka_unit_test(test_demo_wish_can_pass_a_stage_over),
        cmocka_unit_test(test_demo_wish_counts_what_belongs_into_one_visit),
        cmocka_unit_test(test_demo_wish_takes_the_value_that_a_rule_asks_for),
    };
    return cmocka_run_group_tests_name("ctl/demo_wish", tests, shop_set_up, shop_tear_down);
}

/* ctl/demo_funnel: the sums of a map, and which stage nobody reached. */
#include "answers.h"

#include "ctl/demo_funnel.h"

static void put_stage(senda_request *map, const char *name, int entered, int dropped, int inside)
{
    senda_request_open_map(map, NULL);
    senda_request_string(map, "name", name);
    senda_request_integer(map, "entered", entered);
    senda_request_integer(map, "dropped", dropped);
    senda_request_integer(map, "inside", inside);
    senda_request_close(map);
}

static struct demo_funnel sum(int last)
{
    struct demo_funnel funnel = {.reply = NULL};
    senda_request *map = senda_request_new();
    senda_request_open_list(map, "stages");
    put_stage(map, "first", 10, 2, 3);
    put_stage(map, "second", 5, 1, 4);
    put_stage(map, "third", last, 0, last);
    senda_request_close(map);
    senda_reply *reply = reply_of(map);
    demo_funnel_sum(&funnel, senda_reply_result(reply));
    senda_reply_unref(reply);
    return funnel;
}

static void test_demo_funnel_adds_stages_up(void **state)
{
    (void)state;
    struct demo_funnel funnel = sum(2);
    assert_int_equal(funnel.entered, 17);
    assert_int_equal(funnel.dropped, 3);
    assert_int_equal(funnel.inside, 9);
    assert_true(demo_funnel_is_whole(&funnel));
    assert_string_equal(funnel.unreached, "");
}

static void test_demo_funnel_says_what_nobody_reached(void **state)
{
    (void)state;
    struct demo_funnel funnel = sum(0);
    assert_false(demo_funnel_is_whole(&funnel));
    assert_int_equal(funnel.reached, 2);
    assert_string_equal(funnel.unreached, "third");
}

static void test_demo_funnel_of_no_map_is_not_whole(void **state)
{
    (void)state;
    struct demo_funnel funnel = {.reply = NULL};
    demo_funnel_sum(&funnel, NULL);
    assert_false(demo_funnel_is_whole(&funnel));
    assert_null(demo_funnel_map(&funnel));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_funnel_adds_stages_up),
        cmocka_unit_test(test_demo_funnel_says_what_nobody_reached),
        cmocka_unit_test(test_demo_funnel_of_no_map_is_not_whole),
    };
    return cmocka_run_group_tests_name("ctl/demo_funnel", tests, NULL, NULL);
}

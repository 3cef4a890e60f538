/* ctl/demo_walk: what customers ask and tell, against answers that are made up here. */
#include "shop.h"

#include "answers.h"

#include "ctl/demo_walk.h"

#define NOW_MS INT64_C(1800000000000)

struct stroll {
    struct demo_sessions none;
    struct demo_walk walk;
    senda_request *map, *list;
    const senda_request *request; /* the last one */
    const char *method;           /* of it */
    senda_reply *told;            /* its arguments, to be read */
    struct demo_taken taken;      /* from its answer */
};

static void stroll_begin(struct stroll *stroll, const struct shop *shop, size_t number)
{
    *stroll = (struct stroll){.map = senda_request_new(), .list = senda_request_new_list()};
    struct demo_person person = demo_person_make(&shop->plan, 7, number, NOW_MS);
    demo_walk_create(&stroll->walk, &shop->plan, &stroll->none, person, NOW_MS);
}

static void stroll_end(struct stroll *stroll)
{
    senda_reply_unref(stroll->told);
    senda_request_free(stroll->map);
    senda_request_free(stroll->list);
}

static const senda_value *arguments(const struct stroll *stroll)
{
    return senda_reply_result(stroll->told);
}

/* Makes the next request and keeps what is in it. */
static bool next(struct stroll *stroll)
{
    size_t length;
    stroll->method = demo_walk_next(&stroll->walk, stroll->map, stroll->list, &stroll->request);
    senda_reply_unref(stroll->told);
    stroll->told = NULL;
    if (stroll->method == NULL)
        return false;
    const void *bytes = senda_request_bytes(stroll->request, &length);
    assert_non_null(bytes);
    stroll->told = reply_of(senda_request_new_raw(bytes, length));
    return true;
}

static void take(struct stroll *stroll, senda_request *result)
{
    senda_reply *reply = reply_of(result);
    stroll->taken = demo_walk_take(&stroll->walk, senda_reply_result(reply));
    senda_reply_unref(reply);
}

/* All events are kept; the last one brings to `stage`. */
static senda_request *outcomes(size_t count, const char *stage)
{
    senda_request *list = senda_request_new_list();
    for (size_t i = 0; i < count; i++) {
        senda_request_open_map(list, NULL);
        senda_request_boolean(list, "accepted", true);
        senda_request_boolean(list, "moved", false);
        senda_request_string(list, "stage", stage);
        senda_request_close(list);
    }
    return list;
}

static senda_request *decision(void)
{
    senda_request *result = senda_request_new();
    senda_request_string(result, "decision", "AAB");
    put_decision(result, "awareness", "article", NULL);
    return result;
}

static const char *word(const senda_value *map, const char *key)
{
    const char *string = senda_value_string(senda_value_get(map, key), NULL);
    return string != NULL ? string : "";
}

/* Up to the first question, which is not answered yet. */
static void arrive(struct stroll *stroll)
{
    assert_true(next(stroll));
    assert_string_equal(stroll->method, "track");
    take(stroll, outcomes(1, "awareness"));
    assert_true(next(stroll));
    assert_string_equal(stroll->method, "profile.set");
    take(stroll, senda_request_new());
    assert_true(next(stroll));
    assert_string_equal(stroll->method, "recommend");
}

static void test_demo_walk_is_seen_before_it_asks(void **state)
{
    struct stroll stroll;
    stroll_begin(&stroll, *state, 3);
    assert_true(next(&stroll));
    const senda_value *event = senda_value_at(arguments(&stroll), 0);
    assert_int_equal(senda_value_count(arguments(&stroll)), 1);
    assert_string_equal(word(event, "event"), "page_view");
    assert_string_equal(word(event, "customer"), "visitor-3");
    assert_string_equal(word(event, "id"), "visitor-3/1");
    assert_true(senda_value_number(senda_value_get(event, "at"), 0) * 1000 <= (double)NOW_MS);
    stroll_end(&stroll);
}

static void test_demo_walk_never_tells_a_stage(void **state)
{
    struct stroll stroll;
    stroll_begin(&stroll, *state, 3);
    arrive(&stroll);
    assert_string_equal(word(arguments(&stroll), "customer"), "visitor-3");
    assert_true(word(arguments(&stroll), "placement")[0] != '\0');
    assert_null(senda_value_get(arguments(&stroll), "stage"));
    assert_null(senda_value_get(arguments(&stroll), "at"));
    stroll_end(&stroll);
}

static void test_demo_walk_sees_what_is_shown(void **state)
{
    struct stroll stroll;
    stroll_begin(&stroll, *state, 3);
    arrive(&stroll);
    take(&stroll, decision());
    assert_true(stroll.taken.decided);
    assert_true(next(&stroll));
    const senda_value *seen = senda_value_at(arguments(&stroll), 1);
    assert_string_equal(word(senda_value_at(arguments(&stroll), 0), "event"), "page_view");
    assert_string_equal(word(seen, "event"), "impression");
    assert_string_equal(word(seen, "offer"), "some-offer");
    assert_string_equal(word(seen, "decision"), "AAB");
    stroll_end(&stroll);
}

/* One whole walk; the daemon lets everybody who wishes it advance. Counts visits whose wish was `wishes`. */
static unsigned walk_through(struct stroll *stroll, double *last_at)
{
    static const char *const stages[] = {"awareness",  "consideration", "decision", "purchase",
                                         "experience", "retention",     "advocacy"};
    unsigned stage = 0;
    while (next(stroll)) {
        if (strcmp(stroll->method, "recommend") == 0) {
            take(stroll, decision());
        } else if (strcmp(stroll->method, "profile.set") == 0) {
            take(stroll, senda_request_new());
        } else {
            size_t count = senda_value_count(arguments(stroll));
            const senda_value *last = senda_value_at(arguments(stroll), count - 1);
            double at = senda_value_number(senda_value_get(last, "at"), 0);
            assert_true(at > *last_at && at * 1000 <= (double)NOW_MS + 86400000);
            *last_at = at;
            stage += stroll->walk.visit.wish != NULL && stage < 6;
            take(stroll, outcomes(count, stages[stage]));
            assert_int_equal(stroll->taken.kept, stroll->taken.told);
        }
    }
    return stage;
}

static void test_demo_walk_reaches_every_stage_in_time(void **state)
{
    unsigned counts[7] = {0};
    for (size_t number = 1; number <= 300; number++) {
        struct stroll stroll;
        double last_at = 0;
        stroll_begin(&stroll, *state, number);
        unsigned stage = walk_through(&stroll, &last_at);
        counts[stage]++;
        assert_int_equal(stroll.walk.visit.stage_now, stage);
        stroll_end(&stroll);
    }
    for (int i = 0; i < 7; i++)
        assert_true(counts[i] > 0);
}

static void test_demo_walk_is_the_same_for_the_same_seed(void **state)
{
    for (size_t number = 1; number <= 20; number++) {
        struct stroll one, two;
        double last = 0, same = 0;
        stroll_begin(&one, *state, number);
        stroll_begin(&two, *state, number);
        assert_int_equal(walk_through(&one, &last), walk_through(&two, &same));
        assert_true(last >= same && last <= same);
        assert_int_equal(one.walk.visits, two.walk.visits);
        assert_int_equal(one.walk.events, two.walk.events);
        stroll_end(&one);
        stroll_end(&two);
    }
}

static void test_demo_walk_tells_what_was_not_kept(void **state)
{
    struct stroll stroll;
    senda_request *refused = senda_request_new_list();
    stroll_begin(&stroll, *state, 3);
    assert_true(next(&stroll));
    senda_request_open_map(refused, NULL);
    senda_request_boolean(refused, "accepted", false);
    senda_request_string(refused, "error", "INVALID: at: too old");
    senda_request_close(refused);
    take(&stroll, refused);
    assert_int_equal(stroll.taken.told, 1);
    assert_int_equal(stroll.taken.kept, 0);
    assert_string_equal(stroll.taken.problem, "INVALID: at: too old");
    stroll_end(&stroll);
}

static void test_demo_walk_is_inside_until_silence_is_long(void **state)
{
    struct stroll stroll;
    stroll_begin(&stroll, *state, 3);
    double leave_after = stroll.walk.plan->site->stages[stroll.walk.visit.stage_now].leave_after;
    assert_true(leave_after > 0);
    stroll.walk.last_ms = NOW_MS - (int64_t)(leave_after * 1000) + 1;
    assert_true(demo_walk_is_inside(&stroll.walk));
    stroll.walk.last_ms -= 1;
    assert_false(demo_walk_is_inside(&stroll.walk));
    stroll_end(&stroll);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_walk_is_seen_before_it_asks),
        cmocka_unit_test(test_demo_walk_never_tells_a_stage),
        cmocka_unit_test(test_demo_walk_sees_what_is_shown),
        cmocka_unit_test(test_demo_walk_reaches_every_stage_in_time),
        cmocka_unit_test(test_demo_walk_is_the_same_for_the_same_seed),
        cmocka_unit_test(test_demo_walk_tells_what_was_not_kept),
        cmocka_unit_test(test_demo_walk_is_inside_until_silence_is_long),
    };
    return cmocka_run_group_tests_name("ctl/demo_walk", tests, shop_set_up, shop_tear_down);
}

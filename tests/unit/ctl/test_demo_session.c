/* ctl/demo_session: what one visit says about where its visitor stands, and what strategies are told. */
#include "printed.h"

#include "ctl/demo_session.h"

static void assert_phase(struct demo_session session, enum demo_phase phase)
{
    assert_int_equal(demo_session_phase(&session), phase);
}

static void test_demo_session_phase_of_recorded_visits(void **state)
{
    (void)state;
    assert_phase((struct demo_session){.system = 1}, DEMO_AWARENESS);
    assert_phase((struct demo_session){.pages = {9, 9, DEMO_PAGES_TO_COMPARE - 1}}, DEMO_AWARENESS);
    assert_phase((struct demo_session){.pages = {0, 0, DEMO_PAGES_TO_COMPARE}}, DEMO_CONSIDERATION);
    assert_phase((struct demo_session){.pages = {0, 0, 50}, .page_value = 0.1}, DEMO_DECISION);
    assert_phase((struct demo_session){.page_value = 40, .purchased = true}, DEMO_PURCHASE);
    assert_phase((struct demo_session){.purchased = true}, DEMO_PURCHASE);
}

static void test_demo_session_visits_are_what_is_known(void **state)
{
    (void)state;
    struct demo_session session = {.visitor = DEMO_NEW};
    assert_int_equal(demo_session_visits(&session), 1);
    session.visitor = DEMO_RETURNING;
    assert_int_equal(demo_session_visits(&session), 2);
    session = (struct demo_session){.visitor = DEMO_OTHER};
    assert_int_equal(demo_session_visits(&session), 0);
}

static const struct demo_session RECORDED = {
    .pages = {2, 1, 12},
    .seconds = {10, 20.5, 210},
    .bounce_rate = 0.01,
    .exit_rate = 0.02,
    .page_value = 3.5,
    .special_day = 0.4,
    .month = "Nov",
    .system = 2,
    .browser = 4,
    .region = 3,
    .traffic = 13,
    .visitor = DEMO_RETURNING,
    .weekend = true,
};

static void assert_put(const struct demo_session *session, const char *json)
{
    senda_request *request = senda_request_new();
    demo_session_put(session, request);
    demo_session_put_history(session, request);
    char *got = senda_value_to_json(decode(request), 0);
    assert_string_equal(got, json);
    free(got);
    forget(request);
}

static void test_demo_session_put_tells_all_and_invents_nothing(void **state)
{
    (void)state;
    assert_put(&RECORDED,
               "{\"administrative_pages\":2,\"administrative_seconds\":10,"
               "\"informational_pages\":1,\"informational_seconds\":20.5,"
               "\"product_pages\":12,\"product_seconds\":210,\"bounce_rate\":0.01,\"exit_rate\":0.02,"
               "\"page_value\":3.5,\"special_day\":0.4,\"month\":\"Nov\",\"weekend\":true,"
               "\"operating_system\":2,\"browser\":4,\"region\":3,\"traffic_source\":13,"
               "\"returning\":true,\"visits\":2}");
}

static void test_demo_session_put_leaves_out_what_is_unknown(void **state)
{
    (void)state;
    struct demo_session session = {.visitor = DEMO_OTHER};
    senda_request *request = senda_request_new();
    demo_session_put(&session, request);
    demo_session_put_history(&session, request);
    const senda_value *context = decode(request);
    assert_null(senda_value_get(context, "returning"));
    assert_null(senda_value_get(context, "visits"));
    assert_null(senda_value_get(context, "month"));
    assert_null(senda_value_get(context, "device"));
    forget(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_session_phase_of_recorded_visits),
        cmocka_unit_test(test_demo_session_visits_are_what_is_known),
        cmocka_unit_test(test_demo_session_put_tells_all_and_invents_nothing),
        cmocka_unit_test(test_demo_session_put_leaves_out_what_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

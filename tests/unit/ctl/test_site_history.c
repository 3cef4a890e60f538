/* ctl/site_history: the customer that a test gives, as the store would remember them. */
#include "folder.h"

#include "ctl/local_site.h"
#include "ctl/site_history.h"

enum { DAY = 24 * 3600 * 1000 };

static const int64_t now_ms = INT64_C(1790000000000);

/* A test that fails leaves its timer running, which must not write to a stack that is gone. */
static struct local_site site;
static struct site_history history;

/* The customer of the folder's only test, given these fields; NULL: nobody remembered. */
static const struct customer *given(const struct folder *folder, const char *fields)
{
    char test[1024];
    struct error error;
    assert_true(snprintf(test, sizeof test,
                         "test 't' { at = 'hero', expect = { none = false }, given = { %s } }",
                         fields) < (int)sizeof test);
    folder_put(folder, "tests/all.lua", test);
    assert_true(local_site_create(&site, folder->path, &error));
    if (site.engine == NULL)
        fail_msg("%.*s", (int)site.problems.list[0].message.length, site.problems.list[0].message.bytes);
    const struct snapshot *snapshot = engine_snapshot(site.engine);
    assert_true(site_history_create(&history, snapshot, &snapshot->tests[0], now_ms, &error));
    return site_history_customer(&history);
}

static void done(void)
{
    site_history_destroy(&history);
    local_site_destroy(&site);
}

static void test_site_history_of_somebody_new(void **state)
{
    assert_null(given(*state, ""));
    done();
    assert_null(given(*state, "stage = 'start', customer = 'ana', context = { visits = 3 }"));
    done();
}

static void test_site_history_did(void **state)
{
    const struct customer *customer =
        given(*state, "customer = 'ana', did = { purchase = '3d', download = { '1d', '10d', '5d' } }");
    assert_non_null(customer);
    assert_true(text_equal(customer->id, TEXT("ana")));
    assert_int_equal(customer->event_count, 2);
    assert_int_equal(customer_count_events(customer, TEXT("purchase"), 0, now_ms), 1);
    assert_int_equal(customer_count_events(customer, TEXT("download"), 0, now_ms), 3);
    assert_int_equal(customer_count_events(customer, TEXT("download"), 6 * DAY, now_ms), 2);
    assert_int_equal(customer->events[customer_find_event(customer, TEXT("download"))].last_ms, now_ms - DAY);
    for (uint32_t i = 1; i < customer->moment_count; i++)
        assert_true(customer->moments[i - 1] <= customer->moments[i]);
    assert_int_equal(customer->last_ms, now_ms - DAY);
    done();
}

static uint64_t touches(const struct customer *customer, enum touch_kind kind, struct text name)
{
    return customer_count_touches(customer, kind, name, 0, now_ms);
}

static void test_site_history_of_offers(void **state)
{
    const struct customer *customer =
        given(*state, "seen = { big = { '1d', '2d' }, note = '3d' }, clicked = { big = '1d' },"
                      " dismissed = { small = { '1d', '1d' } }");
    assert_non_null(customer);
    assert_true(text_equal(customer->id, TEXT("somebody")));
    assert_int_equal(touches(customer, TOUCH_IMPRESSION, TEXT("big")), 2);
    assert_int_equal(touches(customer, TOUCH_IMPRESSION, TEXT("tool")), 2);
    assert_int_equal(touches(customer, TOUCH_IMPRESSION, TEXT("article")), 1);
    assert_int_equal(touches(customer, TOUCH_DECISION, TEXT("big")), 2);
    assert_int_equal(touches(customer, TOUCH_CLICK, TEXT("big")), 1);
    assert_int_equal(touches(customer, TOUCH_CLICK, TEXT("note")), 0);
    assert_int_equal(touches(customer, TOUCH_DISMISSAL, TEXT("small")), 2);
    assert_int_equal(touches(customer, TOUCH_IMPRESSION, TEXT("small")), 0);
    assert_int_equal(customer_count_events(customer, TEXT("impression"), 0, now_ms), 3);
    assert_int_equal(customer_count_events(customer, TEXT("click"), 0, now_ms), 1);
    assert_int_equal(customer_count_events(customer, TEXT("dismiss"), 0, now_ms), 2);
    assert_int_equal(customer->journey_count, 0);
    done();
}

static void assert_in_stage(const struct folder *folder, const char *fields, const char *journey,
                            const char *stage)
{
    const struct customer *customer = given(folder, fields);
    assert_non_null(customer);
    assert_int_equal(customer->journey_count, 1);
    assert_true(text_equal(customer->journeys[0].journey, text_from(journey)));
    assert_true(text_equal(customer->journeys[0].stage, text_from(stage)));
    assert_int_equal(customer->journeys[0].since_ms, now_ms - 5 * DAY);
    assert_int_equal(customer->journeys[0].active_ms, now_ms);
    done();
}

static void test_site_history_in_stage(void **state)
{
    const struct folder *folder = *state;
    folder_put(folder, "journeys/zig.lua", "journey 'zig' { stage 'zag' { names = { es = 'zeta' } } }\n");
    assert_in_stage(folder, "in_stage_for = '5d'", "walk", "start");
    assert_in_stage(folder, "stage = 'end', in_stage_for = '5d'", "walk", "end");
    assert_in_stage(folder, "journey = 'zig', in_stage_for = '5d'", "zig", "zag");
    assert_in_stage(folder, "journey = 'zig', stage = 'zeta', in_stage_for = '5d'", "zig", "zag");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_site_history_##name, folder_setup, folder_teardown)
        TEST(of_somebody_new),
        TEST(did),
        TEST(of_offers),
        TEST(in_stage),
#undef TEST
    };
    return cmocka_run_group_tests_name("ctl/site_history", tests, NULL, NULL);
}

/* ctl/demo_tally: counting decisions, fallbacks and errors. */
#include "answers.h"

#include "ctl/demo_tally.h"

static void add(struct demo_tally *tally, size_t number, const char *stage, const char *kind,
                const char *fallback)
{
    senda_reply *reply = answer(stage, kind, fallback);
    demo_tally_add(tally, number, reply);
    senda_reply_unref(reply);
}

static void test_demo_tally_counts_by_stage_and_kind(void **state)
{
    (void)state;
    struct demo_tally tally;
    demo_tally_create(&tally);
    for (size_t i = 1; i <= 3; i++)
        add(&tally, i, "decision", "demo", NULL);
    add(&tally, 4, "decision", "discount", NULL);
    add(&tally, 5, "awareness", "demo", NULL);
    add(&tally, 6, "awareness", NULL, NULL);
    assert_int_equal(tally.row_count, 4);
    assert_int_equal(tally.answered, 6);
    assert_int_equal(tally.failed, 0);
    assert_int_equal(tally.rows[0].count, 3);
    assert_string_equal(tally.rows[3].kind, "");
    assert_int_equal(tally.fall_count, 0);
    demo_tally_destroy(&tally);
}

static void test_demo_tally_counts_fallbacks_by_reason_and_place(void **state)
{
    (void)state;
    struct demo_tally tally;
    demo_tally_create(&tally);
    add(&tally, 1, "decision", "showcase", "no_offer_fits");
    add(&tally, 2, "decision", "showcase", "no_offer_fits");
    add(&tally, 3, "decision", "showcase", "deadline");
    add(&tally, 4, "decision", "showcase", NULL);
    assert_int_equal(tally.row_count, 1);
    assert_int_equal(tally.rows[0].count, 4);
    assert_int_equal(tally.rows[0].fallbacks, 3);
    assert_int_equal(tally.fallbacks, 3);
    assert_int_equal(tally.fall_count, 2);
    assert_string_equal(tally.falls[0].reason, "no_offer_fits");
    assert_string_equal(tally.falls[0].placement, "hero");
    assert_int_equal(tally.falls[0].count, 2);
    demo_tally_destroy(&tally);
}

static void test_demo_tally_keeps_the_first_visitor_as_example(void **state)
{
    (void)state;
    struct demo_tally tally;
    demo_tally_create(&tally);
    add(&tally, 9, "decision", "demo", NULL);
    add(&tally, 2, "decision", "demo", NULL);
    add(&tally, 5, "decision", "demo", NULL);
    assert_int_equal(tally.rows[0].example_number, 2);
    const senda_value *result = senda_reply_result(tally.rows[0].example);
    assert_string_equal(senda_value_string(senda_value_get(result, "stage"), NULL), "decision");
    demo_tally_destroy(&tally);
}

static void test_demo_tally_counts_errors_and_keeps_the_first(void **state)
{
    (void)state;
    static const unsigned char refused[] = "\x94\x01\x00\xB2INVALID: placement\xC0";
    struct demo_tally tally;
    enum senda_status status;
    demo_tally_create(&tally);
    senda_reply *reply = client_reply_decode(refused, sizeof refused - 1, &status);
    assert_non_null(reply);
    demo_tally_add(&tally, 1, reply);
    demo_tally_add_unsent(&tally, SENDA_BUSY);
    senda_reply_unref(reply);
    assert_int_equal(tally.failed, 2);
    assert_int_equal(tally.answered, 0);
    assert_string_equal(tally.first_error, "INVALID: placement");
    demo_tally_destroy(&tally);
}

static void test_demo_tally_sorts_by_the_journey_and_by_count(void **state)
{
    (void)state;
    static const char *const stages[] = {"awareness", "decision"};
    static const char *const expected[][2] = {
        {"awareness", "video"}, {"decision", "demo"}, {"decision", "discount"}, {"elsewhere", "video"}};
    struct demo_tally tally;
    demo_tally_create(&tally);
    add(&tally, 1, "elsewhere", "video", "no_offer_fits");
    add(&tally, 2, "decision", "discount", NULL);
    add(&tally, 3, "decision", "demo", NULL);
    add(&tally, 4, "decision", "demo", "deadline");
    add(&tally, 5, "awareness", "video", NULL);
    demo_tally_sort(&tally, stages, 2);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(tally.rows[i].stage, expected[i][0]);
        assert_string_equal(tally.rows[i].kind, expected[i][1]);
    }
    assert_string_equal(tally.falls[0].reason, "deadline");
    demo_tally_destroy(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_tally_counts_by_stage_and_kind),
        cmocka_unit_test(test_demo_tally_counts_fallbacks_by_reason_and_place),
        cmocka_unit_test(test_demo_tally_keeps_the_first_visitor_as_example),
        cmocka_unit_test(test_demo_tally_counts_errors_and_keeps_the_first),
        cmocka_unit_test(test_demo_tally_sorts_by_the_journey_and_by_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

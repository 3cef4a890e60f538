/* memo: customers whose history answers the same are one question, and those with another past are not. */
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "history_builder.h"
#include "served_builder.h"

enum { DAY = 24 * 3600 * 1000 };

struct remembering {
    struct served served;
    struct arena arena; /* of customers */
    int64_t now_ms;     /* at the beginning */
};

static void remembering_begin(struct remembering *remembering, const char *strategy)
{
    struct engine_options options = served_options();
    options.memo_memory = 1 << 20;
    served_begin(&remembering->served, &options, &(struct served_file){"strategies/s.lua", strategy}, 1);
    arena_create(&remembering->arena, 4096);
    remembering->now_ms = remembering->served.situation.now_us / 1000;
}

static void remembering_end(struct remembering *remembering)
{
    served_end(&remembering->served);
    arena_destroy(&remembering->arena);
}

/* From now on it is about somebody new. */
static struct customer *turn_to_somebody(struct remembering *remembering)
{
    struct customer *customer = history_new(&remembering->arena, remembering->now_ms);
    remembering->served.situation.known = customer;
    return customer;
}

static void wait_days(struct remembering *remembering, int days)
{
    remembering->served.situation.now_us += (int64_t)days * DAY * 1000;
}

/* Whether the decision ran a script, which leaves garbage behind; it must give the reason. */
static void assert_decides(struct remembering *remembering, bool runs, const char *reason)
{
    size_t before = served_memory(&remembering->served);
    served_decide(&remembering->served);
    assert_string_equal(served_failure(&remembering->served), "");
    assert_string_equal(served_reason(&remembering->served), reason);
    assert_int_equal(served_memory(&remembering->served) != before, runs);
}

#define REASON(expression)                                                                                   \
    "strategy 's' { score = function(c, o) local garbage = { o } return 1, tostring(" expression ") end }"

static void test_memo_history_spares_scripts(void **state)
{
    (void)state;
    struct remembering remembering;
    remembering_begin(&remembering, REASON("c:seen('a', '7d')"));
    assert_decides(&remembering, true, "false");
    struct customer *customer = turn_to_somebody(&remembering);
    history_did(customer, "purchase", remembering.now_ms - DAY);
    history_touched(customer, "b", "video", TOUCH_IMPRESSION, remembering.now_ms - DAY);
    assert_decides(&remembering, false, "false");
    history_touched(customer, "a", "guide", TOUCH_IMPRESSION, remembering.now_ms - DAY);
    assert_decides(&remembering, true, "1");
    customer = turn_to_somebody(&remembering);
    history_touched(customer, "a", "guide", TOUCH_IMPRESSION, remembering.now_ms - 2 * DAY);
    assert_decides(&remembering, false, "1");
    history_touched(customer, "a", "guide", TOUCH_IMPRESSION, remembering.now_ms - 9 * DAY);
    assert_decides(&remembering, false, "1");
    history_touched(customer, "a", "guide", TOUCH_IMPRESSION, remembering.now_ms - 3 * DAY);
    assert_decides(&remembering, true, "2");
    remembering_end(&remembering);
}

/* Nothing happens but that time goes by. */
static void test_memo_history_lets_windows_end(void **state)
{
    (void)state;
    struct remembering remembering;
    remembering_begin(&remembering,
                      REASON("tostring(c:did('purchase', '7d')) .. tostring(c:did('purchase'))"));
    struct customer *customer = turn_to_somebody(&remembering);
    history_did(customer, "purchase", remembering.now_ms - DAY);
    history_did(customer, "purchase", remembering.now_ms - 3 * DAY);
    assert_decides(&remembering, true, "22");
    wait_days(&remembering, 2);
    assert_decides(&remembering, false, "22");
    wait_days(&remembering, 3);
    assert_decides(&remembering, true, "12");
    wait_days(&remembering, 3);
    assert_decides(&remembering, true, "false2");
    remembering_end(&remembering);
}

static void test_memo_history_tells_questions_apart(void **state)
{
    (void)state;
    struct remembering remembering;
    remembering_begin(&remembering, REASON("tostring(c:seen('a')) .. tostring(c:seen('guide')) .. "
                                           "tostring(c:seen('a', '2d')) .. tostring(c:did('a'))"));
    int64_t day_ago = remembering.now_ms - DAY;
    struct customer *customer = turn_to_somebody(&remembering);
    assert_decides(&remembering, true, "falsefalsefalsefalse");
    history_touched(customer, "c", "guide", TOUCH_IMPRESSION, day_ago);
    assert_decides(&remembering, true, "false1falsefalse");
    customer = turn_to_somebody(&remembering);
    history_did(customer, "a", day_ago);
    assert_decides(&remembering, true, "falsefalsefalse1");
    customer = turn_to_somebody(&remembering);
    history_touched(customer, "a", "guide", TOUCH_IMPRESSION, day_ago - 9 * DAY);
    assert_decides(&remembering, true, "11falsefalse");
    remembering_end(&remembering);
}

/* Days are never the same twice; that there is nothing to tell of is. */
static void test_memo_history_keeps_no_days(void **state)
{
    (void)state;
    struct remembering remembering;
    remembering_begin(&remembering, REASON("c:since('purchase')"));
    struct customer *customer = turn_to_somebody(&remembering);
    assert_decides(&remembering, true, "nil");
    assert_decides(&remembering, false, "nil");
    history_did(customer, "purchase", remembering.now_ms - DAY);
    assert_decides(&remembering, true, "1.0");
    assert_decides(&remembering, true, "1.0");
    wait_days(&remembering, 1);
    assert_decides(&remembering, true, "2.0");
    remembering.served.situation.known = NULL;
    assert_decides(&remembering, false, "nil");
    remembering_end(&remembering);
}

static void test_memo_history_keeps_no_days_in_a_stage(void **state)
{
    (void)state;
    struct remembering remembering;
    remembering_begin(&remembering, REASON("c:days_in_stage()"));
    assert_decides(&remembering, true, "nil");
    struct customer *customer = turn_to_somebody(&remembering);
    assert_decides(&remembering, false, "nil");
    history_entered(customer, TEXT("road"), TEXT("first"), remembering.now_ms - DAY);
    assert_decides(&remembering, true, "1.0");
    assert_decides(&remembering, true, "1.0");
    wait_days(&remembering, 1);
    assert_decides(&remembering, true, "2.0");
    customer = turn_to_somebody(&remembering);
    history_entered(customer, TEXT("road"), TEXT("second"), remembering.now_ms - DAY);
    assert_decides(&remembering, false, "nil");
    remembering_end(&remembering);
}

/* As long as a branch asks for no days, its result is remembered, also of those who have some. */
static void test_memo_history_keeps_the_branches_without_days(void **state)
{
    (void)state;
    struct remembering remembering;
    remembering_begin(&remembering, REASON("c.context.ask and c:since('purchase')"));
    struct customer *customer = turn_to_somebody(&remembering);
    history_did(customer, "purchase", remembering.now_ms - DAY);
    remembering.served.situation.context = served_map(&remembering.served, "{ ask = true }");
    assert_decides(&remembering, true, "1.0");
    remembering.served.situation.context = NULL;
    assert_decides(&remembering, true, "nil");
    assert_decides(&remembering, false, "nil");
    wait_days(&remembering, 1);
    assert_decides(&remembering, false, "nil");
    remembering.served.situation.context = served_map(&remembering.served, "{ ask = true }");
    assert_decides(&remembering, true, "2.0");
    remembering_end(&remembering);
}

/* Names too long to be kept track of. */
static void test_memo_history_gives_up_on_long_names(void **state)
{
    (void)state;
    struct remembering remembering;
    remembering_begin(&remembering, REASON("c:did(('x'):rep(100))"));
    assert_decides(&remembering, true, "false");
    assert_decides(&remembering, true, "false");
    remembering_end(&remembering);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memo_history_spares_scripts),
        cmocka_unit_test(test_memo_history_lets_windows_end),
        cmocka_unit_test(test_memo_history_tells_questions_apart),
        cmocka_unit_test(test_memo_history_keeps_no_days),
        cmocka_unit_test(test_memo_history_keeps_no_days_in_a_stage),
        cmocka_unit_test(test_memo_history_keeps_the_branches_without_days),
        cmocka_unit_test(test_memo_history_gives_up_on_long_names),
    };
    return cmocka_run_group_tests_name("script/memo_history", tests, NULL, NULL);
}

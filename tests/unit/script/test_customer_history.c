/* customer_history: what scripts learn of the past, how misuse is answered, and that nothing of it is kept.
 */
#include <stdio.h>
#include <string.h>

#include "../cmocka_all.h"
#include "history_builder.h"
#include "served_builder.h"

enum { HOUR = 3600 * 1000, DAY = 24 * HOUR };

/* A site whose one strategy gives an expression as its reason, and a customer with a past. */
struct asking {
    struct served served;
    struct arena arena; /* of the customer */
};

/* Bought 40 and 3 days ago; was shown `a` 10, 2 and 1 days ago and the video `b` 5; has been in the first
 * stage for 36 hours. */
static const struct customer *remember(struct asking *asking)
{
    int64_t now = asking->served.situation.now_us / 1000;
    struct customer *customer = history_new(&asking->arena, now);
    history_did(customer, "purchase", now - 40 * (int64_t)DAY);
    history_did(customer, "purchase", now - 3 * DAY);
    history_did(customer, "page_view", now - HOUR / 2);
    history_touched(customer, "a", "guide", TOUCH_IMPRESSION, now - 10 * DAY);
    history_touched(customer, "a", "guide", TOUCH_IMPRESSION, now - 2 * DAY);
    history_touched(customer, "a", "guide", TOUCH_IMPRESSION, now - DAY);
    history_touched(customer, "c", "guide", TOUCH_IMPRESSION, now - DAY);
    history_touched(customer, "b", "video", TOUCH_IMPRESSION, now - 5 * DAY);
    history_touched(customer, "d", "webinar", TOUCH_DECISION, now - DAY);
    history_touched(customer, "d", "webinar", TOUCH_CLICK, now - DAY);
    history_entered(customer, TEXT("road"), TEXT("first"), now - 36 * HOUR);
    history_entered(customer, TEXT("other"), TEXT("first"), now - 48 * HOUR);
    return customer;
}

static void asking_begin(struct asking *asking, const char *body)
{
    char source[2048];
    assert_true(snprintf(source, sizeof source, "strategy 's' { score = function(c, o) %s end }", body) <
                (int)sizeof source);
    served_begin_strategy(&asking->served, source);
    arena_create(&asking->arena, 4096);
}

static void asking_end(struct asking *asking)
{
    served_end(&asking->served);
    arena_destroy(&asking->arena);
}

static void assert_reason(struct asking *asking, const char *expression, const char *expected)
{
    served_decide(&asking->served);
    assert_string_equal(served_failure(&asking->served), "");
    if (strcmp(served_reason(&asking->served), expected) != 0)
        fail_msg("%s: %s", expression, served_reason(&asking->served));
}

/* What the expression is for the customer with a past. */
static void assert_sees(const char *expression, const char *expected)
{
    struct asking asking;
    char body[1024];
    snprintf(body, sizeof body, "return 1, tostring(%s)", expression);
    asking_begin(&asking, body);
    asking.served.situation.known = remember(&asking);
    assert_reason(&asking, expression, expected);
    asking_end(&asking);
}

/* The same for somebody never seen before. */
static void assert_sees_of_nobody(const char *expression, const char *expected)
{
    struct asking asking;
    char body[1024];
    snprintf(body, sizeof body, "return 1, tostring(%s)", expression);
    asking_begin(&asking, body);
    assert_reason(&asking, expression, expected);
    asking.served.situation.known = history_new(&asking.arena, asking.served.situation.now_us / 1000);
    assert_reason(&asking, expression, expected);
    asking_end(&asking);
}

/* Misuse is the same mistake whoever comes. */
static void assert_error(const char *expression, const char *expected)
{
    struct asking asking;
    char body[1024], line[600];
    snprintf(body, sizeof body, "return 1, tostring(%s)", expression);
    snprintf(line, sizeof line, "s: strategies/s.lua:1: %s", expected);
    asking_begin(&asking, body);
    served_decide(&asking.served);
    assert_string_equal(served_failure(&asking.served), line);
    asking.served.situation.known = remember(&asking);
    assert_int_equal(served_decide(&asking.served)->fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    assert_string_equal(served_failure(&asking.served), line);
    asking_end(&asking);
}

static void test_customer_history_counts_what_was_seen(void **state)
{
    (void)state;
    assert_sees("c:seen('a')", "3");
    assert_sees("c:seen('a', '7d')", "2");
    assert_sees("c:seen('a', '36h')", "1");
    assert_sees("c:seen('a', '1d')", "false"); /* what is just a day ago is not within a day */
    assert_sees("c:seen('a', '86401s')", "1");
    assert_sees("c:seen('guide')", "4");
    assert_sees("c:seen('guide', '3d')", "3");
    assert_sees("c:seen('video', '2w')", "1");
    assert_sees("c:seen('house')", "false");
    assert_sees("c:seen('d')", "false"); /* chosen and clicked, not seen */
    assert_sees("c:seen('a', nil)", "3");
    assert_sees("math.type(c:seen('a'))", "integer");
    assert_sees("(c:seen('house') or 0) >= 2", "false");
}

static void test_customer_history_takes_an_offer_for_its_name(void **state)
{
    (void)state;
    assert_sees("o.id .. tostring(c:seen(o))", "a3");
    assert_sees("c:seen(o, '7d')", "2");
    assert_sees("c:seen(o.kind, '3d')", "3");
}

static void test_customer_history_counts_what_was_done(void **state)
{
    (void)state;
    assert_sees("c:did('purchase')", "2");
    assert_sees("c:did('purchase', '30d')", "1");
    assert_sees("c:did('purchase', '6w')", "2");
    assert_sees("c:did('purchase', '2d')", "false");
    assert_sees("c:did('page_view', '1h')", "1");
    assert_sees("c:did('page_view', '29m')", "false");
    assert_sees("c:did('whatever happens')", "false");
    assert_sees("c:did(('x'):rep(128), '1d')", "false");
}

/* As of so many days ago. */
static void test_customer_history_is_that_of_an_earlier_time(void **state)
{
    (void)state;
    static const struct {
        int64_t days;
        const char *expression, *expected;
    } looks[] = {{0, "c:since('purchase')", "3.0"},
                 {4, "c:since('purchase')", "36.0"},
                 {1, "c:since('page_view')", "nil"},
                 {1, "c:did('page_view')", "false"},
                 {4, "c:did('purchase')", "1"},
                 {4, "c:seen('guide')", "1"},
                 {2, "c:seen('a')", "2"}};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct asking asking;
        char body[256];
        snprintf(body, sizeof body, "return 1, tostring(%s)", looks[i].expression);
        asking_begin(&asking, body);
        struct customer known = *remember(&asking);
        asking.served.situation.now_us -= looks[i].days * DAY * 1000;
        customer_rewind(&known, asking.served.situation.now_us / 1000);
        asking.served.situation.known = &known;
        assert_reason(&asking, looks[i].expression, looks[i].expected);
        asking_end(&asking);
    }
}

static void test_customer_history_tells_days(void **state)
{
    (void)state;
    assert_sees("c:since('purchase')", "3.0");
    assert_sees("c:since('page_view') * 48", "1.0");
    assert_sees("c:since('download')", "nil");
    assert_sees("c:days_in_stage()", "1.5");
}

/* On another journey since another time; elsewhere by the request: nobody knows since when. */
static void test_customer_history_knows_the_stage_of_the_journey(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, "return 1, tostring(c:days_in_stage())");
    asking.served.situation.known = remember(&asking);
    struct situation first = asking.served.situation;
    asking.served.situation.stage++;
    assert_reason(&asking, "second stage", "nil");
    asking.served.situation = first;
    const struct snapshot *snapshot = engine_snapshot(asking.served.engine);
    uint32_t other = symbols_find(&snapshot->journey_names, TEXT("other"));
    asking.served.situation.journey = other;
    asking.served.situation.stage = snapshot->journeys[other].first_stage;
    assert_reason(&asking, "other journey", "2.0");
    asking_end(&asking);
}

static void test_customer_history_of_nobody_is_empty(void **state)
{
    (void)state;
    assert_sees_of_nobody("c:seen('a')", "false");
    assert_sees_of_nobody("c:seen('guide', '7d')", "false");
    assert_sees_of_nobody("c:seen(o)", "false");
    assert_sees_of_nobody("c:did('purchase')", "false");
    assert_sees_of_nobody("c:did('purchase', '7d')", "false");
    assert_sees_of_nobody("c:since('purchase')", "nil");
    assert_sees_of_nobody("c:days_in_stage()", "nil");
}

/* The situation's clock, not the machine's. Clocks differ: what has not happened yet happens now. */
static void test_customer_history_follows_the_clock(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking,
                 "return 1, tostring(c:did('purchase', '7d')) .. ' ' .. tostring(c:since('purchase'))"
                 " .. ' ' .. tostring(c:days_in_stage())");
    asking.served.situation.known = remember(&asking);
    assert_reason(&asking, "now", "1 3.0 1.5");
    asking.served.situation.now_us += 12 * (int64_t)HOUR * 1000;
    assert_reason(&asking, "in twelve hours", "1 3.5 2.0");
    asking.served.situation.now_us += 10 * (int64_t)DAY * 1000;
    assert_reason(&asking, "ten days later", "false 13.5 12.0");
    asking.served.situation.now_us -= 20 * (int64_t)DAY * 1000;
    assert_reason(&asking, "before it all", "1 0.0 0.0");
    asking_end(&asking);
}

static void test_customer_history_answers_misused_names(void **state)
{
    (void)state;
    static const char sighting[] =
        "expected the name of an offer or a kind, as in c:seen(\"crm-guide\", \"7d\")";
    static const char event[] = "expected the name of an event, as in c:did(\"purchase\", \"30d\")";
    static const char last[] = "expected the name of an event, as in c:since(\"purchase\")";
    assert_error("c:seen()", sighting);
    assert_error("c:seen(nil, '7d')", sighting);
    assert_error("c:seen(7)", sighting);
    assert_error("c:seen({})", sighting);
    assert_error("c:seen(c)", sighting);
    assert_error("c:seen(o.data)", sighting);
    assert_error("c:did()", event);
    assert_error("c:did('')", event);
    assert_error("c:did(7, '7d')", event);
    assert_error("c:did(o)", event);
    assert_error("c:did(('x'):rep(129))", event);
    assert_error("c:did(('x'):rep(60000), '7d')", event);
    assert_error("c:since()", last);
    assert_error("c:since(true)", last);
    assert_error("c:since('')", last);
    assert_error("c:since('purchase', '7d')",
                 "expected the name of an event alone, as in c:since(\"purchase\")");
}

static void test_customer_history_answers_unknown_offers(void **state)
{
    (void)state;
    assert_error("c:seen('guida')", "no offer or kind is called 'guida'; did you mean 'guide'?");
    assert_error("c:seen('hose', '7d')", "no offer or kind is called 'hose'; did you mean 'house'?");
    assert_error("c:seen('something else')", "no offer or kind is called 'something else'");
    assert_error("c:seen('')", "no offer or kind is called ''");
    assert_error("c:seen('a\\0\\n')", "no offer or kind is called 'a\\x00\\x0A'");
}

/* A name as long as a text may be is cut, not measured. */
static void test_customer_history_answers_endless_names(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, "return 1, tostring(c:seen(('x'):rep(65000)))");
    served_decide(&asking.served);
    assert_non_null(strstr(served_failure(&asking.served), "no offer or kind is called 'xxxx"));
    assert_true(strlen(served_failure(&asking.served)) < 160);
    asking_end(&asking);
}

#define SPAN "expected a span of time such as \"30s\", \"15m\", \"12h\", \"7d\" or \"2w\", got "

static void test_customer_history_answers_misused_times(void **state)
{
    (void)state;
    assert_error("c:seen('a', '7 days')", SPAN "\"7 days\"; write c:seen(\"a\", \"7d\")");
    assert_error("c:did('purchase', '2 weeks')", SPAN "\"2 weeks\"; write c:did(\"purchase\", \"2w\")");
    assert_error("c:did('purchase', 30)", SPAN "30; write c:did(\"purchase\", \"30d\")");
    assert_error("c:seen('a', 1.5)", SPAN "1.5");
    assert_error("c:seen('a', 'a week')", SPAN "\"a week\"");
    assert_error("c:seen('a', '')", SPAN "\"\"");
    assert_error("c:seen('a', '0d')", SPAN "\"0d\"");
    assert_error("c:seen('a', false)", SPAN "a boolean");
    assert_error("c:seen('a', {})", SPAN "a table");
    assert_error("c:seen(o, '7 days')", SPAN "\"7 days\"; write c:seen(\"a\", \"7d\")");
}

static void test_customer_history_answers_a_wrong_self(void **state)
{
    (void)state;
    static const char days[] = "expected a colon before it and nothing in its brackets: c:days_in_stage()";
    assert_error("c.seen('a', '7d')",
                 "expected the name of an offer or a kind, as in c:seen(\"crm-guide\", \"7d\")");
    assert_error("c.seen(o, 'a')",
                 "expected the name of an offer or a kind, as in c:seen(\"crm-guide\", \"7d\")");
    assert_error("c.seen(o, o)",
                 "expected the name of an offer or a kind, as in c:seen(\"crm-guide\", \"7d\")");
    assert_error("c.seen()", "expected the name of an offer or a kind, as in c:seen(\"crm-guide\", \"7d\")");
    assert_error("c.did('purchase', '7d')",
                 "expected the name of an event, as in c:did(\"purchase\", \"30d\")");
    assert_error("c.did(c.context, 'purchase')",
                 "expected the name of an event, as in c:did(\"purchase\", \"30d\")");
    assert_error("c.since('purchase')", "expected the name of an event, as in c:since(\"purchase\")");
    assert_error("c.days_in_stage()", days);
    assert_error("c.days_in_stage(o)", days);
    assert_error("c:days_in_stage('first')", days);
}

static void test_customer_history_answers_slips_of_the_pen(void **state)
{
    (void)state;
    assert_error("c:saw('a')",
                 "a customer has no 'saw'; what the website tells is in c.context, what is known "
                 "in c.traits");
    assert_error("c:sen('a')", "a customer has no 'sen'; did you mean 'seen'?");
    assert_error("c:sinse('purchase')", "a customer has no 'sinse'; did you mean 'since'?");
    assert_error("c:days_in_stages()", "a customer has no 'days_in_stages'; did you mean 'days_in_stage'?");
}

/* The next customer has another past, also for a function that was taken from the last one. */
static void test_customer_history_mixes_no_two_customers(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, "local seen = c.seen return 1, tostring(seen(c, 'a'))");
    asking.served.situation.known = remember(&asking);
    assert_reason(&asking, "with a past", "3");
    asking.served.situation.known = NULL;
    assert_reason(&asking, "without", "false");
    asking_end(&asking);
}

/* What would outlive the decision is refused when the site is loaded. */
static void test_customer_history_cannot_be_taken_along(void **state)
{
    (void)state;
    struct served served;
    served_begin_refused(&served, NULL,
                         &(struct served_file){"strategies/s.lua",
                                               "local last strategy 's' { score = function(c, o)\n"
                                               " last = last or c.seen return 1 end }"},
                         1);
    char *problems = served_problems(&served);
    assert_non_null(strstr(problems, "changes 'last', a variable outside of the function"));
    free(problems);
    served_end(&served);
}

/* Nothing is collected within a decision: a hundred bytes a call would be more than a decision may have. */
static void test_customer_history_leaves_no_garbage(void **state)
{
    (void)state;
    struct asking asking;
    asking_begin(&asking, "for i = 1, 100000 do\n"
                          " local a, b, d = c:seen('a', '7d'), c:did('purchase', '30d'), c:seen(o)\n"
                          " local e, f = c:since('purchase'), c:days_in_stage() end return 1, 'through'");
    asking.served.situation.known = remember(&asking);
    assert_reason(&asking, "a hundred thousand times", "through");
    asking_end(&asking);
}

/* As many moments as can be remembered, names as long as texts can be, and every mistake caught. */
static void test_customer_history_ends_at_the_deadline(void **state)
{
    (void)state;
    static const char *const loops[] = {
        "while true do c:seen('guide', '500w') end",
        "while true do c:did('page_view', '500w') end",
        "while true do pcall(c.seen, c, ('x'):rep(65000)) end",
        "while true do pcall(c.seen, c, 'gulde', '7d') end",
        "while true do pcall(c.did, c, 'purchase', ('7'):rep(65000)) end",
        "local function f() pcall(f) c:since('purchase') return f() end f()",
    };
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        struct asking asking = {.served = {.bundle = NULL}};
        struct engine_options options = served_options();
        char source[512];
        snprintf(source, sizeof source,
                 "strategy 's' { score = function(c, o) if c.context.fine then return 1, 'fine' end %s "
                 "return 1 end }",
                 loops[i]);
        options.deadline_ms = 100; /* enough for what is fine, on a busy machine too */
        served_begin(&asking.served, &options, &(struct served_file){"strategies/s.lua", source}, 1);
        arena_create(&asking.arena, 4096);
        struct customer *customer = history_new(&asking.arena, asking.served.situation.now_us / 1000);
        for (int64_t touch = 0; touch < CUSTOMER_TOUCHES_MOST; touch++)
            history_touched(customer, "a", "guide", TOUCH_IMPRESSION, customer->created_ms - touch);
        asking.served.situation.known = customer;
        if (served_decide(&asking.served)->fallback == DECISION_FALLBACK_NONE)
            fail_msg("%s", loops[i]);
        asking.served.situation.context = served_map(&asking.served, "{ fine = true }");
        assert_reason(&asking, loops[i], "fine");
        asking_end(&asking);
    }
}

/* Personas are guessed from it as well. */
static void test_customer_history_is_known_to_personas(void **state)
{
    (void)state;
    struct asking asking = {.served = {.bundle = NULL}};
    served_begin(&asking.served, NULL,
                 &(struct served_file){"personas/p.lua",
                                       "persona 'buyer' { name = 'B', summary = 'b',\n"
                                       " match = function(c) return c:did('purchase', '30d') end }\n"
                                       "persona 'dreamer' { name = 'D', summary = 'd',\n"
                                       " match = function(c) return (c:seen('a') or 0) >= 3 end }\n"},
                 1);
    arena_create(&asking.arena, 4096);
    served_decide(&asking.served);
    assert_int_equal(asking.served.situation.persona, SNAPSHOT_NONE);
    asking.served.situation.known = remember(&asking);
    served_decide(&asking.served);
    assert_int_equal(asking.served.situation.persona, 0);
    asking.served.situation.persona = SNAPSHOT_NONE;
    asking.served.situation.now_us += 28 * (int64_t)DAY * 1000;
    served_decide(&asking.served);
    assert_int_equal(asking.served.situation.persona, 1);
    asking_end(&asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_customer_history_counts_what_was_seen),
        cmocka_unit_test(test_customer_history_takes_an_offer_for_its_name),
        cmocka_unit_test(test_customer_history_counts_what_was_done),
        cmocka_unit_test(test_customer_history_is_that_of_an_earlier_time),
        cmocka_unit_test(test_customer_history_tells_days),
        cmocka_unit_test(test_customer_history_knows_the_stage_of_the_journey),
        cmocka_unit_test(test_customer_history_of_nobody_is_empty),
        cmocka_unit_test(test_customer_history_follows_the_clock),
        cmocka_unit_test(test_customer_history_answers_misused_names),
        cmocka_unit_test(test_customer_history_answers_unknown_offers),
        cmocka_unit_test(test_customer_history_answers_endless_names),
        cmocka_unit_test(test_customer_history_answers_misused_times),
        cmocka_unit_test(test_customer_history_answers_a_wrong_self),
        cmocka_unit_test(test_customer_history_answers_slips_of_the_pen),
        cmocka_unit_test(test_customer_history_mixes_no_two_customers),
        cmocka_unit_test(test_customer_history_cannot_be_taken_along),
        cmocka_unit_test(test_customer_history_leaves_no_garbage),
        cmocka_unit_test(test_customer_history_ends_at_the_deadline),
        cmocka_unit_test(test_customer_history_is_known_to_personas),
    };
    return cmocka_run_group_tests_name("script/customer_history", tests, NULL, NULL);
}

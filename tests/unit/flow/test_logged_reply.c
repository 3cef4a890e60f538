/* flow/logged_reply: what is told of a decision that only the log knows. */
#include "../model/records.h"
#include "../wire/spelled.h"
#include "base/metrics.h"
#include "engine_builder.h"

#include "decide/decision.h"
#include "flow/logged_reply.h"
#include "model/decision_id.h"

static struct buffer out;
static struct engine_built site;
static struct metrics_slot slot;

static int setup(void **state)
{
    (void)state;
    buffer_create(&out);
    return engine_build(&site, &slot) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    engine_built_destroy(&site);
    buffer_destroy(&out);
    return 0;
}

#define assert_out(expected) assert_spelled(out.bytes, out.length, (expected))

static const struct record_item guide[] = {{TEXT("guide"), TEXT("article"), {NULL, 0}, 5, 1, false, false}};
static const struct record_candidate guide_chosen[] = {{TEXT("guide"), DECISION_GATE_CHOSEN, 5}};

static void tell_items(const char *journey, const char *locale)
{
    const struct record record = {.journey = text_from(journey),
                                  .locale = text_from(locale),
                                  .items = guide,
                                  .item_count = 1,
                                  .candidates = guide_chosen,
                                  .candidate_count = 1};
    buffer_clear(&out, SIZE_MAX);
    logged_reply_items(&record, engine_snapshot(site.engine), &out);
}

#define GUIDE(title, url)                                                                                    \
    "[{'offer': 'guide', 'kind': 'article', 'title': '" title "', 'url': '" url                              \
    "', 'data': {'colour': 'red', 'pages': 24}, 'score': 5, 'propensity': 1, 'because': 'as logged: "        \
    "highest priority'}]"

/* In the language of then; where the site has lost that, in the journey's; where it has lost that, in its
 * own. */
static void test_logged_reply_items_are_those_of_the_present_site(void **state)
{
    (void)state;
    tell_items("walk", "en");
    assert_out(GUIDE("Guide", "/en/guide"));
    tell_items("walk", "es");
    assert_out(GUIDE("Gu\xC3\xAD"
                     "a",
                     "/es/guia"));
    tell_items("talk", "fr");
    assert_out(GUIDE("Guide", "/en/guide"));
    tell_items("run", "fr");
    assert_out(GUIDE("Gu\xC3\xAD"
                     "a",
                     "/es/guia"));
}

static void test_logged_reply_items_that_the_site_has_lost(void **state)
{
    (void)state;
    const struct record record = records_one();
    logged_reply_items(&record, engine_snapshot(site.engine), &out);
    assert_non_null(strstr(spelled(out.bytes, out.length), "'title': 'La casa', 'url': '/', 'data': {}, "));
    assert_non_null(strstr(spelled(out.bytes, out.length), "{'offer': 'spring-sale', 'kind': 'banner', "
                                                           "'title': null, 'url': null, 'data': null, "));
    assert_non_null(strstr(spelled(out.bytes, out.length), "'as logged: the placement"));
    buffer_clear(&out, SIZE_MAX);
    logged_reply_items(&record, NULL, &out);
    assert_null(strstr(spelled(out.bytes, out.length), "La casa"));
    assert_non_null(strstr(spelled(out.bytes, out.length), "{'offer': 'house', 'kind': 'article', 'title': "
                                                           "null, 'url': null, 'data': null, "));
}

static const char *reason_of(uint8_t gate)
{
    const struct record_candidate candidate = {TEXT("guide"), gate, 2.5};
    const struct record record = {.candidates = &candidate, .candidate_count = 1};
    static char reason[200];
    char expected[300];
    buffer_clear(&out, SIZE_MAX);
    logged_reply_trace(&record, &out);
    snprintf(expected, sizeof expected, "[{'offer': 'guide', 'gate': '%s', 'because': 'as logged: ",
             decision_gate_name((enum decision_gate)gate));
    const char *told = spelled(out.bytes, out.length);
    assert_memory_equal(told, expected, strlen(expected));
    told += strlen(expected);
    snprintf(reason, sizeof reason, "%.*s", (int)strcspn(told, "'"), told);
    assert_string_equal(told + strlen(reason), "', 'score': 2.5, 'propensity': 0}]");
    return reason;
}

static void test_logged_reply_trace_words_every_gate(void **state)
{
    (void)state;
    const uint8_t gates[] = {DECISION_GATE_LIMIT, DECISION_GATE_STOCK, DECISION_GATE_RESTED,
                             DECISION_GATE_STRATEGY, DECISION_GATE_RANK};
    for (size_t i = 0; i < sizeof gates; i++)
        assert_string_not_equal(reason_of(gates[i]), "stopped, nothing more is known");
    assert_string_equal(reason_of(DECISION_GATE_STOCK), "all there were had been given");
    assert_string_equal(reason_of(DECISION_GATE_CONSENT), "stopped, nothing more is known");
    assert_string_equal(reason_of(255), "stopped, nothing more is known");
}

/* What was chosen without having been a candidate comes behind them. */
static void test_logged_reply_trace_has_fallbacks_too(void **state)
{
    (void)state;
    const struct record record = records_one();
    logged_reply_trace(&record, &out);
    const char *told = spelled(out.bytes, out.length);
    assert_non_null(strstr(told, "{'offer': 'spring-sale', 'gate': null, 'because': 'as logged: chosen by "
                                 "strategy "));
    assert_non_null(strstr(told, "{'offer': 'house', 'gate': null, 'because': 'as logged: the placement"));
}

/* Told with what the log has and nothing else, and by the rules for what is answered. */
static void tell_decision(const struct record *record)
{
    msgpack_zone zone;
    assert_true(msgpack_zone_init(&zone, 1024));
    buffer_clear(&out, SIZE_MAX);
    logged_reply_decision(record, &zone, &out);
    msgpack_zone_destroy(&zone);
}

static void test_logged_reply_decision_holds_everything(void **state)
{
    (void)state;
    const struct record record = records_one();
    struct decision_id id = decision_id_of(record.clock_us, record.seed, record.version);
    char words[DECISION_ID_LENGTH + 1], expected[1200];
    decision_id_write(&id, words);
    snprintf(expected, sizeof expected,
             "{'decision': '%s', 'at': 1893456000.5, 'customer': 'ana@example.org', 'journey': "
             "'five-stages', 'stage': 'consideration', 'persona': 'tinkerer', 'placement': 'hero', 'locale': "
             "'es', 'strategy': 'newcomers', 'version': '0123456789abcdef0123456789abcdef', 'fallback': "
             "'deadline', 'because': 'Ana looked at it twice', 'request': {'placement': 'hero', 'customer': "
             "'ana@example.org'}, 'items': [{'offer': 'spring-sale', 'kind': 'banner', 'strategy': "
             "'newcomers', 'score': 12.5, 'propensity': 0.25}, {'offer': 'house', 'kind': 'article', "
             "'strategy': null, 'score': 1, 'propensity': 1}]}",
             words);
    tell_decision(&record);
    assert_out(expected);
}

/* Requests are logged as they came. */
static void test_logged_reply_decision_has_a_plain_request(void **state)
{
    static const char odd[] = "\x84\xC4\x09placement\xC4\x04hero\xA7"
                              "context\x82\xC4\x01n\xCB\x40\x10\0\0\0\0\0\0\xA4when\xD6\xFF\0\0\0\x07\xA5"
                              "count\x01\xC4\x05"
                              "count\x02";
    (void)state;
    struct record record = records_one();
    record.request = (struct text){odd, sizeof odd - 1};
    tell_decision(&record);
    assert_non_null(strstr(spelled(out.bytes, out.length),
                           "'request': {'placement': 'hero', 'context': {'n': 4, 'when': 7}, 'count': 2}, "));
}

static void test_logged_reply_decision_without_a_request(void **state)
{
    static const struct text requests[] = {{NULL, 0}, TEXT("\x81\xA1"), TEXT("\xC0\xC0")};
    (void)state;
    struct record record = records_one();
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        record.request = requests[i];
        tell_decision(&record);
        assert_false(out.failed);
        assert_non_null(strstr(spelled(out.bytes, out.length), "'request': null, "));
    }
}

#define REPLY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLY_TEST(test_logged_reply_items_are_those_of_the_present_site),
        REPLY_TEST(test_logged_reply_items_that_the_site_has_lost),
        REPLY_TEST(test_logged_reply_trace_words_every_gate),
        REPLY_TEST(test_logged_reply_trace_has_fallbacks_too),
        REPLY_TEST(test_logged_reply_decision_holds_everything),
        REPLY_TEST(test_logged_reply_decision_has_a_plain_request),
        REPLY_TEST(test_logged_reply_decision_without_a_request),
    };
    return cmocka_run_group_tests_name("flow/logged_reply", tests, NULL, NULL);
}

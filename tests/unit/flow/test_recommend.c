/* flow/recommend: from arguments to a situation, seen in what is answered. */
#include "flowing.h"

#include "../wire/message_builder.h"

#define ASK(arguments) flowing_ask(flowing, "recommend", (arguments))
#define REFUSED(arguments) flowing_refused(flowing, "recommend", (arguments))

static void test_recommend_before_a_site_is_there(void **state)
{
    struct flowing *flowing = *state;
    flowing->flow.engine = NULL;
    assert_string_equal(REFUSED("{'placement': 'hero'}"), "UNAVAILABLE: the site is not loaded yet");
    flowing->flow.engine = flowing->site.engine;
    assert_offers(flowing, "{'placement': 'hero'}", "guide tool");
}

static void test_recommend_names_what_was_probably_meant(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(REFUSED("{'placement': 'heroo'}"),
                        "INVALID: placement: no placement 'heroo'; did you mean 'hero'?");
    assert_string_equal(REFUSED("{'placement': 'entirely-else'}"),
                        "INVALID: placement: no placement 'entirely-else'");
    assert_string_equal(REFUSED("{'placement': 'hero', 'journey': 'wallk'}"),
                        "INVALID: journey: no journey 'wallk'; did you mean 'walk'?");
    assert_string_equal(REFUSED("{'placement': 'hero', 'persona': 'ridder'}"),
                        "INVALID: persona: no persona 'ridder'; did you mean 'rider'?");
    assert_string_equal(
        REFUSED("{'placement': 'hero', 'stage': 'curius'}"),
        "INVALID: stage: no stage of journey 'walk' called 'curius'; did you mean 'curious'?");
    assert_string_equal(REFUSED("{'placement': 'hero', 'stge': 'curious'}"),
                        "INVALID: stge: unknown argument of recommend; did you mean 'stage'?");
}

static void test_recommend_wants_a_placement(void **state)
{
    struct flowing *flowing = *state;
    assert_non_null(strstr(REFUSED(NULL), "INVALID: placement: missing; "));
    assert_non_null(strstr(REFUSED("{'placement': null}"), "INVALID: placement: missing; "));
    assert_string_equal(REFUSED("{'placement': 7}"), "INVALID: placement: expected text, got a number");
}

static void test_recommend_begins_on_the_default_journey(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = ASK("{'placement': 'hero'}");
    assert_str(field(result, "journey"), "walk");
    assert_str(field(result, "stage"), "curious");
    assert_nil(field(result, "persona"));
    result = ASK("{'placement': 'hero', 'journey': 'talk'}");
    assert_str(field(result, "journey"), "talk");
    assert_str(field(result, "stage"), "hello");
}

static void test_recommend_finds_stages_by_their_shown_names(void **state)
{
    struct flowing *flowing = *state;
    assert_str(field(ASK("{'placement': 'hero', 'stage': 'curiosa'}"), "stage"), "curious");
    assert_str(field(ASK("{'placement': 'hero', 'stage': 'elección'}"), "stage"), "choosing");
    assert_str(field(ASK("{'placement': 'hero', 'stage': 'choosing'}"), "stage"), "choosing");
}

static void test_recommend_stages_belong_to_their_journey(void **state)
{
    struct flowing *flowing = *state;
    assert_non_null(strstr(REFUSED("{'placement': 'hero', 'stage': 'hello'}"),
                           "INVALID: stage: no stage of journey 'walk' called 'hello'"));
    assert_str(field(ASK("{'placement': 'hero', 'journey': 'talk', 'stage': 'choosing'}"), "journey"),
               "talk");
}

/* ---- Languages ---- */

static const char *first_title(struct flowing *flowing, const char *arguments)
{
    static char title[64];
    const msgpack_object *item = element(field(ASK(arguments), "items"), 0);
    const msgpack_object *value = field(item, "title");
    snprintf(title, sizeof title, "%.*s", (int)value->via.str.size, value->via.str.ptr);
    return title;
}

static void test_recommend_answers_in_the_language_asked_for(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(first_title(flowing, "{'placement': 'hero', 'locale': 'es'}"), "Guía");
    assert_string_equal(first_title(flowing, "{'placement': 'hero', 'locale': 'en'}"), "Guide");
    assert_string_equal(first_title(flowing, "{'placement': 'hero', 'locale': 'en-GB'}"), "Guide");
    assert_string_equal(first_title(flowing, "{'placement': 'hero', 'locale': 'es-MX'}"), "Guía");
}

static void test_recommend_language_falls_back_to_the_journeys(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(first_title(flowing, "{'placement': 'hero'}"), "Guía");
    assert_string_equal(first_title(flowing, "{'placement': 'hero', 'locale': 'tlh'}"), "Guía");
    assert_string_equal(first_title(flowing, "{'placement': 'hero', 'journey': 'talk'}"), "Hello");
    assert_string_equal(first_title(flowing, "{'placement': 'hero', 'journey': 'talk', 'locale': 'eo'}"),
                        "Hello");
    assert_string_equal(first_title(flowing, "{'placement': 'hero', 'journey': 'talk', 'locale': 'es'}"),
                        "Hola");
}

static void test_recommend_titles_fall_back_one_by_one(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *items = field(ASK("{'placement': 'hero', 'locale': 'en'}"), "items");
    assert_str(field(element(items, 0), "title"), "Guide");
    assert_str(field(element(items, 1), "title"), "Calculadora");
}

/* ---- Who asks ---- */

static void test_recommend_takes_or_guesses_the_persona(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = ASK("{'placement': 'hero', 'persona': 'rider'}");
    assert_str(field(result, "persona"), "rider");
    assert_string_equal(offers_of(result), "helmet guide");
    result = ASK("{'placement': 'hero', 'traits': {'bicycle': true}}");
    assert_str(field(result, "persona"), "rider");
    assert_string_equal(offers_of(result), "helmet guide");
    result = ASK("{'placement': 'hero', 'persona': 'walker', 'traits': {'bicycle': true}}");
    assert_str(field(result, "persona"), "walker");
    assert_string_equal(offers_of(result), "guide tool");
}

static void test_recommend_consents_open_offers(void **state)
{
    struct flowing *flowing = *state;
    assert_offers(flowing, "{'placement': 'hero', 'consents': {'marketing': true}}", "letter guide");
    assert_offers(flowing, "{'placement': 'hero', 'consents': {'marketing': false}}", "guide tool");
    assert_offers(flowing, "{'placement': 'hero', 'consents': {'analytics': true}}", "guide tool");
    assert_offers(flowing, "{'placement': 'hero', 'consents': {}}", "guide tool");
    assert_offers(flowing, "{'placement': 'hero', 'consents': []}", "guide tool");
}

static void test_recommend_consents_are_true_or_false(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(REFUSED("{'placement': 'hero', 'consents': {'marketing': 1}}"),
                        "INVALID: consents: marketing: expected true or false, got a number");
    assert_string_equal(REFUSED("{'placement': 'hero', 'consents': {'else': 'yes'}}"),
                        "INVALID: consents: else: expected true or false, got text");
    assert_string_equal(REFUSED("{'placement': 'hero', 'consents': {'marketing': {}}}"),
                        "INVALID: consents: marketing: expected true or false, got a map");
    assert_string_equal(REFUSED("{'placement': 'hero', 'consents': 'all'}"),
                        "INVALID: consents: expected a map, got text");
}

/* The last one counts where a map says something twice. */
static void test_recommend_consents_said_twice(void **state)
{
    struct flowing *flowing = *state;
    struct buffer message;
    buffer_create(&message);
    request_put(&message, 1, "recommend",
                "{'placement': 'hero', 'consents': {'aaaaaaaaa': true, 'bbbbbbbbb': false}}");
    for (size_t i = 0; i + 9 < message.length; i++)
        if (memcmp(message.bytes + i, "aaaaaaaaa", 9) == 0 || memcmp(message.bytes + i, "bbbbbbbbb", 9) == 0)
            memcpy(message.bytes + i, "marketing", 9);
    flowing->id = 1;
    flowing_send(flowing, &message);
    buffer_destroy(&message);
    assert_string_equal(offers_of(&flowing_decode(flowing)[3]), "guide tool");
}

static void test_recommend_excludes(void **state)
{
    struct flowing *flowing = *state;
    assert_offers(flowing, "{'placement': 'hero', 'exclude': ['guide']}", "tool house");
    assert_offers(flowing, "{'placement': 'hero', 'exclude': ['guide', 'guide', 'tool', 'house']}", "");
    assert_offers(flowing, "{'placement': 'hero', 'exclude': ['no-such-offer', '']}", "guide tool");
    assert_offers(flowing, "{'placement': 'hero', 'exclude': []}", "guide tool");
    assert_string_equal(REFUSED("{'placement': 'hero', 'exclude': [7]}"),
                        "INVALID: exclude: expected a list of texts, got a number");
    assert_string_equal(REFUSED("{'placement': 'hero', 'exclude': 'guide'}"),
                        "INVALID: exclude: expected a list of texts, got text");
}

/* As many as one message may hold; the same offer over and over. */
static void test_recommend_excludes_as_many_as_fit(void **state)
{
    struct flowing *flowing = *state;
    char *arguments = malloc(100000);
    assert_non_null(arguments);
    size_t used = (size_t)sprintf(arguments, "{'placement': 'hero', 'exclude': ['guide'");
    for (int i = 0; i < 4000; i++)
        used += (size_t)sprintf(arguments + used, ",'guide'");
    strcpy(arguments + used, "]}");
    assert_offers(flowing, arguments, "tool house");
    free(arguments);
}

/* ---- How many ---- */

static void test_recommend_count(void **state)
{
    struct flowing *flowing = *state;
    assert_offers(flowing, "{'placement': 'hero', 'count': 1}", "guide");
    assert_offers(flowing, "{'placement': 'hero', 'count': 1.0}", "guide");
    assert_offers(flowing, "{'placement': 'hero', 'count': 50}", "guide tool house");
    assert_string_equal(REFUSED("{'placement': 'hero', 'count': 0}"),
                        "INVALID: count: expected 1 to 50, got 0");
    assert_string_equal(REFUSED("{'placement': 'hero', 'count': 51}"),
                        "INVALID: count: expected 1 to 50, got 51");
    assert_string_equal(REFUSED("{'placement': 'hero', 'count': 1.5}"),
                        "INVALID: count: expected a whole number, got a number");
}

/* ---- Clock and seed ---- */

static void test_recommend_at_and_seed_only_in_a_dry_run(void **state)
{
    struct flowing *flowing = *state;
    assert_string_equal(REFUSED("{'placement': 'hero', 'at': 1}"), "INVALID: at: only taken with dry_run");
    assert_string_equal(REFUSED("{'placement': 'hero', 'seed': 1}"),
                        "INVALID: seed: only taken with dry_run");
    assert_string_equal(REFUSED("{'placement': 'hero', 'seed': 1, 'dry_run': false}"),
                        "INVALID: seed: only taken with dry_run");
    ASK("{'placement': 'hero', 'seed': 1, 'at': 1, 'dry_run': true}");
}

static void test_recommend_assumes_the_time(void **state)
{
    struct flowing *flowing = *state;
    /* 2090-01-01 00:00 UTC is 3786912000. */
    assert_offers(flowing, "{'placement': 'hero', 'dry_run': true, 'at': 3786912000}", "winter guide");
    assert_offers(flowing, "{'placement': 'hero', 'dry_run': true, 'at': 3786911999.5}", "guide tool");
    assert_offers(flowing, "{'placement': 'hero', 'dry_run': true, 'at': 3789590399}", "winter guide");
    assert_offers(flowing, "{'placement': 'hero', 'dry_run': true, 'at': 3789590400}", "guide tool");
    assert_non_null(
        strstr(REFUSED("{'placement': 'hero', 'dry_run': true, 'at': -1}"), "INVALID: at: expected 0"));
    ASK("{'placement': 'hero', 'dry_run': true, 'at': 253402300799}");
}

static double first_score(const msgpack_object *result)
{
    return number(field(element(field(result, "items"), 0), "score"));
}

static void test_recommend_seed_decides_chance(void **state)
{
    struct flowing *flowing = *state;
    const char *one = "{'placement': 'hero', 'stage': 'choosing', 'dry_run': true, 'at': 7, 'seed': 1, "
                      "'context': {'dice': true}}";
    const char *two = "{'placement': 'hero', 'stage': 'choosing', 'dry_run': true, 'at': 7, 'seed': 2, "
                      "'context': {'dice': true}}";
    double first = first_score(ASK(one)), second = first_score(ASK(two));
    assert_true(first != second);
    assert_true(first_score(ASK(one)) == first);
    ASK("{'placement': 'hero', 'dry_run': true, 'seed': 9007199254740992}");
    assert_non_null(
        strstr(REFUSED("{'placement': 'hero', 'dry_run': true, 'seed': 1.5}"), "INVALID: seed: "));
}

static void test_recommend_seeds_of_its_own_differ(void **state)
{
    struct flowing *flowing = *state;
    const char *dice = "{'placement': 'hero', 'stage': 'choosing', 'context': {'dice': true}}";
    double first = first_score(ASK(dice)), second = first_score(ASK(dice)), third = first_score(ASK(dice));
    assert_false(first == second && second == third);
}

/* ---- Strategies ---- */

static void test_recommend_context_reaches_strategies(void **state)
{
    struct flowing *flowing = *state;
    assert_offers(flowing, "{'placement': 'hero', 'stage': 'choosing'}", "ride visit");
    assert_offers(flowing, "{'placement': 'hero', 'stage': 'choosing', 'context': {'tired': true}}",
                  "visit house");
    assert_offers(flowing, "{'placement': 'hero', 'stage': 'choosing', 'context': {'tired': false}}",
                  "ride visit");
}

static void test_recommend_stage_that_wants_nothing(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = ASK("{'placement': 'hero', 'stage': 'resting'}");
    assert_string_equal(offers_of(result), "");
    assert_str(field(result, "because"), "Hoy descansa.");
    assert_str(field(ASK("{'placement': 'hero', 'stage': 'resting', 'locale': 'en'}"), "because"),
               "Resting today.");
}

/* ---- Counting ---- */

static void test_recommend_counts(void **state)
{
    struct flowing *flowing = *state;
    const volatile uint64_t *values = flowing->slots[FLOWING_OWN].values;
    ASK("{'placement': 'hero'}");
    ASK("{'placement': 'hero', 'dry_run': true}");
    ASK("{'placement': 'hero', 'stage': 'resting'}");
    ASK("{'placement': 'banner', 'exclude': ['guide']}");
    ASK("{'placement': 'hero', 'stage': 'failing'}");
    assert_int_equal(values[METRICS_recommends], 5);
    assert_int_equal(values[METRICS_dry_runs], 1);
    assert_int_equal(values[METRICS_items], 2 + 2 + 0 + 1 + 1);
    assert_int_equal(values[METRICS_empty_answers], 1);
    assert_int_equal(values[METRICS_fallback_no_offer_fits], 1);
    assert_int_equal(values[METRICS_fallback_strategy_error], 1);
    assert_int_equal(values[METRICS_fallback_deadline], 0);
    assert_int_equal(values[METRICS_errors], 0);
}

static void test_recommend_sets_a_failing_strategy_aside(void **state)
{
    struct flowing *flowing = *state;
    const volatile uint64_t *values = flowing->slots[FLOWING_OWN].values;
    for (int i = 0; i < 3; i++)
        assert_str(field(ASK("{'placement': 'hero', 'stage': 'failing'}"), "fallback"), "strategy_error");
    assert_int_equal(values[METRICS_strategies_set_aside], 1);
    ASK("{'placement': 'hero', 'stage': 'failing'}");
    assert_int_equal(values[METRICS_strategies_set_aside], 1);
}

static void test_recommend_takes_bin_for_text(void **state)
{
    struct flowing *flowing = *state;
    struct buffer message;
    buffer_create(&message);
    message_put(&message, 3, 0x94, 0x00, 0x01);
    buffer_append(&message, "\xC4\x09recommend\x81\xC4\x09placement\xC4\x04hero", 11 + 1 + 11 + 6);
    flowing->id = 1;
    flowing_send(flowing, &message);
    buffer_destroy(&message);
    assert_string_equal(offers_of(&flowing_decode(flowing)[3]), "guide tool");
}

static void test_recommend_refuses_broken_text(void **state)
{
    struct flowing *flowing = *state;
    struct buffer message;
    buffer_create(&message);
    request_put(&message, 1, "recommend", "{'placement': 'hero', 'customer': 'a'}");
    message.bytes[message.length - 1] = '\xFF';
    flowing->id = 1;
    flowing_send(flowing, &message);
    buffer_destroy(&message);
    assert_str(&flowing_decode(flowing)[2], "INVALID: customer: not well-formed UTF-8");
    flowing_ask(flowing, "ping", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_recommend_##name, flowing_setup, flowing_teardown)
        TEST(before_a_site_is_there),
        TEST(names_what_was_probably_meant),
        TEST(wants_a_placement),
        TEST(begins_on_the_default_journey),
        TEST(finds_stages_by_their_shown_names),
        TEST(stages_belong_to_their_journey),
        TEST(answers_in_the_language_asked_for),
        TEST(language_falls_back_to_the_journeys),
        TEST(titles_fall_back_one_by_one),
        TEST(takes_or_guesses_the_persona),
        TEST(consents_open_offers),
        TEST(consents_are_true_or_false),
        TEST(consents_said_twice),
        TEST(excludes),
        TEST(excludes_as_many_as_fit),
        TEST(count),
        TEST(at_and_seed_only_in_a_dry_run),
        TEST(assumes_the_time),
        TEST(seed_decides_chance),
        TEST(seeds_of_its_own_differ),
        TEST(context_reaches_strategies),
        TEST(stage_that_wants_nothing),
        TEST(counts),
        TEST(sets_a_failing_strategy_aside),
        TEST(takes_bin_for_text),
        TEST(refuses_broken_text),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/recommend", tests, NULL, NULL);
}

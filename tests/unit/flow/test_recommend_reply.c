/* flow/recommend_reply: the decision's id, and every field of an answer. */
#include "flowing.h"

#include "flow/recommend_reply.h"

#define ASK(arguments) flowing_ask(flowing, "recommend", (arguments))

/* ---- Ids ---- */

static void id_of(const char *version, int64_t now_us, uint64_t seed, char out[DECISION_ID_LENGTH + 1])
{
    struct snapshot *snapshot = snapshot_new();
    assert_non_null(snapshot);
    strcpy(snapshot->version, version);
    decision_id(snapshot, &(struct situation){.now_us = now_us, .seed = seed}, out);
    snapshot_free(snapshot);
}

static void test_reply_id_is_made_of_clock_seed_and_version(void **state)
{
    (void)state;
    char one[DECISION_ID_LENGTH + 1], other[DECISION_ID_LENGTH + 1];
    id_of("0123456789", 1, 2, one);
    id_of("0123456789", 1, 2, other);
    assert_string_equal(one, other);
    id_of("0123456789", 2, 2, other);
    assert_string_not_equal(one, other);
    id_of("0123456789", 1, 3, other);
    assert_string_not_equal(one, other);
    id_of("9123456789", 1, 2, other);
    assert_string_not_equal(one, other);
}

/* Known values of base64url, RFC 4648 section 5. */
static void test_reply_id_is_base64url(void **state)
{
    (void)state;
    char id[DECISION_ID_LENGTH + 1];
    id_of("abcd", 0, 0, id);
    assert_string_equal(id, "AAAAAAAAAAAAAAAAAAAAAGFiY2Q");
    id_of("abcd", -1, UINT64_MAX, id);
    assert_string_equal(id, "_____________________2FiY2Q");
    id_of("abcd", INT64_C(0x0123456789ABCDEF), UINT64_C(0xFBEFBEFBEFBEFBEF), id);
    assert_string_equal(id, "ASNFZ4mrze_777777777"
                            "72FiY2Q");
}

static void test_reply_id_is_safe_in_urls(void **state)
{
    (void)state;
    char id[DECISION_ID_LENGTH + 1];
    struct random_state random = {42};
    for (int i = 0; i < 1000; i++) {
        id_of("d41d8cd9", (int64_t)random_next(&random), random_next(&random), id);
        assert_int_equal(strlen(id), DECISION_ID_LENGTH);
        assert_int_equal(strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                         DECISION_ID_LENGTH);
    }
}

static void test_reply_id_comes_from_the_request(void **state)
{
    struct flowing *flowing = *state;
    char id[DECISION_ID_LENGTH + 1];
    struct situation situation = {.now_us = INT64_C(1893456000500000), .seed = 77};
    decision_id(engine_snapshot(flowing->site.engine), &situation, id);
    assert_str(
        field(ASK("{'placement': 'hero', 'dry_run': true, 'at': 1893456000.5, 'seed': 77}"), "decision"), id);
}

static void test_reply_ids_of_two_decisions_differ(void **state)
{
    struct flowing *flowing = *state;
    char first[64];
    const msgpack_object *id = field(ASK("{'placement': 'hero'}"), "decision");
    assert_int_equal(id->via.str.size, DECISION_ID_LENGTH);
    memcpy(first, id->via.str.ptr, DECISION_ID_LENGTH);
    id = field(ASK("{'placement': 'hero'}"), "decision");
    assert_memory_not_equal(first, id->via.str.ptr, DECISION_ID_LENGTH);
}

/* ---- Fields ---- */

static void assert_names(const msgpack_object *map, const char *const *names, uint32_t count)
{
    assert_int_equal(map->type, MSGPACK_OBJECT_MAP);
    assert_int_equal(map->via.map.size, count);
    for (uint32_t i = 0; i < count; i++)
        field(map, names[i]);
}

#define ASSERT_NAMES(map, ...)                                                                               \
    assert_names((map), (const char *const[]){__VA_ARGS__},                                                  \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void test_reply_has_exactly_its_fields(void **state)
{
    struct flowing *flowing = *state;
    ASSERT_NAMES(ASK("{'placement': 'hero'}"), "decision", "known", "journey", "stage", "placement",
                 "version", "persona", "strategy", "items", "fallback", "experiments", "because");
    ASSERT_NAMES(ASK("{'placement': 'hero', 'explain': true}"), "decision", "known", "journey", "stage",
                 "placement", "version", "persona", "strategy", "items", "fallback", "experiments", "because",
                 "trace");
    ASSERT_NAMES(ASK("{'placement': 'hero', 'explain': false}"), "decision", "known", "journey", "stage",
                 "placement", "version", "persona", "strategy", "items", "fallback", "experiments",
                 "because");
}

static void test_reply_of_a_plain_answer(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = ASK("{'placement': 'hero', 'customer': 'maria'}");
    assert_int_equal(field(result, "known")->type, MSGPACK_OBJECT_BOOLEAN);
    assert_false(field(result, "known")->via.boolean);
    assert_str(field(result, "journey"), "walk");
    assert_str(field(result, "stage"), "curious");
    assert_str(field(result, "placement"), "hero");
    assert_str(field(result, "version"), engine_version(flowing->site.engine));
    assert_nil(field(result, "persona"));
    assert_nil(field(result, "strategy"));
    assert_nil(field(result, "fallback"));
    assert_nil(field(result, "because"));
    assert_int_equal(field(result, "experiments")->type, MSGPACK_OBJECT_MAP);
    assert_int_equal(field(result, "experiments")->via.map.size, 0);
}

static void test_reply_item_has_exactly_its_fields(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *item = element(field(ASK("{'placement': 'hero'}"), "items"), 0);
    ASSERT_NAMES(item, "offer", "kind", "title", "url", "score", "propensity", "because", "data");
    assert_str(field(item, "offer"), "guide");
    assert_str(field(item, "kind"), "article");
    assert_str(field(item, "title"), "Guía");
    assert_str(field(item, "url"), "/es/guia");
    assert_true(number(field(item, "score")) == 5.0);
    assert_true(number(field(item, "propensity")) == 1.0);
    assert_str(field(item, "because"), "highest priority");
    assert_int_equal(number(field(field(item, "data"), "pages")), 24);
    assert_str(field(field(item, "data"), "colour"), "red");
    assert_int_equal(field(item, "data")->via.map.size, 2);
}

static void test_reply_item_of_a_strategy(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = ASK("{'placement': 'hero', 'stage': 'choosing'}");
    assert_str(field(result, "strategy"), "by-mood");
    const msgpack_object *ride = element(field(result, "items"), 0),
                         *visit = element(field(result, "items"), 1);
    assert_true(number(field(ride, "score")) == 30.0);
    assert_str(field(ride, "because"), "a ride tells more");
    assert_str(field(visit, "because"), "they compare");
    assert_int_equal(field(visit, "data")->via.map.size, 0);
}

static void test_reply_of_a_fallback(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = ASK("{'placement': 'banner', 'exclude': ['guide']}");
    assert_str(field(result, "fallback"), "no_offer_fits");
    assert_int_equal(field(result, "because")->type, MSGPACK_OBJECT_STR);
    assert_str(field(element(field(result, "items"), 0), "offer"), "house");
}

static void test_reply_of_a_failed_strategy(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = ASK("{'placement': 'hero', 'stage': 'failing'}");
    assert_str(field(result, "fallback"), "strategy_error");
    assert_nil(field(result, "strategy"));
    assert_string_equal(offers_of(result), "house");
    assert_int_equal(field(result, "because")->type, MSGPACK_OBJECT_STR);
}

static void test_reply_without_items_says_why(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result =
        ASK("{'placement': 'list', 'journey': 'talk', 'exclude': ['hello', 'house']}");
    assert_int_equal(field(result, "items")->via.array.size, 0);
    assert_int_equal(field(result, "because")->type, MSGPACK_OBJECT_STR);
}

/* ---- Traces ---- */

static const msgpack_object *trace_of(const msgpack_object *result, const char *offer)
{
    const msgpack_object *traces = field(result, "trace");
    for (uint32_t i = 0; i < traces->via.array.size; i++) {
        const msgpack_object *id = field(element(traces, i), "offer");
        if (id->via.str.size == strlen(offer) && memcmp(id->via.str.ptr, offer, strlen(offer)) == 0)
            return element(traces, i);
    }
    fail_msg("no trace of '%s'", offer);
    return NULL;
}

static void assert_gate(const msgpack_object *result, const char *offer, const char *gate)
{
    const msgpack_object *trace = trace_of(result, offer);
    ASSERT_NAMES(trace, "offer", "gate", "because", "score", "propensity");
    assert_int_equal(field(trace, "because")->type, MSGPACK_OBJECT_STR);
    assert_true(field(trace, "because")->via.str.size > 0);
    if (gate != NULL)
        assert_str(field(trace, "gate"), gate);
    else
        assert_nil(field(trace, "gate"));
    assert_true((number(field(trace, "propensity")) > 0.0) == (gate == NULL));
}

static void test_reply_explains_every_gate(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result = ASK("{'placement': 'hero', 'explain': true, 'count': 1, 'exclude': "
                                       "['letter'], 'dry_run': true, 'at': 1}");
    assert_gate(result, "guide", NULL);
    assert_gate(result, "tool", "rank");
    assert_gate(result, "letter", "consent");
    assert_gate(result, "winter", "dates");
    assert_gate(result, "helmet", "persona");
    assert_gate(result, "ride", "stage");
    assert_true(number(field(trace_of(result, "guide"), "score")) == 5.0);
    assert_true(number(field(trace_of(result, "tool"), "score")) == 3.0);
    result = ASK("{'placement': 'hero', 'explain': true, 'exclude': ['guide']}");
    assert_gate(result, "guide", "excluded");
}

static void test_reply_explains_strategies(void **state)
{
    struct flowing *flowing = *state;
    const msgpack_object *result =
        ASK("{'placement': 'hero', 'stage': 'choosing', 'explain': true, 'context': {'tired': true}}");
    assert_gate(result, "ride", "strategy");
    assert_str(field(trace_of(result, "ride"), "because"), "too tired to ride");
    assert_gate(result, "visit", NULL);
}

/* The answer is the same, whether it is explained or not. */
static void test_reply_explaining_changes_nothing(void **state)
{
    struct flowing *flowing = *state;
    char plain[2048], explained[2048];
    strcpy(plain,
           offers_of(ASK("{'placement': 'hero', 'stage': 'choosing', 'dry_run': true, 'seed': 5, 'at': 9, "
                         "'context': {'dice': true}}")));
    strcpy(explained, offers_of(ASK("{'placement': 'hero', 'stage': 'choosing', 'dry_run': true, 'seed': 5, "
                                    "'at': 9, 'explain': true, 'context': {'dice': true}}")));
    assert_string_equal(plain, explained);
}

/* ---- Size ---- */

enum { MANY = 50, TITLE = 2000 };

/* A file of many offers for the stage talk/choosing, each with a long title. */
static char *long_offers(void)
{
    char *file = malloc(MANY * (TITLE + 200) + 1);
    size_t used = 0;
    assert_non_null(file);
    for (int i = 0; i < MANY; i++) {
        used += (size_t)sprintf(file + used,
                                "offer 'long-%d' { kind = 'long', stages = { 'talk/choosing' }, "
                                "url = '/%d', title = '",
                                i, i);
        memset(file + used, 'x', TITLE);
        used += TITLE;
        used += (size_t)sprintf(file + used, "' }\n");
    }
    return file;
}

static void test_reply_may_be_big(void **state)
{
    struct flowing *flowing = *state;
    struct engine_built big;
    char *first = long_offers();
    assert_true(strlen(first) > 64 * 1024); /* more than one file of a site may hold */
    first[strlen(first) / 2] = '\0';
    char *end = strrchr(first, '\n');
    end[1] = '\0';
    assert_true(engine_build_with(&big, &flowing->slots[FLOWING_OWN], "offers/long.lua", first));
    free(first);
    flowing->flow.engine = big.engine;
    const msgpack_object *result = ASK("{'placement': 'list', 'journey': 'talk', 'stage': 'choosing'}");
    assert_true(flowing->out.length > 40 * 1024);
    assert_true(field(result, "items")->via.array.size >= MANY / 2 - 1);
    assert_int_equal(field(element(field(result, "items"), 0), "title")->via.str.size, TITLE);
    flowing->flow.engine = flowing->site.engine;
    engine_built_destroy(&big);
}

static void test_reply_of_another_version(void **state)
{
    struct flowing *flowing = *state;
    struct engine_built other;
    char before[64];
    strcpy(before, engine_version(flowing->site.engine));
    assert_true(engine_build_with(&other, &flowing->slots[FLOWING_OWN], "offers/more.lua",
                                  "offer 'more' { kind = 'article', title = 'Más', url = '/m' }"));
    flowing->flow.engine = other.engine;
    assert_str(field(ASK("{'placement': 'hero'}"), "version"), engine_version(other.engine));
    assert_string_not_equal(before, engine_version(other.engine));
    flowing->flow.engine = flowing->site.engine;
    engine_built_destroy(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_reply_##name, flowing_setup, flowing_teardown)
        cmocka_unit_test(test_reply_id_is_made_of_clock_seed_and_version),
        cmocka_unit_test(test_reply_id_is_base64url),
        cmocka_unit_test(test_reply_id_is_safe_in_urls),
        TEST(id_comes_from_the_request),
        TEST(ids_of_two_decisions_differ),
        TEST(has_exactly_its_fields),
        TEST(of_a_plain_answer),
        TEST(item_has_exactly_its_fields),
        TEST(item_of_a_strategy),
        TEST(of_a_fallback),
        TEST(of_a_failed_strategy),
        TEST(without_items_says_why),
        TEST(explains_every_gate),
        TEST(explains_strategies),
        TEST(explaining_changes_nothing),
        TEST(may_be_big),
        TEST(of_another_version),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/recommend_reply", tests, NULL, NULL);
}

/* ctl/ask_request: from the command line's words to arguments. */
#include "../cmocka_all.h"

#include "client/value.h"
#include "ctl/ask_request.h"

#include <msgpack/unpack.h>
#include <stdlib.h>

static void assert_encodes(const struct ask_request *ask, const char *json)
{
    size_t length;
    msgpack_unpacked unpacked;
    senda_request *request = ask_request_encode(ask);
    const char *bytes = senda_request_bytes(request, &length);
    assert_non_null(bytes);
    msgpack_unpacked_init(&unpacked);
    assert_int_equal(msgpack_unpack_next(&unpacked, bytes, length, NULL), MSGPACK_UNPACK_SUCCESS);
    char *text = senda_value_to_json(client_value_of(&unpacked.data), 0);
    assert_string_equal(text, json);
    free(text);
    msgpack_unpacked_destroy(&unpacked);
    senda_request_free(request);
}

static void test_ask_request_leaves_out_what_was_not_given(void **state)
{
    (void)state;
    struct ask_request ask = {.placement = "hero"};
    assert_encodes(&ask, "{\"placement\":\"hero\"}");
}

static void test_ask_request_encodes_everything(void **state)
{
    (void)state;
    struct ask_request ask = {.placement = "hero",
                              .customer = "maria",
                              .stage = "decision",
                              .persona = "p",
                              .journey = "j",
                              .locale = "es",
                              .touchpoint = "web",
                              .count = 3,
                              .explain = true,
                              .dry_run = true,
                              .at_given = true,
                              .seed_given = true,
                              .seed = 7};
    assert_null(pairs_add(&ask.exclude, "old"));
    assert_null(pairs_add_consent(&ask.consents, "email"));
    assert_null(pairs_add_consent(&ask.consents, "profiling=no"));
    assert_encodes(&ask,
                   "{\"placement\":\"hero\",\"customer\":\"maria\",\"stage\":\"decision\","
                   "\"persona\":\"p\",\"journey\":\"j\",\"locale\":\"es\",\"touchpoint\":\"web\","
                   "\"consents\":{\"email\":true,\"profiling\":false},\"exclude\":[\"old\"],\"count\":3,"
                   "\"explain\":true,\"dry_run\":true,\"at\":0,\"seed\":7}");
    ask_request_destroy(&ask);
}

static void test_ask_request_tells_kinds_of_values_apart(void **state)
{
    (void)state;
    struct ask_request ask = {0};
    static const char *const pairs[] = {"a=1", "b=-2.5", "c=true", "d=text", "e=\"5\"",
                                        "f=",  "g=x=y",  "h=1e3",  "i=nan",  "j=false"};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_null(pairs_add_value(&ask.traits, pairs[i]));
    assert_null(pairs_add_value(&ask.context, "weather=rain"));
    assert_encodes(&ask, "{\"traits\":{\"a\":1,\"b\":-2.5,\"c\":true,\"d\":\"text\",\"e\":\"5\",\"f\":\"\","
                         "\"g\":\"x=y\",\"h\":1000,\"i\":\"nan\",\"j\":false},"
                         "\"context\":{\"weather\":\"rain\"}}");
    ask_request_destroy(&ask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ask_request_leaves_out_what_was_not_given),
        cmocka_unit_test(test_ask_request_encodes_everything),
        cmocka_unit_test(test_ask_request_tells_kinds_of_values_apart),
    };
    return cmocka_run_group_tests_name("ctl/ask_request", tests, NULL, NULL);
}

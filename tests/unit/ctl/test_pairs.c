/* ctl/pairs: repeated options that are none, and the arguments of those that are. */
#include "../cmocka_all.h"

#include "client/value.h"
#include "ctl/pairs.h"

#include <msgpack/unpack.h>
#include <stdlib.h>

static void assert_encodes(senda_request *request, const char *json)
{
    size_t length;
    msgpack_unpacked unpacked;
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

static void test_pairs_refuse_what_is_none(void **state)
{
    (void)state;
    struct pairs pairs = {0};
    assert_non_null(pairs_add_value(&pairs, "alone"));
    assert_non_null(pairs_add_value(&pairs, "=value"));
    assert_non_null(pairs_add_consent(&pairs, "email=perhaps"));
    assert_non_null(pairs_add_consent(&pairs, "=true"));
    assert_int_equal(pairs.count, 0);
}

static void test_pairs_become_maps_and_lists(void **state)
{
    (void)state;
    struct pairs pairs = {0}, consents = {0};
    senda_request *request = senda_request_new();
    assert_null(pairs_add_value(&pairs, "a=1"));
    assert_null(pairs_add_value(&pairs, "b=x=y"));
    assert_null(pairs_add_consent(&consents, "letters"));
    assert_null(pairs_add_consent(&consents, "ads=no"));
    pairs_put_map(request, "map", &pairs);
    pairs_put_consents(request, "consents", &consents);
    pairs_put_list(request, "list", &pairs);
    pairs_put_values(request, &pairs);
    assert_encodes(request, "{\"map\":{\"a\":1,\"b\":\"x=y\"},\"consents\":{\"letters\":true,\"ads\":false},"
                            "\"list\":[\"a=1\",\"b=x=y\"],\"a\":1,\"b\":\"x=y\"}");
    pairs_destroy(&pairs);
    pairs_destroy(&consents);
}

static void test_pairs_that_were_not_given_leave_no_trace(void **state)
{
    (void)state;
    struct pairs none = {0};
    senda_request *request = senda_request_new();
    pairs_put_map(request, "map", &none);
    pairs_put_consents(request, "consents", &none);
    pairs_put_list(request, "list", &none);
    pairs_put_values(request, &none);
    assert_encodes(request, "{}");
    pairs_destroy(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_refuse_what_is_none),
        cmocka_unit_test(test_pairs_become_maps_and_lists),
        cmocka_unit_test(test_pairs_that_were_not_given_leave_no_trace),
    };
    return cmocka_run_group_tests_name("ctl/pairs", tests, NULL, NULL);
}

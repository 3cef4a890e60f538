/* client/json: values as JSON text. */
#include "../cmocka_all.h"

#include "client/value.h"

#include <msgpack/unpack.h>
#include <stdlib.h>

static void assert_json(const char *bytes, size_t length, unsigned indent, const char *expected)
{
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    assert_int_equal(msgpack_unpack_next(&unpacked, bytes, length, NULL), MSGPACK_UNPACK_SUCCESS);
    char *text = senda_value_to_json(client_value_of(&unpacked.data), indent);
    assert_string_equal(text, expected);
    free(text);
    msgpack_unpacked_destroy(&unpacked);
}

#define ASSERT_JSON(literal, expected) assert_json((literal), sizeof(literal) - 1, 0, (expected))

static void test_json_writes_plain_values(void **state)
{
    (void)state;
    ASSERT_JSON("\xC0", "null");
    ASSERT_JSON("\xC3", "true");
    ASSERT_JSON("\xD3\x80\0\0\0\0\0\0\0", "-9223372036854775808");
    ASSERT_JSON("\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "18446744073709551615");
    ASSERT_JSON("\xD4\x01\x00", "null"); /* an extension */
    ASSERT_JSON("\x90", "[]");
    ASSERT_JSON("\x82\xA1"
                "a\x01\x07\x92\xC2\xA0",
                "{\"a\":1,\"7\":[false,\"\"]}");
}

static void test_json_numbers_read_back_the_same(void **state)
{
    (void)state;
    ASSERT_JSON("\xCB\x3F\xB9\x99\x99\x99\x99\x99\x9A", "0.1");
    ASSERT_JSON("\xCB\x3F\xD5\x55\x55\x55\x55\x55\x55", "0.3333333333333333");
    ASSERT_JSON("\xCB\x7F\xEF\xFF\xFF\xFF\xFF\xFF\xFF", "1.7976931348623157e+308");
    ASSERT_JSON("\xCB\x7F\xF0\0\0\0\0\0\0", "null"); /* infinity */
    ASSERT_JSON("\xCB\x7F\xF8\0\0\0\0\0\0", "null"); /* not a number */
}

static void test_json_escapes_strings(void **state)
{
    (void)state;
    ASSERT_JSON("\xA8\"\\\n\x01\t\x7F\b\x0B", "\"\\\"\\\\\\n\\u0001\\t\\u007f\\b\\u000b\"");
    ASSERT_JSON("\xA5"
                "coraz",
                "\"coraz\"");
    ASSERT_JSON("\xA6\xC3\xB3\xF0\x9F\x9A\xB2", "\"\xC3\xB3\xF0\x9F\x9A\xB2\"");
    ASSERT_JSON("\xA3"
                "a\xFF"
                "b",
                "\"a\xEF\xBF\xBD"
                "b\"");
    ASSERT_JSON("\xA2\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                 /* overlong */
    ASSERT_JSON("\xA3\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""); /* a surrogate */
    ASSERT_JSON("\xA2\xE2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                 /* cut */
}

static void test_json_indents(void **state)
{
    (void)state;
    static const char value[] = "\x82\xA1"
                                "a\x92\x01\x02\xA1"
                                "b\x80";
    assert_json(value, sizeof value - 1, 2, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_writes_plain_values),
        cmocka_unit_test(test_json_numbers_read_back_the_same),
        cmocka_unit_test(test_json_escapes_strings),
        cmocka_unit_test(test_json_indents),
    };
    return cmocka_run_group_tests_name("client/json", tests, NULL, NULL);
}

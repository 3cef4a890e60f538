/* client/reply and client/value: decoding answers, errors in every form, and reading values. */
#include "../cmocka_all.h"

#include "client/reply.h"

#include <string.h>

static senda_reply *decode(const char *bytes, size_t length)
{
    enum senda_status status;
    senda_reply *reply = client_reply_decode(bytes, length, &status);
    if (reply == NULL)
        assert_int_equal(status, SENDA_PROTOCOL);
    return reply;
}

#define DECODE(literal) decode((literal), sizeof(literal) - 1)

static void test_reply_holds_the_result(void **state)
{
    (void)state;
    senda_reply *reply = DECODE("\x94\x01\xCE\xFF\xFF\xFF\xFF\xC0\x81\xA1k\xA2hi");
    assert_non_null(reply);
    assert_int_equal(client_reply_kind(reply), CLIENT_REPLY_ANSWER);
    assert_int_equal(client_reply_id(reply), UINT32_MAX);
    assert_int_equal(senda_reply_status(reply), SENDA_OK);
    assert_string_equal(senda_reply_code(reply), "");
    assert_string_equal(senda_reply_message(reply), "");
    assert_string_equal(senda_value_string(senda_value_get(senda_reply_result(reply), "k"), NULL), "hi");
    senda_reply_unref(senda_reply_ref(reply));
    assert_int_equal(senda_value_count(senda_reply_result(reply)), 1); /* one reference is left */
    senda_reply_unref(reply);
}

static void assert_refused(senda_reply *reply, const char *code, const char *message)
{
    assert_non_null(reply);
    assert_int_equal(senda_reply_status(reply), SENDA_REFUSED);
    assert_null(senda_reply_result(reply));
    assert_string_equal(senda_reply_code(reply), code);
    assert_string_equal(senda_reply_message(reply), message);
    senda_reply_unref(reply);
}

static void test_reply_takes_errors_in_every_form(void **state)
{
    (void)state;
    assert_refused(DECODE("\x94\x01\x07\xAFINVALID: a: bad\xC0"), "INVALID", "a: bad");
    assert_refused(DECODE("\x94\x01\x07\xC4\x0FINVALID: a: bad\xC0"), "INVALID", "a: bad"); /* bin */
    assert_refused(DECODE("\x94\x01\x07\xA4oops\xC0"), "", "oops");
    assert_refused(DECODE("\x94\x01\x07\xAAno code: x\xC0"), "", "no code: x");
    assert_refused(DECODE("\x94\x01\x07\x92\x02\xA4gone\xC0"), "UNKNOWN_METHOD", "gone");
    assert_refused(DECODE("\x94\x01\x07\x92\x63\xA5later\xC0"), "99", "later");
    assert_refused(DECODE("\x94\x01\x07\x92\x00\xA4none\xC0"), "0", "none");
    assert_refused(DECODE("\x94\x01\x07\x92\x05\xA3why\xC0"), "UNAUTHORIZED", "why");
    assert_refused(DECODE("\x94\x01\x07\x92\xA4"
                          "CODE\xA3why\xC0"),
                   "CODE", "why");
    assert_refused(DECODE("\x94\x01\x07\x81\xA1k\x01\xC0"), "", "{\"k\":1}");
    assert_refused(DECODE("\x94\x01\x07\xA0\xC0"), "", "");
}

static void test_reply_takes_notifications(void **state)
{
    (void)state;
    senda_reply *reply = DECODE("\x93\x02\xA5"
                                "event\x91\x07");
    assert_non_null(reply);
    assert_int_equal(client_reply_kind(reply), CLIENT_REPLY_NOTIFICATION);
    assert_string_equal(client_reply_method(reply), "event");
    assert_int_equal(senda_value_integer(senda_value_at(client_reply_params(reply), 0), 0), 7);
    senda_reply_unref(reply);
}

static void test_reply_refuses_what_is_neither(void **state)
{
    (void)state;
    assert_null(DECODE("\xC0"));
    assert_null(DECODE("\x94\x00\x01\xC0\xC0"));  /* a request */
    assert_null(DECODE("\x93\x01\x01\xC0"));      /* too short */
    assert_null(DECODE("\x94\x01\xFF\xC0\xC0"));  /* a negative number */
    assert_null(DECODE("\x94\x01\xA1x\xC0\xC0")); /* a number that is text */
    assert_null(DECODE("\x93\x02\x07\x90"));      /* a method that is a number */
    assert_null(DECODE("\x84\x01\x01\x02\xC0\x03\xC0\x04\xC0"));
}

static void test_value_types_and_conversions(void **state)
{
    (void)state;
    senda_reply *reply = DECODE("\x94\x01\x00\xC0\x98\xC3\x05\xCB\x40\x00\0\0\0\0\0\0\xCB\x3F\xE0\0\0\0\0\0\0"
                                "\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xC4\x01z\xD4\x01\x00\xFB");
    assert_non_null(reply);
    const senda_value *list = senda_reply_result(reply);
    assert_int_equal(senda_value_type(list), SENDA_TYPE_LIST);
    assert_true(senda_value_boolean(senda_value_at(list, 0), false));
    assert_int_equal(senda_value_integer(senda_value_at(list, 1), -1), 5);
    assert_true(senda_value_number(senda_value_at(list, 1), -1) == 5.0);
    assert_int_equal(senda_value_integer(senda_value_at(list, 2), -1), 2);  /* 2.0 */
    assert_int_equal(senda_value_integer(senda_value_at(list, 3), -1), -1); /* 0.5 */
    assert_true(senda_value_number(senda_value_at(list, 3), -1) == 0.5);
    assert_int_equal(senda_value_type(senda_value_at(list, 4)), SENDA_TYPE_NUMBER);
    assert_int_equal(senda_value_integer(senda_value_at(list, 4), -1), -1);
    assert_true(senda_value_number(senda_value_at(list, 4), -1) == 0x1p64);
    assert_int_equal(senda_value_type(senda_value_at(list, 5)), SENDA_TYPE_STRING);
    assert_int_equal(senda_value_type(senda_value_at(list, 6)), SENDA_TYPE_OTHER);
    assert_int_equal(senda_value_integer(senda_value_at(list, 7), 0), -5);
    assert_null(senda_value_at(list, 8));
    senda_reply_unref(reply);
}

static void test_value_strings_end_with_a_nul(void **state)
{
    (void)state;
    size_t length;
    senda_reply *reply = DECODE("\x94\x01\x00\xC0\x94\xA2xy\xA0\xA3"
                                "a\0b\xC4\x01z");
    assert_non_null(reply);
    const senda_value *list = senda_reply_result(reply);
    assert_string_equal(senda_value_string(senda_value_at(list, 0), NULL), "xy");
    assert_string_equal(senda_value_string(senda_value_at(list, 1), &length), "");
    assert_int_equal(length, 0);
    assert_memory_equal(senda_value_string(senda_value_at(list, 2), &length), "a\0b\0", 4);
    assert_int_equal(length, 3);
    assert_string_equal(senda_value_string(senda_value_at(list, 3), &length), "z");
    senda_reply_unref(reply);
}

static void test_value_takes_null_as_nil(void **state)
{
    (void)state;
    size_t length = 9;
    assert_int_equal(senda_value_type(NULL), SENDA_TYPE_NIL);
    assert_null(senda_value_get(NULL, "k"));
    assert_null(senda_value_at(NULL, 0));
    assert_null(senda_value_key_at(NULL, 0));
    assert_null(senda_value_string(NULL, &length));
    assert_int_equal(length, 0);
    assert_int_equal(senda_value_count(NULL), 0);
    assert_int_equal(senda_value_integer(NULL, 3), 3);
    assert_true(senda_value_number(NULL, 0.5) == 0.5);
    assert_true(senda_value_boolean(NULL, true));
}

static void test_reply_new_failed_says_why(void **state)
{
    (void)state;
    senda_reply *reply = client_reply_new_failed(SENDA_TIMEOUT, "too late");
    assert_int_equal(senda_reply_status(reply), SENDA_TIMEOUT);
    assert_string_equal(senda_reply_message(reply), "too late");
    assert_string_equal(senda_reply_code(reply), "");
    assert_null(senda_reply_result(reply));
    senda_reply_unref(reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reply_holds_the_result),
        cmocka_unit_test(test_reply_takes_errors_in_every_form),
        cmocka_unit_test(test_reply_takes_notifications),
        cmocka_unit_test(test_reply_refuses_what_is_neither),
        cmocka_unit_test(test_value_types_and_conversions),
        cmocka_unit_test(test_value_strings_end_with_a_nul),
        cmocka_unit_test(test_value_takes_null_as_nil),
        cmocka_unit_test(test_reply_new_failed_says_why),
    };
    return cmocka_run_group_tests_name("client/reply", tests, NULL, NULL);
}

/* value: str like bin, timestamps as numbers, and what is refused however deep it lies. */
#include "../cmocka_all.h"

#include <math.h>
#include <string.h>

#include "decoded.h"
#include "wire/value.h"

static void test_value_type_name_says_it_in_words(void **state)
{
    assert_string_equal(value_type_name(DECODED("\xc0")), "nil");
    assert_string_equal(value_type_name(DECODED("\xc2")), "true or false");
    assert_string_equal(value_type_name(DECODED("\x05")), "a number");
    assert_string_equal(value_type_name(DECODED("\xff")), "a number");
    assert_string_equal(value_type_name(DECODED("\xca\0\0\0\0")), "a number");
    assert_string_equal(value_type_name(DECODED("\xcb\0\0\0\0\0\0\0\0")), "a number");
    assert_string_equal(value_type_name(DECODED("\xa0")), "text");
    assert_string_equal(value_type_name(DECODED("\xc4\0")), "text");
    assert_string_equal(value_type_name(DECODED("\x90")), "a list");
    assert_string_equal(value_type_name(DECODED("\x80")), "a map");
    assert_string_equal(value_type_name(DECODED("\xd4\x05\0")), "an ext of type 5");
    assert_string_equal(value_type_name(DECODED("\xd4\x80\0")), "an ext of type -128");
}

static void test_value_text_takes_str_and_bin(void **state)
{
    struct text text;
    assert_true(value_text(DECODED("\xa3\x61\0\x62"), &text));
    assert_true(text_equal(text, TEXT("a\0b")));
    assert_true(value_text(DECODED("\xc4\x02hi"), &text));
    assert_true(text_equal(text, TEXT("hi")));
    assert_true(value_text(DECODED("\xa0"), &text));
    assert_int_equal(text.length, 0);
    assert_false(value_text(DECODED("\x01"), &text));
    assert_false(value_text(DECODED("\xc0"), &text));
    assert_false(value_text(DECODED("\x90"), &text));
    assert_false(value_text(DECODED("\xd4\xff\0"), &text));
}

#define assert_number(literal, expected)                                                                     \
    do {                                                                                                     \
        double number_;                                                                                      \
        assert_true(value_number(DECODED(literal), &number_));                                               \
        assert_true(number_ == (expected));                                                                  \
    } while (0)

static void test_value_number_takes_all_numbers(void **state)
{
    assert_number("\x7f", 127.0);
    assert_number("\xe0", -32.0);
    assert_number("\xce\xff\xff\xff\xff", 4294967295.0);
    assert_number("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 0x1p64);
    assert_number("\xd3\x80\0\0\0\0\0\0\0", -0x1p63);
    assert_number("\xca\x3f\xc0\0\0", 1.5);
    assert_number("\xcb\x3f\xf8\0\0\0\0\0\0", 1.5);
}

static void test_value_number_reads_timestamps(void **state)
{
    assert_number("\xd6\xff\x60\0\0\0", 0x60000000);
    assert_number("\xd6\xff\xff\xff\xff\xff", 4294967295.0);
    assert_number("\xd7\xff\x77\x35\x94\0\x60\0\0\0", 0x60000000 + 0.5); /* half a billion ns */
    assert_number("\xd7\xff\0\0\0\x03\xff\xff\xff\xff", 17179869183.0);  /* 34 bits of seconds */
    assert_number("\xc7\x0c\xff\x1d\xcd\x65\0\0\0\0\0\0\0\0\x02", 2.5);
    assert_number("\xc7\x0c\xff\x1d\xcd\x65\0\xff\xff\xff\xff\xff\xff\xff\xfe", -1.5); /* before 1970 */
    assert_number("\xc7\x04\xff\0\0\0\x09", 9.0); /* ext8 where fixext would do */
}

static void test_value_number_refuses_the_rest(void **state)
{
    double number;
    assert_false(value_number(DECODED("\xa1\x35"), &number));
    assert_false(value_number(DECODED("\xc3"), &number));
    assert_false(value_number(DECODED("\xc0"), &number));
    assert_false(value_number(DECODED("\x91\x01"), &number));
    assert_false(value_number(DECODED("\x80"), &number));
    assert_false(value_number(DECODED("\xcb\x7f\xf8\0\0\0\0\0\0"), &number)); /* NaN */
    assert_false(value_number(DECODED("\xcb\x7f\xf0\0\0\0\0\0\0"), &number)); /* infinity */
    assert_false(value_number(DECODED("\xca\xff\x80\0\0"), &number));
    assert_false(value_number(DECODED("\xd6\x01\0\0\0\x01"), &number));               /* another type */
    assert_false(value_number(DECODED("\xd5\xff\0\x01"), &number));                   /* another size */
    assert_false(value_number(DECODED("\xd7\xff\xff\xff\xff\xfc\0\0\0\0"), &number)); /* 2^30 - 1 ns */
    assert_false(value_number(DECODED("\xc7\x0c\xff\x3b\x9a\xca\0\0\0\0\0\0\0\0\0"), &number)); /* 10^9 ns */
    assert_false(value_number(DECODED("\xc7\0\xff"), &number));
}

static void assert_refused(const msgpack_object *value, const char *message)
{
    struct error error = {ERROR_NONE, ""};
    assert_false(value_check(value, "traits", &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, message);
}

static void test_value_check_takes_what_can_be_used(void **state)
{
    struct error error;
    assert_true(value_check(DECODED("\xa3\xe2\x82\xac"), "traits", &error));
    assert_true(value_check(DECODED("\xc4\x03\xe2\x82\xac"), "traits", &error));
    assert_true(
        value_check(DECODED("\x82\xa1\x61\x93\xc0\xc2\xff\xc4\x01\x62\xd6\xff\0\0\0\0"), "traits", &error));
    assert_true(value_check(DECODED("\x80"), "traits", &error));
    assert_true(value_check(DECODED("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), "traits", &error));
}

static void test_value_check_refuses_broken_text_at_any_depth(void **state)
{
    const char *message = "traits: not well-formed UTF-8";
    assert_refused(DECODED("\xa1\xff"), message);
    assert_refused(DECODED("\xc4\x01\xff"), message);
    assert_refused(DECODED("\x92\xa1\x61\xa2\xc3\x28"), message);
    assert_refused(DECODED("\x81\xa1\xff\x01"), message);     /* a key */
    assert_refused(DECODED("\x81\xc4\x01\xff\x01"), message); /* a key as bin */
    assert_refused(DECODED("\x82\xa1\x61\xc0\xa1\x62\xa1\xff"),
                   "traits: not well-formed UTF-8 under 'b'"); /* the last value */
    assert_refused(DECODED("\x91\x91\x81\xa1\x61\x91\xa1\x80"), "traits: not well-formed UTF-8 under 'a'");
    assert_refused(DECODED("\x81\xa1\x61\x82\xa2\x0a\x62\xa1\xff\xa1\x63\xc0"),
                   "traits: not well-formed UTF-8 under '\\x0Ab'"); /* the nearest key, shown as it can be */
}

static void test_value_check_names_what_it_refuses(void **state)
{
    assert_refused(DECODED("\x91\xd4\x05\0"), "traits: expected a value, got an ext of type 5");
    assert_refused(DECODED("\xd5\xff\0\0"), "traits: expected a value, got an ext of type -1");
    assert_refused(DECODED("\x81\x01\x02"), "traits: expected text as key, got a number");
    assert_refused(DECODED("\x81\xc0\x02"), "traits: expected text as key, got nil");
    assert_refused(DECODED("\x91\x81\x90\x02"), "traits: expected text as key, got a list");
    assert_refused(DECODED("\x81\xa1\x61\xcb\x7f\xf8\0\0\0\0\0\0"),
                   "traits: expected a finite number under 'a'");
    assert_refused(DECODED("\xca\x7f\x80\0\0"), "traits: expected a finite number");
}

static void test_value_map_get_finds_the_last(void **state)
{
    const msgpack_object *map = DECODED("\x84\xa1\x61\x01\xa1\x62\x02\xc4\x01\x61\x03\x05\x04");
    assert_int_equal(value_map_get(map, TEXT("a"))->via.u64, 3);
    assert_int_equal(value_map_get(map, TEXT("b"))->via.u64, 2);
    assert_null(value_map_get(map, TEXT("c")));
    assert_null(value_map_get(map, TEXT("")));
    assert_null(value_map_get(DECODED("\x80"), TEXT("a")));
}

#define VALUE_TEST(test) cmocka_unit_test_setup_teardown(test, decoded_setup, decoded_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VALUE_TEST(test_value_type_name_says_it_in_words),
        VALUE_TEST(test_value_text_takes_str_and_bin),
        VALUE_TEST(test_value_number_takes_all_numbers),
        VALUE_TEST(test_value_number_reads_timestamps),
        VALUE_TEST(test_value_number_refuses_the_rest),
        VALUE_TEST(test_value_check_takes_what_can_be_used),
        VALUE_TEST(test_value_check_refuses_broken_text_at_any_depth),
        VALUE_TEST(test_value_check_names_what_it_refuses),
        VALUE_TEST(test_value_map_get_finds_the_last),
    };
    return cmocka_run_group_tests_name("wire/value", tests, NULL, NULL);
}

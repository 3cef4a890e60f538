/* client/value: reading values of every kind, and asking them for what they are not. */
#include "../cmocka_all.h"

#include "client/value.h"

#include <msgpack/unpack.h>
#include <string.h>

static msgpack_unpacked unpacked;

/* The value that the bytes are; lives until the next call. */
static const senda_value *value_of(const char *bytes, size_t length)
{
    msgpack_unpacked_destroy(&unpacked);
    msgpack_unpacked_init(&unpacked);
    assert_int_equal(msgpack_unpack_next(&unpacked, bytes, length, NULL), MSGPACK_UNPACK_SUCCESS);
    return client_value_of(&unpacked.data);
}

#define VALUE(literal) value_of((literal), sizeof(literal) - 1)

static void test_value_tells_types_apart(void **state)
{
    (void)state;
    assert_int_equal(senda_value_type(NULL), SENDA_TYPE_NIL);
    assert_int_equal(senda_value_type(VALUE("\xC0")), SENDA_TYPE_NIL);
    assert_int_equal(senda_value_type(VALUE("\xC3")), SENDA_TYPE_BOOLEAN);
    assert_int_equal(senda_value_type(VALUE("\xFF")), SENDA_TYPE_INTEGER);
    assert_int_equal(senda_value_type(VALUE("\xCF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF")), SENDA_TYPE_INTEGER);
    assert_int_equal(senda_value_type(VALUE("\xCF\x80\x00\x00\x00\x00\x00\x00\x00")), SENDA_TYPE_NUMBER);
    assert_int_equal(senda_value_type(VALUE("\xCA\x3F\x80\x00\x00")), SENDA_TYPE_NUMBER);
    assert_int_equal(senda_value_type(VALUE("\xA1x")), SENDA_TYPE_STRING);
    assert_int_equal(senda_value_type(VALUE("\xC4\x01x")), SENDA_TYPE_STRING);
    assert_int_equal(senda_value_type(VALUE("\x90")), SENDA_TYPE_LIST);
    assert_int_equal(senda_value_type(VALUE("\x80")), SENDA_TYPE_MAP);
    assert_int_equal(senda_value_type(VALUE("\xD4\x05x")), SENDA_TYPE_OTHER);
}

static void test_value_integers(void **state)
{
    (void)state;
    assert_int_equal(senda_value_integer(VALUE("\x07"), -1), 7);
    assert_int_equal(senda_value_integer(VALUE("\xD3\x80\x00\x00\x00\x00\x00\x00\x00"), 5), INT64_MIN);
    assert_int_equal(senda_value_integer(VALUE("\xCA\x40\x00\x00\x00"), -1), 2);
    assert_int_equal(senda_value_integer(VALUE("\xCA\x3F\x00\x00\x00"), -1), -1);                 /* 0.5 */
    assert_int_equal(senda_value_integer(VALUE("\xCB\x43\xE0\x00\x00\x00\x00\x00\x00"), -1), -1); /* 2^63 */
    assert_int_equal(senda_value_integer(VALUE("\xCB\xC3\xE0\x00\x00\x00\x00\x00\x00"), -1), INT64_MIN);
    assert_int_equal(senda_value_integer(VALUE("\xCB\x7F\xF8\x00\x00\x00\x00\x00\x00"), -1), -1); /* NaN */
    assert_int_equal(senda_value_integer(VALUE("\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), -1), -1);
    assert_int_equal(senda_value_integer(VALUE("\xA1x"), -1), -1);
    assert_int_equal(senda_value_integer(NULL, -1), -1);
}

static void test_value_numbers_and_booleans(void **state)
{
    (void)state;
    assert_true(senda_value_number(VALUE("\xCA\x3F\x00\x00\x00"), -1) == 0.5);
    assert_true(senda_value_number(VALUE("\xFE"), -1) == -2.0);
    assert_true(senda_value_number(VALUE("\xCF\x80\x00\x00\x00\x00\x00\x00\x00"), -1) == 0x1p63);
    assert_true(senda_value_number(VALUE("\xC3"), -1) == -1.0);
    assert_true(senda_value_number(NULL, -1) == -1.0);
    assert_true(senda_value_boolean(VALUE("\xC3"), false));
    assert_false(senda_value_boolean(VALUE("\xC2"), true));
    assert_true(senda_value_boolean(VALUE("\x01"), true));
    assert_false(senda_value_boolean(NULL, false));
}

static void test_value_strings(void **state)
{
    (void)state;
    size_t length = 99;
    assert_memory_equal(senda_value_string(VALUE("\xA3"
                                                 "a\0b"),
                                           &length),
                        "a\0b", 3);
    assert_int_equal(length, 3);
    assert_non_null(senda_value_string(VALUE("\xC4\x01x"), NULL));
    assert_null(senda_value_string(VALUE("\x07"), &length));
    assert_int_equal(length, 0);
}

static void test_value_maps(void **state)
{
    (void)state;
    const senda_value *map = VALUE("\x83\xA1k\x01\xC4\x02kk\x02\x05\x03");
    assert_int_equal(senda_value_count(map), 3);
    assert_int_equal(senda_value_integer(senda_value_get(map, "k"), -1), 1);
    assert_int_equal(senda_value_integer(senda_value_get(map, "kk"), -1), 2);
    assert_null(senda_value_get(map, "kkk"));
    assert_null(senda_value_get(map, ""));
    assert_null(senda_value_get(map, NULL));
    assert_null(senda_value_get(NULL, "k"));
    assert_int_equal(senda_value_integer(senda_value_key_at(map, 2), -1), 5);
    assert_int_equal(senda_value_integer(senda_value_at(map, 2), -1), 3);
    assert_null(senda_value_key_at(map, 3));
    assert_null(senda_value_at(map, 3));
}

static void test_value_lists(void **state)
{
    (void)state;
    const senda_value *list = VALUE("\x92\x07\x08");
    assert_int_equal(senda_value_count(list), 2);
    assert_int_equal(senda_value_integer(senda_value_at(list, 1), -1), 8);
    assert_null(senda_value_at(list, 2));
    assert_null(senda_value_key_at(list, 0));
    assert_null(senda_value_get(list, "k"));
    assert_int_equal(senda_value_count(VALUE("\xA2xy")), 0);
    assert_null(senda_value_at(NULL, 0));
}

static int set_up(void **state)
{
    (void)state;
    msgpack_unpacked_init(&unpacked);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    msgpack_unpacked_destroy(&unpacked);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_tells_types_apart),
        cmocka_unit_test(test_value_integers),
        cmocka_unit_test(test_value_numbers_and_booleans),
        cmocka_unit_test(test_value_strings),
        cmocka_unit_test(test_value_maps),
        cmocka_unit_test(test_value_lists),
    };
    return cmocka_run_group_tests_name("client/value", tests, set_up, tear_down);
}

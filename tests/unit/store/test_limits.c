/* limits: what every kind of store refuses, and formats. */
#include "../cmocka_all.h"

#include "store/limits.h"

static void test_limits_format_is_taken(void **state)
{
    (void)state;
    char bytes[STORE_FORMAT_SIZE];
    struct error error;
    limits_encode_format(bytes);
    assert_int_equal(bytes[STORE_FORMAT_SIZE - 1], STORE_FORMAT);
    assert_true(limits_check_format((struct text){bytes, sizeof bytes}, &error));
    assert_int_equal(limits_decode_format((struct text){bytes, sizeof bytes}), STORE_FORMAT);
    assert_true(limits_check_format(TEXT("\0\0\0\1"), &error)); /* an earlier one */
    assert_int_equal(limits_decode_format(TEXT("\0\0\1")), 0);
}

static void assert_format_refused(struct text value, const char *words)
{
    struct error error;
    assert_false(limits_check_format(value, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' doesn't say '%s'", error.message, words);
}

static void test_limits_format_of_others_is_refused(void **state)
{
    (void)state;
    assert_format_refused((struct text){NULL, 0}, "says no format");
    assert_format_refused(TEXT("1"), "says no format");
    assert_format_refused(TEXT("\0\0\0\0"), "format is 0");
    assert_format_refused(TEXT("\0\0\1\2"), "format is 258, this senda reads formats up to 2");
}

static void test_limits_key_has_bytes_but_not_too_many(void **state)
{
    (void)state;
    static const char bytes[STORE_KEY_MOST + 1];
    const struct text good[] = {{bytes, 1}, {bytes, STORE_KEY_MOST}}, bad = {bytes, sizeof bytes};
    struct error error;
    assert_true(limits_check_keys(good, 2, &error));
    assert_false(limits_check_keys(&bad, 1, &error));
    assert_string_equal(error.message, "a key of 481 bytes: expected at most 480");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits_format_is_taken),
        cmocka_unit_test(test_limits_format_of_others_is_refused),
        cmocka_unit_test(test_limits_key_has_bytes_but_not_too_many),
    };
    return cmocka_run_group_tests_name("store/limits", tests, NULL, NULL);
}

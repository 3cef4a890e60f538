/* value: numbers, bytes and modes at their edges. */
#include "../cmocka_all.h"

#include "config/value.h"

static void test_value_parse_number_takes_64_bits(void **state)
{
    uint64_t value;
    (void)state;
    assert_true(value_parse_number("0", &value));
    assert_int_equal(value, 0);
    assert_true(value_parse_number("18446744073709551615", &value));
    assert_true(value == UINT64_MAX);
    assert_false(value_parse_number("18446744073709551616", &value));
}

static void test_value_parse_number_refuses_the_rest(void **state)
{
    static const char *const wrong[] = {"", " 1", "1 ", "-1", "+1", "0x10", "1e3", "1.5", "one"};
    uint64_t value;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(value_parse_number(wrong[i], &value));
}

static void test_value_parse_bytes_knows_units(void **state)
{
    uint64_t value;
    (void)state;
    assert_true(value_parse_bytes("1024", &value));
    assert_int_equal(value, 1024);
    assert_true(value_parse_bytes("8 MiB", &value));
    assert_int_equal(value, 8 * 1024 * 1024);
    assert_true(value_parse_bytes("256KiB", &value));
    assert_int_equal(value, 256 * 1024);
    assert_true(value_parse_bytes("2GiB", &value));
    assert_true(value == UINT64_C(2147483648));
    assert_false(value_parse_bytes("8 MB", &value));
    assert_false(value_parse_bytes("8 ", &value));
    assert_false(value_parse_bytes("8  MiB", &value));
    assert_false(value_parse_bytes("MiB", &value));
    assert_false(value_parse_bytes("18014398509481984 MiB", &value));
}

static void test_value_parse_mode_is_octal(void **state)
{
    uint64_t value;
    (void)state;
    assert_true(value_parse_mode("0660", &value));
    assert_int_equal(value, 0660);
    assert_true(value_parse_mode("777", &value));
    assert_int_equal(value, 0777);
    assert_false(value_parse_mode("0888", &value));
    assert_false(value_parse_mode("66", &value));
    assert_false(value_parse_mode("00660", &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_parse_number_takes_64_bits),
        cmocka_unit_test(test_value_parse_number_refuses_the_rest),
        cmocka_unit_test(test_value_parse_bytes_knows_units),
        cmocka_unit_test(test_value_parse_mode_is_octal),
    };
    return cmocka_run_group_tests_name("config/value", tests, NULL, NULL);
}

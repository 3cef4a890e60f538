/* error: messages, what comes in front of them, and their end. */
#include "../cmocka_all.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

static void test_error_set_says_what_and_returns_false(void **state)
{
    (void)state;
    struct error error;
    assert_false(error_set(&error, ERROR_NOT_FOUND, "no offer '%s' in %d", "a", 3));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_string_equal(error.message, "no offer 'a' in 3");
    assert_false(error_set(NULL, ERROR_INVALID, "nobody listens"));
}

static void test_error_set_errno_adds_the_system_s_reason(void **state)
{
    (void)state;
    struct error error;
    errno = ENOENT;
    assert_false(error_set_errno(&error, "can't open %s", "x"));
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_string_equal(error.message, "can't open x: No such file or directory");
    assert_false(error_set_errno(NULL, "nobody listens"));
}

static void test_error_prefix_keeps_code_and_message(void **state)
{
    (void)state;
    struct error error;
    error_set(&error, ERROR_TOO_LARGE, "too long");
    assert_false(error_prefix(&error, "%s:%d: ", "a.lua", 7));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(error.message, "a.lua:7: too long");
    assert_false(error_prefix(NULL, "nobody listens"));
}

/* However the cut falls, what is left is text. */
static void test_error_messages_are_cut_between_characters(void **state)
{
    (void)state;
    char longer[700];
    for (size_t shift = 0; shift < 4; shift++) {
        struct error error;
        memset(longer, 'x', sizeof longer);
        for (size_t i = shift; i + 4 < sizeof longer; i += 3)
            memcpy(longer + i, "\xE2\x82\xAC", 4);
        error_set(&error, ERROR_INVALID, "%s", longer);
        assert_true(text_is_utf8(text_from(error.message)));
        assert_true(strlen(error.message) > sizeof error.message - 4);
        error_prefix(&error, "%.*s", (int)shift, "abc");
        assert_true(text_is_utf8(text_from(error.message)));
        assert_true(strlen(error.message) > sizeof error.message - 4);
        errno = EACCES;
        error_set_errno(&error, "%s", longer);
        assert_true(text_is_utf8(text_from(error.message)));
    }
}

static void test_error_messages_are_text_whatever_they_quote(void **state)
{
    (void)state;
    struct error error;
    error_set(&error, ERROR_INVALID, "address '%s'", "tcp:\xFE");
    assert_string_equal(error.message, "address 'tcp:\\xFE'");
    error_prefix(&error, "%s: ", "a\xC3");
    assert_string_equal(error.message, "a\\xC3: address 'tcp:\\xFE'");
    error_set(&error, ERROR_INVALID, "año\n%s", "");
    assert_string_equal(error.message, "año\n");
}

static void test_error_code_name_is_the_wire_contract_s(void **state)
{
    (void)state;
    static const char *const names[] = {"NONE",       "INVALID",     "UNKNOWN_METHOD",
                                        "NOT_FOUND",  "TOO_LARGE",   "UNAUTHORIZED",
                                        "OVERLOADED", "UNAVAILABLE", "INTERNAL"};
    for (int code = ERROR_NONE; code <= ERROR_INTERNAL; code++)
        assert_string_equal(error_code_name((enum error_code)code), names[code]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_set_says_what_and_returns_false),
        cmocka_unit_test(test_error_set_errno_adds_the_system_s_reason),
        cmocka_unit_test(test_error_prefix_keeps_code_and_message),
        cmocka_unit_test(test_error_messages_are_cut_between_characters),
        cmocka_unit_test(test_error_messages_are_text_whatever_they_quote),
        cmocka_unit_test(test_error_code_name_is_the_wire_contract_s),
    };
    return cmocka_run_group_tests_name("base/error", tests, NULL, NULL);
}

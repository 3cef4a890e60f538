/* base/scope: names, and which of them a token may have. */
#include "../cmocka_all.h"

#include "base/scope.h"

static void test_scope_orders_and_names_them(void **state)
{
    static const char *const names[] = {"none", "site", "admin", "control"};
    (void)state;
    for (int i = SCOPE_NONE; i <= SCOPE_CONTROL; i++)
        assert_string_equal(scope_name((enum scope)i), names[i]);
}

static void test_scope_parses_what_a_token_may_have(void **state)
{
    enum scope scope = SCOPE_NONE;
    (void)state;
    assert_true(scope_parse(TEXT("site"), &scope));
    assert_int_equal(scope, SCOPE_SITE);
    assert_true(scope_parse(TEXT("admin"), &scope));
    assert_int_equal(scope, SCOPE_ADMIN);
}

static void test_scope_refuses_the_rest(void **state)
{
    static const char *const refused[] = {"", "none", "control", "Site", "sit", "sites", "admin "};
    enum scope scope = SCOPE_NONE;
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(scope_parse(text_from(refused[i]), &scope));
    assert_int_equal(scope, SCOPE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scope_orders_and_names_them),
        cmocka_unit_test(test_scope_parses_what_a_token_may_have),
        cmocka_unit_test(test_scope_refuses_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

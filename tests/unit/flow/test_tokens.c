/* flow/tokens: which tokens are ours, without keeping any. */
#include "tokens_builder.h"

#include "../cmocka_all.h"

#include <stdio.h>

static const struct token *find(const struct tokens *tokens, const char *shown)
{
    return tokens_find(tokens, text_from(shown));
}

static void test_tokens_finds_each(void **state)
{
    struct tokens tokens;
    (void)state;
    tokens_build(&tokens);
    tokens_build_add(&tokens, SCOPE_ADMIN, "one");
    tokens_build_add(&tokens, SCOPE_SITE, "two");
    assert_int_equal(find(&tokens, "one")->scope, SCOPE_ADMIN);
    assert_int_equal(find(&tokens, "two")->scope, SCOPE_SITE);
    assert_string_equal(find(&tokens, "two")->name, "two");
}

static void test_tokens_finds_nothing_else(void **state)
{
    static const char *const wrong[] = {"", "on", "onee", "One", "oneone", "one ", "eno"};
    const struct tokens *tokens = tokens_of("one");
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(find(tokens, wrong[i]));
    assert_null(tokens_find(tokens, (struct text){"one\0", 4}));
}

static void test_tokens_keeps_no_token(void **state)
{
    struct tokens tokens;
    (void)state;
    tokens_build(&tokens);
    struct error error;
    assert_true(tokens_add(&tokens, SCOPE_SITE, TEXT("shop"), TEXT("correct horse battery"), &error));
    assert_null(memmem(&tokens, sizeof tokens, "horse", 5));
}

static void assert_refused(struct tokens *tokens, struct text name, const char *token, const char *part)
{
    struct error error;
    uint32_t count = tokens->count;
    assert_false(tokens_add(tokens, SCOPE_SITE, name, text_from(token), &error));
    if (strstr(error.message, part) == NULL)
        fail_msg("'%s' is not in '%s'", part, error.message);
    assert_null(strstr(error.message, "hush"));
    assert_int_equal(tokens->count, count);
}

static void test_tokens_refuses_what_is_there_already(void **state)
{
    struct tokens tokens;
    struct error error;
    (void)state;
    tokens_build(&tokens);
    assert_true(tokens_add(&tokens, SCOPE_SITE, TEXT("shop"), TEXT("hush"), &error));
    assert_refused(&tokens, TEXT("shop"), "other", "two tokens are called 'shop'");
    assert_refused(&tokens, TEXT("web"), "hush", "'shop' and 'web' are the same token");
}

static void test_tokens_bounds_names_and_their_number(void **state)
{
    struct tokens tokens;
    char name[TOKENS_NAME_MOST + 1];
    (void)state;
    tokens_build(&tokens);
    memset(name, 'x', sizeof name);
    assert_refused(&tokens, TEXT(""), "a", "expected a name of 1 to 64 bytes");
    assert_refused(&tokens, (struct text){name, sizeof name}, "a", "expected a name of 1 to 64 bytes");
    for (int i = 0; i < TOKENS_MOST; i++) {
        snprintf(name, sizeof name, "%d", i);
        tokens_build_add(&tokens, SCOPE_SITE, name);
    }
    assert_refused(&tokens, TEXT("more"), "more", "at most 256 tokens");
    assert_non_null(find(&tokens, "255"));
}

static void test_tokens_have_those_of_before(void **state)
{
    struct tokens before, after;
    (void)state;
    tokens_build(&before);
    tokens_build_add(&before, SCOPE_SITE, "stays");
    tokens_build_add(&before, SCOPE_SITE, "goes");
    tokens_build_add(&before, SCOPE_SITE, "rises");
    tokens_build(&after);
    tokens_build_add(&after, SCOPE_ADMIN, "rises");
    tokens_build_add(&after, SCOPE_SITE, "stays");
    assert_true(tokens_have(&after, tokens_number(find(&before, "stays")), SCOPE_SITE));
    assert_false(tokens_have(&after, tokens_number(find(&before, "goes")), SCOPE_SITE));
    assert_false(tokens_have(&after, tokens_number(find(&before, "rises")), SCOPE_SITE));
}

static void test_tokens_differ_by_key(void **state)
{
    static const uint8_t key[TOKENS_KEY] = "another key";
    struct tokens other;
    struct error error;
    (void)state;
    tokens_create(&other, key);
    assert_true(tokens_add(&other, SCOPE_ADMIN, TEXT("one"), TEXT("one"), &error));
    assert_memory_not_equal(other.list[0].digest, tokens_of("one")->list[0].digest, TOKENS_DIGEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_finds_each),
        cmocka_unit_test(test_tokens_finds_nothing_else),
        cmocka_unit_test(test_tokens_keeps_no_token),
        cmocka_unit_test(test_tokens_refuses_what_is_there_already),
        cmocka_unit_test(test_tokens_bounds_names_and_their_number),
        cmocka_unit_test(test_tokens_have_those_of_before),
        cmocka_unit_test(test_tokens_differ_by_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

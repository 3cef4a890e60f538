/* symbols: names found again in tables of any size, the first number staying. */
#include "../cmocka_all.h"

#include <stdio.h>

#include "catalogue/symbols.h"

static void assert_refused(const struct symbols *symbols, struct text name, const char *message)
{
    struct error error;
    assert_false(symbols_refuse(symbols, "placement", "place", name, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, message);
}

static void test_symbols_find_every_name(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 3, 4, 5, 8, 100, 5000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct arena arena;
        struct symbols symbols;
        char name[16];
        arena_create(&arena, 4096);
        assert_true(symbols_create(&symbols, &arena, counts[i]));
        for (uint32_t j = 0; j < counts[i]; j++) {
            int length = snprintf(name, sizeof name, "n%u", j);
            symbols_add(&symbols, (struct text){arena_copy(&arena, name, (size_t)length), (size_t)length}, j);
        }
        for (uint32_t j = 0; j < counts[i]; j++) {
            snprintf(name, sizeof name, "n%u", j);
            assert_int_equal(symbols_find(&symbols, text_from(name)), j);
        }
        snprintf(name, sizeof name, "n%u", counts[i]);
        assert_int_equal(symbols_find(&symbols, text_from(name)), UINT32_MAX);
        arena_destroy(&arena);
    }
}

static void test_symbols_tell_like_names_apart(void **state)
{
    (void)state;
    struct arena arena;
    struct symbols symbols;
    arena_create(&arena, 4096);
    assert_true(symbols_create(&symbols, &arena, 4));
    symbols_add(&symbols, TEXT("ab"), 1);
    symbols_add(&symbols, TEXT("ab\0"), 2);
    symbols_add(&symbols, TEXT(""), 3);
    symbols_add(&symbols, TEXT("ab"), 4); /* the first number stays */
    assert_int_equal(symbols_find(&symbols, TEXT("ab")), 1);
    assert_int_equal(symbols_find(&symbols, TEXT("ab\0")), 2);
    assert_int_equal(symbols_find(&symbols, TEXT("")), 3);
    assert_int_equal(symbols_find(&symbols, TEXT("a")), UINT32_MAX);
    assert_int_equal(symbols_find(&symbols, TEXT("AB")), UINT32_MAX);
    arena_destroy(&arena);
}

static void test_symbols_without_places_know_nothing(void **state)
{
    (void)state;
    struct symbols symbols = {NULL, 0};
    assert_int_equal(symbols_find(&symbols, TEXT("a")), UINT32_MAX);
    assert_refused(&symbols, TEXT("a"), "placement: no place 'a'");
}

static void test_symbols_refuse_names_the_nearest(void **state)
{
    (void)state;
    struct arena arena;
    struct symbols symbols;
    arena_create(&arena, 4096);
    assert_true(symbols_create(&symbols, &arena, 3));
    symbols_add(&symbols, TEXT("hero"), 0);
    symbols_add(&symbols, TEXT("sidebar"), 1);
    symbols_add(&symbols, TEXT("newsletter"), 2);
    assert_refused(&symbols, TEXT("heroo"), "placement: no place 'heroo'; did you mean 'hero'?");
    assert_refused(&symbols, TEXT("newsleter"),
                   "placement: no place 'newsleter'; did you mean 'newsletter'?");
    assert_refused(&symbols, TEXT("her\n"), "placement: no place 'her\\x0A'; did you mean 'hero'?");
    assert_refused(&symbols, TEXT("footer-banner"), "placement: no place 'footer-banner'");
    arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbols_find_every_name),
        cmocka_unit_test(test_symbols_tell_like_names_apart),
        cmocka_unit_test(test_symbols_without_places_know_nothing),
        cmocka_unit_test(test_symbols_refuse_names_the_nearest),
    };
    return cmocka_run_group_tests_name("catalogue/symbols", tests, NULL, NULL);
}

/* text: UTF-8, nearest names, escaping. */
#include "../cmocka_all.h"

#include "base/text.h"

static void test_text_is_utf8_takes_every_length(void **state)
{
    (void)state;
    assert_true(text_is_utf8(TEXT("plain words of more than eight bytes")));
    assert_true(text_is_utf8(TEXT("coraz\xC3\xB3n \xE2\x82\xAC \xF0\x9F\x9A\xB2")));
    assert_true(text_is_utf8(TEXT("")));
}

static void test_text_is_utf8_refuses_what_is_broken(void **state)
{
    (void)state;
    assert_false(text_is_utf8(TEXT("\xC0\xAF")));               /* overlong */
    assert_false(text_is_utf8(TEXT("\xED\xA0\x80")));           /* surrogate */
    assert_false(text_is_utf8(TEXT("\xF4\x90\x80\x80")));       /* above U+10FFFF */
    assert_false(text_is_utf8(TEXT("eight by\xE2\x82")));       /* cut */
    assert_false(text_is_utf8(TEXT("\x80")));                   /* continuation alone */
    assert_false(text_is_utf8(TEXT("twelve bytes\xFFtwelve"))); /* never a byte of UTF-8 */
}

static void test_text_is_utf8_looks_at_every_byte(void **state)
{
    (void)state;
    for (size_t length = 1; length <= 40; length++)
        for (size_t at = 0; at < length; at++) {
            char bytes[40];
            memset(bytes, 'a', sizeof bytes);
            assert_true(text_is_utf8((struct text){bytes, length}));
            bytes[at] = '\x80';
            assert_false(text_is_utf8((struct text){bytes, length}));
        }
}

static void test_text_nearest_finds_slips_only(void **state)
{
    (void)state;
    const struct text names[] = {TEXT("hero"), TEXT("sidebar"), TEXT("checkout")};
    assert_true(text_equal(text_nearest_of(TEXT("heroo"), names, 3), TEXT("hero")));
    assert_true(text_equal(text_nearest_of(TEXT("sidebra"), names, 3), TEXT("sidebar")));
    assert_int_equal(text_nearest_of(TEXT("newsletter"), names, 3).length, 0);
    assert_int_equal(text_nearest_of(TEXT("visits"), &TEXT("traits"), 1).length, 0);
    assert_int_equal(text_nearest_of(TEXT(""), names, 3).length, 0);
}

static void test_text_nearest_takes_no_notice_of_case(void **state)
{
    (void)state;
    const struct text names[] = {TEXT("p"), TEXT("Hera"), TEXT("hero"), TEXT("decisión")};
    assert_true(text_equal(text_nearest_of(TEXT("HERO"), names, 4), TEXT("hero")));
    assert_true(text_equal(text_nearest_of(TEXT("HEOR"), names, 4), TEXT("hero")));
    assert_true(text_equal(text_nearest_of(TEXT("HERA"), names, 4), TEXT("Hera")));
    assert_true(text_equal(text_nearest_of(TEXT("P"), names, 4), TEXT("p")));
    assert_true(text_equal(text_nearest_of(TEXT("DECISION"), names, 4), TEXT("decisión")));
    assert_int_equal(text_nearest_of(TEXT("Q"), names, 4).length, 0);
    assert_int_equal(text_nearest_of(TEXT("@"), names, 4).length, 0);
}

static void test_text_escape_cuts_and_escapes(void **state)
{
    (void)state;
    char out[16];
    assert_string_equal(text_escape(TEXT("a\nb"), out, sizeof out), "a\\x0Ab");
    assert_string_equal(text_escape(TEXT("\xFF"), out, sizeof out), "\\xFF");
    assert_string_equal(text_escape(TEXT("\xC2\x9B\xC2\xA0"), out, sizeof out), "\\xC2\\x9B\xC2\xA0");
    assert_string_equal(text_escape(TEXT("a very long name indeed"), out, sizeof out), "a very long …");
    assert_string_equal(text_escape(TEXT("año"), out, sizeof out), "año");
}

static void test_text_shown_length_counts_no_character_that_moves_others(void **state)
{
    (void)state;
    static const struct text hidden[] = {TEXT("\n"),       TEXT("\x7F"),   TEXT("\xC2\x9B"), TEXT("\u061C"),
                                         TEXT("\u200E"),   TEXT("\u200F"), TEXT("\u2028"),   TEXT("\u2029"),
                                         TEXT("\u202A"),   TEXT("\u202E"), TEXT("\u2066"),   TEXT("\u2069"),
                                         TEXT("\xE2\x80"), TEXT("\x80"),   TEXT("")};
    static const struct text shown[] = {TEXT(" "),      TEXT("ñ"),      TEXT("\u061B"), TEXT("\u061D"),
                                        TEXT("\u200D"), TEXT("\u2010"), TEXT("\u2027"), TEXT("\u202F"),
                                        TEXT("\u2065"), TEXT("\u206A"), TEXT("א"),      TEXT("\uFF0E"),
                                        TEXT("🚲")};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_int_equal(text_shown_length(hidden[i]), 0);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        assert_int_equal(text_shown_length(shown[i]), shown[i].length);
}

static void test_text_drop_cut_character_leaves_whole_ones(void **state)
{
    (void)state;
    const struct text whole[] = {
        TEXT(""),     TEXT("a"),        TEXT("a\xC3\xB3"),        TEXT("\xE2\x82\xAC"),
        TEXT("\x80"), TEXT("\x80\x80"), TEXT("\xF0\x9F\x9A\xB2"), TEXT("\xC3\xB3z")};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        assert_int_equal(text_drop_cut_character(whole[i]).length, whole[i].length);
    const struct text cut[] = {TEXT("ab\xC3"),     TEXT("ab\xE2"),         TEXT("ab\xE2\x82"),
                               TEXT("ab\xF0\x9F"), TEXT("ab\xF0\x9F\x9A"), TEXT("ab\xF0")};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++)
        assert_int_equal(text_drop_cut_character(cut[i]).length, 2);
    assert_int_equal(text_drop_cut_character(TEXT("\xE2\x82")).length, 0);
}

static void test_text_compare_orders_prefixes_first(void **state)
{
    (void)state;
    assert_true(text_compare(TEXT("ab"), TEXT("abc")) < 0);
    assert_true(text_compare(TEXT("b"), TEXT("abc")) > 0);
    assert_int_equal(text_compare(TEXT("x"), TEXT("x")), 0);
}

static void test_text_utf8_length_ends_before_the_first_wrong_byte(void **state)
{
    (void)state;
    assert_int_equal(text_utf8_length(TEXT("")), 0);
    assert_int_equal(text_utf8_length(TEXT("caf\xC3\xA9")), 5);
    assert_int_equal(text_utf8_length(TEXT("a longer text with one caf\xE9, once")), 26);
    assert_int_equal(text_utf8_length(TEXT("caf\xC3")), 3);
}

static void test_text_skip_mark_at_the_beginning_only(void **state)
{
    (void)state;
    assert_true(text_equal(text_skip_mark(TEXT("\xEF\xBB\xBFsite")), TEXT("site")));
    assert_true(text_equal(text_skip_mark(TEXT("\xEF\xBB\xBF")), TEXT("")));
    assert_true(text_equal(text_skip_mark(TEXT("\xEF\xBB")), TEXT("\xEF\xBB")));
    assert_true(text_equal(text_skip_mark(TEXT("a\xEF\xBB\xBF")), TEXT("a\xEF\xBB\xBF")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_utf8_takes_every_length),
        cmocka_unit_test(test_text_is_utf8_refuses_what_is_broken),
        cmocka_unit_test(test_text_is_utf8_looks_at_every_byte),
        cmocka_unit_test(test_text_utf8_length_ends_before_the_first_wrong_byte),
        cmocka_unit_test(test_text_skip_mark_at_the_beginning_only),
        cmocka_unit_test(test_text_nearest_finds_slips_only),
        cmocka_unit_test(test_text_nearest_takes_no_notice_of_case),
        cmocka_unit_test(test_text_escape_cuts_and_escapes),
        cmocka_unit_test(test_text_shown_length_counts_no_character_that_moves_others),
        cmocka_unit_test(test_text_drop_cut_character_leaves_whole_ones),
        cmocka_unit_test(test_text_compare_orders_prefixes_first),
    };
    return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}

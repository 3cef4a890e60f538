/* ctl/paragraph: breaking lines between words. */
#include "printed.h"

#include "ctl/paragraph.h"

static void write_two_styles(const struct print *print, size_t width)
{
    struct paragraph paragraph;
    paragraph_begin(&paragraph, print, width, 4, "a");
    paragraph_add(&paragraph, PRINT_BOLD, "one two");
    paragraph_add(&paragraph, PRINT_PLAIN, " three  four");
    paragraph_end(&paragraph);
}

static void test_paragraph_breaks_where_the_line_ends(void **state)
{
    (void)state;
    struct print print = begin(false);
    write_two_styles(&print, 11);
    assert_printed(&print, "a   one two\n"
                           "    three\n"
                           "    four\n");
}

static void test_paragraph_is_one_line_without_a_width(void **state)
{
    (void)state;
    struct print print = begin(false);
    write_two_styles(&print, 0);
    assert_printed(&print, "a   one two three  four\n");
}

static void test_paragraph_styles_runs_of_words(void **state)
{
    (void)state;
    struct print print = begin(true);
    write_two_styles(&print, 9);
    assert_printed(&print, "\033[2ma\033[0m   \033[1mone\033[0m\n"
                           "    \033[1mtwo\033[0m\n"
                           "    three\n"
                           "    four\n");
}

static void test_paragraph_breaks_between_styles(void **state)
{
    (void)state;
    struct paragraph paragraph;
    struct print print = begin(false);
    paragraph_begin(&paragraph, &print, 12, 2, "");
    paragraph_add(&paragraph, PRINT_DIM, "because ");
    paragraph_add(&paragraph, PRINT_PLAIN, "it fits ");
    paragraph_end(&paragraph);
    assert_printed(&print, "  because it\n  fits\n");
}

static void test_paragraph_leaves_long_words_whole(void **state)
{
    (void)state;
    struct paragraph paragraph;
    struct print print = begin(false);
    paragraph_begin(&paragraph, &print, 8, 2, "");
    paragraph_add(&paragraph, PRINT_PLAIN, "caña-and-more x");
    paragraph_end(&paragraph);
    assert_printed(&print, "  caña-and-more\n  x\n");
}

static void test_paragraph_takes_labels_beyond_the_indent(void **state)
{
    (void)state;
    struct paragraph paragraph;
    struct print print = begin(false);
    paragraph_begin(&paragraph, &print, 20, 4, "visitor");
    paragraph_add(&paragraph, PRINT_PLAIN, "buys coffee");
    paragraph_end(&paragraph);
    assert_printed(&print, "visitor buys coffee\n");
}

static void test_paragraph_keeps_more_text_than_one_run_holds(void **state)
{
    (void)state;
    static char word[3001];
    struct paragraph paragraph;
    struct print print = begin(false);
    memset(word, 'x', sizeof word - 1);
    paragraph_begin(&paragraph, &print, 0, 0, "");
    paragraph_add(&paragraph, PRINT_PLAIN, word);
    paragraph_end(&paragraph);
    fclose(print.file);
    size_t letters = 0;
    for (const char *p = text; *p != '\0'; p++)
        letters += *p == 'x';
    free(text);
    assert_int_equal(letters, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paragraph_breaks_where_the_line_ends),
        cmocka_unit_test(test_paragraph_is_one_line_without_a_width),
        cmocka_unit_test(test_paragraph_styles_runs_of_words),
        cmocka_unit_test(test_paragraph_breaks_between_styles),
        cmocka_unit_test(test_paragraph_leaves_long_words_whole),
        cmocka_unit_test(test_paragraph_takes_labels_beyond_the_indent),
        cmocka_unit_test(test_paragraph_keeps_more_text_than_one_run_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

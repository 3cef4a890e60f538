/* ctl/print: words, tables and outlines. */
#include "printed.h"

static void test_print_table_lines_up(void **state)
{
    (void)state;
    static const char *const heading[] = {"offer", "score", "why"}, *const row[] = {"año", "0.5", "because"};
    struct print_table table;
    struct print print = begin(false);
    print_table_create(&table, 3);
    table.right_aligned[1] = true;
    assert_true(print_table_add(&table, PRINT_PLAIN, heading));
    for (int i = 0; i < 3; i++)
        assert_true(print_table_add(&table, PRINT_GOOD, row));
    print_table_write(&table, &print, 2);
    print_table_destroy(&table);
    assert_printed(&print, "  offer  score  why\n"
                           "  año      0.5  because\n"
                           "  año      0.5  because\n"
                           "  año      0.5  because\n");
}

static void test_print_styles_only_in_colour(void **state)
{
    (void)state;
    struct print print = begin(true);
    print_styled(&print, PRINT_BOLD, "x");
    print_styled(&print, PRINT_PLAIN, "y");
    assert_printed(&print, "\033[1mx\033[0my");
    print = begin(false);
    print_styled(&print, PRINT_BOLD, "x");
    assert_printed(&print, "x");
}

static void test_print_to_a_file_has_no_colour(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_false(print_to(file).colour);
    fclose(file);
}

static void test_print_words_are_safe_and_short(void **state)
{
    (void)state;
    char out[32];
    senda_request *request = senda_request_new_list();
    senda_request_string(request, NULL, "a\033[2Jb");
    senda_request_number(request, NULL, 0.82314159);
    senda_request_boolean(request, NULL, true);
    senda_request_nil(request, NULL);
    senda_request_open_map(request, NULL);
    senda_request_integer(request, "k", 1);
    senda_request_close(request);
    senda_request_open_list(request, NULL);
    senda_request_close(request);
    const senda_value *list = decode(request);
    assert_string_equal(print_words(senda_value_at(list, 0), out, sizeof out), "a\\x1B[2Jb");
    assert_string_equal(print_words(senda_value_at(list, 1), out, sizeof out), "0.8231");
    assert_string_equal(print_words(senda_value_at(list, 2), out, sizeof out), "yes");
    assert_string_equal(print_words(senda_value_at(list, 3), out, sizeof out), "-");
    assert_string_equal(print_words(senda_value_at(list, 4), out, sizeof out), "{\"k\":1}");
    assert_string_equal(print_words(senda_value_at(list, 5), out, sizeof out), "-");
    assert_true(strlen(print_words(list, out, sizeof out)) < sizeof out);
    assert_memory_equal(out, "a\\x1B[2Jb; 0.8231; yes; -; ", 26);
    forget(request);
}

static void test_print_outline_nests(void **state)
{
    (void)state;
    struct print print = begin(false);
    senda_request *request = senda_request_new();
    senda_request_integer(request, "requests", 12);
    senda_request_open_list(request, "workers");
    senda_request_open_map(request, NULL);
    senda_request_integer(request, "id", 1);
    senda_request_close(request);
    senda_request_integer(request, NULL, 5);
    senda_request_close(request);
    senda_request_integer(request, "up", 7);
    print_outline(&print, decode(request), 0);
    assert_printed(&print, "requests  12\nworkers\n  1\n    id  1\n  2   5\nup        7\n");
    forget(request);
}

static void test_print_table_breaks_its_last_cell(void **state)
{
    (void)state;
    struct print print = begin(false);
    struct print_table table;
    const char *heading[] = {"offer", "because"};
    const char *row[] = {"trial", "one two three four five six seven"};
    const char *whole[] = {"guide", "a-word-that-nothing-can-break"};
    print_table_create(&table, 2);
    table.width = 28;
    assert_true(print_table_add(&table, PRINT_DIM, heading));
    assert_true(print_table_add(&table, PRINT_PLAIN, row));
    assert_true(print_table_add(&table, PRINT_PLAIN, whole));
    print_table_write(&table, &print, 0);
    print_table_destroy(&table);
    assert_printed(&print, "offer  because\n"
                           "trial  one two three four\n"
                           "       five six seven\n"
                           "guide  a-word-that-nothing-can-break\n");
}

/* A terminal too narrow for that gets whole lines. */
static void test_print_table_does_not_break_narrow_cells(void **state)
{
    (void)state;
    struct print print = begin(false);
    struct print_table table;
    const char *row[] = {"trial", "one two three four five six seven"};
    print_table_create(&table, 2);
    table.width = 26;
    assert_true(print_table_add(&table, PRINT_PLAIN, row));
    print_table_write(&table, &print, 0);
    print_table_destroy(&table);
    assert_printed(&print, "trial  one two three four five six seven\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print_table_lines_up),
        cmocka_unit_test(test_print_table_breaks_its_last_cell),
        cmocka_unit_test(test_print_table_does_not_break_narrow_cells),
        cmocka_unit_test(test_print_styles_only_in_colour),
        cmocka_unit_test(test_print_to_a_file_has_no_colour),
        cmocka_unit_test(test_print_words_are_safe_and_short),
        cmocka_unit_test(test_print_outline_nests),
    };
    return cmocka_run_group_tests_name("ctl/print", tests, NULL, NULL);
}

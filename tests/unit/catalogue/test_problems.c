/* problems: collected with their texts, printed with the source line and a caret under the right character.
 */
#include "../cmocka_all.h"

#include <stdio.h>

#include "catalogue/problems.h"

static int setup(void **state)
{
    static struct problems problems;
    problems_create(&problems);
    *state = &problems;
    return 0;
}

static int teardown(void **state)
{
    problems_destroy(*state);
    return 0;
}

static void assert_printed(const struct problems *problems, const char *expected)
{
    struct buffer out;
    buffer_create(&out);
    problems_print(problems, &out);
    buffer_append(&out, "", 1);
    assert_string_equal(out.bytes, expected);
    assert_true(text_is_utf8((struct text){out.bytes, out.length}));
    buffer_destroy(&out);
}

static void test_problems_print_everything(void **state)
{
    struct problems *problems = *state;
    problems_add(problems, &(struct problem){.file = TEXT("offers/spring.lua"),
                                             .line = 12,
                                             .column = 3,
                                             .source = TEXT("  tittle = \"Guía\","),
                                             .message = TEXT("unknown field 'tittle'; did you mean 'title'?"),
                                             .expected = TEXT("a field of an offer"),
                                             .nearest = TEXT("title"),
                                             .hint = TEXT("fields are listed in the guide")});
    assert_printed(problems, "offers/spring.lua:12:3: error: unknown field 'tittle'; did you mean 'title'?\n"
                             "    12 |   tittle = \"Guía\",\n"
                             "       |   ^\n"
                             "       expected: a field of an offer\n"
                             "       hint: fields are listed in the guide\n");
}

static void test_problems_print_errors_first_keeps_the_order_otherwise(void **state)
{
    struct problems *problems = *state;
    struct buffer out;
    const char *const order[] = {"w1", "e1", "w2", "e2"};
    buffer_create(&out);
    for (size_t i = 0; i < 4; i++)
        problems_add(problems,
                     &(struct problem){.warning = order[i][0] == 'w', .message = text_from(order[i])});
    problems_print_errors_first(problems, &out);
    problems->failed = true;
    problems_print_errors_first(problems, &out);
    buffer_append(&out, "", 1);
    assert_string_equal(out.bytes, "error: e1\nerror: e2\nwarning: w1\nwarning: w2\n"
                                   "error: e1\nerror: e2\n"
                                   "error: out of memory, so that not all that is wrong can be told\n"
                                   "warning: w1\nwarning: w2\n");
    buffer_destroy(&out);
}

static void test_problems_print_what_is_known(void **state)
{
    struct problems *problems = *state;
    problems_add(problems, &(struct problem){.message = TEXT("no journey"), .warning = true});
    problems_add(problems, &(struct problem){.file = TEXT("a.lua"), .message = TEXT("empty")});
    problems_add(problems,
                 &(struct problem){
                     .file = TEXT("a.lua"), .line = 4, .source = TEXT("x"), .message = TEXT("no column")});
    problems_add(problems, &(struct problem){
                               .file = TEXT("a.lua"), .column = 4, .message = TEXT("column without line")});
    assert_printed(problems, "warning: no journey\n"
                             "a.lua: error: empty\n"
                             "a.lua:4: error: no column\n"
                             "     4 | x\n"
                             "a.lua: error: column without line\n");
    assert_int_equal(problems->count, 4);
    assert_int_equal(problems->errors, 3);
    assert_false(problems->failed);
}

/* Adds a line with a problem at the byte column, and compares what stands below the place. */
static void assert_caret(struct text source, uint32_t column, const char *expected)
{
    struct problems problems;
    problems_create(&problems);
    problems_add(&problems,
                 &(struct problem){
                     .file = TEXT("f"), .line = 1, .column = column, .source = source, .message = TEXT("m")});
    char all[512];
    snprintf(all, sizeof all, "f:1:%u: error: m\n%s", column, expected);
    assert_printed(&problems, all);
    problems_destroy(&problems);
}

static void test_problems_print_puts_the_caret_right(void **state)
{
    (void)state;
    assert_caret(TEXT("abc"), 1, "     1 | abc\n       | ^\n");
    assert_caret(TEXT("abc"), 3, "     1 | abc\n       |   ^\n");
    assert_caret(TEXT("abc"), 4, "     1 | abc\n       |    ^\n"); /* right behind the line */
    assert_caret(TEXT("abc"), 5, "     1 | abc\n");
    assert_caret(TEXT(""), 1, "     1 | \n       | ^\n");
    assert_caret(TEXT("\t\tx = 1"), 3, "     1 | \t\tx = 1\n       | \t\t^\n");
    assert_caret(TEXT("a\tb"), 3, "     1 | a\tb\n       |  \t^\n");
    assert_caret(TEXT("ñandú = 1"), 9, "     1 | ñandú = 1\n       |       ^\n");
    assert_caret(TEXT("€\t🚲 x"), 10, "     1 | €\t🚲 x\n       |  \t  ^\n");
    assert_caret(TEXT("€x"), 2, "     1 | €x\n       | ^\n"); /* within a character: below it */
}

static void test_problems_print_nothing_but_text(void **state)
{
    (void)state;
    assert_caret(TEXT("ni\xF1o x"), 6, "     1 | ni\xEF\xBF\xBDo x\n       |      ^\n"); /* Latin-1 */
    assert_caret(TEXT("a\x1B[31mb"), 7, "     1 | a\xEF\xBF\xBD[31mb\n       |       ^\n");
    assert_caret(TEXT("a\0b"), 3,
                 "     1 | a\xEF\xBF\xBD"
                 "b\n       |   ^\n");
    assert_caret(TEXT("\xE2\x82"), 2, "     1 | \xEF\xBF\xBD\xEF\xBF\xBD\n       | ^\n");
}

/* Long lines are cut, between characters; the rest of a long problem is not. */
static void test_problems_print_cuts_long_lines(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        struct problems problems;
        struct buffer out;
        char source[400];
        memset(source, 'x', sizeof source);
        for (size_t i = shift; i + 3 <= sizeof source; i += 3)
            memcpy(source + i, "\xE2\x82\xAC", 3);
        problems_create(&problems);
        problems_add(&problems, &(struct problem){.line = 1,
                                                  .column = 300,
                                                  .source = {source, sizeof source},
                                                  .message = {source, sizeof source},
                                                  .expected = TEXT("something else"),
                                                  .hint = TEXT("the end")});
        buffer_create(&out);
        problems_print(&problems, &out);
        assert_true(text_is_utf8((struct text){out.bytes, out.length}));
        assert_true(out.length < sizeof source + 160 + 200);
        assert_memory_equal(out.bytes + out.length - 22, "\n       hint: the end\n", 22);
        assert_non_null(memmem(out.bytes, out.length, "^", 1));
        buffer_destroy(&out);
        problems_destroy(&problems);
    }
}

/* Of a long line those around the column are shown. */
static void test_problems_print_moves_along_long_lines(void **state)
{
    struct problems *problems = *state;
    char source[1000], expected[400];
    memset(source, '-', sizeof source);
    source[499] = 'x';
    problems_add(
        problems,
        &(struct problem){.line = 1, .column = 500, .source = {source, sizeof source}, .message = TEXT("m")});
    snprintf(expected, sizeof expected, "error: m\n     1 | %.80sx%.79s\n       | %80s^\n", source, source,
             "");
    struct buffer out;
    buffer_create(&out);
    problems_print(problems, &out);
    buffer_append(&out, "", 1);
    assert_non_null(strstr(out.bytes, strchr(expected, '\n')));
    buffer_destroy(&out);
}

static void test_problems_print_says_once_what_was_expected(void **state)
{
    struct problems *problems = *state;
    problems_add(problems, &(struct problem){.message = TEXT("value: expected a number, got \"x\""),
                                             .expected = TEXT("a number")});
    assert_printed(problems, "error: value: expected a number, got \"x\"\n");
}

/* However long a text is, its line ends. */
static void test_problems_print_whole_texts(void **state)
{
    struct problems *problems = *state;
    struct buffer out;
    char words[3000];
    memset(words, 'w', sizeof words);
    problems_add(problems, &(struct problem){.message = TEXT("m"), .expected = {words, sizeof words}});
    buffer_create(&out);
    problems_print(problems, &out);
    assert_int_equal(out.length, strlen("error: m\n       expected: \n") + sizeof words);
    assert_int_equal(out.bytes[out.length - 1], '\n');
    buffer_destroy(&out);
}

static void test_problems_add_copies(void **state)
{
    struct problems *problems = *state;
    char message[] = "first";
    for (int i = 0; i < 100; i++) {
        message[0] = (char)('A' + i % 26);
        problems_add(problems, &(struct problem){.message = text_from(message), .line = (uint32_t)i});
    }
    memset(message, '!', sizeof message);
    assert_int_equal(problems->count, 100);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(problems->list[i].line, i);
        assert_int_equal(problems->list[i].message.bytes[0], 'A' + i % 26);
        assert_null(problems->list[i].hint.bytes);
    }
}

#define PROBLEMS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROBLEMS_TEST(test_problems_print_everything),
        PROBLEMS_TEST(test_problems_print_errors_first_keeps_the_order_otherwise),
        PROBLEMS_TEST(test_problems_print_what_is_known),
        cmocka_unit_test(test_problems_print_puts_the_caret_right),
        cmocka_unit_test(test_problems_print_nothing_but_text),
        cmocka_unit_test(test_problems_print_cuts_long_lines),
        PROBLEMS_TEST(test_problems_print_moves_along_long_lines),
        PROBLEMS_TEST(test_problems_print_says_once_what_was_expected),
        PROBLEMS_TEST(test_problems_print_whole_texts),
        PROBLEMS_TEST(test_problems_add_copies),
    };
    return cmocka_run_group_tests_name("catalogue/problems", tests, NULL, NULL);
}

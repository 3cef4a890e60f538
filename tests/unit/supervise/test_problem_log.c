/* problem_log: what problems_print gave becomes one line of the log for each problem. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "catalogue/problems.h"
#include "supervise/problem_log.h"

/* What the log says of a text; lives until the next call. */
static const char *logged(struct text printed)
{
    static char lines[64 * 1024];
    int before = dup(STDERR_FILENO);
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
    problem_log_write(printed);
    assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
    close(before);
    rewind(file);
    size_t length = fread(lines, 1, sizeof lines - 1, file);
    lines[length] = '\0';
    fclose(file);
    return lines;
}

static const char *logged_list(struct problems *problems)
{
    struct buffer out;
    buffer_create(&out);
    problems_print(problems, &out);
    const char *lines = logged((struct text){out.bytes, out.length});
    buffer_destroy(&out);
    problems_destroy(problems);
    return lines;
}

static void test_problem_log_tells_every_part(void **state)
{
    (void)state;
    struct problems problems;
    problems_create(&problems);
    problems_add(&problems, &(struct problem){.file = TEXT("offers/spring.lua"),
                                              .line = 12,
                                              .column = 3,
                                              .source = TEXT("  tittle = \"Guía\","),
                                              .message = TEXT("unknown field 'tittle'"),
                                              .expected = TEXT("a field: of an offer"),
                                              .hint = TEXT("see | the guide")});
    problems_add(&problems, &(struct problem){.message = TEXT("no journey"), .warning = true});
    problems_add(&problems, &(struct problem){.file = TEXT("a.lua"), .message = TEXT("bad: error: x")});
    problems_add(
        &problems,
        &(struct problem){.file = TEXT("a.lua"), .line = 4, .source = TEXT("7 | x"), .message = TEXT("m")});
    assert_string_equal(
        logged_list(&problems),
        "<3>level=error msg=\"problem of the site\" file=offers/spring.lua line=12 column=3 "
        "problem=\"unknown field 'tittle'\" expected=\"a field: of an offer\" hint=\"see | the guide\" "
        "source=\"  tittle = \\\"Guía\\\",\"\n"
        "<4>level=warning msg=\"problem of the site\" problem=\"no journey\"\n"
        "<3>level=error msg=\"problem of the site\" file=a.lua problem=\"bad: error: x\"\n"
        "<3>level=error msg=\"problem of the site\" file=a.lua line=4 problem=m source=\"7 | x\"\n");
}

static void test_problem_log_takes_any_line(void **state)
{
    (void)state;
    assert_string_equal(logged(TEXT("")), "");
    assert_string_equal(logged(TEXT("can't read \x1B[31m")),
                        "<3>level=error msg=\"problem of the site\" problem=\"can't read \\\\x1B[31m\"\n");
    assert_string_equal(logged(TEXT("error: ")), "<3>level=error msg=\"problem of the site\"\n");
    assert_string_equal(logged(TEXT("\n :\n")), "<3>level=error msg=\"problem of the site\"\n");
}

/* However long the texts are: a line ends where a line of the log may end, and all parts are told. */
static void test_problem_log_cuts_what_is_long(void **state)
{
    (void)state;
    struct problems problems;
    static char words[3000];
    memset(words, 'x', sizeof words);
    struct text text = {words, sizeof words};
    problems_create(&problems);
    problems_add(
        &problems,
        &(struct problem){.file = text, .line = 1, .message = text, .expected = TEXT("y"), .source = text});
    const char *lines = logged_list(&problems);
    assert_non_null(strstr(lines, " line=1 problem=xxx"));
    assert_non_null(strstr(lines, " expected=y source=xxx"));
    assert_ptr_equal(strchr(lines, '\n') + 1, lines + strlen(lines));
    assert_true(strlen(lines) < 4096);
}

static void test_problem_log_counts_the_rest(void **state)
{
    (void)state;
    struct problems problems;
    problems_create(&problems);
    for (int i = 0; i < PROBLEM_LOG_MOST + 7; i++)
        problems_add(&problems, &(struct problem){.message = TEXT("m")});
    const char *lines = logged_list(&problems);
    size_t count = 0;
    for (const char *line = lines; (line = strchr(line, '\n')) != NULL; line++)
        count++;
    assert_int_equal(count, PROBLEM_LOG_MOST + 1);
    assert_non_null(strstr(lines, "<4>level=warning msg=\"more problems of the site\" count=7\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_problem_log_tells_every_part),
        cmocka_unit_test(test_problem_log_takes_any_line),
        cmocka_unit_test(test_problem_log_cuts_what_is_long),
        cmocka_unit_test(test_problem_log_counts_the_rest),
    };
    return cmocka_run_group_tests_name("supervise/problem_log", tests, NULL, NULL);
}

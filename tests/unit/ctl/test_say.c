/* say: one line on standard error, whatever is in it, and with JSON one object on standard output. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <unistd.h>

#include "ctl/say.h"

/* A descriptor led into a file while something is said. */
struct capture {
    int descriptor, before;
    FILE *file;
    char text[256];
};

static void capture_begin(struct capture *capture, int descriptor)
{
    fflush(stdout);
    *capture = (struct capture){.descriptor = descriptor, .before = dup(descriptor), .file = tmpfile()};
    assert_non_null(capture->file);
    assert_int_equal(dup2(fileno(capture->file), descriptor), descriptor);
}

static const char *capture_end(struct capture *capture)
{
    fflush(stdout);
    assert_int_equal(dup2(capture->before, capture->descriptor), capture->descriptor);
    close(capture->before);
    rewind(capture->file);
    capture->text[fread(capture->text, 1, sizeof capture->text - 1, capture->file)] = '\0';
    fclose(capture->file);
    return capture->text;
}

static void test_say_problem_is_one_plain_line(void **state)
{
    (void)state;
    struct capture errors;
    capture_begin(&errors, STDERR_FILENO);
    say_problem("'%s' is %d", "\033[31mred\nx\xC2\x9B", 7);
    assert_string_equal(capture_end(&errors), "sendactl: '\\x1B[31mred\\x0Ax\\xC2\\x9B' is 7\n");
}

static void assert_failure(bool json, const char *expected)
{
    struct capture errors, output;
    capture_begin(&errors, STDERR_FILENO);
    capture_begin(&output, STDOUT_FILENO);
    say_failure(json, "INVALID", "no \"%s\"", "x\n");
    assert_string_equal(capture_end(&output), expected);
    assert_string_equal(capture_end(&errors), "sendactl: no \"x\\x0A\"\n");
}

static void test_say_failure_is_an_object_where_json_is_wanted(void **state)
{
    (void)state;
    assert_failure(false, "");
    assert_failure(true, "{\"error\": {\"code\": \"INVALID\", \"message\": \"no \\\"x\\n\\\"\"}}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_say_problem_is_one_plain_line),
        cmocka_unit_test(test_say_failure_is_an_object_where_json_is_wanted),
    };
    return cmocka_run_group_tests_name("ctl/say", tests, NULL, NULL);
}

/* log: logfmt lines as they leave the process, one write each. */
#include "capture.h"

#include <poll.h>
#include <string.h>

#include "base/log.h"
#include "base/log_output.h"

#define assert_logged(statement, expected)                                                                   \
    do {                                                                                                     \
        struct capture capture_;                                                                             \
        capture_begin(&capture_);                                                                            \
        statement;                                                                                           \
        assert_string_equal(capture_end(&capture_), (expected));                                             \
    } while (0)

static void test_log_write_says_level_process_and_fields(void **state)
{
    (void)state;
    log_configure("worker-1", LOG_LEVEL_INFO);
    assert_logged(log_info("ready"), "<6>level=info process=worker-1 msg=ready\n");
    assert_logged(log_error("no site", LOG_TEXT("file", "a.lua"), LOG_NUMBER("line", -12)),
                  "<3>level=error process=worker-1 msg=\"no site\" file=a.lua line=-12\n");
    log_configure("", LOG_LEVEL_INFO);
    assert_logged(log_warning("w"), "<4>level=warning msg=w\n");
    assert_logged(log_notice("n", LOG_TEXT("path", NULL)), "<5>level=notice msg=n path=-\n");
    assert_logged(log_notice("n", LOG_NUMBER("most", INT64_MIN)),
                  "<5>level=notice msg=n most=-9223372036854775808\n");
}

static void test_log_write_leaves_out_what_is_less_urgent(void **state)
{
    (void)state;
    log_configure("", LOG_LEVEL_WARNING);
    assert_logged(log_info("no"), "");
    assert_logged(log_notice("no"), "");
    assert_logged(log_warning("yes"), "<4>level=warning msg=yes\n");
    assert_false(log_enabled(LOG_LEVEL_DEBUG));
    assert_true(log_enabled(LOG_LEVEL_ERROR));
    log_configure("", LOG_LEVEL_DEBUG);
    assert_logged(log_debug("yes"), "<7>level=debug msg=yes\n");
}

/* No value can end its line or look like another field. */
static void test_log_write_quotes_values(void **state)
{
    (void)state;
    log_configure("", LOG_LEVEL_INFO);
    assert_logged(log_info("m", LOG_TEXT("v", "")), "<6>level=info msg=m v=\"\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "a b")), "<6>level=info msg=m v=\"a b\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "a=b")), "<6>level=info msg=m v=\"a=b\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "say \"hi\"")), "<6>level=info msg=m v=\"say \\\"hi\\\"\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "back\\slash")), "<6>level=info msg=m v=\"back\\\\slash\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "x\n<0>level=error")),
                  "<6>level=info msg=m v=\"x\\n<0>level=error\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "\xC2\x9B"
                                              "31m")),
                  "<6>level=info msg=m v=\"\\xC2\\x9B31m\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "\x1B[31m\x7F")), "<6>level=info msg=m v=\"\\x1B[31m\\x7F\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "a\tb\r")), "<6>level=info msg=m v=\"a\\x09b\\x0D\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "año")), "<6>level=info msg=m v=año\n");
    assert_logged(log_info("m", LOG_TEXT("v", "a\u202Eb")), "<6>level=info msg=m v=\"a\\xE2\\x80\\xAEb\"\n");
    assert_logged(log_info("m", LOG_TEXT("v", "a\xFF")), "<6>level=info msg=m v=\"a\\xFF\"\n");
    assert_logged(log_info("two\nlines"), "<6>level=info msg=\"two\\nlines\"\n");
}

static void test_log_write_cuts_long_lines(void **state)
{
    (void)state;
    struct capture capture;
    char value[6000];
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    log_configure("", LOG_LEVEL_INFO);
    capture_begin(&capture);
    log_info("m", LOG_TEXT("v", value), LOG_TEXT("w", value));
    const char *line = capture_end(&capture);
    assert_int_equal(strlen(line), 4096);
    assert_ptr_equal(strchr(line, '\n'), line + 4095);
}

/* Nothing more fits. */
static void fill(void)
{
    static const char block[4096];
    while (log_output_give((struct text){block, sizeof block}, 0) == sizeof block)
        continue;
}

static void test_log_write_counts_what_nobody_reads(void **state)
{
    (void)state;
    struct capture capture;
    log_configure("", LOG_LEVEL_INFO);
    capture_begin(&capture);
    log_output_open();
    fill();
    for (int i = 0; i < 1000; i++)
        log_info("nobody reads this");
    for (struct pollfd pipe = {capture.ends[0], POLLIN, 0}; poll(&pipe, 1, 0) == 1;)
        assert_true(read(capture.ends[0], capture.text, sizeof capture.text) > 0);
    log_info("this");
    log_info("and this");
    assert_string_equal(
        capture_end(&capture),
        "<4>level=warning msg=\"lines of the log were dropped: nobody read them\" count=1000\n"
        "<6>level=info msg=this\n"
        "<6>level=info msg=\"and this\"\n");
}

static void test_log_level_parse_knows_the_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum log_level level;
    } levels[] = {{"error", LOG_LEVEL_ERROR},
                  {"warning", LOG_LEVEL_WARNING},
                  {"notice", LOG_LEVEL_NOTICE},
                  {"info", LOG_LEVEL_INFO},
                  {"debug", LOG_LEVEL_DEBUG}};
    enum log_level level;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        assert_true(log_level_parse(levels[i].name, &level));
        assert_int_equal(level, levels[i].level);
    }
    assert_false(log_level_parse("verbose", &level));
    assert_false(log_level_parse("", &level));
    assert_false(log_level_parse("INFO", &level));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_write_says_level_process_and_fields),
        cmocka_unit_test(test_log_write_leaves_out_what_is_less_urgent),
        cmocka_unit_test(test_log_write_quotes_values),
        cmocka_unit_test(test_log_write_cuts_long_lines),
        cmocka_unit_test(test_log_write_counts_what_nobody_reads),
        cmocka_unit_test(test_log_level_parse_knows_the_names),
    };
    return cmocka_run_group_tests_name("base/log", tests, NULL, NULL);
}

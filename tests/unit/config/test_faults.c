/* config/faults: lines, each once, in bounds. */
#include "../cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "config/faults.h"

static void add(struct faults *faults, const char *message)
{
    struct error error;
    error_set(&error, ERROR_INVALID, "%s", message);
    assert_false(faults_add(faults, &error));
}

static void test_faults_are_lines(void **state)
{
    struct faults faults;
    char *text;
    size_t length;
    (void)state;
    faults_create(&faults);
    assert_string_equal(faults_text(&faults), "");
    add(&faults, "one and more");
    add(&faults, "two\nlines");
    add(&faults, "one");
    add(&faults, "two\nlines");
    add(&faults, "and more");
    assert_int_equal(faults.count, 4);
    assert_string_equal(faults_text(&faults), "one and more\ntwo lines\none\nand more\n");
    FILE *out = open_memstream(&text, &length);
    faults_print(&faults, "> ", out);
    fclose(out);
    assert_string_equal(text, "> one and more\n> two lines\n> one\n> and more\n");
    free(text);
    faults_destroy(&faults);
}

static void test_faults_are_in_bounds(void **state)
{
    struct faults faults;
    char message[32];
    (void)state;
    faults_create(&faults);
    for (int i = 0; i < 5000; i++) {
        snprintf(message, sizeof message, "problem %d", i);
        add(&faults, message);
    }
    assert_in_range(faults.count, 100, 1000);
    assert_null(strstr(faults_text(&faults), "problem 4999"));
    faults_destroy(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_are_lines),
        cmocka_unit_test(test_faults_are_in_bounds),
    };
    return cmocka_run_group_tests_name("config/faults", tests, NULL, NULL);
}

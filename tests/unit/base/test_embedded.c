/* embedded: the table is sorted, whole, and found in by name. */
#include "../cmocka_all.h"

#include <string.h>

#include "base/embedded.h"

static void test_embedded_files_are_sorted_and_ended(void **state)
{
    (void)state;
    assert_non_null(embedded_files[0].name);
    for (const struct embedded_file *file = embedded_files; file->name != NULL; file++) {
        assert_int_equal(strlen(file->text), file->length);
        assert_true(file->length > 0);
        if (file != embedded_files)
            assert_true(strcmp(file[-1].name, file->name) < 0);
    }
}

static void test_embedded_find_by_the_whole_name(void **state)
{
    (void)state;
    for (const struct embedded_file *file = embedded_files; file->name != NULL; file++)
        assert_ptr_equal(embedded_find(file->name), file);
    assert_non_null(embedded_find("lib/site.lua"));
    assert_non_null(embedded_find("journeys/seven-stages.lua"));
    assert_null(embedded_find("lib/site"));
    assert_null(embedded_find("site.lua"));
    assert_null(embedded_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_embedded_files_are_sorted_and_ended),
        cmocka_unit_test(test_embedded_find_by_the_whole_name),
    };
    return cmocka_run_group_tests_name("base/embedded", tests, NULL, NULL);
}

/* failure: what is told of errors that scripts raise. */
#include "fixture.h"

#include "script/failure.h"

/* Copies a text as if a script had raised it. */
static const char *copied(struct fixture *fixture, const char *raised)
{
    lua_pushstring(fixture->L, raised);
    failure_copy(fixture->L, &fixture->error);
    lua_pop(fixture->L, 1);
    return fixture->error.message;
}

static void test_failure_names_the_innermost_place(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    assert_string_equal(copied(&fixture, "strategies/a.lua:4: no price"), "strategies/a.lua:4: no price");
    assert_string_equal(copied(&fixture, "senda/driver:23: strategies/a.lua:4: ran on"),
                        "strategies/a.lua:4: ran on");
    assert_string_equal(copied(&fixture, "a.lua:4: a.lua:4: a.lua:5: too much"), "a.lua:5: too much");
    assert_string_equal(copied(&fixture, "no place"), "no place");
    assert_string_equal(copied(&fixture, "a.lua:4: at 12:30: late"), "a.lua:4: at 12:30: late");
    assert_string_equal(copied(&fixture, ": "), ": ");
    assert_string_equal(copied(&fixture, "7: "), "7: ");
    assert_string_equal(copied(&fixture, ""), "");
    fixture_destroy(&fixture);
}

static void test_failure_copies_what_is_no_text(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_create(&fixture);
    lua_pushinteger(fixture.L, 7);
    failure_copy(fixture.L, &fixture.error);
    assert_string_equal(fixture.error.message, "raised the number 7 as an error");
    lua_newtable(fixture.L);
    failure_copy(fixture.L, &fixture.error);
    assert_string_equal(fixture.error.message, "raised an error without a message (a table instead)");
    failure_copy(fixture.L, NULL);
    fixture_destroy(&fixture);
}

static void assert_explained(const char *said, const char *hint)
{
    struct error error;
    error_set(&error, ERROR_INTERNAL, "%s", said);
    failure_explain(&error);
    assert_memory_equal(error.message, said, strlen(said));
    assert_string_equal(error.message + strlen(said), hint);
}

static void test_failure_explains_what_was_not_told(void **state)
{
    (void)state;
    static const char number[] = "; what was not told is nil: write, for instance, (c.context.visits or 0)";
    assert_explained("a:1: attempt to compare number with nil", number);
    assert_explained("a:1: attempt to compare nil with number", number);
    assert_explained("a:1: attempt to perform arithmetic on a nil value (field 'cart')", number);
    static const char never[] =
        "; what never happened is false: write, for instance, (c:did(\"purchase\") or 0)";
    assert_explained("a:1: attempt to compare number with boolean", never);
    assert_explained("a:1: attempt to compare boolean with number", never);
    assert_explained("a:1: attempt to perform arithmetic on a boolean value", never);
    assert_explained("a:1: attempt to call a nil value (field 'mx')", "; there is no function of that name");
    assert_explained("a:1: a customer has no 'contxt'; did you mean 'context'?", "");
}

/* A message that fills its room stays as it is. */
static void test_failure_explains_within_its_room(void **state)
{
    (void)state;
    struct error error;
    char said[2 * sizeof error.message];
    memset(said, 'x', sizeof said - 1);
    said[sizeof said - 1] = '\0';
    memcpy(said, "attempt to index a nil", 22);
    error_set(&error, ERROR_INTERNAL, "%s", said);
    size_t length = strlen(error.message);
    failure_explain(&error);
    assert_int_equal(strlen(error.message), length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failure_names_the_innermost_place),
        cmocka_unit_test(test_failure_copies_what_is_no_text),
        cmocka_unit_test(test_failure_explains_what_was_not_told),
        cmocka_unit_test(test_failure_explains_within_its_room),
    };
    return cmocka_run_group_tests_name("script/failure", tests, NULL, NULL);
}

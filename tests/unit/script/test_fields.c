/* fields: what is read of the library's tables, and what stands in for what is absent. */
#include <lauxlib.h>
#include <lualib.h>
#include <math.h>
#include <string.h>

#include "../cmocka_all.h"
#include "script/fields.h"

/* A table on the top of a stack, and a snapshot to read it into. */
struct reading {
    lua_State *L;              /* owned */
    struct snapshot *snapshot; /* owned; locales en and es */
    struct text locales[2];    /* behind snapshot->locales */
};

static void reading_begin(struct reading *reading, const char *table)
{
    char source[1024];
    reading->L = luaL_newstate();
    reading->snapshot = snapshot_new();
    assert_true(reading->L != NULL && reading->snapshot != NULL);
    luaL_openlibs(reading->L);
    reading->locales[0] = TEXT("en");
    reading->locales[1] = TEXT("es");
    reading->snapshot->locales = reading->locales;
    reading->snapshot->locale_count = 2;
    snprintf(source, sizeof source, "return %s", table);
    if (luaL_dostring(reading->L, source) != LUA_OK)
        fail_msg("%s", lua_tostring(reading->L, -1));
}

/* Whatever was read, the table is where it was. */
static void reading_end(struct reading *reading)
{
    assert_int_equal(lua_gettop(reading->L), 1);
    lua_close(reading->L);
    snapshot_free(reading->snapshot);
}

static void assert_text(struct text text, const char *expected)
{
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length + 1); /* with a NUL behind it */
}

static void test_fields_read_texts(void **state)
{
    (void)state;
    struct reading reading;
    reading_begin(&reading, "{ a = 'x', empty = '', zero = 'a\\0b', number = 5, list = {} }");
    assert_text(fields_text(reading.L, reading.snapshot, "a"), "x");
    assert_text(fields_text(reading.L, reading.snapshot, "empty"), "");
    struct text zero = fields_text(reading.L, reading.snapshot, "zero");
    assert_int_equal(zero.length, 3);
    assert_memory_equal(zero.bytes, "a\0b", 4);
    assert_null(fields_text(reading.L, reading.snapshot, "number").bytes);
    assert_null(fields_text(reading.L, reading.snapshot, "list").bytes);
    assert_null(fields_text(reading.L, reading.snapshot, "absent").bytes);
    reading_end(&reading);
}

static void test_fields_copy_texts(void **state)
{
    (void)state;
    struct reading reading;
    reading_begin(&reading, "{ a = ('long'):rep(100) }");
    struct text text = fields_text(reading.L, reading.snapshot, "a");
    lua_pushnil(reading.L);
    lua_setfield(reading.L, -2, "a");
    lua_gc(reading.L, LUA_GCCOLLECT);
    assert_int_equal(text.length, 400);
    assert_memory_equal(text.bytes, "longlong", 8);
    reading_end(&reading);
}

static void test_fields_read_numbers(void **state)
{
    (void)state;
    struct reading reading;
    reading_begin(&reading, "{ n = 2.5, i = 3, zero = 0, no = false, yes = 0 > -1, word = 'x' }");
    assert_float_equal(fields_number(reading.L, "n", 9), 2.5, 0);
    assert_float_equal(fields_number(reading.L, "i", 9), 3, 0);
    assert_float_equal(fields_number(reading.L, "zero", 9), 0, 0);
    assert_float_equal(fields_number(reading.L, "word", 9), 9, 0);
    assert_float_equal(fields_number(reading.L, "absent", 9), 9, 0);
    assert_true(isinf(fields_number(reading.L, "absent", -INFINITY)));
    reading_end(&reading);
}

static void test_fields_count_from_nought(void **state)
{
    (void)state;
    struct reading reading;
    reading_begin(&reading, "{ one = 1, seven = 7, zero = 0, some = { 3, 1 }, none = {}, word = 'x' }");
    assert_int_equal(fields_index(reading.L, "one"), 0);
    assert_int_equal(fields_index(reading.L, "seven"), 6);
    assert_int_equal(fields_index(reading.L, "zero"), SNAPSHOT_NONE);
    assert_int_equal(fields_index(reading.L, "absent"), SNAPSHOT_NONE);
    struct number_list some = fields_indexes(reading.L, reading.snapshot, "some");
    assert_true(some.restricts && some.count == 2 && some.numbers[0] == 2 && some.numbers[1] == 0);
    struct number_list none = fields_indexes(reading.L, reading.snapshot, "none");
    assert_true(none.restricts && none.count == 0);
    assert_false(fields_indexes(reading.L, reading.snapshot, "absent").restricts);
    assert_false(fields_indexes(reading.L, reading.snapshot, "word").restricts);
    reading_end(&reading);
}

static void test_fields_read_words_by_locale(void **state)
{
    (void)state;
    struct reading reading;
    reading_begin(&reading, "{ own = { en = 'A', es = 'Á' }, all = { ['*'] = 'X' }, some = { es = 'Á' },\n"
                            " both = { ['*'] = 'X', es = 'Á' }, other = { fr = 'A' } }");
    struct localized own = fields_localized(reading.L, reading.snapshot, "own");
    assert_text(own.by_locale[0], "A");
    assert_text(own.by_locale[1], "Á");
    struct localized all = fields_localized(reading.L, reading.snapshot, "all");
    assert_text(all.by_locale[0], "X");
    assert_text(all.by_locale[1], "X");
    struct localized both = fields_localized(reading.L, reading.snapshot, "both");
    assert_text(both.by_locale[0], "X");
    assert_text(both.by_locale[1], "Á");
    assert_null(fields_localized(reading.L, reading.snapshot, "some").by_locale[0].bytes);
    assert_null(fields_localized(reading.L, reading.snapshot, "other").by_locale[1].bytes);
    assert_null(fields_localized(reading.L, reading.snapshot, "absent").by_locale);
    reading_end(&reading);
}

/* Each element is on the top of the stack when its turn comes. */
static void read_double(lua_State *L, struct snapshot *snapshot, void *element)
{
    assert_non_null(snapshot);
    *(double *)element = 2 * fields_number(L, "n", 0);
}

static void test_fields_read_arrays(void **state)
{
    (void)state;
    struct reading reading;
    uint32_t count = 9;
    reading_begin(&reading,
                  "{ words = { 'x', 'yy' }, none = {}, things = { { n = 1 }, { n = 2.5 }, {} }, no = 5 }");
    const struct text *words = fields_texts(reading.L, reading.snapshot, "words", &count);
    assert_int_equal(count, 2);
    assert_text(words[0], "x");
    assert_text(words[1], "yy");
    const double *things =
        fields_array(reading.L, reading.snapshot, "things", sizeof(double), read_double, &count);
    assert_int_equal(count, 3);
    assert_true(things[0] == 2 && things[1] == 5 && things[2] == 0);
    assert_null(fields_texts(reading.L, reading.snapshot, "none", &count));
    assert_int_equal(count, 0);
    count = 9;
    assert_null(fields_texts(reading.L, reading.snapshot, "no", &count));
    assert_int_equal(count, 0);
    count = 9;
    assert_null(fields_texts(reading.L, reading.snapshot, "absent", &count));
    assert_int_equal(count, 0);
    reading_end(&reading);
}

/* stack: struct snapshot as light userdata */
static int l_allocate_too_much(lua_State *L)
{
    fields_allocate(L, lua_touserdata(L, 1), SIZE_MAX / 2, 4);
    return 0;
}

static void test_fields_raise_where_memory_ends(void **state)
{
    (void)state;
    struct reading reading;
    reading_begin(&reading, "{}");
    lua_pushcfunction(reading.L, l_allocate_too_much);
    lua_pushlightuserdata(reading.L, reading.snapshot);
    assert_int_equal(lua_pcall(reading.L, 1, 0, 0), LUA_ERRRUN);
    assert_string_equal(lua_tostring(reading.L, -1), "out of memory");
    lua_pop(reading.L, 1);
    reading_end(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_read_texts),
        cmocka_unit_test(test_fields_copy_texts),
        cmocka_unit_test(test_fields_read_numbers),
        cmocka_unit_test(test_fields_count_from_nought),
        cmocka_unit_test(test_fields_read_words_by_locale),
        cmocka_unit_test(test_fields_read_arrays),
        cmocka_unit_test(test_fields_raise_where_memory_ends),
    };
    return cmocka_run_group_tests_name("script/fields", tests, NULL, NULL);
}

/* base/text_set: texts are copied, found again, and stand there once. */
#include "../cmocka_all.h"

#include <stdio.h>

#include "base/text_set.h"

enum { MANY = 5000 };

static int setup(void **state)
{
    static struct text_set set;
    text_set_create(&set);
    *state = &set;
    return 0;
}

static int teardown(void **state)
{
    text_set_destroy(*state);
    return 0;
}

static void test_text_set_is_empty_at_first(void **state)
{
    const struct text_set *set = *state;
    assert_int_equal(set->count, 0);
    assert_false(text_set_has(set, TEXT("ada")));
    assert_false(text_set_has(set, TEXT("")));
}

static void test_text_set_keeps_copies(void **state)
{
    struct text_set *set = *state;
    char id[] = "ada";
    assert_true(text_set_add(set, text_from(id)));
    id[0] = 'i';
    assert_true(text_set_has(set, TEXT("ada")));
    assert_false(text_set_has(set, TEXT("ida")));
    assert_false(text_set_has(set, TEXT("ad")));
}

/* Bytes, NUL among them; the empty text is one, too. */
static void test_text_set_takes_any_bytes(void **state)
{
    struct text_set *set = *state;
    assert_true(text_set_add(set, TEXT("a\0b")));
    assert_true(text_set_add(set, TEXT("")));
    assert_true(text_set_has(set, TEXT("a\0b")));
    assert_true(text_set_has(set, TEXT("")));
    assert_false(text_set_has(set, TEXT("a\0c")));
    assert_int_equal(set->count, 2);
}

static void add_many(struct text_set *set)
{
    char id[24];
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(id, sizeof id, "customer-%u", i);
        assert_true(text_set_add(set, text_from(id)));
    }
}

static void test_text_set_grows_and_keeps_the_order(void **state)
{
    struct text_set *set = *state;
    char id[24];
    add_many(set);
    add_many(set);
    assert_int_equal(set->count, MANY);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(id, sizeof id, "customer-%u", i);
        assert_true(text_set_has(set, text_from(id)));
        assert_true(text_equal(set->texts[i], text_from(id)));
    }
    assert_false(text_set_has(set, TEXT("customer-5000")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_text_set_##name, setup, teardown)
        TEST(is_empty_at_first),
        TEST(keeps_copies),
        TEST(takes_any_bytes),
        TEST(grows_and_keeps_the_order),
#undef TEST
    };
    return cmocka_run_group_tests_name("base/text_set", tests, NULL, NULL);
}

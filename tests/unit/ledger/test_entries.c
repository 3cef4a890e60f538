/* entries: one for each key, read where unknown, and what was set here hides what was read. */
#include <stdio.h>

#include "../cmocka_all.h"
#include "ledger/entries.h"

struct fixture {
    struct arena arena;
    struct entries entries;
};

static int setup(void **state)
{
    static struct fixture fixture;
    arena_create(&fixture.arena, 4096);
    entries_create(&fixture.entries, &fixture.arena);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    entries_destroy(&fixture->entries);
    arena_destroy(&fixture->arena);
    return 0;
}

static void test_entries_keep_one_for_each_key(void **state)
{
    struct entries *entries = &((struct fixture *)*state)->entries;
    enum { MANY = 10000 };
    static struct entry *made[MANY];
    char key[16];
    for (int i = 0; i < MANY; i++)
        made[i] = entries_at(entries, (struct text){key, (size_t)snprintf(key, sizeof key, "k%d", i)});
    for (int i = 0; i < MANY; i++) {
        struct text name = {key, (size_t)snprintf(key, sizeof key, "k%d", i)};
        assert_ptr_equal(entries_at(entries, name), made[i]);
        assert_true(text_equal(made[i]->key, name));
        assert_ptr_equal(made[i]->next, i + 1 < MANY ? made[i + 1] : NULL);
    }
    assert_int_equal(entries->count, MANY);
    assert_ptr_equal(entries->first, made[0]);
}

static void test_entries_want_what_is_unknown_once(void **state)
{
    struct entries *entries = &((struct fixture *)*state)->entries;
    struct entry *entry = entries_want(entries, TEXT("a"));
    assert_ptr_equal(entries_want(entries, TEXT("a")), entry);
    assert_int_equal(entries->wanted_count, 1);
    assert_ptr_equal(entries->wanted[0], entry);
    entries_put_number(entries, entries_at(entries, TEXT("b")), 5);
    entries_want(entries, TEXT("b"));
    assert_int_equal(entries->wanted_count, 1);
}

static void test_entries_learn_copies_and_changes_nothing_known(void **state)
{
    struct entries *entries = &((struct fixture *)*state)->entries;
    char value[] = "old";
    struct entry *entry = entries_at(entries, TEXT("a"));
    assert_true(entries_learn(entries, entry, (struct text){value, 3}));
    value[0] = 'c';
    assert_true(text_equal(entry->value, TEXT("old")));
    assert_true(entry->known && !entry->changed);
    assert_true(entries_learn(entries, entry, TEXT("new")));
    assert_true(text_equal(entry->value, TEXT("old")));
    entries_delete(entry);
    assert_true(entry->known && entry->changed);
    assert_true(entries_learn(entries, entry, TEXT("new")));
    assert_null(entry->value.bytes);
    assert_true(entries_learn(entries, entries_at(entries, TEXT("b")), (struct text){NULL, 0}));
    assert_null(entries_at(entries, TEXT("b"))->value.bytes);
}

static void test_entries_put_numbers(void **state)
{
    struct entries *entries = &((struct fixture *)*state)->entries;
    struct entry *entry = entries_at(entries, TEXT("a"));
    assert_int_equal(entry_number(entry, 7), 7);
    entries_put_number(entries, entry, 0x0102030405060708);
    assert_int_equal(entry->value.length, 8);
    assert_memory_equal(entry->value.bytes, "\1\2\3\4\5\6\7\10", 8);
    assert_int_equal(entry_number(entry, 7), 0x0102030405060708);
}

static void test_entries_clear_forgets_all(void **state)
{
    struct fixture *fixture = *state;
    struct entries *entries = &fixture->entries;
    entries_put_number(entries, entries_want(entries, TEXT("a")), 1);
    entries_clear(entries);
    arena_clear(&fixture->arena);
    assert_null(entries->first);
    assert_int_equal(entries->wanted_count, 0);
    struct entry *entry = entries_at(entries, TEXT("a"));
    assert_true(!entry->known && !entry->changed && entry->value.bytes == NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_entries_keep_one_for_each_key),
        TEST(test_entries_want_what_is_unknown_once),
        TEST(test_entries_learn_copies_and_changes_nothing_known),
        TEST(test_entries_put_numbers),
        TEST(test_entries_clear_forgets_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

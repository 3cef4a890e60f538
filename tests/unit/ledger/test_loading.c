/* loading: reads go in pieces, scans in turn, and what either makes wanted is read, too. */
#include <stdio.h>

#include "../cmocka_all.h"
#include "batch_builder.h"
#include "ledger/loading.h"

struct fixture {
    struct batching *batching;
    struct arena arena;
    struct entries entries;
    struct documents documents;
    struct loading loading;
    unsigned rounds;
    struct error error; /* the last round's; code ERROR_NONE: none */
};

static void next_cb(void *context, const struct error *error)
{
    struct fixture *fixture = context;
    fixture->rounds++;
    if (error != NULL)
        fixture->error = *error;
}

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.rounds = 0};
    if (batching_setup((void **)&fixture.batching) != 0)
        return -1;
    arena_create(&fixture.arena, 4096);
    entries_create(&fixture.entries, &fixture.arena);
    documents_create(&fixture.documents, &fixture.entries);
    loading_create(&fixture.loading, &fixture.batching->moody.store, &fixture.documents);
    fixture.loading.next = next_cb;
    fixture.loading.context = &fixture;
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    void *batching = fixture->batching;
    entries_destroy(&fixture->entries);
    arena_destroy(&fixture->arena);
    return batching_teardown(&batching);
}

static void load_all(struct fixture *fixture)
{
    while (loading_start(&fixture->loading)) {
    }
}

static void test_loading_reads_in_pieces(void **state)
{
    struct fixture *fixture = *state;
    enum { MANY = 2 * LOADING_READ_MOST + 3 };
    char key[16];
    assert_false(loading_start(&fixture->loading));
    for (int i = 0; i < MANY; i++) {
        struct text name = {key, (size_t)snprintf(key, sizeof key, "k%d", i)};
        assert_non_null(entries_want(&fixture->entries, name));
    }
    load_all(fixture);
    assert_int_equal(fixture->rounds, 3);
    assert_int_equal(fixture->batching->moody.keys_read, MANY);
    for (const struct entry *entry = fixture->entries.first; entry != NULL; entry = entry->next)
        assert_true(entry->known && !entry->wanted && entry->value.bytes == NULL);
}

static void test_loading_follows_aliases(void **state)
{
    struct fixture *fixture = *state;
    struct command command = batching_identify(fixture->batching, "visitor", "ada");
    assert_int_equal(batching_do(fixture->batching, &command).code, ERROR_NONE);
    struct document *visitor = documents_want(&fixture->documents, TEXT("visitor"));
    load_all(fixture);
    assert_int_equal(fixture->rounds, 2);
    assert_int_equal(visitor->state, DOCUMENT_ALIAS);
    struct document *ada = document_canonical(visitor);
    assert_int_equal(ada->state, DOCUMENT_PRESENT);
    assert_text(ada->id, "ada");
}

struct seen {
    struct fixture *fixture;
    size_t keys;
    bool done;
    bool wants; /* has the keys read that it meets */
};

static bool entry_cb(void *context, struct text key, struct text value)
{
    struct seen *seen = context;
    assert_non_null(value.bytes);
    seen->keys++;
    if (seen->wants)
        assert_non_null(entries_want(&seen->fixture->entries, key));
    return true;
}

static void done_cb(void *context)
{
    struct seen *seen = context;
    seen->done = true;
}

static void add_scan(struct fixture *fixture, struct seen *seen, enum key_kind kind, size_t most)
{
    struct loading_scan *scan = loading_add_scan(&fixture->loading);
    assert_non_null(scan);
    key_range(&scan->prefix, kind);
    scan->most = most;
    scan->entry = entry_cb;
    scan->done = done_cb;
    scan->context = seen;
}

static void test_loading_scans_in_turn_and_reads_between(void **state)
{
    struct fixture *fixture = *state;
    batching_track(fixture->batching, "view", "ada", NULL);
    batching_track(fixture->batching, "view", "bea", NULL);
    struct seen all = {fixture, 0, false, true}, one = {fixture, 0, false, false};
    add_scan(fixture, &all, KEY_CUSTOMER, SIZE_MAX);
    add_scan(fixture, &one, KEY_DUE, 1);
    load_all(fixture);
    assert_true(all.done && one.done);
    assert_int_equal(one.keys, 1);
    assert_int_equal(all.keys, batching_count_keys(fixture->batching, KEY_CUSTOMER));
    assert_int_equal(fixture->entries.count, all.keys);
    assert_int_equal(fixture->rounds, 3);
}

static void test_loading_hands_on_what_fails(void **state)
{
    struct fixture *fixture = *state;
    struct seen seen = {fixture, 0, false, false};
    fixture->batching->moody.refuses_reads = true;
    entries_want(&fixture->entries, TEXT("a"));
    assert_true(loading_start(&fixture->loading));
    assert_int_equal(fixture->error.code, ERROR_UNAVAILABLE);
    fixture->error.code = ERROR_NONE;
    add_scan(fixture, &seen, KEY_CUSTOMER, SIZE_MAX);
    assert_true(loading_start(&fixture->loading));
    assert_int_equal(fixture->error.code, ERROR_UNAVAILABLE);
    assert_false(seen.done);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_loading_reads_in_pieces),
        TEST(test_loading_follows_aliases),
        TEST(test_loading_scans_in_turn_and_reads_between),
        TEST(test_loading_hands_on_what_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

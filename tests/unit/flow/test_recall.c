/* flow/recall: customers as a worker finds them, by any id, and a store that comes and goes. */
#include "../cmocka_all.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include "../model/customer_builder.h"
#include "../store/directory_builder.h"
#include "base/clock.h"
#include "flow/recall.h"

struct recalling {
    struct directory directory; /* of the store */
    struct shared *shared;      /* owned */
    struct recall recall;
    struct arena arena;
};

static int setup(void **state)
{
    struct recalling *r = calloc(1, sizeof *r);
    struct error error;
    if (r == NULL || (r->shared = shared_new(1, &error)) == NULL)
        return -1;
    directory_create(&r->directory);
    arena_create(&r->arena, 4096);
    recall_create(&r->recall, r->shared, 0, r->directory.store, 1000);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    struct recalling *r = *state;
    recall_destroy(&r->recall);
    shared_free(r->shared);
    arena_destroy(&r->arena);
    directory_destroy(&r->directory);
    free(r);
    return 0;
}

static int setup_in_memory(void **state)
{
    struct error error;
    if (setup(state) != 0)
        return -1;
    struct recalling *r = *state;
    r->recall.store = store_memory_open(&error);
    return r->recall.store == NULL ? -1 : 0;
}

static void written_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static void put(struct store *store, const struct key *key, struct text value)
{
    struct store_write write = {key_text(key), value};
    store_write(store, &write, 1, written_cb, NULL);
}

static void put_customer(struct recalling *r, const char *id, const char *persona)
{
    struct customer customer;
    struct key key;
    customer_create(&customer, &r->arena, text_from(id), BUILDER_NOW);
    customer.persona = text_from(persona);
    struct text record = builder_record(&customer);
    key_customer(&key, text_from(id));
    put(r->recall.store, &key, record);
    free((char *)(uintptr_t)record.bytes);
}

static void put_alias(struct recalling *r, const char *id, const char *canonical)
{
    struct buffer record;
    struct key key;
    buffer_create(&record);
    customer_encode_alias(text_from(canonical), &record);
    key_customer(&key, text_from(id));
    put(r->recall.store, &key, (struct text){record.bytes, record.length});
    buffer_destroy(&record);
}

static void put_stock(struct recalling *r, const char *offer, uint64_t confirmed, uint64_t reserved)
{
    const uint64_t numbers[2] = {htobe64(confirmed), htobe64(reserved)};
    struct key key;
    key_stock(&key, text_from(offer));
    put(r->recall.store, &key, (struct text){(const char *)numbers, sizeof numbers});
}

static void test_recall_finds_by_any_id(void **state)
{
    struct recalling *r = *state;
    struct customer customer;
    put_customer(r, "ada", "rider");
    put_alias(r, "visitor", "cookie");
    put_alias(r, "cookie", "ada");
    assert_int_equal(recall_find(&r->recall, TEXT("ada"), &customer), RECALL_FOUND);
    assert_int_equal(recall_find(&r->recall, TEXT("visitor"), &customer), RECALL_FOUND);
    builder_assert_text(customer.id, TEXT("ada"));
    builder_assert_text(customer.persona, TEXT("rider"));
    assert_true(r->recall.record.length > 0);
    assert_int_equal(recall_find(&r->recall, TEXT("bo"), &customer), RECALL_UNKNOWN);
    assert_int_equal(r->recall.record.length, 0);
    recall_begin(&r->recall);
    assert_true(recall_is_unchanged(&r->recall));
}

static void test_recall_follows_so_many_aliases(void **state)
{
    struct recalling *r = *state;
    struct customer customer;
    char from[8], to[8];
    put_customer(r, "id9", "rider");
    for (int i = 0; i < 9; i++) {
        snprintf(from, sizeof from, "id%d", i);
        snprintf(to, sizeof to, "id%d", i + 1);
        put_alias(r, from, to);
    }
    assert_int_equal(recall_find(&r->recall, TEXT("id2"), &customer), RECALL_FOUND);
    assert_int_equal(recall_find(&r->recall, TEXT("id0"), &customer), RECALL_UNKNOWN);
    put_alias(r, "id9", "id0");
    assert_int_equal(recall_find(&r->recall, TEXT("id4"), &customer), RECALL_UNKNOWN);
}

static void test_recall_of_a_damaged_record(void **state)
{
    struct recalling *r = *state;
    struct customer customer;
    struct key key;
    key_customer(&key, TEXT("ada"));
    put(r->recall.store, &key, TEXT("no record"));
    assert_int_equal(recall_find(&r->recall, TEXT("ada"), &customer), RECALL_UNAVAILABLE);
    assert_int_equal(r->recall.record.length, 0);
}

static void test_recall_sees_changes(void **state)
{
    struct recalling *r = *state;
    struct customer customer;
    put_customer(r, "ada", "rider");
    put_alias(r, "visitor", "ada");
    assert_int_equal(recall_find(&r->recall, TEXT("visitor"), &customer), RECALL_FOUND);
    assert_true(recall_is_unchanged(&r->recall));
    put_customer(r, "bo", "rider");
    assert_true(recall_is_unchanged(&r->recall));
    put_customer(r, "ada", "walker");
    assert_false(recall_is_unchanged(&r->recall));
    recall_find(&r->recall, TEXT("visitor"), &customer);
    put_alias(r, "visitor", "bo");
    assert_false(recall_is_unchanged(&r->recall));
    recall_find(&r->recall, TEXT("cy"), &customer);
    assert_true(recall_is_unchanged(&r->recall));
    put_customer(r, "cy", "walker");
    assert_false(recall_is_unchanged(&r->recall));
}

static void test_recall_counts_stock(void **state)
{
    struct recalling *r = *state;
    uint64_t given = 7;
    assert_true(recall_stock_given(&r->recall, TEXT("seat"), &given));
    assert_int_equal(given, 0);
    put_stock(r, "seat", 2, 3);
    assert_true(recall_stock_given(&r->recall, TEXT("seat"), &given));
    assert_int_equal(given, 5);
}

/* Looking at many takes no more memory than looking at one. */
static void test_recall_forgets_whom_it_saw(void **state)
{
    struct recalling *r = *state;
    struct customer customer;
    uint64_t given;
    put_customer(r, "ada", "rider");
    put_stock(r, "seat", 2, 3);
    recall_find(&r->recall, TEXT("ada"), &customer);
    size_t total = r->recall.arena.total;
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(recall_find(&r->recall, TEXT("ada"), &customer), RECALL_FOUND);
        for (int look = 0; look < 5; look++)
            assert_true(recall_stock_given(&r->recall, TEXT("seat"), &given));
        assert_true(recall_is_unchanged(&r->recall));
    }
    assert_int_equal(r->recall.arena.total, total);
}

static void test_recall_knows_who_is_being_erased(void **state)
{
    struct recalling *r = *state;
    struct key key;
    bool erased = true;
    assert_true(recall_is_being_erased(&r->recall, TEXT("ada"), &erased));
    assert_false(erased);
    key_forget(&key, TEXT("ada"));
    put(r->recall.store, &key, TEXT("12345678"));
    assert_true(recall_is_being_erased(&r->recall, TEXT("ada"), &erased));
    assert_true(erased);
    assert_true(recall_is_being_erased(&r->recall, TEXT("adam"), &erased));
    assert_false(erased);
}

static void test_recall_says_who_is_missing(void **state)
{
    struct error error;
    (void)state;
    assert_false(recall_refuse(TEXT("a\nb"), &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_string_equal(error.message, "customer: no customer 'a\\x0Ab'");
}

/* The ledger makes the store, sooner or later. */
static void test_recall_waits_for_the_store(void **state)
{
    struct recalling *r = *state;
    struct customer customer;
    struct error error;
    uint64_t given;
    bool erased;
    assert_null(recall_store(&r->recall));
    assert_int_equal(recall_find(&r->recall, TEXT("ada"), &customer), RECALL_UNAVAILABLE);
    assert_false(recall_stock_given(&r->recall, TEXT("seat"), &given));
    assert_false(recall_is_being_erased(&r->recall, TEXT("ada"), &erased));
    assert_false(recall_is_unchanged(&r->recall));
    struct store *writer = store_lmdb_open(r->directory.store, STORE_WRITER, 1 << 20, &error);
    assert_non_null(writer);
    store_close(writer);
    for (uint64_t until = clock_monotonic_ms() + 20000; recall_store(&r->recall) == NULL;)
        assert_true(clock_monotonic_ms() < until);
    assert_int_equal(recall_find(&r->recall, TEXT("ada"), &customer), RECALL_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name, setup) cmocka_unit_test_setup_teardown(test_recall_##name, setup, teardown)
        TEST(finds_by_any_id, setup_in_memory),
        TEST(follows_so_many_aliases, setup_in_memory),
        TEST(of_a_damaged_record, setup_in_memory),
        TEST(sees_changes, setup_in_memory),
        TEST(counts_stock, setup_in_memory),
        TEST(forgets_whom_it_saw, setup_in_memory),
        TEST(knows_who_is_being_erased, setup_in_memory),
        TEST(says_who_is_missing, setup_in_memory),
        TEST(waits_for_the_store, setup),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/recall", tests, NULL, NULL);
}

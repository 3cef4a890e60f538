/* The store in memory keeps the contract. */
#include "../cmocka_all.h"

#include "contract_builder.h"

static struct store *open_memory(void **context)
{
    struct error error;
    *context = NULL;
    return store_memory_open(&error);
}

static void close_memory(struct store *store, void *context)
{
    (void)context;
    store_close(store);
}

static void test_memory_has_no_files_to_back_up(void **state)
{
    (void)state;
    struct error error;
    struct store *store = store_memory_open(&error);
    assert_non_null(store);
    assert_false(store_backup(store, "/somewhere", &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, "/somewhere"));
    store_close(store);
}

int main(void)
{
    const struct contract_kind kind = {"store/memory: the contract", open_memory, close_memory};
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_memory_has_no_files_to_back_up)};
    return contract_run(&kind) + cmocka_run_group_tests_name("store/memory", tests, NULL, NULL);
}

/* pool: blocks are their own, aligned, and used again. */
#include "../cmocka_all.h"

#include "script/pool.h"

#include <string.h>

static void test_pool_blocks_do_not_overlap(void **state)
{
    (void)state;
    enum { BLOCKS = 2000 };
    static char *blocks[BLOCKS];
    struct pool pool;
    pool_create(&pool);
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t size = i % POOL_BLOCK_MAX + 1;
        blocks[i] = pool_allocate(&pool, size);
        assert_int_equal((uintptr_t)blocks[i] % POOL_UNIT, 0);
        memset(blocks[i], (int)(i % 251), size);
    }
    for (size_t i = 0; i < BLOCKS; i++)
        for (size_t at = 0; at < i % POOL_BLOCK_MAX + 1; at++)
            assert_int_equal((unsigned char)blocks[i][at], i % 251);
    pool_destroy(&pool);
}

static void test_pool_uses_blocks_again(void **state)
{
    (void)state;
    struct pool pool;
    pool_create(&pool);
    void *a = pool_allocate(&pool, 30);
    void *b = pool_allocate(&pool, 32);
    pool_release(&pool, a, 30);
    pool_release(&pool, b, 32);
    assert_ptr_equal(pool_allocate(&pool, 17), b);
    assert_ptr_equal(pool_allocate(&pool, 32), a);
    assert_ptr_not_equal(pool_allocate(&pool, 32), a);
    pool_destroy(&pool);
    assert_null(pool.pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pool_blocks_do_not_overlap),
        cmocka_unit_test(test_pool_uses_blocks_again),
    };
    return cmocka_run_group_tests_name("script/pool", tests, NULL, NULL);
}

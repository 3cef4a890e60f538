/* arena: alignment, growth, clearing, and sizes that cannot be. */
#include "../cmocka_all.h"

#include <stdalign.h>
#include <string.h>

#include "base/arena.h"

static void test_arena_takes_nothing_before_it_is_asked(void **state)
{
    (void)state;
    struct arena arena;
    arena_create(&arena, 1024);
    assert_int_equal(arena.total, 0);
    arena_clear(&arena);
    arena_destroy(&arena);
    assert_null(arena.blocks);
}

static void test_arena_allocate_is_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena;
    unsigned char *pieces[200];
    arena_create(&arena, 512);
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = arena_allocate(&arena, i);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        memset(pieces[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i; j++)
            assert_int_equal(pieces[i][j], i);
    arena_destroy(&arena);
}

static void test_arena_allocate_more_than_a_block(void **state)
{
    (void)state;
    struct arena arena;
    arena_create(&arena, 64);
    char *large = arena_allocate(&arena, 10000);
    assert_non_null(large);
    memset(large, 'x', 10000);
    assert_true(arena.total >= 10000);
    assert_non_null(arena_allocate(&arena, 1));
    arena_destroy(&arena);
    assert_int_equal(arena.total, 0);
}

/* What rounds take from the system is kept, up to a bound. */
static void test_arena_clear_keeping_takes_nothing_new(void **state)
{
    (void)state;
    struct arena arena;
    size_t after_first = 0;
    arena_create(&arena, 1000);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 50; i++)
            assert_non_null(arena_allocate(&arena, 400));
        assert_non_null(arena_allocate(&arena, 5000));
        after_first = round == 0 ? arena.total : after_first;
        assert_int_equal(arena.total, after_first);
        arena_clear_keeping(&arena, after_first);
        assert_int_equal(arena.total, after_first);
    }
    arena_clear_keeping(&arena, 3000);
    assert_int_equal(arena.total, 3000);
    assert_non_null(arena_allocate(&arena, 1));
    arena_clear(&arena);
    assert_int_equal(arena.total, 1000);
    arena_destroy(&arena);
    assert_int_equal(arena.total, 0);
}

/* After some rounds of the same work nothing more is taken from the system. */
static void test_arena_clear_keeps_one_block(void **state)
{
    (void)state;
    struct arena arena;
    arena_create(&arena, 256);
    void *first = arena_allocate(&arena, 16);
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_allocate(&arena, 100));
    assert_true(arena.total > 100 * 100);
    arena_clear(&arena);
    assert_int_equal(arena.total, 256);
    assert_ptr_equal(arena_allocate(&arena, 16), first);
    arena_destroy(&arena);
}

static void test_arena_refuses_what_cannot_be(void **state)
{
    (void)state;
    struct arena arena;
    arena_create(&arena, 64);
    assert_null(arena_allocate(&arena, SIZE_MAX));
    assert_null(arena_allocate(&arena, SIZE_MAX - alignof(max_align_t) + 1));
    assert_null(arena_allocate_zeroed(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_allocate_zeroed(&arena, SIZE_MAX, SIZE_MAX));
    assert_null(arena_copy(&arena, "a", SIZE_MAX));
    assert_non_null(arena_allocate(&arena, 8)); /* none of this did harm */
    arena_destroy(&arena);
}

static void test_arena_allocate_zeroed_clears_used_memory(void **state)
{
    (void)state;
    struct arena arena;
    arena_create(&arena, 256);
    memset(arena_allocate(&arena, 256), 0xAA, 256);
    arena_clear(&arena);
    const unsigned char *zeroed = arena_allocate_zeroed(&arena, 16, 16);
    for (size_t i = 0; i < 256; i++)
        assert_int_equal(zeroed[i], 0);
    assert_non_null(arena_allocate_zeroed(&arena, 0, 16));
    arena_destroy(&arena);
}

static void test_arena_copy_ends_with_a_nul(void **state)
{
    (void)state;
    struct arena arena;
    arena_create(&arena, 64);
    memset(arena_allocate(&arena, 64), 'x', 64);
    arena_clear(&arena);
    assert_string_equal(arena_copy(&arena, "hello there", 5), "hello");
    assert_string_equal(arena_copy(&arena, NULL, 0), "");
    assert_memory_equal(arena_copy(&arena, "a\0b", 3), "a\0b", 4);
    arena_destroy(&arena);
}

static void test_arena_limit_bounds_what_it_takes(void **state)
{
    (void)state;
    struct arena arena;
    arena_create(&arena, 256);
    arena_limit(&arena, 1000);
    for (int i = 0; i < 3; i++)
        assert_non_null(arena_allocate(&arena, 256));
    assert_null(arena_allocate(&arena, 240)); /* an ordinary block for it would be too much */
    assert_true(arena.full);
    assert_int_equal(arena.total, 768);
    arena_limit(&arena, 1024);
    assert_non_null(arena_allocate(&arena, 240));
    assert_non_null(arena_allocate(&arena, 16)); /* of the block that there is */
    assert_null(arena_allocate(&arena, 16));
    arena_destroy(&arena);
}

/* What cannot be at all is another matter. */
static void test_arena_is_full_by_its_limit_alone(void **state)
{
    (void)state;
    struct arena arena;
    arena_create(&arena, 256);
    assert_null(arena_allocate(&arena, SIZE_MAX));
    assert_false(arena.full);
    arena_limit(&arena, 100);
    assert_null(arena_allocate(&arena, 1));
    assert_true(arena.full);
    arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_takes_nothing_before_it_is_asked),
        cmocka_unit_test(test_arena_allocate_is_aligned_and_apart),
        cmocka_unit_test(test_arena_allocate_more_than_a_block),
        cmocka_unit_test(test_arena_clear_keeps_one_block),
        cmocka_unit_test(test_arena_clear_keeping_takes_nothing_new),
        cmocka_unit_test(test_arena_refuses_what_cannot_be),
        cmocka_unit_test(test_arena_allocate_zeroed_clears_used_memory),
        cmocka_unit_test(test_arena_copy_ends_with_a_nul),
        cmocka_unit_test(test_arena_limit_bounds_what_it_takes),
        cmocka_unit_test(test_arena_is_full_by_its_limit_alone),
    };
    return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}

/* Tests of base/claims.c. */
#include "base/claims.h"

#include "../cmocka_all.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct claims *make(void)
{
    void *memory =
        mmap(NULL, sizeof(struct claims), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    return memory;
}

static void drop(struct claims *claims)
{
    munmap(claims, sizeof *claims);
}

static bool try_at(struct claims *claims, uint32_t place)
{
    claims_word seen = claims_look(claims, place);
    return claims_try(claims, place, &seen);
}

static void test_claims_count_up_and_down(void **state)
{
    (void)state;
    struct claims *claims = make();
    assert_true(try_at(claims, 7));
    assert_true(try_at(claims, 7));
    assert_int_equal(claims_open(claims_look(claims, 7)), 2);
    claims_settle(claims, 7);
    assert_int_equal(claims_open(claims_look(claims, 7)), 1);
    assert_int_equal(claims_open(claims_look(claims, 8)), 0);
    drop(claims);
}

static void test_claims_fail_after_any_change(void **state)
{
    (void)state;
    struct claims *claims = make();
    claims_word seen = claims_look(claims, 1), old = seen;
    assert_true(claims_try(claims, 1, &seen));
    assert_false(claims_try(claims, 1, &old));
    assert_int_equal(seen, claims_look(claims, 1));
    assert_true(claims_try(claims, 1, &seen));
    claims_settle(claims, 1); /* the count is as it was, but something happened */
    assert_false(claims_try(claims, 1, &seen));
    drop(claims);
}

static void test_claims_settle_nothing_below_zero(void **state)
{
    (void)state;
    struct claims *claims = make();
    claims_settle(claims, 3);
    assert_int_equal(claims_open(claims_look(claims, 3)), 0);
    drop(claims);
}

static void test_claims_heal_only_what_stood_still(void **state)
{
    (void)state;
    struct claims *claims = make();
    claims_word *before = calloc(CLAIMS_PLACES, sizeof *before);
    assert_non_null(before);
    assert_true(try_at(claims, 1));
    claims_heal(claims, before);
    assert_int_equal(claims_open(claims_look(claims, 1)), 1);
    assert_true(try_at(claims, 2));
    claims_heal(claims, before);
    assert_int_equal(claims_open(claims_look(claims, 1)), 0);
    assert_int_equal(claims_open(claims_look(claims, 2)), 1);
    free(before);
    drop(claims);
}

/* Whoever finds room takes one; what was taken goes into `given`, as the store would have it, before it is
 * settled. */
static void take_while_there_is_room(struct claims *claims, _Atomic uint32_t *given, uint32_t room)
{
    for (;;) {
        claims_word seen = claims_look(claims, 0);
        uint32_t stored = atomic_load(given);
        if (stored == room)
            _exit(0);
        if (stored + claims_open(seen) >= room || !claims_try(claims, 0, &seen))
            continue;
        atomic_fetch_add(given, 1);
        claims_settle(claims, 0);
    }
}

static void test_claims_are_exact_between_processes(void **state)
{
    (void)state;
    enum { PROCESSES = 4, ROOM = 20000 };
    struct claims *claims = make();
    _Atomic uint32_t *given =
        mmap(NULL, sizeof *given, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < PROCESSES; i++)
        if (fork() == 0)
            take_while_there_is_room(claims, given, ROOM);
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(atomic_load(given), ROOM);
    munmap((void *)given, sizeof *given);
    drop(claims);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims_count_up_and_down),
        cmocka_unit_test(test_claims_fail_after_any_change),
        cmocka_unit_test(test_claims_settle_nothing_below_zero),
        cmocka_unit_test(test_claims_heal_only_what_stood_still),
        cmocka_unit_test(test_claims_are_exact_between_processes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

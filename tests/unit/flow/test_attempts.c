/* flow/attempts: waits that grow with failures, shrink with time, and stay in bounds. */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "flow/attempts.h"

enum { HERE = 12345, ELSEWHERE = 54321, LONGEST_MS = 1000, BEGIN_MS = 1000000 };

static int setup(void **state)
{
    struct attempts *attempts = calloc(1, sizeof *attempts);
    *state = attempts;
    if (attempts != NULL)
        attempts->longest_ms = LONGEST_MS;
    return attempts == NULL;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static void test_attempts_doubles_up_to_a_bound(void **state)
{
    static const uint32_t waits[] = {0, 10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000};
    struct attempts *attempts = *state;
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        assert_int_equal(attempts_wait_ms(attempts, HERE, 0, BEGIN_MS), waits[i]);
        attempts_note_failure(attempts, HERE, BEGIN_MS);
    }
    assert_int_equal(attempts_wait_ms(attempts, ELSEWHERE, 0, BEGIN_MS), 0);
}

static void test_attempts_counts_a_connection_alone_too(void **state)
{
    assert_int_equal(attempts_wait_ms(*state, HERE, 3, BEGIN_MS), 40);
    attempts_note_failure(*state, HERE, BEGIN_MS);
    assert_int_equal(attempts_wait_ms(*state, HERE, 3, BEGIN_MS), 40);
    assert_int_equal(attempts_wait_ms(*state, HERE, 0, BEGIN_MS), 10);
}

static void test_attempts_forgets_with_time(void **state)
{
    struct attempts *attempts = *state;
    for (int i = 0; i < 3; i++)
        attempts_note_failure(attempts, HERE, BEGIN_MS);
    assert_int_equal(attempts_wait_ms(attempts, HERE, 0, BEGIN_MS + ATTEMPTS_FORGET_MS - 1), 40);
    assert_int_equal(attempts_wait_ms(attempts, HERE, 0, BEGIN_MS + ATTEMPTS_FORGET_MS), 20);
    assert_int_equal(attempts_wait_ms(attempts, HERE, 0, BEGIN_MS + 3 * ATTEMPTS_FORGET_MS), 0);
}

static void test_attempts_remembers_only_so_many(void **state)
{
    struct attempts *attempts = *state;
    for (int i = 0; i < 100000; i++)
        attempts_note_failure(attempts, HERE, BEGIN_MS);
    assert_int_equal(attempts_wait_ms(attempts, HERE, 0, BEGIN_MS + ATTEMPTS_COUNTED * ATTEMPTS_FORGET_MS),
                     0);
}

static void test_attempts_without_a_wait(void **state)
{
    struct attempts *attempts = *state;
    attempts->longest_ms = 0;
    attempts_note_failure(attempts, HERE, BEGIN_MS);
    assert_int_equal(attempts_wait_ms(attempts, HERE, 100, BEGIN_MS), 0);
}

/* Whoever comes from many addresses pushes out the harmless ones first. */
static void test_attempts_keeps_the_most_suspect(void **state)
{
    struct attempts *attempts = *state;
    for (int i = 0; i < 5; i++)
        attempts_note_failure(attempts, HERE, BEGIN_MS);
    for (uint64_t i = 1; i <= 10 * ATTEMPTS_IN_SET; i++)
        attempts_note_failure(attempts, HERE + i * ATTEMPTS_SETS, BEGIN_MS);
    assert_int_equal(attempts_wait_ms(attempts, HERE, 0, BEGIN_MS), 160);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_attempts_##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(doubles_up_to_a_bound), TEST(counts_a_connection_alone_too),
        TEST(forgets_with_time),     TEST(remembers_only_so_many),
        TEST(without_a_wait),        TEST(keeps_the_most_suspect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

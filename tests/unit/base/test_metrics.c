/* metrics: names of counters, and a page that children share. */
#include "../cmocka_all.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/metrics.h"

static void test_metrics_have_names_and_help(void **state)
{
    (void)state;
    for (int i = 0; i < METRICS_COUNT; i++) {
        assert_true(strlen(metrics_name((enum metrics_counter)i)) > 0);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(metrics_name((enum metrics_counter)i),
                                    metrics_name((enum metrics_counter)j));
    }
    assert_string_equal(metrics_name(METRICS_requests), "requests");
}

static void test_metrics_slots_are_zero_and_apart(void **state)
{
    (void)state;
    struct metrics_slot *slots = metrics_map(3);
    assert_non_null(slots);
    for (int slot = 0; slot < 3; slot++) {
        assert_int_equal((uintptr_t)&slots[slot] % 64, 0); /* no two writers on one cache line */
        for (int i = 0; i < METRICS_COUNT; i++)
            assert_int_equal(slots[slot].values[i], 0);
    }
    metrics_add(&slots[1], METRICS_requests, 3);
    metrics_add(&slots[1], METRICS_requests, 4);
    metrics_set(&slots[1], METRICS_connections_open, 9);
    metrics_set(&slots[1], METRICS_connections_open, 2);
    assert_int_equal(slots[1].values[METRICS_requests], 7);
    assert_int_equal(slots[1].values[METRICS_connections_open], 2);
    assert_int_equal(slots[0].values[METRICS_requests], 0);
    assert_int_equal(slots[2].values[METRICS_requests], 0);
    metrics_unmap(slots, 3);
}

static void test_metrics_of_children_are_seen(void **state)
{
    (void)state;
    struct metrics_slot *slots = metrics_map(2);
    int status;
    assert_non_null(slots);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        metrics_add(&slots[1], METRICS_items, 5);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(slots[1].values[METRICS_items], 5);
    metrics_unmap(slots, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metrics_have_names_and_help),
        cmocka_unit_test(test_metrics_slots_are_zero_and_apart),
        cmocka_unit_test(test_metrics_of_children_are_seen),
    };
    return cmocka_run_group_tests_name("base/metrics", tests, NULL, NULL);
}

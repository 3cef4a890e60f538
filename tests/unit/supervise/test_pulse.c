/* pulse: who feeds the watchdog, and what counts as getting on. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervise/pulse.h"
#include "supervisor_builder.h"

enum { NOW = 1000000, LIMIT = BUILT_LIMIT_MS };

static void turn(struct supervisor *supervisor, size_t number, uint64_t moment_ms)
{
    metrics_set(&supervisor->slots[number], METRICS_loop_turned, moment_ms);
}

static void test_pulse_is_fine_while_every_loop_turns(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(NOW);
    assert_true(pulse_is_fine(supervisor, NOW));
    assert_true(pulse_is_fine(supervisor, NOW + LIMIT));
    supervisor_build_free(supervisor);
}

/* The supervisor kills it after LIMIT; where it doesn't, it is the supervisor that fails. */
static void test_pulse_stops_when_one_that_stands_still_is_not_replaced(void **state)
{
    (void)state;
    for (size_t stuck = 0; stuck < BUILT_WORKERS + 1; stuck++) {
        struct supervisor *supervisor = supervisor_build(NOW);
        for (size_t i = 0; i < BUILT_WORKERS + 1; i++)
            turn(supervisor, i, i == stuck ? NOW : NOW + 2 * LIMIT + 1);
        assert_true(pulse_is_fine(supervisor, NOW + 2 * LIMIT));
        assert_false(pulse_is_fine(supervisor, NOW + 2 * LIMIT + 1));
        supervisor->processes[stuck].killed_because = "its loop stands still";
        assert_true(pulse_is_fine(supervisor, NOW + 2 * LIMIT + 1));
        supervisor_build_free(supervisor);
    }
}

static void test_pulse_counts_one_without_a_turn_from_its_start(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(NOW);
    turn(supervisor, 0, 0);
    supervisor->processes[0].started_ms = NOW;
    turn(supervisor, 1, NOW + 2 * LIMIT + 1);
    turn(supervisor, 2, NOW + 2 * LIMIT + 1);
    assert_true(pulse_is_fine(supervisor, NOW + 2 * LIMIT));
    assert_false(pulse_is_fine(supervisor, NOW + 2 * LIMIT + 1));
    supervisor_build_free(supervisor);
}

static void test_pulse_stops_when_no_worker_serves_for_long(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(NOW);
    assert_true(pulse_is_fine(supervisor, NOW));
    for (size_t i = 0; i < BUILT_WORKERS; i++) {
        supervisor->processes[i].pid = 0;
        supervisor->processes[i].serving = 0;
    }
    turn(supervisor, BUILT_WORKERS, NOW + 2 * LIMIT + 1);
    assert_true(pulse_is_fine(supervisor, NOW + 2 * LIMIT));
    assert_false(pulse_is_fine(supervisor, NOW + 2 * LIMIT + 1));
    supervisor_build_free(supervisor);
}

static void test_pulse_is_fine_with_one_worker_of_two(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(NOW);
    supervisor->processes[0].pid = 0;
    supervisor->processes[0].serving = 0;
    for (uint64_t now = NOW; now < NOW + 10 * LIMIT; now += LIMIT) {
        turn(supervisor, 1, now);
        turn(supervisor, 2, now);
        assert_true(pulse_is_fine(supervisor, now));
    }
    supervisor_build_free(supervisor);
}

static void test_pulse_asks_nothing_while_starting_and_stopping(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(NOW);
    supervisor->ready = false;
    assert_true(pulse_is_fine(supervisor, NOW + 100 * LIMIT));
    supervisor->ready = supervisor->stopping = true;
    assert_true(pulse_is_fine(supervisor, NOW + 100 * LIMIT));
    supervisor_build_free(supervisor);
}

static void test_pulse_advances_with_any_loop(void **state)
{
    (void)state;
    struct supervisor *supervisor = supervisor_build(NOW);
    assert_true(pulse_advances(supervisor));
    assert_false(pulse_advances(supervisor));
    turn(supervisor, 1, NOW + 1);
    assert_true(pulse_advances(supervisor));
    assert_false(pulse_advances(supervisor));
    supervisor_build_free(supervisor);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void test_pulse_advances_with_the_store_being_rewritten(void **state)
{
    char folder[] = "/tmp/senda-pulse-XXXXXX", workshop[64], path[96];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(workshop, sizeof workshop, "%s/rewrite.tmp", folder);
    snprintf(path, sizeof path, "%s/data.mdb", workshop);
    assert_int_equal(mkdir(workshop, 0700), 0);
    struct supervisor *supervisor = supervisor_build(NOW);
    struct config config = *supervisor->config;
    config.state = folder;
    supervisor->config = &config;
    assert_true(pulse_advances(supervisor));
    write_file(path, "some");
    assert_true(pulse_advances(supervisor));
    assert_int_equal(supervisor->pulse.rewritten, 4);
    assert_false(pulse_advances(supervisor));
    write_file(path, "some more");
    assert_true(pulse_advances(supervisor));
    supervisor_build_free(supervisor);
    unlink(path);
    rmdir(workshop);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pulse_is_fine_while_every_loop_turns),
        cmocka_unit_test(test_pulse_stops_when_one_that_stands_still_is_not_replaced),
        cmocka_unit_test(test_pulse_counts_one_without_a_turn_from_its_start),
        cmocka_unit_test(test_pulse_stops_when_no_worker_serves_for_long),
        cmocka_unit_test(test_pulse_is_fine_with_one_worker_of_two),
        cmocka_unit_test(test_pulse_asks_nothing_while_starting_and_stopping),
        cmocka_unit_test(test_pulse_advances_with_any_loop),
        cmocka_unit_test(test_pulse_advances_with_the_store_being_rewritten),
    };
    return cmocka_run_group_tests_name("supervise/pulse", tests, NULL, NULL);
}

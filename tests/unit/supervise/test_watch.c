/* watch: who is killed for not going on, and who only waits for a processor. */
#include "../cmocka_all.h"

#include <event2/event.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "supervise/supervisor_internal.h"
#include "supervisor_builder.h"

enum { KILL_AFTER_MS = BUILT_LIMIT_MS / 10, LATE_MS = 2 * KILL_AFTER_MS };

/* A supervisor one of whose processes is a child of ours; the others are dead, with a restart in sight. */
struct watched {
    struct supervisor *supervisor; /* owned */
    struct event_base *base;       /* of the restarts; owned */
    struct process *process;       /* the child's */
    struct metrics_slot *slot;     /* the child's */
};

static _Noreturn void work_on(void)
{
    for (volatile unsigned turn = 0;; turn++)
        continue;
}

static _Noreturn void wait_on(void)
{
    for (;;)
        pause();
}

static void restart_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what, (void)context;
}

static struct watched watch(struct process *(*choose)(struct supervisor *), void (*child)(void))
{
    const struct timeval far = {3600, 0};
    struct watched watched = {.supervisor = supervisor_build(clock_monotonic_ms()), .base = event_base_new()};
    for (size_t i = 0; i < watched.supervisor->process_count; i++) {
        struct process *process = &watched.supervisor->processes[i];
        process->pid = 0;
        process->restart = evtimer_new(watched.base, restart_cb, NULL);
        assert_int_equal(event_add(process->restart, &far), 0);
    }
    watched.process = choose(watched.supervisor);
    watched.slot = &watched.supervisor->slots[watched.process->number];
    metrics_set(watched.slot, METRICS_loop_turned, clock_monotonic_ms());
    watched.process->pid = fork();
    if (watched.process->pid == 0)
        child();
    assert_true(watched.process->pid > 0);
    return watched;
}

static void end(struct watched *watched)
{
    kill(watched->process->pid, SIGKILL);
    waitpid(watched->process->pid, NULL, 0);
    for (size_t i = 0; i < watched->supervisor->process_count; i++)
        event_free(watched->supervisor->processes[i].restart);
    event_base_free(watched->base);
    supervisor_build_free(watched->supervisor);
}

/* However long the machine took to give the child its time. */
static void look_at_a_loop_that_turns(struct watched *watched)
{
    metrics_set(watched->slot, METRICS_loop_turned, clock_monotonic_ms());
    watch_processes(watched->supervisor);
}

static struct process *a_worker(struct supervisor *supervisor)
{
    return &supervisor->processes[1];
}

static struct process *the_trial(struct supervisor *supervisor)
{
    return &supervisor->trial;
}

/* As if the clock had gone on by so much since. */
static void enter_script(struct watched *watched, uint64_t ago_ms)
{
    metrics_set(watched->slot, METRICS_script_entered, clock_monotonic_ms() - ago_ms);
}

static uint64_t used_ms(pid_t pid)
{
    clockid_t clock;
    struct timespec used;
    assert_int_equal(clock_getcpuclockid(pid, &clock), 0);
    assert_int_equal(clock_gettime(clock, &used), 0);
    return (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000;
}

static void wait_used(pid_t pid, uint64_t until_ms)
{
    while (used_ms(pid) < until_ms)
        sched_yield();
}

static void check_worker_in_a_script(struct process *(*choose)(struct supervisor *))
{
    struct watched watched = watch(choose, work_on);
    enter_script(&watched, LATE_MS);
    watch_processes(watched.supervisor); /* the first look: it may have got its processor just now */
    assert_null(watched.process->killed_because);
    wait_used(watched.process->pid, used_ms(watched.process->pid) + KILL_AFTER_MS);
    watch_processes(watched.supervisor);
    assert_string_equal(watched.process->killed_because, "a script doesn't end");
    end(&watched);
}

static void test_watch_kills_who_works_in_a_script_for_too_long(void **state)
{
    (void)state;
    check_worker_in_a_script(a_worker);
    check_worker_in_a_script(the_trial);
}

static void test_watch_spares_who_waits_for_a_processor(void **state)
{
    (void)state;
    struct watched watched = watch(a_worker, wait_on);
    enter_script(&watched, 100 * KILL_AFTER_MS);
    for (int look = 0; look < 10; look++)
        watch_processes(watched.supervisor);
    assert_null(watched.process->killed_because);
    end(&watched);
}

/* What it used in scripts before does not count. */
static void test_watch_counts_each_script_anew(void **state)
{
    (void)state;
    struct watched watched = watch(a_worker, work_on);
    for (uint64_t ago_ms = LATE_MS; ago_ms < LATE_MS + 3; ago_ms++) {
        enter_script(&watched, ago_ms);
        look_at_a_loop_that_turns(&watched);
        assert_null(watched.process->killed_because);
        wait_used(watched.process->pid, used_ms(watched.process->pid) + KILL_AFTER_MS);
    }
    end(&watched);
}

static void test_watch_spares_who_is_in_no_script(void **state)
{
    (void)state;
    struct watched watched = watch(a_worker, work_on);
    wait_used(watched.process->pid, KILL_AFTER_MS);
    look_at_a_loop_that_turns(&watched);
    assert_null(watched.process->killed_because);
    end(&watched);
}

/* However little it used. */
static void test_watch_kills_whose_loop_stands_still(void **state)
{
    (void)state;
    struct watched watched = watch(a_worker, wait_on);
    enter_script(&watched, 2 * BUILT_LIMIT_MS);
    metrics_set(watched.slot, METRICS_loop_turned, clock_monotonic_ms() - 2 * BUILT_LIMIT_MS);
    watch_processes(watched.supervisor);
    assert_string_equal(watched.process->killed_because, "its loop stands still");
    end(&watched);
}

static void test_watch_kills_who_is_stopped_or_has_closed_its_channel(void **state)
{
    (void)state;
    struct watched watched = watch(a_worker, wait_on);
    watched.process->stopped_ms = clock_monotonic_ms() - 4 * KILL_AFTER_MS;
    watch_processes(watched.supervisor);
    assert_string_equal(watched.process->killed_because, "a signal has stopped it");
    end(&watched);
    watched = watch(a_worker, wait_on);
    watched.process->closed_ms = clock_monotonic_ms() - LATE_MS;
    watch_processes(watched.supervisor);
    assert_string_equal(watched.process->killed_because, "it closed its channel");
    end(&watched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watch_kills_who_works_in_a_script_for_too_long),
        cmocka_unit_test(test_watch_spares_who_waits_for_a_processor),
        cmocka_unit_test(test_watch_counts_each_script_anew),
        cmocka_unit_test(test_watch_spares_who_is_in_no_script),
        cmocka_unit_test(test_watch_kills_whose_loop_stands_still),
        cmocka_unit_test(test_watch_kills_who_is_stopped_or_has_closed_its_channel),
    };
    return cmocka_run_group_tests_name("supervise/watch", tests, NULL, NULL);
}

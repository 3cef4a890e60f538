/* Looking for processes that do not go on, and for those that nobody started again. */
#include <event2/event.h>
#include <time.h>

#include "base/clock.h"
#include "supervise/role.h"
#include "supervise/supervisor_internal.h"

enum {
    WATCHES_PER_LIMIT = 4, /* how often we look while a script may run */
    STOPPED_FACTOR = 3,    /* a process may be stopped that many times as long as a script may run */
};

uint64_t watch_interval_ms(const struct config *config)
{
    return config->kill_after_ms / WATCHES_PER_LIMIT;
}

uint64_t watch_loop_limit_ms(const struct config *config)
{
    return config->kill_after_ms * ROLE_LOOP_FACTOR;
}

static bool is_older(uint64_t moment_ms, uint64_t now_ms, uint64_t limit_ms)
{
    return moment_ms != 0 && now_ms > moment_ms && now_ms - moment_ms > limit_ms;
}

/* How much of a processor it has had so far. */
static bool read_used(const struct process *process, uint64_t *used_ms)
{
    clockid_t clock;
    struct timespec used;
    if (process->pid == 0 || clock_getcpuclockid(process->pid, &clock) != 0 ||
        clock_gettime(clock, &used) != 0)
        return false;
    *used_ms = (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000;
    return true;
}

/*
 * By the clock a script seems to run that has not been given a processor, on a machine that is busy with
 * other things; killing it would make no room. So it has to have used the time, too, but for one interval: so
 * late it may first have been seen. Where that can't be read the clock alone decides; and who gets no
 * processor for very long is taken for a loop that stands still.
 */
static bool is_stuck_in_script(struct process *process, uint64_t now_ms)
{
    const struct config *config = process->supervisor->config;
    uint64_t entered_ms = process->supervisor->slots[process->number].values[METRICS_script_entered];
    uint64_t used_ms = 0;
    bool known = entered_ms != 0 && read_used(process, &used_ms);
    if (entered_ms != process->script_ms) {
        process->script_ms = entered_ms;
        process->script_used_ms = used_ms;
    }
    if (!is_older(entered_ms, now_ms, config->kill_after_ms))
        return false;
    return !known || used_ms - process->script_used_ms >= config->kill_after_ms - watch_interval_ms(config);
}

static void kill_if_stuck(struct process *process, uint64_t now_ms)
{
    const struct config *config = process->supervisor->config;
    const struct metrics_slot *slot = &process->supervisor->slots[process->number];
    if (is_stuck_in_script(process, now_ms))
        process_kill(process, "a script doesn't end");
    else if (is_older(slot->values[METRICS_loop_turned], now_ms, watch_loop_limit_ms(config)))
        process_kill(process, "its loop stands still");
    else if (is_older(process->closed_ms, now_ms, config->kill_after_ms))
        process_kill(process, "it closed its channel");
    else if (is_older(process->stopped_ms, now_ms, config->kill_after_ms * STOPPED_FACTOR))
        process_kill(process, "a signal has stopped it");
}

static bool is_forgotten(const struct process *process)
{
    return process->pid == 0 && process_comes_back(process) &&
           !event_pending(process->restart, EV_TIMEOUT, NULL);
}

void watch_processes(struct supervisor *supervisor)
{
    uint64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < supervisor->process_count; i++) {
        struct process *process = &supervisor->processes[i];
        kill_if_stuck(process, now_ms);
        if (is_forgotten(process))
            process_start(process);
    }
    kill_if_stuck(&supervisor->trial, now_ms);
}

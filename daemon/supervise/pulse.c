/* Looking at the processes' slots of the metrics page, and at the store's file. */
#include "supervise/pulse.h"

#include "store/store.h"
#include "supervise/supervisor_internal.h"

enum { PATIENCE_FACTOR = 2 /* by how much we are more patient than whoever replaces what stands still */ };

static uint64_t patience_ms(const struct supervisor *supervisor)
{
    return watch_loop_limit_ms(supervisor->config) * PATIENCE_FACTOR;
}

static bool is_within(uint64_t moment_ms, uint64_t now_ms, uint64_t limit_ms)
{
    return now_ms <= moment_ms || now_ms - moment_ms <= limit_ms;
}

/* One that has not come to its loop yet counts from its start. */
static uint64_t last_sign_ms(const struct process *process)
{
    uint64_t turned_ms = process->supervisor->slots[process->number].values[METRICS_loop_turned];
    return turned_ms > process->started_ms ? turned_ms : process->started_ms;
}

/* One that was killed and can't die, as it waits for a disk, is nothing that a restart would mend. */
static bool is_fine(const struct process *process, uint64_t now_ms)
{
    return process->pid == 0 || process->killed_because != NULL ||
           is_within(last_sign_ms(process), now_ms, patience_ms(process->supervisor));
}

static bool serves(const struct process *process, uint64_t now_ms)
{
    return process->pid != 0 && process->serving > 0 &&
           is_within(last_sign_ms(process), now_ms, watch_loop_limit_ms(process->supervisor->config));
}

bool pulse_is_fine(struct supervisor *supervisor, uint64_t now_ms)
{
    if (!supervisor->ready || supervisor->stopping)
        return true;
    for (size_t i = 0; i < supervisor->worker_count; i++)
        if (serves(&supervisor->processes[i], now_ms))
            supervisor->pulse.served_ms = now_ms;
    for (size_t i = 0; i < supervisor->process_count; i++)
        if (!is_fine(&supervisor->processes[i], now_ms))
            return false;
    return is_within(supervisor->pulse.served_ms, now_ms, patience_ms(supervisor));
}

bool pulse_advances(struct supervisor *supervisor)
{
    struct pulse before = supervisor->pulse;
    const char *state = supervisor->config->state;
    for (size_t i = 0; i < supervisor->process_count; i++) {
        uint64_t turned_ms = supervisor->slots[i].values[METRICS_loop_turned];
        if (turned_ms > supervisor->pulse.turned_ms)
            supervisor->pulse.turned_ms = turned_ms;
    }
    supervisor->pulse.rewritten = *state != '\0' ? store_lmdb_rewritten(state) : 0;
    return supervisor->pulse.turned_ms != before.turned_ms || supervisor->pulse.rewritten != before.rewritten;
}

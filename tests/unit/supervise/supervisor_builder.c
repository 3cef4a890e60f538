/* Builds the supervisor of supervisor_builder.h. */
#include "supervisor_builder.h"

#include <stdio.h>
#include <stdlib.h>

static char no_state[] = "";
static struct config built_config = {
    .kill_after_ms = BUILT_LIMIT_MS / 10, .drain_seconds = 10, .state = no_state};

struct supervisor *supervisor_build(uint64_t now_ms)
{
    struct supervisor *supervisor = calloc(1, sizeof *supervisor);
    if (supervisor == NULL)
        abort();
    supervisor->config = &built_config;
    supervisor->worker_count = BUILT_WORKERS;
    supervisor->process_count = BUILT_WORKERS + 1;
    supervisor->processes = calloc(supervisor->process_count, sizeof *supervisor->processes);
    supervisor->slots = aligned_alloc(64, (supervisor->process_count + 2) * sizeof *supervisor->slots);
    if (supervisor->processes == NULL || supervisor->slots == NULL)
        abort();
    for (unsigned i = 0; i < supervisor->process_count; i++) {
        supervisor->processes[i] =
            (struct process){.supervisor = supervisor,
                             .number = i,
                             .pid = 1000 + (pid_t)i,
                             .role = i < BUILT_WORKERS ? PROCESS_WORKER : PROCESS_LEDGER,
                             .serving = 1};
        supervisor->slots[i] = (struct metrics_slot){{0}};
        metrics_set(&supervisor->slots[i], METRICS_loop_turned, now_ms);
    }
    supervisor->trial =
        (struct process){.supervisor = supervisor, .role = PROCESS_TRIAL, .number = BUILT_WORKERS + 2};
    supervisor->slots[supervisor->trial.number] = (struct metrics_slot){{0}};
    supervisor->reload.committed = 1;
    snprintf(supervisor->committed.version, sizeof supervisor->committed.version, "0123456789abcdef");
    supervisor->candidate.fd = -1;
    supervisor->ready = true;
    return supervisor;
}

void supervisor_build_free(struct supervisor *supervisor)
{
    free(supervisor->processes);
    free(supervisor->slots);
    free(supervisor);
}

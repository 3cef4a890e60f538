/* Processes' lives: forking, talking, dying, being killed, coming back. */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "supervise/descriptors.h"
#include "supervise/ledger.h"
#include "supervise/notify.h"
#include "supervise/role.h"
#include "supervise/status.h"
#include "supervise/supervisor_internal.h"
#include "supervise/trial.h"
#include "supervise/worker.h"

enum {
    QUICK_DEATH_MS = 1000,   /* a worker that lived shorter has to wait */
    FIRST_DELAY_MS = 100,    /* the wait after the first quick death */
    LONGEST_DELAY_MS = 5000, /* it doubles up to this */
    LEDGER_DELAY_MS = 400,   /* there is only one, and all events wait for it */
};

const char *process_name(const struct process *process, char out[PROCESS_NAME_SIZE])
{
    switch (process->role) {
    case PROCESS_WORKER:
        snprintf(out, PROCESS_NAME_SIZE, "worker-%u", process->number);
        break;
    case PROCESS_LEDGER:
        snprintf(out, PROCESS_NAME_SIZE, "ledger");
        break;
    case PROCESS_TRIAL:
        snprintf(out, PROCESS_NAME_SIZE, "trial");
        break;
    }
    return out;
}

/* Which of the listening sockets and of the wakes a process keeps: the ledger accepts nobody, the trial has
 * nothing to do with anybody. */
static size_t list_kept(const struct process *process, int *kept)
{
    const struct supervisor *supervisor = process->supervisor;
    size_t count = 0;
    if (process->role == PROCESS_TRIAL)
        return 0;
    for (size_t i = 0; process->role == PROCESS_WORKER && i < supervisor->sockets.count; i++)
        kept[count++] = supervisor->sockets.list[i].fd;
    if (supervisor->state_lock >= 0) /* nobody else may come in before the last of us is gone */
        kept[count++] = supervisor->state_lock;
    for (size_t i = 0; supervisor->shared != NULL && i < supervisor->worker_count; i++)
        if (process->role == PROCESS_LEDGER || i == process->number)
            kept[count++] = supervisor->shared->lanes[i].wake;
    if (supervisor->shared != NULL)
        kept[count++] = supervisor->shared->wake_ledger;
    return count;
}

static void keep_own_descriptors(const struct process *process, int channel)
{
    const struct supervisor *supervisor = process->supervisor;
    int *kept = calloc(supervisor->sockets.count + supervisor->worker_count + 3, sizeof *kept);
    if (kept == NULL)
        _exit(EXIT_FAILURE);
    size_t count = list_kept(process, kept);
    kept[count++] = channel;
    descriptors_close_others(kept, count);
    free(kept);
}

static int run(const struct process *process, const struct role_setup *setup)
{
    switch (process->role) {
    case PROCESS_WORKER:
        return worker_run(setup);
    case PROCESS_LEDGER:
        return ledger_run(setup);
    case PROCESS_TRIAL:
        return trial_run(setup);
    }
    return EXIT_FAILURE;
}

/*
 * What we inherit of the supervisor's event loop is memory only: its descriptors are closed, not
 * unregistered, because unregistering would change the supervisor's own.
 */
static _Noreturn void become(const struct process *process, int channel, pid_t parent)
{
    const struct supervisor *supervisor = process->supervisor;
    struct role_setup setup = {.number = process->number,
                               .channel = channel,
                               .sockets = &supervisor->sockets,
                               .config = supervisor->config,
                               .slots = supervisor->slots,
                               .slot_count = supervisor->slot_count,
                               .workers = supervisor->worker_count,
                               .shared = supervisor->shared,
                               .first = !supervisor->ready};
    char name[PROCESS_NAME_SIZE];
    enum log_level level;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before the line above */
        _exit(EXIT_FAILURE);
    process_name(process, name);
    if (log_level_parse(supervisor->config->log_level, &level))
        log_configure(name, level);
    keep_own_descriptors(process, channel);
    notify_forget();
    config_forget_token(supervisor->config);
    exit(run(process, &setup));
}

void process_kill(struct process *process, const char *because)
{
    if (process->pid == 0 || process->killed_because != NULL)
        return;
    char name[PROCESS_NAME_SIZE];
    log_warning("killing a process", LOG_TEXT("process", process_name(process, name)),
                LOG_NUMBER("pid", process->pid), LOG_TEXT("because", because));
    process->killed_because = because;
    kill(process->pid, SIGKILL);
}

void process_send(struct process *process, const struct channel_message *message)
{
    struct error error;
    if (process->pid == 0 || process->killed_because != NULL)
        return;
    if (!channel_send(process->channel, message, &error) && errno != EPIPE && errno != ECONNRESET)
        process_kill(process, "it reads no messages");
}

static void ask_reload(struct process *process, uint64_t ticket)
{
    struct waiter waiter = {process->number, process->pid, ticket, 1};
    site_request(process->supervisor, &waiter);
}

static void take(struct process *process, const struct channel_message *message)
{
    switch (message->type) {
    case CHANNEL_LOADED:
    case CHANNEL_REFUSED:
    case CHANNEL_SERVING:
        site_take(process->supervisor, process, message);
        break;
    case CHANNEL_RELOAD:
        ask_reload(process, message->ticket);
        break;
    case CHANNEL_ACCESS:
    case CHANNEL_LOAD:
    case CHANNEL_SWAP:
    case CHANNEL_DISCARD:
    case CHANNEL_DRAIN:
    case CHANNEL_RELOADED:
    case CHANNEL_KEPT:
        break;
    }
}

static void readable_cb(evutil_socket_t fd, short what, void *context)
{
    struct process *process = context;
    struct supervisor *supervisor = process->supervisor;
    struct channel_message message;
    enum channel_receipt receipt;
    (void)what;
    while ((receipt = channel_receive(fd, &supervisor->inbox, &message)) == CHANNEL_MESSAGE) {
        if (message.fd >= 0)
            close(message.fd);
        take(process, &message);
    }
    if (receipt == CHANNEL_EMPTY)
        return;
    event_del(process->readable); /* it ends just now, or is killed at the next look */
    process->closed_ms = clock_monotonic_ms();
}

/* It has one thing to say. It is dismissed before that is acted upon, as the next trial may come of it. */
static void trial_readable_cb(evutil_socket_t fd, short what, void *context)
{
    struct process *trial = context;
    struct supervisor *supervisor = trial->supervisor;
    struct channel_message message;
    enum channel_receipt receipt = channel_receive(fd, &supervisor->inbox, &message);
    (void)what;
    if (receipt == CHANNEL_CLOSED) {
        event_del(trial->readable);
        trial->closed_ms = clock_monotonic_ms();
    }
    if (receipt != CHANNEL_MESSAGE)
        return;
    if (message.fd >= 0)
        close(message.fd);
    process_dismiss(trial);
    site_take(supervisor, trial, &message);
}

static bool adopt(struct process *process, pid_t pid, int channel)
{
    bool is_trial = process->role == PROCESS_TRIAL;
    process->pid = pid;
    process->channel = channel;
    process->started_ms = clock_monotonic_ms();
    process->closed_ms = process->stopped_ms = 0;
    process->script_ms = 0;
    process->killed_because = NULL;
    process->serving = 0;
    process->readable = event_new(process->supervisor->base, channel, EV_READ | EV_PERSIST,
                                  is_trial ? trial_readable_cb : readable_cb, process);
    return process->readable != NULL && event_add(process->readable, NULL) == 0;
}

static pid_t fork_process(const struct process *process, int *channel, struct error *error)
{
    int ends[2];
    pid_t parent = getpid();
    if (!channel_pair(ends, error))
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        become(process, ends[1], parent);
    close(ends[1]);
    *channel = ends[0];
    if (pid < 0) {
        error_set_errno(error, "can't fork");
        close(ends[0]);
    }
    return pid;
}

/* The trial comes with a reload, not by itself. */
static void restart_later(struct process *process)
{
    if (process->restart == NULL)
        return;
    uint64_t delay_ms = process->delay_ms;
    struct timeval delay = {(time_t)(delay_ms / 1000), (suseconds_t)(delay_ms % 1000 * 1000)};
    event_add(process->restart, &delay); /* where there is no memory for it, watch_processes restarts */
}

static void choose_delay(struct process *process, uint64_t lived_ms)
{
    uint64_t longest_ms = process->role == PROCESS_LEDGER ? LEDGER_DELAY_MS : LONGEST_DELAY_MS;
    if (lived_ms >= QUICK_DEATH_MS)
        process->delay_ms = 0;
    else if (process->delay_ms == 0)
        process->delay_ms = FIRST_DELAY_MS;
    else
        process->delay_ms = process->delay_ms * 2 < longest_ms ? process->delay_ms * 2 : longest_ms;
}

void process_start(struct process *process)
{
    struct error error = {0};
    char name[PROCESS_NAME_SIZE];
    int channel = -1;
    if (process->restart != NULL)
        event_del(process->restart);
    pid_t pid = fork_process(process, &channel, &error);
    if (pid < 0) {
        log_error("can't start a process", LOG_TEXT("process", process_name(process, name)),
                  LOG_TEXT("error", error.message));
        choose_delay(process, 0);
        restart_later(process);
        site_lose(process->supervisor, process, "it could not be started");
        return;
    }
    if (!adopt(process, pid, channel))
        process_kill(process, "its channel can't be watched");
    log_debug("process started", LOG_TEXT("process", process_name(process, name)), LOG_NUMBER("pid", pid));
    site_offer(process->supervisor, process);
}

/* What a slot says of the present is no longer true once its process is gone; its counts are kept. */
static void reset_slot(struct metrics_slot *slot)
{
    metrics_set(slot, METRICS_script_entered, 0);
    metrics_set(slot, METRICS_loop_turned, 0);
    metrics_set(slot, METRICS_script_memory, 0);
    metrics_set(slot, METRICS_connections_open, 0);
    metrics_set(slot, METRICS_workers_overloaded, 0);
    metrics_set(slot, METRICS_listeners_full, 0);
}

static void describe_end(const struct process *process, int status, char *out, size_t size)
{
    if (process->killed_because != NULL)
        snprintf(out, size, "killed because %s", process->killed_because);
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        snprintf(out, size, "it made a system call that it has no need of");
    else if (WIFSIGNALED(status))
        snprintf(out, size, "signal %s", sigabbrev_np(WTERMSIG(status)));
    else
        snprintf(out, size, "exit code %d", WEXITSTATUS(status));
}

static void release(struct process *process)
{
    if (process->readable != NULL)
        event_free(process->readable);
    close(process->channel);
    process->readable = NULL;
    process->channel = -1;
    process->pid = 0;
    process->serving = 0;
    if (process->role == PROCESS_LEDGER)
        atomic_store(&process->supervisor->shared->state->ledger_serves, false);
    reset_slot(&process->supervisor->slots[process->number]);
}

void process_dismiss(struct process *process)
{
    if (process->pid == 0)
        return;
    kill(process->pid, SIGKILL); /* whatever became of it: nothing may linger that nobody watches */
    release(process);
}

/* What was tried is to blame, not the daemon: there is nothing to restart. */
static void bury_trial(struct process *trial, pid_t pid, const char *how)
{
    char name[PROCESS_NAME_SIZE];
    log_warning("process ended", LOG_TEXT("process", process_name(trial, name)), LOG_NUMBER("pid", pid),
                LOG_TEXT("how", how));
    site_lose(trial->supervisor, trial, how);
}

/* Before anybody was served there is nothing to write down. */
bool process_comes_back(const struct process *process)
{
    const struct supervisor *supervisor = process->supervisor;
    return !supervisor->stopping || (process->role == PROCESS_LEDGER && supervisor->ready &&
                                     !supervisor->drains_ledger && !supervisor->gives_up);
}

static void bury(struct process *process, int status)
{
    struct supervisor *supervisor = process->supervisor;
    pid_t pid = process->pid;
    char how[128], name[PROCESS_NAME_SIZE];
    describe_end(process, status, how, sizeof how);
    release(process);
    if (!process_comes_back(process)) {
        log_debug("process ended", LOG_TEXT("process", process_name(process, name)), LOG_TEXT("how", how));
        return;
    }
    if (process->role == PROCESS_TRIAL) {
        bury_trial(process, pid, how);
        return;
    }
    if (process->role == PROCESS_LEDGER && !supervisor->ready && WIFEXITED(status)) {
        supervisor_stop(supervisor, EXIT_FAILURE); /* it has said why */
        return;
    }
    choose_delay(process, clock_monotonic_ms() - process->started_ms);
    log_warning("process ended", LOG_TEXT("process", process_name(process, name)), LOG_NUMBER("pid", pid),
                LOG_TEXT("how", how), LOG_NUMBER("restart_in_ms", process->delay_ms));
    restart_later(process);
    site_lose(supervisor, process, how);
    status_tell(supervisor);
}

static struct process *find(struct supervisor *supervisor, pid_t pid)
{
    for (size_t i = 0; i < supervisor->process_count; i++)
        if (supervisor->processes[i].pid == pid)
            return &supervisor->processes[i];
    return supervisor->trial.pid == pid ? &supervisor->trial : NULL;
}

static void note_change(struct process *process, int status)
{
    if (WIFSTOPPED(status))
        process->stopped_ms = clock_monotonic_ms();
    else if (WIFCONTINUED(status))
        process->stopped_ms = 0;
    else
        bury(process, status);
}

/* One SIGCHLD may stand for several; nobody mourns a trial that was dismissed, nor children that we inherited
 * through exec. */
void process_reap_all(struct supervisor *supervisor)
{
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED);
        if (pid < 0 && errno == EINTR)
            continue;
        if (pid <= 0)
            break;
        struct process *process = find(supervisor, pid);
        if (process != NULL)
            note_change(process, status);
    }
    if (supervisor->stopping)
        supervisor_stop_on(supervisor);
}

bool process_any_alive(const struct supervisor *supervisor, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (supervisor->processes[i].pid != 0)
            return true;
    return false;
}

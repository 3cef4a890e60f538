/* The supervisor's start, its loop of signals and timers, and its end. */
#include "supervise/supervisor.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/log_output.h"
#include "base/state.h"
#include "config/secrets.h"
#include "supervise/confine.h"
#include "supervise/descriptors.h"
#include "supervise/notify.h"
#include "supervise/status.h"
#include "supervise/supervisor_internal.h"

enum {
    LATE_FACTOR = 4, /* that many intervals late, we were stopped ourselves and everybody else was, too */
    EXTEND_EVERY_MS = 5000,    /* while starting or loading goes on, more time is asked for that often */
    EXTEND_US = 90 * 1000000,  /* so much more */
    STOPPED_WITHIN_MS = 10000, /* after the time for draining, whoever is left has been killed */
};

static void kill_all(struct supervisor *supervisor, const char *because)
{
    supervisor->gives_up = true;
    for (size_t i = 0; i < supervisor->process_count; i++)
        process_kill(&supervisor->processes[i], because);
}

static void drain(struct process *process)
{
    struct channel_message message = {.type = CHANNEL_DRAIN, .fd = -1};
    event_del(process->restart);
    process_send(process, &message);
}

/* Takes no memory, and holds also if the loop hasn't begun. */
static void end_loop(struct supervisor *supervisor)
{
    supervisor->finished = true;
    event_base_loopbreak(supervisor->base);
}

static void drain_workers(struct supervisor *supervisor)
{
    struct timeval limit = {(time_t)supervisor->config->drain_seconds, 0};
    for (size_t i = 0; i < supervisor->worker_count; i++)
        drain(&supervisor->processes[i]);
    if (event_add(supervisor->deadline, &limit) < 0)
        kill_all(supervisor, "there is no memory to watch its time to finish");
    supervisor_stop_on(supervisor);
}

/* One that is away, waiting for its restart, comes back at once and for the last time: it writes down what
 * the workers left. */
static void drain_ledger(struct supervisor *supervisor)
{
    for (size_t i = supervisor->worker_count; i < supervisor->process_count; i++) {
        struct process *ledger = &supervisor->processes[i];
        if (ledger->pid == 0 && process_comes_back(ledger))
            process_start(ledger);
        drain(ledger);
    }
    supervisor->drains_ledger = true;
    status_tell(supervisor);
}

void supervisor_stop_on(struct supervisor *supervisor)
{
    if (!supervisor->drains_ledger && !process_any_alive(supervisor, supervisor->worker_count))
        drain_ledger(supervisor);
    if (!process_any_alive(supervisor, supervisor->process_count))
        end_loop(supervisor);
}

void supervisor_stop(struct supervisor *supervisor, int exit_code)
{
    if (supervisor->stopping) {
        kill_all(supervisor, "we were told twice to stop");
        return;
    }
    log_notice("stopping");
    site_give_up(supervisor, "the daemon is stopping");
    supervisor->stopping = true;
    notify_stopping(status_write(supervisor, supervisor->told),
                    (supervisor->config->drain_seconds * 1000 + STOPPED_WITHIN_MS) * 1000);
    supervisor->exit_code = exit_code;
    sockets_close(&supervisor->sockets);
    drain_workers(supervisor);
}

static void deadline_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    kill_all(context, "its time to finish is over");
}

static void take_signal(struct supervisor *supervisor, int number)
{
    if (number == SIGCHLD)
        process_reap_all(supervisor);
    else if (number == SIGHUP)
        site_request(supervisor, NULL);
    else
        supervisor_stop(supervisor, EXIT_SUCCESS);
}

static void signal_cb(evutil_socket_t fd, short what, void *context)
{
    struct signalfd_siginfo info;
    (void)what;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info)
        take_signal(context, (int)info.ssi_signo);
}

/* Systemd's patience is for those who stand still; who gets on may take as long as it takes. */
static void extend(struct supervisor *supervisor, uint64_t now_ms)
{
    bool takes_time = !supervisor->ready || supervisor->reload.phase != RELOAD_IDLE;
    uint64_t since_ms = now_ms - supervisor->pulse.extended_ms;
    if (!takes_time || supervisor->stopping || since_ms < EXTEND_EVERY_MS || !pulse_advances(supervisor))
        return;
    supervisor->pulse.extended_ms = now_ms;
    notify_extend(status_write(supervisor, supervisor->told), EXTEND_US);
}

static void watch_cb(evutil_socket_t fd, short what, void *context)
{
    struct supervisor *supervisor = context;
    uint64_t now_ms = clock_monotonic_ms();
    bool late = now_ms - supervisor->watched_ms > watch_interval_ms(supervisor->config) * LATE_FACTOR;
    (void)fd, (void)what;
    supervisor->watched_ms = now_ms;
    if (!late)
        watch_processes(supervisor);
    extend(supervisor, now_ms);
}

static void watchdog_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    if (pulse_is_fine(context, clock_monotonic_ms()))
        notify_watchdog();
}

/* Blocked from the beginning, so that none is lost between two steps of starting. */
static bool block_signals(struct supervisor *supervisor, struct error *error)
{
    static const int numbers[] = {SIGCHLD, SIGHUP, SIGINT, SIGTERM};
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        signal(numbers[i], SIG_DFL); /* whoever started us may have ignored them */
        sigaddset(&blocked, numbers[i]);
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    supervisor->signal_fd = signalfd(-1, &blocked, SFD_NONBLOCK | SFD_CLOEXEC);
    if (supervisor->signal_fd < 0 || sigprocmask(SIG_SETMASK, &blocked, NULL) < 0)
        return error_set_errno(error, "can't watch for signals");
    return true;
}

static struct event *add_timer(struct supervisor *supervisor, event_callback_fn callback, uint64_t period_us)
{
    struct timeval period = {(time_t)(period_us / 1000000), (suseconds_t)(period_us % 1000000)};
    struct event *event = event_new(supervisor->base, -1, EV_PERSIST, callback, supervisor);
    if (event == NULL || event_add(event, &period) == 0)
        return event;
    event_free(event);
    return NULL;
}

static bool add_events(struct supervisor *supervisor, struct error *error)
{
    uint64_t watchdog_us = notify_watchdog_interval_us();
    supervisor->base = event_base_new();
    if (supervisor->base == NULL)
        return error_set(error, ERROR_INTERNAL, "can't make an event loop");
    supervisor->signals =
        event_new(supervisor->base, supervisor->signal_fd, EV_READ | EV_PERSIST, signal_cb, supervisor);
    supervisor->deadline = evtimer_new(supervisor->base, deadline_cb, supervisor);
    supervisor->watch = add_timer(supervisor, watch_cb, watch_interval_ms(supervisor->config) * 1000);
    supervisor->watched_ms = clock_monotonic_ms();
    if (watchdog_us > 0)
        supervisor->watchdog = add_timer(supervisor, watchdog_cb, watchdog_us);
    if (supervisor->signals == NULL || supervisor->deadline == NULL || supervisor->watch == NULL ||
        (watchdog_us > 0 && supervisor->watchdog == NULL) || event_add(supervisor->signals, NULL) < 0)
        return error_set(error, ERROR_INTERNAL, "can't watch for signals");
    return true;
}

static void restart_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    process_start(context);
}

/* Without a folder for it there is no memory, and no ledger. */
static bool has_ledger(const struct config *config)
{
    return *config->state != '\0';
}

static bool add_processes(struct supervisor *supervisor, struct error *error)
{
    size_t workers = config_workers(supervisor->config);
    size_t count = workers + has_ledger(supervisor->config);
    supervisor->processes = calloc(count, sizeof *supervisor->processes);
    if (supervisor->processes == NULL || !reload_create(&supervisor->reload, count, error))
        return error_set(error, ERROR_INTERNAL, "out of memory for %zu workers", count);
    for (; supervisor->process_count < count; supervisor->process_count++) {
        struct process *process = &supervisor->processes[supervisor->process_count];
        process->supervisor = supervisor;
        process->role = supervisor->process_count < workers ? PROCESS_WORKER : PROCESS_LEDGER;
        process->number = (unsigned)supervisor->process_count;
        process->channel = -1;
        process->restart = evtimer_new(supervisor->base, restart_cb, process);
        if (process->restart == NULL)
            return error_set(error, ERROR_INTERNAL, "out of memory for %zu workers", count);
    }
    supervisor->worker_count = workers;
    supervisor->trial = (struct process){
        .supervisor = supervisor, .role = PROCESS_TRIAL, .number = (unsigned)count + 1, .channel = -1};
    return true;
}

static bool share_memory(struct supervisor *supervisor, struct error *error)
{
    supervisor->slot_count = supervisor->process_count + 2;
    supervisor->slots = metrics_map(supervisor->slot_count);
    if (supervisor->slots == NULL)
        return error_set_errno(error, "can't map the metrics");
    if (has_ledger(supervisor->config))
        supervisor->shared = shared_new(supervisor->worker_count, error);
    return supervisor->shared != NULL || !has_ledger(supervisor->config);
}

static bool hold_state(struct supervisor *supervisor, struct error *error)
{
    if (*supervisor->config->state == '\0')
        return true;
    supervisor->state_lock = state_lock(supervisor->config->state, error);
    return supervisor->state_lock >= 0;
}

static bool speaks_tls(const struct sockets *sockets)
{
    for (size_t i = 0; i < sockets->count; i++)
        if (sockets->list[i].tls)
            return true;
    return false;
}

/* Before the first look at the files, and never again: the listeners do not change either. */
static bool prepare_access(struct supervisor *supervisor, struct error *error)
{
    ssize_t size = getrandom(supervisor->token_key, sizeof supervisor->token_key, 0);
    supervisor->needs_token = secrets_need_token(supervisor->config);
    supervisor->needs_tls = speaks_tls(&supervisor->sockets);
    return size == sizeof supervisor->token_key || error_set_errno(error, "no random numbers");
}

static bool supervisor_create(struct supervisor *supervisor, struct config *config, struct error *error)
{
    supervisor->config = config;
    supervisor->state_lock = supervisor->signal_fd = -1;
    supervisor->committed.fd = supervisor->candidate.fd = -1;
    supervisor->committed.access_fd = supervisor->candidate.access_fd = -1;
    return block_signals(supervisor, error) && hold_state(supervisor, error) &&
           sockets_open(&supervisor->sockets, config, error) && prepare_access(supervisor, error) &&
           add_events(supervisor, error) && add_processes(supervisor, error) &&
           share_memory(supervisor, error);
}

static void free_event(struct event *event)
{
    if (event != NULL)
        event_free(event);
}

static void destroy_processes(struct supervisor *supervisor)
{
    for (size_t i = 0; i < supervisor->process_count; i++)
        free_event(supervisor->processes[i].restart);
    free(supervisor->processes);
    reload_destroy(&supervisor->reload);
    if (supervisor->shared != NULL)
        shared_free(supervisor->shared);
    if (supervisor->slots != NULL)
        metrics_unmap(supervisor->slots, supervisor->slot_count);
}

/* Every worker is dead by now, or none was ever started. */
static void supervisor_destroy(struct supervisor *supervisor)
{
    sockets_close(&supervisor->sockets);
    destroy_processes(supervisor);
    site_close(&supervisor->committed);
    site_close(&supervisor->candidate);
    free_event(supervisor->signals);
    free_event(supervisor->watch);
    free_event(supervisor->watchdog);
    free_event(supervisor->deadline);
    if (supervisor->base != NULL)
        event_base_free(supervisor->base);
    if (supervisor->signal_fd >= 0)
        close(supervisor->signal_fd);
    if (supervisor->state_lock >= 0)
        close(supervisor->state_lock);
}

/* Said at every start, so that nobody relies on a wall that isn't there. */
static void confine(const struct config *config)
{
    struct error error = {0};
    const char *why = config->confine == 0 ? "the option confine is 0" : confine_unavailable();
    if (why != NULL)
        log_notice("workers are not confined", LOG_TEXT("because", why));
    else if (!confine_memory(&error))
        log_warning("not confined in every way", LOG_TEXT("error", error.message));
}

static int serve(struct supervisor *supervisor, struct config *config)
{
    struct error error = {0};
    confine(config);
    if (!supervisor_create(supervisor, config, &error) || !site_begin_first(supervisor, &error)) {
        log_error("can't start", LOG_TEXT("error", error.message));
        return EXIT_FAILURE;
    }
    if (!supervisor->finished)
        event_base_dispatch(supervisor->base);
    log_notice("stopped");
    return supervisor->exit_code;
}

int supervisor_run(struct config *config)
{
    struct supervisor *supervisor = calloc(1, sizeof *supervisor);
    enum log_level level = LOG_LEVEL_INFO;
    if (log_level_parse(config->log_level, &level))
        log_configure("supervisor", level);
    if (supervisor == NULL) {
        log_error("can't start", LOG_TEXT("error", "out of memory"));
        return EXIT_FAILURE;
    }
    log_output_open();
    descriptors_allow_all();
    int exit_code = serve(supervisor, config);
    supervisor_destroy(supervisor);
    free(supervisor);
    return exit_code;
}

/* The loop that roles share: messages from the supervisor, steps of loading in between, a heartbeat. */
#include "supervise/role.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"

struct metrics_slot *role_slot(const struct role *role)
{
    return &role->setup->slots[role->setup->number];
}

void role_turn(struct role *role)
{
    metrics_set(role_slot(role), METRICS_loop_turned, clock_monotonic_ms());
}

void role_end(struct role *role, int exit_code)
{
    role->exit_code = exit_code;
    event_base_loopbreak(role->base);
}

/* A supervisor that doesn't take our messages is gone or about to kill us. */
static void tell(struct role *role, enum channel_type type, uint32_t generation, struct text text)
{
    struct channel_message message = {.type = type, .generation = generation, .text = text, .fd = -1};
    struct error error;
    if (!channel_send(role->setup->channel, &message, &error)) {
        log_error("can't reach the supervisor", LOG_TEXT("error", error.message));
        role_end(role, EXIT_FAILURE);
    }
}

static void forget_loading(struct role *role)
{
    event_del(role->step);
    if (role->loading != NULL)
        engine_loading_free(role->loading);
    role->loading = NULL;
    bundle_unmap(role->bundle);
    role->bundle = NULL;
    if (role->next != NULL)
        engine_free(role->next);
    role->next = NULL;
}

/* Finishing can fail, too, so that it comes before anything is promised. */
static bool finish_loading(struct role *role)
{
    struct engine *engine = engine_loading_finish(role->loading);
    role->loading = NULL;
    forget_loading(role);
    role->next = engine;
    return engine != NULL;
}

static void tell_outcome(struct role *role, bool loaded)
{
    struct buffer text;
    buffer_create(&text);
    problems_print_errors_first(engine_loading_problems(role->loading), &text);
    if (loaded && !finish_loading(role))
        tell(role, CHANNEL_REFUSED, role->generation, TEXT("out of memory for the site"));
    else
        tell(role, loaded ? CHANNEL_LOADED : CHANNEL_REFUSED, role->generation,
             (struct text){text.bytes, text.length});
    buffer_destroy(&text);
    if (!loaded)
        forget_loading(role);
}

static void schedule_step(struct role *role)
{
    const struct timeval at_once = {0, 0};
    if (event_add(role->step, &at_once) < 0)
        event_active(role->step, EV_TIMEOUT,
                     0); /* takes no memory; whoever is waiting waits a little longer */
}

/* A timer of no length lets the loop serve what is waiting between two steps. */
static void step_cb(evutil_socket_t fd, short what, void *context)
{
    struct role *role = context;
    (void)fd, (void)what;
    role_turn(role);
    switch (engine_loading_step(role->loading)) {
    case ENGINE_MORE:
        schedule_step(role);
        break;
    case ENGINE_LOADED:
        tell_outcome(role, true);
        break;
    case ENGINE_REFUSED:
        tell_outcome(role, false);
        break;
    }
}

static bool begin_loading(struct role *role, int fd, struct error *error)
{
    const struct config *config = role->setup->config;
    struct engine_options options = {
        .deadline = &role->deadline,
        .deadline_ms = (uint32_t)config->deadline_ms,
        .script_memory = (size_t)config->script_memory,
        .load_memory = (size_t)config->load_memory,
        .memo_memory = role->memo_memory,
        .answer_memory = role->answer_memory,
        .file_ms = (uint32_t)config->kill_after_ms / 4, /* stopped well before we are taken for stuck */
        .metrics = role_slot(role),
    };
    role->bundle = bundle_map(fd, error);
    if (role->bundle == NULL)
        return false;
    role->loading = engine_loading_new(role->bundle, role->site_name, &options, error);
    return role->loading != NULL;
}

static void forget_access(struct role *role)
{
    access_free(role->access);
    role->access = NULL;
}

static void take_access(struct role *role, const struct channel_message *message)
{
    struct error error = {0};
    forget_access(role);
    role->access_of = message->generation;
    role->access = access_open(message->fd, &error);
    if (role->access == NULL)
        tell(role, CHANNEL_REFUSED, message->generation, text_from(error.message));
}

/* A second site that comes while one is being loaded takes its place. */
static void load(struct role *role, const struct channel_message *message)
{
    struct error error = {0};
    forget_loading(role);
    role->generation = message->generation;
    if (role->access_of == message->generation && role->access == NULL)
        return; /* refused already */
    if (begin_loading(role, message->fd, &error)) {
        schedule_step(role);
        return;
    }
    tell(role, CHANNEL_REFUSED, role->generation, text_from(error.message));
    forget_loading(role);
}

static void swap(struct role *role, uint32_t generation)
{
    struct engine *next = role->next;
    if (next == NULL || role->generation != generation)
        return;
    struct access *access = role->access_of == generation ? role->access : NULL;
    role->next = NULL;
    role->access = NULL;
    if (role->hooks.swap(role->hooks.context, next, access))
        tell(role, CHANNEL_SERVING, generation, TEXT(""));
}

/* Reloads go on meanwhile: a request that waits for one has to be answered before the process may end. */
void role_drain(struct role *role)
{
    if (role->draining)
        return;
    role->draining = true;
    role->hooks.drain(role->hooks.context);
}

bool role_expects_site(const struct role *role)
{
    return role->loading != NULL || role->next != NULL;
}

static void obey(struct role *role, const struct channel_message *message)
{
    switch (message->type) {
    case CHANNEL_ACCESS:
        take_access(role, message);
        break;
    case CHANNEL_LOAD:
        load(role, message);
        break;
    case CHANNEL_SWAP:
        swap(role, message->generation);
        break;
    case CHANNEL_DISCARD:
        if (role->generation == message->generation)
            forget_loading(role);
        if (role->access_of == message->generation)
            forget_access(role);
        break;
    case CHANNEL_DRAIN:
        role_drain(role);
        break;
    case CHANNEL_RELOADED:
    case CHANNEL_KEPT:
        if (role->hooks.take != NULL)
            role->hooks.take(role->hooks.context, message);
        break;
    case CHANNEL_LOADED:
    case CHANNEL_REFUSED:
    case CHANNEL_SERVING:
    case CHANNEL_RELOAD:
        break;
    }
}

static void readable_cb(evutil_socket_t fd, short what, void *context)
{
    struct role *role = context;
    struct channel_message message;
    enum channel_receipt receipt;
    (void)what;
    role_turn(role);
    while ((receipt = channel_receive(fd, &role->inbox, &message)) == CHANNEL_MESSAGE) {
        obey(role, &message);
        if (message.fd >= 0)
            close(message.fd);
    }
    if (receipt == CHANNEL_CLOSED) /* nobody would restart us, and the sockets have to be set free */
        role_end(role, EXIT_FAILURE);
}

static void heartbeat_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    role_turn(context);
}

static void signal_cb(evutil_socket_t fd, short what, void *context)
{
    struct role *role = context;
    struct signalfd_siginfo info;
    (void)what;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info)
        continue;
    if (!role->hooks.outlives_term)
        role_drain(role);
}

/*
 * SIGTERM to a process alone, or to all processes of the service, drains it, unless others still need it
 * then. What a terminal sends to the whole group is the supervisor's affair. Every other signal is as it was,
 * for the scripts' timers.
 */
static bool watch_signals(struct role *role, struct error *error)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of the write, as a full disk is */
    role->signal_fd = signalfd(-1, &blocked, SFD_NONBLOCK | SFD_CLOEXEC);
    if (role->signal_fd < 0 || sigprocmask(SIG_SETMASK, &blocked, NULL) < 0)
        return error_set_errno(error, "can't watch for signals");
    return true;
}

static bool add_events(struct role *role, struct error *error)
{
    uint64_t beat_ms = role->setup->config->kill_after_ms; /* the supervisor allows for several of these */
    const struct timeval beat = {(time_t)(beat_ms / 1000), (suseconds_t)(beat_ms % 1000 * 1000)};
    short reading = EV_READ | EV_PERSIST;
    role->readable = event_new(role->base, role->setup->channel, reading, readable_cb, role);
    role->signals = event_new(role->base, role->signal_fd, reading, signal_cb, role);
    role->heartbeat = event_new(role->base, -1, EV_PERSIST, heartbeat_cb, role);
    role->step = evtimer_new(role->base, step_cb, role);
    if (role->readable == NULL || role->signals == NULL || role->heartbeat == NULL || role->step == NULL ||
        event_add(role->readable, NULL) < 0 || event_add(role->signals, NULL) < 0 ||
        event_add(role->heartbeat, &beat) < 0)
        return error_set(error, ERROR_INTERNAL, "can't watch the channel");
    return true;
}

bool role_create(struct role *role, const struct role_setup *setup, struct role_hooks hooks,
                 struct error *error)
{
    role->setup = setup;
    role->hooks = hooks;
    role->signal_fd = -1;
    role->exit_code = EXIT_FAILURE;
    role->base = event_base_new();
    if (role->base == NULL)
        return error_set(error, ERROR_INTERNAL, "can't make an event loop");
    if (!watch_signals(role, error) || !deadline_create(&role->deadline, error))
        return false;
    role->deadline.entered_ms = &role_slot(role)->values[METRICS_script_entered];
    role->timed = true;
    config_site_name(setup->config, role->site_name);
    return add_events(role, error);
}

/* One that the kernel does not confine serves all the same; the other walls stand. */
static void confine(const struct role *role, enum confine_files files)
{
    const struct config *config = role->setup->config;
    struct error error = {0};
    if (config->confine == 0 || confine_unavailable() != NULL)
        return;
    if (confine_process(files, config->state, &error))
        log_debug("confined");
    else
        log_warning("not confined in every way", LOG_TEXT("error", error.message));
}

int role_run(struct role *role, enum confine_files files)
{
    confine(role, files);
    role_turn(role);
    event_base_dispatch(role->base);
    return role->exit_code;
}

static void free_event(struct event *event)
{
    if (event != NULL)
        event_free(event);
}

void role_destroy(struct role *role)
{
    if (role->step != NULL)
        forget_loading(role);
    forget_access(role);
    if (role->timed)
        deadline_destroy(&role->deadline);
    free_event(role->readable);
    free_event(role->step);
    free_event(role->heartbeat);
    free_event(role->signals);
    if (role->signal_fd >= 0)
        close(role->signal_fd);
    if (role->base != NULL)
        event_base_free(role->base);
    close(role->setup->channel);
}

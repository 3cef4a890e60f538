/* The worker's loop: messages from the supervisor, steps of loading in between, a heartbeat. */
#include "supervise/worker.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "flow/engine.h"
#include "script/deadline.h"
#include "serve/server.h"
#include "supervise/channel.h"

enum { MOST_RELOADS = 64 }; /* that clients may wait for at once */

struct worker {
    const struct worker_setup *setup; /* borrowed */
    struct event_base *base;          /* the loop; owned */
    struct server *server;            /* connections; owned */
    struct engine *engine;            /* what is served; owned; NULL before the first swap */

    struct bundle *bundle;            /* of the site being loaded; owned; NULL: none */
    struct engine_loading *loading;   /* owned; NULL: nothing is being loaded */
    struct engine *next;              /* loaded, waits for its swap; owned; NULL: none */
    uint32_t generation;              /* of the site being loaded, or of `next` */
    struct deadline deadline;         /* of the scripts of all engines */
    char site_name[CONFIG_NAME_SIZE]; /* what a site without a name is called */

    struct event *readable;  /* the channel has something; owned */
    struct event *step;      /* the next step of loading; owned */
    struct event *heartbeat; /* shows that the loop turns; owned */
    struct event *signals;   /* SIGTERM; owned */
    int signal_fd;           /* behind `signals`; owned */
    uint64_t reloads;        /* asked for and not answered */
    bool timed;              /* the deadline was created */
    bool draining;           /* on the way out */
    int exit_code;           /* of the process */

    struct channel_inbox inbox; /* last message */
};

static struct metrics_slot *own_slot(const struct worker *worker)
{
    return &worker->setup->slots[worker->setup->number];
}

static void turn(struct worker *worker)
{
    metrics_set(own_slot(worker), METRICS_loop_turned, clock_monotonic_ms());
}

static void end(struct worker *worker, int exit_code)
{
    worker->exit_code = exit_code;
    event_base_loopbreak(worker->base);
}

/* A supervisor that doesn't take our messages is gone or about to kill us. */
static void tell(struct worker *worker, enum channel_type type, uint32_t generation, struct text text)
{
    struct channel_message message = {.type = type, .generation = generation, .text = text, .fd = -1};
    struct error error;
    if (!channel_send(worker->setup->channel, &message, &error)) {
        log_error("can't reach the supervisor", LOG_TEXT("error", error.message));
        end(worker, EXIT_FAILURE);
    }
}

static void forget_loading(struct worker *worker)
{
    event_del(worker->step);
    if (worker->loading != NULL)
        engine_loading_free(worker->loading);
    worker->loading = NULL;
    bundle_unmap(worker->bundle);
    worker->bundle = NULL;
    if (worker->next != NULL)
        engine_free(worker->next);
    worker->next = NULL;
}

/* Finishing can fail, too, so that it comes before anything is promised. */
static bool finish_loading(struct worker *worker)
{
    struct engine *engine = engine_loading_finish(worker->loading);
    worker->loading = NULL;
    forget_loading(worker);
    worker->next = engine;
    return engine != NULL;
}

static void tell_outcome(struct worker *worker, bool loaded)
{
    struct buffer text;
    buffer_create(&text);
    problems_print(engine_loading_problems(worker->loading), &text);
    if (loaded && !finish_loading(worker))
        tell(worker, CHANNEL_REFUSED, worker->generation, TEXT("out of memory for the site"));
    else
        tell(worker, loaded ? CHANNEL_LOADED : CHANNEL_REFUSED, worker->generation,
             (struct text){text.bytes, text.length});
    buffer_destroy(&text);
    if (!loaded)
        forget_loading(worker);
}

static void schedule_step(struct worker *worker)
{
    const struct timeval at_once = {0, 0};
    event_add(worker->step, &at_once);
}

/* A timer of no length lets the loop serve what is waiting between two steps. */
static void step_cb(evutil_socket_t fd, short what, void *context)
{
    struct worker *worker = context;
    (void)fd, (void)what;
    turn(worker);
    switch (engine_loading_step(worker->loading)) {
    case ENGINE_MORE:
        schedule_step(worker);
        break;
    case ENGINE_LOADED:
        tell_outcome(worker, true);
        break;
    case ENGINE_REFUSED:
        tell_outcome(worker, false);
        break;
    }
}

static bool begin_loading(struct worker *worker, int fd, struct error *error)
{
    const struct config *config = worker->setup->config;
    struct engine_options options = {
        .deadline = &worker->deadline,
        .deadline_ms = (uint32_t)config->deadline_ms,
        .script_memory = (size_t)config->script_memory,
        .load_memory = (size_t)config->load_memory,
        .memo_memory = (size_t)config->memo_memory,
        .file_ms = (uint32_t)config->kill_after_ms / 4, /* stopped well before we are taken for stuck */
        .metrics = own_slot(worker),
    };
    worker->bundle = bundle_map(fd, error);
    if (worker->bundle == NULL)
        return false;
    worker->loading = engine_loading_new(worker->bundle, worker->site_name, &options, error);
    return worker->loading != NULL;
}

/* A second site that comes while one is being loaded takes its place. */
static void load(struct worker *worker, const struct channel_message *message)
{
    struct error error = {0};
    forget_loading(worker);
    worker->generation = message->generation;
    if (begin_loading(worker, message->fd, &error)) {
        schedule_step(worker);
        return;
    }
    tell(worker, CHANNEL_REFUSED, worker->generation, text_from(error.message));
    forget_loading(worker);
}

static bool listen_to_all(struct worker *worker, struct error *error)
{
    for (size_t i = 0; i < worker->setup->sockets->count; i++) {
        const struct listener *listener = &worker->setup->sockets->list[i];
        if (!server_listen(worker->server, listener->fd, listener->control, error))
            return false;
    }
    return true;
}

/* Nobody is accepted before there is something to answer from. */
static bool open_doors(struct worker *worker)
{
    struct error error;
    if (listen_to_all(worker, &error))
        return true;
    log_error("can't accept connections", LOG_TEXT("error", error.message));
    end(worker, EXIT_FAILURE);
    return false;
}

static void swap(struct worker *worker, uint32_t generation)
{
    if (worker->next == NULL || worker->generation != generation)
        return;
    worker->engine = worker->next;
    worker->next = NULL;
    struct engine *old = server_set_engine(worker->server, worker->engine);
    if (old != NULL)
        engine_free(old);
    else if (!worker->draining && !open_doors(worker))
        return;
    tell(worker, CHANNEL_SERVING, generation, TEXT(""));
}

static void drained_cb(void *context)
{
    end(context, EXIT_SUCCESS);
}

/* Reloads go on meanwhile: a request that waits for one has to be answered before the worker may end. */
static void drain(struct worker *worker)
{
    if (worker->draining)
        return;
    worker->draining = true;
    server_drain(worker->server, drained_cb, worker);
}

/* The server takes a string; the text in the inbox has no NUL behind it. */
static void pass_answer(struct worker *worker, const struct channel_message *message)
{
    char *text = strndup(message->text.bytes, message->text.length);
    for (uint64_t i = 0; i < message->tickets; i++)
        server_reload_done(worker->server, message->ticket + i, message->type == CHANNEL_RELOADED,
                           text != NULL ? text : "out of memory");
    worker->reloads -= message->tickets;
    free(text);
}

static void obey(struct worker *worker, const struct channel_message *message)
{
    switch (message->type) {
    case CHANNEL_LOAD:
        load(worker, message);
        break;
    case CHANNEL_SWAP:
        swap(worker, message->generation);
        break;
    case CHANNEL_DISCARD:
        if (worker->generation == message->generation)
            forget_loading(worker);
        break;
    case CHANNEL_DRAIN:
        drain(worker);
        break;
    case CHANNEL_RELOADED:
    case CHANNEL_KEPT:
        pass_answer(worker, message);
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
    struct worker *worker = context;
    struct channel_message message;
    enum channel_receipt receipt;
    (void)what;
    turn(worker);
    while ((receipt = channel_receive(fd, &worker->inbox, &message)) == CHANNEL_MESSAGE) {
        obey(worker, &message);
        if (message.fd >= 0)
            close(message.fd);
    }
    if (receipt == CHANNEL_CLOSED) /* nobody would restart us, and the sockets have to be set free */
        end(worker, EXIT_FAILURE);
}

static void heartbeat_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    turn(context);
}

static void signal_cb(evutil_socket_t fd, short what, void *context)
{
    struct signalfd_siginfo info;
    (void)what;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info)
        continue;
    drain(context);
}

static bool ask_reload(void *context, uint64_t ticket)
{
    struct worker *worker = context;
    struct channel_message message = {.type = CHANNEL_RELOAD, .ticket = ticket, .fd = -1};
    struct error error;
    if (worker->draining || worker->reloads == MOST_RELOADS ||
        !channel_send(worker->setup->channel, &message, &error))
        return false;
    worker->reloads++;
    return true;
}

/*
 * SIGTERM to a worker alone, or to all processes of the service, drains it. What a terminal sends to the
 * whole group is the supervisor's affair. Every other signal is as it was, for the scripts' timers.
 */
static bool watch_signals(struct worker *worker, struct error *error)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    worker->signal_fd = signalfd(-1, &blocked, SFD_NONBLOCK | SFD_CLOEXEC);
    if (worker->signal_fd < 0 || sigprocmask(SIG_SETMASK, &blocked, NULL) < 0)
        return error_set_errno(error, "can't watch for signals");
    return true;
}

static bool add_events(struct worker *worker, struct error *error)
{
    uint64_t beat_ms = worker->setup->config->kill_after_ms; /* the supervisor allows for several of these */
    const struct timeval beat = {(time_t)(beat_ms / 1000), (suseconds_t)(beat_ms % 1000 * 1000)};
    short reading = EV_READ | EV_PERSIST;
    worker->readable = event_new(worker->base, worker->setup->channel, reading, readable_cb, worker);
    worker->signals = event_new(worker->base, worker->signal_fd, reading, signal_cb, worker);
    worker->heartbeat = event_new(worker->base, -1, EV_PERSIST, heartbeat_cb, worker);
    worker->step = evtimer_new(worker->base, step_cb, worker);
    if (worker->readable == NULL || worker->signals == NULL || worker->heartbeat == NULL ||
        worker->step == NULL || event_add(worker->readable, NULL) < 0 ||
        event_add(worker->signals, NULL) < 0 || event_add(worker->heartbeat, &beat) < 0)
        return error_set(error, ERROR_INTERNAL, "can't watch the channel");
    return true;
}

static bool add_server(struct worker *worker, struct error *error)
{
    const struct worker_setup *setup = worker->setup;
    const struct config *config = setup->config;
    struct server_options options = {
        .limits = {.bytes = (size_t)config->message_bytes,
                   .depth = (uint32_t)config->message_depth,
                   .items = (uint32_t)config->message_items},
        .flow = {.token = *config->token != '\0' ? config->token : NULL,
                 .slots = setup->slots,
                 .slot_count = setup->slot_count,
                 .workers = setup->slot_count - 1, /* the last is the supervisor's */
                 .own_slot = setup->number,
                 .reload = ask_reload,
                 .context = worker},
        .output_high = (size_t)config->output_bytes,
        .linger_ms = (uint32_t)config->linger_ms,
    };
    worker->server = server_new(worker->base, &options, error);
    return worker->server != NULL;
}

static bool worker_create(struct worker *worker, const struct worker_setup *setup, struct error *error)
{
    worker->setup = setup;
    worker->signal_fd = -1;
    worker->base = event_base_new();
    if (worker->base == NULL)
        return error_set(error, ERROR_INTERNAL, "can't make an event loop");
    if (!watch_signals(worker, error) || !deadline_create(&worker->deadline, error))
        return false;
    worker->deadline.entered_ms = &own_slot(worker)->values[METRICS_script_entered];
    worker->timed = true;
    config_site_name(setup->config, worker->site_name);
    return add_events(worker, error) && add_server(worker, error);
}

static void free_event(struct event *event)
{
    if (event != NULL)
        event_free(event);
}

static void worker_destroy(struct worker *worker)
{
    if (worker->step != NULL)
        forget_loading(worker);
    if (worker->server != NULL)
        server_free(worker->server);
    if (worker->engine != NULL)
        engine_free(worker->engine);
    if (worker->timed)
        deadline_destroy(&worker->deadline);
    free_event(worker->readable);
    free_event(worker->step);
    free_event(worker->heartbeat);
    free_event(worker->signals);
    if (worker->signal_fd >= 0)
        close(worker->signal_fd);
    if (worker->base != NULL)
        event_base_free(worker->base);
    close(worker->setup->channel);
}

int worker_run(const struct worker_setup *setup)
{
    struct worker *worker = calloc(1, sizeof *worker);
    struct error error = {0};
    if (worker == NULL)
        return EXIT_FAILURE;
    worker->exit_code = EXIT_FAILURE;
    if (worker_create(worker, setup, &error)) {
        turn(worker);
        event_base_dispatch(worker->base);
    } else {
        log_error("can't start", LOG_TEXT("error", error.message));
    }
    int exit_code = worker->exit_code;
    worker_destroy(worker);
    free(worker);
    return exit_code;
}

/* The role of a worker: a server over the engine in use, and reloads that its clients ask for. */
#include "supervise/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/log.h"
#include "serve/server.h"

enum { MOST_RELOADS = 64 }; /* that clients may wait for at once */

struct worker {
    struct role role;
    struct server *server; /* connections; owned */
    struct engine *engine; /* what is served; owned; NULL before the first swap */
    struct access
        *access; /* who is let in; owned; NULL before the first swap, or where nothing is asked of anybody */
    uint64_t reloads; /* asked for and not answered */
};

static bool listen_to_all(struct worker *worker, struct error *error)
{
    const struct sockets *sockets = worker->role.setup->sockets;
    for (size_t i = 0; i < sockets->count; i++) {
        const struct listener *listener = &sockets->list[i];
        enum server_door door = listener->control ? SERVER_CONTROL
                                : listener->tls   ? SERVER_TLS
                                                  : SERVER_PLAIN;
        if (!server_listen(worker->server, listener->fd, door, error))
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
    role_end(&worker->role, EXIT_FAILURE);
    return false;
}

static void swap_access(struct worker *worker, struct access *access)
{
    if (access == NULL)
        return;
    if (access->tls != NULL)
        prctl(PR_SET_DUMPABLE, 0); /* a private key has no place in a core file */
    server_set_access(worker->server, access->tokens.count > 0 ? &access->tokens : NULL, access->tls);
    access_free(worker->access);
    worker->access = access;
}

static bool swap(void *context, struct engine *engine, struct access *access)
{
    struct worker *worker = context;
    worker->engine = engine;
    swap_access(worker, access);
    struct engine *old = server_set_engine(worker->server, engine);
    if (old == NULL)
        return worker->role.draining || open_doors(worker);
    engine_free(old);
    return true;
}

static void drained_cb(void *context)
{
    struct worker *worker = context;
    role_end(&worker->role, EXIT_SUCCESS);
}

static void drain(void *context)
{
    struct worker *worker = context;
    server_drain(worker->server, drained_cb, worker);
}

/* The server takes a string; the text in the inbox has no NUL behind it. Without memory it is cut. */
static void pass_answer(void *context, const struct channel_message *message)
{
    struct worker *worker = context;
    char few[512];
    char *text = strndup(message->text.bytes, message->text.length);
    snprintf(few, sizeof few, "%.*s", (int)message->text.length, message->text.bytes);
    for (uint64_t i = 0; i < message->tickets; i++)
        server_reload_done(worker->server, message->ticket + i, message->type == CHANNEL_RELOADED,
                           text != NULL ? text : few);
    worker->reloads -= message->tickets;
    free(text);
}

static bool ask_reload(void *context, uint64_t ticket)
{
    struct worker *worker = context;
    struct channel_message message = {.type = CHANNEL_RELOAD, .ticket = ticket, .fd = -1};
    struct error error;
    if (worker->role.draining || worker->reloads == MOST_RELOADS ||
        !channel_send(worker->role.setup->channel, &message, &error))
        return false;
    worker->reloads++;
    return true;
}

static bool add_server(struct worker *worker, struct error *error)
{
    const struct role_setup *setup = worker->role.setup;
    const struct config *config = setup->config;
    struct server_options options = {
        .limits = {.bytes = (size_t)config->message_bytes,
                   .depth = (uint32_t)config->message_depth,
                   .items = (uint32_t)config->message_items},
        .flow = {.wait_ms = (uint32_t)config->token_wait_ms,
                 .failures_most = (uint32_t)config->token_failures,
                 .slots = setup->slots,
                 .slot_count = setup->slot_count,
                 .workers = setup->workers,
                 .own_slot = setup->number,
                 .reload = ask_reload,
                 .context = worker,
                 .shared = setup->shared,
                 .worker = setup->number,
                 .state = config->state,
                 .reserve_ms = (int64_t)config->reserve_seconds * 1000},
        .output_high = (size_t)config->output_bytes,
        .connections = (size_t)config->connections,
        .linger_ms = (uint32_t)config->linger_ms,
        .leaves_waiting = sockets_are_all_inherited(setup->sockets),
        .let_in_ms = (uint32_t)config->admit_seconds * 1000,
        .frame_ms = (uint32_t)config->frame_seconds * 1000,
        .reader_ms = (uint32_t)config->reader_seconds * 1000,
        .queue_ms = (uint32_t)config->queue_ms,
        .queue_most_ms = (uint32_t)config->queue_most_ms,
    };
    worker->server = server_new(worker->role.base, &options, error);
    return worker->server != NULL;
}

static bool worker_create(struct worker *worker, const struct role_setup *setup, struct error *error)
{
    struct role_hooks hooks = {worker, swap, drain, pass_answer, false};
    worker->role.memo_memory = (size_t)setup->config->memo_memory;
    worker->role.answer_memory = (size_t)setup->config->answer_memory;
    return role_create(&worker->role, setup, hooks, error) && add_server(worker, error);
}

static void worker_destroy(struct worker *worker)
{
    if (worker->server != NULL)
        server_free(worker->server);
    if (worker->engine != NULL)
        engine_free(worker->engine);
    access_free(worker->access);
    role_destroy(&worker->role);
}

int worker_run(const struct role_setup *setup)
{
    struct worker *worker = calloc(1, sizeof *worker);
    struct error error = {0};
    int exit_code = EXIT_FAILURE;
    if (worker == NULL)
        return EXIT_FAILURE;
    if (worker_create(worker, setup, &error))
        exit_code = role_run(&worker->role, CONFINE_READS);
    else
        log_error("can't start", LOG_TEXT("error", error.message));
    worker_destroy(worker);
    free(worker);
    return exit_code;
}

/* A worker's connections as a whole: draining, outcomes, and reloads that clients wait for. */
#include "serve/server.h"

#include <event2/util.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "serve/credentials.h"
#include "serve/server_internal.h"

enum {
    EXPIRY_SECONDS = 1, /* between two looks at who has waited too long for the ledger */
    DESCRIPTORS_RESERVED =
        96, /* for the control socket, the loop, the store, reloads, and those turned away */
};

static struct metrics_slot *own_slot(struct server *server)
{
    return &server->options.flow.slots[server->options.flow.own_slot];
}

static void drain_check_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server *server = argument;
    (void)fd;
    (void)what;
    if (list_is_empty(&server->connections))
        server->drained(server->drained_context);
}

static void add_reply_cb(void *context, const struct waiting *waiting, const struct buffer *response)
{
    (void)context;
    connection_add_reply(waiting->owner, waiting, response);
}

/* Replies are written once all have been handed out. */
static void write_answers(struct server *server)
{
    while (!list_is_empty(&server->answered)) {
        char *node = (char *)server->answered.after;
        connection_answered((struct connection *)(node - offsetof(struct connection, answered)));
    }
}

/* As a timer, so that the loop looks for others before each step. */
void server_go_on(struct server *server)
{
    static const struct timeval at_once = {0, 0};
    if (flow_has_more(&server->flow))
        event_add(server->more, &at_once);
}

static void more_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server *server = argument;
    (void)fd;
    (void)what;
    turns_look(&server->turns);
    if (flow_has_more(&server->flow))
        flow_go_on(&server->flow, add_reply_cb, server);
    write_answers(server);
    server_go_on(server);
}

static void outcomes_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server *server = argument;
    (void)fd;
    (void)what;
    turns_look(&server->turns);
    flow_take_outcomes(&server->flow, add_reply_cb, server);
    write_answers(server);
    server_go_on(server);
}

static void expiry_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server *server = argument;
    (void)fd;
    (void)what;
    turns_look(&server->turns);
    flow_expire(&server->flow, add_reply_cb, server);
    write_answers(server);
    server_go_on(server);
}

/* Only where there is a memory. */
static bool watch_outcomes(struct server *server)
{
    static const struct timeval period = {EXPIRY_SECONDS, 0};
    int fd = flow_wake_fd(&server->flow);
    if (fd < 0)
        return true;
    server->outcomes = event_new(server->base, fd, EV_READ | EV_PERSIST, outcomes_cb, server);
    server->expiry = event_new(server->base, -1, EV_PERSIST, expiry_cb, server);
    server->more = evtimer_new(server->base, more_cb, server);
    return server->outcomes != NULL && server->expiry != NULL && server->more != NULL &&
           event_add(server->outcomes, NULL) == 0 && event_add(server->expiry, &period) == 0;
}

/* So many connections that this process never runs out of descriptors by them. */
static size_t most_open(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return SIZE_MAX;
    return limit.rlim_cur > 2 * DESCRIPTORS_RESERVED ? (size_t)limit.rlim_cur - DESCRIPTORS_RESERVED
                                                     : (size_t)limit.rlim_cur / 2;
}

static bool create_parts(struct server *server)
{
    server->drain_check = event_new(server->base, -1, 0, drain_check_cb, server);
    return server->drain_check != NULL && turns_create(&server->turns, server) &&
           overload_create(&server->overload, server->base, own_slot(server), &server->turns.admission) &&
           lateness_create(&server->lateness, server) && watch_outcomes(server);
}

struct server *server_new(struct event_base *base, const struct server_options *options, struct error *error)
{
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    server->base = base;
    server->options = *options;
    evutil_secure_rng_get_bytes(&server->address_seed, sizeof server->address_seed);
    list_create(&server->listeners);
    list_create(&server->connections);
    list_create(&server->tickets);
    list_create(&server->answered);
    if (!flow_create(&server->flow, &options->flow, error)) {
        free(server);
        return NULL;
    }
    server->open_most = most_open();
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (create_parts(server))
        return server;
    error_set(error, ERROR_INTERNAL, "out of memory");
    server_free(server);
    return NULL;
}

void server_free(struct server *server)
{
    listener_free_all(server);
    while (!list_is_empty(&server->connections))
        connection_free((struct connection *)server->connections.after);
    while (!list_is_empty(&server->tickets)) {
        struct list_node *node = server->tickets.after;
        list_remove(node);
        free(node);
    }
    if (server->drain_check != NULL)
        event_free(server->drain_check);
    if (server->outcomes != NULL)
        event_free(server->outcomes);
    if (server->expiry != NULL)
        event_free(server->expiry);
    if (server->more != NULL)
        event_free(server->more);
    turns_destroy(&server->turns);
    overload_destroy(&server->overload);
    lateness_destroy(&server->lateness);
    if (server->spare >= 0)
        close(server->spare);
    buffer_destroy(&server->replies);
    flow_destroy(&server->flow);
    free(server);
}

bool server_listen(struct server *server, int fd, enum server_door door, struct error *error)
{
    return listener_new(server, fd, door, error);
}

void server_set_access(struct server *server, const struct tokens *tokens, struct tls *tls)
{
    server->tls = tls;
    flow_set_tokens(&server->flow, tokens);
}

struct engine *server_set_engine(struct server *server, struct engine *engine)
{
    return flow_set_engine(&server->flow, engine);
}

void server_opened(struct server *server, struct connection *connection)
{
    list_append(&server->connections, &connection->node);
    metrics_add(own_slot(server), METRICS_connections_open, 1);
}

void server_closed(struct server *server, struct connection *connection)
{
    list_remove(&connection->node);
    list_remove(&connection->answered);
    turns_remove(&server->turns, connection);
    patience_end(&connection->begun);
    patience_end(&connection->unread);
    patience_end(&connection->guest);
    server->guests -= connection->unwelcome;
    if (connection->listener != NULL) {
        server->open--;
        listener_closed(connection->listener);
    }
    if (connection->pending > 0)
        flow_disown(&server->flow, connection);
    metrics_add(own_slot(server), METRICS_connections_open, UINT64_MAX);
    for (struct list_node *node = server->tickets.after; node != &server->tickets; node = node->after)
        if (((struct server_ticket *)node)->connection == connection)
            ((struct server_ticket *)node)->connection = NULL;
    if (server->drained != NULL && list_is_empty(&server->connections))
        event_active(server->drain_check, 0, 0);
}

/* Clients that connected before the drain are answered too. */
static void accept_the_waiting(struct server *server)
{
    for (struct list_node *node = server->listeners.after; node != &server->listeners; node = node->after)
        listener_accept_the_waiting((struct server_listener *)node);
}

void server_drain(struct server *server, server_drained_cb drained, void *context)
{
    if (!server->options.leaves_waiting)
        accept_the_waiting(server);
    listener_free_all(server);
    server->drained = drained;
    server->drained_context = context;
    event_active(server->drain_check, 0, 0);
    struct list_node *node = server->connections.after;
    while (node != &server->connections) {
        struct list_node *after = node->after;
        connection_drain((struct connection *)node);
        node = after;
    }
}

static void note_who_reloads(const struct connection *connection)
{
    struct credentials peer;
    if (credentials_read(connection->transport.fd, &peer))
        log_notice("a reload was asked for", LOG_NUMBER("uid", peer.uid), LOG_NUMBER("pid", peer.pid));
}

bool server_await_reload(struct server *server, struct connection *connection, uint32_t message_id)
{
    struct server_ticket *ticket = calloc(1, sizeof *ticket);
    if (ticket == NULL)
        return false;
    note_who_reloads(connection);
    ticket->connection = connection;
    ticket->ticket = server->flow.tickets;
    ticket->message_id = message_id;
    connection->pending++;
    list_append(&server->tickets, &ticket->node);
    return true;
}

static void finish_ticket(struct server_ticket *ticket, bool reloaded, const char *text)
{
    struct connection *connection = ticket->connection;
    struct buffer reply;
    list_remove(&ticket->node);
    if (connection != NULL) {
        buffer_create(&reply);
        flow_answer_reload(&connection->peer, ticket->message_id, reloaded, text, &reply);
        connection_reply(connection, &reply);
        buffer_destroy(&reply);
    }
    free(ticket);
}

void server_reload_done(struct server *server, uint64_t ticket, bool reloaded, const char *text)
{
    for (struct list_node *node = server->tickets.after; node != &server->tickets; node = node->after)
        if (((struct server_ticket *)node)->ticket == ticket) {
            finish_ticket((struct server_ticket *)node, reloaded, text);
            return;
        }
}

/* Accepting, draining, and reloads that clients wait for. */
#include "serve/server.h"

#include <errno.h>
#include <event2/util.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "serve/credentials.h"
#include "serve/peer_address.h"
#include "serve/server_internal.h"

enum {
    REST_MS = 500,      /* pause of accepting while descriptors or memory are out */
    EXPIRY_SECONDS = 1, /* between two looks at who has waited too long for the ledger */
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

static void add_reply_cb(void *context, void *owner, const struct buffer *response)
{
    (void)context;
    connection_add_reply(owner, response);
}

/* Replies are written once all have been handed out. */
static void write_answers(struct server *server)
{
    while (!list_is_empty(&server->answered)) {
        char *node = (char *)server->answered.after;
        connection_answered((struct connection *)(node - offsetof(struct connection, answered)));
    }
}

static void outcomes_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server *server = argument;
    (void)fd;
    (void)what;
    connection_begin_turn(server);
    flow_take_outcomes(&server->flow, add_reply_cb, server);
    write_answers(server);
}

static void expiry_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server *server = argument;
    (void)fd;
    (void)what;
    connection_begin_turn(server);
    flow_expire(&server->flow, add_reply_cb, server);
    write_answers(server);
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
    return server->outcomes != NULL && server->expiry != NULL && event_add(server->outcomes, NULL) == 0 &&
           event_add(server->expiry, &period) == 0;
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
    server->drain_check = event_new(base, -1, 0, drain_check_cb, server);
    if (server->drain_check != NULL && watch_outcomes(server))
        return server;
    error_set(error, ERROR_INTERNAL, "out of memory");
    server_free(server);
    return NULL;
}

static void free_listeners(struct server *server)
{
    while (!list_is_empty(&server->listeners)) {
        struct server_listener *listener = (struct server_listener *)server->listeners.after;
        list_remove(&listener->node);
        if (listener->event != NULL)
            event_free(listener->event);
        if (listener->rest != NULL)
            event_free(listener->rest);
        free(listener);
    }
}

void server_free(struct server *server)
{
    free_listeners(server);
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
    buffer_destroy(&server->replies);
    flow_destroy(&server->flow);
    free(server);
}

/* Whoever could open the socket's file may come in; a socket without a file is for root and ourselves. */
static bool may_control(int listening, int client)
{
    struct credentials peer;
    bool known = credentials_read(client, &peer);
    if (known && credentials_may_enter(&peer, listening))
        return true;
    log_warning("refused on the control socket", LOG_NUMBER("uid", known ? (int64_t)peer.uid : -1),
                LOG_NUMBER("pid", known ? (int64_t)peer.pid : -1));
    return false;
}

/* False: nobody waits, or nobody can be taken; errno says which. */
static bool accept_one(struct server_listener *listener, int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    int client = accept4(fd, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0)
        return false;
    if (listener->given == SCOPE_CONTROL && !may_control(fd, client)) {
        close(client);
        return true;
    }
    uint64_t key = peer_address_key((struct sockaddr *)&address, listener->server->address_seed);
    if (connection_new(listener->server, client, listener->tls ? listener->server->tls : NULL,
                       listener->given, key) != NULL)
        metrics_add(own_slot(listener->server), METRICS_connections_accepted, 1);
    return true;
}

static bool is_shortage(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* A listener that nobody can be taken from would wake the loop again and again. */
static void rest(struct server_listener *listener)
{
    static const struct timeval pause = {REST_MS / 1000, REST_MS % 1000 * 1000};
    log_warning("cannot accept connections now", LOG_TEXT("error", strerror(errno)));
    if (event_add(listener->rest, &pause) == 0)
        event_del(listener->event);
}

static void rested_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server_listener *listener = argument;
    (void)fd;
    (void)what;
    event_add(listener->event, NULL);
}

/* One at a turn: the other workers, woken by the same listener, get theirs. */
static void accept_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server_listener *listener = argument;
    (void)what;
    if (!accept_one(listener, fd) && is_shortage(errno))
        rest(listener);
}

/* File modes guard Unix sockets, so that their clients need no token. */
static bool is_unix(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &length) == 0 && address.ss_family == AF_UNIX;
}

bool server_listen(struct server *server, int fd, enum server_door door, struct error *error)
{
    struct server_listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    listener->server = server;
    listener->tls = door == SERVER_TLS;
    listener->given = door == SERVER_CONTROL                               ? SCOPE_CONTROL
                      : server->flow.options.tokens == NULL || is_unix(fd) ? SCOPE_ADMIN
                                                                           : SCOPE_NONE;
    list_append(&server->listeners, &listener->node);
    listener->event = event_new(server->base, fd, EV_READ | EV_PERSIST, accept_cb, listener);
    listener->rest = evtimer_new(server->base, rested_cb, listener);
    if (listener->event != NULL && listener->rest != NULL && event_add(listener->event, NULL) == 0)
        return true;
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

void server_set_access(struct server *server, const struct tokens *tokens, struct tls *tls)
{
    server->tls = tls;
    flow_set_tokens(&server->flow, tokens);
}

struct engine *server_set_engine(struct server *server, struct engine *engine)
{
    struct engine *before = server->flow.engine;
    server->flow.engine = engine;
    return before;
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
    for (struct list_node *node = server->listeners.after; node != &server->listeners; node = node->after) {
        struct server_listener *listener = (struct server_listener *)node;
        while (accept_one(listener, event_get_fd(listener->event)))
            ;
    }
}

void server_drain(struct server *server, server_drained_cb drained, void *context)
{
    if (!server->options.leaves_waiting)
        accept_the_waiting(server);
    free_listeners(server);
    server->drained = drained;
    server->drained_context = context;
    event_active(server->drain_check, 0, 0);
    connection_begin_turn(server);
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

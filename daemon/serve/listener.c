/* Listeners, their shares, and their pauses. */
#include "serve/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "serve/credentials.h"
#include "serve/peer_address.h"
#include "serve/server_internal.h"

enum {
    LACK_MS = 500,     /* pause of accepting while descriptors or memory are out */
    FULL_MS = 50,      /* and while others have room: then they may have none left, either */
    SHED_MOST = 64,    /* connections closed at once while descriptors are out */
    GUESTS_MOST = 64,  /* those without room that are told so at the same time; others are just closed */
    CONTROL_MOST = 64, /* connections of a control socket in one process */
    ACCEPT_EVERY_US =
        50, /* of turns since the loop last looked: all workers were busy then, or nobody would wait */
    ACCEPTS_MOST = 64, /* in one turn */
    BITS = 64,
};

static struct metrics_slot *own_slot(struct server *server)
{
    return &server->options.flow.slots[server->options.flow.own_slot];
}

/* ---- Room ---- */

/* The control socket has descriptors of its own left, and its connections are not the others'. */
static bool is_full(const struct server_listener *listener)
{
    const struct server *server = listener->server;
    return listener->open >= listener->most || (!listener->control && server->open >= server->open_most);
}

static void show_room(struct server_listener *listener)
{
    struct metrics_slot *slot = own_slot(listener->server);
    uint64_t others = slot->values[METRICS_listeners_full] & ~listener->bit;
    metrics_set(slot, METRICS_listeners_full, others | (is_full(listener) ? listener->bit : 0));
}

/* All share the descriptors: one connection more or less may be of importance to each of them. */
static void show_room_everywhere(struct server *server)
{
    for (struct list_node *node = server->listeners.after; node != &server->listeners; node = node->after)
        show_room((struct server_listener *)node);
}

static bool is_full_everywhere(const struct server_listener *listener)
{
    const struct flow_options *flow = &listener->server->options.flow;
    for (size_t i = 0; i < flow->workers && listener->bit != 0; i++)
        if (i != flow->own_slot && !(flow->slots[i].values[METRICS_listeners_full] & listener->bit))
            return false;
    return true;
}

/* ---- Pauses ---- */

static void pause_accepting(struct server_listener *listener, unsigned ms)
{
    const struct timeval pause = {ms / 1000, ms % 1000 * 1000};
    if (event_add(listener->rest, &pause) == 0)
        event_del(listener->event);
}

/* Where memory is out it is asked again, without a timer at once: nobody else would. */
static void resume(struct server_listener *listener)
{
    static const struct timeval pause = {LACK_MS / 1000, LACK_MS % 1000 * 1000};
    event_del(listener->rest);
    if (event_add(listener->event, NULL) != 0 && event_add(listener->rest, &pause) != 0)
        event_active(listener->rest, EV_TIMEOUT, 0);
}

static void rested_cb(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    resume(argument);
}

/* ---- Descriptors that are out ---- */

static bool is_shortage(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* Others have given descriptors back: whoever waits now can be taken. */
static bool is_room_again(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/*
 * Who has waited through a pause already is closed rather than left waiting for no one knows how long. That
 * takes a descriptor, which is kept for it.
 */
static void shed(struct server_listener *listener)
{
    struct server *server = listener->server;
    int fd = event_get_fd(listener->event), client = 0;
    for (int i = 0; i < SHED_MOST && server->spare >= 0 && client >= 0 && !is_room_again(); i++) {
        close(server->spare);
        client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client >= 0) {
            close(client);
            metrics_add(own_slot(server), METRICS_connections_refused, 1);
        }
        server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
}

/* A listener that nobody can be taken from would wake the loop again and again. */
static void lack(struct server_listener *listener, int reason)
{
    if (listener->lacking)
        shed(listener);
    else
        log_warning("cannot accept connections now", LOG_TEXT("error", strerror(reason)));
    listener->lacking = true;
    pause_accepting(listener, LACK_MS);
}

static void has_accepted(struct server_listener *listener)
{
    struct server *server = listener->server;
    if (listener->lacking)
        log_notice("connections are accepted again");
    listener->lacking = false;
    if (server->spare < 0)
        server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* ---- Accepting ---- */

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

static int accept_client(struct server_listener *listener, struct sockaddr_storage *address)
{
    socklen_t size = sizeof *address;
    int client = accept4(event_get_fd(listener->event), (struct sockaddr *)address, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0)
        has_accepted(listener);
    else if (is_shortage(errno))
        lack(listener, errno);
    return client;
}

static struct connection *connect_to(struct server_listener *listener, int client,
                                     const struct sockaddr_storage *address)
{
    struct server *server = listener->server;
    uint64_t key = peer_address_key((const struct sockaddr *)address, server->address_seed);
    if (!listener->control || may_control(event_get_fd(listener->event), client))
        return connection_new(server, client, listener->tls ? server->tls : NULL, listener->given, key);
    close(client);
    return NULL;
}

static void welcome(struct server_listener *listener, int client, const struct sockaddr_storage *address)
{
    struct server *server = listener->server;
    struct connection *connection = connect_to(listener, client, address);
    if (connection == NULL)
        return;
    connection->listener = listener;
    listener->open++;
    server->open++;
    metrics_add(own_slot(server), METRICS_connections_accepted, 1);
    show_room_everywhere(server);
}

/* The first request of a guest is refused; see intake.c. */
static void turn_away(struct server_listener *listener, int client, const struct sockaddr_storage *address)
{
    struct server *server = listener->server;
    metrics_add(own_slot(server), METRICS_connections_refused, 1);
    if (server->guests >= GUESTS_MOST) {
        close(client);
        return;
    }
    struct connection *connection = connect_to(listener, client, address);
    if (connection == NULL)
        return;
    connection->unwelcome = true;
    server->guests++;
    lateness_begin(&server->lateness, &server->lateness.guests, &connection->guest);
}

static void tell_refusing(struct server_listener *listener, bool refusing)
{
    if (listener->refusing == refusing)
        return;
    listener->refusing = refusing;
    if (refusing)
        log_warning("too many connections: new ones are refused", LOG_NUMBER("open", listener->open));
    else
        log_notice("there is room for connections again");
}

/* False: nobody waits, or nobody can be taken now. */
static bool accept_one(struct server_listener *listener)
{
    bool full = is_full(listener);
    if (full && !is_full_everywhere(listener)) {
        tell_refusing(listener, false);
        pause_accepting(listener, FULL_MS);
        return false;
    }
    struct sockaddr_storage address = {0};
    int client = accept_client(listener, &address);
    if (client < 0)
        return false;
    tell_refusing(listener, full);
    if (full)
        turn_away(listener, client, &address);
    else
        welcome(listener, client, &address);
    return true;
}

/*
 * One in a turn: the other workers, woken by the same listener, get theirs. Only who was busy for long has to
 * catch up, since nobody else had time either.
 */
static void accept_cb(evutil_socket_t fd, short what, void *argument)
{
    struct server_listener *listener = argument;
    struct turns *turns = &listener->server->turns;
    (void)fd;
    (void)what;
    turns_look(turns);
    uint64_t most = 1 + (turns->served_ns - turns->since_ns) / (1000 * (uint64_t)ACCEPT_EVERY_US);
    for (uint64_t i = 0; i < most && i < ACCEPTS_MOST && accept_one(listener); i++)
        continue;
}

void listener_accept_the_waiting(struct server_listener *listener)
{
    struct sockaddr_storage address = {0};
    int client;
    while ((client = accept_client(listener, &address)) >= 0)
        welcome(listener, client, &address);
}

void listener_closed(struct server_listener *listener)
{
    bool resting = !event_pending(listener->event, EV_READ, NULL);
    listener->open--;
    show_room_everywhere(listener->server);
    if (!is_full(listener))
        tell_refusing(listener, false);
    if (resting && !listener->lacking)
        resume(listener);
}

/* ---- Making ---- */

/* File modes guard Unix sockets, so that their clients need no token. */
static bool is_unix(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &length) == 0 && address.ss_family == AF_UNIX;
}

static size_t share_of(const struct server_options *options)
{
    size_t workers = options->flow.workers > 0 ? options->flow.workers : 1;
    return (options->connections + workers - 1) / workers;
}

/* What a client may do who has shown nothing yet. */
static enum scope scope_at(const struct server *server, int fd, enum server_door door)
{
    if (door == SERVER_CONTROL)
        return SCOPE_CONTROL;
    return server->flow.options.tokens == NULL || is_unix(fd) ? SCOPE_ADMIN : SCOPE_NONE;
}

bool listener_new(struct server *server, int fd, enum server_door door, struct error *error)
{
    struct server_listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    listener->server = server;
    listener->control = door == SERVER_CONTROL;
    listener->tls = door == SERVER_TLS;
    listener->given = scope_at(server, fd, door);
    listener->bit = server->listener_count < BITS ? UINT64_C(1) << server->listener_count : 0;
    listener->most = listener->control ? CONTROL_MOST : share_of(&server->options);
    server->listener_count++;
    list_append(&server->listeners, &listener->node);
    show_room(listener);
    listener->event = event_new(server->base, fd, EV_READ | EV_PERSIST, accept_cb, listener);
    listener->rest = evtimer_new(server->base, rested_cb, listener);
    if (listener->event != NULL && listener->rest != NULL && event_add(listener->event, NULL) == 0)
        return true;
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

static void listener_free(struct server_listener *listener)
{
    list_remove(&listener->node);
    if (listener->event != NULL)
        event_free(listener->event);
    if (listener->rest != NULL)
        event_free(listener->rest);
    free(listener);
}

void listener_free_all(struct server *server)
{
    for (struct list_node *node = server->connections.after; node != &server->connections; node = node->after)
        ((struct connection *)node)->listener = NULL;
    while (!list_is_empty(&server->listeners))
        listener_free((struct server_listener *)server->listeners.after);
}

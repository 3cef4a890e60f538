/*
 * A server that speaks lines:
 *   version   → the site's version          pid     → the worker's process
 *   fds       → descriptors that are open   files   → what they are
 *   reload    → "ok VERSION", or "kept …" with every problem, over which an empty line stands
 *   hold      → nothing before "go" comes, and "went" then; draining waits for it
 *   hang      → never returns, as a script would
 *   deaf      → never returns either, but outside of any script
 */
#include "double.h"

#include <dirent.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve/server.h"

enum { MOST_LISTENERS = 16 };

struct connection {
    struct server *server;      /* whose it is */
    struct connection *next;    /* in the server's list */
    struct bufferevent *stream; /* owned */
    bool holding;               /* "go" is due */
    bool control;               /* may reload */
    uint64_t ticket;            /* of its reload; 0: none */
};

struct server {
    struct server_options options;
    struct event_base *base;
    struct engine *engine;
    struct evconnlistener *listeners[MOST_LISTENERS], *controls[MOST_LISTENERS];
    size_t listener_count;
    struct connection *connections;
    uint64_t tickets;
    server_drained_cb drained; /* NULL: not draining */
    void *drained_context;
};

size_t double_worker = SIZE_MAX;
struct metrics_slot *double_slot;

bool double_is_worker(void)
{
    return double_worker != SIZE_MAX;
}

_Noreturn void double_hang(void)
{
    if (double_slot != NULL)
        metrics_set(double_slot, METRICS_script_entered, clock_monotonic_ms());
    for (volatile unsigned turn = 0;; turn++)
        continue;
}

static void connection_free(struct connection *connection)
{
    struct connection **link = &connection->server->connections;
    while (*link != connection)
        link = &(*link)->next;
    *link = connection->next;
    bufferevent_free(connection->stream);
    free(connection);
}

static bool is_busy(const struct connection *connection)
{
    return connection->holding || connection->ticket != 0 ||
           evbuffer_get_length(bufferevent_get_output(connection->stream)) > 0;
}

static void drain_if_idle(struct server *server)
{
    if (server->drained == NULL)
        return;
    for (struct connection *connection = server->connections, *next; connection != NULL; connection = next) {
        next = connection->next;
        if (!is_busy(connection))
            connection_free(connection);
    }
    if (server->connections == NULL)
        server->drained(server->drained_context);
}

static void reply_line(struct connection *connection, const char *line)
{
    evbuffer_add_printf(bufferevent_get_output(connection->stream), "%s\n", line);
}

static void reply_count(struct connection *connection, long number)
{
    evbuffer_add_printf(bufferevent_get_output(connection->stream), "%ld\n", number);
}

static void reply_descriptors(struct connection *connection, bool names)
{
    DIR *folder = opendir("/proc/self/fd");
    long count = 0;
    for (const struct dirent *item; (item = readdir(folder)) != NULL;) {
        char target[256];
        ssize_t length = readlinkat(dirfd(folder), item->d_name, target, sizeof target);
        count += length > 0;
        if (names && length > 0)
            evbuffer_add_printf(bufferevent_get_output(connection->stream), "%s=%.*s ", item->d_name,
                                (int)length, target);
    }
    closedir(folder);
    if (names)
        reply_line(connection, "");
    else
        reply_count(connection, count - 1); /* the folder itself */
}

static void ask_reload(struct connection *connection)
{
    struct server *server = connection->server;
    connection->ticket = ++server->tickets;
    if (!connection->control ||
        !server->options.flow.reload(server->options.flow.context, connection->ticket)) {
        connection->ticket = 0;
        reply_line(connection, "not now");
    }
}

static void obey(struct connection *connection, const char *line)
{
    if (strcmp(line, "version") == 0)
        reply_line(connection, engine_version(connection->server->engine));
    else if (strcmp(line, "pid") == 0)
        reply_count(connection, getpid());
    else if (strcmp(line, "fds") == 0 || strcmp(line, "files") == 0)
        reply_descriptors(connection, strcmp(line, "files") == 0);
    else if (strcmp(line, "reload") == 0)
        ask_reload(connection);
    else if (strcmp(line, "hold") == 0)
        connection->holding = true;
    else if (strcmp(line, "hang") == 0)
        double_hang();
    else if (strcmp(line, "deaf") == 0)
        for (;;)
            pause();
    else if (strcmp(line, "go") == 0 && connection->holding) {
        connection->holding = false;
        reply_line(connection, "went");
    }
}

static void read_cb(struct bufferevent *stream, void *context)
{
    struct connection *connection = context;
    for (char *line;
         (line = evbuffer_readln(bufferevent_get_input(stream), NULL, EVBUFFER_EOL_LF)) != NULL;) {
        obey(connection, line);
        free(line);
    }
}

static void written_cb(struct bufferevent *stream, void *context)
{
    (void)stream;
    drain_if_idle(((struct connection *)context)->server);
}

static void event_cb(struct bufferevent *stream, short what, void *context)
{
    struct server *server = ((struct connection *)context)->server;
    (void)stream, (void)what;
    connection_free(context);
    drain_if_idle(server);
}

static bool is_control(const struct server *server, const struct evconnlistener *listener)
{
    for (size_t i = 0; i < server->listener_count; i++)
        if (server->controls[i] == listener)
            return true;
    return false;
}

static void accept_cb(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int length, void *context)
{
    struct server *server = context;
    struct connection *connection = calloc(1, sizeof *connection);
    (void)address, (void)length;
    connection->server = server;
    connection->control = is_control(server, listener);
    connection->next = server->connections;
    server->connections = connection;
    connection->stream = bufferevent_socket_new(server->base, fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(connection->stream, read_cb, written_cb, event_cb, connection);
    bufferevent_enable(connection->stream, EV_READ | EV_WRITE);
}

struct server *server_new(struct event_base *base, const struct server_options *options, struct error *error)
{
    struct server *server = calloc(1, sizeof *server);
    (void)error;
    server->base = base;
    server->options = *options;
    double_worker = options->flow.own_slot;
    double_slot = &options->flow.slots[double_worker];
    return server;
}

bool server_listen(struct server *server, int fd, enum server_door door, struct error *error)
{
    struct evconnlistener *listener =
        evconnlistener_new(server->base, accept_cb, server, LEV_OPT_CLOSE_ON_EXEC, 0, fd);
    if (listener == NULL)
        return error_set(error, ERROR_INTERNAL, "no listener");
    server->controls[server->listener_count] = door == SERVER_CONTROL ? listener : NULL;
    server->listeners[server->listener_count++] = listener;
    return true;
}

void server_set_access(struct server *server, const struct tokens *tokens, struct tls *tls)
{
    (void)tls;
    server->options.flow.tokens = tokens;
}

struct engine *server_set_engine(struct server *server, struct engine *engine)
{
    struct engine *old = server->engine;
    server->engine = engine;
    return old;
}

void server_reload_done(struct server *server, uint64_t ticket, bool reloaded, const char *text)
{
    for (struct connection *connection = server->connections; connection != NULL;
         connection = connection->next)
        if (connection->ticket == ticket) {
            connection->ticket = 0;
            evbuffer_add_printf(bufferevent_get_output(connection->stream), "%s %s\n\n",
                                reloaded ? "ok" : "kept", text);
        }
}

static void close_listeners(struct server *server)
{
    for (size_t i = 0; i < server->listener_count; i++)
        evconnlistener_free(server->listeners[i]);
    server->listener_count = 0;
}

void server_drain(struct server *server, server_drained_cb drained, void *context)
{
    server->drained = drained;
    server->drained_context = context;
    close_listeners(server);
    drain_if_idle(server);
}

void server_free(struct server *server)
{
    close_listeners(server);
    while (server->connections != NULL)
        connection_free(server->connections);
    free(server);
}

/* The closed loop: many connections, each keeping a fixed number of requests under way. */
#include "load.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "usage.h"

enum {
    LOAD_IN_SIZE = 512 * 1024, /* bytes; more than one reply may ever have */
    LOAD_IN_SPARE = 64 * 1024, /* bytes free before each read */
    LOAD_EVENTS = 64,          /* taken from the kernel at once */
    LOAD_WAIT = 1000,          /* milliseconds without any event after which the clock is looked at */
};

/* An encoded request: the same for every connection but for its id. */
struct request {
    uint8_t *data; /* owned */
    size_t length; /* bytes */
};

struct connection {
    int fd;
    bool writing;       /* the kernel had no room for all; told when it has */
    uint8_t *in;        /* owned: LOAD_IN_SIZE bytes */
    size_t in_start;    /* where the first reply not yet read whole begins */
    size_t in_end;      /* where the bytes that have arrived end */
    uint8_t *out;       /* owned: room for `depth` of the longest request */
    size_t out_sent;    /* bytes of out that the kernel has taken */
    size_t out_end;     /* bytes of out to send in all */
    uint64_t *sent_at;  /* owned: for each request under way, by its id: nanoseconds */
    uint32_t oldest;    /* the id that the next reply answers, where replies carry none */
    size_t next;        /* entry of the mix to be asked next */
    struct reply reply; /* as far as it has arrived */
};

struct load {
    const struct load_options *options; /* not owned */
    struct load_result *result;         /* not owned */
    struct request *requests;           /* owned: one for each entry of the mix */
    struct connection *connections;     /* owned */
    size_t out_size;                    /* bytes of each connection's out */
    int epoll;
    uint64_t now;       /* nanoseconds; taken after each read */
    bool counting;      /* warmed up */
    bool draining;      /* nothing more is asked */
    uint64_t under_way; /* requests asked and not yet answered */
    bool finished;      /* all that was asked for is counted */
};

static void *load_allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        err(1, "memory");
    return memory;
}

void load_pass_greeting(int fd, const struct protocol *protocol)
{
    uint8_t byte;
    for (size_t i = 0; i < protocol->greeting; i++) {
        if (read(fd, &byte, 1) != 1)
            errx(1, "%s: no greeting", protocol->name);
    }
}

static void load_encode(struct load *load)
{
    const struct load_options *options = load->options;
    uint8_t encoded[PROTOCOL_REQUEST_MAX];
    size_t longest = 0;
    load->requests = load_allocate(options->mix->count, sizeof(*load->requests));
    for (size_t i = 0; i < options->mix->count; i++) {
        struct request *request = &load->requests[i];
        request->length =
            options->protocol->encode(encoded, sizeof(encoded), options->mix->entries[i], options->script);
        if (request->length == 0)
            errx(1, "%s: request %zu cannot be encoded", options->protocol->name, i);
        request->data = load_allocate(request->length, 1);
        memcpy(request->data, encoded, request->length);
        longest = request->length > longest ? request->length : longest;
    }
    load->out_size = longest * options->depth;
}

/* Appends the connection's next request under an id that is not under way. */
static void connection_ask(struct load *load, struct connection *connection, uint32_t id)
{
    const struct request *request = &load->requests[connection->next];
    uint8_t *out = connection->out + connection->out_end;
    memcpy(out, request->data, request->length);
    if (load->options->protocol->has_ids) {
        uint8_t *place = out + load->options->protocol->id_offset;
        place[0] = (uint8_t)(id >> 24);
        place[1] = (uint8_t)(id >> 16);
        place[2] = (uint8_t)(id >> 8);
        place[3] = (uint8_t)id;
    }
    load->under_way++;
    connection->out_end += request->length;
    connection->sent_at[id] = load->now;
    connection->next = connection->next + 1 < load->options->mix->count ? connection->next + 1 : 0;
}

static void connection_watch(struct load *load, struct connection *connection, bool writing)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (writing)
        event.events |= EPOLLOUT;
    if (writing != connection->writing && epoll_ctl(load->epoll, EPOLL_CTL_MOD, connection->fd, &event) != 0)
        err(1, "watching a connection");
    connection->writing = writing;
}

static void connection_send(struct load *load, struct connection *connection)
{
    while (connection->out_sent < connection->out_end) {
        ssize_t sent = send(connection->fd, connection->out + connection->out_sent,
                            connection->out_end - connection->out_sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            connection_watch(load, connection, true);
            return;
        }
        if (sent < 0)
            err(1, "sending");
        connection->out_sent += (size_t)sent;
    }
    connection->out_sent = connection->out_end = 0;
    connection_watch(load, connection, false);
}

/* Makes room at the end of out for as many requests as may be under way. */
static void connection_compact_out(struct connection *connection)
{
    if (connection->out_sent == 0)
        return;
    connection->out_end -= connection->out_sent;
    memmove(connection->out, connection->out + connection->out_sent, connection->out_end);
    connection->out_sent = 0;
}

static void connection_create(struct load *load, struct connection *connection, size_t first)
{
    const struct load_options *options = load->options;
    connection->fd = address_connect(options->address);
    load_pass_greeting(connection->fd, options->protocol);
    connection->in = load_allocate(LOAD_IN_SIZE, 1);
    connection->out = load_allocate(load->out_size, 1);
    connection->sent_at = load_allocate(options->depth, sizeof(*connection->sent_at));
    connection->next = first;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (fcntl(connection->fd, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
        err(1, "watching a connection");
}

static void connection_destroy(struct connection *connection)
{
    close(connection->fd);
    free(connection->in);
    free(connection->out);
    free(connection->sent_at);
}

static uint32_t connection_reply_id(struct load *load, struct connection *connection)
{
    uint32_t depth = load->options->depth, id = connection->reply.id;
    if (!load->options->protocol->has_ids) {
        id = connection->oldest;
        connection->oldest = id + 1 < depth ? id + 1 : 0;
    }
    if (id >= depth)
        errx(1, "%s: a reply to %u, which was not asked", load->options->protocol->name, id);
    return id;
}

static void load_count(struct load *load, uint64_t sent_at)
{
    const struct load_options *options = load->options;
    if (!load->counting || load->finished)
        return;
    load->result->replies++;
    latency_add(&load->result->latency, load->now - sent_at);
    load->finished = options->requests > 0 && load->result->replies == options->requests;
}

static void load_require_success(const struct load *load, const struct reply *reply, enum reply_result result)
{
    const char *name = load->options->protocol->name;
    if (result == REPLY_BROKEN)
        errx(1, "%s: a reply that is none", name);
    if (reply->failed)
        protocol_fail(load->options->protocol, reply);
}

/* Takes every whole reply that has arrived, and asks anew for each. */
static void connection_take_replies(struct load *load, struct connection *connection)
{
    struct reply *reply = &connection->reply;
    while (connection->in_start < connection->in_end) {
        enum reply_result result = load->options->protocol->scan(reply, connection->in + connection->in_start,
                                                                 connection->in_end - connection->in_start);
        if (result == REPLY_MORE)
            return;
        load_require_success(load, reply, result);
        uint32_t id = connection_reply_id(load, connection);
        load_count(load, connection->sent_at[id]);
        load->under_way--;
        if (!load->draining)
            connection_ask(load, connection, id);
        connection->in_start += reply->length;
        *reply = (struct reply){0};
    }
    connection->in_start = connection->in_end = 0;
}

static void connection_make_room(struct connection *connection)
{
    if (LOAD_IN_SIZE - connection->in_end >= LOAD_IN_SPARE)
        return;
    size_t left = connection->in_end - connection->in_start;
    memmove(connection->in, connection->in + connection->in_start, left);
    connection->in_start = 0;
    connection->in_end = left;
    if (LOAD_IN_SIZE - left < LOAD_IN_SPARE)
        errx(1, "a reply of more than %d bytes", LOAD_IN_SIZE - LOAD_IN_SPARE);
}

static void connection_read(struct load *load, struct connection *connection)
{
    connection_make_room(connection);
    ssize_t got =
        recv(connection->fd, connection->in + connection->in_end, LOAD_IN_SIZE - connection->in_end, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0)
        errx(1, "%s: closed the connection", load->options->protocol->name);
    connection->in_end += (size_t)got;
    load->now = usage_now();
    connection_compact_out(connection);
    connection_take_replies(load, connection);
}

static void load_turn(struct load *load)
{
    struct epoll_event events[LOAD_EVENTS];
    int count = epoll_wait(load->epoll, events, LOAD_EVENTS, LOAD_WAIT);
    if (count < 0 && errno != EINTR)
        err(1, "waiting");
    load->now = usage_now();
    for (int i = 0; i < count; i++) {
        struct connection *connection = events[i].data.ptr;
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            connection_read(load, connection);
        connection_send(load, connection);
    }
}

static void load_turn_until(struct load *load, double seconds)
{
    uint64_t end = usage_now() + (uint64_t)(seconds * 1e9);
    while (!load->finished && load->now < end)
        load_turn(load);
}

static void load_measure(struct load *load)
{
    const struct load_options *options = load->options;
    uint64_t start = usage_now();
    double driver = usage_own_seconds();
    double server = usage_seconds_of(options->pids, options->pid_count);
    load->counting = true;
    do
        load_turn_until(load, options->seconds);
    while (options->requests > 0 && !load->finished);
    load->result->seconds = (double)(usage_now() - start) / 1e9;
    load->result->driver_busy = (usage_own_seconds() - driver) / load->result->seconds;
    load->result->server_seconds = usage_seconds_of(options->pids, options->pid_count) - server;
}

/* Takes the replies still due, so that the server is idle when the next run starts. */
static void load_drain(struct load *load)
{
    load->draining = true;
    while (load->under_way > 0)
        load_turn(load);
}

static void load_open(struct load *load)
{
    const struct load_options *options = load->options;
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (load->epoll < 0)
        err(1, "epoll");
    load->connections = load_allocate(options->connections, sizeof(*load->connections));
    for (unsigned i = 0; i < options->connections; i++)
        connection_create(load, &load->connections[i], i * options->mix->count / options->connections);
    load->now = usage_now();
    for (unsigned i = 0; i < options->connections; i++) {
        for (uint32_t id = 0; id < options->depth; id++)
            connection_ask(load, &load->connections[i], id);
        connection_send(load, &load->connections[i]);
    }
}

static void load_close(struct load *load)
{
    for (unsigned i = 0; i < load->options->connections; i++)
        connection_destroy(&load->connections[i]);
    for (size_t i = 0; i < load->options->mix->count; i++)
        free(load->requests[i].data);
    free(load->connections);
    free(load->requests);
    close(load->epoll);
}

void load_run(const struct load_options *options, struct load_result *result)
{
    struct load load = {.options = options, .result = result};
    load_encode(&load);
    load_open(&load);
    load_turn_until(&load, options->warm_up);
    load_measure(&load);
    load.counting = false;
    load_drain(&load);
    load_close(&load);
}

/* A server on a loop of the test's own, and clients that the test moves by hand: nothing here waits. */
#ifndef SENDA_TESTS_SERVE_SERVING_H
#define SENDA_TESTS_SERVE_SERVING_H

#include "../cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <msgpack/unpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../flow/engine_builder.h"
#include "../flow/tokens_builder.h"
#include "../wire/message_builder.h"
#include "../wire/request_builder.h"
#include "base/clock.h"
#include "serve/server_internal.h"

enum {
    SERVING_MESSAGE = 256 * 1024, /* bytes of one message */
    SERVING_PATIENCE_MS = 20000,  /* a condition that has not come true by then never will */
    SERVING_TURNS = 50,           /* of the loop, after which everything local has happened */
    SERVING_LET_IN_MS = 600000,   /* likewise, for showing a token */
    SERVING_LINGER_MS = 600000,   /* longer than any test: who wants to see it end says so */
};

struct serving {
    struct event_base *base;
    struct server_options options;
    struct server *server;
    struct metrics_slot *slot;
    struct engine_built site; /* of the tests that ask for it */
    uint64_t ticket;          /* of the reload asked for last; 0: none */
    unsigned drained;         /* times that the server said so */
    bool freed;               /* the test has freed the server itself */
};

static inline bool serving_reload(void *context, uint64_t ticket)
{
    ((struct serving *)context)->ticket = ticket;
    return true;
}

static inline void serving_drained(void *context)
{
    ((struct serving *)context)->drained++;
}

static inline void serving_start(struct serving *serving)
{
    struct error error;
    serving->options.flow.slots = serving->slot;
    serving->server = server_new(serving->base, &serving->options, &error);
    assert_non_null(serving->server);
}

/* Test fixture: *state is a struct serving. */
static inline int serving_setup(void **state)
{
    struct serving *serving = calloc(1, sizeof *serving);
    if (serving == NULL)
        return -1;
    *state = serving;
    serving->slot = metrics_map(1);
    serving->base = event_base_new();
    serving->options = (struct server_options){.limits = {SERVING_MESSAGE, 16, 4096},
                                               .flow = {.slot_count = 1,
                                                        .workers = 1,
                                                        .reload = serving_reload,
                                                        .context = serving,
                                                        .failures_most = 100},
                                               .output_high = 256 * 1024,
                                               .connections = 4096,
                                               .linger_ms = SERVING_LINGER_MS,
                                               .frame_ms = SERVING_LINGER_MS,
                                               .reader_ms = SERVING_LINGER_MS,
                                               .let_in_ms = SERVING_LET_IN_MS};
    serving_start(serving);
    return 0;
}

static inline int serving_teardown(void **state)
{
    struct serving *serving = *state;
    if (!serving->freed)
        server_free(serving->server);
    engine_built_destroy(&serving->site);
    event_base_free(serving->base);
    metrics_unmap(serving->slot, 1);
    free(serving);
    return 0;
}

/* The server anew, after a change of the options. */
static inline void serving_restart(struct serving *serving)
{
    server_free(serving->server);
    serving_start(serving);
}

static inline uint64_t serving_count(const struct serving *serving, enum metrics_counter counter)
{
    return serving->slot->values[counter];
}

/* ---- The loop ---- */

static inline void serving_turn(struct serving *serving)
{
    event_base_loop(serving->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

/* Long enough for everything that does not wait for a clock or for the test. */
static inline void serving_settle(struct serving *serving)
{
    for (int i = 0; i < SERVING_TURNS; i++)
        serving_turn(serving);
}

/* Turns the loop until the condition holds. */
#define UNTIL(serving, condition)                                                                            \
    for (uint64_t until_ = clock_monotonic_ms() + SERVING_PATIENCE_MS; !(condition);) {                      \
        serving_turn(serving);                                                                               \
        if (clock_monotonic_ms() > until_)                                                                   \
            fail_msg("never came true: %s", #condition);                                                     \
    }

/* ---- Clients ---- */

struct client {
    int fd;
    struct connection *connection; /* the server's side, while it lives; NULL for clients that connected */
    struct buffer received;        /* not decoded yet */
    bool ended;                    /* the server has ended the connection */
    bool reset;                    /* by force */
};

static inline struct client client_of(int fd)
{
    struct client client = {.fd = fd};
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return client;
}

/* A client whose connection the server has already. */
static inline struct client serving_client(struct serving *serving, bool control)
{
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
    struct client client = client_of(fds[0]);
    client.connection =
        connection_new(serving->server, fds[1], NULL, control ? SCOPE_CONTROL : SCOPE_ADMIN, 0);
    assert_non_null(client.connection);
    return client;
}

static inline void client_close(struct client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    client->fd = -1;
    buffer_destroy(&client->received);
}

/* Bytes that the socket took. */
static inline size_t client_write(struct client *client, const void *bytes, size_t length)
{
    ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL);
    assert_true(sent >= 0 || errno == EAGAIN || errno == EPIPE);
    return sent < 0 ? 0 : (size_t)sent;
}

/* All of it, while the server reads. */
static inline void client_write_all(struct serving *serving, struct client *client, const void *bytes,
                                    size_t length)
{
    size_t sent = 0;
    UNTIL(serving, (sent += client_write(client, (const char *)bytes + sent, length - sent)) == length);
}

static inline void client_ask(struct serving *serving, struct client *client, uint32_t id, const char *method,
                              const char *arguments)
{
    struct buffer message;
    buffer_create(&message);
    request_put(&message, id, method, arguments);
    client_write_all(serving, client, message.bytes, message.length);
    buffer_destroy(&message);
}

static inline void client_read(struct client *client)
{
    char bytes[65536];
    ssize_t length;
    while ((length = recv(client->fd, bytes, sizeof bytes, 0)) > 0)
        buffer_append(&client->received, bytes, (size_t)length);
    client->ended = client->ended || length == 0;
    client->reset = client->reset || (length < 0 && errno != EAGAIN);
}

/* One response. */
struct response {
    uint32_t id;
    char error[256];   /* "" for none */
    char version[256]; /* of the result, where there is one */
};

static inline void copy_str(char *out, size_t size, const msgpack_object *value)
{
    if (value != NULL && value->type == MSGPACK_OBJECT_STR)
        snprintf(out, size, "%.*s", (int)value->via.str.size, value->via.str.ptr);
}

static inline const msgpack_object *find(const msgpack_object *map, const char *name)
{
    for (uint32_t i = 0; map->type == MSGPACK_OBJECT_MAP && i < map->via.map.size; i++) {
        const msgpack_object_str *key = &map->via.map.ptr[i].key.via.str;
        if (key->size == strlen(name) && memcmp(key->ptr, name, key->size) == 0)
            return &map->via.map.ptr[i].val;
    }
    return NULL;
}

/* Takes the next whole response out of what was received; false where there is none yet. */
static inline bool client_take(struct client *client, struct response *out)
{
    size_t end = 0;
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    client_read(client);
    *out = (struct response){0};
    msgpack_unpack_return status =
        msgpack_unpack_next(&unpacked, client->received.bytes, client->received.length, &end);
    if (status == MSGPACK_UNPACK_SUCCESS) {
        const msgpack_object *elements = unpacked.data.via.array.ptr;
        assert_int_equal(unpacked.data.via.array.size, 4);
        assert_int_equal(elements[0].via.u64, 1);
        out->id = (uint32_t)elements[1].via.u64;
        copy_str(out->error, sizeof out->error, &elements[2]);
        copy_str(out->version, sizeof out->version, find(&elements[3], "version"));
        buffer_consume(&client->received, end);
    } else {
        assert_int_equal(status, MSGPACK_UNPACK_CONTINUE);
    }
    msgpack_unpacked_destroy(&unpacked);
    return status == MSGPACK_UNPACK_SUCCESS;
}

/* The next response, which has to come. */
static inline struct response client_expect(struct serving *serving, struct client *client)
{
    struct response response;
    UNTIL(serving, client_take(client, &response));
    return response;
}

/* The next response is this one; `error` is how its error begins, "" for none. */
static inline void assert_response(struct serving *serving, struct client *client, uint32_t id,
                                   const char *error)
{
    struct response response = client_expect(serving, client);
    assert_int_equal(response.id, id);
    if (strncmp(response.error, error, strlen(error)) != 0 ||
        (error[0] == '\0') != (response.error[0] == '\0'))
        fail_msg("'%s' does not begin with '%s'", response.error, error);
}

/* Nothing came, and nothing will. */
static inline void assert_silence(struct serving *serving, struct client *client)
{
    serving_settle(serving);
    client_read(client);
    assert_int_equal(client->received.length, 0);
}

/* The server ends the connection, in order, with nothing more said. */
static inline void assert_end(struct serving *serving, struct client *client)
{
    UNTIL(serving, (client_read(client), client->ended || client->reset));
    assert_false(client->reset);
    assert_int_equal(client->received.length, 0);
}

#endif

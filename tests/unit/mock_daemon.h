/*
 * A daemon for tests, on a Unix socket in a directory of its own and driven by the test's libevent loop. What
 * it does with each message is the test's business.
 */
#ifndef SENDA_TESTS_MOCK_DAEMON_H
#define SENDA_TESTS_MOCK_DAEMON_H

#include "cmocka_all.h"

#include "client/scan.h"
#include "client/value.h"
#include "senda/client.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <msgpack/unpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOCK_CONNECTIONS = 64 };

struct mock_daemon {
    struct event_base *base;                     /* the test's; borrowed */
    struct evconnlistener *listener;             /* NULL while it does not listen */
    struct bufferevent *peers[MOCK_CONNECTIONS]; /* owned; NULL once closed */
    size_t accepted;                             /* connections so far */
    size_t messages;                             /* messages so far */
    char directory[64];                          /* temporary */
    char address[128];                           /* "unix:…" */
    /* `message` is the whole array that came; strings in it do not end with a NUL. */
    void (*on_message)(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message);
    void *context; /* the test's */
};

static inline bool mock_text_is(const senda_value *value, const char *text)
{
    size_t length;
    const char *bytes = senda_value_string(value, &length);
    return bytes != NULL && length == strlen(text) && memcmp(bytes, text, length) == 0;
}

static inline bool mock_method_is(const senda_value *message, const char *method)
{
    return mock_text_is(senda_value_at(message, 2), method);
}

static inline uint32_t mock_id(const senda_value *message)
{
    return (uint32_t)senda_value_integer(senda_value_at(message, 1), -1);
}

/* The map of arguments. */
static inline const senda_value *mock_arguments(const senda_value *message)
{
    return senda_value_at(senda_value_at(message, 3), 0);
}

static inline void mock_on_event(struct bufferevent *peer, short what, void *context)
{
    struct mock_daemon *mock = context;
    if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) == 0)
        return;
    for (size_t i = 0; i < mock->accepted; i++)
        if (mock->peers[i] == peer)
            mock->peers[i] = NULL;
    bufferevent_free(peer);
}

static inline bool mock_is_open(const struct mock_daemon *mock, const struct bufferevent *peer)
{
    for (size_t i = 0; i < mock->accepted; i++)
        if (mock->peers[i] == peer)
            return true;
    return false;
}

static inline void mock_on_read(struct bufferevent *peer, void *context)
{
    struct mock_daemon *mock = context;
    struct evbuffer *input = bufferevent_get_input(peer);
    size_t length;
    while ((length = evbuffer_get_length(input)) > 0) {
        struct client_scan scan;
        unsigned char *bytes = evbuffer_pullup(input, -1);
        client_scan_start(&scan);
        if (client_scan_continue(&scan, bytes, length, length) != CLIENT_SCAN_WHOLE)
            return;
        msgpack_unpacked unpacked;
        msgpack_unpacked_init(&unpacked);
        assert_int_equal(msgpack_unpack_next(&unpacked, (char *)bytes, scan.offset, NULL),
                         MSGPACK_UNPACK_SUCCESS);
        mock->messages++;
        size_t whole = scan.offset;
        mock->on_message(mock, peer, client_value_of(&unpacked.data));
        msgpack_unpacked_destroy(&unpacked);
        if (!mock_is_open(mock, peer))
            return; /* the test has closed it */
        evbuffer_drain(input, whole);
    }
}

static inline void mock_on_accept(struct evconnlistener *listener, evutil_socket_t descriptor,
                                  struct sockaddr *address, int length, void *context)
{
    struct mock_daemon *mock = context;
    (void)listener;
    (void)address;
    (void)length;
    assert_true(mock->accepted < MOCK_CONNECTIONS);
    struct bufferevent *peer = bufferevent_socket_new(mock->base, descriptor, BEV_OPT_CLOSE_ON_FREE);
    assert_non_null(peer);
    mock->peers[mock->accepted++] = peer;
    bufferevent_setcb(peer, mock_on_read, NULL, mock_on_event, mock);
    bufferevent_enable(peer, EV_READ | EV_WRITE);
}

static inline void mock_listen(struct mock_daemon *mock)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", mock->address + strlen("unix:"));
    mock->listener = evconnlistener_new_bind(mock->base, mock_on_accept, mock, LEV_OPT_CLOSE_ON_FREE, 16,
                                             (struct sockaddr *)&address, sizeof address);
    assert_non_null(mock->listener);
}

static inline void mock_stop_listening(struct mock_daemon *mock)
{
    evconnlistener_free(mock->listener);
    mock->listener = NULL;
    unlink(mock->address + strlen("unix:"));
}

/* Does not listen yet: its address is what a client can be made with. */
static inline void mock_create(struct mock_daemon *mock)
{
    *mock = (struct mock_daemon){0};
    strcpy(mock->directory, "/tmp/senda-test-XXXXXX");
    assert_non_null(mkdtemp(mock->directory));
    snprintf(mock->address, sizeof mock->address, "unix:%s/socket", mock->directory);
}

/* Closes one connection from the daemon's side. */
static inline void mock_hang_up(struct mock_daemon *mock, struct bufferevent *peer)
{
    for (size_t i = 0; i < mock->accepted; i++)
        if (mock->peers[i] == peer)
            mock->peers[i] = NULL;
    bufferevent_free(peer);
}

static inline void mock_destroy(struct mock_daemon *mock)
{
    for (size_t i = 0; i < mock->accepted; i++)
        if (mock->peers[i] != NULL)
            bufferevent_free(mock->peers[i]);
    if (mock->listener != NULL)
        mock_stop_listening(mock);
    rmdir(mock->directory);
}

static inline void mock_write(struct bufferevent *peer, const void *bytes, size_t length)
{
    assert_int_equal(bufferevent_write(peer, bytes, length), 0);
}

/* [1, id, error, {"echo": number}]; `error` NULL is nil. To be freed. */
static inline senda_request *mock_reply_new(uint32_t id, const char *error, int64_t number)
{
    senda_request *reply = senda_request_new_list();
    assert_non_null(reply);
    senda_request_integer(reply, NULL, 1);
    senda_request_integer(reply, NULL, id);
    senda_request_string(reply, NULL, error);
    if (error != NULL) {
        senda_request_nil(reply, NULL);
        return reply;
    }
    senda_request_open_map(reply, NULL);
    senda_request_integer(reply, "echo", number);
    senda_request_close(reply);
    return reply;
}

static inline void mock_send(struct bufferevent *peer, senda_request *message)
{
    size_t length;
    const void *bytes = senda_request_bytes(message, &length);
    assert_non_null(bytes);
    mock_write(peer, bytes, length);
    senda_request_free(message);
}

static inline void mock_reply(struct bufferevent *peer, uint32_t id, const char *error, int64_t number)
{
    mock_send(peer, mock_reply_new(id, error, number));
}

#endif

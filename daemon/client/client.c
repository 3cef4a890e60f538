/* Requests over a connection that comes and goes: sending, matching answers, timeouts, authentication,
 * reconnecting. */
#include "client/internal.h"

#include "base/clock.h"
#include "client/frame.h"
#include "client/reply.h"

#include <event2/event.h>
#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_TIMEOUT = 5000,
    DEFAULT_CONNECT_TIMEOUT = 3000,
    DEFAULT_ATTEMPTS = 3,
    DEFAULT_FIRST_PAUSE = 50,
    DEFAULT_LONGEST_PAUSE = 5000,
    DEFAULT_REPLY_LIMIT = 16 << 20,
    DEFAULT_WAITING_LIMIT = 64 << 20,
};

static void destroy(senda_client *client);

const char *senda_status_text(enum senda_status status)
{
    switch (status) {
    case SENDA_OK:
        return "answered";
    case SENDA_REFUSED:
        return "the daemon refused";
    case SENDA_UNREACHABLE:
        return "the daemon cannot be reached";
    case SENDA_DISCONNECTED:
        return "the connection broke";
    case SENDA_TIMEOUT:
        return "no answer in time";
    case SENDA_PROTOCOL:
        return "the answer is not MessagePack-RPC";
    case SENDA_CANCELLED:
        return "cancelled";
    case SENDA_BUSY:
        return "too much is waiting to be sent";
    case SENDA_MISUSE:
        return "a parameter or request is not as it must be";
    case SENDA_NO_MEMORY:
        return "memory is out";
    }
    return "unknown status";
}

void client_hold(senda_client *client)
{
    client->held++;
}

void client_release(senda_client *client)
{
    if (--client->held == 0 && client->dying)
        destroy(client);
}

/* ---- How a call ends ---- */

static void free_call(struct client_call *call)
{
    if (call->timer != NULL)
        event_free(call->timer);
    free(call);
}

/* Takes the reply's reference. */
static void finish(struct client_call *call, senda_reply *reply)
{
    senda_client *client = call->client;
    client_calls_remove(&client->calls, call);
    if (call->notification)
        client->notifications_lost = true;
    if (call->reply_cb != NULL) {
        client->pending--;
        call->reply_cb(client, reply, call->context);
    }
    senda_reply_unref(reply);
    free_call(call);
}

/* Ends every call of a list that was made before now; callbacks may add more, which are left alone. */
static void finish_all(senda_client *client, struct client_call_list *list, senda_reply *reply)
{
    uint64_t newest = client->calls.last_serial;
    struct client_call *call;
    while ((call = TAILQ_FIRST(list)) != NULL && call->serial <= newest)
        finish(call, senda_reply_ref(reply));
    senda_reply_unref(reply);
}

/* Says where, and what in the status's words. */
static senda_reply *fail_reply(const senda_client *client, enum senda_status status)
{
    char text[sizeof client->problem];
    snprintf(text, sizeof text, "%s: %s", client->address.text, senda_status_text(status));
    return client_reply_new_failed(status, text);
}

static void on_timeout(evutil_socket_t descriptor, short what, void *context)
{
    struct client_call *call = context;
    senda_client *client = call->client;
    (void)descriptor;
    (void)what;
    client_hold(client);
    finish(call, fail_reply(client, SENDA_TIMEOUT));
    client_release(client);
}

/* ---- Connecting ---- */

static void say_state(senda_client *client, bool connected, const char *problem)
{
    if (client->state_cb != NULL && !client->dying)
        client->state_cb(client, connected, problem, client->state_context);
}

static bool wants_connection(const senda_client *client)
{
    return !client->dying && (client->keep || !TAILQ_EMPTY(&client->calls.waiting));
}

/* The pause after so many failures in a row: doubled each time, varied by a quarter, in milliseconds. None
 * after a connection that was of use. */
static uint64_t pause_of(const senda_client *client)
{
    uint64_t pause = client->failures > 0 ? client->first_pause : 0;
    uint16_t random;
    for (unsigned i = 1; i < client->failures && pause < client->longest_pause; i++)
        pause *= 2;
    if (pause > client->longest_pause)
        pause = client->longest_pause;
    evutil_secure_rng_get_bytes(&random, sizeof random);
    return pause - pause / 4 + pause / 2 * random / UINT16_MAX;
}

/* Starts an attempt as soon as the last failure allows; always from the loop, never from within. */
static void want_connection(senda_client *client)
{
    if (client->state != CLIENT_STATE_IDLE || !wants_connection(client))
        return;
    uint64_t now = clock_monotonic_ms();
    uint64_t wait = client->not_before > now ? client->not_before - now : 0;
    struct timeval pause = {(time_t)(wait / 1000), (suseconds_t)(wait % 1000) * 1000};
    client->state = CLIENT_STATE_PAUSING;
    event_add(client->retry, &pause);
}

static void on_retry(evutil_socket_t descriptor, short what, void *context)
{
    senda_client *client = context;
    (void)descriptor;
    (void)what;
    client_hold(client);
    client->state = CLIENT_STATE_CONNECTING;
    client->answered = false;
    client_connection_open(&client->connection, &client->address);
    client_release(client);
}

/* The connection is gone. Calls on it end with `reply` (its reference is taken); the waiting ones too where
 * too many attempts have failed. */
static void lose_connection(senda_client *client, senda_reply *reply, bool attempt_failed)
{
    client->state = CLIENT_STATE_IDLE;
    client->failures += attempt_failed;
    client->not_before = clock_monotonic_ms() + pause_of(client);
    snprintf(client->problem, sizeof client->problem, "%s", senda_reply_message(reply));
    say_state(client, false, client->problem);
    finish_all(client, &client->calls.sent, senda_reply_ref(reply));
    bool enough = client->attempts > 0 && client->failures >= client->attempts;
    if (enough || senda_reply_status(reply) == SENDA_REFUSED)
        finish_all(client, &client->calls.waiting, senda_reply_ref(reply));
    senda_reply_unref(reply);
    want_connection(client);
}

static void on_closed(void *context, enum senda_status status, const char *problem)
{
    senda_client *client = context;
    char text[sizeof client->problem];
    if (client->state != CLIENT_STATE_READY && status == SENDA_DISCONNECTED)
        status = SENDA_UNREACHABLE;
    snprintf(text, sizeof text, "%s: %s", client->address.text, problem);
    lose_connection(client, client_reply_new_failed(status, text), !client->answered);
}

/* Hands the frames that waited to the connection, in their order. */
static void send_waiting(senda_client *client)
{
    struct client_call *call;
    while ((call = TAILQ_FIRST(&client->calls.waiting)) != NULL) {
        if (!client_connection_write(&client->connection, call->frame, call->frame_length))
            return;
        if (call->notification) {
            client_calls_remove(&client->calls, call);
            free_call(call);
        } else {
            client_calls_move(&client->calls, call);
        }
    }
}

static void become_ready(senda_client *client)
{
    client->state = CLIENT_STATE_READY;
    client->problem[0] = '\0';
    send_waiting(client);
    say_state(client, true, "");
}

/* ---- Making calls ---- */

static struct client_call *call_new(senda_client *client, const struct client_frame *frame, bool keep_frame)
{
    size_t length = keep_frame ? client_frame_length(frame) : 0;
    struct client_call *call = calloc(1, sizeof *call + length);
    if (call == NULL)
        return NULL;
    call->client = client;
    call->id = frame->id;
    call->notification = frame->notification;
    call->frame_length = length;
    if (keep_frame)
        client_frame_encode(frame, call->frame);
    return call;
}

static bool start_timer(struct client_call *call, unsigned milliseconds)
{
    struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000L};
    if (milliseconds == 0)
        return true;
    call->timer = event_new(call->client->base, -1, 0, on_timeout, call);
    return call->timer != NULL && event_add(call->timer, &limit) == 0;
}

static bool write_frame(senda_client *client, const struct client_frame *frame)
{
    unsigned char small[512];
    size_t length = client_frame_length(frame);
    unsigned char *bytes = length <= sizeof small ? small : malloc(length);
    if (bytes == NULL)
        return false;
    client_frame_encode(frame, bytes);
    bool written = client_connection_write(&client->connection, bytes, length);
    if (bytes != small)
        free(bytes);
    return written;
}

/* Sends `frame` now, or keeps it until there is a connection. NULL: no memory, or a notification that is
 * gone. */
static struct client_call *make_call(senda_client *client, const struct client_frame *frame, bool now)
{
    struct client_call *call = call_new(client, frame, !now);
    if (call == NULL)
        return NULL;
    bool timed = frame->notification || start_timer(call, client->timeout);
    if (!timed || !client_calls_add(&client->calls, call, now)) {
        free_call(call);
        return NULL;
    }
    if (now && !write_frame(client, frame)) {
        client_calls_remove(&client->calls, call);
        free_call(call);
        return NULL;
    }
    return call;
}

static enum senda_status check_frame(const senda_client *client, const char *method,
                                     const senda_request *request, struct client_frame *frame)
{
    if (client->dying || method == NULL)
        return SENDA_MISUSE;
    enum senda_status status = request != NULL ? senda_request_check(request) : SENDA_OK;
    if (status != SENDA_OK)
        return status;
    *frame = (struct client_frame){.method = method, .method_length = strlen(method)};
    if (request != NULL)
        frame->params = senda_request_bytes(request, &frame->params_length);
    size_t waiting = client->calls.waiting_bytes + client_connection_unwritten(&client->connection);
    return waiting > 0 && waiting + client_frame_length(frame) > client->waiting_limit ? SENDA_BUSY
                                                                                       : SENDA_OK;
}

enum senda_status senda_client_send(senda_client *client, const char *method, const senda_request *request,
                                    senda_reply_cb reply_cb, void *context, uint32_t *id)
{
    struct client_frame frame;
    enum senda_status status = reply_cb != NULL ? check_frame(client, method, request, &frame) : SENDA_MISUSE;
    if (status != SENDA_OK)
        return status;
    frame.id = client_calls_next_id(&client->calls);
    struct client_call *call = make_call(client, &frame, client->state == CLIENT_STATE_READY);
    if (call == NULL)
        return SENDA_NO_MEMORY;
    call->reply_cb = reply_cb;
    call->context = context;
    client->pending++;
    if (id != NULL)
        *id = frame.id;
    want_connection(client);
    return SENDA_OK;
}

enum senda_status senda_client_notify(senda_client *client, const char *method, const senda_request *request)
{
    struct client_frame frame;
    enum senda_status status = check_frame(client, method, request, &frame);
    if (status != SENDA_OK)
        return status;
    frame.notification = true;
    if (client->state == CLIENT_STATE_READY)
        return write_frame(client, &frame) ? SENDA_OK : SENDA_NO_MEMORY;
    if (make_call(client, &frame, false) == NULL)
        return SENDA_NO_MEMORY;
    want_connection(client);
    return SENDA_OK;
}

bool senda_client_cancel(senda_client *client, uint32_t id)
{
    struct client_call *call = client_calls_find(&client->calls, id);
    if (call == NULL || call->reply_cb == NULL)
        return false;
    client_hold(client);
    finish(call, fail_reply(client, SENDA_CANCELLED));
    client_release(client);
    return true;
}

/* ---- Authentication ---- */

static void on_authenticated(senda_client *client, senda_reply *reply, void *context)
{
    (void)context;
    if (client->dying || client->state != CLIENT_STATE_AUTHENTICATING)
        return;
    if (senda_reply_status(reply) == SENDA_OK) {
        become_ready(client);
        return;
    }
    client_connection_close(&client->connection);
    lose_connection(client, senda_reply_ref(reply), true);
}

static void authenticate(senda_client *client)
{
    senda_request *request = senda_request_new();
    struct client_frame frame = {.method = "auth", .method_length = 4};
    struct client_call *call = NULL;
    client->state = CLIENT_STATE_AUTHENTICATING;
    if (request != NULL) {
        senda_request_string(request, "token", client->token);
        frame.params = senda_request_bytes(request, &frame.params_length);
        frame.id = client_calls_next_id(&client->calls);
    }
    if (frame.params != NULL)
        call = make_call(client, &frame, true);
    senda_request_free(request);
    if (call == NULL) {
        client_connection_close(&client->connection);
        on_closed(client, SENDA_NO_MEMORY, senda_status_text(SENDA_NO_MEMORY));
        return;
    }
    call->reply_cb = on_authenticated;
    client->pending++;
}

static void on_opened(void *context)
{
    senda_client *client = context;
    if (client->token != NULL)
        authenticate(client);
    else
        become_ready(client);
}

/* ---- Messages ---- */

static void on_message(void *context, const unsigned char *bytes, size_t length)
{
    senda_client *client = context;
    enum senda_status status;
    senda_reply *reply = client_reply_decode(bytes, length, &status);
    if (reply == NULL) {
        client_connection_close(&client->connection);
        on_closed(client, status, senda_status_text(status));
        return;
    }
    if (client->state == CLIENT_STATE_READY) { /* only a daemon that answers has been reached */
        client->failures = 0;
        client->answered = true;
    }
    if (client_reply_kind(reply) == CLIENT_REPLY_NOTIFICATION) {
        if (client->notification_cb != NULL)
            client->notification_cb(client, client_reply_method(reply), client_reply_params(reply),
                                    client->notification_context);
        senda_reply_unref(reply);
        return;
    }
    /* Nobody waits any more for an answer that comes after its timeout. */
    struct client_call *call = client_calls_find(&client->calls, client_reply_id(reply));
    if (call != NULL && call->sent)
        finish(call, reply);
    else
        senda_reply_unref(reply);
}

static void on_hold(void *context)
{
    client_hold(context);
}

static void on_release(void *context)
{
    client_release(context);
}

static const struct client_connection_owner connection_owner = {on_opened, on_message, on_closed, on_hold,
                                                                on_release};

/* ---- Making and configuring clients ---- */

static bool prepare(senda_client *client)
{
    client->base = client->owns_base ? event_base_new() : client->base;
    if (client->base == NULL)
        return false;
    client->retry = evtimer_new(client->base, on_retry, client);
    return client->retry != NULL &&
           client_connection_create(&client->connection, client->base, &connection_owner, client);
}

enum senda_status senda_client_new(senda_client **client, const char *address, struct event_base *base)
{
    *client = NULL;
    senda_client *made = calloc(1, sizeof *made);
    if (made == NULL)
        return SENDA_NO_MEMORY;
    client_calls_create(&made->calls);
    made->base = base;
    made->owns_base = base == NULL;
    bool addressed = client_address_create(&made->address, address);
    if (!addressed || !prepare(made)) {
        destroy(made);
        return addressed ? SENDA_NO_MEMORY : SENDA_MISUSE;
    }
    senda_client_set_timeout(made, DEFAULT_TIMEOUT);
    senda_client_set_connecting(made, DEFAULT_ATTEMPTS, DEFAULT_FIRST_PAUSE, DEFAULT_LONGEST_PAUSE,
                                DEFAULT_CONNECT_TIMEOUT);
    senda_client_set_limits(made, DEFAULT_REPLY_LIMIT, DEFAULT_WAITING_LIMIT);
    *client = made;
    return SENDA_OK;
}

static void destroy(senda_client *client)
{
    client_connection_destroy(&client->connection);
    client_calls_destroy(&client->calls);
    client_address_destroy(&client->address);
    if (client->retry != NULL)
        event_free(client->retry);
    if (client->owns_base && client->base != NULL)
        event_base_free(client->base);
    free(client->token);
    free(client);
}

void senda_client_free(senda_client *client)
{
    if (client == NULL || client->dying)
        return;
    client_hold(client);
    client->dying = true;
    client->state = CLIENT_STATE_IDLE;
    client_connection_close(&client->connection);
    event_del(client->retry);
    senda_reply *reply = client_reply_new_failed(SENDA_CANCELLED, "the client was freed");
    finish_all(client, &client->calls.sent, senda_reply_ref(reply));
    finish_all(client, &client->calls.waiting, reply);
    client_release(client);
}

/* Puts a copy of the text, or NULL, in the place of what was there. */
static enum senda_status replace_text(char **place, const char *text)
{
    char *copy = text != NULL ? strdup(text) : NULL;
    if (text != NULL && copy == NULL)
        return SENDA_NO_MEMORY;
    free(*place);
    *place = copy;
    return SENDA_OK;
}

enum senda_status senda_client_set_token(senda_client *client, const char *token)
{
    return replace_text(&client->token, token);
}

enum senda_status senda_client_set_ca(senda_client *client, const char *file)
{
    return replace_text(&client->connection.ca, file);
}

void senda_client_set_timeout(senda_client *client, unsigned milliseconds)
{
    client->timeout = milliseconds;
}

void senda_client_set_connecting(senda_client *client, unsigned attempts, unsigned first_pause,
                                 unsigned longest_pause, unsigned connect_timeout)
{
    client->attempts = attempts;
    client->first_pause = first_pause;
    client->longest_pause = longest_pause;
    client->connection.connect_timeout = connect_timeout;
}

void senda_client_set_limits(senda_client *client, size_t reply_bytes, size_t waiting_bytes)
{
    client->connection.message_limit = reply_bytes;
    client->waiting_limit = waiting_bytes;
}

void senda_client_keep_connected(senda_client *client, bool keep)
{
    client->keep = keep;
    want_connection(client);
}

bool senda_client_is_connected(const senda_client *client)
{
    return client->state == CLIENT_STATE_READY;
}

const char *senda_client_last_problem(const senda_client *client)
{
    return client->problem;
}

size_t senda_client_pending(const senda_client *client)
{
    return client->pending;
}

void senda_client_on_notification(senda_client *client, senda_notification_cb notification_cb, void *context)
{
    client->notification_cb = notification_cb;
    client->notification_context = context;
}

void senda_client_on_state(senda_client *client, senda_state_cb state_cb, void *context)
{
    client->state_cb = state_cb;
    client->state_context = context;
}

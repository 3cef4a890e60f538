/* Blocking use: turns the client's own loop until what is waited for has come. */
#include "client/internal.h"
#include "client/reply.h"

#include <event2/event.h>

/* What a call waits for. */
struct kept {
    senda_reply *reply; /* NULL: none yet, or there was no memory for it */
    bool come;          /* it has come */
};

static void keep_reply(senda_client *client, senda_reply *reply, void *context)
{
    struct kept *kept = context;
    (void)client;
    *kept = (struct kept){senda_reply_ref(reply), true};
}

static bool may_block(const senda_client *client)
{
    return client->owns_base && !client->looping && client->held == 0 && !client->dying;
}

/* Nobody has turned the loop since the last call: a connection that was closed meanwhile is found here, and
 * not by losing the next request on it. */
static void notice_closed(senda_client *client)
{
    if (client->state == CLIENT_STATE_READY)
        event_base_loop(client->base, EVLOOP_NONBLOCK);
}

enum senda_status senda_client_call(senda_client *client, const char *method, const senda_request *request,
                                    senda_reply **reply)
{
    uint32_t id;
    struct kept kept = {NULL, false};
    enum senda_status status = SENDA_MISUSE;
    *reply = NULL;
    if (!may_block(client)) {
        *reply = client_reply_new_failed(status, senda_status_text(status));
        return status;
    }
    client_hold(client);
    client->looping = true;
    notice_closed(client);
    status = senda_client_send(client, method, request, keep_reply, &kept, &id);
    bool sent = status == SENDA_OK;
    if (!sent)
        kept.reply = client_reply_new_failed(status, senda_status_text(status));
    client_connection_flush(&client->connection);
    while (sent && !kept.come && event_base_loop(client->base, EVLOOP_ONCE) == 0)
        continue;
    if (sent && !kept.come) /* the loop itself failed */
        senda_client_cancel(client, id);
    *reply = kept.reply;
    if (sent || kept.reply != NULL)
        status = senda_reply_status(kept.reply);
    client->looping = false;
    client_release(client);
    return status;
}

static void note_timeout(evutil_socket_t descriptor, short what, void *context)
{
    (void)descriptor;
    (void)what;
    *(bool *)context = true;
}

static bool is_settled(const senda_client *client)
{
    return client->pending == 0 && TAILQ_EMPTY(&client->calls.waiting) &&
           client_connection_unwritten(&client->connection) == 0;
}

/* Turns the loop until all is settled; false where `milliseconds` passed before. */
static bool settle(senda_client *client, unsigned milliseconds)
{
    bool late;
    struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000L};
    struct event *timer = milliseconds > 0 ? evtimer_new(client->base, note_timeout, &late) : NULL;
    late = milliseconds > 0 && (timer == NULL || event_add(timer, &limit) < 0); /* no memory to wait */
    client_connection_flush(&client->connection);
    while (!is_settled(client) && !late && event_base_loop(client->base, EVLOOP_ONCE) == 0)
        continue;
    if (timer != NULL)
        event_free(timer);
    return !late;
}

enum senda_status senda_client_wait(senda_client *client, unsigned milliseconds)
{
    if (!may_block(client))
        return SENDA_MISUSE;
    client_hold(client);
    client->looping = true;
    client->notifications_lost = false;
    enum senda_status status = settle(client, milliseconds) ? SENDA_OK : SENDA_TIMEOUT;
    if (status == SENDA_OK && client->notifications_lost)
        status = SENDA_UNREACHABLE;
    client->looping = false;
    client_release(client);
    return status;
}

/* The table of requests that have not ended; see calls.h. Numbers count up, so their low bits spread them. */
#include "client/calls.h"

#include <stdlib.h>

enum { FIRST_BUCKETS = 64 };

void client_calls_create(struct client_calls *calls)
{
    *calls = (struct client_calls){0};
    TAILQ_INIT(&calls->waiting);
    TAILQ_INIT(&calls->sent);
}

void client_calls_destroy(struct client_calls *calls)
{
    free(calls->buckets);
    calls->buckets = NULL;
}

static struct client_call **bucket_of(const struct client_calls *calls, uint32_t id)
{
    return &calls->buckets[id & (calls->bucket_count - 1)];
}

struct client_call *client_calls_find(const struct client_calls *calls, uint32_t id)
{
    if (calls->bucket_count == 0)
        return NULL;
    struct client_call *call = *bucket_of(calls, id);
    while (call != NULL && call->id != id)
        call = call->next;
    return call;
}

uint32_t client_calls_next_id(struct client_calls *calls)
{
    do {
        calls->last_id++;
    } while (client_calls_find(calls, calls->last_id) != NULL);
    return calls->last_id;
}

static void link_call(struct client_calls *calls, struct client_call *call)
{
    struct client_call **bucket = bucket_of(calls, call->id);
    call->next = *bucket;
    *bucket = call;
}

/* Keeps one call a bucket on average. */
static bool make_room(struct client_calls *calls)
{
    struct client_calls old = *calls;
    if (calls->count < calls->bucket_count)
        return true;
    size_t bucket_count = old.bucket_count > 0 ? 2 * old.bucket_count : FIRST_BUCKETS;
    struct client_call **buckets = calloc(bucket_count, sizeof *buckets);
    if (buckets == NULL)
        return false;
    calls->buckets = buckets;
    calls->bucket_count = bucket_count;
    for (size_t i = 0; i < old.bucket_count; i++) {
        struct client_call *next;
        for (struct client_call *call = old.buckets[i]; call != NULL; call = next) {
            next = call->next;
            link_call(calls, call);
        }
    }
    free(old.buckets);
    return true;
}

bool client_calls_add(struct client_calls *calls, struct client_call *call, bool sent)
{
    if (!call->notification) {
        if (!make_room(calls))
            return false;
        link_call(calls, call);
        calls->count++;
    }
    call->serial = ++calls->last_serial;
    call->sent = sent;
    if (sent) {
        TAILQ_INSERT_TAIL(&calls->sent, call, order);
    } else {
        TAILQ_INSERT_TAIL(&calls->waiting, call, order);
        calls->waiting_bytes += call->frame_length;
    }
    return true;
}

static void unlist(struct client_calls *calls, struct client_call *call)
{
    if (call->sent) {
        TAILQ_REMOVE(&calls->sent, call, order);
        return;
    }
    TAILQ_REMOVE(&calls->waiting, call, order);
    calls->waiting_bytes -= call->frame_length;
}

void client_calls_move(struct client_calls *calls, struct client_call *call)
{
    unlist(calls, call);
    call->sent = true;
    TAILQ_INSERT_TAIL(&calls->sent, call, order);
}

void client_calls_remove(struct client_calls *calls, struct client_call *call)
{
    unlist(calls, call);
    if (call->notification)
        return;
    struct client_call **link = bucket_of(calls, call->id);
    while (*link != call)
        link = &(*link)->next;
    *link = call->next;
    calls->count--;
}

/* A queue of tickets, found by bisection. */
#include "flow/waiting.h"

#include <stdlib.h>

struct waiting *waiting_new(enum method_id method, const struct flow_peer *peer, uint32_t message_id,
                            struct text subject, uint32_t parts)
{
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (waiting == NULL)
        return NULL;
    waiting->method = method;
    waiting->peer = *peer;
    waiting->message_id = message_id;
    waiting->batch = parts > 0;
    waiting->part_count = parts;
    if (parts > 0)
        waiting->parts = calloc(parts, sizeof *waiting->parts);
    if (subject.length > 0)
        waiting->subject = (struct text){malloc(subject.length), subject.length};
    if ((parts > 0 && waiting->parts == NULL) || (subject.length > 0 && waiting->subject.bytes == NULL)) {
        waiting_free(waiting);
        return NULL;
    }
    if (subject.length > 0)
        memcpy((char *)waiting->subject.bytes, subject.bytes, subject.length);
    return waiting;
}

void waiting_free(struct waiting *waiting)
{
    buffer_destroy(&waiting->results);
    free((char *)waiting->subject.bytes);
    free(waiting->parts);
    free(waiting);
}

void waiting_queue_create(struct waiting_queue *queue)
{
    *queue = (struct waiting_queue){NULL, 0, 0, 0};
}

/* A batch has several tickets, and is freed with the last of them. */
static void drop(struct waiting *waiting)
{
    if (waiting != NULL && --waiting->left == 0)
        waiting_free(waiting);
}

void waiting_queue_destroy(struct waiting_queue *queue)
{
    for (size_t i = queue->first; i < queue->end; i++)
        drop(queue->tickets[i].waiting);
    free(queue->tickets);
}

/* An answer that comes late, as a receipt of erasing does, leaves many behind it that are taken. */
static void squeeze(struct waiting_queue *queue)
{
    size_t used = 0;
    for (size_t i = queue->first; i < queue->end; i++)
        if (queue->tickets[i].waiting != NULL)
            queue->tickets[used++] = queue->tickets[i];
    queue->first = 0;
    queue->end = used;
}

/* What is in use moves to the front before more memory is taken. */
bool waiting_queue_reserve(struct waiting_queue *queue, size_t more)
{
    if (queue->capacity - queue->end >= more)
        return true;
    squeeze(queue);
    if (queue->capacity - queue->end >= more && queue->end < queue->capacity / 2)
        return true;
    size_t capacity = (queue->end + more) * 2;
    struct waiting_ticket *grown = realloc(queue->tickets, capacity * sizeof *grown);
    if (grown == NULL)
        return false;
    queue->tickets = grown;
    queue->capacity = capacity;
    return true;
}

void waiting_queue_add(struct waiting_queue *queue, uint64_t ticket, struct waiting *waiting, uint32_t part)
{
    queue->tickets[queue->end++] = (struct waiting_ticket){ticket, waiting, part};
    waiting->left++;
    waiting->commands++;
}

/* The place of the first ticket that is not smaller. */
static size_t find(const struct waiting_queue *queue, uint64_t ticket)
{
    size_t low = queue->first, high = queue->end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (queue->tickets[middle].ticket < ticket)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void drop_taken(struct waiting_queue *queue)
{
    while (queue->first < queue->end && queue->tickets[queue->first].waiting == NULL)
        queue->first++;
    if (queue->first == queue->end)
        queue->first = queue->end = 0;
}

struct waiting *waiting_queue_take(struct waiting_queue *queue, uint64_t ticket, uint32_t *part)
{
    size_t place = queue->first < queue->end && queue->tickets[queue->first].ticket == ticket
                       ? queue->first
                       : find(queue, ticket);
    if (place == queue->end || queue->tickets[place].ticket != ticket)
        return NULL;
    struct waiting *waiting = queue->tickets[place].waiting;
    *part = queue->tickets[place].part;
    queue->tickets[place].waiting = NULL;
    drop_taken(queue);
    return waiting;
}

struct waiting_ticket *waiting_queue_oldest(const struct waiting_queue *queue)
{
    return queue->first < queue->end ? &queue->tickets[queue->first] : NULL;
}

static void disown(struct waiting *waiting)
{
    waiting->owner = NULL;
    waiting->batch = false;
    waiting->kept = waiting->part_count = 0;
    buffer_destroy(&waiting->results);
    free(waiting->parts);
    waiting->parts = NULL;
}

void waiting_queue_disown(struct waiting_queue *queue, const void *owner)
{
    for (size_t i = queue->first; i < queue->end; i++)
        if (queue->tickets[i].waiting != NULL && queue->tickets[i].waiting->owner == owner)
            disown(queue->tickets[i].waiting);
}

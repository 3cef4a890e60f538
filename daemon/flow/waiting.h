/*
 * Requests whose answer waits for the ledger: which command each waits for, and whose they are.
 *
 * A request waits for one command, or for several if it is a batch. Outcomes come nearly in the order in
 * which the commands went.
 */
#ifndef SENDA_FLOW_WAITING_H
#define SENDA_FLOW_WAITING_H

#include "base/buffer.h"
#include "base/error.h"
#include "flow/flow_peer.h"
#include "wire/method.h"

/* One element of a batch: where its result stands among the results. */
struct waiting_part {
    uint32_t offset, length;
};

struct waiting {
    void *owner;           /* the connection; NULL: it is gone, or wants no answer */
    struct flow_peer peer; /* as it was when the request came */
    enum method_id method; /* what was asked */
    uint32_t message_id;   /* to be echoed */
    uint64_t since_ms;     /* monotonic */
    struct text subject; /* the customer, the decision or the journey asked about; owned; may have no bytes */
    uint32_t from, to;   /* days of journey.map */
    bool batch;          /* the result is a list, which somebody waits for */
    uint32_t left;       /* outcomes that have not come */
    uint32_t commands;   /* that were sent for it */
    size_t bytes;        /* that these take on their way to the ledger */
    size_t kept;         /* bytes that results of refused elements take while the others are waited for */
    struct buffer results;      /* of a batch's elements, as they came */
    struct waiting_part *parts; /* of a batch, in order of asking; owned; NULL: no batch */
    uint32_t part_count;
};

/* NULL when memory is out. */
struct waiting *waiting_new(enum method_id method, const struct flow_peer *peer, uint32_t message_id,
                            struct text subject, uint32_t parts);
void waiting_free(struct waiting *waiting);

/* The commands that are waited for, by ticket: ascending, since tickets only grow. */
struct waiting_ticket {
    uint64_t ticket;
    struct waiting *waiting; /* NULL: its outcome came */
    uint32_t part;           /* of a batch */
};

struct waiting_queue {
    struct waiting_ticket *tickets; /* owned */
    size_t first, end, capacity;    /* those from first to before end are in use */
};

void waiting_queue_create(struct waiting_queue *queue);

/* Frees all that waits. */
void waiting_queue_destroy(struct waiting_queue *queue);

/* Makes room for `more` tickets, so that the next ones added find it. */
MUST_CHECK bool waiting_queue_reserve(struct waiting_queue *queue, size_t more);
void waiting_queue_add(struct waiting_queue *queue, uint64_t ticket, struct waiting *waiting, uint32_t part);

/* Who waited for it, and for which part; NULL: nobody. Each ticket is taken once. */
struct waiting *waiting_queue_take(struct waiting_queue *queue, uint64_t ticket, uint32_t *part);

/* The one that has waited longest, until the queue changes; NULL: none waits. */
struct waiting_ticket *waiting_queue_oldest(const struct waiting_queue *queue);

/* Whoever is gone is not answered, and nothing is kept for their answers. */
void waiting_queue_disown(struct waiting_queue *queue, const void *owner);

#endif

/*
 * The path of one request: a whole message comes in, a whole response goes out.
 *
 * Knows no sockets. A flow belongs to one process; a peer is what it remembers of one connection.
 */
#ifndef SENDA_FLOW_FLOW_H
#define SENDA_FLOW_FLOW_H

#include <msgpack/zone.h>

#include "base/buffer.h"
#include "base/metrics.h"
#include "base/random.h"
#include "flow/engine.h"
#include "wire/frame.h"
#include "wire/reply.h"

/* What one connection is allowed and wants. */
struct flow_peer {
    enum reply_errors errors; /* form of errors */
    bool control;             /* came in by the control socket */
    bool authorized;          /* needs no token, or has shown it */
};

enum flow_outcome {
    FLOW_DONE,    /* answered, or no answer is due */
    FLOW_PENDING, /* will be answered later, through flow_answer_reload */
    FLOW_CLOSE,   /* answer what stands in the buffer, then close */
};

/* Asks for a reload; `ticket` comes back with its outcome. False where it can't be asked for. */
typedef bool (*flow_reload_cb)(void *context, uint64_t ticket);

struct flow_options {
    const char *token;          /* NULL: none is needed; borrowed */
    struct metrics_slot *slots; /* of all processes; borrowed */
    size_t slot_count;          /* of those */
    size_t own_slot;            /* this process's */
    size_t workers;             /* processes that answer */
    flow_reload_cb reload;      /* NULL: reload is refused */
    void *context;              /* handed to reload */
};

struct flow {
    struct flow_options options;
    struct engine *engine;     /* borrowed; NULL before the first site */
    msgpack_zone zone;         /* memory of the message being answered */
    struct random_state seeds; /* of decisions */
    uint32_t *excluded;        /* room for a request's excluded offers; owned */
    uint64_t started_ms;       /* monotonic */
    uint64_t tickets;          /* reloads asked for so far */
    /* Who asks, in place of whom the store remembers: for tests of sites. Borrowed; NULL: nobody. */
    const struct customer *assumed;
};

MUST_CHECK bool flow_create(struct flow *flow, const struct flow_options *options, struct error *error);
void flow_destroy(struct flow *flow);

/*
 * Answers one message of `length` bytes that the scanner found whole; appends the response to `out`. On
 * FLOW_PENDING, flow->tickets is the ticket to remember together with scanner->message_id.
 */
enum flow_outcome flow_handle(struct flow *flow, struct flow_peer *peer, const struct frame_scanner *scanner,
                              const uint8_t *bytes, size_t length, struct buffer *out);

/* Answers a message that the scanner refused. */
void flow_refuse(struct flow *flow, const struct flow_peer *peer, const struct frame_scanner *scanner,
                 struct buffer *out);

/* Answers a reload that was pending: the new version, or every problem. */
void flow_answer_reload(const struct flow_peer *peer, uint32_t id, bool reloaded, const char *text,
                        struct buffer *out);

#endif

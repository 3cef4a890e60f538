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
#include "base/tally.h"
#include "flow/attempts.h"
#include "flow/engine.h"
#include "flow/flow_peer.h"
#include "flow/jobs.h"
#include "flow/recall.h"
#include "flow/tokens.h"
#include "flow/waiting.h"
#include "wire/frame.h"
#include "wire/reply.h"

enum flow_outcome {
    FLOW_DONE,    /* answered, or no answer is due */
    FLOW_PENDING, /* will be answered later, through flow_answer_reload */
    FLOW_WAITING, /* will be answered later, through flow_take_outcomes or flow_go_on; flow->asked is to be
                     owned */
    FLOW_LATER,   /* nothing was done: come again with it when peer->token_due_ms has come, and with nothing
                     else */
    FLOW_CLOSE,   /* answer what stands in the buffer, then close */
};

/* Asks for a reload; `ticket` comes back with its outcome. False where it can't be asked for. */
typedef bool (*flow_reload_cb)(void *context, uint64_t ticket);

struct flow_options {
    const struct tokens *tokens; /* that let clients in; borrowed; NULL: none is needed */
    uint32_t wait_ms;            /* how long a token waits after wrong ones at the most */
    uint32_t failures_most;      /* wrong tokens after which a connection is closed */
    struct metrics_slot *slots;  /* of all processes; borrowed */
    size_t slot_count;           /* of those */
    size_t own_slot;             /* this process's */
    size_t workers;              /* processes that answer */
    flow_reload_cb reload;       /* NULL: reload is refused */
    void *context;               /* handed to reload */
    struct shared *shared;       /* between workers and ledger; borrowed; NULL: nothing is remembered */
    size_t worker;               /* whose lane of it */
    const char *state;           /* folder of the store and the log; borrowed; needed with `shared` */
    int64_t reserve_ms;          /* how long a decision counts as an impression to come */
};

struct flow {
    struct flow_options options;
    struct engine *engine;     /* borrowed; NULL before the first site */
    msgpack_zone zone;         /* memory of the message being answered */
    struct random_state seeds; /* of decisions, each of which whoever reads the log may give again */
    uint32_t *excluded;        /* room for a request's excluded offers; owned */
    uint64_t started_ms;       /* monotonic */
    uint64_t tickets;          /* reloads asked for so far */

    struct recall *recall;        /* owned; NULL: nothing is remembered */
    struct waiting_queue waiting; /* requests that wait for the ledger */
    struct jobs jobs;             /* requests that are answered in steps */
    struct tally wrong_tokens;    /* for the log */
    struct attempts *attempts;    /* wrong tokens by address; owned; NULL until there was one */
    uint32_t token_changes;       /* times that other tokens have come to count */
    bool was_secret;              /* the message that flow_handle just had holds a token */
    struct waiting *asked;        /* the one that flow_handle just added; NULL: none */
    struct text request;          /* the arguments of the message at hand, as they came */
    struct buffer packed;         /* maps of the command being built, and the request being recorded */
    /* Who asks, in place of whom the store remembers: for tests of sites. Borrowed; NULL: nobody. */
    const struct customer *assumed;
};

MUST_CHECK bool flow_create(struct flow *flow, const struct flow_options *options, struct error *error);
void flow_destroy(struct flow *flow);

/* Serves this site from now on, borrowed; returns the one before. NULL: none. */
struct engine *flow_set_engine(struct flow *flow, struct engine *engine);

/* Other tokens count from now on, borrowed; who was let in by one that is gone has to show another. */
void flow_set_tokens(struct flow *flow, const struct tokens *tokens);

/*
 * Answers one message of `length` bytes that the scanner found whole; appends the response to `out`. On
 * FLOW_PENDING, flow->tickets is the ticket to remember together with scanner->message_id.
 */
enum flow_outcome flow_handle(struct flow *flow, struct flow_peer *peer, const struct frame_scanner *scanner,
                              const uint8_t *bytes, size_t length, struct buffer *out);

/*
 * Looks at bytes that flow_handle will have message by message, so that customers whom several of them name
 * can be read at once; changes nothing. Returns for how many of the bytes that holds.
 */
size_t flow_expect(struct flow *flow, const uint8_t *bytes, size_t length);

/* To be called before the replies of flow_handle are written: what they speak of goes to the ledger first. */
void flow_flush(struct flow *flow);

/* A response to a request whose owner is still there. */
typedef void (*flow_answer_cb)(void *context, const struct waiting *waiting, const struct buffer *response);

/* To be watched for reading; -1: nothing is remembered. Then flow_take_outcomes is due; it takes about a
 * millisecond at most, and what is left wakes again. */
int flow_wake_fd(const struct flow *flow);
void flow_take_outcomes(struct flow *flow, flow_answer_cb give, void *context);

/* Whether somebody waits whose answer is made in steps. Then flow_go_on is due, which makes one, whenever
 * others have had their turn. */
bool flow_has_more(const struct flow *flow);
void flow_go_on(struct flow *flow, flow_answer_cb give, void *context);

/* Answers who has waited too long for a ledger that is not there, or for one that died. To be called about
 * once a second. */
void flow_expire(struct flow *flow, flow_answer_cb give, void *context);

/*
 * Whether who waits for so many commands, which take so many bytes, has to wait before more are sent. Nobody
 * takes more than is left for the others, and little while others wait, too: they wait behind it.
 */
bool flow_is_crowded(const struct flow *flow, uint32_t commands, size_t bytes);

/* `owner` is gone. */
void flow_disown(struct flow *flow, const void *owner);

/* Answers a message that the scanner refused. */
void flow_refuse(struct flow *flow, const struct flow_peer *peer, const struct frame_scanner *scanner,
                 struct buffer *out);

/* True where the message, which the scanner found whole, asks for what is answered also under overload. */
bool flow_is_for_any_time(const struct frame_scanner *scanner, const uint8_t *bytes);

/*
 * Refuses a whole message without looking into it: answers a request with this error, and lets go of a
 * notification.
 */
void flow_turn_away(struct flow *flow, const struct flow_peer *peer, const struct frame_scanner *scanner,
                    const struct error *error, struct buffer *out);

/* Answers a reload that was pending: the new version, or every problem. */
void flow_answer_reload(const struct flow_peer *peer, uint32_t id, bool reloaded, const char *text,
                        struct buffer *out);

#endif

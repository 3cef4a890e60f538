/*
 * Finds where a MessagePack-RPC message ends before anything is decoded or allocated for it.
 *
 * The scanner reads headers only, remembers where it stopped, and may be handed a message in any number of
 * pieces. It enforces the limits as soon as a declared length breaks them, and reads the envelope on the way
 * so that a refused request can still be answered. A refused message is walked over to its end, so that the
 * one behind it is found, unless it declares more than anyone would send.
 */
#ifndef SENDA_WIRE_FRAME_H
#define SENDA_WIRE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_DEPTH_MAX = 31 }; /* msgpack-c decodes no deeper than 32 */

struct frame_limits {
    size_t bytes;   /* of one message */
    uint32_t depth; /* containers inside each other, the message's own array included; <= FRAME_DEPTH_MAX */
    uint32_t items; /* values in one message, keys included */
};

enum frame_status {
    FRAME_PARTIAL,  /* every byte was looked at, the message goes on */
    FRAME_COMPLETE, /* a message within the limits ends at `position` */
    FRAME_REFUSED,  /* just now found to break a limit or the format; go on scanning to get behind it */
    FRAME_SKIPPED,  /* a message that was refused before ends at `position` */
    FRAME_BROKEN,   /* no way to find the next message: close, answering `message_id` if there is one */
};

enum frame_fault {
    FRAME_FAULT_NONE,
    FRAME_FAULT_BYTES,    /* longer than limits.bytes */
    FRAME_FAULT_DEPTH,    /* nested deeper than limits.depth */
    FRAME_FAULT_ITEMS,    /* more values than limits.items */
    FRAME_FAULT_ENVELOPE, /* an array, but no request, response or notification */
    FRAME_FAULT_FORMAT,   /* the byte 0xc1, which MessagePack never uses */
    FRAME_FAULT_NO_ARRAY, /* the message is not an array */
};

/* Everything is the scanner's own; callers read `position`, `message_id`, `has_message_id` and `fault`. */
struct frame_scanner {
    struct frame_limits limits;
    size_t position;                    /* bytes at hand of this message walked over so far */
    uint64_t forgotten;                 /* bytes of it in front of those, thrown away */
    uint64_t left;                      /* values still to come in the whole message, known so far */
    uint64_t skip;                      /* bytes of a string or ext still to be walked over */
    uint32_t items;                     /* values begun */
    uint32_t depth;                     /* containers open */
    uint32_t open[FRAME_DEPTH_MAX + 1]; /* values still to come in each open container */
    uint32_t message_id;                /* valid if has_message_id */
    bool has_message_id;                /* the envelope began as a request's */
    uint8_t type;                       /* 0 request, 1 response, 2 notification */
    uint32_t envelope_size;             /* elements of the message's array; 0: not begun */
    enum frame_fault fault;             /* why the message was refused */
};

/* A refused message of more than so many times limits.bytes, all in all, ends the connection. */
#define FRAME_SKIP_FACTOR 64

void frame_scanner_create(struct frame_scanner *scanner, struct frame_limits limits);

/* Ready for the next message; keeps the limits. */
void frame_scanner_reset(struct frame_scanner *scanner);

/*
 * `bytes`/`length`: what of the message is at hand, from its first byte on; grows from call to call.
 * After FRAME_REFUSED or FRAME_PARTIAL of a refused message, the bytes walked over may be thrown away with
 * frame_forget.
 */
enum frame_status frame_scan(struct frame_scanner *scanner, const uint8_t *bytes, size_t length);

/* Tells the scanner that the first `position` bytes are gone: the next call begins behind them. */
void frame_forget(struct frame_scanner *scanner);

/* True once the message was refused and is only walked over. */
static inline bool frame_is_refused(const struct frame_scanner *scanner)
{
    return scanner->fault != FRAME_FAULT_NONE;
}

/* True once nothing of the message is still to come. */
static inline bool frame_is_over(const struct frame_scanner *scanner)
{
    return scanner->left == 0 && scanner->skip == 0;
}

/* One line for a person on why it was refused; `size` bytes of `out`. */
const char *frame_fault_message(const struct frame_scanner *scanner, char *out, size_t size);

#endif

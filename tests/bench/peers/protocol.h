/* How each system is asked and how its replies are told apart; no sockets. */
#ifndef SENDA_BENCH_PROTOCOL_H
#define SENDA_BENCH_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mix.h"
#include "skip.h"

enum {
    PROTOCOL_REQUEST_MAX = 4096, /* bytes; an encoded request must fit */
};

/* A reply as far as it has arrived. Zeroed before each reply. */
struct reply {
    struct skip skip;  /* progress of the scanner, for protocols whose replies have no length */
    bool skipping;     /* the scanner has set out */
    size_t length;     /* bytes of the whole reply */
    uint32_t id;       /* the request's, where the protocol has ids */
    bool failed;       /* an error reply; `body` is then its text or encoded error */
    struct bytes body; /* the answer as MessagePack, or the error */
};

enum reply_result {
    REPLY_DONE,
    REPLY_MORE,
    REPLY_BROKEN, /* not a reply of this protocol: the run is lost */
};

struct protocol {
    const char *name;
    size_t greeting;  /* bytes that the server sends first and are passed over */
    bool has_ids;     /* replies name their request; otherwise they come in order */
    size_t id_offset; /* where in a request its id stands: four bytes, big endian; only with has_ids */

    /* Writes a request whose id is to be put in later; returns its length, 0 where it does not fit.
     * `script` is the name that a script was loaded under, NULL where the system needs none. */
    size_t (*encode)(uint8_t *out, size_t size, struct bytes arguments, const char *script);

    /* Looks at what has arrived of a reply; may be called again with more. */
    enum reply_result (*scan)(struct reply *reply, const uint8_t *data, size_t length);
};

extern const struct protocol PROTOCOL_SENDA, PROTOCOL_SENDA_PING;
extern const struct protocol PROTOCOL_TARANTOOL, PROTOCOL_TARANTOOL_PING;
extern const struct protocol PROTOCOL_REDIS, PROTOCOL_REDIS_FUNCTION, PROTOCOL_REDIS_PING;

/* NULL where no system is called so. */
const struct protocol *protocol_find(const char *name);

/* Ends the program, saying what a reply that is no success says. */
_Noreturn void protocol_fail(const struct protocol *protocol, const struct reply *reply);

/* Appends bytes at *length; false, and nothing written, where they do not fit. */
bool protocol_append(uint8_t *out, size_t size, size_t *length, const void *data, size_t count);

#endif

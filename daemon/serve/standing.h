/*
 * How long what a connection has to say has stood: how long others were served since it could have been read.
 *
 * Time here is that of a clock which runs only while anybody is served. So neither a loop without work nor a
 * client that does not read counts, and a connection's own turns are taken off: nobody stands behind oneself.
 *
 * Nothing tells when bytes arrived in a socket. But the loop knows when it last looked: what is there now and
 * was not announced then came since. And what is still there behind a read that filled its memory was there
 * when that read was done.
 */
#ifndef SENDA_SERVE_STANDING_H
#define SENDA_SERVE_STANDING_H

#include <stdbool.h>
#include <stdint.h>

struct standing {
    uint64_t since_ns, own_ns; /* of what is at hand: since when it stands, and own turns since */
    uint64_t behind_ns,
        later_ns; /* of what stands behind that: when the last read was, and own turns since */
    uint64_t turn_ns, turn_length; /* when the last turn began, and how long it took */
    bool more;                     /* the last read filled its memory: there is more behind */
    bool blocked;                  /* the client does not read, or waits for too much */
};

/* The socket has something, which came after `since_ns`. */
static inline void standing_announce(struct standing *standing, uint64_t since_ns)
{
    if (standing->more) {
        standing->since_ns = standing->behind_ns;
        standing->own_ns = standing->later_ns;
        return;
    }
    standing->since_ns = since_ns;
    standing->own_ns = standing->turn_ns >= since_ns ? standing->turn_length : 0;
}

/* What was read at `now_ns` filled the memory for it, or did not. */
static inline void standing_read(struct standing *standing, uint64_t now_ns, bool filled)
{
    standing->more = filled;
    standing->behind_ns = now_ns;
    standing->later_ns = 0;
}

/* What stands while it is blocked does so by the client's own doing. */
static inline void standing_block(struct standing *standing, uint64_t now_ns, bool blocked)
{
    if (standing->blocked && !blocked) {
        standing->since_ns = standing->behind_ns = now_ns;
        standing->own_ns = standing->later_ns = 0;
    }
    standing->blocked = blocked;
}

static inline uint64_t standing_at(const struct standing *standing, uint64_t now_ns)
{
    uint64_t began_ns = standing->since_ns + standing->own_ns;
    return now_ns > began_ns ? now_ns - began_ns : 0;
}

/* A turn began at `now_ns` and took so long. */
static inline void standing_spend(struct standing *standing, uint64_t now_ns, uint64_t length_ns)
{
    standing->turn_ns = now_ns;
    standing->turn_length = length_ns;
    standing->own_ns += length_ns;
    standing->later_ns += length_ns;
}

#endif

/* Takes replies apart only as far as a load driver must: whose it is, whether it is an error or a fallback,
 * and where it ends. */
#ifndef SENDA_CTL_BENCH_REPLY_H
#define SENDA_CTL_BENCH_REPLY_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes behind the end of the input that the scanner may look past but not at: callers leave them allocated.
 */
enum { BENCH_REPLY_SLACK = 64 };

struct bench_reply {
    uint32_t id;   /* which request it answers */
    bool error;    /* its error is not nil */
    bool fallback; /* its result is a map whose `fallback` is not nil */
};

enum bench_reply_state {
    BENCH_REPLY_WHOLE,  /* *next is where the following one begins */
    BENCH_REPLY_MORE,   /* more bytes are needed */
    BENCH_REPLY_BROKEN, /* no reply of MessagePack-RPC */
};

enum bench_reply_state bench_reply_scan(const unsigned char *bytes, const unsigned char *end,
                                        struct bench_reply *reply, const unsigned char **next);

#endif

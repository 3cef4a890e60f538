/* The requests that the bench sends, encoded once: the same arguments under two methods. */
#ifndef SENDA_CTL_BENCH_MIX_H
#define SENDA_CTL_BENCH_MIX_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { BENCH_MIX_ID_AT = 3 }; /* where a message's number is, four bytes with the highest first */

struct bench_messages {
    unsigned char *bytes; /* owned; all messages, one behind the other */
    size_t *offsets;      /* owned; where each begins, and where the last ends */
    size_t count;         /* messages; at least 1 */
    size_t longest;       /* bytes of the longest */
};

/* `count` customers, a quarter of the requests without one. */
MUST_CHECK bool bench_messages_create_built_in(struct bench_messages *messages, const char *method,
                                               const char *placement, size_t count, struct error *error);

/* From a file of MessagePack maps, a map for each request: in one array, or one behind the other. */
MUST_CHECK bool bench_messages_create_from_file(struct bench_messages *messages, const char *method,
                                                const char *path, struct error *error);

void bench_messages_destroy(struct bench_messages *messages);

#endif

/*
 * The requests that the bench sends, encoded once: the same arguments under two methods.
 *
 * What has to differ from one sending to the next is written into a blank: the texts BENCH_MIX_CUSTOMER and
 * BENCH_MIX_EVENT, wherever they stand in the arguments.
 */
#ifndef SENDA_CTL_BENCH_MIX_H
#define SENDA_CTL_BENCH_MIX_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    BENCH_MIX_ID_AT = 3,           /* where a message's number is, four bytes with the highest first */
    BENCH_MIX_CUSTOMER_DIGITS = 7, /* decimal ones at the end of BENCH_MIX_CUSTOMER */
    BENCH_MIX_EVENT_DIGITS = 16,   /* hexadecimal ones at the end of BENCH_MIX_EVENT */
    BENCH_MIX_CUSTOMERS_MOST = 10000000,
};

#define BENCH_MIX_CUSTOMER "bench-0000000"
#define BENCH_MIX_EVENT "bench-event-0000000000000000"

/* Where a message has digits to be written over, counted from its first byte; 0: nowhere. */
struct bench_blanks {
    uint32_t customer, event;
};

struct bench_messages {
    unsigned char *bytes;        /* owned; all messages, one behind the other */
    size_t *offsets;             /* owned; where each begins, and where the last ends */
    size_t count;                /* messages; at least 1 */
    struct bench_blanks *blanks; /* owned; one for each */
    size_t longest;              /* bytes of the longest */
};

/* The kinds of recommend that there are; a quarter of them without a customer. */
MUST_CHECK bool bench_messages_create_built_in(struct bench_messages *messages, const char *method,
                                               const char *placement, struct error *error);

/* Events of customers, each with an id. */
MUST_CHECK bool bench_messages_create_track(struct bench_messages *messages, struct error *error);

/* From a file of MessagePack maps, a map for each request: in one array, or one behind the other. */
MUST_CHECK bool bench_messages_create_from_file(struct bench_messages *messages, const char *method,
                                                const char *path, struct error *error);

/* Fills in the blanks of a message that was copied to `bytes`. */
void bench_blanks_fill(const struct bench_blanks *blanks, unsigned char *bytes, uint32_t customer,
                       uint64_t event);

void bench_messages_destroy(struct bench_messages *messages);

#endif

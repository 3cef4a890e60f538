/* What a function read of the customer: the names of fields and entries, each once. */
#ifndef SENDA_SCRIPT_READS_H
#define SENDA_SCRIPT_READS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { READS_MOST = 24, READS_LONGEST_KEY = 48 };

/*
 * Where a value was read: one of the customer's own fields, an entry of one of the maps, or what one of the
 * functions about the customer's history said (see customer_history.h).
 */
enum read_source {
    READ_FIELD,
    READ_TRAITS,
    READ_CONTEXT,
    READ_CONSENTS,
    READ_SEEN,
    READ_DID,
    READ_SINCE,
    READ_DAYS_IN_STAGE,
};

struct read {
    enum read_source source;
    uint32_t length;             /* bytes of the key */
    char key[READS_LONGEST_KEY]; /* for READ_FIELD the field's number as one byte; of history its arguments */
};

struct reads {
    struct read list[READS_MOST];
    uint32_t count;
    bool boundless; /* it read more than can be listed here */
};

static inline void reads_clear(struct reads *reads)
{
    reads->count = 0;
    reads->boundless = false;
}

static inline bool reads_has(const struct reads *reads, enum read_source source, struct text key)
{
    for (uint32_t i = 0; i < reads->count; i++)
        if (reads->list[i].source == source && reads->list[i].length == key.length &&
            memcmp(reads->list[i].key, key.bytes, key.length) == 0)
            return true;
    return false;
}

/* Adds a read that is not there yet; true where it was added. */
static inline bool reads_add(struct reads *reads, enum read_source source, struct text key)
{
    if (reads_has(reads, source, key))
        return false;
    if (reads->count == READS_MOST || key.length > READS_LONGEST_KEY) {
        reads->boundless = true;
        return false;
    }
    struct read *read = &reads->list[reads->count++];
    read->source = source;
    read->length = (uint32_t)key.length;
    memcpy(read->key, key.bytes, key.length);
    return true;
}

#endif

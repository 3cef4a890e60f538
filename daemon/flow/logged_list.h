/*
 * The decisions of one customer as profile.export hands them over, collected while the log is read.
 *
 * They become part of one message, which has to stay within what clients take and a worker can hold. Of more
 * than that the oldest are told, and the others counted.
 */
#ifndef SENDA_FLOW_LOGGED_LIST_H
#define SENDA_FLOW_LOGGED_LIST_H

#include <msgpack/zone.h>

#include "base/buffer.h"
#include "model/record.h"

/* Bytes that are told. With all else of an export that is less than the 16 MiB that libsenda takes. */
enum { LOGGED_LIST_BYTES = 12 << 20 };

struct logged_list {
    struct buffer told; /* one decision behind the other, as they were found */
    struct buffer
        places;        /* of each a struct logged_place: when it was taken, and where it stands in `told` */
    size_t count;      /* of those */
    uint64_t left_out; /* that found no room */
};

void logged_list_create(struct logged_list *list);
void logged_list_destroy(struct logged_list *list);

/* `zone` is for the request, and cleared. ERROR_INTERNAL: memory is out. */
MUST_CHECK bool logged_list_add(struct logged_list *list, const struct record *record, msgpack_zone *zone,
                                struct error *error);

/* Writes all of them as a list, oldest first. */
void logged_list_put(struct logged_list *list, struct buffer *out);

#endif

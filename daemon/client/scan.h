/* Finds where a MessagePack value ends, also when its bytes come one by one; decodes and allocates nothing.
 */
#ifndef SENDA_CLIENT_SCAN_H
#define SENDA_CLIENT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLIENT_SCAN_DEPTH = 24 }; /* msgpack-c's decoder holds 32 */

enum client_scan_result {
    CLIENT_SCAN_WHOLE,  /* the value ends at `offset` */
    CLIENT_SCAN_MORE,   /* so far well; more bytes are needed */
    CLIENT_SCAN_BROKEN, /* not MessagePack, too deep, or longer than the limit */
};

struct client_scan {
    size_t offset;                        /* bytes understood so far, from the value's first */
    unsigned depth;                       /* containers open */
    uint64_t left[CLIENT_SCAN_DEPTH + 1]; /* values still to come, per level; level 0 is the value itself */
};

void client_scan_start(struct client_scan *scan);

/*
 * Goes on where it stopped. `bytes` are the value's bytes from its first, `length` how many are there by now,
 * `limit` the longest value taken, in bytes. Declared lengths beyond the limit are broken at once.
 */
enum client_scan_result client_scan_continue(struct client_scan *scan, const unsigned char *bytes,
                                             size_t length, size_t limit);

/* True where `bytes` are exactly one value. */
bool client_scan_is_one_value(const void *bytes, size_t length);

#endif

/* Finds where a MessagePack value ends, without reading what it says; goes on where it left off as bytes
 * arrive. */
#ifndef SENDA_BENCH_SKIP_H
#define SENDA_BENCH_SKIP_H

#include <stddef.h>
#include <stdint.h>

struct skip {
    uint64_t left; /* values still to pass */
    size_t at;     /* bytes passed from where the outermost value starts; may lie beyond what has arrived */
};

enum skip_result {
    SKIP_DONE,   /* the value ends at skip.at */
    SKIP_MORE,   /* more bytes are needed */
    SKIP_BROKEN, /* these bytes are not MessagePack */
};

/* Sets out to pass one value that starts `at` bytes into the data. */
void skip_start(struct skip *skip, size_t at);

/* Goes on with all bytes that have arrived so far, `data` being where they start. */
enum skip_result skip_run(struct skip *skip, const uint8_t *data, size_t length);

#endif

/* The request mix: the arguments of each request as MessagePack, the same bytes for every system. */
#ifndef SENDA_BENCH_MIX_H
#define SENDA_BENCH_MIX_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *data; /* not owned */
    size_t length;       /* bytes */
};

struct mix {
    uint8_t *file;         /* owned: the whole file */
    struct bytes *entries; /* owned: one map of arguments each, pointing into the file */
    size_t count;          /* entries, at least one */
};

/* Reads the file; ends the program with a message where it cannot. */
void mix_load(struct mix *mix, const char *path);

void mix_unload(struct mix *mix);

#endif

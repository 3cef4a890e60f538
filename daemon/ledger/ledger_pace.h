/*
 * How many commands a batch may take. Many share what a batch costs: customers of whom several events have
 * come are read and written once. But whoever comes meanwhile waits for its end, and all of them are in
 * memory. So a batch that took long, or much, is followed by smaller ones, and a full one that took little by
 * larger ones.
 */
#ifndef SENDA_LEDGER_LEDGER_PACE_H
#define SENDA_LEDGER_LEDGER_PACE_H

#include <stddef.h>
#include <stdint.h>

enum {
    PACE_LEAST =
        8192, /* commands; what is taken at first, and however slow the disk is: fewer cost more each */
    PACE_MOST = 32768,   /* commands */
    PACE_MS = 400,       /* that a batch should take at most */
    PACE_BYTES = 1 << 28 /* of memory, likewise */
};

/* What the batch behind one of `commands` commands may take, which itself might have taken `most`. */
uint32_t ledger_pace(uint32_t most, uint32_t commands, uint64_t took_ms, size_t bytes);

#endif

/* Halving and doubling. */
#include "ledger/ledger_pace.h"

#include <stdbool.h>

uint32_t ledger_pace(uint32_t most, uint32_t commands, uint64_t took_ms, size_t bytes)
{
    if (took_ms > PACE_MS || bytes > PACE_BYTES) {
        uint32_t taken = commands < most ? commands : most;
        return taken / 2 > PACE_LEAST ? taken / 2 : PACE_LEAST;
    }
    bool full = commands >= most - most / 4;
    if (!full || took_ms > PACE_MS / 2 || bytes > PACE_BYTES / 2 || most >= PACE_MOST)
        return most;
    return most * 2 < PACE_MOST ? most * 2 : PACE_MOST;
}

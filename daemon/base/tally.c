/* Counting until the pause is over. */
#include "base/tally.h"

uint64_t tally_add(struct tally *tally, uint64_t now_ms)
{
    uint64_t count = ++tally->untold;
    if (tally->told_ms != 0 && now_ms - tally->told_ms < TALLY_PAUSE_MS)
        return 0;
    *tally = (struct tally){.told_ms = now_ms};
    return count;
}

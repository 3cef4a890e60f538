/* Reckoning what a walk owes, in keys times milliseconds: a short while is worth less than one key. */
#include "ledger/sweep_pace.h"

/* Of a first round, and of one that is longer than the last, no more is known than what it met. */
static uint64_t size_of(const struct sweep_pace *pace)
{
    return pace->passed > pace->size ? pace->passed : pace->size;
}

/* The clock may jump: nobody owes more than one round. */
static uint64_t elapsed_ms(const struct sweep_pace *pace, int64_t now_ms)
{
    if (pace->at_ms == 0 || now_ms <= pace->at_ms)
        return 0;
    uint64_t elapsed = (uint64_t)now_ms - (uint64_t)pace->at_ms;
    return elapsed < SWEEP_PACE_ROUND_MS ? elapsed : SWEEP_PACE_ROUND_MS;
}

static uint64_t owed_at(const struct sweep_pace *pace, int64_t now_ms)
{
    uint64_t most = size_of(pace) * SWEEP_PACE_ROUND_MS;
    uint64_t owed = pace->owed + size_of(pace) * elapsed_ms(pace, now_ms);
    return owed < most ? owed : most;
}

uint32_t sweep_pace_due(const struct sweep_pace *pace, int64_t now_ms)
{
    uint64_t keys = owed_at(pace, now_ms) / SWEEP_PACE_ROUND_MS;
    return keys < SWEEP_PACE_MOST ? (uint32_t)keys : SWEEP_PACE_MOST;
}

void sweep_pace_walked(struct sweep_pace *pace, int64_t now_ms, size_t seen, bool round)
{
    uint64_t paid = (uint64_t)seen * SWEEP_PACE_ROUND_MS, owed = owed_at(pace, now_ms);
    pace->owed = owed > paid ? owed - paid : 0;
    pace->at_ms = now_ms;
    pace->passed += seen;
    if (!round)
        return;
    pace->size = pace->passed;
    pace->passed = 0;
}

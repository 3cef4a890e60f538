/* Noting times of erasures, and comparing decisions with them. */
#include "ledger/forgotten.h"

#include "ledger/keys.h"

static uint32_t place_of(struct text id)
{
    return (uint32_t)(key_hash(id) & (FORGOTTEN_PLACES - 1));
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void forgotten_note(struct forgotten *forgotten, struct text id, int64_t now_us)
{
    int64_t *time_us = &forgotten->times_us[place_of(id)];
    *time_us = later(*time_us, now_us);
    forgotten->latest_us = later(forgotten->latest_us, now_us);
}

void forgotten_settle(struct forgotten *forgotten, int64_t now_us, int64_t way_us)
{
    if (forgotten->latest_us - way_us <= now_us)
        return;
    for (size_t i = 0; i < FORGOTTEN_PLACES; i++)
        if (forgotten->times_us[i] > now_us)
            forgotten->times_us[i] = now_us;
    forgotten->latest_us = now_us;
}

static bool may_know(int64_t erased_us, int64_t clock_us, int64_t now_us)
{
    return erased_us != 0 && (clock_us <= erased_us || clock_us > now_us);
}

bool forgotten_has_any(const struct forgotten *forgotten, int64_t clock_us, int64_t now_us)
{
    return may_know(forgotten->latest_us, clock_us, now_us);
}

bool forgotten_has(const struct forgotten *forgotten, struct text id, int64_t clock_us, int64_t now_us)
{
    return forgotten_has_any(forgotten, clock_us, now_us) &&
           may_know(forgotten->times_us[place_of(id)], clock_us, now_us);
}

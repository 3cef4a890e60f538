/* A small table in sets, like a processor's cache: bounded, whoever tries to fill it. */
#include "flow/attempts.h"

#include <stddef.h>

static uint32_t standing(const struct attempts_entry *entry, uint64_t now_ms)
{
    uint64_t forgotten = (now_ms - entry->since_ms) / ATTEMPTS_FORGET_MS;
    return entry->failures > forgotten ? entry->failures - (uint32_t)forgotten : 0;
}

/* Keys are hashes with a secret seed, so that nobody can choose the set. */
static struct attempts_entry *set_of(const struct attempts *attempts, uint64_t address)
{
    return ((struct attempts *)(uintptr_t)attempts)->entries[address % ATTEMPTS_SETS];
}

static struct attempts_entry *find(const struct attempts *attempts, uint64_t address)
{
    struct attempts_entry *set = set_of(attempts, address);
    for (size_t i = 0; i < ATTEMPTS_IN_SET; i++)
        if (set[i].address == address)
            return &set[i];
    return NULL;
}

static uint32_t wait_after(uint32_t failures, uint32_t longest_ms)
{
    uint64_t wait_ms = failures > 0 ? ATTEMPTS_FIRST_MS : 0;
    for (uint32_t i = 1; i < failures && wait_ms < longest_ms; i++)
        wait_ms *= 2;
    return wait_ms < longest_ms ? (uint32_t)wait_ms : longest_ms;
}

uint32_t attempts_wait_ms(const struct attempts *attempts, uint64_t address, uint32_t own_failures,
                          uint64_t now_ms)
{
    const struct attempts_entry *entry = find(attempts, address);
    uint32_t failures = entry != NULL ? standing(entry, now_ms) : 0;
    return wait_after(failures > own_failures ? failures : own_failures, attempts->longest_ms);
}

/* The place of that address: its own, else the one with the least on record. */
static struct attempts_entry *place_for(struct attempts *attempts, uint64_t address, uint64_t now_ms)
{
    struct attempts_entry *set = set_of(attempts, address), *least = find(attempts, address);
    if (least != NULL)
        return least;
    least = &set[0];
    for (size_t i = 1; i < ATTEMPTS_IN_SET; i++)
        if (standing(&set[i], now_ms) < standing(least, now_ms))
            least = &set[i];
    *least = (struct attempts_entry){.address = address};
    return least;
}

/* What was already forgotten stays so; the rest of a period is given to the client. */
void attempts_note_failure(struct attempts *attempts, uint64_t address, uint64_t now_ms)
{
    struct attempts_entry *entry = place_for(attempts, address, now_ms);
    uint32_t before = entry->failures > 0 ? standing(entry, now_ms) : 0;
    entry->failures = before < ATTEMPTS_COUNTED ? before + 1 : before;
    entry->since_ms = now_ms;
}

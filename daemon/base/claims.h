/*
 * What was promised and not committed yet: counters in shared memory that any process may raise.
 *
 * A limit of three is exact only if two workers that decide at the same moment know of each other. Whoever is
 * about to promise something reads the counter of its place first, then the store, and claims only if both
 * together leave room; the claim fails if anybody changed the counter in between. Once the promise is in the
 * store, the claim is settled. So the sum of both is never too low. It can be too high for a moment: then
 * something is held back that might have been given.
 *
 * Places are picked by a hash. That two things share one for the few milliseconds of a claim is unlikely, and
 * errs on the same side.
 */
#ifndef SENDA_BASE_CLAIMS_H
#define SENDA_BASE_CLAIMS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLAIMS_PLACES = 1 << 18, CLAIMS_OPEN_MOST = UINT16_MAX /* at one place */ };

struct claims {
    _Atomic uint64_t words[CLAIMS_PLACES]; /* 48 bits that change with every change, 16 bits of open claims */
};

/* What stood at a place at one moment. */
typedef uint64_t claims_word;

static inline uint32_t claims_place(uint64_t hash)
{
    return (uint32_t)(hash & (CLAIMS_PLACES - 1));
}

/* To be read before the store is. */
static inline claims_word claims_look(const struct claims *claims, uint32_t place)
{
    return atomic_load(&claims->words[place]);
}

static inline uint32_t claims_open(claims_word word)
{
    return (uint32_t)(word & 0xFFFF);
}

/*
 * Adds a claim to what was seen, which then is what stands there now; false where it has changed meanwhile,
 * or there are too many.
 */
bool claims_try(struct claims *claims, uint32_t place, claims_word *seen);

/* Takes one claim away: it was committed, or came to nothing. */
void claims_settle(struct claims *claims, uint32_t place);

/*
 * Forgets claims of processes that died before they could tell anybody: those places whose word is still the
 * one in `before`. Copies all words into `before` for the next time. Only while nothing is known to be
 * waiting.
 */
void claims_heal(struct claims *claims, claims_word *before);

#endif

/* Raising, lowering and mending the counters. */
#include "base/claims.h"

enum { COUNT_BITS = 16 };
_Static_assert(CLAIMS_OPEN_MOST == (1 << COUNT_BITS) - 1, "a word counts that far");

/* The same place after a change: another count, and never the same word again. */
static claims_word changed(claims_word word, uint32_t count)
{
    return ((word >> COUNT_BITS) + 1) << COUNT_BITS | count;
}

bool claims_try(struct claims *claims, uint32_t place, claims_word *seen)
{
    claims_word expected = *seen, claimed = changed(*seen, claims_open(*seen) + 1);
    if (claims_open(*seen) == CLAIMS_OPEN_MOST ||
        !atomic_compare_exchange_strong(&claims->words[place], &expected, claimed))
        return false;
    *seen = claimed;
    return true;
}

void claims_settle(struct claims *claims, uint32_t place)
{
    claims_word word = claims_look(claims, place);
    while (claims_open(word) > 0 &&
           !atomic_compare_exchange_weak(&claims->words[place], &word, changed(word, claims_open(word) - 1)))
        continue;
}

void claims_heal(struct claims *claims, claims_word *before)
{
    for (uint32_t place = 0; place < CLAIMS_PLACES; place++) {
        claims_word word = claims_look(claims, place);
        if (claims_open(word) > 0 && word == before[place])
            atomic_compare_exchange_strong(&claims->words[place], &word, changed(word, 0));
        before[place] = claims_look(claims, place);
    }
}

/* Pseudo-random numbers from an explicit state: splitmix64 (Steele, Lea, Flood 2014). Not for secrets. */
#ifndef SENDA_BASE_RANDOM_H
#define SENDA_BASE_RANDOM_H

#include <stdint.h>

struct random_state {
    uint64_t value; /* any value is a fine seed */
};

static inline uint64_t random_next(struct random_state *state)
{
    uint64_t z = (state->value += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Below 2^53: a whole number that every language, and JSON, can say exactly. */
static inline uint64_t random_exact(struct random_state *state)
{
    return random_next(state) >> 11;
}

/* Uniform in [0, 1), 53 bits. */
static inline double random_unit(struct random_state *state)
{
    return (double)random_exact(state) * 0x1.0p-53;
}

#endif

/* Made-up visits, for who has no file of real ones: the same for the same seed. */
#ifndef SENDA_CTL_DEMO_VISITORS_H
#define SENDA_CTL_DEMO_VISITORS_H

#include "ctl/demo_sessions.h"

/*
 * Adds `count` visits. About half look around, some are near a purchase or have just bought, and the rest
 * have bought before; of these it is known when, which no visit of the data set tells.
 */
MUST_CHECK bool demo_visitors_make(struct demo_sessions *sessions, size_t count, uint64_t seed,
                                   struct error *error);

#endif

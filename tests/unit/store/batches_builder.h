/* Numbered batches by chance: from the number that a store says it has, everything else in it follows. */
#ifndef SENDA_TESTS_STORE_BATCHES_BUILDER_H
#define SENDA_TESTS_STORE_BATCHES_BUILDER_H

#include "store/store.h"

/* Writes batch `number` (1 is the first) of the series that `seed` stands for. */
bool batches_write(struct store *store, uint64_t seed, uint64_t number, struct error *error);

/* Another batch of the same number: one that was refused must not be mistaken for the one that is tried next.
 */
bool batches_write_variant(struct store *store, uint64_t seed, uint64_t number, uint8_t variant,
                           struct error *error);

/* The number of the last batch in the store; 0: none. */
uint64_t batches_last(struct store *store);

/* Whether the store holds what the batches up to the one that it has as its last have left, and nothing else.
 */
bool batches_are_whole(struct store *store, uint64_t seed);

/* From the environment variable, else `otherwise`. */
uint64_t batches_number_from(const char *variable, uint64_t otherwise);

#endif

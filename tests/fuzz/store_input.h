/* A store in memory with whatever an input says: a length of one byte and a key, two and a value, and so on.
 */
#ifndef SENDA_TESTS_FUZZ_STORE_INPUT_H
#define SENDA_TESTS_FUZZ_STORE_INPUT_H

#include "catalogue/snapshot.h"
#include "input.h"
#include "store/store.h"

/* Fills it with at most `most` entries; keys have `before` in front, which may be empty. Takes what it reads.
 */
struct store *store_input_open(struct input *input, struct text before, size_t most);

/* The site of all runs, which is never freed. */
const struct snapshot *store_input_site(void);

#endif

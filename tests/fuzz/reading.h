/* Decoding bytes with msgpack-c the way a worker does: only what the scanner lets through. */
#ifndef SENDA_TESTS_FUZZ_READING_H
#define SENDA_TESTS_FUZZ_READING_H

#include <msgpack/object.h>
#include <stdbool.h>

#include "base/text.h"

enum { READING_DEPTH = 14, READING_VALUES = 4000 }; /* what is left for params in a message */

/* One value of at most so many others in it and inside each other; false: none, or not whole. */
bool reading_is_one_value(struct text bytes);

/* The same, decoded; lives until the call after the next. NULL where it is none. */
const msgpack_object *reading_decode(struct text bytes);

#endif

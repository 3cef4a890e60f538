/* What senda may write as MessagePack, held against msgpack-c: types, texts, numbers, and shortest forms. */
#ifndef SENDA_TESTS_FUZZ_PLAIN_CHECK_H
#define SENDA_TESTS_FUZZ_PLAIN_CHECK_H

#include <msgpack/object.h>

#include "base/text.h"

/*
 * Only nil, booleans, finite 64-bit floats, whole numbers within 2^53, str of UTF-8, arrays, and maps with
 * str as keys.
 */
void plain_check_value(const msgpack_object *value);

/* The bytes are one such value, every header in its shortest form, no key twice in a map. */
void plain_check_bytes(struct text bytes);

#endif

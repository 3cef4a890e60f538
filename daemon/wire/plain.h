/* Decoded values in the plain form that is kept and answered: str for texts, numbers for times, no key twice.
 */
#ifndef SENDA_WIRE_PLAIN_H
#define SENDA_WIRE_PLAIN_H

#include <msgpack/object.h>

#include "base/buffer.h"

/*
 * Appends a value that value_check took: bin becomes str, a timestamp its seconds, a whole number within 2^53
 * an integer, any other a 64-bit float. Of a key that stands twice in a map the last is kept.
 */
void plain_put(struct buffer *out, const msgpack_object *value);

/* As plain_put, for where a map is due: a list, which can only be the empty one, is an empty map. */
void plain_put_map(struct buffer *out, const msgpack_object *value);

#endif

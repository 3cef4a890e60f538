/* What stands in messages, without decoding them. */
#ifndef SENDA_WIRE_PEEK_H
#define SENDA_WIRE_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/*
 * Of a request or notification that frame_scan found whole, and of which type (0 or 2). Points into the
 * message. False where the method is no text.
 */
bool peek_method(const uint8_t *bytes, size_t length, uint8_t type, struct text *name);

/*
 * Customers that requests for recommendations among these bytes name, as clients usually write them, in their
 * order: a guess, for what costs nothing if it is wrong. At most `most`; points into the bytes. Returns how
 * many; `*seen`: bytes up to the last of them, all where there are fewer.
 */
size_t peek_customers(const uint8_t *bytes, size_t length, struct text *out, size_t most, size_t *seen);

#endif

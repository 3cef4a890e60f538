/* The name of a message's method, without decoding the message. */
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

#endif

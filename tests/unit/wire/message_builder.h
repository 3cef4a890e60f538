/* Bytes of MessagePack in every form that the specification knows, also the ones that no packer writes. */
#ifndef SENDA_TESTS_WIRE_MESSAGE_BUILDER_H
#define SENDA_TESTS_WIRE_MESSAGE_BUILDER_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/random.h"

/* One byte after the other: message_put(out, 3, 0x93, 0x02, 0xa0). */
void message_put(struct buffer *out, int count, ...);

/* A first byte with a big-endian length of `width` bytes behind it. */
void message_put_length(struct buffer *out, uint8_t first, uint64_t length, unsigned width);

/* `count` times the same byte. */
void message_put_run(struct buffer *out, uint8_t byte, size_t count);

/* Uniform in 0 … below - 1. */
uint32_t message_pick(struct random_state *random, uint32_t below);

/* Any valid value, containers at most `depth` deep. */
void message_put_random(struct buffer *out, struct random_state *random, unsigned depth);

/* A request, response or notification with random parts, the message's array in any of its forms. */
void message_put_random_envelope(struct buffer *out, struct random_state *random, unsigned depth);

/* The bytes in heap memory of exactly that size, so that reading behind them is noticed; the caller frees. */
uint8_t *message_copy_exactly(const void *bytes, size_t length);

#endif

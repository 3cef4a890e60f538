/* Writing MessagePack by hand and by chance; see message_builder.h. */
#include "message_builder.h"

#include <stdarg.h>
#include <stdlib.h>

void message_put(struct buffer *out, int count, ...)
{
    va_list bytes;
    va_start(bytes, count);
    for (int i = 0; i < count; i++)
        message_put_run(out, (uint8_t)va_arg(bytes, int), 1);
    va_end(bytes);
}

void message_put_length(struct buffer *out, uint8_t first, uint64_t length, unsigned width)
{
    message_put_run(out, first, 1);
    for (; width > sizeof length; width--)
        message_put_run(out, 0, 1);
    for (unsigned shift = width * 8; shift > 0; shift -= 8)
        message_put_run(out, (uint8_t)(length >> (shift - 8)), 1);
}

void message_put_run(struct buffer *out, uint8_t byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_append(out, &byte, 1);
}

uint32_t message_pick(struct random_state *random, uint32_t below)
{
    return (uint32_t)(random_next(random) >> 32) % below;
}

static void put_noise(struct buffer *out, struct random_state *random, size_t count)
{
    for (size_t i = 0; i < count; i++)
        message_put_run(out, (uint8_t)random_next(random), 1);
}

/* Length of a string or ext: mostly short, now and then more than a byte can say. */
static uint32_t pick_length(struct random_state *random, unsigned width)
{
    return width > 1 && message_pick(random, 20) == 0 ? 250 + message_pick(random, 20)
                                                      : message_pick(random, 24);
}

static void put_bytes(struct buffer *out, struct random_state *random, uint8_t first, unsigned width,
                      unsigned extra)
{
    uint32_t length = pick_length(random, width);
    message_put_length(out, first, length, width);
    put_noise(out, random, length + extra);
}

/* Scalars by their first byte. */
static void put_scalar(struct buffer *out, struct random_state *random)
{
    static const uint8_t widths[] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17}; /* 0xca … 0xd8 */
    uint32_t form = message_pick(random, 30);
    if (form < 3) {
        static const uint8_t words[] = {0xC0, 0xC2, 0xC3};
        message_put_run(out, words[form], 1);
    } else if (form < 18) {
        message_put_run(out, (uint8_t)(0xCA + form - 3), 1);
        put_noise(out, random, widths[form - 3]);
    } else if (form < 21) {
        put_bytes(out, random, (uint8_t)(0xC4 + form - 18), 1U << (form - 18), 0); /* bin */
    } else if (form < 24) {
        put_bytes(out, random, (uint8_t)(0xC7 + form - 21), 1U << (form - 21), 1); /* ext */
    } else if (form < 27) {
        put_bytes(out, random, (uint8_t)(0xD9 + form - 24), 1U << (form - 24), 0); /* str */
    } else if (form == 27) {
        message_put_run(out, (uint8_t)message_pick(random, 128), 1);
    } else if (form == 28) {
        message_put_run(out, (uint8_t)(0xE0 + message_pick(random, 32)), 1);
    } else {
        uint32_t length = message_pick(random, 32);
        message_put_run(out, (uint8_t)(0xA0 + length), 1);
        put_noise(out, random, length);
    }
}

/* An array's header in one of its three forms. */
static void put_array_header(struct buffer *out, struct random_state *random, uint32_t count)
{
    uint32_t form = message_pick(random, 3);
    if (form == 0)
        message_put_run(out, (uint8_t)(0x90 + count), 1);
    else
        message_put_length(out, form == 1 ? 0xDC : 0xDD, count, form == 1 ? 2 : 4);
}

static void put_map_header(struct buffer *out, struct random_state *random, uint32_t count)
{
    uint32_t form = message_pick(random, 3);
    if (form == 0)
        message_put_run(out, (uint8_t)(0x80 + count), 1);
    else
        message_put_length(out, form == 1 ? 0xDE : 0xDF, count, form == 1 ? 2 : 4);
}

void message_put_random(struct buffer *out, struct random_state *random, unsigned depth)
{
    uint32_t count = message_pick(random, 5);
    uint32_t form = depth == 0 ? 9 : message_pick(random, 8);
    if (form == 0)
        put_array_header(out, random, count);
    else if (form == 1)
        put_map_header(out, random, count);
    else
        put_scalar(out, random);
    for (uint32_t i = 0; form < 2 && i < count << form; i++)
        message_put_random(out, random, depth - 1);
}

void message_put_random_envelope(struct buffer *out, struct random_state *random, unsigned depth)
{
    uint32_t type = message_pick(random, 3);
    uint32_t count = type == 2 ? 3 : 4;
    put_array_header(out, random, count);
    message_put_run(out, (uint8_t)type, 1);
    if (type != 2)
        message_put_length(out, 0xCE, random_next(random) >> 32, 4);
    for (int i = 0; i < 2; i++)
        message_put_random(out, random, depth - 1);
}

uint8_t *message_copy_exactly(const void *bytes, size_t length)
{
    uint8_t *copy = malloc(length);
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

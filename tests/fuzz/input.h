/* Taking an input apart where a target wants more than one thing of it: numbers and pieces, to its end. */
#ifndef SENDA_TESTS_FUZZ_INPUT_H
#define SENDA_TESTS_FUZZ_INPUT_H

#include <string.h>

#include "base/text.h"
#include "fuzz.h"

struct input {
    const uint8_t *bytes; /* what is not taken yet; borrowed */
    size_t length;        /* bytes of it */
};

/* Big-endian, of `width` bytes; where there are fewer, zeros are behind them. */
static inline uint64_t input_number(struct input *input, unsigned width)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < width; i++) {
        number = number << 8 | (input->length > 0 ? *input->bytes : 0);
        input->bytes += input->length > 0;
        input->length -= input->length > 0;
    }
    return number;
}

/* As many bytes, or what is left. */
static inline struct text input_take(struct input *input, size_t length)
{
    struct text taken = {(const char *)input->bytes, length < input->length ? length : input->length};
    input->bytes += taken.length;
    input->length -= taken.length;
    return taken;
}

/* A length of `width` bytes, and so many. */
static inline struct text input_piece(struct input *input, unsigned width)
{
    return input_take(input, (size_t)input_number(input, width));
}

/* A copy that ends with a NUL, to be freed; a NUL within ends it sooner. */
static inline char *input_string(struct text text)
{
    char *string = calloc(1, text.length + 1);
    REQUIRE(string != NULL);
    if (text.length > 0)
        memcpy(string, text.bytes, text.length);
    return string;
}

#endif

/* What the fuzz targets share: the function that is called with each input, and a check that no build leaves
 * out. */
#ifndef SENDA_TESTS_FUZZ_H
#define SENDA_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Tries one input; returns 0. What is wrong ends the program. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Ends the program where the condition does not hold. */
#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

#endif

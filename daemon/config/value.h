/* Values as people write them: numbers, amounts of bytes, file modes. */
#ifndef SENDA_CONFIG_VALUE_H
#define SENDA_CONFIG_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Decimal digits alone, below 2^64. */
bool value_parse_number(const char *text, uint64_t *value) MUST_CHECK;

/* A number, alone or with KiB, MiB or GiB behind it ("8 MiB", "8MiB"). */
bool value_parse_bytes(const char *text, uint64_t *value) MUST_CHECK;

/* Three or four octal digits: "0660". */
bool value_parse_mode(const char *text, uint64_t *value) MUST_CHECK;

#endif

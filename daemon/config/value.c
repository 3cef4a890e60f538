/* Parsing numbers without surprises: no signs, no spaces in front, nothing behind. */
#include "config/value.h"

#include <string.h>

/* Reads digits of the base; returns what is behind them, or NULL without digits or beyond 64 bits. */
static const char *read_digits(const char *text, unsigned base, uint64_t *value)
{
    const char *next = text;
    *value = 0;
    for (; *next >= '0' && *next < (char)('0' + base); next++)
        if (__builtin_mul_overflow(*value, base, value) ||
            __builtin_add_overflow(*value, (uint64_t)(*next - '0'), value))
            return NULL;
    return next == text ? NULL : next;
}

bool value_parse_number(const char *text, uint64_t *value)
{
    const char *end = read_digits(text, 10, value);
    return end != NULL && *end == '\0';
}

bool value_parse_bytes(const char *text, uint64_t *value)
{
    static const char *const units[] = {"", "KiB", "MiB", "GiB"};
    const char *unit = read_digits(text, 10, value);
    if (unit == NULL)
        return false;
    if (*unit == ' ' && unit[1] != '\0')
        unit++;
    for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i]) == 0)
            return !__builtin_mul_overflow(*value, UINT64_C(1) << (10 * i), value);
    return false;
}

bool value_parse_mode(const char *text, uint64_t *value)
{
    const char *end = read_digits(text, 8, value);
    return end != NULL && *end == '\0' && end - text >= 3 && end - text <= 4;
}

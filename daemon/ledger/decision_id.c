/* Reading base64 for addresses: clock and seed, eight bytes each, with the most significant first. */
#include "ledger/decision_id.h"

#include <endian.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { DIGITS = 27 };

/* The digit's six bits; -1 for a byte that is no digit. */
static int digit_value(char digit)
{
    if (digit >= 'A' && digit <= 'Z')
        return digit - 'A';
    if (digit >= 'a' && digit <= 'z')
        return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9')
        return digit - '0' + 52;
    return digit == '-' ? 62 : digit == '_' ? 63 : -1;
}

bool decision_id_read(struct text id, struct decision_moment *moment)
{
    uint8_t bytes[DIGITS * 6 / 8];
    uint32_t bits = 0, have = 0, length = 0;
    if (id.length != DIGITS)
        return false;
    for (size_t i = 0; i < DIGITS; i++) {
        int value = digit_value(id.bytes[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8)
            bytes[length++] = (uint8_t)(bits >> (have -= 8));
    }
    uint64_t numbers[2];
    memcpy(numbers, bytes, sizeof numbers);
    *moment = (struct decision_moment){(int64_t)be64toh(numbers[0]), be64toh(numbers[1])};
    return moment->clock_us >= 0;
}

uint64_t decision_id_hash(const struct decision_moment *moment)
{
    uint64_t numbers[2] = {(uint64_t)moment->clock_us, moment->seed};
    return XXH3_64bits(numbers, sizeof numbers);
}

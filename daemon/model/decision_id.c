/* Base64 for addresses (RFC 4648, section 5), of twenty bytes. */
#include "model/decision_id.h"

#include <endian.h>

enum { BYTES = 20, GROUPS = 7 }; /* of three bytes; the last lacks one, and so its last digit */

/* The digits of 24 bits. */
static void put_digits(uint32_t bits, char out[4])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    out[0] = digits[bits >> 18];
    out[1] = digits[bits >> 12 & 63];
    out[2] = digits[bits >> 6 & 63];
    out[3] = digits[bits & 63];
}

void decision_id_write(const struct decision_id *id, char out[DECISION_ID_LENGTH + 1])
{
    uint64_t numbers[2] = {htobe64((uint64_t)id->clock_us), htobe64(id->seed)};
    uint8_t bytes[3 * GROUPS] = {0};
    memcpy(bytes, numbers, sizeof numbers);
    memcpy(bytes + sizeof numbers, id->version, sizeof id->version);
    for (size_t i = 0; i < GROUPS; i++)
        put_digits((uint32_t)(bytes[3 * i] << 16 | bytes[3 * i + 1] << 8 | bytes[3 * i + 2]), out + 4 * i);
    out[DECISION_ID_LENGTH] = '\0';
}

struct decision_id decision_id_of(int64_t clock_us, uint64_t seed, struct text version)
{
    struct decision_id id = {clock_us, seed, {0}};
    size_t length = version.length < sizeof id.version ? version.length : sizeof id.version;
    if (length > 0)
        memcpy(id.version, version.bytes, length);
    return id;
}

/* The value of a digit, or 64. */
static uint32_t digit_value(char digit)
{
    if (digit >= 'A' && digit <= 'Z')
        return (uint32_t)(digit - 'A');
    if (digit >= 'a' && digit <= 'z')
        return (uint32_t)(digit - 'a') + 26;
    if (digit >= '0' && digit <= '9')
        return (uint32_t)(digit - '0') + 52;
    if (digit == '-')
        return 62;
    return digit == '_' ? 63 : 64;
}

static bool take_digits(const char *digits, uint8_t out[3])
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 4; i++) {
        uint32_t value = digit_value(digits[i]);
        if (value > 63)
            return false;
        bits = bits << 6 | value;
    }
    out[0] = (uint8_t)(bits >> 16);
    out[1] = (uint8_t)(bits >> 8);
    out[2] = (uint8_t)bits;
    return true;
}

bool decision_id_read(struct text text, struct decision_id *id)
{
    uint64_t numbers[2];
    uint8_t bytes[3 * GROUPS];
    char digits[4 * GROUPS];
    if (text.length != DECISION_ID_LENGTH)
        return false;
    memcpy(digits, text.bytes, DECISION_ID_LENGTH);
    digits[DECISION_ID_LENGTH] = 'A'; /* the digit of no bits */
    for (size_t i = 0; i < GROUPS; i++)
        if (!take_digits(digits + 4 * i, bytes + 3 * i))
            return false;
    if (bytes[BYTES] != 0)
        return false;
    memcpy(numbers, bytes, sizeof numbers);
    *id = (struct decision_id){(int64_t)be64toh(numbers[0]), be64toh(numbers[1]), {0}};
    memcpy(id->version, bytes + sizeof numbers, sizeof id->version);
    return true;
}

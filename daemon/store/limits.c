/* What every kind of store refuses before it touches anything. */
#include "store/limits.h"

#include <inttypes.h>

void limits_encode_format(char bytes[STORE_FORMAT_SIZE])
{
    for (int i = 0; i < STORE_FORMAT_SIZE; i++)
        bytes[i] = (char)(STORE_FORMAT >> (8 * (STORE_FORMAT_SIZE - 1 - i)) & 0xFF);
}

uint32_t limits_decode_format(struct text value)
{
    uint32_t format = 0;
    for (size_t i = 0; value.length == STORE_FORMAT_SIZE && i < value.length; i++)
        format = format << 8 | (unsigned char)value.bytes[i];
    return format;
}

bool limits_check_format(struct text value, struct error *error)
{
    uint32_t format = limits_decode_format(value);
    if (value.bytes == NULL || value.length != STORE_FORMAT_SIZE)
        return error_set(error, ERROR_INVALID, "it says no format: expected a store that senda has made");
    if (format == 0 || format > STORE_FORMAT)
        return error_set(error, ERROR_INVALID,
                         "its format is %" PRIu32
                         ", this senda reads formats up to %d: expected a newer senda",
                         format, STORE_FORMAT);
    return true;
}

static bool check_length(const char *what, size_t length, size_t most, struct error *error)
{
    if (length <= most)
        return true;
    return error_set(error, ERROR_TOO_LARGE, "%s of %zu bytes: expected at most %zu", what, length, most);
}

static bool check_key(struct text key, struct error *error)
{
    if (key.bytes == NULL || key.length == 0)
        return error_set(error, ERROR_INVALID, "an empty key: expected 1 to %d bytes", STORE_KEY_MOST);
    return check_length("a key", key.length, STORE_KEY_MOST, error);
}

bool limits_check_keys(const struct text *keys, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!check_key(keys[i], error))
            return false;
    return true;
}

bool limits_check_writes(const struct store_write *writes, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!check_key(writes[i].key, error) ||
            !check_length("a value", writes[i].value.length, STORE_VALUE_MOST, error))
            return false;
    return true;
}

bool limits_check_scan(struct text from, struct text prefix, struct error *error)
{
    return check_length("where a scan begins", from.length, STORE_KEY_MOST, error) &&
           check_length("the prefix of a scan", prefix.length, STORE_KEY_MOST, error);
}

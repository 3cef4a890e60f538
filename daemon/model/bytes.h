/* Little-endian numbers in records: read from, and written to, a place that moves on. Nothing is checked. */
#ifndef SENDA_MODEL_BYTES_H
#define SENDA_MODEL_BYTES_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

static inline uint8_t bytes_take_u8(const char **at)
{
    return (uint8_t) * (*at)++;
}

static inline uint16_t bytes_take_u16(const char **at)
{
    uint16_t value;
    memcpy(&value, *at, sizeof value);
    *at += sizeof value;
    return le16toh(value);
}

static inline uint32_t bytes_take_u32(const char **at)
{
    uint32_t value;
    memcpy(&value, *at, sizeof value);
    *at += sizeof value;
    return le32toh(value);
}

static inline uint64_t bytes_take_u64(const char **at)
{
    uint64_t value;
    memcpy(&value, *at, sizeof value);
    *at += sizeof value;
    return le64toh(value);
}

/* Many at once: where the machine's order is that of the bytes they are only copied. */
static inline void bytes_take_u32s(const char **at, uint32_t *out, size_t count)
{
    memcpy(out, *at, count * sizeof *out);
    *at += count * sizeof *out;
    for (size_t i = 0; i < count && __BYTE_ORDER != __LITTLE_ENDIAN; i++)
        out[i] = le32toh(out[i]);
}

static inline void bytes_take_u64s(const char **at, uint64_t *out, size_t count)
{
    memcpy(out, *at, count * sizeof *out);
    *at += count * sizeof *out;
    for (size_t i = 0; i < count && __BYTE_ORDER != __LITTLE_ENDIAN; i++)
        out[i] = le64toh(out[i]);
}

static inline double bytes_take_double(const char **at)
{
    uint64_t bits = bytes_take_u64(at);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void bytes_put_u8(char **at, uint8_t value)
{
    *(*at)++ = (char)value;
}

static inline void bytes_put_u16(char **at, uint16_t value)
{
    value = htole16(value);
    memcpy(*at, &value, sizeof value);
    *at += sizeof value;
}

static inline void bytes_put_u32(char **at, uint32_t value)
{
    value = htole32(value);
    memcpy(*at, &value, sizeof value);
    *at += sizeof value;
}

static inline void bytes_put_u64(char **at, uint64_t value)
{
    value = htole64(value);
    memcpy(*at, &value, sizeof value);
    *at += sizeof value;
}

static inline void bytes_put_double(char **at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bytes_put_u64(at, bits);
}

#endif
